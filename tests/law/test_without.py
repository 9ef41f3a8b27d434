"""Provisions can be taken out of an arm, one by one, and what leans on them is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from glasshouse.errors import BadInput
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from tests.law.conftest import Rooms

BOOK = "national-score-as-told"


def provisions(sets: dict[str, str], arm: int = 1) -> set[str]:
    """Give the provisions of an arm of `as-told` under these values."""
    experiment = Library().resolve("as-told", sets)
    return {p.id for use in experiment.arms[arm].rulebooks for p in use.rulebook.provisions}


def test_a_provision_is_switched_off_and_nothing_else() -> None:
    """The arm keeps all its other provisions."""
    whole = provisions({})
    for path in (f"rules.{BOOK}.friends-pull", f"arms.as-told.rules.{BOOK}.friends-pull"):
        assert whole - provisions({path: "off"}) == {"friends-pull"}
        assert provisions({path: "on"}) == whole


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (f"rules.{BOOK}.frends-pull", "off", "friends-pull"),
        (f"arms.as-told.rules.{BOOK}.frends-pull", "off", "friends-pull"),
        (f"arms.nothing.rules.{BOOK}.friends-pull", "off", "no provision"),
        (f"rules.{BOOK}.friends-pull", "no", "on or off"),
        (f"rules.{BOOK}.grade-c", "off", "leans on the grade C"),
        ("rules.nowhere", "off", "no arm has"),
    ],
)
def test_what_cannot_be_taken_out_is_said(path: str, value: str, said: str) -> None:
    """Wrong names get the right ones; a grade that others name stays."""
    with pytest.raises(BadInput) as refused:
        provisions({path: value})
    assert any(said in str(problem) for problem in refused.value.problems)


def test_a_red_list_leans_on_its_grade_too() -> None:
    """The grade that puts people on a white list stays as long as the list."""
    book = "national-score-big-brother"
    sets = {"arms.as-told.rulebook": book, f"rules.{book}.whitelisted": "off"}
    with pytest.raises(BadInput, match="leans on the grade white"):
        provisions(sets)


def test_a_scenario_leaves_provisions_out(rooms: Rooms) -> None:
    """`without` in an arm does the same, and a name that is not there is told at its place."""
    path = "scenarios/try.yaml"
    old = (rooms.root / path).read_text(encoding="utf-8")
    new = old.replace("    set: {process", "    without: [civic/nothing]\n    set: {process")
    (rooms.root / path).write_text(new, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        rooms.library.resolve("try")
    problem = refused.value.problems[0]
    assert problem.line > 0
    assert "civic/nothing" in problem.what
