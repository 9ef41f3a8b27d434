"""Running a run again from its own provenance and data, and comparing what comes out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.archive.database import connect, parquet
from glasshouse.archive.history import read_arrays
from glasshouse.archive.kept import is_kept
from glasshouse.archive.reading import Archive
from glasshouse.archive.store import DATA, OUTCOMES
from glasshouse.engine.run import Progress, run_experiment

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True)
class Verdict:
    """Whether running again gave the same, and what did not come out the same."""

    digest: str
    """As run.json has it."""
    digest_again: str
    """As it came out now."""
    differing: tuple[str, ...]
    """Columns and parts that are not the same."""

    @property
    def matches(self) -> bool:
        """Whether everything came out the same."""
        return self.digest == self.digest_again and not self.differing

    def words(self) -> str:
        """Say it in a sentence or two."""
        if self.matches:
            return f"It came out the same again: {self.digest}"
        if not self.differing:
            return (
                "Every column and part came out the same; only the line `digest` in run.json is"
                f" not what they give.\nkept   {self.digest}\nagain  {self.digest_again}"
            )
        names = ", ".join(self.differing[:12])
        more = len(self.differing) - 12
        also = f" and {more} more" if more > 0 else ""
        return (
            f"It did not come out the same.\nkept   {self.digest}\nagain  {self.digest_again}"
            f"\nWhat differs: {names}{also}"
        )

    def plain(self) -> dict[str, Any]:
        """Give the verdict as plain values."""
        return {
            "matches": self.matches,
            "digest": self.digest,
            "digest_again": self.digest_again,
            "differing": list(self.differing),
        }


def verify(
    path: str | os.PathLike[str],
    *,
    threads: int | None = None,
    device: str | None = None,
    progress: Progress | None = None,
    memory: int | None = None,
) -> Verdict:
    """Run a finished run again from its run.json and the copies of its data, and compare.

    ``memory`` is the most bytes to take; what does not fit is in files of a temporary directory.
    """
    kept = Archive(path)
    said = kept.provenance
    again = run_experiment(
        kept.experiment(),
        threads=threads,
        device=device or said.options.driver,
        collect=said.options.collect,
        progress=progress,
        memory=memory,
        command=said.options.command,
    )
    now = again.provenance
    columns = sorted(said.digest_by_column.keys() | now.digest_by_column.keys())
    differing = [
        name
        for name in columns
        if said.digest_by_column.get(name) != now.digest_by_column.get(name)
    ]
    differing += [
        name
        for name in sorted(said.parts.keys() | now.parts.keys())
        if not name.startswith(f"{OUTCOMES}/")
        and not is_kept(name)
        and said.parts.get(name) != now.parts.get(name)
        and not (name in said.parts and name in now.parts and same_content(kept, again, name))
    ]
    if not same_outcomes(kept, again):
        differing.append(OUTCOMES)
    return Verdict(kept.digest, again.digest, tuple(differing))


def same_outcomes(one: Archive, other: Archive) -> bool:
    """Say whether two runs hold the same outcome rows, however they share them out among files."""
    here, there = (
        sorted(name for name in run.provenance.parts if name.startswith(f"{OUTCOMES}/"))
        for run in (one, other)
    )
    parts = one.provenance.parts, other.provenance.parts
    if [parts[0][name] for name in here] == [parts[1][name] for name in there]:
        return True
    if not (here and there):
        return False
    return same_rows([one.path / name for name in here], [other.path / name for name in there])


def same_content(one: Archive, other: Archive, name: str) -> bool:
    """Say whether two files of different bytes hold the same: another version packs otherwise."""
    if name.startswith(f"{DATA}/"):
        return False
    first, second = one.path / name, other.path / name
    return same_arrays(first, second) if name.endswith(".npz") else same_rows([first], [second])


def same_arrays(first: Path, second: Path) -> bool:
    """Say whether two files hold the same arrays under the same names."""
    here, there = read_arrays(first), read_arrays(second)
    return here.keys() == there.keys() and all(
        here[name].dtype == there[name].dtype and np.array_equal(here[name], there[name])
        for name in here
    )


def same_rows(first: list[Path], second: list[Path]) -> bool:
    """Say whether some Parquet files hold the same columns and rows as others, in any order."""
    with connect() as connection:
        here, there = (connection.sql(f"FROM {parquet(paths)}") for paths in (first, second))
        if here.columns != there.columns or here.types != there.types:
            return False
        rows = [found.aggregate("count(*)").fetchall() for found in (here, there)]
        return rows[0] == rows[1] and not here.except_(there).limit(1).fetchall()
