"""Processes that die: a killed sweep goes on as if nothing had been, a dead worker is replaced."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from tests.experiment.conftest import TINY, Remembering

from glasshouse.errors import BadUsage, FinishedInPart, Interrupted
from glasshouse.experiment.member import Task
from glasshouse.experiment.sweep import resumed, sweep
from glasshouse.experiment.sweep_directory import RESULTS
from glasshouse.experiment.workers import Ended, Given, InProcess, run_all

DESIGN = """\
design: notice
scenario: pellucid
kind: one
seeds: 5
metrics: [wrongful_listing_share]
people: 24
years: 1
set: {community_size: 24}
"""
PATIENCE = 120.0
"""Seconds that a busy machine is given for what takes a few."""


def waited_for(what: Any) -> bool:
    """Look now and then whether something has come true."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.02)
    return False


def children_of(pid: int) -> list[int]:
    """Give the processes that a process has begun."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(word) for word in found.split()]


def is_there(pid: int) -> bool:
    """Say whether a process still runs; one that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts processes in /proc")
@pytest.mark.slow
def test_a_killed_sweep_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    """SIGKILL in the middle leaves whole members and no worker; the table comes out the same."""
    design = tmp_path / "notice.yaml"
    design.write_text(DESIGN, encoding="utf-8")
    out = tmp_path / "sweep"
    words = ["sweep", str(design), "--out", str(out), "--device", "python", "--workers", "2"]
    with subprocess.Popen(
        [sys.executable, "-m", "glasshouse", *words], stderr=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        begun = waited_for(lambda: len(list((out / "members").glob("*.json"))) >= 2)
        assert begun, process.communicate()
        others = children_of(process.pid)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        assert others
        assert waited_for(lambda: not any(is_there(pid) for pid in others))
    assert 2 <= len(list((out / "members").glob("*.json"))) < 5
    assert not (out / RESULTS).exists()
    kept = {path: path.read_bytes() for path in (out / "members").glob("*.json")}
    resumed(out, executor=Remembering(), device="python")
    assert all(path.read_bytes() == content for path, content in kept.items())
    whole = tmp_path / "never-killed"
    sweep(None, design, whole, executor=Remembering(), device="python")
    assert (out / RESULTS).read_bytes() == (whole / RESULTS).read_bytes()


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    """The members that were at work when one is killed are run again; nothing is lost."""
    killed: list[int] = []

    def kill_one(done: int, _of: int) -> None:
        mine = [c.pid for c in multiprocessing.active_children() if c.pid is not None]
        if done >= 1 and not killed and mine:
            killed.append(mine[0])
            os.kill(mine[0], signal.SIGKILL)

    done = sweep(
        "pellucid", {"design": "d", "scenario": "pellucid", "kind": "one", "seeds": 4},
        tmp_path / "sweep", metrics=["wrongful_listing_share"], workers=2, device="python",
        progress=kill_one, **TINY,
    )  # fmt: skip
    assert len(killed) == 1
    assert done.failures() == ()
    assert sorted({row["seed"] for row in done.results().rows()}) == [1, 2, 3, 4]
    assert not is_there(killed[0])


def task(number: int) -> Task:
    """Give a task that nobody runs."""
    return Task(number, "", "", {}, (), (), "python", "")


def number_of(asked: Task) -> str:
    """Stand for a run."""
    return f"run {asked.number}"


class Pool:
    """Stands for processes: a member in `deadly` ends whichever process runs it."""

    window = 4

    def __init__(self, deadly: set[int]) -> None:
        self.deadly = deadly
        self.asked: list[int] = []
        self.renewed = 0
        self.is_broken = False

    def submit(self, call: Any, asked: Any) -> Future[Any]:
        """Run a member, or break."""
        self.asked.append(asked.number)
        self.is_broken = self.is_broken or asked.number in self.deadly
        future: Future[Any] = Future()
        if self.is_broken:
            future.set_exception(BrokenProcessPool("gone"))
        else:
            future.set_result(call(asked))
        return future

    def has_lost(self, error: BaseException) -> bool:
        """Say whether it broke."""
        return isinstance(error, BrokenProcessPool)

    def renew(self, error: BaseException) -> None:
        """Begin anew."""
        del error
        self.renewed += 1
        self.is_broken = False

    def look(self) -> None:
        """Be there."""

    def why(self, error: BaseException) -> str:
        """Leave it to the error."""
        return str(error)


@pytest.mark.parametrize("deadly", [set(), {0}, {3}, {2, 3, 7}, set(range(8))])
def test_only_the_member_that_ends_its_process_alone_has_failed(deadly: set[int]) -> None:
    """It is run once more and no more, and every member is taken exactly once."""
    taken: list[Ended] = []
    pool = Pool(deadly)
    run_all(number_of, [task(n) for n in range(8)], taken.append, pool)
    assert sorted(ended.number for ended in taken) == list(range(8))
    assert {ended.number for ended in taken if ended.failure} == deadly
    assert all("the process that ran it ended" in o.failure for o in taken if o.failure)
    assert all(ended.result == f"run {ended.number}" for ended in taken if not ended.failure)
    assert all(pool.asked.count(number) == 2 for number in deadly)
    assert pool.renewed == 2 * len(deadly)


def test_what_a_member_raises_is_its_failure() -> None:
    """Kind and message are kept, in whatever executor; a request to stop ends it all."""

    def run(asked: Task) -> str:
        if asked.number == 1:
            raise ValueError("no such town")
        return number_of(asked)

    taken: list[Ended] = []
    run_all(run, [task(n) for n in range(3)], taken.append, Given(InProcess()))
    assert [ended.failure for ended in taken] == ["", "ValueError: no such town", ""]

    def stop(_: Task) -> str:
        raise Interrupted("stopped")

    with pytest.raises(Interrupted):
        run_all(stop, [task(0)], taken.append, Given(InProcess()))


@pytest.mark.parametrize("way", ["breaks", "lets go"])
def test_a_broken_executor_of_the_user_keeps_what_is_done(way: str) -> None:
    """Nobody can make it anew but the user: it is said, with 4, and what was taken stays."""

    class Breaking(InProcess):
        def submit(self, fn: Any, /, *given: Any, **named: Any) -> Future[Any]:
            """Break at the third member, or cancel it as one does that is closed."""
            if given[0].number < 2:
                return super().submit(fn, *given, **named)
            if way == "breaks":
                raise BrokenProcessPool("gone")
            future: Future[Any] = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    taken: list[Ended] = []
    with pytest.raises(FinishedInPart, match="the executor broke") as caught:
        run_all(number_of, [task(n) for n in range(4)], taken.append, Given(Breaking()))
    assert caught.value.exit_code == 4
    assert [ended.number for ended in taken] == [0, 1]


def test_a_worker_begins_no_workers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A script that is read again by each worker is told what it lacks."""
    monkeypatch.setattr(multiprocessing, "parent_process", object)
    with pytest.raises(BadUsage, match='if __name__ == "__main__"'):
        sweep("pellucid", {"design": "d", "scenario": "pellucid", "kind": "one"}, tmp_path / "s",
              metrics=["wrongful_listing_share"], **TINY)  # fmt: skip
