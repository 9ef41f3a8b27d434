"""The process that runs simulations and makes files: warm before it is asked, one task at a time.

It is spawned, not forked, and holds the compiled engine; the server's own process never simulates.
What it is sent and what it sends are said here; the first byte of what it sends is a ``Said``.
"""

from __future__ import annotations

import json
import tempfile
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from glasshouse.app.messages import Kind, document
from glasshouse.errors import BadInput, GlasshouseError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

STOP = "stop"
RUN_FOLDER = "run"


class Said(IntEnum):
    """What the first byte of a message from a worker means."""

    READY = 0
    """It waits for a task."""
    SCENE = 1
    """A message of a scene follows, for whoever asked."""
    DONE = 2
    """The task is over; a JSON document says how."""


class Task(NamedTuple):
    """What a worker is asked to do, in the folder of one request."""

    what: Literal["run", "study", "report", "playable", "data"]
    folder: str
    name: str = ""
    """The scenario or the study."""
    sets: dict[str, str] = {}  # noqa: RUF012 - never written to
    threads: int = 1


class Stopped(Exception):
    """Nobody wants the task any more."""


class Line:
    """The line to the server: says things, and hears whether to stop."""

    def __init__(self, connection: Connection[Any, Any]) -> None:
        """Hold one end of a pipe."""
        self.connection = connection

    def say(self, what: Said, content: bytes = b"") -> None:
        """Send one message."""
        self.connection.send_bytes(bytes((what,)) + content)

    def tell(self, kind: Kind, said: dict[str, Any]) -> None:
        """Send a document of the scene."""
        self.say(Said.SCENE, document(kind, said))

    def heed(self) -> None:
        """Stop here if the server has asked to."""
        while self.connection.poll():
            if self.connection.recv() == STOP:
                raise Stopped

    def step(self, done: int, of: int) -> None:
        """Say how far a task is, unless it is to stop."""
        self.heed()
        self.tell(Kind.STATE, {"state": "running", "step": done, "steps": of})


def work(connection: Connection[Any, Any], root: str) -> None:
    """Begin as a worker, get warm, and do tasks until the line is cut.

    Whatever is put aside meanwhile lies below ``root``, which goes with the server.
    """
    from glasshouse.app.tasks import do, warm
    from glasshouse.experiment.workers import begin_worker

    begin_worker()
    tempfile.tempdir = root
    line = Line(connection)
    try:
        warm()
        line.say(Said.READY)
        while True:
            task = connection.recv()
            if task == STOP:  # it came when the task was over already
                continue
            line.say(Said.DONE, json.dumps(_done(do, task, line)).encode())
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _done(do: Any, task: Task, line: Line) -> dict[str, Any]:
    """Do a task and say how it ended; what went wrong is told to whoever asked."""
    try:
        return {"ended": "done", **do(task, line)}
    except Stopped:
        return {"ended": "stopped"}
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except BadInput as error:
        problems = [
            {"where": one.where, "what": one.what, "right": one.right, "message": str(one)}
            for one in error.problems[:20]
        ]
    except GlasshouseError as error:
        problems = [{"where": "", "what": str(error), "right": "", "message": str(error)}]
    except Exception as error:  # noqa: BLE001 - the last place where anything can be said
        what = f"this is a bug in glasshouse: {type(error).__name__}: {error}"
        problems = [{"where": "", "what": what, "right": "", "message": what}]
    line.tell(Kind.FAILURE, {"problems": problems})
    return {"ended": "failed", "problems": problems}
