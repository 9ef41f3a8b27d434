"""What a metric sees of one arm of a run: outcome rows, counts by step, and what they are called.

Nothing here reads a file. `report.observing` fills it from a run directory, a test by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.metrics.estimate import (
    ANY,
    POSITIVE,
    Estimate,
    NotKnown,
    Statistic,
    of_sums,
    share_of,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from glasshouse.law.experiment import ArmRules

GROUPS = 64
"""Into at most so many groups the communities are folded."""

KEPT_BYTES = 1 << 28
"""Columns of so many bytes are kept of each arm or group; what is more is read again."""

KINDS = ("nobody", "person", "enterprise", "court", "government")
"""The codes of the column `kind`."""

SEXES = ("male", "female")
"""The codes of the column `sex`."""

PERSON = KINDS.index("person")

LABELS = ("rightly", "not_theirs", "could_not", "lawful")
"""What stands behind a listing, in the order of the counts."""

WRONG = LABELS[1:]

PRAISED = ("rewarded", "reporting", "afforded")
"""How acts answer that rules praise."""


class Act(NamedTuple):
    """An act type, as far as metrics tell acts apart."""

    act: str
    is_culpable: bool = False
    response: str = "unmoved"
    domain: str = ""
    is_ruled: bool = False
    """Whether some arm gives points for it or lists for it."""
    context: str = ""
    """The context of life in which it is done; empty where none is declared."""
    is_punished: bool = False
    """Whether a provision of this arm takes points or lists for it."""
    is_rewarded: bool = False
    """Whether a provision of this arm gives points or honours for it, and none punishes it."""
    is_worthless: bool = False
    """Declared to be of no use to anybody else."""
    points_lost: float = 0.0
    """The most points that it can cost in this arm."""

    @property
    def is_lawful_sensitive(self) -> bool:
        """Whether it is an act that fear silences and that is nobody's offence."""
        return self.response == "chilled" and not self.is_culpable

    @property
    def is_praised(self) -> bool:
        """Whether rules praise it."""
        return self.response in PRAISED


class Instrument(NamedTuple):
    """A score: its rulebook, whom it scores and its grades from the lowest up."""

    rulebook: str
    grades: tuple[str, ...] = ()
    applies_to: str = "person"


