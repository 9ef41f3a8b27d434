"""Published figures are dated aggregates of the house; each says what it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from glasshouse.errors import BadInput
from glasshouse.law.library import Library
from glasshouse.law.rulebook import Listing

if TYPE_CHECKING:
    from tests.law.conftest import Rooms

FILE = "published/tiny.yaml"
TINY = """\
figures:
  - {figure: names so far, on: 2014-03-10, value: 100, unit: entries,
     cite: {source: gazette, at: art. 9}, evidence: documented}
  - {figure: names so far, on: 2013-10-24, value: 30, unit: entries, bound: at_least,
     cite: {source: gazette, at: art. 9}, evidence: documented}
"""


def test_figures_come_by_name_and_day(rooms: Rooms) -> None:
    """The earlier day comes first, and a lower bound is marked."""
    rooms.write(FILE, TINY)
    early, late = rooms.library.published()
    assert (early.value, early.bound, late.bound) == (30, "at_least", None)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unit: entries", "unit: people", "entries"),
        ("value: 100", "value: 0", "at least 1"),
        ("source: gazette", "source: gazete", "did you mean `gazette`"),
        ("2013-10-24", "2014-03-10", "a second `names so far`"),
        ("evidence: documented", "evidence: true", "evidence"),
        ("value: 100", "value: 100, who: somebody", "unknown"),
    ],
)
def test_a_wrong_figure_is_refused_in_its_place(
    rooms: Rooms, old: str, new: str, said: str
) -> None:
    """A unit that is none, a figure of nothing, an unknown source, a day twice."""
    rooms.write(FILE, TINY.replace(old, new))
    with pytest.raises(BadInput, match=said) as error:
        rooms.library.published()
    assert error.value.problems[0].line > 0


def test_what_a_figure_counts_is_there() -> None:
    """The lists and acts that a figure names stand in rulebooks and assumptions of the house."""
    library = Library()
    lists = {
        f"{book}/{one.list_id}"
        for book in library.names("rulebooks")
        for one in library.rulebook(book).provisions
        if isinstance(one, Listing)
    }
    acts = {act.id for act in library.assumptions().acts}
    named = [(one.lists, one.acts) for one in library.published()]
    assert any(some for some, _ in named)
    assert any(some for _, some in named)
    for some_lists, some_acts in named:
        assert set(some_lists) <= lists
        assert set(some_acts) <= acts


def test_refusals_names_and_people_are_three_units() -> None:
    """In the house no figure of refusals or names is called people."""
    for one in Library().published():
        words = set(one.figure.replace(":", "").split())
        assert (one.unit == "persons") == bool(words & {"people", "paid", "barred", "first"}), one
