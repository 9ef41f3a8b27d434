"""Dynamics: places that records run away to, scores that do not come back, worn-out benefits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.metrics.societies import ACTS, parts, seen, values

from glasshouse.metrics.dynamics import (
    METRICS,
    area_below,
    hysteresis_point_years,
    misplaced,
    privileges_a_holder,
    runaway_share,
    tightened_and_loosened,
    top_grade_dilution,
    transition_eigenvalue_a_step,
)
from glasshouse.metrics.estimate import NotKnown
from glasshouse.metrics.observed import Instrument, Observed

SCORE = (Instrument("score", ("low", "middle", "top")),)
counts = st.lists(st.integers(0, 100), min_size=2, max_size=8)


def months(many: int) -> tuple[tuple[int, int], ...]:
    """So many steps of a twelfth of a year."""
    return tuple((round(n * 30.4375), round((n + 1) * 30.4375)) for n in range(many))


def test_records_where_the_acts_are_are_not_misplaced() -> None:
    """By hand: 1:1 against 3:1 is a quarter; a place without records and all of the acts is all."""
    assert misplaced([5, 5], [50, 50]) == 0
    assert misplaced([5, 5], [3, 1]) == pytest.approx(0.25)
    assert misplaced([5, 0], [0, 5]) == 1
    assert math.isnan(misplaced([0, 0], [1, 1]))
    assert math.isnan(misplaced([1, 1], [0, 0]))


@given(counts, st.randoms(use_true_random=False))
def test_misplaced_is_a_share_whatever_the_order(recorded: list[int], chance: Any) -> None:
    """Between nothing and all, and the same for the same places in another order."""
    done = [n + 1 for n in recorded[::-1]]
    found = misplaced(recorded, done)
    if not sum(recorded):
        assert math.isnan(found)
        return
    assert 0 <= found <= 1
    order = list(range(len(recorded)))
    chance.shuffle(order)
    again = misplaced([recorded[n] for n in order], [done[n] for n in order])
    assert found == pytest.approx(again)


def test_a_share_that_runs_away_is_larger_in_the_second_half() -> None:
    """Two places with the same offences; the records of one grow. Entries of lawful acts, false
    reports and strays are no records of offences.
    """
    none = [0] * len(ACTS)
    acts = [[[5, 5, 9, 0, 0, 0], [5, 5, 0, 0, 0, 0]]] * 4
    entries = [
        [[*[n, n, 50, 0, 0, 0], *[7] * 6, *none], [*[1, 1, 0, 0, 0, 0], *none, *none]]
        for n in (1, 1, 4, 4)
    ]
    found = parts(runaway_share, seen(counts={"acts": acts, "entries": entries}))
    assert found["first half"].value == 0
    assert found["second half"].value == pytest.approx(0.3)
    assert found["whole run"].value == found["largest excess"].value == pytest.approx(10 / 14 - 0.5)
    assert found["whole run"].why


def scores(path: list[float], **more: Any) -> dict[str, Any]:
    """Scores of ten people in each of two provinces with the same mean in both."""
    return {
        "score_sum": [[[10 * mean]] * 2 for mean in path],
        "scored": [[[10]] * 2] * len(path),
        "persons": [[10, 10]] * len(path),
    } | more


def test_what_loosening_does_not_give_back() -> None:
    """A score of 100 that stays at 90 once a rule has ended: ten points short, two steps long."""
    path = [100.0, 100, 80, 60, 90, 90]
    arm = seen(counts=scores(path), instruments=SCORE, days=months(6), taking=(1, 1, 2, 2, 1, 1))
    found = parts(hysteresis_point_years, arm)
    assert found["since before"].value == pytest.approx(10 * 61 / 365.25, rel=0.01)
    assert math.isnan(found["area"].value)
    assert math.isnan(found["a year"].value)
    assert "no other arm has the same scores" in found["area"].why


def tightened(path: list[float], other: list[float], **of_other: Any) -> Observed:
    """An arm whose rules come at the third step and end at the fifth, beside one without them."""
    same: dict[str, Any] = {"instruments": SCORE, "days": months(6), "giving": (1,) * 6}
    arm = seen(counts=scores(path), taking=(1, 1, 2, 2, 1, 1), **same)
    still = seen(counts=scores(other), **({"taking": (1,) * 6} | same | of_other))
    return arm._replace(others=(still,))


def test_a_rise_that_everybody_has_is_not_given_back_by_a_rule() -> None:
    """Scores rise by ten a step in both arms; behind the loosening five points are missing."""
    rising = [100.0, 110, 120, 130, 140, 150]
    arm = tightened([100, 110, 90, 95, 135, 145], rising)
    found = values(hysteresis_point_years, arm)
    assert found["a year"] == pytest.approx(5)
    assert found["area"] == pytest.approx(5 * 61 / 365.25, rel=0.01)
    assert found["since before"] == pytest.approx(-30 * 61 / 365.25, rel=0.01)
    assert values(hysteresis_point_years, tightened([100, 110, 90, 95, 140, 150], rising))[
        "area"
    ] == pytest.approx(0)


def test_only_an_arm_that_was_the_same_and_stays_as_it_is_tells_what_is_lasting() -> None:
    """Another past, rules that move or other scores are no comparison; nor is a half loosening."""
    path, rising = [100.0, 110, 90, 95, 135, 145], [100.0, 110, 120, 130, 140, 150]
    for arm in (
        tightened(path, [100, 111, *rising[2:]]),
        tightened(path, rising, taking=(1, 1, 1, 1, 1, 2)),
        tightened(path, rising, giving=(1, 1, 1, 2, 2, 2)),
        tightened(path, rising, instruments=(SCORE[0]._replace(rulebook="another"),)),
    ):
        found = parts(hysteresis_point_years, arm)
        assert "no other arm" in found["area"].why
        assert math.isfinite(found["since before"].value)
    arm = tightened(path, rising)
    half = arm._replace(names=arm.names._replace(taking=(1, 1, 3, 3, 2, 2)))
    assert "not as many as before" in parts(hysteresis_point_years, half)["area"].why


def test_a_score_that_comes_back_leaves_nothing() -> None:
    """Without hysteresis the area is zero; above the other path it is negative."""
    assert area_below([100, 100], 100, np.ones(2)) == 0
    assert area_below([110, 110], 100, np.ones(2)) == -20
    assert area_below([[90, 95], [80, 85]], [[90, 100], [90, 85]], [1, 2]).tolist() == [10, 10]


def test_without_an_end_there_is_no_loosening() -> None:
    """Rules that hold throughout, that end without a beginning, or that only come: said apart."""
    assert tightened_and_loosened((0, 1, 1, 0)) == (0, 3)
    assert tightened_and_loosened((1, 2, 1, 2, 1)) == (0, 4)
    for provisions in ((1, 1, 1), (), (0, 1, 1)):
        with pytest.raises(NotKnown, match="no rule that takes"):
            tightened_and_loosened(provisions)
    with pytest.raises(NotKnown, match="from the first step"):
        tightened_and_loosened((2, 2, 1))
    held = seen(counts=scores([1.0] * 3), instruments=SCORE, days=months(3), taking=(1, 1, 1))
    assert "no rule" in parts(hysteresis_point_years, held)[""].why


def carried(rate: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two provinces whose listed share and whose lost means each carry on by their own rate."""
    steps = 8
    listed = [[round(1e6 * a * rate**n) for a in (0.2, 0.1)] for n in range(steps)]
    lost = [[round(1e6 * b * 0.5**n) for b in (3e4, -1e4)] for n in range(steps)]
    base = {"persons": [[10**6] * 2] * steps, "means_sum": [[4 * 10**10] * 2] * steps}
    arm = {
        "persons": base["persons"],
        "listed_persons": listed,
        "means_sum": (np.array(base["means_sum"]) - np.array(lost)).tolist(),
    }
    return arm, base


