"""What a user meets of a society in files: progress, the last reading, what stands in its way."""

from __future__ import annotations

import errno
import json
import os
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from glasshouse.archive import shard, store
from glasshouse.archive.opening import read_provenance
from glasshouse.archive.store import RunDirectory
from glasshouse.engine import run as running
from glasshouse.engine.run import resume, run_experiment
from glasshouse.errors import DamagedRun, DiskFull, Interrupted, OtherVersion, Unfinished
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable

    from glasshouse.archive.reading import Archive

BRIEF = {"people": "60", "community_size": "16", "months": "2", "seed": "5"}
"""Four communities, two steps."""

SHARDS, STEPS = 4, 2


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Archive]:
    """Give what runs the society with a file for each community."""
    monkeypatch.setattr(running, "checked_shard", lambda *_: 1)
    experiment = Library().resolve("pellucid", BRIEF)
    return partial(run_experiment, experiment, command=(), device="python")


@pytest.fixture(scope="module")
def held() -> Archive:
    """Give the same run in memory."""
    experiment = Library().resolve("pellucid", BRIEF)
    return run_experiment(experiment, command=(), device="python")


def stop_when(done: int) -> Callable[[int, int], None]:
    """Give what asks a run to stop, as Ctrl-C does, when so many shards were led or read."""

    def heed(now: int, _of: int) -> None:
        if now == done:
            os.kill(os.getpid(), signal.SIGINT)

    return heed


def test_progress_counts_shards_and_never_goes_back(streamed: Callable[..., Archive]) -> None:
    """Of every step and of the reading at the end, in one count, so that what is left is honest."""
    said: list[tuple[int, int]] = []
    streamed(progress=lambda done, of: said.append((done, of)))
    assert {of for _, of in said} == {SHARDS * (STEPS + 1)}
    done = [number for number, _ in said]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, SHARDS * (STEPS + 1))


def test_counts_alone_are_kept_where_nobody_says(
    streamed: Callable[..., Archive], held: Archive
) -> None:
    """Rows of a country would not fit; the counts and the digest are those of any other run."""
    done = streamed(collect=None)
    assert done.provenance.options.collect == "counts"
    assert not done.has_outcomes
    assert done.digest == held.digest
    assert done.counts().rows() == held.counts().rows()
    assert done.provenance.follow == held.provenance.follow


def test_a_stop_in_the_reading_at_the_end_keeps_every_step(
    streamed: Callable[..., Archive], held: Archive, tmp_path: Path
) -> None:
    """All steps are kept, and going on reads again and gives the same."""
    out = tmp_path / "run"
    with pytest.raises(Interrupted, match="2 of 2 steps are kept; `glasshouse resume"):
        streamed(out=out, progress=stop_when(SHARDS * STEPS + 1))
    assert read_provenance(out).status == "unfinished"
    assert resume(out).digest == held.digest


def test_a_stop_within_a_step_is_accounted_for(
    streamed: Callable[..., Archive], tmp_path: Path
) -> None:
    """The seconds add up, the most memory is that of all processes, and steps are as kept."""
    out, seconds = tmp_path / "run", 0.0
    begin, go_on = partial(streamed, out=out), partial(resume, out)
    for stop, run in ((1, begin), (2, go_on), (SHARDS + 1, go_on)):
        with pytest.raises(Interrupted):
            run(progress=stop_when(stop))
        said = read_provenance(out)
        assert said.finished_steps == stop // SHARDS
        assert said.machine.seconds > seconds
        seconds = said.machine.seconds
    text = json.loads((out / "run.json").read_text(encoding="utf-8"))
    text["machine"]["peak_memory_bytes"] = 10**15
    (out / "run.json").write_text(json.dumps(text), encoding="utf-8")
    assert resume(out).provenance.machine.peak_memory_bytes == 10**15


@pytest.mark.parametrize("name", ["000002.shard", "checkpoint-000001.npz", "counts.parquet"])
def test_a_full_disk_takes_what_can_be_made_again(
    streamed: Callable[..., Archive],
    held: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """What no step changes goes first; with the room that it leaves the run goes on."""
    real, refused = store.write_aside, []

    def full(target: Path, write: Any, **how: Any) -> None:
        if target.name == name and list(tmp_path.rglob("*.rows")):
            refused.append(target)
            raise DiskFull(f"{target} could not be written: {os.strerror(errno.ENOSPC)}")
        real(target, write, **how)

    for module in (store, shard):
        monkeypatch.setattr(module, "write_aside", full)
    said: list[str] = []
    assert streamed(out=tmp_path / "run", told=said.append).digest == held.digest
    assert len(refused) == 1
    assert said == ["the disk is full: what no step changes is no longer kept, to make room"]


def test_a_second_process_is_turned_away(
    streamed: Callable[..., Archive], held: Archive, tmp_path: Path
) -> None:
    """Whoever goes on with a run that is under way is told so, and disturbs nothing."""
    out, refused = tmp_path / "run", []

    def meanwhile(done: int, _of: int) -> None:
        if done == SHARDS + 1:
            with pytest.raises(Unfinished, match="being written by another process") as error:
                resume(out)
            refused.append(error)

    assert streamed(out=out, progress=meanwhile).digest == held.digest
    assert len(refused) == 1


def test_a_run_of_another_version_is_not_gone_on_with(
    streamed: Callable[..., Archive], tmp_path: Path
) -> None:
    """Its checkpoint may hold other columns; the message names both versions."""
    out = tmp_path / "run"
    with pytest.raises(Interrupted):
        streamed(out=out, progress=stop_when(SHARDS + 1))
    said = json.loads((out / "run.json").read_text(encoding="utf-8"))
    said["glasshouse_version"] = "0.0.9"
    (out / "run.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(OtherVersion, match=r"0\.0\.9.*that version opens it"):
        resume(out)


def test_a_damaged_checkpoint_is_named(streamed: Callable[..., Archive], tmp_path: Path) -> None:
    """What institutions had decided cannot be made again from a shard, so nothing is guessed."""
    out = tmp_path / "run"
    with pytest.raises(Interrupted):
        streamed(out=out, progress=stop_when(SHARDS + 1))
    (file,) = (out / "unfinished").glob("checkpoint-*.npz")
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(DamagedRun, match=r"checkpoint-000001[.]npz is not what was written"):
        resume(out)


def test_a_disk_that_fills_between_two_steps(
    streamed: Callable[..., Archive],
    held: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The shards have moved on and the checkpoint has not: going on finds both where they are."""
    real = RunDirectory.write

    def full(self: RunDirectory, name: str, write: Any) -> Any:
        if "checkpoint-000002" in name:
            raise DiskFull(f"{name} could not be written: {os.strerror(errno.ENOSPC)}")
        return real(self, name, write)

    with monkeypatch.context() as patch:
        patch.setattr(RunDirectory, "write", full)
        with pytest.raises(DiskFull, match="make room, then `glasshouse resume"):
            streamed(out=tmp_path / "run")
    assert read_provenance(tmp_path / "run").finished_steps == 1
    assert resume(tmp_path / "run").digest == held.digest


def test_going_on_with_a_finished_run_says_that_it_is_finished(
    streamed: Callable[..., Archive], tmp_path: Path
) -> None:
    """And changes nothing."""
    done = streamed(out=tmp_path / "run")
    said: list[str] = []
    assert resume(tmp_path / "run", told=said.append).digest == done.digest
    assert said == [f"{tmp_path / 'run'} is finished: there is nothing to go on with"]
