"""A run ends in one directory whatever happens to it on the way."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from glasshouse.archive.history import StepKept
from glasshouse.archive.opening import read_provenance
from glasshouse.archive.reading import Archive
from glasshouse.archive.store import RunDirectory
from glasshouse.engine import run as running
from glasshouse.engine.run import institutions_by_step, resume, run_experiment
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.tables import Institutions
from glasshouse.errors import (
    BadUsage,
    DamagedRun,
    DiskFull,
    Interrupted,
    OutputExists,
    Overflowed,
    TooLarge,
    Unfinished,
)
from glasshouse.law.experiment import Experiment
from glasshouse.law.library import Library

SMALL = {"people": "100", "community_size": "40", "years": "1", "seed": "5"}

PROGRAM = """
import os, signal, sys
from glasshouse.archive import store
from glasshouse.engine.run import run_experiment
from glasshouse.law.library import Library

out, at, sets = sys.argv[1], int(sys.argv[2]), eval(sys.argv[3])
written, real = 0, store.write_aside

def write_aside(target, write, **told):
    global written
    written += 1
    if written == at:
        write(target.with_name("." + target.name + ".aside"))
        os.kill(os.getpid(), signal.SIGKILL)
    real(target, write, **told)

store.write_aside = write_aside
run_experiment(
    Library().resolve("pellucid", sets), out, device="python", checkpoint_seconds=0.0, command=()
)
print(written)
"""


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    """Give a small experiment."""
    return Library().resolve("pellucid", SMALL)


@pytest.fixture(scope="module")
def whole(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Give the run that nobody stopped."""
    return python_run(experiment, tmp_path_factory.mktemp("whole") / "run")


def python_run(experiment: Experiment, out: Path | None, **options: Any) -> Archive:
    """Run with the oracle, which needs no compiler."""
    return run_experiment(experiment, out, device="python", command=(), **options)


def stopped(experiment: Experiment, out: Path, after: int, **options: Any) -> Interrupted:
    """Run until so many steps are done, then press Ctrl-C."""

    def progress(done: int, _of: int) -> None:
        if done == after:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(Interrupted) as ended:
        python_run(experiment, out, progress=progress, **options)
    return ended.value


def test_a_run_again_is_the_same_run(whole: Archive, experiment: Experiment) -> None:
    """The same digest and, byte for byte, the same parts."""
    again = python_run(experiment, None)
    assert again.digest == whole.digest
    assert again.provenance.parts == whole.provenance.parts


def test_another_seed_is_another_run(whole: Archive) -> None:
    """The seed enters the digest."""
    other = Library().resolve("pellucid", {**SMALL, "seed": "6"})
    assert python_run(other, None).digest != whole.digest


def test_a_run_without_a_directory_goes_with_its_archive(experiment: Experiment) -> None:
    """It lives in a temporary directory as long as the archive or a table of it does."""
    archive = python_run(experiment, None)
    place, table = archive.path, archive.months()
    del archive
    assert place.is_dir()
    assert len(table) == 24
    del table
    assert not place.exists()
    assert not place.parent.exists()


def test_progress_is_told_step_by_step(experiment: Experiment) -> None:
    """From none to all."""
    told: list[tuple[int, int]] = []
    python_run(experiment, None, progress=lambda done, of: told.append((done, of)))
    assert told == [(done, 12) for done in range(13)]


def test_a_directory_that_exists_is_refused(experiment: Experiment, tmp_path: Path) -> None:
    """Before anything is run, and nothing in it is touched."""
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    for place in (tmp_path, tmp_path / "mine"):
        with pytest.raises(OutputExists):
            python_run(experiment, place)
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"


def test_counts_alone_say_what_goes_with_them(
    whole: Archive, experiment: Experiment, tmp_path: Path
) -> None:
    """No outcome rows, the same digest, and the archive names what is missing."""
    archive = python_run(experiment, tmp_path / "run", collect="counts")
    assert archive.digest == whole.digest
    assert not (archive.path / "outcomes").exists()
    assert archive.provenance.left_out.tables == ("outcomes",)
    assert archive.provenance.left_out.metrics
    assert not archive.has_outcomes
    assert archive.months().rows() == whole.months().rows()
    with pytest.raises(BadUsage, match="--collect counts"):
        archive.effects()


