"""What a run holds, moved to the places that its fork has for it.

A fork may have scores and lists that the run had not. They stand behind or between those of the
run, always in the order of their names, so that what is kept in order stays in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.archive.history import Thin
from glasshouse.engine.branching import has_same_layout
from glasshouse.engine.plan.memory import extents
from glasshouse.engine.sweep.closing import FIRST_SCORE
from glasshouse.stages.record.record_kernel import N_LABELS, ring_year
from glasshouse.state.columns import ENTRY_POOL, LISTING_POOL, OUTCOME, POOL_SIZES, STATE
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.archive.columns import Columns
    from glasshouse.archive.history import Cells
    from glasshouse.engine.plan.plan import Plan
    from glasshouse.state.columns import Column
    from glasshouse.state.counts import Count

MOVES = ("instrument", "list", "move")
"""Axes whose places may be others in a fork."""


@dataclass(frozen=True)
class Move:
    """The places of a run and those of its fork."""

    old: Plan
    new: Plan
    step: int
    """The first step of the fork's own."""

    @property
    def is_possible(self) -> bool:
        """Whether what is held can be moved; otherwise it can only be made anew."""
        names = zip(self.old.names.grades, self.new.names.grades, self.instruments, strict=True)
        grades = [list(before) == [after[at] for at in places] for before, after, places in names]
        places = (self.instruments, self.lists)
        rises = all((np.diff(arm) > 0).all() for arms in places for arm in arms)
        is_longer = self.old.sizes.ring < self.new.sizes.ring
        same = self.old.sizes.ring == self.new.sizes.ring
        return all(grades) and rises and (same or (is_longer and self._keeps_plainly))

    @cached_property
    def _keeps_plainly(self) -> bool:
        """Whether every score has kept points for the same time ever since there was one.

        Then a ledger holds the years that count and nothing else, whatever the length of its ring.
        """
        since: dict[tuple[int, int], tuple[int, int]] = {}
        for when in self.old.steps[: self.step]:
            rules = self.old.tables_of(when).rules
            on = np.bitwise_or.reduce(rules.instruments_on, axis=1)
            for arm, instrument in np.ndindex(rules.kept_years.shape):
                at = arm, instrument
                keeps = int(rules.kept_years[at]), int(rules.kept_for_good[at])
                is_on = bool(int(on[arm]) >> instrument & 1)
                if since.setdefault(at, keeps) != keeps if is_on else at in since:
                    return False
        return True

    @cached_property
    def is_needed(self) -> bool:
        """Whether anything stands elsewhere."""
        return not has_same_layout(self.old, self.new)

    @cached_property
    def instruments(self) -> list[NDArray[np.int64]]:
        """By arm, where every score of the run stands in the fork."""
        return _places(self.old.names.instruments, self.new.names.instruments)

    @cached_property
    def lists(self) -> list[NDArray[np.int64]]:
        """By arm, where every list of the run stands in the fork."""
        return _places(self.old.names.lists, self.new.names.lists)

    def columns(self, held: Columns, into: Columns) -> None:
        """Fill what moves of some communities, laid out and begun, from what the run held."""
        for column in (*STATE, *OUTCOME, *ENTRY_POOL, *LISTING_POOL, *POOL_SIZES):
            key = column.group, column.name
            for arm in range(self.new.sizes.arms):
                self._column(column, held.arrays[key][:, arm], into.arrays[key][:, arm], arm)

    def _column(self, column: Column, held: Any, into: Any, arm: int) -> None:
        """Fill one arm of a column."""
        if "instrument" in column.axes:
            into[:, self.instruments[arm]] = held[:, : len(self.instruments[arm])]
        elif "cell" in column.axes:
            of_held, of_into = (
                array.reshape(len(array), sizes.instruments, sizes.ring, N_LABELS, array.shape[-1])
                for array, sizes in ((held, self.old.sizes), (into, self.new.sizes))
            )
            for old, new in enumerate(self.instruments[arm]):
                for here, there in self._years(arm, old):
                    of_into[:, new, there] = of_held[:, old, here]
        elif column.name == "listed":
            into[...] = bits_moved(held, self.lists[arm])
        elif column.name == "announced":
            scores = bits_moved(held // FIRST_SCORE, self.instruments[arm])
            into[...] = held % FIRST_SCORE + scores * FIRST_SCORE
        elif column.name == "on_list":
            known = np.append(self.lists[arm], 0)
            into[...] = known[np.minimum(held, len(known) - 1)]
        else:
            into[...] = held

    def _years(self, arm: int, instrument: int) -> list[tuple[int, int]]:
        """Give where the years of a ledger stand, in the run and in the fork."""
        last = self.old.steps[self.step - 1]
        old, new = self.old.sizes.ring, self.new.sizes.ring
        if old == new:
            return [(place, place) for place in range(old)]
        if self.old.tables_of(last).rules.kept_for_good[arm, instrument]:
            return [(0, 0)]
        years = range(last.year - old + 1, last.year + 1)
        return [(ring_year(year, old, 0), ring_year(year, new, 0)) for year in years]

    def counts(self, held: Thin) -> Thin:
        """Give the counts of a step as the fork counts."""
        if not self.is_needed:
            return held
        found: dict[str, Cells] = {}
        for count in COUNTS:
            if set(count.axes) & set(MOVES):
                found |= Thin.of({count.name: self._count(count, held[count.name])}).cells
            else:
                found[count.name] = held.cells[count.name]
        return Thin(found)

    def _count(self, count: Count, held: NDArray[Any]) -> NDArray[np.int64]:
        """Give one count as the fork counts it."""
        before, after = (extents(plan.sizes) for plan in (self.old, self.new))
        lead = held.shape[:2]
        old_shape, new_shape = (
            [n for axis in count.axes for n in _lengths(axis, lengths, plan.sizes.grades)]
            for lengths, plan in ((before, self.old), (after, self.new))
        )
        whole = held.reshape(*lead, *old_shape)
        into = np.zeros((*lead, *new_shape), np.int64)
        maps = self.lists if "list" in count.axes else self.instruments
        rest = tuple(slice(0, n) for n in old_shape[1:])
        for arm, places in enumerate(maps):
            into[arm][(slice(None), places, *rest)] = whole[arm][:, : len(places)]
        return into.reshape(*lead, -1)


def bits_moved(held: Any, places: Any) -> Any:
    """Give bits at other places."""
    moved = np.zeros_like(held)
    for old, new in enumerate(places):
        moved |= ((held >> old) & 1).astype(held.dtype) << int(new)
    return moved


def _lengths(axis: str, lengths: dict[str, int], grades: int) -> tuple[int, ...]:
    """Give the lengths behind an axis: a move is from a grade to a grade."""
    return (grades, grades) if axis == "move" else (lengths[axis],)


def _places(
    old: tuple[tuple[str, ...], ...], new: tuple[tuple[str, ...], ...]
) -> list[NDArray[np.int64]]:
    return [
        np.array([after.index(name) for name in before], np.int64)
        for before, after in zip(old, new, strict=True)
    ]
