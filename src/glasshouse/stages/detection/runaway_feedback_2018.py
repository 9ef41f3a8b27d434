"""Attention sent where incidents were recorded: an urn with a ball for each record.

After *Runaway Feedback Loops in Predictive Policing* (2018). Two places have balls in an urn. Each
day attention goes to the place of a ball drawn from it; there an incident is discovered as often as
the place's rate says, and a discovery puts balls of that place into the urn. Days on which nothing
is put in change nothing and are left out here: from one addition to the next, the place that is
added to is drawn by the chances of the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Urn(NamedTuple):
    """Two places: the first and the other."""

    start: tuple[float, float]
    """Balls of the two places in the beginning."""
    rates: tuple[float, float]
    """Discoveries a visit; only their ratio matters for what is added next."""
    balls: float = 1.0
    """Balls that a discovery adds."""
    corrected: bool = False
    """Whether a discovery counts only with probability one minus the share of its place, which is
    how often it was to be expected."""


def chances(urn: Urn, share: Floats) -> tuple[Floats, Floats]:
    """Give the chances (in proportion) that a day adds balls of the first and the other place."""
    visited = share, 1 - share
    counted = (1 - share, share) if urn.corrected else (np.ones_like(share),) * 2
    first, other = (
        went * rate * kept for went, rate, kept in zip(visited, urn.rates, counted, strict=True)
    )
    return first, other


def shares(
    urn: Urn, additions: Iterable[int], replicates: int, luck: Callable[[int], Floats]
) -> Floats:
    """Give the first place's share of the urn after so many additions; f8 [when, replicate].

    ``additions`` rise. ``luck`` gives, for the number of an addition, an even number between 0 and
    1 for each replicate.
    """
    first = np.full(replicates, float(urn.start[0]))
    total = float(sum(urn.start))
    made, found = 0, []
    for until in additions:
        for number in range(made, until):
            here, there = chances(urn, first / total)
            first += urn.balls * (luck(number) * (here + there) < here)
            total += urn.balls
        made = until
        found.append(first / total)
    return np.stack(found)
