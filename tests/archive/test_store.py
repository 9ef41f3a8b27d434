"""A run directory grows by whole parts only, and one process at a time writes it."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from glasshouse.archive.database import write_parquet
from glasshouse.archive.opening import read_provenance, read_whole
from glasshouse.archive.store import RunDirectory, write_aside
from glasshouse.errors import (
    BadInput,
    DamagedRun,
    DiskFull,
    ForeignRun,
    OutputExists,
    Unfinished,
)

if TYPE_CHECKING:
    from glasshouse.archive.provenance import Provenance
    from glasshouse.archive.reading import Archive


@pytest.fixture
def fresh(kept_run: Archive) -> Provenance:
    """Give the provenance of a run before its first step."""
    return kept_run.provenance.model_copy(update={"status": "unfinished", "parts": {}})


def put(content: bytes, path: Path) -> None:
    """Write a part's content."""
    path.write_bytes(content)


def left_in(folder: Path) -> set[str]:
    """Give the names of the files below a folder."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_directory_comes_with_its_data(fresh: Provenance, tmp_path: Path) -> None:
    """From the first moment it can be read: the data, the lock and run.json."""
    out = tmp_path / "deep" / "down" / "run"
    with RunDirectory.create(out, fresh, {"scenarios/a.yaml": b"a: 1\n"}):
        assert left_in(out) == {"run.json", "data/scenarios/a.yaml", "unfinished/lock"}
        assert list(read_whole(out).parts) == ["data/scenarios/a.yaml"]
    assert [path.name for path in out.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_exists_is_left_alone(fresh: Provenance, tmp_path: Path, kind: str) -> None:
    """A file, a folder and a dangling link in the way are refused and not touched."""
    out = tmp_path / "out"
    if kind == "link":
        out.symlink_to("nowhere")
    elif kind == "folder":
        out.mkdir()
    else:
        out.touch()
    with pytest.raises(OutputExists, match="never overwritten"):
        RunDirectory.create(out, fresh, {})
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_directory_below_a_file_cannot_be_made(fresh: Provenance, tmp_path: Path) -> None:
    """A path that leads through a file is refused in words."""
    (tmp_path / "file").touch()
    with pytest.raises((BadInput, OutputExists)):
        RunDirectory.create(tmp_path / "file" / "out", fresh, {})


def test_two_processes_cannot_write_one_directory(fresh: Provenance, tmp_path: Path) -> None:
    """The second is refused while the first lives, and may go on when it has ended."""
    out = tmp_path / "out"
    program = (
        "import sys; from pathlib import Path\n"
        "from glasshouse.archive.opening import read_whole\n"
        "from glasshouse.archive.store import RunDirectory\n"
        "from glasshouse.errors import Unfinished\n"
        "try:\n"
        "    RunDirectory.reopen(Path(sys.argv[1]), read_whole)\n"
        "except Unfinished as error:\n"
        "    sys.exit(str(error))\n"
    )
    other = [sys.executable, "-c", program, str(out)]
    with RunDirectory.create(out, fresh, {}):
        with pytest.raises(Unfinished, match="another process"):
            RunDirectory.reopen(out, read_whole)
        refused = subprocess.run(other, capture_output=True, check=False)
        assert refused.returncode == 1
        assert b"another process" in refused.stderr
    assert subprocess.run(other, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("damaged", ["unfinished", "unfinished/lock"])
def test_what_should_hold_the_lock_is_named(
    fresh: Provenance, tmp_path: Path, damaged: str
) -> None:
    """A file where its folder should be, or a folder in its place, is damage."""
    out = tmp_path / "out"
    RunDirectory.create(out, fresh, {}).close()
    (out / "unfinished/lock").unlink()
    if damaged == "unfinished":
        (out / damaged).rmdir()
        (out / damaged).touch()
    else:
        (out / damaged).mkdir()
    with pytest.raises(DamagedRun, match="is damaged: unfinished"):
        RunDirectory.reopen(out, read_whole)


def test_only_one_of_two_beginners_gets_the_directory(fresh: Provenance, tmp_path: Path) -> None:
    """Even if both saw the place free: the later one is refused and leaves nothing behind."""
    out, real = tmp_path / "out", os.path.lexists
    with RunDirectory.create(out, fresh, {}), pytest.MonkeyPatch.context() as patched:
        patched.setattr("os.path.lexists", lambda path: path != out and real(path))
        with pytest.raises(OutputExists):
            RunDirectory.create(out, fresh, {})
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_leaves_nothing_half_written(
    fresh: Provenance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk fills before there is a run, there is no directory at all."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DiskFull, match="No space left"):
        RunDirectory.create(tmp_path / "out", fresh, {"a.yaml": b"a"})
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_does_not_fit_keeps_what_was_there(tmp_path: Path) -> None:
    """The old content stays under the name, and the temporary file is gone."""
    target = tmp_path / "part"
    target.write_text("before", encoding="utf-8")

    def fill(path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x")

    with pytest.raises(DiskFull, match="part could not be written: No space left"):
        write_aside(target, fill)
    assert target.read_text(encoding="utf-8") == "before"
    assert left_in(tmp_path) == {"part"}


def test_the_embedded_engine_s_full_disk_is_a_full_disk(tmp_path: Path) -> None:
    """A table that the system refuses to let grow is told as such, whoever writes it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    rows = {"a": np.random.default_rng(1).integers(0, 2**60, 100_000)}
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(DiskFull, match="could not be written"):
            write_aside(tmp_path / "a.parquet", lambda path: write_parquet(path, rows, "a"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert left_in(tmp_path) == set()


def test_a_part_counts_from_its_commit_on(fresh: Provenance, tmp_path: Path) -> None:
    """Until run.json names it, a part is cleared away by whoever goes on."""
    out = tmp_path / "out"
    with RunDirectory.create(out, fresh, {}) as folder:
        folder.write("unfinished/one.npz", partial(put, b"1"))
        folder.commit()
        folder.write("counts.parquet", partial(put, b"2"))
        (out / "unfinished" / ".x.aside").touch()
    with RunDirectory.reopen(out, read_whole) as folder:
        assert left_in(out) == {"run.json", "unfinished/lock", "unfinished/one.npz"}
        assert list(folder.provenance.parts) == ["unfinished/one.npz"]


def test_an_account_names_no_part_that_run_json_does_not(fresh: Provenance, tmp_path: Path) -> None:
    """Whoever stops in the middle says how long it took, and nothing of what was half done."""
    out = tmp_path / "out"
    with RunDirectory.create(out, fresh, {}) as folder:
        folder.write("counts.parquet", partial(put, b"1"))
        folder.account(fresh.machine.model_copy(update={"seconds": 7.0}))
    said = read_whole(out)
    assert said.machine.seconds == 7
    assert not said.parts


def test_a_finished_directory_holds_its_parts_and_run_json(
    fresh: Provenance, tmp_path: Path
) -> None:
    """Lock, checkpoints and steps are gone, and run.json no longer names them."""
    out = tmp_path / "out"
    with RunDirectory.create(out, fresh, {}) as folder:
        folder.write("unfinished/one.npz", partial(put, b"1"))
        folder.write("counts.parquet", partial(put, b"2"))
        folder.finish(folder.provenance)
    assert left_in(out) == {"run.json", "counts.parquet"}
    assert not (out / "unfinished").exists()
    assert read_provenance(out).status == "finished"


def test_a_part_stays_inside(fresh: Provenance, tmp_path: Path) -> None:
    """No part can be written outside its directory."""
    with (
        RunDirectory.create(tmp_path / "out", fresh, {}) as folder,
        pytest.raises(ForeignRun, match="cannot be a part"),
    ):
        folder.write("../outside", partial(put, b"1"))
    with pytest.raises(ForeignRun):
        RunDirectory.create(tmp_path / "other", fresh, {"../../outside": b"1"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_what_goes_with_its_process_is_not_forced_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forcing takes longer than writing, and a run without a directory need not outlast us."""
    forced: list[int] = []
    monkeypatch.setattr("os.fsync", forced.append)
    write_aside(tmp_path / "passing", lambda file: file.write_bytes(b"x"), is_lasting=False)
    assert not forced
    write_aside(tmp_path / "lasting", lambda file: file.write_bytes(b"x"))
    assert len(forced) == 2
