"""The jackknife against closed forms, at its limits, and how often its intervals are right."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from glasshouse.metrics.estimate import (
    ANY,
    ONE_GROUP,
    POSITIVE,
    SHARE,
    interval,
    median_of,
    of_sums,
    ratio,
    share_of,
    student,
)
from glasshouse.metrics.survival import staying

Sums = np.ndarray[Any, np.dtype[np.float64]]


def test_the_error_of_a_mean_is_the_textbook_s() -> None:
    """For groups of one size the jackknife of a mean is s / sqrt(G), and t has G - 1 degrees.

    Four groups of 10 with sums 10, 20, 30, 40: means 1, 2, 3, 4, s = sqrt(5/3), error
    sqrt(5/12) = 0.6455; t(3) = 3.1824, so 2.5 +- 2.0543.
    """
    found = of_sums(np.array([[10, 10], [20, 10], [30, 10], [40, 10.0]]), ratio)
    assert found.value == 2.5
    assert found.error == pytest.approx(math.sqrt(5 / 12))
    assert (found.low, found.high) == pytest.approx((2.5 - 2.05427, 2.5 + 2.05427), abs=1e-4)
    assert found.groups == 4


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=40))
@settings(deadline=None)
def test_the_error_of_any_mean_is_the_textbook_s(totals: list[int]) -> None:
    """Whatever the group means are, the jackknife gives s / sqrt(G)."""
    means = np.array(totals, float)
    found = of_sums(np.stack([means, np.ones(len(means))], axis=1), ratio)
    assert found.value == pytest.approx(means.mean())
    assert found.error == pytest.approx(means.std(ddof=1) / math.sqrt(len(means)), abs=1e-9)


def test_student_s_quantiles_are_those_of_the_table() -> None:
    """t(1) = 12.706, t(10) = 2.228, t(63) = 1.998, and 1.960 without end."""
    table = [(1, 12.7062), (10, 2.2281), (63, 1.9983), (1e9, 1.9600)]
    for freedom, quantile in table:
        assert student(freedom) == pytest.approx(quantile, abs=1e-4)


def test_one_group_has_a_value_and_no_interval() -> None:
    """A share of one community stands without an interval, and says why."""
    found = share_of(np.array([[3.0, 12.0], [0, 0]]), undefined="nobody")
    assert (found.value, found.groups, found.why) == (0.25, 1, ONE_GROUP)
    assert math.isnan(found.low)
    assert math.isnan(found.error)


def test_nothing_over_nothing_is_not_a_number() -> None:
    """It is never 0, and has the reason beside it; something over nothing is infinite."""
    found = share_of(np.zeros((3, 2)), undefined="nobody was listed")
    assert math.isnan(found.value)
    assert found.why == "nobody was listed"
    endless = of_sums(np.array([[1.0, 0.0], [2.0, 0.0]]), ratio)
    assert endless.value == math.inf
    assert endless.why


def test_none_and_all_have_the_open_end_of_clopper_and_pearson() -> None:
    """Of 0 in 20 the upper end is 1 - 0.025 ** (1/20) = 0.1684; of 20 in 20 the lower is 0.8316."""
    none = share_of(np.array([[0, 10.0], [0, 10.0]]), undefined="nobody")
    every = share_of(np.array([[10, 10.0], [10, 10.0]]), undefined="nobody")
    assert (none.low, none.high) == pytest.approx((0, 0.16843), abs=1e-5)
    assert (every.low, every.high) == pytest.approx((0.83157, 1), abs=1e-5)
    assert "none of them" in none.why
    assert "all of them" in every.why


def test_a_group_of_zeros_is_no_group() -> None:
    """Communities without anybody of the group asked about change nothing."""
    some = np.array([[1, 5.0], [2, 5.0], [4, 5.0]])
    assert of_sums(some, ratio) == of_sums(np.vstack([some, np.zeros((9, 2))]), ratio)


def test_unequal_groups_are_worth_fewer_equal_ones() -> None:
    """Sizes 1, 1, 1, 1 are worth four; 97, 1, 1, 1 are worth 1.06, so one degree of freedom."""
    sums = np.array([[1, 10.0], [2, 10.0], [3, 10.0], [4, 10.0]])
    equal = of_sums(sums, ratio, sizes=np.ones(4))
    unequal = of_sums(sums, ratio, sizes=np.array([97.0, 1, 1, 1]))
    assert equal == of_sums(sums, ratio)
    assert (unequal.high - unequal.low) / (equal.high - equal.low) == pytest.approx(
        student(1) / student(3)
    )


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
@settings(deadline=None)
def test_no_interval_leaves_its_range_nor_its_value(
    groups: list[tuple[int, int]], luck: Any
) -> None:
    """0 <= low <= value <= high <= 1 for a share, whatever the groups and in whatever order."""
    sums = np.array([[part, part + rest] for part, rest in groups], float)
    found = share_of(sums, undefined="nobody")
    if not math.isnan(found.low):
        assert 0 <= found.low <= found.value + 1e-12
        assert found.value - 1e-12 <= found.high <= 1
    order = list(range(len(sums)))
    luck.shuffle(order)
    again = share_of(sums[order], undefined="nobody")
    assert np.allclose(found[:4], again[:4], rtol=1e-9, equal_nan=True)


@pytest.mark.parametrize(
    ("within", "values"),
    [(SHARE, (0.0, 1e-9, 0.5, 1 - 1e-9, 1.0)), (POSITIVE, (0.0, 1e-9, 3.0)),
     ((1.0, math.inf), (1.0, 1 + 1e-9, 5.0)), (ANY, (-3.0, 0.0))],
)  # fmt: skip
@pytest.mark.parametrize("cut", [False, True])
def test_an_end_of_the_range_is_kept(
    within: tuple[float, float], values: tuple[float, ...], cut: bool
) -> None:
    """At an end, near it and far from it an interval holds its value and stays in its range."""
    for value in values:
        for error in (1e-12, 1e-3, 0.5, 100.0):
            low, high, _ = interval(value, error, 5.0, within, cut=cut)
            assert within[0] <= low <= value <= high <= within[1]


def test_a_gap_of_none_has_an_interval_that_begins_at_none() -> None:
    """A gap is cut at its range instead of being bent around it: 0.01 +- t(4) 0.05 in (0, 1)."""
    low, high, _ = interval(0.01, 0.05, 4.0, SHARE, cut=True)
    assert (low, high) == pytest.approx((0.0, 0.01 + 2.7764 * 0.05), abs=1e-4)


def week(place: int) -> float:
    """Give the middle of a week in days."""
    return 7 * (place + 0.5)


def lasting(some: Sums) -> Sums:
    """Give the share still there after each of six weeks."""
    return staying(some[..., :6], some[..., 6:])


def test_the_median_of_what_all_ends_in_one_week_is_that_week() -> None:
    """Two provinces whose listings all ended in the week from day 14: 17.5 days, and no other."""
    sums = np.zeros((2, 12))
    sums[:, 2] = 5
    found = median_of(sums, lasting, week)
    assert (found.value, found.low, found.high) == (17.5, 17.5, 17.5)


def test_a_median_that_is_not_reached_is_not_known() -> None:
    """Where two of ten have ended and eight are open, half is not known; where nobody, neither."""
    sums = np.zeros((2, 12))
    sums[:, 1], sums[:, 9] = 1, 4
    found = median_of(sums, lasting, week)
    assert math.isnan(found.value)
    assert "20 % were" in found.why
    assert median_of(np.zeros((2, 12)), lasting, week, undefined="nobody").why == "nobody"


def test_the_interval_of_a_median_holds_the_weeks_where_half_may_be_there() -> None:
    """Four provinces that end in weeks 0, 1, 2 and 3: half in the second week, all weeks possible.

    The share still there after each week is 3/4, 1/2, 1/4, 0; leaving one province out moves each
    by a twelfth or a quarter, an error of 1/4 around one half, so t(3) reaches beyond 0 and 1.
    """
    sums = np.zeros((4, 12))
    sums[range(4), range(4)] = 10
    found = median_of(sums, lasting, week)
    assert found.value == 10.5
    assert (found.low, found.high) == (3.5, 24.5)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Of 1,000 simulated societies of 40 communities about 950 intervals hold the truth.

    Communities differ (a chance of their own, beta(2, 6), mean 1/4), so that intervals over persons
    would hold it far less often. The bounds allow 0.02 for the approximation on either side and a
    false alarm below one in a million beyond it.
    """
    chance, societies, communities, people = np.random.default_rng(7), 1000, 40, 100
    own = chance.beta(2, 6, (societies, communities))
    listed = chance.binomial(people, own).astype(float)
    held = narrow = 0
    for counted in listed:
        sums = np.stack([counted, np.full(communities, float(people))], axis=1)
        found = share_of(sums, undefined="nobody")
        held += found.low <= 0.25 <= found.high
        alone = math.sqrt(found.value * (1 - found.value) / (communities * people))
        narrow += abs(found.value - 0.25) <= 1.96 * alone
    assert binom.ppf(5e-7, societies, 0.93) <= held <= binom.ppf(1 - 5e-7, societies, 0.97)
    assert narrow < binom.ppf(5e-7, societies, 0.6)
