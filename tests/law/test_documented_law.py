"""Rulebooks as documented: gaps are named, dates hold, and a second coder is told no value."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from glasshouse.law.library import Library
from glasshouse.law.rulebook import Grade, Listing, Points, Rulebook

LIBRARY = Library()
DOCUMENTED = {
    name: book
    for name in LIBRARY.names("rulebooks")
    if (book := LIBRARY.rulebook(name)).family == "documented"
}
BOOKS = pytest.mark.parametrize("book", DOCUMENTED.values(), ids=DOCUMENTED.keys())
SHEET = (LIBRARY.root / "second_codings" / "README.md").read_text(encoding="utf-8")
ROWS = {match[1]: match[0] for match in re.finditer(r"(?m)^\| `([a-z0-9-]+)` \|.*$", SHEET)}


def acts_of(book: Rulebook) -> set[str]:
    """Give the acts that a rulebook names for points or as a ground."""
    acts: set[str] = set()
    for provision in book.provisions:
        if isinstance(provision, Points):
            acts.update(provision.acts)
        elif isinstance(provision, Listing):
            acts.update(act for ground in provision.grounds for act in ground.acts or ())
    return acts


@BOOKS
def test_what_no_text_gives_is_a_reading_with_rivals(book: Rulebook) -> None:
    """A number that no text gives is never shown as law: it is a reading, and rivals stand by."""
    for provision in book.provisions:
        if provision.evidence == "hypothesis":
            assert provision.qualified, provision.id
            assert provision.reading is not None, provision.id
            assert provision.reading.rivals, provision.id


@pytest.mark.parametrize("name", ROWS)
def test_the_coding_sheet_fits_its_rulebook(name: str) -> None:
    """The sheet names every act, grade and list that the first coder used, and its texts exist."""
    book, row = DOCUMENTED[name], ROWS[name]
    if "as `" in row:
        row += ROWS[row.split("as `")[-1].partition("`")[0]]
    words = set(re.findall(r"[a-z_]+", row))
    assert acts_of(book) <= words
    grades = {p.grade for p in book.provisions if isinstance(p, Grade)}
    assert all(grade in row for grade in grades)
    assert all(p.list_id in row for p in book.provisions if isinstance(p, Listing))
    texts = set(re.findall(r"`([a-z0-9-]+)`", row)) - set(ROWS)
    assert texts <= LIBRARY.sources().keys()


def test_the_coding_sheet_holds_no_points() -> None:
    """No threshold, no points: a second coder finds them in the texts or not at all."""
    for name, row in ROWS.items():
        cells = row.split("|")[2:]
        numbers = re.findall(r"(?<![\w-])-?\d+(?![\w-])", " ".join(cells))
        law = {"1", "2", "5", "8", "10", "12", "2013", "2016", "2017", "2018", "2019", "2022"}
        assert set(numbers) <= law | {"2023", "2025"}, name


@pytest.mark.parametrize(
    ("day", "fast", "asks_all"),
    [("2014-01-01", False, True), ("2016-01-01", True, True), ("2018-01-01", True, False)],
)
def test_the_court_s_list_follows_its_texts(day: str, fast: bool, asks_all: bool) -> None:
    """Fast trains close in July 2015; until May 2017 ability is asked for under every ground."""
    book = DOCUMENTED["court-list-as-documented"]
    lists = [p for p in book.in_force(dt.date.fromisoformat(day)) if isinstance(p, Listing)]
    assert {one.list_id for one in lists} == {"defaulters-able", "defaulters-conduct"}
    for one in lists:
        assert any(m.counter == "fast_rail" for m in one.measures) == fast
    assert all(one.ability_test for one in lists) == asks_all
    grounds = {act for one in lists for g in one.grounds for act in g.acts or ()}
    assert "campus_loan_debt" not in grounds


def test_the_civility_code_lived_for_three_days() -> None:
    """From 3 to 5 September 2020 something is in force, and on no other day."""
    book = DOCUMENTED["suzhou-civility-2020"]
    days = [dt.date(2020, 9, 1) + dt.timedelta(days=n) for n in range(30)]
    assert [day.day for day in days if book.in_force(day)] == [3, 4, 5]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2015-06-01", "rongcheng-2013"),
        ("2018-06-01", "rongcheng-2016"),
        ("2022-06-01", "rongcheng-2021"),
    ],
)
def test_one_form_of_rongcheng_is_in_force_at_a_time(day: str, name: str) -> None:
    """The three forms follow one another; the last asks for consent and lists nobody."""
    today = dt.date.fromisoformat(day)
    forms = [book for key, book in DOCUMENTED.items() if key.startswith("rongcheng-")]
    assert [book.rulebook for book in forms if book.in_force(today)] == [name]
    assert not any(isinstance(p, Listing) for book in forms for p in book.provisions)
    assert DOCUMENTED["rongcheng-2021"].enrolment == "consent"


@pytest.mark.parametrize(
    ("day", "times"),
    [
        ("2020-01-01", {"general": (90, 365), "serious": (180, 1095)}),
        ("2024-01-01", {"general": (90, 1095), "serious": (365, 1095)}),
        (
            "2026-06-01",
            {"minor": (None, 90), "general": (90, 365), "serious": (365, 1095)},
        ),
    ],
)
def test_published_penalties_have_the_times_of_their_day(
    day: str, times: dict[str, tuple[int | None, int]]
) -> None:
    """Least and longest publication by tier, under the rules of 2019, 2023 and 2026."""
    book = DOCUMENTED["penalty-publication-as-documented"]
    found = {
        one.list_id.removeprefix("penalties-"): (one.performance.not_before_days, one.term.days)
        for one in book.in_force(dt.date.fromisoformat(day))
        if isinstance(one, Listing) and one.performance is not None
    }
    assert found == times
