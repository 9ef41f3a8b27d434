"""Detriment against context and gravity, on societies small enough for a sheet of paper."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from glasshouse.metrics.detriment import (
    TAU_CONTEXT,
    TAU_PROPORTION,
    proportion,
    ranks,
    spearman,
    unrelated_guess,
    unrelated_share,
    verdicts,
)

yuan = st.integers(0, 10_000)
people = st.lists(st.tuples(yuan, yuan, yuan), min_size=1, max_size=40)


def test_a_burden_by_hand() -> None:
    """Of 100 yuan 30 are unrelated and 50 come of a grade: 30 to 80 per cent, at a half 55."""
    found = unrelated_share(30, 50, 100, 0.5)
    assert [float(side) for side in found] == [0.3, 0.55, 0.8]


def test_without_a_grade_the_share_is_exact() -> None:
    """Where every burden has its act the bounds are one, whatever is guessed or not known."""
    found = unrelated_share([30, 0, 100], 0, 100, math.nan)
    assert found.low.tolist() == found.point.tolist() == found.high.tolist() == [0.3, 0.0, 1.0]


def test_an_unknown_share_of_a_grade_leaves_the_bounds() -> None:
    """What a grade's points were lost for may be unknown; then only the bounds are left."""
    found = unrelated_share(30, 50, 100, math.nan)
    assert [float(found.low), float(found.high)] == [0.3, 0.8]
    assert math.isnan(found.point)


def test_without_a_burden_there_is_no_share() -> None:
    """Nobody burdened is not a share of zero."""
    assert all(math.isnan(float(side)) for side in unrelated_share(0, 0, 0, 0.5))


@given(people, st.floats(0, 1))
def test_the_bounds_hold_the_point(given_: list[tuple[int, int, int]], guess: float) -> None:
    """Low, point and high stand in order, between nothing and all."""
    table = np.array(given_, float)
    found = unrelated_share(table[:, 0], table[:, 1], table.sum(axis=1), guess)
    has = table.sum(axis=1) > 0
    for less, more in ((found.low, found.point), (found.point, found.high)):
        assert (less[has] <= more[has] + 1e-12).all()
    assert (found.low[has] >= 0).all()
    assert (found.high[has] <= 1).all()
    assert np.isnan(found.point[~has]).all()


def test_the_guess_by_hand() -> None:
    """Points lost in traffic 30, finance 10; burden in travel 60, finance 40; traffic-travel and
    finance-finance belong together: unrelated are 30 x 40 and 10 x 60 of 40 x 100.
    """
    related = [[True, False], [False, True]]
    assert unrelated_guess([30, 10], [60, 40], related) == (30 * 40 + 10 * 60) / (40 * 100)


def test_the_guess_at_its_limits() -> None:
    """All related is nothing, none related all; without points or burden it is unknown."""
    both = np.ones((2, 2), bool)
    assert unrelated_guess([3, 1], [6, 4], both) == 0
    assert unrelated_guess([3, 1], [6, 4], ~both) == 1
    assert math.isnan(unrelated_guess([0, 0], [6, 4], both))
    assert math.isnan(unrelated_guess([3, 1], [0, 0], both))
    by_person = unrelated_guess([1, 1], [[1, 0], [0, 0]], [[True, False], [False, True]])
    assert np.array_equal(by_person, [0.5, np.nan], equal_nan=True)


def test_burden_against_gravity() -> None:
    """Twice the fair fine is 2; no wrong at all is infinite; no burden is no ratio."""
    found = proportion([200, 50, 0, 0], [100, 0, 100, 0])
    assert found[0] == 2
    assert found[1] == math.inf
    assert np.isnan(found[2:]).all()


def test_equal_values_share_a_rank() -> None:
    """Two seconds are each rank two and a half."""
    assert ranks([10, 20, 20, 30]).tolist() == [1, 2.5, 2.5, 4]
    assert ranks([7]).tolist() == [1]


def test_rank_correlation_by_hand() -> None:
    """The same order is 1, the reverse -1, and a constant has none; nor has one person."""
    assert spearman([1, 2, 3], [10, 20, 400]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    # Ranks 1 2 3 4 and 2 1 4 3: 1 - 6 x 4 / (4 x 15).
    assert spearman([1, 2, 3, 4], [2, 1, 4, 3]) == pytest.approx(0.6)
    assert math.isnan(spearman([1, 2, 3], [5, 5, 5]))
    assert math.isnan(spearman([1], [5]))
    assert math.isnan(spearman([], []))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=60))
def test_it_is_the_textbook_rank_correlation(pairs: list[tuple[int, int]]) -> None:
    """With ties and all; and whoever is named first or last changes nothing."""
    x, y = np.array(pairs).T
    found = spearman(x, y)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert math.isnan(found)
        return
    assert found == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)
    assert found == pytest.approx(spearman(x[::-1], y[::-1]), abs=1e-12)
    assert -1 <= found <= 1


def test_a_verdict_by_hand() -> None:
    """One is hit out of context, one out of proportion, one rightly, one not at all."""
    found = verdicts([0.3, 0.0, 0.0, math.nan], [0.5, 20.0, 0.5, math.nan], lasts=True)
    assert found.shape == (4, len(TAU_CONTEXT), len(TAU_PROPORTION))
    assert found[0].tolist() == [[True] * 4, [True] * 4, [False] * 4, [False] * 4]
    assert found[1].tolist() == [[True, True, True, False]] * 4
    assert not found[2:].any()


def test_a_treatment_that_does_not_last_is_no_period() -> None:
    """What is judged at once and not over a period is outside the text."""
    assert not verdicts([1.0], [math.inf], lasts=False).any()
    assert verdicts([1.0], [math.inf], lasts=True).all()
    assert verdicts([], [], lasts=True).shape[0] == 0


def test_what_is_unknown_decides_nothing() -> None:
    """A share that nobody knows is not above a threshold; the other test may still decide."""
    assert not verdicts([math.nan], [0.5], lasts=True).any()
    assert verdicts([math.nan], [100.0], lasts=True).all()


@given(people)
def test_stricter_thresholds_convict_no_more(given_: list[tuple[int, int, int]]) -> None:
    """Along both thresholds the verdict can only fall away."""
    table = np.array(given_, float)
    share = unrelated_share(table[:, 0], 0, table[:, 0] + table[:, 1], 0).point
    found = verdicts(share, proportion(table[:, 0] + table[:, 1], table[:, 2]), lasts=True)
    assert (found[:, :-1] >= found[:, 1:]).all()
    assert (found[:, :, :-1] >= found[:, :, 1:]).all()
