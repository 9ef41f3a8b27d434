"""A society on Dask workers comes out as one in memory, whoever dies on the way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from distributed import SchedulerPlugin

from glasshouse.archive.digest import RunDigest
from glasshouse.archive.opening import read_provenance
from glasshouse.archive.reading import Archive
from glasshouse.archive.shard import steps_of, write_shard
from glasshouse.engine import run as running
from glasshouse.engine.cluster.connection import connected
from glasshouse.engine.cluster.dispatched import Dispatched
from glasshouse.engine.cluster.likeness import Likeness
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.run import resume, run_experiment
from glasshouse.engine.streamed import Given
from glasshouse.errors import ClusterFailed, Interrupted
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from distributed import Client

SMALL = {"people": "28", "community_size": "8", "months": "6", "seed": "5"}
"""Four communities, the last one cut."""

SHARDS, STEPS = range(4), range(6)

ELSEWHERE = """
import os, signal, sys
from glasshouse.engine.cluster.connection import connected

if __name__ == "__main__":
    with connected(workers=1) as client:
        print(client.scheduler_info(n_workers=0)["address"], flush=True)
        sys.stdin.read()
"""


class Led(SchedulerPlugin):
    """Notes every step of every shard that a worker has led to its end."""

    token = ""
    """Of which run; of any, without one."""

    def __init__(self) -> None:
        self.steps: Counter[tuple[int, int]] = Counter()

    def transition(self, key: Any, start: str, finish: str, *_: Any, **__: Any) -> None:
        """Note a task that is over."""
        ours = f"glasshouse_step-{self.token}"
        if (start, finish) == ("processing", "memory") and key[0].startswith(ours):
            _, _, step, _ = key[0].split("-")
            self.steps[int(step), key[1]] += 1


@pytest.fixture(scope="module")
def held() -> Archive:
    """Give the run that is held in memory."""
    return run_experiment(Library().resolve("pellucid", SMALL), device="python", command=())


@pytest.fixture
def led(two_workers: Client) -> Iterator[Led]:
    """Count what is led."""
    plugin = Led()
    scheduler = two_workers.cluster.scheduler  # type: ignore[union-attr]
    scheduler.add_plugin(plugin, name="led")
    yield plugin
    scheduler.remove_plugin("led")


@pytest.fixture
def dispatched(two_workers: Client) -> Callable[..., Archive]:
    """Give what runs the same society on two workers, a community a shard."""

    def run(out: Path | None = None, seed: str = "5", **options: Any) -> Archive:
        experiment = Library().resolve("pellucid", {**SMALL, "seed": seed})
        return run_experiment(
            experiment, out, device="python", client=two_workers, collect="counts", command=(),
            **options,
        )  # fmt: skip

    return run


@pytest.fixture(scope="module")
def stopped_once(two_workers: Client, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the directory of a run on two workers that was stopped after three steps."""
    out = tmp_path_factory.mktemp("stopped") / "run"
    experiment = Library().resolve("pellucid", SMALL)
    with pytest.raises(Interrupted, match="3 of 6 steps are kept; `glasshouse resume"):
        run_experiment(
            experiment, out, device="python", client=two_workers, collect="counts", command=(),
            progress=stop_after(3),
        )  # fmt: skip
    return out


@pytest.fixture
def stopped(stopped_once: Path, tmp_path: Path) -> Path:
    """Give a copy of that directory."""
    return Path(shutil.copytree(stopped_once, tmp_path / "run"))


@pytest.fixture
def simulation(two_workers: Client, tmp_path: Path) -> Dispatched:
    """Give the same society without a run directory around it."""
    plan, told = make_plan(Library().resolve("pellucid", SMALL)), list[str]()
    folder = tmp_path / "shards"
    given = Given(plan, "python", 1, folder, "a run", 1, lambda *_: None, told.append)
    return Dispatched(given, two_workers)


def stop_after(steps: int) -> Callable[[int, int], None]:
    """Give what asks a run to stop, as Ctrl-C does, when so many steps are done."""

    def heed(done: int, of: int) -> None:
        if done * (len(STEPS) + 1) == of * steps:
            os.kill(os.getpid(), signal.SIGINT)

    return heed


def advanced(simulation: Dispatched, steps: int) -> None:
    """Lead a society on by so many steps."""
    for _ in range(steps):
        simulation.advance()