class Names(NamedTuple):
    """What the codes of one arm's counts and rows stand for, each in the order of its codes."""

    acts: tuple[Act, ...] = ()
    counters: tuple[str, ...] = ()
    counter_contexts: tuple[str, ...] = ()
    """The context of life of every counter."""
    contexts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    labels: tuple[str, ...] = LABELS
    reasons: tuple[str, ...] = ("stays", "overturned", "performed", "expired", "grade_recovered")
    provinces: tuple[str, ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    """The first day of every step and the first after it, counted from the first of the run."""
    axes: Mapping[str, tuple[str, ...]] = {}
    """Names along the axes of the counts, for those that every instrument shares."""
    evidence: Mapping[str, str] = {}
    """Evidence status of the mechanisms that are on in the arm, by id."""
    related: frozenset[tuple[str, str]] | None = None
    """The pairs of contexts that belong together, each in both orders and with itself; None where
    nobody has declared any."""
    taking: tuple[int, ...] = ()
    """How many provisions take points or list, in force on the first day of each step."""
    giving: tuple[int, ...] = ()
    """How many provisions give points or honour, in force on the first day of each step."""
    stands_for: float = float("nan")
    """How many persons of the published tables a row stands for."""
    rules: ArmRules | None = None
    """The rulebooks and assumptions of the arm, where they are at hand."""

    @property
    def years(self) -> float:
        """How long the run lasted."""
        return (self.days[-1][1] - self.days[0][0]) / 365.25 if self.days else float("nan")


class Observed(NamedTuple):
    """One arm of one run.

    ``rows`` hold one value a row, by person, the same rows in every arm. Texts stand as codes:
    ``province`` in ``names.provinces``, ``kind`` in KINDS, ``sex`` 0 male and 1 female, a grade
    (``grade_<rulebook>``) in the grades of its instrument; -1 (and a score of nan) is none. What
    else the outcomes table holds stands under its name there: ``listed_days_<label>``.
    """

    arm: str
    rows: Mapping[str, NDArray[np.generic]]
    twin: Mapping[str, NDArray[np.generic]] | None = None
    """The same rows in the baseline arm; None where this is the baseline or there is none."""
    steps: Mapping[str, NDArray[np.int64]] = {}
    """Every count as [step, province, axes of the registry]."""
    twin_steps: Mapping[str, NDArray[np.int64]] | None = None
    names: Names = Names()
    others: tuple[Observed, ...] = ()
    """The other policy arms, over the same rows; they have no others themselves."""
    is_baseline: bool = False
    group: str = ""
    """What part of the society this is; empty for the whole."""
    only: tuple[int, ...] | None = None
    """The provinces whose counts these are; None means all, () that counts cannot follow."""

    # --- rows ----------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.rows["community"]) if "community" in self.rows else 0

    def row(self, name: str) -> NDArray[np.float64]:
        """Give a column of the rows as floating-point numbers, or say that it was not kept."""
        return np.asarray(_column(self.rows, name), np.float64)

    def twin_row(self, name: str) -> NDArray[np.float64]:
        """Give a column of the same rows in the baseline."""
        if self.twin is None:
            raise NotKnown("no arm of the run is a baseline to compare with")
        return np.asarray(_column(self.twin, name), np.float64)

    def summed(self, stem: str) -> NDArray[np.float64]:
        """Give the sum of all columns that begin with a stem: burden over all contexts."""
        found = [name for name in self.rows if name.startswith(f"{stem}_")]
        if not found:
            _column(self.rows, stem)
        total: NDArray[np.float64] = np.sum([self.row(name) for name in found], axis=0)
        return total

    def listed_days(self, labels: tuple[str, ...] = LABELS) -> NDArray[np.float64]:
        """Give the days on lists, of some labels together."""
        days = [self.row(f"listed_days_{label}") for label in labels]
        total: NDArray[np.float64] = np.sum(days, axis=0)
        return total

    def communities(self) -> NDArray[np.int64]:
        """Give the group of communities of every row: communities folded into at most 64."""
        return np.asarray(_column(self.rows, "community"), np.int64) % GROUPS

    def sums(self, *values: ArrayLike) -> NDArray[np.float64]:
        """Add up values of the rows by group of communities: [group, value]."""
        groups = self.communities()
        return np.stack(
            [
                np.bincount(groups, np.asarray(value, np.float64), minlength=GROUPS)
                for value in values
            ],
            axis=1,
        )

    def share(self, part: ArrayLike, whole: ArrayLike, undefined: str) -> Estimate:
        """Estimate the share of the rows of ``whole`` that are also of ``part``."""
        inside = np.asarray(whole, bool)
        return share_of(self.sums(np.asarray(part, bool) & inside, inside), undefined=undefined)

    def estimate(
        self,
        statistic: Statistic,
        *values: ArrayLike,
        within: tuple[float, float] = ANY,
        cut: bool = False,
        undefined: str = "nothing to divide by",
    ) -> Estimate:
        """Estimate a statistic of the sums of some values of the rows."""
        sums = self.sums(*values)
        return of_sums(sums, statistic, within=within, cut=cut, undefined=undefined)

    def scores(self) -> tuple[Instrument, ...]:
        """Give the scores of the arm that are for somebody of a kind that is here."""
        kinds = set(np.unique(_column(self.rows, "kind")).tolist())
        return tuple(one for one in self.names.instruments if KINDS.index(one.applies_to) in kinds)

    def where(
        self,
        keep: NDArray[np.bool_],
        group: str = "",
        provinces: tuple[int, ...] | None = (),
    ) -> Observed:
        """Give the rows of one group of people.

        Counts are kept by province alone: ``provinces`` are those that the group consists of, whose
        counts are then this group's; for any other group a metric on counts is not known. None
        leaves the counts as they are.
        """
        places = np.flatnonzero(keep)
        return self._replace(
            rows=Picked(self.rows, places),
            twin=None if self.twin is None else Picked(self.twin, places),
            others=tuple(other.where(keep, group, provinces) for other in self.others),
            group=group or self.group,
            only=self.only if provinces is None else provinces,
        )

    # --- counts --------------------------------------------------------------------------------

    def steps_of(self, name: str) -> NDArray[np.int64]:
        """Give a count as [step, province, axes], or say why it is not known."""
        return self._of_provinces(_count(self.steps, name), 1)

    def total(self, name: str) -> NDArray[np.int64]:
        """Give a count over all steps as [province, axes]."""
        return self._of_provinces(total_of(self.steps, name), 0)

    def last(self, name: str) -> NDArray[np.int64]:
        """Give a count of the last step as [province, axes]."""
        return self._of_provinces(last_of(self.steps, name), 0)

    def twin_total(self, name: str) -> NDArray[np.int64]:
        """Give a count of the baseline over all steps as [province, axes]."""
        if self.twin_steps is None:
            raise NotKnown("no arm of the run is a baseline to compare with")
        return self._of_provinces(total_of(self.twin_steps, name), 0)

    def twin_steps_of(self, name: str) -> NDArray[np.int64]:
        """Give a count of the baseline as [step, province, axes]."""
        if self.twin_steps is None:
            raise NotKnown("no arm of the run is a baseline to compare with")
        return self._of_provinces(_count(self.twin_steps, name), 1)

    def has(self, name: str) -> bool:
        """Say whether a count was collected."""
        return name in self.steps

    def place(self, axis: str, name: str) -> int:
        """Give the place of a name along an axis of the counts, or say that it was not counted."""
        names = self.names.axes.get(axis, ())
        if name not in names:
            raise NotKnown(f"this run does not count `{name}`")
        return names.index(name)

    def of_provinces(
        self,
        statistic: Statistic,
        *values: ArrayLike,
        within: tuple[float, float] = POSITIVE,
        undefined: str = "nothing to divide by",
    ) -> Estimate:
        """Estimate a statistic of the sums of counts by province, which are whole communities.

        Provinces are few and unequal, which the degrees of freedom take into account.
        """
        sums = np.stack([np.asarray(value, np.float64) for value in values], axis=1)
        return of_sums(sums, statistic, within=within, sizes=self.sizes(), undefined=undefined)

    def sizes(self) -> NDArray[np.float64] | None:
        """Give the persons of every province; None where they were not counted."""
        return np.asarray(self.last("persons"), np.float64) if self.has("persons") else None

    def share_of_counts(self, part: ArrayLike, whole: ArrayLike, undefined: str) -> Estimate:
        """Estimate a share of two counts by province; its interval is over provinces."""
        sums = np.stack([np.asarray(part, np.float64), np.asarray(whole, np.float64)], axis=1)
        return share_of(sums, sizes=self.sizes(), undefined=undefined)

    def _of_provinces(self, array: NDArray[np.int64], axis: int) -> NDArray[np.int64]:
        if self.only is None:
            return array
        if not self.only:
            raise NotKnown("counts are kept by province and not by what splits people here")
        return np.take(array, self.only, axis=axis)


class Kept:
    """Arrays by name, made when they are asked for and kept as long as there is room."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        """Take how many bytes are kept; what was made first is let go first."""
        self._most, self._bytes = most_bytes, 0
        self._arrays: dict[str, NDArray[Any]] = {}

    def get(self, name: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Give an array, made now or before."""
        if name in self._arrays:
            return self._arrays[name]
        found = make()
        self._arrays[name] = found
        self._bytes += found.nbytes
        while self._bytes > self._most and len(self._arrays) > 1:
            self._bytes -= self._arrays.pop(next(iter(self._arrays))).nbytes
        return found


class Picked(Mapping[str, "NDArray[np.generic]"]):
    """Some rows of columns; a column is picked when it is asked for."""

    def __init__(self, rows: Mapping[str, NDArray[np.generic]], places: NDArray[np.int64]) -> None:
        """Take columns and the places of the rows."""
        self._rows, self._places = rows, places
        self._kept = Kept()

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        """Give the values of a column at the places."""
        return self._kept.get(name, lambda: np.asarray(self._rows[name])[self._places])

    def __contains__(self, name: object) -> bool:
        """Say whether there is such a column, without picking it."""
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class Steps(Mapping[str, "NDArray[np.int64]"]):
    """Counts of one arm whose sums and last step can be had without every step in memory."""

    def total(self, name: str) -> NDArray[np.int64]:
        """Give a count over all steps as [province, axes]."""
        return self[name].sum(axis=0)  # type: ignore[no-any-return]

    def last(self, name: str) -> NDArray[np.int64]:
        """Give a count of the last step as [province, axes]."""
        last: NDArray[np.int64] = self[name][-1]
        return last


def total_of(steps: Mapping[str, NDArray[np.int64]], name: str) -> NDArray[np.int64]:
    """Give a count over all steps as [province, axes]."""
    if isinstance(steps, Steps) and name in steps:
        return steps.total(name)
    return _count(steps, name).sum(axis=0)  # type: ignore[no-any-return]


def last_of(steps: Mapping[str, NDArray[np.int64]], name: str) -> NDArray[np.int64]:
    """Give a count of the last step as [province, axes]."""
    if isinstance(steps, Steps) and name in steps:
        return steps.last(name)
    last: NDArray[np.int64] = _count(steps, name)[-1]
    return last


def _count(steps: Mapping[str, NDArray[np.int64]], name: str) -> NDArray[np.int64]:
    if name not in steps:
        raise NotKnown(f"this run did not count `{name}`")
    return steps[name]


def _column(rows: Mapping[str, NDArray[np.generic]], name: str) -> NDArray[np.generic]:
    if not rows:
        raise NotKnown("the run kept counts alone (`--collect counts`) and no outcome rows")
    if name not in rows:
        raise NotKnown(f"this run kept no column `{name}`")
    return rows[name]