@pytest.mark.parametrize("rate", [0.8, 1.05])
def test_the_largest_eigenvalue_of_a_society(rate: float) -> None:
    """What each step keeps of the last is found: below 1 it dies out, above 1 it runs away."""
    arm, base = carried(rate)
    found = parts(transition_eigenvalue_a_step, seen(counts=arm, twin_counts=base))
    assert found["listed"].value == pytest.approx(rate, rel=1e-3)
    assert found["listed"].groups == 2
    assert "score" in found["score"].why


def test_a_province_counts_from_when_its_standing_is_known() -> None:
    """People who come to live in a province later are looked at from then on; the rest whole."""
    arm, base = carried(0.8)

    def from_step(step: int) -> int:
        without = [{name: np.array(count) for name, count in one.items()} for one in (arm, base)]
        for one in without:
            for count in one.values():
                count[:step, 0] = 0
        found = parts(transition_eigenvalue_a_step, seen(counts=without[0], twin_counts=without[1]))
        assert found["listed"].value == pytest.approx(0.8, rel=1e-3)
        return found["listed"].groups

    assert [from_step(step) for step in (0, 2, 3)] == [2, 2, 1]


def test_few_steps_and_nothing_that_moves() -> None:
    """A short run, and one in which nobody is listed and no means are lost, have no transition."""
    arm, base = carried(0.8)
    short = {name: count[:5] for name, count in arm.items()}
    found = parts(transition_eigenvalue_a_step, seen(counts=short, twin_counts=base))
    assert "fewer than" in found[""].why
    still = arm | {"listed_persons": [[0, 0]] * 8, "means_sum": base["means_sum"]}
    found = parts(transition_eigenvalue_a_step, seen(counts=still, twin_counts=base))
    assert "did not move" in found["listed"].why


