"""The gap of credit: the recursion by hand, other numbers, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from glasshouse.experiment.validation.comparison import Outcome, Tolerance, judged
from glasshouse.experiment.validation.credit_gap import (
    Parameters,
    expected_reward,
    run,
    smooth_path,
)
from glasshouse.experiment.validation.runner import Workshop

TWO = Tolerance(rule="standard-errors", at_most=2.0)
PAPER: dict[str, Any] = {
    "first": (0.0, 0.1, 0.1, 0.2, 0.3, 0.3, 0.0), "second": (0.1, 0.1, 0.2, 0.3, 0.3, 0.0, 0.0),
    "repays": (0.1, 0.2, 0.45, 0.6, 0.65, 0.7, 0.7), "steps": 250, "replicates": 60,
}  # fmt: skip
SMALL: dict[str, Any] = {"first": (0.5, 0.5), "second": (1.0, 0.0), "repays": (0.25, 0.75)}


def outcomes(**said: Any) -> list[Outcome]:
    """Run the row and give the verdicts."""
    given = Parameters(**{**PAPER, **said})
    return list(judged(list(run(given, (4,), Workshop(Path("nowhere")))), TWO))


def test_two_steps_by_hand() -> None:
    """The first step serves all: .1 x .5 of the flow; the second only the upper score.

    First group, shares (.5, .5): up .05 x .5 x .25, down .05 x .5 x .25, so it stays; in the second
    step .05 x .5 x .25 falls. Second group: .05 x .25 rises; then of it .05 x .25 falls again.
    """
    given = Parameters(**SMALL, moved=0.1, first_applies=0.5, first_steps=1, steps=2)
    up = 0.05 * 0.25
    first = 0.5 + 0.05 * 0.5 * 0.25
    second = 1 - up + 0.05 * up * 0.25
    wanted = [0.25 * low + 0.75 * (1 - low) for low in (first, second)]
    assert expected_reward(given).tolist() == pytest.approx(wanted)


def test_with_no_choice_both_policies_go_one_way() -> None:
    """While everybody gets a loan the path without chance is the recursion."""
    given = Parameters(**{**PAPER, "first_steps": 250})
    assert smooth_path(given).tolist() == pytest.approx(expected_reward(given).tolist())


@pytest.mark.parametrize(
    "said",
    [
        {"claimed": "wider"},
        {"first_applies": 0.8, "interest": 0.7},
        {"first": (0.4, 0.3, 0.3), "second": (0.9, 0.1, 0.0), "repays": (0.4, 0.6, 0.9),
         "moved": 0.1, "steps": 60, "first_steps": 0},
    ],
)  # fmt: skip
def test_any_groups_follow_the_theory(said: dict[str, Any]) -> None:
    """Shares, chances, interest and parts may be anything: all comparisons hold."""
    found = outcomes(**said)
    assert len(found) == 3 + ("claimed" in said)
    assert all(one.holds for one in found), [one for one in found if not one.holds]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"first": (0.005, 0.095, 0.1, 0.2, 0.3, 0.3, 0.0)}, "cannot be moved in such parts"),
        ({"second": (0.2, 0.1, 0.2, 0.3, 0.3, 0.0, 0.0)}, "cannot be moved in such parts"),
        ({"repays": (0.1, 0.2)}, "differ in length"),
        ({"steps": 100_000, "replicates": 1000}, "take too long"),
    ],
)
def test_groups_that_cannot_be_are_refused(said: dict[str, Any], words: str) -> None:
    """Shares that do not add up, or not in whole parts, are said."""
    with pytest.raises(ValidationError, match=words):
        outcomes(**said)
