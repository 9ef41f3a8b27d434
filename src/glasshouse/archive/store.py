"""A run directory as atomic parts: written aside, forced to the disk, renamed, told in run.json.

What stands in ``run.json`` counts and nothing else: a process killed at any moment leaves a
directory whose run.json names complete parts, and the rest is cleared away by whoever goes on.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from glasshouse.archive.lock import Locked, locked
from glasshouse.archive.provenance import RUN_FILE, Machine, Part, Provenance, is_part_name
from glasshouse.errors import BadInput, DamagedRun, DiskFull, ForeignRun, OutputExists, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

DATA = "data"
"""The folder of the copies of the data rooms."""

WORK = "unfinished"
"""The folder of what only an unfinished run needs: the lock, checkpoints, the steps so far."""

SHARDS = f"{WORK}/shards"
"""The folder of a society that does not fit the memory; every file there says what it is."""

LOCK = f"{WORK}/lock"
COUNTS = "counts.parquet"
INSTITUTIONS = "institutions.npz"
KEPT = "kept"
"""The folder of the states that were kept for forks, a folder for each day."""

OUTCOMES = "outcomes"
"""The folder of the outcome rows, a file for each range of communities."""

_PASSING = re.compile(
    rf"{WORK}/[^/]+|(?:.*/)?\.[^/]+\.aside|{OUTCOMES}/[0-9]+\.parquet|{KEPT}/[0-9-]+/[^/]+"
    rf"|{re.escape(COUNTS)}|{re.escape(INSTITUTIONS)}"
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_TAKEN = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR})
_CHUNK = 1 << 20


def is_passing(name: str) -> bool:
    """Say whether a stopped process may have left a file of this name without naming it."""
    return _PASSING.fullmatch(name) is not None


def hash_of(path: Path) -> Part:
    """Give the length and the SHA-256 of a file."""
    digest, length = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
            length += len(piece)
    return Part(sha256=digest.hexdigest(), bytes=length)


def refuse_place(path: Path) -> None:
    """Refuse a place where no new run directory can be, and say why; nothing is written.

    A folder inside a run directory would damage that run: it holds nothing but what it names.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        pass
    except NotADirectoryError:
        pass
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _no_place(path, f"cannot be a run directory: {reason}") from error
    else:
        raise OutputExists(f"{str(path)[:200]} is already there and is never overwritten")
    try:
        parent = path.resolve().parent
        while not os.path.lexists(parent):
            parent = parent.parent
        if not parent.is_dir():
            raise _no_place(path, f"{parent} is a file, and a run directory needs a folder")
        if not os.access(parent, os.W_OK | os.X_OK):
            raise _no_place(path, f"nothing may be written in the folder {parent}")
        for folder in (parent, *parent.parents):
            if os.path.lexists(folder / RUN_FILE):
                what = f"lies inside the run directory {folder}, which it would damage"
                raise _no_place(path, what)
    except (OSError, RuntimeError) as error:
        raise _no_place(path, f"cannot be a run directory: {error}") from error


def _no_place(path: Path, what: str) -> BadInput:
    return BadInput([Problem(str(path)[:200], 0, 0, "", what, "another place for the run")])


def write_aside(target: Path, write: Callable[[Path], object], *, is_lasting: bool = True) -> None:
    """Let ``write`` fill a temporary file beside ``target``, force it to the disk, rename it.

    Whatever goes wrong, nothing half-written keeps the name, and the temporary file is removed.
    What need not outlast a loss of power is not forced, which takes longer than the writing.
    """
    aside = target.with_name(f".{target.name}.aside")
    try:
        write(aside)
        if is_lasting:
            with aside.open("rb") as stream:
                os.fsync(stream.fileno())
        aside.replace(target)
        if is_lasting:
            _force_folder(target.parent)
    except BaseException as error:
        aside.unlink(missing_ok=True)
        full = _says_full(error)
        if full is None:
            raise
        raise DiskFull(f"{target} could not be written: {full}") from error


def fitted(write: Callable[[], object], make_room: Callable[[], bool]) -> None:
    """Write; where the disk is full, once more if room can be made."""
    try:
        write()
    except DiskFull:
        if not make_room():
            raise
        write()


def _force_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems have nothing to force
            raise
    finally:
        os.close(handle)


def _says_full(error: BaseException | None) -> str | None:
    """Give the system's words if an error, or one that it came from, says that nothing fits."""
    seen = 0
    while error is not None and seen < 8:
        if isinstance(error, OSError) and error.errno in _FULL:
            return os.strerror(error.errno)
        if isinstance(error, duckdb.Error):
            for number in _FULL:
                if os.strerror(number) in str(error):
                    return os.strerror(number)
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None


