"""Ratios from interleaved pairs: what disturbs the machine for a while disturbs both alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

Work = Callable[[], float]
"""Does a piece of work and gives how much it was (person-months)."""

Clock = Callable[[], float]


class Ratio(NamedTuple):
    """A ratio, measured several times."""

    value: float
    """The median of the pairs."""
    lowest: float
    highest: float
    pairs: int


def ratio_of(found: list[float]) -> Ratio:
    """Give the median of the pairs with the smallest and the largest."""
    return Ratio(median(found), min(found), max(found), len(found))


def cost(work: Work, clock: Clock) -> float:
    """Give the seconds that one person-month of a piece of work takes."""
    began = clock()
    done = work()
    return (clock() - began) / done


def interleaved(one: Work, other: Work, pairs: int, *, clock: Clock = time.process_time) -> Ratio:
    """Give the cost of ``one`` over that of ``other``; the pieces take turns at going first.

    With the clock of the process, time that other programs have the core does not count.
    """
    found = []
    for number in range(pairs):
        if number % 2:
            below = cost(other, clock)
            above = cost(one, clock)
        else:
            above = cost(one, clock)
            below = cost(other, clock)
        found.append(above / below)
    return ratio_of(found)