def test_outcomes_may_be_written_in_parts(
    whole: Archive, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file for each range of communities; the rows are the same."""
    monkeypatch.setattr("glasshouse.archive.outcomes.ROWS_A_PART", 1)
    archive = python_run(experiment, None)
    parts = [name for name in archive.provenance.parts if name.startswith("outcomes/")]
    assert parts == [f"outcomes/{number:05}.parquet" for number in range(3)]
    assert archive.outcomes().rows() == whole.outcomes().rows()


def test_counts_may_be_written_in_pieces(
    whole: Archive, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long runs turn a few steps into rows at a time; the table is the same."""
    monkeypatch.setattr("glasshouse.archive.tables._STEPS_A_PIECE", 5)
    assert python_run(experiment, None).counts().rows() == whole.counts().rows()


def test_institutions_come_back_as_they_were(
    whole: Archive, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replay reads exactly what the run had decided."""
    seen: list[StepKept] = []
    real = running.kept

    def kept(record: Any) -> StepKept:
        seen.append(real(record))
        return seen[-1]

    monkeypatch.setattr(running, "kept", kept)
    python_run(experiment, None)
    for one, other in zip(institutions_by_step(whole), seen, strict=True):
        for name in Institutions._fields:
            array, before = getattr(one, name), other.institutions[name]
            assert array.dtype == before.dtype
            assert array.tolist() == before.tolist()


@pytest.mark.parametrize("after", [1, 7, 12])
def test_ctrl_c_keeps_what_is_finished(
    whole: Archive, experiment: Experiment, tmp_path: Path, after: int
) -> None:
    """The message says how to go on, and going on gives the run that nobody stopped."""
    out = tmp_path / "run"
    said = str(stopped(experiment, out, after))
    assert f"{after} of 12 steps are kept" in said
    assert f"glasshouse resume {out}" in said
    with pytest.raises(Unfinished, match=f"{after} of 12"):
        Archive(out)
    done = resume(out)
    assert done.digest == whole.digest
    assert done.provenance.parts == whole.provenance.parts
    assert Archive(out).digest == whole.digest


def test_a_run_may_be_stopped_again_and_again(
    whole: Archive, experiment: Experiment, tmp_path: Path
) -> None:
    """Every stretch of steps is kept once, and the seconds add up."""
    out = tmp_path / "run"
    stopped(experiment, out, 2)
    for after in (3, 8):

        def progress(done: int, _of: int, after: int = after) -> None:
            if done == after:
                signal.raise_signal(signal.SIGTERM)

        seconds = read_provenance(out).machine.seconds
        with pytest.raises(Interrupted):
            resume(out, progress=progress)
        assert read_provenance(out).machine.seconds > seconds
    kept = sorted(path.name for path in (out / "unfinished").iterdir())
    assert kept == [
        "checkpoint-000008.npz", "lock", "steps-000000-000002.npz", "steps-000002-000003.npz",
        "steps-000003-000008.npz",
    ]  # fmt: skip
    assert resume(out).provenance.parts == whole.provenance.parts


def test_ctrl_c_twice_stops_at_once(experiment: Experiment, tmp_path: Path) -> None:
    """The last checkpoint is what remains."""

    def progress(done: int, _of: int) -> None:
        if done == 5:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(Interrupted, match="stopped at once; 0 of 12 steps are kept"):
        python_run(experiment, tmp_path / "run", progress=progress)
    before = signal.getsignal(signal.SIGINT)
    assert before is signal.default_int_handler


def test_a_stopped_run_without_a_directory_keeps_nothing(experiment: Experiment) -> None:
    """It says so, and does not send anybody to a directory that is gone."""

    def progress(done: int, _of: int) -> None:
        if done == 2:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(Interrupted, match="nothing is kept") as ended:
        python_run(experiment, None, progress=progress)
    assert "resume" not in str(ended.value)


def test_a_run_that_overflows_leaves_no_directory(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Going on would overflow again, and the message says what to set."""

    def overflow(*_: object) -> None:
        raise Overflowed("the pool of entries", "community_size")

    monkeypatch.setattr(Simulation, "advance", overflow)
    with pytest.raises(Overflowed, match="set community_size higher"):
        python_run(experiment, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_run_in_another_thread_heeds_no_signals(whole: Archive, experiment: Experiment) -> None:
    """A notebook's or a server's thread may run too."""
    digests: list[str] = []
    thread = threading.Thread(target=lambda: digests.append(python_run(experiment, None).digest))
    thread.start()
    thread.join()
    assert digests == [whole.digest]


def killed(out: Path, at: int) -> int:
    """Run in another process that is killed while it writes its ``at``-th file."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(out), str(at), repr(SMALL)],
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    return done.returncode


def test_a_process_killed_before_the_start_leaves_no_directory(tmp_path: Path) -> None:
    """Nothing stands under the name that was asked for."""
    assert killed(tmp_path / "run", 3) == -signal.SIGKILL
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("after", [1, 2, 3, 4, 20, 36, 37, 38, 39, 40])
def test_a_killed_process_leaves_a_run_that_can_go_on(
    whole: Archive, experiment: Experiment, tmp_path: Path, after: int
) -> None:
    """At steps, state, tables or run.json: going on gives the digest of a whole run.

    ``after`` counts the files written since the directory appeared: three a step, then the counts,
    the institutions, the outcomes and run.json.
    """
    out = tmp_path / "run"
    first = len(experiment.files) + 1
    assert killed(out, first + after) == -signal.SIGKILL
    done = resume(out)
    assert done.digest == whole.digest
    assert done.provenance.parts == whole.provenance.parts
    assert sorted(path.name for path in out.iterdir()) == [
        "counts.parquet", "data", "institutions.npz", "outcomes", "run.json",
    ]  # fmt: skip
    Archive(out)


def test_a_run_killed_while_tidying_is_tidied(
    whole: Archive, experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Finished, but its work still lies about: it says so, and resume ends it."""
    monkeypatch.setattr("glasshouse.archive.store.shutil.rmtree", lambda *_, **__: None)
    python_run(experiment, tmp_path / "run", checkpoint_seconds=0.0)
    monkeypatch.undo()
    with pytest.raises(Unfinished, match="not tidied"):
        Archive(tmp_path / "run")
    assert resume(tmp_path / "run").digest == whole.digest
    Archive(tmp_path / "run")


def test_resuming_a_finished_run_opens_it(whole: Archive) -> None:
    """There is nothing left to do."""
    assert resume(whole.path).digest == whole.digest


def test_a_damaged_checkpoint_is_not_gone_on_from(experiment: Experiment, tmp_path: Path) -> None:
    """An altered state would give a run that nobody could verify."""
    out = tmp_path / "run"
    stopped(experiment, out, 2)
    file = out / "unfinished" / "checkpoint-000002.npz"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(DamagedRun, match="checkpoint-000002"):
        resume(out)


def test_a_disk_that_fills_keeps_the_last_checkpoint(
    whole: Archive, experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to do, and doing it gives the whole run."""
    out, real = tmp_path / "run", RunDirectory.write

    def write(self: RunDirectory, name: str, writer: Any) -> Any:
        def full(_: Path) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        return real(self, name, full if name == "counts.parquet" else writer)

    monkeypatch.setattr(RunDirectory, "write", write)
    with pytest.raises(DiskFull, match=f"glasshouse resume {out}"):
        python_run(experiment, out, checkpoint_seconds=0.0)
    monkeypatch.undo()
    assert read_provenance(out).finished_steps == 12
    assert not list(out.rglob("*.aside"))
    assert resume(out).digest == whole.digest


def test_a_running_run_cannot_be_resumed(experiment: Experiment, tmp_path: Path) -> None:
    """Two processes would write one directory."""
    refused: list[str] = []

    def progress(done: int, _of: int) -> None:
        if done == 3:
            with pytest.raises(Unfinished) as ended:
                resume(tmp_path / "run")
            refused.append(str(ended.value))

    python_run(experiment, tmp_path / "run", progress=progress)
    assert len(refused) == 1
    assert "another process" in refused[0]


def test_what_cannot_fit_is_refused_before_the_start(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory and disk, each with what is needed and what there is."""
    with monkeypatch.context() as patched:
        patched.setattr("glasshouse.engine.estimate.free_memory", lambda: 1_000_000)
        with pytest.raises(TooLarge, match=r"need at least [0-9]+ MB of memory.*may take 1 MB"):
            python_run(experiment, tmp_path / "run")
    with monkeypatch.context() as patched:
        patched.setattr("glasshouse.engine.estimate.room_on_disk", lambda _: 1_000_000)
        with pytest.raises(TooLarge, match=r"of disk and 1 MB are free below"):
            python_run(experiment, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_threads_and_the_compiler_change_nothing(whole: Archive, experiment: Experiment) -> None:
    """One digest for plain Python, one compiled thread and two."""
    for threads in (1, 2):
        archive = run_experiment(experiment, device="cpu", threads=threads, command=())
        assert archive.digest == whole.digest
        assert archive.provenance.parts == whole.provenance.parts
