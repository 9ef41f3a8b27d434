"""One listing's days and decisions."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.stages.standing.standing_kernel import (
    NEVER,
    chance_of_stopping,
    contest_chance,
    days_within,
    is_found_able,
    may_contest,
    notice_day_of,
    publication_day,
)

level = st.integers(0, 65_535)
word = st.integers(0, 2**32 - 1)
chance = st.integers(0, 2**32)
day = st.integers(0, 40_000)


@given(word, chance, chance)
def test_the_ability_test_errs_on_both_sides(luck: int, sensitivity: int, specificity: int) -> None:
    """Perfect, it finds exactly those who can; each error belongs to its own kind of person."""
    assert is_found_able(luck, 0, sensitivity, specificity) == (luck < sensitivity)
    assert is_found_able(luck, 1, sensitivity, specificity) == (luck >= specificity)
    assert is_found_able(luck, 0, 2**32, 2**32)
    assert not is_found_able(luck, 1, 2**32, 2**32)


@given(word, chance, day, word, st.integers(1, 400))
def test_a_notice_comes_within_its_span_or_never(
    luck: int, reaches: int, since: int, late: int, span: int
) -> None:
    """Never before the listing begins."""
    arrives = notice_day_of(luck, reaches, since, late, span)
    assert (arrives == NEVER) == (luck >= reaches)
    assert arrives == NEVER or since <= arrives < since + span


@given(day, st.integers(0, 400), st.integers(1, 400))
def test_the_window_closes_after_its_last_day(since: int, later: int, window: int) -> None:
    """Counted from the decision; counted from knowledge it is open on the day one knows."""
    assert may_contest(since + later, since, window, 0) == (later <= window)
    assert may_contest(since + later, since, window, 1)


@given(level, level, level, level, chance, chance)
def test_a_contest_is_likelier_with_literacy_and_with_trust(
    literate: int, other: int, trust: int, moves: int, one: int, two: int
) -> None:
    """Never below zero, never above the highest, in order."""
    lowest, highest = sorted((one, two))
    less, more = sorted((literate, other))
    low = contest_chance(less, lowest, highest, trust, moves)
    high = contest_chance(more, lowest, highest, trust, moves)
    assert 0 <= low <= highest
    assert low <= high + 65_536
    assert low <= contest_chance(less, lowest, highest, 65_535, moves)
    assert contest_chance(0, lowest, highest, 65_535, moves) == lowest


@given(day, day, day, day)
def test_days_within_is_what_two_spells_share(one: int, two: int, three: int, four: int) -> None:
    """As counted day by day."""
    first, end = sorted((one % 300, two % 300))
    begin, stop = sorted((three % 300, four % 300))
    shared = set(range(first, end)) & set(range(begin, stop))
    assert days_within(first, end, begin, stop) == len(shared)


def test_names_come_out_on_the_first_working_day_of_a_month() -> None:
    """Thirty years of days against the calendar, leap years and the turn of years included."""
    start = dt.date(1999, 12, 1)
    for day in range(11_000):
        decided = start + dt.timedelta(days=day)
        firsts = [decided.replace(day=1), (decided.replace(day=28) + dt.timedelta(days=4))]
        firsts[1] = firsts[1].replace(day=1)
        working = [
            next(d for n in range(3) if (d := first + dt.timedelta(days=n)).weekday() < 5)
            for first in firsts
        ]
        expected = next(d for d in working if d >= decided)
        assert publication_day(day, start.toordinal()) == (expected - start).days


def test_review_stops_by_what_stands_behind_a_ground() -> None:
    """Each label has a chance of its own: rightly, not theirs, could not, lawful."""
    assert [chance_of_stopping(label, 1, 2, 3, 4) for label in range(4)] == [1, 2, 3, 4]
