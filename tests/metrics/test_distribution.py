"""Burden, concentration and mobility against closed forms and societies of a handful."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.hand import NAMES, parts_of, rows, seen, steps, value_of, values_of

from glasshouse.metrics import distribution
from glasshouse.metrics.concentration import BINS, gini, gini_of, mobility, shorrocks
from glasshouse.metrics.observed import Instrument, Names

BURDEN: dict[str, Any] = {"burden_yuan_travel": [10, 20, 0, 0, 0, 0, 0, 0],
          "burden_yuan_school": [0, 0, 30, 40, 0, 0, 0, 0]}  # fmt: skip


def test_the_burden_by_hand() -> None:
    """100 yuan over 8 persons and two years; 40 of it on person 3, who did nothing."""
    some = seen(**BURDEN, acts_culpable=[1, 1, 1, 0, 0, 0, 0, 0])
    per_year = 100 / (8 * 731 / 365.25)
    assert value_of(distribution.burden_per_person_year, some) == pytest.approx(per_year)
    assert value_of(distribution.bystander_burden_share, some) == pytest.approx(0.4)


def test_the_burden_by_path_by_hand() -> None:
    """Of 100 yuan 40 follow from own acts, 30 from another's listing, 20 a score, 10 a stray."""
    paths = np.array([[20, 10, 0, 0, 10, 0, 0, 0], [20, 0, 0, 0, 20, 20, 0, 0]])
    found = values_of(distribution.bystander_burden_share, seen(counts=steps(burden_by_path=paths)))
    assert found["own act"] == 0.4
    assert found["another's listing"] == 0.3
    assert found["a grade or a score"] == 0.2
    assert found["not theirs"] == 0.1
    named = [value for part, value in found.items() if part]
    assert sum(named) == pytest.approx(1)


def test_the_spill_over_by_hand() -> None:
    """100 yuan of which 20 for another's listing: 100 / 80. Nothing for others is exactly 1."""
    some = seen(**BURDEN, burden_for_others_yuan=[0, 20, 0, 0, 0, 0, 0, 0])
    assert value_of(distribution.spill_over_multiplier, some) == 1.25
    alone = parts_of(distribution.spill_over_multiplier, seen(**BURDEN))[""]
    assert (alone.value, alone.low, alone.high) == (1, 1, 1)
    only = seen(**BURDEN, burden_for_others_yuan=[10, 20, 30, 40, 0, 0, 0, 0])
    assert value_of(distribution.spill_over_multiplier, only) == math.inf


def test_gini_has_its_closed_forms() -> None:
    """All alike 0; everything with one of n: 1 - 1/n; two persons with 1 and 3: 1/4."""
    assert gini([5.0], [8]) == 0
    assert gini([0.0, 7.0], [9, 1]) == pytest.approx(0.9)
    assert gini([1.0, 3.0], [1, 1]) == pytest.approx(0.25)
    assert math.isnan(gini([0.0], [8]))


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any))
@settings(deadline=None)
def test_gini_is_the_mean_difference_over_twice_the_mean(held: list[int]) -> None:
    """The sum over pairs, written out: sum |x - y| / (2 n² mean)."""
    values = np.array(held, float)
    pairs = np.abs(values[:, None] - values[None, :]).sum()
    expected = pairs / (2 * len(values) ** 2 * values.mean())
    found = gini_of(np.arange(len(values)) % 4, values, 4, "nobody")
    assert found.value == pytest.approx(expected, abs=1e-12)


def test_gini_of_many_values_takes_neighbours_together() -> None:
    """Of the values 1 .. n Gini is (n - 1) / 3n; more of them than bins change the fourth digit."""
    many = 5 * BINS
    found = gini_of(np.arange(many) % 64, np.arange(1, many + 1.0), 64, "nobody")
    assert found.value == pytest.approx((many - 1) / (3 * many), rel=1e-3)
    assert found.low <= found.value <= found.high
    assert "below zero" in gini_of(np.zeros(2, int), np.array([-1.0, 2.0]), 1, "nobody").why


def test_the_concentration_of_burden_and_score_by_hand() -> None:
    """One of eight bears all: 7/8. Scores 1 and 3, four each: 1/4."""
    names = Names(instruments=(Instrument("book"),), days=NAMES.days)
    points = np.array([1, 3, 3, 1, 1, 3, 3, 1.0])
    some = seen(names=names, burden_yuan_travel=[9] + [0] * 7, score_points_book=points)
    found = values_of(distribution.concentration, some)
    assert found == pytest.approx({"burden": 7 / 8, "score: book": 1 / 4})
    nobody = parts_of(distribution.concentration, seen())["burden"]
    assert nobody.why == "nobody bore a burden"


def test_mobility_has_its_closed_forms() -> None:
    """Nobody moves: 0. The grade after says nothing of the grade before: 1. All swap: 2 of two."""
    assert shorrocks(np.diag([5.0, 3.0, 2.0])) == 0
    assert shorrocks(np.full((3, 3), 2.0)) == pytest.approx(1)
    assert shorrocks(np.array([[0.0, 4.0], [9.0, 0.0]])) == 2
    assert math.isnan(shorrocks(np.array([[3.0, 0.0], [0.0, 0.0]])))
    # Of 10 low 8 stay, of 20 high 15 stay: trace 0.8 + 0.75, (2 - 1.55) / (2 - 1).
    assert mobility(2)(np.array([8.0, 2.0, 5.0, 15.0])) == pytest.approx(0.45)


def test_the_mobility_between_grades_by_hand() -> None:
    """Two grades, three steps. First 10 low and 20 high; 2 rise and 5 fall, then nobody moves.

    Then 13 are low and 17 high. From low 8 + 13 of 10 + 13 stay, from high 15 + 17 of 20 + 17.
    An instrument with one grade has no mobility; what the first step changes is its beginning.
    """
    names = Names(instruments=(Instrument("a", ("low", "high")), Instrument("b", ("all",))))
    none = [[0, 0, 0, 0], [0, 0, 0, 0]]
    counts = {
        "grade_moves": np.array([[none], [[[0, 2, 5, 0], [0, 0, 0, 0]]], [none]]),
        "grades": np.array([[[[10, 20, 0], [30, 0, 0]]]] + [[[[13, 17, 0], [30, 0, 0]]]] * 2),
    }
    trace = 21 / 23 + 32 / 37
    found = values_of(distribution.grade_mobility, seen(counts=counts, names=names))
    assert found == pytest.approx({"a": 2 - trace})
    counts["grade_moves"] = np.repeat(counts["grade_moves"], 2, axis=1)
    counts["grades"] = np.repeat(counts["grades"], 2, axis=1)
    counts["grade_moves"][1, 1, 0] = [0, 9, 1, 0]
    two = parts_of(distribution.grade_mobility, seen(counts=counts, names=names))["a"]
    assert 0 <= two.low < two.value < two.high <= 2, "of two grades the index ends at 2"


def test_the_burden_by_ability_by_hand() -> None:
    """Ten persons with means 1 to 10; the two poorest bear 30 and 10, the two richest 5 and 5."""
    burden = [30, 10, 0, 0, 0, 0, 0, 0, 5, 5]
    some = seen(10, burden_yuan_travel=burden, twin=rows(10, means=np.arange(1, 11)))
    found = values_of(distribution.burden_by_ability, some)
    assert found["lowest fifth"] == 20
    assert found["highest fifth"] == 5
    assert found["middle fifth"] == 0
    assert value_of(distribution.ability_gap_ratio, some) == 4
    assert "baseline" in parts_of(distribution.ability_gap_ratio, seen())[""].why
