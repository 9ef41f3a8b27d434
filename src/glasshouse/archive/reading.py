"""A finished run, opened from its directory after every part was checked, as tables."""

from __future__ import annotations

import datetime as dt
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.archive.database import connect, named, parquet, quoted
from glasshouse.archive.history import read_arrays
from glasshouse.archive.months import months_query
from glasshouse.archive.opening import read_finished
from glasshouse.archive.outcomes import EXPOSED, LEVELS
from glasshouse.archive.store import COUNTS as COUNTS_FILE
from glasshouse.archive.store import DATA, INSTITUTIONS, OUTCOMES
from glasshouse.archive.table import Table
from glasshouse.errors import BadUsage, DamagedRun
from glasshouse.law.library import Library
from glasshouse.state.columns import OUTCOME
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from glasshouse.archive.provenance import Provenance
    from glasshouse.law.experiment import Experiment

__all__ = ["Archive", "Counted", "Table"]

_PERSON = (
    "person", "community", "slot", "province", "urban", "kind", "sex", "age_years",
    *EXPOSED,
)  # fmt: skip


class Counted(NamedTuple):
    """The counts as arrays [arm, province, then the axes of the registry]."""

    sums: dict[str, NDArray[np.int64]]
    """Over all steps."""
    last: dict[str, NDArray[np.int64]]
    """Of the last step."""


