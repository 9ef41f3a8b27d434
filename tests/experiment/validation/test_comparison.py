"""The verdict: as far off as chance takes a number, and no further."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from glasshouse.experiment.validation.comparison import (
    Comparison,
    Tolerance,
    judged,
    mean_of,
    poisson,
    share,
)

ALARM = 1e-3
MONTE_CARLO = Tolerance(rule="monte-carlo", false_alarm=ALARM)


def holds(one: Comparison, by: Tolerance = MONTE_CARLO) -> bool:
    """Give the verdict on one comparison."""
    (outcome,) = judged([one], by)
    return outcome.holds


def test_the_border_lies_where_chance_says() -> None:
    """Just inside the quantile of the normal law a number holds, just outside it does not."""
    border = float(stats.norm.isf(ALARM / 2))
    for off, verdict in ((0.99 * border, True), (1.01 * border, False)):
        assert holds(Comparison("x", 5 + 2 * off, 5, 2)) is verdict
        assert holds(Comparison("x", 5 - 2 * off, 5, 2)) is verdict
    few = Comparison("x", 5 + 2 * 1.5 * border, 5, 2, freedom=3)
    assert holds(few)  # with few replicates Student's t reaches further


def test_a_row_shares_its_false_alarm_among_its_comparisons() -> None:
    """The more is compared the further each may lie, so that the whole row keeps its rate."""
    one = Comparison("x", 3.5, 0, 1)
    assert not holds(one)
    assert all(outcome.holds for outcome in judged([one] * 10, MONTE_CARLO))


def test_slack_is_added_and_exact_is_exact() -> None:
    """Without error only the slack is allowed; two that diverge alike agree."""
    assert holds(Comparison("x", 1.01, 1, 0, slack=0.02))
    assert not holds(Comparison("x", 1.03, 1, 0, slack=0.02))
    assert holds(Comparison("x", math.inf, math.inf, 0))
    assert not holds(Comparison("x", math.nan, 1, 1))
    assert not holds(Comparison("x", math.nan, math.nan, 1))


def test_a_sign_needs_more_than_chance() -> None:
    """Above means above by more than chance; the wrong side never holds."""
    sign = Tolerance(rule="sign", false_alarm=ALARM)
    assert holds(Comparison("x", 4, 0, 1, "above"), sign)
    assert not holds(Comparison("x", 2, 0, 1, "above"), sign)
    assert not holds(Comparison("x", -4, 0, 1, "above"), sign)
    assert holds(Comparison("x", -4, 0, 1, "below"), sign)


def test_a_factor_goes_both_ways() -> None:
    """Between a third and three times, of negative numbers as well, widened by chance."""
    third = Tolerance(rule="factor", factor=3.0, false_alarm=ALARM)
    for value, verdict in ((0.34, True), (2.9, True), (0.32, False), (3.1, False)):
        assert holds(Comparison("x", value, 1, 0), third) is verdict
        assert holds(Comparison("x", -value, -1, 0), third) is verdict
    assert holds(Comparison("x", 3.1, 1, 0.1), third)


def test_standard_errors_are_counted() -> None:
    """At most two of them, whatever the number of comparisons."""
    two = Tolerance(rule="standard-errors", at_most=2.0)
    found = judged([Comparison("x", 1.9, 0, 1), Comparison("x", 2.1, 0, 1)], two)
    assert [one.holds for one in found] == [True, False]
    assert [one.tolerance for one in found] == [2.0, 2.0]


def test_few_events_are_judged_by_their_exact_law() -> None:
    """Where the normal law would raise an alarm and the exact one would not, none is raised."""
    rare = share("x", 2, 1000, 0.0001)
    assert abs(rare.value - rare.expected) > float(stats.norm.isf(ALARM / 2)) * rare.error
    assert rare.chance == pytest.approx(stats.binom.sf(1, 1000, 0.0001), rel=1e-6)
    assert holds(rare)
    assert not holds(share("x", 9, 1000, 0.0001))
    assert holds(poisson("x", 2, 0.1))
    assert not holds(poisson("x", 9, 0.1))
    assert holds(share("x", 7, 7, 1.0))
    assert not holds(share("x", 6, 7, 1.0))
    assert not holds(share("x", 0, 0, 0.5))


def test_clumps_count_as_fewer_trials() -> None:
    """Trials that come in pairs are half as many."""
    alone, paired = share("x", 60, 100, 0.5), share("x", 60, 100, 0.5, crowding=1.0)
    assert paired.error == pytest.approx(alone.error * 2**0.5)
    assert paired.chance == pytest.approx(share("x", 30, 50, 0.5).chance)


def test_a_mean_has_the_error_of_its_values() -> None:
    """By Student's t; one value alone has no error and does not hold."""
    values = np.array([1.0, 2.0, 3.0, 6.0])
    one = mean_of("x", values, 3.0)
    assert (one.value, one.freedom) == (3.0, 3.0)
    assert one.error == pytest.approx(stats.sem(values))
    assert not holds(mean_of("x", [1.0], 3.0))


def test_a_true_formula_raises_its_alarm_as_often_as_it_says() -> None:
    """Over many tries of a true share the alarms are no more than the rate, beyond chance."""
    draws = np.random.default_rng(1).binomial(400, 0.3, size=4000)
    rate = 0.05
    loud = Tolerance(rule="monte-carlo", false_alarm=rate)
    alarms = sum(not holds(share("x", int(hits), 400, 0.3), loud) for hits in draws)
    assert stats.binomtest(alarms, len(draws), rate, alternative="greater").pvalue > 1e-6
    assert alarms > 0