def digest_of(simulation: Dispatched) -> str:
    """Give the digest of a society that has taken all its steps."""
    made = RunDigest()
    for columns in simulation.columns():
        made.communities(columns)
    for record in simulation.history:
        made.step(record.when.first_day, record.when.end_day, record.counts._asdict())
    return made.digest()


def killed(simulation: Dispatched) -> set[int]:
    """Kill the worker that holds the first shard; give the shards that only it held."""
    client = simulation._asked.client
    futures = [future for future in simulation._held if future is not None]
    where = {key[1]: set(at) for key, at in client.who_has(futures).items()}
    (worker,) = where[0]
    os.kill(client.run(os.getpid, workers=[worker])[worker], signal.SIGKILL)
    return {number for number, at in where.items() if at == {worker}}


def test_two_workers_give_the_same_digest(
    held: Archive, dispatched: Callable[..., Archive]
) -> None:
    """Every column and every count; what is kept beside them is the user's choice."""
    run = dispatched()
    assert run.provenance.options.shard_communities == 1
    assert run.provenance.digest_by_column == held.provenance.digest_by_column
    assert run.provenance.digest == held.provenance.digest
    assert not (run.path / "unfinished").exists()


def test_a_finished_run_leaves_nothing_with_the_workers(
    dispatched: Callable[..., Archive], two_workers: Client
) -> None:
    """What a dead worker held of it would be led again for nobody."""

    def held() -> list[object]:
        return [key for key in list(two_workers.futures) if key[0].startswith("glasshouse_step-")]

    dispatched(seed="7")
    for _ in range(100):  # Dask is told by a thread of its client
        if held():
            time.sleep(0.05)
    assert not held()


@pytest.mark.parametrize("is_shared", [True, False])
def test_a_dead_worker_costs_the_steps_since_the_checkpoint_of_its_own_shards(
    held: Archive, simulation: Dispatched, led: Led, monkeypatch: pytest.MonkeyPatch, *,
    is_shared: bool,
) -> None:  # fmt: skip
    """Every other step of every other shard is led once, whether workers see the files or not."""
    monkeypatch.setattr(Dispatched, "_is_seen", lambda _: is_shared)
    led.token = simulation._asked.token
    simulation.begin()
    advanced(simulation, 2)
    simulation.snapshot()
    assert [steps_of(file) for file in simulation.files] == [2] * len(SHARDS)
    advanced(simulation, 2)
    lost = killed(simulation)
    advanced(simulation, 2)
    assert digest_of(simulation) == held.digest
    again = {(step, number): 2 for step in (2, 3) for number in lost}
    assert lost
    assert led.steps == {(step, number): 1 for step in STEPS for number in SHARDS} | again


def test_shards_are_written_down_once_a_step(simulation: Dispatched) -> None:
    """What is kept for forks and the checkpoint behind it are the same files."""
    simulation.begin()
    advanced(simulation, 2)
    kept = [file.stat() for file in simulation.files]
    simulation.snapshot()
    assert [file.stat() for file in simulation.files] == kept


def test_what_was_lost_with_a_connection_is_asked_for_again(
    held: Archive, simulation: Dispatched
) -> None:
    """A client that was cut off and has found its scheduler again holds nothing any more."""
    simulation.begin()
    advanced(simulation, 2)
    client = simulation._asked.client
    futures = [simulation._order, *(one for one in simulation._held if one is not None)]
    gone = {"op": "client-releases-keys", "keys": [future.key for future in futures]}
    client._send_to_scheduler(gone | {"client": client.id})
    for future in futures:
        assert future._state is not None
        future._state.cancel(reason="scheduler-connection-lost")
    advanced(simulation, 4)
    assert digest_of(simulation) == held.digest


def test_a_worker_killed_in_the_middle_of_a_step_changes_nothing(
    held: Archive, dispatched: Callable[..., Archive], two_workers: Client
) -> None:
    """Its place is taken by another, and the run does not stop."""

    def heed(done: int, _of: int) -> None:
        if done == 4 * 3 + 1:
            os.kill(min(two_workers.run(os.getpid).values()), signal.SIGKILL)

    assert dispatched(progress=heed, checkpoint_seconds=0).digest == held.digest


