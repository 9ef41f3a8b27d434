"""Deterrence, chilling, displacement, crowding out: what was put in by hand comes out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.metrics.societies import ACTS, parts, people, seen, values

from glasshouse.metrics.behaviour import (
    METRICS,
    PRIORS,
    acts_a_person_year,
    beginning_of_rules,
    behaviour_change_share,
    chill_ratio,
    chilling_break,
    chilling_share,
    conduct_change,
    crowding_out,
    deterrence_elasticity,
    displacement_share,
    end_of_rewards,
    groups_of_acts,
    is_neutral,
    spiral_of_silence,
)
from glasshouse.metrics.estimate import NotKnown
from glasshouse.metrics.series import elasticity


def acted(*steps: list[int]) -> dict[str, Any]:
    """Acts by type of ten people in one province, step by step."""
    return {"acts": [[list(step)] for step in steps], "persons": [[10]] * len(steps)}


def test_acts_are_told_apart_by_what_rules_make_of_them() -> None:
    """Punished, praised, wrong but named by no rule, and lawful; walking is in none of them."""
    assert groups_of_acts(ACTS) == {
        "punished": [0],
        "praised": [3, 4],
        "unrecorded": [1],
        "lawful": [2],
    }
    assert [act.act for act in ACTS if is_neutral(act)] == ["walking"]


def test_conduct_against_the_twin() -> None:
    """Thefts from 10 to 8, honking from 5 to 6, petitions from 20 to 15, praise from 4 to 8."""
    arm = seen(
        counts=acted([4, 3, 8, 2, 2, 9], [4, 3, 7, 2, 2, 9]),
        twin_counts=acted([5, 2, 10, 2, 0, 9], [5, 3, 10, 2, 0, 9]),
    )
    found = values(conduct_change, arm)
    assert found == pytest.approx(
        {"punished": -0.2, "praised": 1.0, "unrecorded": 0.2, "lawful": -0.25}
    )
    # Of two punished offences prevented one came back as honking.
    assert values(displacement_share, arm)[""] == pytest.approx(0.5)


def test_where_nothing_is_prevented_nothing_is_displaced() -> None:
    """More thefts than in the twin, or as many: no share of what was not prevented."""
    for thefts in (5, 6):
        arm = seen(counts=acted([thefts, 3, 0, 0, 0, 0]), twin_counts=acted([5, 2, 0, 0, 0, 0]))
        found = parts(displacement_share, arm)[""]
        assert math.isnan(found.value)
        assert "prevented" in found.why
    new = parts(conduct_change, seen(counts=acted([1] + [0] * 5), twin_counts=acted([0] * 6)))
    assert new["punished"].value == math.inf
    assert "none in the baseline" in new["praised"].why


def test_chilling_by_twins() -> None:
    """Twelve lawful acts become nine: a quarter left undone; three offences fewer: one for one."""
    rows = people(3, acts_lawful=[2, 7, 0], acts_culpable=[1, 0, 0])
    twin = people(3, acts_lawful=[4, 8, 0], acts_culpable=[2, 2, 0])
    assert values(chilling_share, seen(rows, twin))[""] == pytest.approx(0.25)
    assert values(chill_ratio, seen(rows, twin))[""] == pytest.approx(1)
    # A scheme that prevents nothing has no price for a prevented offence.
    more = people(3, acts_lawful=[2, 7, 0], acts_culpable=[3, 2, 0])
    assert math.isnan(values(chill_ratio, seen(more, twin))[""])
    assert "prevented" in parts(chill_ratio, seen(more, twin))[""].why


def test_nobody_and_everybody_silent() -> None:
    """Nobody spoke unscored: unknown. Nobody speaks scored: all of it is chilled."""
    mute = people(2)
    assert math.isnan(values(chilling_share, seen(mute, mute))[""])
    twin = people(2, acts_lawful=[3, 1])
    assert values(chilling_share, seen(mute, twin))[""] == 1
    assert values(chilling_share, seen(twin, twin))[""] == 0


def series(level: float, at: int = 6, steps: int = 14) -> tuple[dict[str, Any], dict[str, Any]]:
    """Lawful acts that fall by a share from a step on, with a season that all acts share."""
    season = 1 + 0.3 * np.sin(np.arange(steps))
    post = np.arange(steps) >= at
    arm = [
        [0, 0, 1e6 * s * (1 - level * p), 0, 0, 4e6 * s] for s, p in zip(season, post, strict=True)
    ]
    base = [[0, 0, 1e6 * s, 0, 0, 4e6 * s] for s in season]
    return (
        acted(*[[round(n) for n in row] for row in arm]),
        acted(*[[round(n) for n in row] for row in base]),
    )


@pytest.mark.parametrize("level", [0.0, 0.2, 0.5])
def test_a_break_is_found_with_either_control(level: float) -> None:
    """A fall that only the watched acts have is found against neutral acts and against the twin."""
    arm, base = series(level)
    force = (0,) * 6 + (1,) * 8
    found = values(
        chilling_break, seen(counts=arm, twin_counts=base, taking=force, giving=(0,) * 14)
    )
    for control in ("neutral control", "twin as control"):
        assert found[f"{control}: chill"] == pytest.approx(level, abs=1e-4)
        assert found[f"{control}: slope"] == pytest.approx(0, abs=1e-4)


def test_rules_from_the_first_step_leave_no_series() -> None:
    """Without a before there is no break, and without rules nothing that could break."""
    arm, base = series(0.2)
    always = seen(counts=arm, twin_counts=base, taking=(1,) * 14, giving=(0,) * 14)
    found = parts(chilling_break, always)
    assert all(math.isnan(one.value) and one.why for one in found.values())
    never = seen(counts=arm, twin_counts=base, taking=(0,) * 14, giving=(0,) * 14)
    assert "no rule of the arm" in parts(chilling_break, never)[""].why
    assert beginning_of_rules(seen(taking=(0, 0), giving=(0, 1))) == 1


def test_the_distrusting_fall_silent_more() -> None:
    """They go from ten occasions to six, the others from ten to nine; a child is not asked."""
    rows = people(
        4, acts_lawful=[6, 4, 5, 0], trust=[100, 60000, 60000, 0], age_years=[30] * 3 + [9]
    )
    twin = people(4, acts_lawful=[10, 5, 5, 7])
    found = values(spiral_of_silence, seen(rows, twin))
    assert found == pytest.approx({"distrusting": -0.4, "others": -0.1, "difference": -0.3})
    trusting = seen(people(2, acts_lawful=[1, 1]), people(2, acts_lawful=[1, 1]))
    assert "distrusts" in parts(spiral_of_silence, trusting)["distrusting"].why


def test_what_is_left_of_kindness_once_rewards_end() -> None:
    """Twelve kind acts unscored, nine after the rewards: a quarter is crowded out. Bought diapers,
    of no use to others, are no kindness, and the steps before do not count.
    """
    arm = acted([0, 0, 0, 99, 9, 0], [0, 0, 0, 4, 9, 0], [0, 0, 0, 5, 9, 0])
    base = acted([0, 0, 0, 6, 0, 0], [0, 0, 0, 6, 0, 0], [0, 0, 0, 6, 0, 0])
    ended = seen(counts=arm, twin_counts=base, giving=(2, 1, 1))
    assert values(crowding_out, ended)[""] == pytest.approx(-0.25)
    held = seen(counts=arm, twin_counts=base, giving=(1, 1, 1))
    assert "no rule that gives" in parts(crowding_out, held)[""].why
    assert end_of_rewards((2, 1, 2, 0)) == 3
    with pytest.raises(NotKnown):
        end_of_rewards(())


def test_whose_conduct_changed() -> None:
    """Of three aware adults two changed something; a child and the unaware do not count."""
    rows = people(
        5,
        aware=[1, 1, 1, 0, 1],
        acts_culpable=[1, 0, 0, 5, 5],
        acts_praised=[0, 2, 0, 0, 0],
        age_years=[30, 40, 50, 60, 9],
    )
    found = values(behaviour_change_share, seen(rows, people(5)))
    assert found == pytest.approx({"of the aware": 2 / 3, "of all adults": 0.5})
    unaware = seen(people(2), people(2))
    assert "nobody knows" in parts(behaviour_change_share, unaware)["of the aware"].why


def test_a_sweep_has_an_elasticity() -> None:
    """Five runs whose offences go with detection to the power -0.35 and an error that is known."""
    levers, people_there = [0.1, 0.2, 0.3, 0.4, 0.6], 50
    rates = []
    for lever in levers:
        acts = np.full(people_there, 1000 * lever**-0.35)
        rates.append(values(acts_a_person_year, seen(people(people_there, acts_culpable=acts))))
    found = elasticity(levers, [rate["culpable"] for rate in rates])
    assert found.value == pytest.approx(PRIORS["detection"].mean)
    assert found.points == 5
    assert rates[0]["lawful"] == 0


def test_one_run_has_no_elasticity_and_says_what_would() -> None:
    """It is a result of a sweep; the priors stand in its definition and are fitted to nothing."""
    found = parts(deterrence_elasticity, seen())
    assert set(found) == set(PRIORS)
    assert all(math.isnan(one.value) and "sweep" in one.why for one in found.values())
    assert "-0.35" in deterrence_elasticity.definition
    assert "unverified" in deterrence_elasticity.definition


@given(st.lists(st.tuples(*[st.integers(0, 20)] * 4), min_size=1, max_size=12))
def test_bounds_and_order(acts: list[tuple[int, int, int, int]]) -> None:
    """Nothing chills more than all of it, shares are shares, and the order of people is no fact."""
    lawful, base, wrong, wrong_base = np.array(acts).T
    rows = people(len(acts), acts_lawful=lawful, acts_culpable=wrong, aware=np.ones(len(acts)))
    twin = people(len(acts), acts_lawful=base, acts_culpable=wrong_base)
    back = seen(
        {name: column[::-1] for name, column in rows.items()},
        {name: column[::-1] for name, column in twin.items()},
    )
    for metric in (chilling_share, chill_ratio, behaviour_change_share):
        found = values(metric, seen(rows, twin))
        assert found == pytest.approx(values(metric, back), nan_ok=True)
    assert not values(chilling_share, seen(rows, twin))[""] > 1
    assert 0 <= values(behaviour_change_share, seen(rows, twin))["of the aware"] <= 1


def test_without_rows_or_counts_or_twin_every_metric_says_why() -> None:
    """Nothing fails and nothing is zero."""
    for arm in (
        seen({}, {}, {}, {}),
        seen(people(0), None, acted([0] * 6)),
        seen(people(0), people(0)),
    ):
        for metric in METRICS:
            for found in parts(metric, arm).values():
                assert math.isnan(found.value)
                assert found.why
