"""The directory of a sweep: what is swept, a file for every member that is done, then a table.

``sweep.json`` says what is swept and never changes. A member counts when its file stands under its
name; a process killed at any moment leaves whole files only. ``results.parquet`` is made of the
members in the order of the design, so its bytes do not depend on who ran what when.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError
from pydantic_core import from_json

from glasshouse.archive.lock import Locked, locked
from glasshouse.archive.provenance import RUN_FILE, Sha256
from glasshouse.archive.store import DATA, hash_of, refuse_place, write_aside
from glasshouse.errors import (
    BadInput,
    DamagedRun,
    ForeignRun,
    OtherVersion,
    OutputExists,
    Problem,
)
from glasshouse.experiment.design import Design, Kind
from glasshouse.experiment.member import Outcome
from glasshouse.law.validate import Strict
from glasshouse.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

SWEEP_FILE = "sweep.json"
MEMBERS = "members"
RUNS = "runs"
RESULTS = "results.parquet"
LOCK = "lock"
FORMAT = "glasshouse sweep"
MEMBER_FORMAT = "glasshouse member"


class SweepSaid(Strict):
    """sweep.json: what is swept."""

    format: Literal["glasshouse sweep"] = "glasshouse sweep"
    format_version: Literal[1] = 1
    glasshouse_version: str
    scenario: str
    sets: dict[str, str]
    metrics: tuple[str, ...]
    by: tuple[str, ...]
    kind: Kind
    paths: tuple[str, ...]
    points: tuple[tuple[float | str, ...], ...]
    seeds: tuple[int, ...]
    societies: tuple[int | None, ...]
    ranges: tuple[tuple[float, float], ...]
    draw: int
    data: dict[str, Sha256]
    """SHA-256 of every data file that the scenario was settled from."""
    keep_runs: bool

    @property
    def design(self) -> Design:
        """The design."""
        return Design(
            self.paths, self.points, self.kind, self.seeds, self.societies, self.ranges, self.draw
        )

    @property
    def digest(self) -> str:
        """SHA-256 of all of it; every member names it."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class MemberSaid(Strict):
    """The file of a member."""

    format: Literal["glasshouse member"] = "glasshouse member"
    sweep: Sha256
    member: int
    point: int
    society: int | None
    seed: int
    sets: dict[str, str]
    digest: str
    seconds: float
    failure: str
    rows: tuple[tuple[Any, ...], ...]


