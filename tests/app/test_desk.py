"""The desk: a queue that tells its places, workers that are replaced, runs that are forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from glasshouse.app import desk as desk_module
from glasshouse.app.desk import KEPT, MOST_STILLBORN, Desk, Job
from glasshouse.app.messages import Kind, document, read
from glasshouse.app.worker import STOP, Said


class Puppet:
    """A worker that does nothing by itself."""

    made: list[Puppet]

    def __init__(self, _root: Path, hear: Callable[[Any, bytes | None], None]) -> None:
        """Stand ready to be told what to say."""
        self.hear = hear
        self.is_ready = False
        self.job: Job | None = None
        self.sent: list[Any] = []
        self.has_ended = False
        Puppet.made.append(self)

    def give(self, job: Job, task: Any) -> None:
        """Take a task."""
        self.job = job
        self.sent.append(task)

    def stop(self) -> None:
        """Hear that nobody wants it any more."""
        self.sent.append(STOP)

    def end(self) -> None:
        """Be ended."""
        self.has_ended = True

    def join(self) -> None:
        """Be gone."""

    def says(self, what: Said, content: bytes = b"") -> None:
        """Say something to the desk."""
        self.hear(self, bytes((what,)) + content)

    def done(self, how: str = "done") -> None:
        """Say that the task is over."""
        self.says(Said.DONE, json.dumps({"ended": how}).encode())


Scene = Callable[[Desk], Coroutine[Any, Any, None]]


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give a way to play a scene at a desk of puppets."""
    Puppet.made = []
    monkeypatch.setattr(desk_module, "Hand", Puppet)

    def played(scene: Scene, workers: int = 1, *, ready: bool = True) -> None:
        async def whole() -> None:
            made = Desk(tmp_path, workers)
            await made.open()
            if ready:
                for puppet in Puppet.made:
                    puppet.says(Said.READY)
                await settle()
            await scene(made)
            await made.close()

        # A browser test before this one leaves a loop in its thread; a desk needs one to itself.
        with ThreadPoolExecutor(1) as apart:
            apart.submit(asyncio.run, whole()).result()

    return played


async def settle() -> None:
    """Let everything that was said arrive."""
    for _ in range(5):
        await asyncio.sleep(0)


def begun(desk: Desk, number: int = 1) -> list[Job]:
    """Some runs that have their listeners."""
    jobs = [desk.order("run", "pellucid", {}, None) for _ in range(number)]
    for job in jobs:
        desk.begin(job)
    return jobs


def heard(job: Job) -> list[dict[str, Any]]:
    """What the listener of a job has been told so far."""
    found = []
    while not job.messages.empty():
        content = job.messages.get_nowait()
        found += [one.said for one in read(content)] if content is not None else [{"over": True}]
    return found


def test_who_waits_is_told_how_many_are_ahead(play: Callable[..., None]) -> None:
    """Places are told, and told again when somebody is done or goes away."""

    async def scene(desk: Desk) -> None:
        first, second, third = begun(desk, 3)
        assert [job.state for job in (first, second, third)] == ["running", "waiting", "waiting"]
        assert [one["ahead"] for one in heard(third)][-1] == 2
        desk.stop(second)
        assert [one["ahead"] for one in heard(third)] == [1]
        Puppet.made[0].done()
        await settle()
        assert (first.state, third.state) == ("done", "running")

    play(scene)


def test_who_waits_for_a_cold_engine_is_told_so(play: Callable[..., None]) -> None:
    """Before any worker is ready, the page can say that the engine is getting ready."""

    async def scene(desk: Desk) -> None:
        (job,) = begun(desk)
        assert heard(job)[-1] == {"state": "waiting", "ahead": 0, "warming": True}
        Puppet.made[0].says(Said.READY)
        await settle()
        assert job.state == "running"

    play(scene, ready=False)


def test_messages_go_to_whoever_asked(play: Callable[..., None]) -> None:
    """Two runs at a time do not disturb one another."""

    async def scene(desk: Desk) -> None:
        jobs = begun(desk, 2)
        for number, puppet in enumerate(Puppet.made):
            puppet.says(Said.SCENE, document(Kind.COUNTS, {"step": number}))
        await settle()
        for number, job in enumerate(jobs):
            assert heard(job)[-1] == {"step": number}

    play(scene, workers=2)


def test_a_worker_that_does_not_heed_is_ended_and_replaced(
    play: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopping is asked for first; patience is short, and another worker takes the place."""
    monkeypatch.setattr(desk_module, "PATIENCE_SECONDS", 0)

    async def scene(desk: Desk) -> None:
        (job,) = begun(desk)
        worker = Puppet.made[0]
        desk.stop(job)
        assert worker.sent[-1] == STOP
        await asyncio.sleep(0.01)
        assert worker.has_ended
        worker.hear(worker, None)
        await settle()
        assert len(Puppet.made) == 2
        assert heard(job)[-1] == {"over": True}

    play(scene)


def test_a_worker_that_heeds_stays(play: Callable[..., None]) -> None:
    """A stopped run frees its worker, which is warm still."""

    async def scene(desk: Desk) -> None:
        first, second = begun(desk, 2)
        desk.stop(first)
        Puppet.made[0].done("stopped")
        await settle()
        assert (second.state, len(Puppet.made)) == ("running", 1)

    play(scene)


def test_a_process_that_dies_fails_its_run_in_words(play: Callable[..., None]) -> None:
    """The listener hears what happened, and the next run has another process."""

    async def scene(desk: Desk) -> None:
        (job,) = begun(desk)
        Puppet.made[0].hear(Puppet.made[0], None)
        await settle()
        assert job.state == "failed"
        told = [one for one in heard(job) if "problems" in one]
        assert "the process that ran it ended" in told[0]["problems"][0]["what"]
        assert len(Puppet.made) == 2

    play(scene)


def test_where_no_worker_can_begin_it_is_said(play: Callable[..., None]) -> None:
    """Processes that die before they are warm are not begun for ever."""

    async def scene(desk: Desk) -> None:
        (job,) = begun(desk)
        while desk.hands:
            Puppet.made[-1].hear(Puppet.made[-1], None)
            await settle()
        assert len(Puppet.made) == MOST_STILLBORN
        assert job.state == "failed"
        assert "no worker process can begin" in str(heard(job))

    play(scene, ready=False)


def test_old_runs_are_forgotten_and_their_folders_removed(play: Callable[..., None]) -> None:
    """So many finished runs are kept for downloads; the oldest goes first."""
    jobs: list[Job] = []

    async def scene(desk: Desk) -> None:
        for _ in range(KEPT + 2):
            jobs.extend(begun(desk))
            Puppet.made[0].done()
            await settle()
        assert jobs[0].id not in desk.jobs
        assert jobs[-1].id in desk.jobs

    play(scene)
    assert not Path(jobs[0].task.folder).exists()
    assert Path(jobs[-1].task.folder).is_dir()