def graded(tops: list[int], granted: list[int]) -> dict[str, Any]:
    """A hundred scored people in one province, so many of them in the top grade."""
    return {
        "grades": [[[[0, 100 - top, top]]] for top in tops],
        "privileges": [[[many, 0]] for many in granted],
        "honoured_open": [[[0]]] * len(tops),
        "persons": [[100]] * len(tops),
    }


def test_a_fixed_number_of_benefits_is_diluted() -> None:
    """Twelve places among 10, 20, 40 and 80 holders: each doubling halves them, dilution 1; the
    share of the top grows by what a line through it says.
    """
    arm = seen(counts=graded([10, 20, 40, 80], [12] * 4), instruments=SCORE, days=months(4))
    found = values(top_grade_dilution, arm)
    assert found["dilution"] == pytest.approx(1)
    share = np.array([0.1, 0.2, 0.4, 0.8])
    slope = np.polyfit(np.array([b + e for b, e in months(4)]) / 2 / 365.25, share, 1)[0]
    assert found["inflation"] == pytest.approx(slope)
    each = values(privileges_a_holder, arm)
    assert each["first quarter"] == pytest.approx(12 / (10 * 30 / 365.25), rel=0.02)
    assert each["last quarter"] == pytest.approx(each["first quarter"] / 8, rel=0.05)


def test_a_benefit_of_ones_own_is_not_diluted() -> None:
    """Two each, however many hold the grade; a share that does not grow has no inflation."""
    arm = seen(counts=graded([10, 20, 40], [20, 40, 80]), instruments=SCORE, days=months(3))
    assert values(top_grade_dilution, arm)["dilution"] == pytest.approx(0, abs=1e-9)
    same = seen(counts=graded([10, 10, 10], [20, 20, 20]), instruments=SCORE, days=months(3))
    found = parts(top_grade_dilution, same)
    assert found["inflation"].value == pytest.approx(0, abs=1e-12)
    assert math.isnan(found["dilution"].value)
    assert found["dilution"].why


def test_nobody_in_the_top_grade() -> None:
    """No holder has no benefit: not a number, and the reason."""
    arm = seen(counts=graded([0, 0], [5, 5]), instruments=SCORE, days=months(2))
    for found in parts(privileges_a_holder, arm).values():
        assert math.isnan(found.value)
        assert "nobody held" in found.why


def test_a_run_without_counts_fails_nowhere() -> None:
    """Where nothing was counted every metric says what was not."""
    for metric in METRICS:
        for found in parts(metric, seen(counts={}, twin_counts={})).values():
            assert math.isnan(found.value)
            assert found.why
