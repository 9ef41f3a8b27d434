"""Worked cases: naming a rule, list or counter that is not there is refused at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from glasshouse.law.library import Library

if TYPE_CHECKING:
    from tests.law.conftest import Rooms

FILE = "cases/tiny.yaml"
TINY = """\
cases:
  - id: a-late-bill
    title: A late bill
    year: 2016
    cite: {source: gazette, at: art. 9}
    evidence: fiction
    who: adult
    story: Somebody is late.
    conduct: [{act: late_bill}, {act: late_bill, day: 30}]
    told: {under: civic, rules: [minus], range: [-100, -10], lists: [blacklist], refused: [flight]}
    elsewhere: [{under: civic, points: 0}]
    differs: Nothing, for it is the same book.
"""


def test_a_case_loads(rooms: Rooms) -> None:
    """A case names its rulebook, its rules and its year, and is filed by them."""
    rooms.write(FILE, TINY)
    (case,) = rooms.library.cases()
    assert case.filed == ("civic", "minus", 2016, "a-late-bill")
    assert [outcome.under for outcome in case.outcomes] == ["civic", "civic"]
    assert rooms.library.names("cases") == ("tiny",)
    assert rooms.library.check(rooms.root / FILE) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("source: gazette", "source: gazete", "did you mean `gazette`?"),
        ("act: late_bill}", "act: late_bil}", "unknown act `late_bil` (did you mean"),
        ("rules: [minus]", "rules: [minous]", "`minous` is not in `civic` in 2016 (did you mean"),
        ("rules: [minus], ", "", "no rule of the told rulebook decides"),
        ("lists: [blacklist]", "lists: [blaklist]", "`blaklist` is not in `civic` in 2016"),
        ("year: 2016", "year: 2013", "`blacklist` is not in `civic` in 2013"),
        ("refused: [flight]", "refused: [train]", "`train` is not in `civic` in 2016"),
        (", lists: [blacklist]", "", "something is refused and no list is named"),
        ("under: civic, rules", "under: civil, rules", "no rulebook `civil`"),
        ("points: 0", "points: 0, range: [0, 0]", "`points` and `range` given"),
        ("points: 0", "points: 0, grade: Z", "unknown grade `Z`"),
        ("who: adult", "who: Alice", "the text `Alice` is not allowed"),
        ("year: 2016", "year: 2016\n    name: Alice", "unknown key `name`"),
        ("year: 2016", "year: 2016-04-01", "2016-04-01 where a whole number belongs"),
    ],
)
def test_a_wrong_case_is_refused_at_its_place(
    rooms: Rooms, old: str, new: str, message: str
) -> None:
    """Every mistake is told with its file, line and column."""
    assert old in TINY
    rooms.write(FILE, TINY.replace(old, new, 1))
    problems = rooms.problems(rooms.library.cases)
    assert any(message in str(problem) for problem in problems), problems
    assert all(problem.line > 0 for problem in problems)


def test_a_second_case_of_the_same_id_is_refused(rooms: Rooms) -> None:
    """An id names one case."""
    rooms.write(FILE, TINY)
    rooms.write("cases/other.yaml", TINY)
    problems = rooms.problems(rooms.library.cases)
    assert any("a second case `a-late-bill`" in str(problem) for problem in problems)


def test_a_case_says_of_no_one_who_where_and_when() -> None:
    """A packaged case has a year and a kind of person, and no other place for either."""
    for case in Library().cases():
        assert 2000 <= case.year <= 2100
        assert case.story
        assert case.differs
