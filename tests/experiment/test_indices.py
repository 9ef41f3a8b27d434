"""Sensitivity indices on functions whose indices are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import sobol_indices as sobol_of_scipy

from glasshouse.experiment import sampling
from glasshouse.experiment.indices import (
    morris_effects,
    rank_agreement,
    shared_at_the_top,
    sobol_indices,
)

A, B = 7.0, 0.1


def ishigami(unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give sin x1 + 7 sin² x2 + x3⁴ sin x1 / 10 for x within ±pi (Ishigami and Homma 1990)."""
    x = (unit * 2 - 1) * math.pi
    return np.asarray(
        np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])
    )


def known() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the first and total indices of Ishigami's function in closed form."""
    pi4, pi8 = math.pi**4, math.pi**8
    first = 0.5 * (1 + B * pi4 / 5) ** 2
    second = A**2 / 8
    both = B**2 * pi8 * (1 / 18 - 1 / 50)
    whole = first + second + both
    one = np.array([first, second, 0.0]) / whole
    total = np.array([first + both, second, both]) / whole
    return one, total


def test_sobol_indices_of_ishigami() -> None:
    """4,096 rows come within 0.03 of the closed form, and every interval holds it."""
    found = sobol_indices(ishigami(sampling.saltelli(3, 4096, 3)), 3)
    first, total = known()
    assert np.abs(found.first - first).max() < 0.03
    assert np.abs(found.total - total).max() < 0.03
    # Bootstrap percentiles; a sequence of low discrepancy errs less than they say.
    assert (found.first_low < first).all()
    assert (first < found.first_high).all()
    assert (found.total_low < total).all()
    assert (total < found.total_high).all()


def test_sobol_indices_are_those_of_scipy() -> None:
    """On the same evaluations both give the same numbers."""
    results = ishigami(sampling.saltelli(3, 64, 1))
    blocks = results.reshape(5, 64)
    theirs = sobol_of_scipy(
        func={"f_A": blocks[:1], "f_B": blocks[1:2], "f_AB": blocks[2:, None]}, n=64
    )
    ours = sobol_indices(results, 3)
    assert ours.first == pytest.approx(theirs.first_order)
    assert ours.total == pytest.approx(theirs.total_order)


def test_a_row_without_a_result_is_left_out() -> None:
    """One nan takes its row out of all matrices; the others are as if it had never been."""
    points = sampling.saltelli(2, 16, 5)
    results = points @ np.array([3.0, 1.0])
    lacking = results.copy()
    lacking[16 + 4] = math.nan
    kept = np.delete(results.reshape(4, 16), 4, axis=1).reshape(-1)
    found = sobol_indices(lacking, 2)
    assert found.rows == 15
    assert found.total == pytest.approx(sobol_indices(kept, 2).total)


def test_where_nothing_varies_there_is_no_share() -> None:
    """A constant result has no variance to share out, and that is said by nan."""
    found = sobol_indices(np.full(4 * 8, 2.5), 2)
    assert np.isnan(found.first).all()
    assert np.isnan(found.total).all()


@settings(deadline=None, max_examples=40)
@given(
    weights=st.lists(st.floats(-10, 10), min_size=1, max_size=6),
    draw=st.integers(0, 1000),
)
def test_a_linear_function_s_effects_are_its_weights(weights: list[float], draw: int) -> None:
    """mu* is the size of each weight, mu the weight, and sigma nothing."""
    points = sampling.morris(len(weights), 4, draw)
    found = morris_effects(points, points @ np.array(weights) + 2.0)
    assert found.mu == pytest.approx(weights, abs=1e-9)
    assert found.mu_star == pytest.approx(np.abs(weights), abs=1e-9)
    assert found.sigma == pytest.approx(np.zeros(len(weights)), abs=1e-9)
    assert found.trajectories == 4


def test_morris_sees_what_two_do_together() -> None:
    """Of x1 x2 each has the effect of the other's place: mean 1/2 and a spread; x3 has none.

    The other stands on 0, 1/3, 2/3 or 1 with equal chance: its variance is 5/36, so the standard
    deviation of an effect is sqrt(5)/6.
    """
    many = 4000
    points = sampling.morris(3, many, 9)
    found = morris_effects(points, points[:, 0] * points[:, 1])
    spread = math.sqrt(5) / 6
    assert np.abs(found.mu[:2] - 0.5).max() < 6 * spread / math.sqrt(many)
    assert found.sigma[:2] == pytest.approx([spread, spread], rel=0.05)
    assert found.mu_star[2] == found.sigma[2] == 0.0


def test_mu_star_s_interval_is_the_jackknife_s() -> None:
    """Effects 1, 3 and 5: mean 3, error 2 / sqrt(3), t(0.975; 2) = 4.302653."""
    points = np.array([[0.0], [2 / 3]] * 3)
    found = morris_effects(points, np.array([0.0, 2 / 3, 0.0, -2.0, 1.0, 1 + 10 / 3]))
    assert found.mu_star == pytest.approx([3.0])
    assert found.high - found.mu_star == pytest.approx([4.302652729911275 * 2 / math.sqrt(3)])
    assert found.low == [0.0]
    assert found.mu == pytest.approx([1.0])


def test_a_trajectory_without_a_result_is_left_out() -> None:
    """And where none is whole nothing is known."""
    points = sampling.morris(2, 3, 1)
    results = points @ np.array([1.0, 2.0])
    results[4] = math.nan
    assert morris_effects(points, results).trajectories == 2
    found = morris_effects(points, np.full(9, math.nan))
    assert found.trajectories == 0
    assert np.isnan(found.mu_star).all()


def test_rankings_are_compared() -> None:
    """The same order agrees to 1, the opposite to -1, no order to nothing that is known."""
    up = np.array([1.0, 2.0, 3.0, 4.0])
    assert rank_agreement(up, up**2) == pytest.approx(1.0)
    assert rank_agreement(up, -up) == pytest.approx(-1.0)
    assert math.isnan(rank_agreement(up, np.zeros(4)))
    assert shared_at_the_top(up, np.array([4.0, 3.0, 2.0, 5.0]), 2) == 1