def test_a_run_that_was_stopped_goes_on_without_workers(held: Archive, stopped: Path) -> None:
    """Ctrl-C finishes the step and writes a checkpoint, which a society in files begins from."""
    assert resume(stopped).digest == held.digest


def test_a_run_in_files_goes_on_with_workers(
    held: Archive, two_workers: Client, led: Led, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shards that have taken the step under way are taken as they lie there."""
    monkeypatch.setattr(running, "checked_shard", lambda *_: 1)

    def heed(done: int, _of: int) -> None:
        if done == 4 * 3 + 2:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Interrupted):
        run_experiment(
            Library().resolve("pellucid", SMALL), tmp_path / "run", device="python",
            collect="counts", progress=heed, command=(),
        )  # fmt: skip
    assert resume(tmp_path / "run", client=two_workers).digest == held.digest
    assert set(led.steps) == {(step, number) for step in STEPS[3:] for number in SHARDS}


def test_a_damaged_checkpoint_is_made_again(
    held: Archive, stopped: Path, two_workers: Client
) -> None:
    """A stopped run goes on with workers, and that shard is led again from its seed."""
    file = stopped / "unfinished" / "shards" / "000002.next"
    file.write_bytes(file.read_bytes()[:-50])
    said: list[str] = []
    assert resume(stopped, client=two_workers, told=said.append).digest == held.digest
    assert len(said) == 1
    assert "made again from its seed" in said[0]


def test_every_checkpoint_may_be_damaged(held: Archive, simulation: Dispatched) -> None:
    """A shard that was made again is like any other from the next checkpoint on."""
    simulation.begin()
    for steps in (2, 1):
        advanced(simulation, steps)
        simulation.snapshot()
        file = simulation.files[2]
        file.write_bytes(file.read_bytes()[:-50])
    advanced(simulation, 3)
    assert digest_of(simulation) == held.digest


def test_what_a_worker_does_not_write_down_is_written_by_the_leader(
    simulation: Dispatched, two_workers: Client
) -> None:
    """A worker that came later may not see the folder."""

    def spoil(function: Callable[..., None]) -> None:
        from glasshouse.engine.cluster import at_work

        vars(at_work)["write_shard"] = function

    simulation.begin()
    advanced(simulation, 1)
    two_workers.run(spoil, lambda *_: None)
    try:
        simulation.snapshot()
    finally:
        two_workers.run(spoil, write_shard)
    assert [steps_of(file) for file in simulation.files] == [1] * len(SHARDS)


def test_a_worker_with_other_rulebooks_is_refused(
    dispatched: Callable[..., Archive], two_workers: Client, tmp_path: Path
) -> None:
    """One that comes when the run has begun, too: the message names it and the file."""

    def spoil() -> None:
        from glasshouse.engine.cluster import at_work, likeness

        versions, files = likeness.likeness()
        changed = {
            name: "0" for name, _ in files if name.startswith("data/rulebooks/captured-score/")
        }
        other = Likeness(versions, tuple((dict(files) | changed).items()))
        vars(at_work)["likeness"] = lambda: other

    worker = min(two_workers.scheduler_info(n_workers=-1)["workers"])
    two_workers.run(spoil, workers=[worker])
    try:
        said = f"{worker} has other files: data/rulebooks/.*; 0 of 6 steps are kept; `glasshouse"
        with pytest.raises(ClusterFailed, match=said):
            dispatched(tmp_path / "run", seed="6")
    finally:
        two_workers.restart_workers([worker])


def test_a_scheduler_that_goes_away_is_said(held: Archive, tmp_path: Path) -> None:
    """What is kept is kept, and the run goes on elsewhere."""
    out, experiment = tmp_path / "run", Library().resolve("pellucid", SMALL)
    said = "the Dask scheduler has gone away; 3 of 6 steps are kept; `glasshouse resume"
    with subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)},
    ) as process:  # fmt: skip

        def heed(done: int, _of: int) -> None:
            if done == 4 * 3 + 2:
                process.kill()

        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with connected(cluster=address) as client, pytest.raises(ClusterFailed, match=said):
            run_experiment(
                experiment, out, device="python", collect="counts", client=client,
                progress=heed, checkpoint_seconds=0, command=(),
            )  # fmt: skip
    assert read_provenance(out).finished_steps == 3
    assert resume(out).digest == held.digest
