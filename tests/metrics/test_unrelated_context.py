"""Unrelated contexts, proportion and the verdict over thresholds, on four people."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.metrics.societies import ACTS, HONKING, THEFT, parts, people, seen, values

from glasshouse.metrics.unrelated_context import (
    METRICS,
    burden_gravity_rank_correlation,
    disproportion_share,
    points_lost_by_context,
    prohibited_treatment_share,
    unjustified_burden_share,
    unrelated_context_share,
)

RELATED = frozenset((a.context, a.context) for a in ACTS) | {("traffic", "travel")}


def four() -> dict[str, np.ndarray]:
    """A thief barred from loans and flights, one with a bad grade, one hit for nothing, one free.

    The thief bears 100 (60 of it a flight: unrelated) for a theft worth 50; the second bears 40 for
    a grade, with a wrong worth 400; the third bears 60 without any wrong; the fourth did one worth
    10 and bears nothing.
    """
    return people(
        4,
        burden_yuan_finance=[40, 0, 60, 0],
        burden_yuan_travel=[60, 40, 0, 0],
        burden_unrelated_yuan=[60, 0, 0, 0],
        burden_score_yuan=[0, 40, 0, 0],
        gravity_yuan=[50, 400, 0, 10],
        acts_culpable=[1, 4, 0, 1],
    )


def entries(theft: int, honking: int, false_theft: int = 0) -> list[list[list[int]]]:
    """Entries of one step and province: by act, then false reports, then strays."""
    own = [theft, honking, 0, 0, 0, 0]
    return [[[*own, false_theft, 0, 0, 0, 0, 0, *[0] * 6]]]


def test_a_list_is_known_and_a_grade_bounded() -> None:
    """Of 200 yuan 60 are unrelated, 40 come of a grade: 30 to 50 per cent."""
    found = values(unrelated_context_share, seen(four()))
    assert found["at least"] == pytest.approx(60 / 200)
    assert found["at most"] == pytest.approx(100 / 200)
    assert math.isnan(found["point"])


def test_the_point_goes_by_what_points_were_lost_for() -> None:
    """Three thefts and one honk recorded, ten points each: of a grade that bars travel, three
    quarters stand for theft and are unrelated, a quarter for traffic and belongs to it.
    """
    acts = (THEFT, HONKING._replace(points_lost=10.0), *ACTS[2:])
    arm = seen(four(), counts={"entries": entries(3, 1)}, acts=acts, related=RELATED)
    found = values(unrelated_context_share, arm)
    assert found["point"] == pytest.approx((60 + 0.75 * 40) / 200)
    assert found["at least"] == pytest.approx(0.3)
    # False reports count with the act that they say.
    more = arm._replace(steps={"entries": np.array(entries(3, 1, 4))})
    assert points_lost_by_context(more).tolist()[:2] == [70, 10]
    assert values(unrelated_context_share, more)["point"] == pytest.approx((60 + 0.875 * 40) / 200)


def test_without_a_burden_by_a_grade_the_point_is_exact() -> None:
    """Lists alone leave nothing to guess, whether or not points are known."""
    rows = four() | {"burden_score_yuan": np.zeros(4)}
    found = values(unrelated_context_share, seen(rows))
    assert found["at least"] == found["point"] == found["at most"] == pytest.approx(0.3)


def test_all_related_and_none() -> None:
    """The limits of the share: a burden wholly in its context, and wholly out of it."""
    for unrelated, share in (([0, 0], 0), ([5, 7], 1)):
        rows = people(2, burden_yuan_finance=[5, 7], burden_unrelated_yuan=unrelated)
        assert values(unrelated_context_share, seen(rows))["point"] == share


def test_proportion_by_hand() -> None:
    """Two of the four have a burden and a wrong: 100 / 50 and 40 / 400; one has a burden alone."""
    found = values(disproportion_share, seen(four()))
    assert found == {"above 1": 0.5, "above 10": 0.0, "no wrong at all": pytest.approx(1 / 3)}


def test_ranks_by_hand() -> None:
    """Burdens 100 40 60 0 and gravities 50 400 0 10: ranks 4 2 3 1 and 3 4 1 2, so rho is
    1 - 6 x 10 / 60; among the burdened 3 1 2 and 2 3 1, so 1 - 6 x 6 / 24.
    """
    found = values(burden_gravity_rank_correlation, seen(four()))
    assert found["everybody"] == pytest.approx(1 - 60 / 60)
    assert found["burdened"] == pytest.approx(-0.5)


def test_unjustified_by_hand() -> None:
    """60 of 200 yuan fall on whoever did nothing; by path 31 of 80 are for no own wrong."""
    axes = ("own_rightly", "own_not_theirs", "own_could_not", "own_lawful", "another", "score",
            "stale_copy", "thin_file")  # fmt: skip
    by_path = [[[40, 5, 4, 3, 10, 9, 8, 1], [0] * 8]]
    arm = seen(four(), counts={"burden_by_path": by_path}, axes={"path": axes})
    found = values(unjustified_burden_share, arm)
    assert found["by persons without a wrong"] == pytest.approx(60 / 200)
    assert found["not for their own wrong"] == pytest.approx(31 / 80)
    alone = parts(unjustified_burden_share, seen(four()))["not for their own wrong"]
    assert math.isnan(alone.value)
    assert "burden_by_path" in alone.why


def test_the_verdict_is_a_table_and_never_one_number() -> None:
    """Sixteen thresholds and two ends: the third person has no wrong and is over every ratio; the
    first is over UCI .5 and PR 1; the second is by grade alone, known only in the ends.
    """
    found = values(prohibited_treatment_share, seen(four()))
    assert len(found) == 18
    assert found["UCI > 0.1 or PR > 1"] == 0.5
    assert found["UCI > 0.5 or PR > 3"] == 0.5
    assert found["UCI > 0.75 or PR > 3"] == 0.25
    assert found["UCI > 0.75 or PR > 1"] == 0.5
    assert found["fewest"] == 0.25
    assert found["most"] == 0.75


def test_what_is_over_at_once_is_no_period() -> None:
    """Rules in force in a single step evaluate nobody over a period of time."""
    found = values(prohibited_treatment_share, seen(four(), taking=(0, 1), giving=(0, 0)))
    assert set(found.values()) == {0.0}


def test_nobody_burdened_everybody_burdened_nobody_there() -> None:
    """The limits: no burden is no share and no verdict; an empty society is nothing at all."""
    free = seen(people(3, gravity_yuan=[1, 2, 3]))
    assert all(map(math.isnan, values(unrelated_context_share, free).values()))
    assert all(map(math.isnan, values(disproportion_share, free).values()))
    assert set(values(prohibited_treatment_share, free).values()) == {0.0}
    hit = seen(people(3, burden_yuan_finance=[1, 1, 1], burden_unrelated_yuan=[1, 1, 1]))
    assert set(values(prohibited_treatment_share, hit).values()) == {1.0}
    assert values(disproportion_share, hit)["no wrong at all"] == 1
    assert values(unjustified_burden_share, hit)["by persons without a wrong"] == 1
    for metric in METRICS:
        for found in parts(metric, seen(people(0))).values():
            assert math.isnan(found.value)
            assert found.why


def test_one_person_has_values_and_no_interval() -> None:
    """A society of one is one group: what is known of it says nothing of others."""
    rows = people(
        1, burden_yuan_travel=[20], burden_unrelated_yuan=[20], gravity_yuan=[10], acts_culpable=[1]
    )
    found = parts(unrelated_context_share, seen(rows))["point"]
    assert found.value == 1
    assert math.isnan(found.error)
    assert values(disproportion_share, seen(rows))["above 1"] == 1
    assert math.isnan(values(burden_gravity_rank_correlation, seen(rows))["everybody"])


@given(st.permutations(range(4)))
def test_who_comes_first_does_not_matter(order: list[int]) -> None:
    """Every metric of the family is the same for the same people in another order."""
    rows = four()
    again = {name: column[list(order)] for name, column in rows.items()}
    for metric in METRICS:
        one, other = values(metric, seen(rows)), values(metric, seen(again))
        assert one == pytest.approx(other, nan_ok=True)
