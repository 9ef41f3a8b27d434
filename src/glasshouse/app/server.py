"""The page's server: what it answers, on this machine alone, and nothing that was not declared.

``GET /`` and ``/tour`` are pages, ``/static/NAME`` their files, ``/api/`` what they ask. No path
from outside reaches the disk, nothing can be uploaded, and simulations run in other processes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from glasshouse.app.catalogue import Catalogue
from glasshouse.app.desk import Desk, Job
from glasshouse.app.guard import Guard, told
from glasshouse.app.link import Asking, link_of, opened
from glasshouse.app.loopback import address_of, listening, names_of, port_of
from glasshouse.app.pages import static_files
from glasshouse.app.request import StudyOrder, flaw, order_of, read_as
from glasshouse.app.stream import Stream
from glasshouse.errors import BadInput, nearest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from starlette.requests import Request

WORKERS = 2
"""Runs at one time."""

PAGES = {"/": "live.html", "/tour": "tour.html"}

FILES = {
    "report": ("report.html", "text/html; charset=utf-8"),
    "playable": ("playable.html", "text/html; charset=utf-8"),
    "data": ("data.zip", "application/zip"),
}
"""What can be downloaded of a finished run."""


class Site:
    """What the server answers with."""

    catalogue: Catalogue
    plain: dict[str, Any]
    """The catalogue as the page reads it."""

    def __init__(self, desk: Desk) -> None:
        """Read the files of the page once."""
        self.desk = desk
        self.files = static_files()

    async def open(self) -> None:
        """Begin the workers, and read the catalogue while they get warm."""
        await self.desk.open()
        self.catalogue = await asyncio.to_thread(Catalogue)
        self.plain = self.catalogue.plain()

    async def page(self, request: Request) -> Response:
        """Give a page."""
        return self._static(PAGES[request.url.path])

    async def static(self, request: Request) -> Response:
        """Give a file of the page, by its name in the table."""
        return self._static(request.path_params["name"])

    def _static(self, name: str) -> Response:
        found = self.files.get(name)
        if found is None:
            raise missing("path", f"no file `{name[:80]}`", nearest(name, self.files))
        return Response(found.content, headers={"content-type": found.kind})

    async def said(self, _: Request) -> Response:
        """Give what there is to choose from."""
        return JSONResponse(self.plain)

    async def study(self, request: Request) -> Response:
        """Give a study: its question, its scenario, its command."""
        return JSONResponse(self.catalogue.study_plain(self._study(request)))

    def _study(self, request: Request) -> str:
        name = str(request.path_params["name"])
        studies = self.catalogue.studies
        if name not in studies:
            raise missing("study", f"no study `{name[:60]}`", nearest(name, studies))
        return name

    async def link(self, request: Request) -> Response:
        """Read a link, and say what has changed since it was made."""
        asking: Asking = read_as(Asking, await request.body())
        return JSONResponse(opened(asking.link, self.catalogue.rules))

    async def order(self, request: Request) -> Response:
        """Take a request for a run; it begins when its stream is opened."""
        settled = self.catalogue.rules.settled(order_of(await request.body()))
        self._refuse_crowd()
        job = self.desk.order("run", settled.order.scenario, settled.sets, settled)
        return JSONResponse(
            {
                "id": job.id,
                "link": link_of(settled, self.catalogue.rules),
                "command": settled.command,
                "python": settled.python,
            },
            201,
        )

    async def order_study(self, request: Request) -> Response:
        """Take a request for a study; it begins when its stream is opened."""
        name = self._study(request)
        order: StudyOrder = read_as(StudyOrder, await request.body())
        order.check()
        self._refuse_crowd()
        sets = {key: str(value) for key, value in order.model_dump().items()}
        job = self.desk.order("study", name, sets, None)
        return JSONResponse({"id": job.id}, 201)

    def _refuse_crowd(self) -> None:
        if self.desk.is_full():
            raise HTTPException(503, headers={"x-why": "too many runs wait already"})

    async def stream(self, request: Request) -> Response:
        """Send the scene as it comes; whoever goes away stops the run."""
        job = self._job(request)
        if job.state != "ordered":
            raise HTTPException(409, headers={"x-why": "this run has its listener already"})
        self.desk.begin(job)
        return Stream(job, self.desk)

    async def cancel(self, request: Request) -> Response:
        """Stop a run, or take it out of the queue; stopping what is gone already is no error."""
        job = self.desk.jobs.get(str(request.path_params["id"]))
        if job is None:
            return JSONResponse({"state": "gone"})
        self.desk.stop(job)
        return JSONResponse({"state": job.state})

    async def file(self, request: Request) -> Response:
        """Give a file made from a finished run."""
        job, what = self._job(request), str(request.path_params["what"])
        if what not in FILES:
            raise missing("path", f"no file `{what[:60]}` of a run", nearest(what, FILES))
        if job.state != "done" or job.task.what != "run":
            raise HTTPException(409, headers={"x-why": "the run is not finished"})
        name, kind = FILES[what]
        place = Path(job.task.folder) / name
        if not place.exists():
            ended = await self.desk.file(job, what)
            if ended.get("ended") != "done":
                problems = ended.get("problems", [])
                return JSONResponse({"problems": problems}, 500)
        shown = f"{job.task.name}-{job.task.sets.get('seed', '1')}-{name}"
        return FileResponse(place, media_type=kind, filename=shown)

    def _job(self, request: Request) -> Job:
        job = self.desk.jobs.get(str(request.path_params["id"]))
        if job is None:
            raise missing("run", "this run is not, or no longer, kept", "run it again")
        return job


def missing(where: str, what: str, right: str = "") -> HTTPException:
    """Give the refusal of something that is not there."""
    return Missing(where, what, right)


class Missing(HTTPException):
    """Something that is not there, with what might have been meant."""

    def __init__(self, where: str, what: str, right: str) -> None:
        """Say what is not there."""
        super().__init__(404)
        self.problem = flaw(where, what, right)


WORDS = {
    404: "there is nothing here",
    405: "this cannot be asked in this way",
    503: "too many runs wait already",
}


async def refused(_: Request, error: Exception) -> Response:
    """Answer a refusal with its problems."""
    if isinstance(error, BadInput):
        return JSONResponse(told(error.problems), 400)
    if isinstance(error, Missing):
        return JSONResponse(told([error.problem]), 404)
    if isinstance(error, HTTPException):
        why = (error.headers or {}).get("x-why") or WORDS.get(error.status_code, error.detail)
        return JSONResponse(told([flaw("", why)]), error.status_code)
    what = f"this is a bug in glasshouse: {type(error).__name__}"
    return JSONResponse(told([flaw("", what)]), 500)


def application(desk: Desk, names: tuple[str, ...]) -> Starlette:
    """Give the page's application, reached under these names alone."""
    site = Site(desk)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            await site.open()
            yield
        finally:
            await desk.close()

    routes = [
        *(Route(path, site.page, methods=["GET"]) for path in PAGES),
        Route("/static/{name:path}", site.static, methods=["GET"]),
        Route("/api/catalogue", site.said, methods=["GET"]),
        Route("/api/link", site.link, methods=["POST"]),
        Route("/api/studies/{name}", site.study, methods=["GET"]),
        Route("/api/studies/{name}/runs", site.order_study, methods=["POST"]),
        Route("/api/runs", site.order, methods=["POST"]),
        Route("/api/runs/{id}", site.cancel, methods=["DELETE"]),
        Route("/api/runs/{id}/stream", site.stream, methods=["GET"]),
        Route("/api/runs/{id}/{what}", site.file, methods=["GET"]),
    ]
    handlers: dict[Any, Callable[..., Any]] = {
        BadInput: refused,
        HTTPException: refused,
        Exception: refused,
    }
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, names=names)],
        exception_handlers=handlers,
        lifespan=lifespan,
    )


def serve(port: int, say: Callable[[str], None]) -> None:
    """Serve the page until somebody asks to stop; ``say`` is told its address."""
    opened_port = listening(port)
    with opened_port, tempfile.TemporaryDirectory(prefix="glasshouse-serve-") as root:
        names = names_of(port_of(opened_port))
        processors = os.cpu_count() or 1
        desk = Desk(Path(root), min(WORKERS, processors), max(1, processors // WORKERS))
        app = application(desk, names)
        config = uvicorn.Config(
            app,
            log_level="critical",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="on",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        say(f"{address_of(names[0])}/")
        with _ended_in_order():
            uvicorn.Server(config).run(sockets=[opened_port])


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a request to end, by Ctrl-C or by SIGTERM, end here: what is left behind is cleared."""
    # The server raises again the signal that ended it, once it has put these handlers back.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)
