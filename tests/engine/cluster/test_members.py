"""Whole runs in a cluster: a dead worker's run is made again, and a scheduler that goes is said."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pytest
from tests.engine.cluster.test_connection import address_of
from tests.experiment.conftest import DESIGN, TINY, swept

from glasshouse.engine.cluster.connection import connected
from glasshouse.engine.cluster.likeness import likeness
from glasshouse.engine.cluster.members import Members, Sent, run_there
from glasshouse.errors import BadUsage, ClusterFailed, FinishedInPart
from glasshouse.experiment.sweep import sweep
from glasshouse.experiment.sweep_directory import RESULTS
from glasshouse.experiment.workers import Ended, run_all

if TYPE_CHECKING:
    from distributed import Client

RULES = "rulebooks/town.yaml"


class Asked(NamedTuple):
    """A run that tells what it read, and where."""

    number: int
    data: str
    marks: str
    """A folder in which every beginning of a run leaves a letter."""
    deaths: int = 0
    """So many times it ends the process that runs it."""


def read(asked: Asked) -> tuple[str, str]:
    """Give what a document says, and the folder in which it lay."""
    mark = Path(asked.marks) / str(asked.number)
    with mark.open("a", encoding="ascii") as file:
        file.write("x")
    if mark.stat().st_size <= asked.deaths:
        os.kill(os.getpid(), signal.SIGKILL)
    return Path(asked.data, RULES).read_text(encoding="utf-8"), asked.data


def slept(_: Asked) -> None:
    """Take longer than anybody waits."""
    time.sleep(600)


@pytest.fixture
def documents(tmp_path: Path) -> str:
    """Give a folder of documents."""
    (tmp_path / "data" / RULES).parent.mkdir(parents=True)
    (tmp_path / "data" / RULES).write_text("no rules", encoding="utf-8")
    (tmp_path / "marks").mkdir()
    return str(tmp_path / "data")


def asked(documents: str, deaths: dict[int, int], runs: int = 4) -> list[Asked]:
    """Give some runs, of which some end their processes."""
    marks = str(Path(documents).with_name("marks"))
    return [Asked(n, documents, marks, deaths.get(n, 0)) for n in range(runs)]


def test_documents_travel_with_the_runs(two_workers: Client, documents: str) -> None:
    """A worker reads its own copy, the same for all that it runs; ours is not looked at."""
    hands, taken = Members(two_workers), list[Ended]()
    assert hands.threads == 2
    run_all(read, asked(documents, {}), taken.append, hands)
    assert sorted(ended.number for ended in taken) == [0, 1, 2, 3]
    assert {ended.result[0] for ended in taken} == {"no rules"}
    places = {ended.result[1] for ended in taken}
    assert documents not in places
    assert 1 <= len(places) <= 2
    folders = set(two_workers.run(lambda dask_worker: dask_worker.local_directory).values())
    assert {str(Path(place).parent) for place in places} <= folders  # cleared away with the worker


def test_a_worker_that_dies_costs_its_runs_a_second_time(documents: str) -> None:
    """What it had is made by another; the scheduler that goes away is said, with what is kept."""
    taken: list[Ended] = []
    with connected(workers=2) as client:
        hands, here = Members(client), cast("Any", client.cluster)
        run_all(read, asked(documents, {1: 1}), taken.append, hands)
        assert sorted(ended.number for ended in taken if not ended.failure) == [0, 1, 2, 3]
        assert (Path(documents).with_name("marks") / "1").stat().st_size == 2

        here.scheduler.allowed_failures = 1
        taken.clear()
        run_all(read, asked(documents, {0: 99}, runs=1), taken.append, hands)
        assert taken[0].failure.startswith("every worker that ran it ended")

        here.scheduler.allowed_failures = 99  # that its workers end is not what is told
        ending = threading.Timer(0.2, here.close)
        ending.start()
        with pytest.raises(FinishedInPart, match=r"scheduler at tcp://127.0.0.1:\d+ went away"):
            run_all(slept, asked(documents, {}), taken.append, hands)
        ending.join()
        with pytest.raises(FinishedInPart, match="went away"):
            run_all(read, asked(documents, {}), taken.append, hands)


def test_nobody_waits_for_ever_for_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster whose workers are all gone is given up after a while, and the rest is kept."""
    client = SimpleNamespace(
        get_executor=lambda **_: None, scheduler=SimpleNamespace(address="tcp://a:1"),
        status="running", nthreads=dict,
    )  # fmt: skip
    hands = Members(client)
    now = time.monotonic()
    monkeypatch.setattr("time.monotonic", lambda: now + 60)
    hands.look()
    monkeypatch.setattr("time.monotonic", lambda: now + 1000)
    with pytest.raises(FinishedInPart, match="no worker has been at the scheduler tcp://a:1"):
        hands.look()


def test_a_large_cluster_has_its_hands_full() -> None:
    """However many threads there are, each has a run at work and one that waits."""
    client = SimpleNamespace(
        get_executor=lambda **_: None, scheduler=SimpleNamespace(address="tcp://a:1"),
        nthreads=lambda: {f"tcp://b:{number}": 8 for number in range(100)},
    )  # fmt: skip
    assert Members(client).window == 1600


def test_a_worker_that_came_later_is_asked_what_it_is(documents: str) -> None:
    """With each run: one with other files is refused, and the rest of the runs with it."""
    ours = likeness()
    other = ours._replace(files=((ours.files[0][0], "another"), *ours.files[1:]))
    with pytest.raises(ClusterFailed, match="came later") as caught:
        run_there(Sent(other, {}), read, asked(documents, {})[0])
    hands = Members.__new__(Members)
    assert hands.has_lost(caught.value)
    with pytest.raises(FinishedInPart, match="other files"):
        hands.renew(caught.value)


def test_a_sweep_in_a_cluster_is_the_same_to_the_byte(two_workers: Client, tmp_path: Path) -> None:
    """Who runs its members is not seen in its table; run directories are not kept elsewhere."""
    address = address_of(two_workers)
    here, there = tmp_path / "here", tmp_path / "there"
    swept(here)
    sweep(None, DESIGN, there, cluster=address, device="python", **TINY)
    assert (there / RESULTS).read_bytes() == (here / RESULTS).read_bytes()
    with pytest.raises(BadUsage, match="leave out --keep-runs"):
        sweep(None, DESIGN, tmp_path / "kept", cluster=address, keep_runs=True, **TINY)
    assert not (tmp_path / "kept").exists()
