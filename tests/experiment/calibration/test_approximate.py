"""Populations draw nearer what was observed, and are what a closed form says."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from glasshouse.experiment.calibration.approximate import (
    Population,
    density,
    populations,
    quantiles,
    spread_of,
)


def gone_through(budget: int, seed: int = 1, size: int = 40) -> list[Population]:
    """Fit the mean of a noisy number to 0.3, and a second parameter to nothing."""
    noise = np.random.Generator(np.random.Philox(99)).standard_normal(budget) * 0.02

    def distances(points: np.ndarray, first: int) -> np.ndarray:
        return np.abs(points[:, 0] + noise[first : first + len(points)] - 0.3)

    return list(populations(distances, 2, size=size, budget=budget, seed=seed))


def test_the_population_gathers_where_the_figure_is_and_nowhere_else() -> None:
    """The posterior of a seen parameter is normal about 0.3; an unseen one keeps its prior.

    The last population has a weighted mean within five of its standard errors, which a normal
    exceeds once in 1.7 million.
    """
    last = gone_through(2000)[-1]
    mean = last.weights @ last.points
    effective = 1 / (last.weights**2).sum()
    spread = np.sqrt(last.tolerance**2 / 3 + 0.02**2)
    assert abs(mean[0] - 0.3) < 5 * spread / np.sqrt(effective)
    assert abs(mean[1] - 0.5) < 5 * np.sqrt(1 / 12 / effective)
    assert last.points[:, 0].std() < 0.1 < last.points[:, 1].std()


def test_tolerances_fall_and_weights_sum_to_one() -> None:
    """Every population is nearer than the one before, and is a distribution."""
    found = gone_through(800)
    assert len(found) > 3
    for before, after in pairwise(found):
        assert after.tolerance < before.tolerance
        assert (after.distances <= after.tolerance).all()
        assert after.weights.sum() == pytest.approx(1)
        assert len(after.points) == 40


def test_the_same_seed_gives_the_same_populations() -> None:
    """Populations are a function of the seed and the distances; another seed gives others."""
    one, same, other = gone_through(300), gone_through(300), gone_through(300, seed=2)
    assert np.array_equal(one[-1].points, same[-1].points)
    assert not np.array_equal(one[0].points, other[0].points)


def test_no_more_is_asked_than_the_budget() -> None:
    """A budget below one population is one small population; never is a set too many asked."""
    asked = []

    def distances(points: np.ndarray, first: int) -> np.ndarray:
        asked.append((first, len(points)))
        return points[:, 0]

    (only,) = populations(distances, 1, size=24, budget=5, seed=1)
    assert asked == [(0, 5)]
    assert only.asked == 5
    asked.clear()
    list(populations(distances, 1, size=24, budget=100, seed=1))
    assert sum(number for _, number in asked) == 100
    assert [first for first, _ in asked] == sorted({first for first, _ in asked})


def test_what_cannot_be_run_is_never_kept() -> None:
    """Infinite distances are left out of the first population, and nothing else is lost."""

    def distances(points: np.ndarray, first: int) -> np.ndarray:
        return np.where((first + np.arange(len(points))) % 2 == 0, np.inf, points[:, 0])

    first = next(populations(distances, 1, size=20, budget=20, seed=3))
    assert len(first.points) == 10
    assert set(first.numbers % 2) == {1}
    nothing = populations(lambda points, _: np.full(len(points), np.inf), 1, size=4, budget=9,
                          seed=1)  # fmt: skip
    assert list(nothing) == []


def test_the_density_of_proposals_is_that_of_cut_normals() -> None:
    """One point's proposals follow a normal cut off at 0 and 1, up to one factor."""
    last = Population(np.array([[0.1]]), np.zeros(1), np.ones(1), np.zeros(1, np.int64), 1.0, 0, 1)
    places = np.array([[0.05], [0.5], [0.9]])
    spread = np.array([0.3])
    cut = stats.truncnorm(-0.1 / 0.3, 0.9 / 0.3, loc=0.1, scale=0.3)
    found = density(places, last, spread)
    assert found / found[0] == pytest.approx(cut.pdf(places[:, 0]) / cut.pdf(0.05))


def test_moves_are_of_twice_the_weighted_variance() -> None:
    """Two points 0 and 1 of weights 3/4 and 1/4 have the variance 3/16; twice it is 3/8."""
    last = Population(
        np.array([[0.0], [1.0]]), np.zeros(2), np.array([0.75, 0.25]), np.zeros(2, np.int64),
        1.0, 0, 2,
    )  # fmt: skip
    assert spread_of(last) == pytest.approx(np.sqrt(3 / 8))


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(0.01, 5)), min_size=1, max_size=20))
def test_weighted_quantiles_are_values_in_order(pairs: list[tuple[float, float]]) -> None:
    """Quantiles are among the values and never fall; all the weight is reached at the largest."""
    values, weights = (np.array(part) for part in zip(*pairs, strict=True))
    found = quantiles(values, weights, (0.0, 0.5, 1.0))
    assert list(found) == sorted(found)
    assert set(found) <= set(values.tolist())
    assert found[2] == values.max()


def test_a_heavy_value_is_the_middle() -> None:
    """Of 1, 2, 3 with weights 1, 1, 8 the middle is 3, and evenly weighted it is 2."""
    values = np.array([3.0, 1.0, 2.0])
    assert quantiles(values, np.array([8.0, 1.0, 1.0]), (0.5,)) == (3.0,)
    assert quantiles(values, np.ones(3), (0.5,)) == (2.0,)
