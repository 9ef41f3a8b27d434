"""Recourse: which listings can be undone, and from which no path leads out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.law.rulebook import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from glasshouse.law.experiment import ArmRules

RIGHTLY, NOT_THEIRS, COULD_NOT, LAWFUL = range(4)
"""The labels of a listing, in the order of the counts."""


class Ways(NamedTuple):
    """The ways off a list that its law knows."""

    contest: bool
    ends: bool
    """After some days, or when the grade is another, whatever the listed person does."""
    performance: bool

    @property
    def unheard(self) -> tuple[bool, bool, bool, bool]:
        """By label, whether a listing cannot be contested: it can end but is never undone."""
        return (not self.contest,) * 4

    @property
    def closed(self) -> tuple[bool, bool, bool, bool]:
        """By label, whether no path leads out: performing is no way for who could not comply."""
        shut = not self.contest and not self.ends
        performs = shut and not self.performance
        return (performs, performs, shut, performs)


def ways_of(listing: Listing) -> Ways:
    """Give the ways off a list."""
    ends = listing.term.days is not None or listing.expires is not None
    return Ways(
        contest=listing.contest is not None,
        ends=ends or listing.term.until in {"grade_recovers", "grade_falls"},
        performance=listing.performance is not None and listing.performance.deletes,
    )


class ShutIn(NamedTuple):
    """Wrongly listed people for whom the law knows no way out, and none to be heard."""

    wrongly: int
    unheard: int
    """On lists that nobody can contest: the wrong can end, but is never undone."""
    shut_in: int
    """No contest, no end by itself, and performing is no way for who could not comply."""

    @property
    def unheard_share(self) -> float:
        """The share whom nobody hears."""
        return self.unheard / self.wrongly if self.wrongly else 0.0

    @property
    def shut_in_share(self) -> float:
        """The share whom no path leads out."""
        return self.shut_in / self.wrongly if self.wrongly else 0.0


def shut_in(stock: Any, ways: Sequence[Ways]) -> ShutIn:
    """Count, over the listings in force by list and label, those from which no path leads out.

    ``stock[list][label]`` is the count `stock`; ``ways`` has the lists in the same order.
    """
    wrongly = unheard = closed = 0
    for labels, way in zip(stock, ways, strict=True):
        for label in (NOT_THEIRS, COULD_NOT, LAWFUL):
            here = int(labels[label])
            wrongly += here
            unheard += here * way.unheard[label]
            closed += here * way.closed[label]
    return ShutIn(wrongly, unheard, closed)


def ways_off(rules: ArmRules, lists: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Give which listings nobody hears, and which no path leads out of, as [list, label].

    ``lists`` names them ``rulebook/list``, in the order of the counts. Where several provisions
    have made a list, over time or in several places, a way out that one of them has is one.
    """
    unheard = np.ones((len(lists), 4), bool)
    closed = np.ones((len(lists), 4), bool)
    for use in rules.rulebooks:
        for provision in use.rulebook.provisions:
            name = f"{use.rulebook.rulebook}/{getattr(provision, 'list_id', '')}"
            if isinstance(provision, Listing) and name in lists:
                ways = ways_of(provision)
                unheard[lists.index(name)] &= ways.unheard
                closed[lists.index(name)] &= ways.closed
    return unheard, closed
