"""Ways off a list and what lists do to people, on tables worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.metrics.societies import parts, people, seen, values

from glasshouse.metrics.traps import (
    METRICS,
    exit_hazard_a_year,
    exit_share_by_reason,
    feedback_gain,
    less_able_share_of_listed,
    means_lost,
    trap_half_life_days,
)

WEEKS = 60


def spells(ended: dict[int, int], opened: dict[int, int]) -> dict[str, object]:
    """Spells of one province by weeks of length, all rightly listed, in two steps."""
    table = np.zeros((2, 1, 4, WEEKS), int)
    table[1, 0, 0, list(ended)] = list(ended.values())
    still = np.zeros((2, 1, 4, WEEKS), int)
    still[1, 0, 0, list(opened)] = list(opened.values())
    return {"spells_ended": table, "spells_open": still}


def left(*reasons: int) -> list[object]:
    """Exits of one list, by reason from `overturned` on, all in the first of two steps."""
    return [[[[0, *reasons]]], [[[0, 0, 0, 0, 0]]]]


def test_hazards_of_reasons_add_up() -> None:
    """Six exits in two years on lists: three a year, of which one, one and a half, and a half."""
    arm = seen(counts={"left": left(2, 3, 1, 0), "listed_days": [[[365.25, 0, 0, 0]]] * 2})
    found = values(exit_hazard_a_year, arm)
    assert found == pytest.approx(
        {"any": 3, "overturned": 1, "performed": 1.5, "expired": 0.5, "grade_recovered": 0}
    )
    share = values(exit_share_by_reason, arm)
    assert share["performed"] == 0.5
    assert sum(share.values()) == pytest.approx(1)


def test_a_half_life_by_both_ways() -> None:
    """Off at a constant hazard the two agree within a week; the first is ln 2 / h exactly."""
    p = 0.05
    alive = 1e6 * (1 - p) ** np.arange(WEEKS)
    ended = {week: round(alive[week] * p) for week in range(WEEKS - 1)}
    opened = {WEEKS - 1: round(alive[-1])}
    days = alive.sum() * 7
    counts = spells(ended, opened) | {
        "left": left(0, sum(ended.values()), 0, 0),
        "listed_days": [[[days, 0, 0, 0]], [[0, 0, 0, 0]]],
    }
    found = values(trap_half_life_days, seen(counts=counts))
    hazard = sum(ended.values()) / days
    assert found["if the hazard is constant"] == pytest.approx(math.log(2) / hazard)
    weeks = math.log(0.5) / math.log(1 - p)
    assert abs(found["Kaplan-Meier"] - 7 * weeks) <= 7
    assert math.isnan(found["Kaplan-Meier, wrongly listed"])


def test_a_list_nobody_leaves() -> None:
    """Without an exit the half-life is infinite, and a median is not reached: both say so."""
    counts = spells({}, {10: 5}) | {
        "left": left(0, 0, 0, 0),
        "listed_days": [[[700, 0, 0, 0]], [[0, 0, 0, 0]]],
    }
    found = parts(trap_half_life_days, seen(counts=counts))
    assert found["if the hazard is constant"].value == math.inf
    assert "nobody came off" in found["if the hazard is constant"].why
    assert math.isnan(found["Kaplan-Meier"].value)
    assert "fewer than half" in found["Kaplan-Meier"].why
    assert values(exit_hazard_a_year, seen(counts=counts))["any"] == 0


def test_nobody_was_ever_listed() -> None:
    """Zero over zero is no hazard, no half-life, no way off, no gain: nan, with the reason."""
    counts = spells({}, {}) | {"left": left(0, 0, 0, 0), "listed_days": [[[0] * 4]] * 2}
    free = people(3, acts_culpable=[1, 2, 3])
    arm = seen(free, free, counts)
    for metric in (exit_hazard_a_year, trap_half_life_days, exit_share_by_reason):
        for found in parts(metric, arm).values():
            assert math.isnan(found.value)
            assert found.why
    assert values(feedback_gain, arm)["never listed"] == 0
    for part in ("listed", "beyond the others"):
        assert math.isnan(values(feedback_gain, arm)[part])
    assert math.isnan(values(less_able_share_of_listed, arm)[""])


def test_the_gain_by_hand() -> None:
    """Two listed go from 10 acts to 9, three others from 10 to 8: had the listed answered to fear
    like the others they would have done 8, so being listed made one act more, of two people.
    """
    listed = [30, 5, 0, 0, 0]
    rows = people(5, listed_days_rightly=listed, acts_culpable=[4, 5, 4, 4, 0])
    twin = people(5, acts_culpable=[4, 6, 5, 5, 0])
    days = ((0, 365), (365, 1461))
    found = values(feedback_gain, seen(rows, twin, days=days))
    assert found["listed"] == pytest.approx(-1 / 2 / 4)
    assert found["never listed"] == pytest.approx(-2 / 3 / 4)
    assert found["beyond the others"] == pytest.approx(1 / 2 / 4)


def test_everybody_listed_leaves_nobody_to_compare_with() -> None:
    """The gain of the listed is known, how they differ from others is not."""
    rows = people(2, listed_days_rightly=[1, 1], acts_culpable=[3, 3])
    twin = people(2, acts_culpable=[1, 1])
    found = parts(feedback_gain, seen(rows, twin))
    assert found["listed"].value == pytest.approx(2 / (365 / 365.25))
    assert math.isnan(found["never listed"].value)
    assert math.isnan(found["beyond the others"].value)
    assert found["beyond the others"].why


def test_means_by_hand() -> None:
    """One listed loses half of full means, one a quarter; the other loses nothing."""
    rows = people(3, listed_days_lawful=[9, 9, 0], means=[0, 16384, 65535])
    twin = people(3, means=[32768, 32768, 65535])
    found = values(means_lost, seen(rows, twin))
    assert found["listed"] == pytest.approx(0.375)
    assert found["never listed"] == 0
    assert found["listed more than others"] == pytest.approx(0.375)
    assert values(less_able_share_of_listed, seen(rows, twin))[""] == 1


def test_without_a_baseline_nothing_is_compared() -> None:
    """A twin cannot be made up: the metrics that need one say so."""
    rows = people(2, listed_days_rightly=[1, 0])
    for metric in (feedback_gain, means_lost, less_able_share_of_listed):
        for found in parts(metric, seen(rows)).values():
            assert math.isnan(found.value)
            assert "baseline" in found.why


def test_a_run_of_counts_alone_has_no_rows() -> None:
    """No metric of the family fails where the outcome rows were not kept."""
    for metric in METRICS:
        for found in parts(metric, seen({}, {})).values():
            assert math.isnan(found.value)
            assert found.why
