"""Breaks and elasticities: what is put in comes out, and what cannot be known is said to be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.metrics.series import elasticity, interrupted_series, least_squares


def broken(level: float, slope: float, steps: int = 24, at: int = 12) -> np.ndarray:
    """A series with a known break."""
    step = np.arange(steps)
    post = step >= at
    return np.asarray(np.exp(5 + 0.01 * step + level * post + slope * (step - at) * post))


@given(st.floats(-1, 1), st.floats(-0.05, 0.05), st.integers(3, 21))
def test_a_known_break_is_found_exactly(level: float, slope: float, at: int) -> None:
    """Without noise the fall of the level and the change of the trend come back."""
    found = interrupted_series(broken(level, slope, at=at), at)
    assert found.chill == pytest.approx(1 - math.exp(level), abs=1e-9)
    assert found.slope == pytest.approx(slope, abs=1e-9)
    assert found.chill_error < 1e-6


def test_a_control_takes_away_what_befell_both() -> None:
    """A season and a fall that the neutral acts share are no chill; the rest is."""
    season = np.exp(np.sin(np.arange(24)) - 0.4 * (np.arange(24) >= 12))
    neutral = 300 * season
    watched = broken(-0.3, -0.01) * season
    found = interrupted_series(watched, 12, neutral)
    assert found.chill == pytest.approx(1 - math.exp(-0.3))
    assert found.slope == pytest.approx(-0.01)
    assert interrupted_series(neutral, 12, neutral).chill == pytest.approx(0, abs=1e-12)


def test_the_error_is_the_spread_over_repetitions() -> None:
    """Independent noise scatters the estimate as widely as its error says: the mean of the squared
    standardised distances over 4,000 series is 1, within six errors of a mean of t squared.
    """
    draws = np.random.default_rng(11)
    truth = 1 - math.exp(-0.25)
    rounds = 4000
    found = [
        interrupted_series(broken(-0.25, 0.0) * np.exp(draws.normal(0, 0.02, 24)), 12)
        for _ in range(rounds)
    ]
    squares = np.array([((one.chill - truth) / one.chill_error) ** 2 for one in found])
    degrees = found[0].degrees
    assert degrees == 20
    expected = degrees / (degrees - 2)
    assert abs(squares.mean() - expected) < 6 * squares.std() / math.sqrt(rounds) + 0.02


def test_what_has_no_answer_says_why() -> None:
    """A scheme in force from the first step has no before; a step without an act no logarithm."""
    assert "before or after" in interrupted_series(broken(-0.2, 0.0), 0).why
    assert "before or after" in interrupted_series(broken(-0.2, 0.0), 23).why
    assert "before or after" in interrupted_series([], 0).why
    series = broken(-0.2, 0.0)
    series[3] = 0
    found = interrupted_series(series, 12)
    assert math.isnan(found.chill)
    assert "logarithm" in found.why


def test_a_line_needs_points_that_differ() -> None:
    """Two points make a line without an error; a column twice parts nothing."""
    line = least_squares([[1, 0], [1, 1]], [2, 5])
    assert line.coefficients.tolist() == pytest.approx([2, 3])
    assert np.isnan(line.errors).all()
    assert np.isnan(least_squares([[1, 1], [1, 1], [1, 1]], [1, 2, 3]).coefficients).all()
    assert np.isnan(least_squares([[1, 1]], [1]).coefficients).all()


@given(st.floats(-2, 2), st.floats(0.1, 100))
def test_a_power_law_has_its_exponent(power: float, scale: float) -> None:
    """Whatever the scale, and in whatever order the points stand."""
    lever = np.array([0.1, 0.2, 0.4, 0.9])
    found = elasticity(lever, scale * lever**power)
    assert found.value == pytest.approx(power, abs=1e-9)
    assert found.error < 1e-6
    assert elasticity(lever[::-1], scale * lever[::-1] ** power).value == pytest.approx(
        power, abs=1e-9
    )


def test_an_elasticity_needs_two_points_that_differ() -> None:
    """One point, one value twice, and counts of nothing give no elasticity."""
    assert elasticity([0.1, 0.2], [100, 50]).value == pytest.approx(-1)
    assert math.isnan(elasticity([0.1, 0.2], [100, 50]).error)
    for lever, outcome in (([0.1], [5]), ([0.1, 0.1], [5, 6]), ([0.1, 0.2], [5, 0]), ([], [])):
        found = elasticity(lever, outcome)
        assert math.isnan(found.value)
        assert found.why
