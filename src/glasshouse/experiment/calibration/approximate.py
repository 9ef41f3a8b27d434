"""Approximate Bayesian computation: a population of parameter sets that draws nearer the figures.

Sequential Monte Carlo of Beaumont, Cornuet, Marin and Robert (2009): generation after generation
the tolerance falls to a quantile of the accepted distances, and parameter sets are drawn from the
last population, moved by a normal of twice its weighted variance, and weighted by prior over
proposal. The prior is uniform in the unit cube; what a coordinate means is the caller's. Pure and
deterministic: the same seed and the same distances give the same populations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Parameter sets in the unit cube, [set, parameter]."""

Distances = Callable[[Points, int], NDArray[np.float64]]
"""Gives the distance of every set, whose first has the given number among all that were asked."""


class Population(NamedTuple):
    """Parameter sets that were accepted at a tolerance, with weights that sum to one."""

    points: Points
    distances: NDArray[np.float64]
    weights: NDArray[np.float64]
    numbers: NDArray[np.int64]
    """The number of each set among all that were asked."""
    tolerance: float
    generation: int
    asked: int
    """How many sets had been asked when the population was full."""


def populations(
    distances: Distances, parameters: int, *, size: int, budget: int, seed: int,
    keep: float = 0.5,
) -> Iterator[Population]:  # fmt: skip
    """Give one population after another, until ``budget`` sets have been asked.

    The first is drawn from the prior and holds ``size`` sets; each next one takes the ``keep``
    quantile of the last distances for its tolerance. A generation that the budget cuts short is
    left out.
    """
    chance = np.random.Generator(np.random.Philox(seed))
    points = chance.random((min(size, budget), parameters))
    found = distances(points, 0)
    asked = len(points)
    there = np.isfinite(found)
    points, found, numbers = points[there], found[there], np.flatnonzero(there)
    if not len(points):
        return
    even = np.full(len(points), 1 / len(points))
    last = Population(points, found, even, numbers, float("inf"), 0, asked)
    yield last
    generation = 1
    while asked < budget:
        tolerance = float(np.quantile(last.distances, keep))
        population = _next(distances, last, tolerance, size, budget, generation, chance)
        if population is None:
            return
        last, asked, generation = population, population.asked, generation + 1
        yield last


def _next(
    distances: Distances, last: Population, tolerance: float, size: int, budget: int,
    generation: int, chance: np.random.Generator,
) -> Population | None:  # fmt: skip
    spread = spread_of(last)
    asked = last.asked
    chosen: list[Points] = []
    near: list[NDArray[np.float64]] = []
    numbers: list[NDArray[np.int64]] = []
    while sum(len(points) for points in chosen) < size:
        batch = min(size, budget - asked)
        if batch <= 0:
            return None
        points = moved(last, spread, batch, chance)
        found = distances(points, asked)
        fits = np.isfinite(found) & (found <= tolerance)
        chosen.append(points[fits])
        near.append(found[fits])
        numbers.append(asked + np.flatnonzero(fits))
        asked += batch
    points = np.concatenate(chosen)[:size]
    weights = 1 / density(points, last, spread)
    return Population(
        points, np.concatenate(near)[:size], weights / weights.sum(),
        np.concatenate(numbers)[:size], tolerance, generation, asked,
    )  # fmt: skip


def spread_of(population: Population) -> NDArray[np.float64]:
    """Give the standard deviations of the moves: of twice the weighted variance, never zero."""
    mean = population.weights @ population.points
    variance = population.weights @ (population.points - mean) ** 2
    return np.maximum(np.sqrt(2 * variance), 1e-3)


def moved(
    population: Population, spread: NDArray[np.float64], number: int, chance: np.random.Generator
) -> Points:
    """Draw sets from a population and move them; a move out of the cube is drawn again."""
    found = np.empty((0, population.points.shape[1]))
    while len(found) < number:
        picked = chance.choice(len(population.points), number, p=population.weights)
        tried = population.points[picked] + spread * chance.standard_normal((number, len(spread)))
        inside = ((tried >= 0) & (tried <= 1)).all(axis=1)
        found = np.concatenate([found, tried[inside]])
    return found[:number]


def density(points: Points, last: Population, spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the density of the proposals at some points, up to a factor; the prior there is one.

    A normal cut off at the faces of the cube is divided by the share of it that lies inside.
    """
    from scipy.special import ndtr

    apart = (points[:, None, :] - last.points[None, :, :]) / spread
    kernel = np.exp(-0.5 * (apart**2).sum(axis=2))
    inside = ndtr((1 - last.points) / spread) - ndtr(-last.points / spread)
    return np.asarray(kernel @ (last.weights / inside.prod(axis=1)))


def quantiles(
    values: NDArray[np.float64], weights: NDArray[np.float64], shares: tuple[float, ...]
) -> tuple[float, ...]:
    """Give weighted quantiles: the least value at which so much of the weight is reached."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached, np.array(shares) * reached[-1] - 1e-12)
    return tuple(float(values[order][min(place, len(values) - 1)]) for place in places)