class Archive(os.PathLike[str]):
    """A run directory that was found whole; a damaged, foreign or unfinished one is refused."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        provenance: Provenance | None = None,
        owner: object = None,
    ) -> None:
        """Open a directory; whoever has just written it may vouch for it with its provenance.

        ``owner`` is what has to live as long as the archive: a temporary directory.
        """
        self.settled: Experiment | None = None
        """The experiment, where whoever ran it has it in hand and the data need no reading."""
        self.path = Path(path)
        self.provenance = read_finished(self.path) if provenance is None else provenance
        self._owner = owner
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"Archive({str(self.path)!r})"

    @property
    def digest(self) -> str:
        """The digest of everything that came out."""
        return str(self.provenance.digest)

    @property
    def has_outcomes(self) -> bool:
        """Whether the outcome rows were collected."""
        return OUTCOMES not in self.provenance.left_out.tables

    def experiment(self) -> Experiment:
        """The scenario with every value settled, again, from the copies of the data."""
        if self.settled is not None:
            return self.settled
        said = self.provenance
        return Library(self.path / DATA).resolve(said.scenario.scenario, said.sets)

    def counts(self) -> Table:
        """What every step counted: one row a step, arm, province, count and item; never zero."""
        return self._table(f"SELECT * FROM {self._counts}")  # noqa: S608 - paths are quoted

    def months(self) -> Table:
        """One row a step and arm, over all provinces."""
        return self._table(months_query(self.provenance.legend, self._counts))

    def outcomes(self) -> Table:
        """One row a person and arm: what the whole run did to them."""
        return self._table(f"SELECT * FROM {self._outcomes}")  # noqa: S608 - paths are quoted

    def outcomes_of(self, arm: str, expression: str) -> NDArray[Any]:
        """What an expression gives for each person of an arm, in the order in which rows stand.

        One question of the files, where a relation would be asked anew with each refinement.
        """
        query = f"SELECT {expression} AS value FROM {self._outcomes} WHERE arm = {quoted(arm)}"  # noqa: S608
        return np.asarray(self._asked().execute(query).fetchnumpy()["value"])

    def effects(self, against: str | None = None) -> Table:
        """One row a person and policy arm: the arm's outcome less the baseline's, exactly.

        ``against`` names another arm to compare with.
        """
        base = against or self._baseline()
        columns = self._table(f"SELECT * FROM {self._outcomes} LIMIT 0").columns  # noqa: S608
        stems = tuple(column.name for column in OUTCOME)
        moved = [
            name
            for name in columns
            if name in (*LEVELS, "gone") or (name.startswith(stems) and name not in _PERSON)
        ]
        differences = ", ".join(
            f"CAST(one.{named(name)} AS BIGINT) - CAST(base.{named(name)} AS BIGINT)"
            f" AS {named(name)}"
            for name in moved
        )
        fixed = ", ".join(f"one.{name}" for name in _PERSON)
        return self._table(
            f"SELECT {fixed}, one.arm, base.arm AS against, {differences}"  # noqa: S608
            f" FROM {self._outcomes} AS one JOIN {self._outcomes} AS base USING (person)"
            f" WHERE base.arm = {quoted(base)} AND one.arm <> {quoted(base)}"
            " ORDER BY person, one.arm"
        )

    def outcome(self, person: int) -> list[dict[str, Any]]:
        """The outcome rows of one address, arm by arm."""
        if not 0 <= person < self.provenance.people:
            last = self.provenance.people - 1
            raise BadUsage(f"person {person}: a person is a number from 0 to {last}")
        return self.outcomes().filter(f"person = {int(person)}").rows()  # type: ignore[no-any-return]

    def institutions(self) -> dict[str, NDArray[Any]]:
        """What the institutions had decided for each step, the step as first axis."""
        return read_arrays(self.path / INSTITUTIONS)

    @cached_property
    def counted(self) -> Counted:
        """The counts as arrays, summed over the steps and as they were in the last one."""
        legend = self.provenance.legend
        shape = (len(legend.arms), len(legend.provinces))
        sums = {
            count.name: np.zeros((*shape, *(legend.extents[a] for a in count.axes)), np.int64)
            for count in COUNTS
            if legend.extents.keys() >= set(count.axes)
        }
        last = {name: np.zeros_like(array) for name, array in sums.items()}
        places = self._places
        final = self.provenance.steps - 1
        # The paths are quoted and the number is our own.
        query = (
            "SELECT arm, province, count, item, item_2, sum(value),"  # noqa: S608
            f" coalesce(sum(value) FILTER (WHERE step = {final}), 0) FROM {self._counts}"
            " GROUP BY ALL"
        )
        provinces = {name: place for place, name in enumerate(legend.provinces)}
        for arm, province, count, item, item_2, total, end in (
            self._asked().execute(query).fetchall()
        ):
            number, at = places[arm, count, item, item_2]
            place = (number, provinces[province], *at)
            sums[count][place] = total
            last[count][place] = end
        return Counted(sums, last)

    def counted_by_step(self, name: str, arm: int) -> NDArray[np.int64]:
        """One count of one arm as an array [step, province, then the axes of the registry]."""
        legend = self.provenance.legend
        (axes,) = (count.axes for count in COUNTS if count.name == name)
        extents = (legend.extents[axis] for axis in axes)
        found = np.zeros((self.provenance.steps, len(legend.provinces), *extents), np.int64)
        query = (
            f"SELECT step, province, item, item_2, value FROM {self._counts}"  # noqa: S608 - quoted
            f" WHERE count = {quoted(name)} AND arm = {quoted(legend.arms[arm].arm)}"
        )
        provinces = {province: place for place, province in enumerate(legend.provinces)}
        for step, province, item, item_2, value in self._asked().execute(query).fetchall():
            _, at = self._places[legend.arms[arm].arm, name, item, item_2]
            found[(step, provinces[province], *at)] = value
        return found

    def dates(self) -> list[tuple[dt.date, dt.date]]:
        """The first day of every step and the first day after it."""
        query = f"SELECT DISTINCT first_day, end_day FROM {self._counts} ORDER BY 1"  # noqa: S608
        return [(row[0], row[1]) for row in self._asked().execute(query).fetchall()]

    @cached_property
    def _places(self) -> dict[tuple[str, str, str | None, str | None], tuple[int, tuple[int, ...]]]:
        """Give the place in the arrays of whatever the long table can say."""
        legend = self.provenance.legend
        found: dict[Any, tuple[int, tuple[int, ...]]] = {}
        for number, arm in enumerate(legend.arms):
            for count in COUNTS:
                if not legend.extents.keys() >= set(count.axes):
                    continue
                if not count.axes:
                    found[arm.arm, count.name, None, None] = (number, ())
                    continue
                for first, item in enumerate(legend.codes(count.axes[0], number)):
                    if len(count.axes) == 1:
                        found.setdefault((arm.arm, count.name, item, None), (number, (first,)))
                        continue
                    for second, item_2 in enumerate(legend.codes(count.axes[1], number, first)):
                        key = (arm.arm, count.name, item, item_2)
                        found.setdefault(key, (number, (first, second)))
        return found

    def _baseline(self) -> str:
        arms = self.provenance.legend.arms
        for arm in arms:
            if arm.is_baseline:
                return arm.arm
        names = ", ".join(arm.arm for arm in arms)
        raise BadUsage(f"no arm of this run is a baseline; say against which one: {names}")

    @property
    def _counts(self) -> str:
        return parquet([self.path / COUNTS_FILE])

    @property
    def _outcomes(self) -> str:
        if not self.has_outcomes:
            raise BadUsage(
                f"{self.path} was run with `--collect counts` and holds no outcome rows; run it"
                " again without to have them"
            )
        parts = sorted(n for n in self.provenance.parts if n.startswith(f"{OUTCOMES}/"))
        if not parts:
            raise DamagedRun(f"{self.path} is damaged: it names no outcome rows")
        return parquet([self.path / name for name in parts])

    def _asked(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            self._connection = connect()
        return self._connection

    def _table(self, query: str) -> Table:
        return Table(self._asked().sql(query), self)