class SweepDirectory(Locked):
    """The directory of a sweep that this process, and no other, writes."""

    is_lasting = True
    """Whether what is written is forced to the disk; not where it goes with this process."""

    def __init__(self, path: Path, said: SweepSaid, lock: int = -1) -> None:
        """Hold a directory; ``taken`` makes or takes one, and ``read`` only looks."""
        self.path = path
        self.said = said
        self.digest = said.digest
        self._lock = lock

    @classmethod
    def taken(cls, path: Path, said: SweepSaid, data: Mapping[str, bytes]) -> Self:
        """Take the directory of this sweep, or make it; another sweep's is refused."""
        if not os.path.lexists(path):
            try:
                return cls._made(path, said, data)
            except OutputExists:  # somebody else was faster
                pass
        cls.read(path).refuse_another(said)
        return cls.reopened(path)

    @classmethod
    def reopened(cls, path: Path) -> Self:
        """Take the directory of a sweep to go on with it as it was begun."""
        there = cls.read(path)
        _check_data(path, there.said)
        return cls(path, there.said, _locked(path, path))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Look at the directory of a sweep; what is foreign or damaged is refused by name."""
        return cls(path, _read_said(path))

    @classmethod
    def _made(cls, path: Path, said: SweepSaid, data: Mapping[str, bytes]) -> Self:
        refuse_place(path)
        aside = path.parent / f".glasshouse-{os.getpid()}-{secrets.token_hex(4)}.aside"
        lock = -1
        try:
            (aside / MEMBERS).mkdir(parents=True)
            lock = _locked(aside, path)
            for name, content in data.items():
                target = aside / DATA / name
                target.parent.mkdir(parents=True, exist_ok=True)
                write_aside(target, partial(_write, content))
            text = said.model_dump_json(indent=1) + "\n"
            write_aside(aside / SWEEP_FILE, partial(_write, text.encode()))
            aside.rename(path)
        except BaseException as error:
            if lock >= 0:
                os.close(lock)
            shutil.rmtree(aside, ignore_errors=True)
            raise _plain(error, path) from error
        return cls(path, said, lock)

    def refuse_another(self, said: SweepSaid) -> None:
        """Refuse to go on with another design, scenario or data under the name of a sweep."""
        ours = self.said
        differ = [
            name for name in SweepSaid.model_fields if getattr(ours, name) != getattr(said, name)
        ]
        if differ:
            words = ", ".join(f"`{name}`" for name in differ)
            what = f"holds another sweep, with another {words}"
            right = "another directory, or the design and data that it was begun with"
            raise BadInput([Problem(str(self.path), 0, 0, "", what, right)])

    def missing(self) -> tuple[int, ...]:
        """Give the numbers of the members that are not there, or that failed."""
        size = self.said.design.size
        there = {outcome.number for outcome in self.outcomes() if not outcome.failure}
        return tuple(number for number in range(size) if number not in there)

    def outcomes(self) -> Iterator[Outcome]:
        """Give the members that are there, in the order of the design, each checked."""
        for number in range(self.said.design.size):
            place = self.place(number)
            if place.exists():
                yield self._outcome(place, number)

    def place(self, number: int) -> Path:
        """Give the file of a member."""
        return self.path / MEMBERS / f"{number:06}.json"

    def _outcome(self, place: Path, number: int) -> Outcome:
        again = "remove the file, and the member is run again"
        try:
            said = from_json(place.read_bytes())
            kept = said.pop("sha256", "") if isinstance(said, dict) else ""
            member = MemberSaid.model_validate(said, strict=False)
        except (ValueError, ValidationError, OSError) as error:
            said = " ".join(str(error).split())[:100]
            raise DamagedRun(f"{place} is damaged ({said}); {again}") from error
        if kept != _hash(member):
            raise DamagedRun(f"{place} is not what was written; {again}")
        if member.sweep != self.digest or member.member != number:
            raise DamagedRun(f"{place} belongs to another sweep or another member; {again}")
        return Outcome(number, member.rows, member.digest, member.seconds, member.failure)

    def keep(self, outcome: Outcome, sets: Mapping[str, str]) -> None:
        """Write the file of a member; from here on it counts."""
        design = self.said.design
        within, seed = divmod(outcome.number, len(design.seeds))
        point, society = divmod(within, len(design.societies))
        member = MemberSaid(
            sweep=self.digest, member=outcome.number, point=point,
            society=design.societies[society], seed=design.seeds[seed],
            sets={**sets, **dict(outcome.room)},
            digest=outcome.digest, seconds=round(outcome.seconds, 3), failure=outcome.failure,
            rows=outcome.rows,
        )  # fmt: skip
        said = member.model_dump(mode="json") | {"sha256": _hash(member)}
        text = json.dumps(said, indent=1, ensure_ascii=False) + "\n"
        content = partial(_write, text.encode())
        write_aside(self.place(outcome.number), content, is_lasting=self.is_lasting)


def is_sweep(path: Path) -> bool:
    """Say whether a folder claims to be the directory of a sweep."""
    return (path / SWEEP_FILE).is_file()


def _read_said(path: Path) -> SweepSaid:
    if (path / RUN_FILE).exists():
        raise ForeignRun(f"{path} is the directory of a run, not of a sweep")
    try:
        content = (path / SWEEP_FILE).read_bytes()
    except FileNotFoundError as error:
        what = "it holds no " + SWEEP_FILE if path.exists() else "there is no such folder"
        raise ForeignRun(f"{path} is not the directory of a sweep: {what}") from error
    except OSError as error:
        raise ForeignRun(f"{path} is not the directory of a sweep: {error.strerror}") from error
    try:
        said = from_json(content)
    except ValueError as error:
        raise DamagedRun(f"{path / SWEEP_FILE} is damaged: {error}") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ForeignRun(f"{path} was not written by a sweep of glasshouse")
    if said.get("glasshouse_version") != __version__:
        theirs = str(said.get("glasshouse_version"))[:40]
        raise OtherVersion(
            f"{path} was written by glasshouse {theirs}, this is glasshouse {__version__}; members"
            " of two versions do not go into one table"
        )
    try:
        return SweepSaid.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part)[:60] for part in first["loc"][:8])
        text = f"{path / SWEEP_FILE} is damaged: {where}: {first['msg'][:200]}"
        raise DamagedRun(text) from error


def _check_data(path: Path, said: SweepSaid) -> None:
    """Refuse to go on where the copies of the data are no longer what the sweep began with."""
    for name, expected in said.data.items():
        place = path / DATA / name
        if not place.is_file() or hash_of(place).sha256 != expected:
            raise DamagedRun(f"{path} is damaged: {DATA}/{name[:200]} is not what was written")


def _locked(folder: Path, shown: Path) -> int:
    try:
        return locked(folder / LOCK, f"{shown} is being swept by another process at this moment")
    except OSError as error:
        raise _plain(error, shown) from error


def _hash(member: MemberSaid) -> str:
    text = json.dumps(member.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(content: bytes, file: Path) -> None:
    file.write_bytes(content)


def _plain(error: BaseException, path: Path) -> BaseException:
    """Give the error that a user understands for what the system said."""
    if not isinstance(error, OSError):
        return error
    if error.errno in {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}:
        return OutputExists(f"{path} is already there")
    reason = error.strerror or str(error)
    return BadInput([Problem(str(path), 0, 0, "", f"cannot be written: {reason}")])
