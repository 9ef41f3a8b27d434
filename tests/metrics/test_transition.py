"""The transition of a state: a matrix put in is found, and a state at rest says nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.metrics.transition import (
    largest_eigenvalue,
    transition_eigenvalue,
    transition_sums,
)


def path_of(matrix: np.ndarray, steps: int, starts: np.ndarray, drift: np.ndarray) -> np.ndarray:
    """A state that follows a matrix and a drift of each group's own."""
    states = [starts]
    for _ in range(steps - 1):
        states.append(states[-1] @ matrix.T + drift)
    return np.stack(states)


@given(
    st.floats(-0.95, 1.2),
    st.floats(-0.9, 0.9),
    st.floats(-0.5, 0.5),
    st.integers(0, 2**16),
)
def test_a_known_matrix_is_found(first: float, second: float, across: float, seed: int) -> None:
    """Without noise the largest eigenvalue comes back, whatever the levels of the groups."""
    if abs(first - second) < 0.05:
        return
    matrix = np.array([[first, across], [0.0, second]])
    draws = np.random.default_rng(seed)
    paths = path_of(matrix, 9, draws.normal(0, 1, (4, 2)), draws.normal(0, 1, (4, 2)))
    found = transition_eigenvalue(paths, [1, 2, 3, 4])
    assert found == pytest.approx(max(abs(first), abs(second)), abs=1e-4) or math.isnan(found)


def test_one_number_is_a_growth_rate() -> None:
    """A deficit that grows by a tenth a step has the eigenvalue 1.1, a halving one 0.5."""
    for rate in (1.1, 0.5):
        paths = (rate ** np.arange(8.0))[:, None, None]
        assert transition_eigenvalue(paths) == pytest.approx(rate)


def test_two_numbers_that_feed_each_other_run_away() -> None:
    """Neither alone lasts (0.8), but each gives 0.3 of itself to the other: 0.8 + 0.3."""
    matrix = np.array([[0.8, 0.3], [0.3, 0.8]])
    paths = path_of(matrix, 8, np.array([[1.0, 0.0], [0.2, 1.0]]), np.zeros((2, 2)))
    assert transition_eigenvalue(paths) == pytest.approx(1.1)


def test_noise_blurs_by_its_own_error() -> None:
    """Over 200 groups of 60 steps the estimate is within six errors of the bias that is known of
    short series, -(1 + a) / T.
    """
    draws = np.random.default_rng(3)
    rate, steps, groups = 0.7, 60, 200
    state = np.zeros((steps, groups, 1))
    for step in range(1, steps):
        state[step] = rate * state[step - 1] + draws.normal(0, 1, (groups, 1))
    found = transition_eigenvalue(state)
    error = math.sqrt((1 - rate**2) / (steps * groups))
    assert abs(found - (rate - (1 + rate) / steps)) < 6 * error + 0.005


def test_a_state_at_rest_has_no_transition() -> None:
    """Nor has one whose numbers move as one, or one seen twice only."""
    assert math.isnan(transition_eigenvalue(np.zeros((5, 3, 2))))
    moving = np.random.default_rng(1).normal(0, 1, (9, 3, 1))
    assert math.isnan(transition_eigenvalue(np.concatenate([moving, 2 * moving], axis=2)))
    assert math.isnan(transition_eigenvalue(moving[:2]))
    assert math.isnan(transition_eigenvalue(np.zeros((5, 0, 2))))


def test_sums_add_up_and_stand_side_by_side() -> None:
    """The sums of two groups are the fit of both; several sums at once are each alone."""
    state = np.random.default_rng(5).normal(0, 1, (12, 3, 2))
    sums = transition_sums(state, [1.0, 2.0, 1.0])
    every = largest_eigenvalue(np.stack([sums.sum(axis=0), sums[0], sums[0] * 0]))
    assert every[0] == pytest.approx(transition_eigenvalue(state, [1.0, 2.0, 1.0]))
    assert every[1] == pytest.approx(transition_eigenvalue(state[:, :1]))
    assert math.isnan(every[2])


def test_units_do_not_matter() -> None:
    """Points or thousandths of points: the eigenvalue has no unit."""
    state = np.random.default_rng(6).normal(0, 1, (12, 3, 2))
    assert transition_eigenvalue(state * [1000.0, 0.01]) == pytest.approx(
        transition_eigenvalue(state)
    )
