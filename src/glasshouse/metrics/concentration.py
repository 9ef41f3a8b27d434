"""How unequally something falls on people, and how far they can move: Gini, Shorrocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.estimate import SHARE, Estimate, of_sums, unknown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from glasshouse.metrics.estimate import Statistic

BINS = 2048
"""Beyond so many different values, neighbours are taken together at their mean."""


def gini(values: ArrayLike, people: ArrayLike) -> NDArray[np.float64]:
    """Give Gini's coefficient of a quantity that ``people`` hold by ``values``, on the last axis.

    ``values`` rise and none is below zero; 0 is all alike and 1 - 1/n everything with one of n. It
    is the mean difference of two persons over twice the mean; nan where nobody holds anything.
    """
    held = np.asarray(values, np.float64)
    many = np.asarray(people, np.float64)
    below = np.cumsum(many, axis=-1) - many
    above = many.sum(axis=-1, keepdims=True) - below - many
    total = many.sum(axis=-1) * (many * held).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((many * held * (below - above)).sum(axis=-1) / total, np.float64)


def gini_of(
    groups: NDArray[np.int64], values: NDArray[np.float64], group_count: int, undefined: str
) -> Estimate:
    """Estimate Gini's coefficient of values of persons who stand in groups of communities."""
    if not len(values):
        return unknown(undefined)
    if (values < 0).any():
        return unknown("some stand below zero, where a coefficient of concentration says nothing")
    held, place = np.unique(values, return_inverse=True)
    if len(held) > BINS:
        edge = np.searchsorted(np.sort(values), held, side="left") * BINS // len(values)
        _, joined = np.unique(edge, return_inverse=True)
        weight = np.bincount(place, minlength=len(held))
        held = np.bincount(joined, held * weight) / np.bincount(joined, weight)
        place = joined[place]
    cells = groups * len(held) + place
    people = np.bincount(cells, minlength=group_count * len(held)).reshape(group_count, -1)
    return of_sums(
        people.astype(np.float64), lambda some: gini(held, some), within=SHARE, undefined=undefined
    )


def shorrocks(moves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give Shorrocks' index of mobility of moves [from, to]: (k - trace) / (k - 1).

    The trace is that of the matrix of shares: of those in a grade, who are in it afterwards. 0 is
    nobody ever moves, 1 where the grade after says nothing of the grade before. Grades in which
    nobody stood are left out of k; nan where fewer than two are left.
    """
    stood = moves.sum(axis=-1)
    stays = np.diagonal(moves, axis1=-2, axis2=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        trace = np.where(stood > 0, stays / np.where(stood > 0, stood, 1.0), 0.0).sum(axis=-1)
        grades = (stood > 0).sum(axis=-1)
        found = (grades - trace) / (grades - 1)
    return np.where(grades > 1, found, np.nan)


def mobility(grades: int) -> Statistic:
    """Give Shorrocks' index as a statistic of flattened moves between so many grades."""

    def of(moves: NDArray[np.float64]) -> NDArray[np.float64]:
        return shorrocks(moves.reshape(*moves.shape[:-1], grades, grades))

    return of
