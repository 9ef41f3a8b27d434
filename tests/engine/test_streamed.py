"""A society that stays in files comes out as one that is held in memory, whatever happens to it."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glasshouse.archive import shard as shards
from glasshouse.archive.opening import read_provenance
from glasshouse.archive.reading import Archive
from glasshouse.engine import run as running
from glasshouse.engine import streamed as streaming
from glasshouse.engine.estimate import MOST_IN_A_SHARD, needs, shard_for
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.run import resume, run_experiment
from glasshouse.engine.shards import Lead
from glasshouse.engine.verify import verify
from glasshouse.errors import DiskFull, Interrupted, OtherVersion, TooLarge, Unfinished
from glasshouse.law.library import Library

SMALL = {"people": "60", "community_size": "16", "years": "1", "seed": "5"}
"""Four communities, the last one cut."""

PROGRAM = """
import os, signal, sys
from glasshouse.archive import shard
from glasshouse.engine import run
from glasshouse.law.library import Library

out, at, sets = sys.argv[1], int(sys.argv[2]), eval(sys.argv[3])
written, real = 0, shard.write_aside

def write_aside(target, write):
    global written
    written += target.suffix == ".shard"
    if target.suffix == ".shard" and written == at:
        write(target.with_name("." + target.name + ".aside"))
        os.kill(os.getpid(), signal.SIGKILL)
    real(target, write)

shard.write_aside = write_aside
run.checked_shard = lambda *_: 1
run.run_experiment(Library().resolve("pellucid", sets), out, device="python", command=())
"""


@pytest.fixture(scope="module")
def held() -> Archive:
    """Give the run that is held in memory."""
    return run_experiment(Library().resolve("pellucid", SMALL), device="python", command=())


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Archive]:
    """Give what runs the same society in shards of so many communities."""

    def run(size: int, out: Path | None = None, **options: Any) -> Archive:
        monkeypatch.setattr(running, "checked_shard", lambda *_: size)
        experiment = Library().resolve("pellucid", SMALL)
        return run_experiment(experiment, out, command=(), **{"device": "python"} | options)

    return run


def stop_after(shards: int) -> Callable[[int, int], None]:
    """Give what asks a run to stop, as Ctrl-C does, when so many shards have taken a step."""

    def heed(done: int, _of: int) -> None:
        if done == shards:
            os.kill(os.getpid(), signal.SIGINT)

    return heed


@pytest.mark.parametrize("size", [1, 3, 4, 9])
def test_any_size_of_shards_gives_the_same_digest(
    held: Archive, streamed: Callable[..., Archive], size: int
) -> None:
    """One community a file, some, all, or more than there are; every column and every count."""
    run = streamed(size)
    assert run.provenance.options.shard_communities == size
    assert run.provenance.digest_by_column == held.provenance.digest_by_column
    assert run.provenance.digest == held.provenance.digest
    assert run.outcomes().rows() == held.outcomes().rows()
    assert not (run.path / "unfinished").exists()


def test_several_workers_give_the_same_digest(
    held: Archive, streamed: Callable[..., Archive]
) -> None:
    """Compiled, two shards at a time."""
    assert streamed(1, device="cpu", threads=2).digest == held.digest


def test_it_is_verified_against_a_run_held_in_memory(
    streamed: Callable[..., Archive], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How the rows are shared out among files does not matter."""
    run = streamed(3, tmp_path / "run")
    assert len([name for name in run.provenance.parts if name.startswith("outcomes/")]) == 2
    monkeypatch.setattr(running, "checked_shard", lambda *_: 0)
    assert verify(run.path).matches


@pytest.mark.parametrize("written", [1, 6, 23, 48])
def test_a_killed_run_goes_on_where_every_shard_was(
    held: Archive, tmp_path: Path, written: int
) -> None:
    """SIGKILL while any shard is written: at the first, within a step, at its end, at the last."""
    out = tmp_path / "run"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(out), str(written), str(SMALL)],
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == -signal.SIGKILL
    said = read_provenance(out)
    assert said.finished_steps == (written - 1) // 4
    with pytest.raises(Unfinished, match="resume"):
        Archive(out)
    assert resume(out).digest == held.digest


