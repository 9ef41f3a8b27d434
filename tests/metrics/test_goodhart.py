"""The best by a noisy score, against the closed form and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from glasshouse.metrics.goodhart import (
    goodhart_gap,
    goodhart_ratio,
    goodhart_terms,
    is_chosen,
    reliability,
)


def sums_of(score: object, truth: object, share: float = 0.1) -> np.ndarray:
    """The sums over everybody."""
    return np.array([term.sum() for term in goodhart_terms(score, truth, share)])  # type: ignore[arg-type]


@pytest.mark.parametrize("noise", [0.5, 1.0, 2.0])
def test_truth_plus_noise_is_the_closed_form(noise: float) -> None:
    """The best tenth by a score of truth plus noise: gain, gap and reliability by formula, within
    six errors over 64 groups of a thousand people.
    """
    draws = np.random.default_rng(17)
    people = 64_000
    truth = draws.normal(0, 1, people)
    score = truth + draws.normal(0, noise, people)
    terms = np.stack(goodhart_terms(score, truth), axis=1).reshape(64, -1, 9).sum(axis=1)
    flattery = stats.norm.pdf(stats.norm.isf(0.1)) / 0.1
    root = math.sqrt(1 + noise**2)
    for statistic, expected in (
        (goodhart_gap, flattery * noise**2 / root),
        (goodhart_ratio, noise**2 / root**2),
        (reliability, 1 / root**2),
    ):
        without = np.array([statistic(terms.sum(axis=0) - one) for one in terms])
        error = math.sqrt(63 / 64 * float(((without - without.mean()) ** 2).sum()))
        assert abs(float(statistic(terms.sum(axis=0))) - expected) < 6 * error


def test_a_score_that_says_what_is_has_no_gap() -> None:
    """Twice the truth and ten more is the truth in other units."""
    truth = np.arange(50.0)
    sums = sums_of(2 * truth + 10, truth)
    assert goodhart_gap(sums) == pytest.approx(0, abs=1e-9)
    assert goodhart_ratio(sums) == pytest.approx(0, abs=1e-9)
    assert reliability(sums) == pytest.approx(1)


def test_by_hand() -> None:
    """Scores 0 1 2 3 and truths 0 2 1 3, best quarter: r 0.8, so the score gains 1.5 / sd / 0.8 and
    the truth 1.5 / sd; a fifth of the gain is no truth.
    """
    sums = sums_of([0, 1, 2, 3], [0, 2, 1, 3], 0.25)
    assert reliability(sums) == pytest.approx(0.64)
    spread = math.sqrt(1.25)
    assert goodhart_gap(sums) == pytest.approx(1.5 / spread * (1 / 0.8 - 1))
    assert goodhart_ratio(sums) == pytest.approx(0.2)


def test_those_with_the_same_score_are_chosen_together() -> None:
    """No lot is drawn among equals."""
    assert is_chosen([5, 5, 5, 1]).tolist() == [True, True, True, False]
    assert is_chosen(np.arange(20)).sum() == 2
    assert is_chosen([1]).tolist() == [True]
    assert is_chosen([]).size == 0


def test_what_is_not_known_is_not_a_number() -> None:
    """One person, one score for all, or a score that falls with the truth: nothing to compare."""
    for score, truth in (([1], [1]), ([5, 5, 5], [1, 2, 3]), ([1, 2, 3], [3, 2, 1]), ([], [])):
        assert math.isnan(goodhart_gap(sums_of(score, truth)))


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=40))
def test_order_and_units_do_not_matter(pairs: list[tuple[int, int]]) -> None:
    """Neither who comes first nor the point's worth changes the gap; r² is a share."""
    score, truth = np.array(pairs, float).T
    found = sums_of(score, truth)
    again = sums_of(3 * score[::-1] + 7, truth[::-1] - 2)
    for statistic in (goodhart_gap, goodhart_ratio, reliability):
        one, other = float(statistic(found)), float(statistic(again))
        assert one == pytest.approx(other, rel=1e-6, abs=1e-9, nan_ok=True)
    assert not reliability(found) > 1 + 1e-12