class RunDirectory(Locked):
    """A run directory that this process, and no other, writes."""

    def __init__(
        self, path: Path, provenance: Provenance, lock: int, *, is_lasting: bool = True
    ) -> None:
        """Hold a directory whose lock is taken; ``create`` and ``reopen`` make one."""
        self.path = path
        self.provenance = provenance
        self._said = provenance
        """As run.json has it."""
        self._lock = lock
        self._is_lasting = is_lasting
        self.make_room: Callable[[], bool] = lambda: False
        """Called where the disk is full; says whether it has made room."""

    @classmethod
    def create(
        cls,
        path: Path,
        provenance: Provenance,
        data: Mapping[str, bytes],
        *,
        is_lasting: bool = True,
    ) -> Self:
        """Make the directory with the copies of the data and run.json, all at once or not at all.

        Whatever already has the name is left alone. One that goes with its process does not last.
        """
        refuse_place(path)
        aside = path.parent / f".glasshouse-{os.getpid()}-{secrets.token_hex(4)}.aside"
        lock = -1
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            (aside / WORK).mkdir(parents=True)
            lock = _locked(aside, path)
            made = cls(aside, provenance, lock, is_lasting=is_lasting)
            for name, content in data.items():
                made.write(f"{DATA}/{name}", partial(_write_bytes, content))
            made.commit()
            aside.rename(path)
            _force_folder(path.parent)
        except BaseException as error:
            if lock >= 0:
                os.close(lock)
            shutil.rmtree(aside, ignore_errors=True)
            raise _plain(error, path) from error
        made.path = path
        return made

    @classmethod
    def reopen(cls, path: Path, read: Callable[[Path], Provenance]) -> Self:
        """Take the directory of an unfinished run; what run.json does not name is cleared away."""
        read(path)
        try:
            (path / WORK).mkdir(exist_ok=True)
            lock = _locked(path, path)
        except OSError as error:
            if error.errno in _TAKEN:
                what = f"{path} is damaged: {LOCK} is not what was written"
                raise DamagedRun(what) from error
            raise _plain(error, path) from error
        try:
            made = cls(path, read(path), lock)  # the last holder of the lock may just have ended
            made.clear_unnamed()
        except BaseException:
            os.close(lock)
            raise
        return made

    def write(self, name: str, write: Callable[[Path], None]) -> Part:
        """Write one part; it counts from the next ``commit`` on."""
        if not is_part_name(name):
            raise ForeignRun(f"`{name[:200]!a}` cannot be a part of a run directory")
        target = self.path / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._write_aside(target, write)
        except OSError as error:
            raise _plain(error, target) from error
        part = hash_of(target)
        self.provenance = self.provenance.with_part(name, part)
        return part

    def forget(self, name: str) -> None:
        """Drop a part; its file goes with the next ``clear_unnamed``, after the next ``commit``."""
        self.provenance = self.provenance.without_part(name)

    def commit(self, provenance: Provenance | None = None) -> None:
        """Make run.json say what is so; from here on this is the state of the run."""
        if provenance is not None:
            self.provenance = provenance
        text = self.provenance.model_dump_json(indent=1, by_alias=True) + "\n"
        content = partial(_write_bytes, text.encode())
        self._write_aside(self.path / RUN_FILE, content)
        self._said = self.provenance

    def account(self, machine: Machine) -> None:
        """Let run.json say what the work took so far, and nothing else that it does not say."""
        self.commit(self._said.model_copy(update={"machine": machine}))

    def _write_aside(self, target: Path, write: Callable[[Path], None]) -> None:
        aside = partial(write_aside, target, write, is_lasting=self._is_lasting)
        fitted(aside, self.make_room)

    def clear_unnamed(self) -> None:
        """Remove what a stopped process may have left and run.json does not name."""
        if self.provenance.status == "finished":
            shutil.rmtree(self.path / WORK, ignore_errors=True)
            return
        for folder, _, files in os.walk(self.path):
            for file in files:
                place = Path(folder, file)
                name = place.relative_to(self.path).as_posix()
                if name not in self.provenance.parts and is_passing(name) and name != LOCK:
                    place.unlink()

    def finish(self, provenance: Provenance) -> None:
        """Say that the run is finished and remove what only an unfinished run needs."""
        left = {n: part for n, part in provenance.parts.items() if not n.startswith(f"{WORK}/")}
        self.commit(provenance.model_copy(update={"status": "finished", "parts": left}))
        shutil.rmtree(self.path / WORK)

    def discard(self) -> None:
        """Remove the whole directory."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.close()


def _locked(folder: Path, shown: Path) -> int:
    return locked(folder / LOCK, f"{shown} is being written by another process at this moment")


def _write_bytes(content: bytes, file: Path) -> None:
    file.write_bytes(content)


def _plain(error: BaseException, path: Path) -> BaseException:
    """Give the error that a user understands for what the system said."""
    if not isinstance(error, OSError):
        return error
    if error.errno in _TAKEN:
        return OutputExists(f"{path} is already there and is never overwritten")
    if error.errno in _FULL:
        return DiskFull(f"{path} could not be written: {os.strerror(error.errno)}")
    reason = error.strerror or str(error)
    return BadInput([Problem(str(path), 0, 0, "", f"cannot be written: {reason}")])