def test_shards_that_have_taken_the_step_are_not_run_again(
    streamed: Callable[..., Archive],
    held: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stop within a step costs nothing that is finished, and says how to go on."""
    ran: list[tuple[int, int]] = []
    real = Lead.step

    def note(self: Lead, steps: int, first: int, *given: Any) -> Any:
        ran.append((steps, first))
        return real(self, steps, first, *given)

    monkeypatch.setattr(Lead, "step", note)
    with pytest.raises(Interrupted, match="5 of 12 steps are kept; `glasshouse resume"):
        streamed(1, tmp_path / "run", progress=stop_after(4 * 5 + 2))
    assert resume(tmp_path / "run").digest == held.digest
    assert sorted(ran) == [(step, first) for step in range(12) for first in range(4)]


@pytest.mark.parametrize("harm", ["cut", "altered", "missing", "another's"])
def test_a_damaged_shard_is_made_again(
    streamed: Callable[..., Archive],
    held: Archive,
    tmp_path: Path,
    harm: str,
) -> None:
    """Nothing that cannot be checked is used: the shard is run again from its seed."""
    out = tmp_path / "run"
    with pytest.raises(Interrupted):
        streamed(1, out, progress=stop_after(4 * 5 + 2))
    for number in (0, 3):  # one that has taken the step under way and one that has not
        file = out / "unfinished" / "shards" / f"{number:06}.shard"
        content = file.read_bytes()
        if harm == "cut":
            file.write_bytes(content[:-100])
        elif harm == "altered":
            file.write_bytes(content[:-100] + bytes(reversed(content[-100:])))
        elif harm == "missing":
            file.unlink()
        else:
            file.write_bytes((file.parent / "000001.shard").read_bytes())
    said: list[str] = []
    assert resume(out, told=said.append).digest == held.digest
    assert len(said) == 2
    assert all(".shard" in text and "made again from its seed" in text for text in said)


@pytest.mark.parametrize("harm", ["altered", "missing", "no room"])
def test_without_what_no_step_changes_it_is_laid_out_again(
    streamed: Callable[..., Archive],
    held: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    harm: str,
) -> None:
    """It saves time alone, so it is kept where the disk has room, and nobody is told."""
    out = tmp_path / "run"
    if harm == "no room":
        monkeypatch.setattr(streaming, "keeps_rows", lambda *_: False)
    with pytest.raises(Interrupted):
        streamed(2, out, progress=stop_after(2 * 5 + 1))
    rows = sorted((out / "unfinished" / "shards").glob("*.rows"))
    assert len(rows) == (0 if harm == "no room" else 2)
    for file in rows:
        if harm == "missing":
            file.unlink()
        else:
            file.write_bytes(bytes(reversed(file.read_bytes())))
    said: list[str] = []
    assert resume(out, told=said.append).digest == held.digest
    assert not said


def test_a_disk_too_full_for_what_no_step_changes(
    streamed: Callable[..., Archive], held: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run goes on without; only what it needs may end it."""
    real, tried = Path.write_bytes, []

    def full(self: Path, content: bytes) -> int:
        if ".rows" in self.name:
            tried.append(self)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert streamed(1).digest == held.digest
    assert len(tried) == 1


def test_shards_of_another_version_are_refused(
    streamed: Callable[..., Archive], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other columns would be filled with the wrong numbers; nothing is made again in silence."""
    with pytest.raises(Interrupted):
        streamed(1, tmp_path / "run", progress=stop_after(22))
    monkeypatch.setattr(shards, "layout", lambda: "another")
    with pytest.raises(OtherVersion, match="go on with that version"):
        resume(tmp_path / "run")


def test_a_full_disk_in_the_middle_of_a_shard(
    streamed: Callable[..., Archive],
    held: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The message says what to do; what was finished is kept, and going on gives the same."""
    written, real = 0, Path.write_bytes

    def full(self: Path, content: bytes) -> int:
        nonlocal written
        if ".shard" in self.name:
            written += 1
            if written >= 22:
                real(self, content[: len(content) // 2])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(DiskFull, match="make room, then `glasshouse resume"):
            streamed(1, tmp_path / "run")
    assert not [*tmp_path.rglob("*.aside"), *tmp_path.rglob("*.rows")]
    assert resume(tmp_path / "run").digest == held.digest


def test_a_society_is_streamed_only_where_it_does_not_fit() -> None:
    """What may be taken decides, and shards are as large as it allows, up to what is useful."""
    plan = make_plan(Library().resolve("pellucid", {"people": "4000000", "community_size": "2048"}))
    held, _ = needs(plan, 2, "all")
    assert shard_for(plan, 2, held) == 0
    assert shard_for(plan, 2, held - 1) == MOST_IN_A_SHARD
    for share in (0.25, 0.5):
        memory = int(share * held)
        size = shard_for(plan, 2, memory)
        assert 1 <= size <= MOST_IN_A_SHARD
        assert needs(plan, 2, "all", size)[0] <= memory


def test_too_little_memory_for_a_single_community_is_refused() -> None:
    """Before anything is written, with what would help."""
    experiment = Library().resolve("pellucid", {"people": "4000000"})
    with pytest.raises(TooLarge, match=r"--memory"):
        run_experiment(experiment, device="python", memory=1_000_000)
