"""Recourse: which listings can be undone, and from which no path leads out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.law.rulebook import Listing

RIGHTLY, NOT_THEIRS, COULD_NOT, LAWFUL = range(4)
"""The labels of a listing, in the order of the counts."""


class Ways(NamedTuple):
    """The ways off a list that its law knows."""

    contest: bool
    ends: bool
    """After some days, or when the grade is another, whatever the listed person does."""
    performance: bool


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
            if not way.contest:
                unheard += here
                performs = way.performance and label != COULD_NOT
                closed += 0 if way.ends or performs else here
    return ShutIn(wrongly, unheard, closed)
