"""A life in words: arms side by side, the same acts on the same line."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from glasshouse.report.life import ORDER, Event, Life, told
from glasshouse.session import Run, events_of


@pytest.fixture(scope="module")
def life(small: Run) -> Life:
    """Give a life made up by hand, in the words of a small run."""
    legend = small.provenance.legend
    day = dt.date(2020, 3, 4)
    events = (
        Event(day, 0, "act", 0, 0),
        Event(day, 1, "act", 0, 1),
        Event(day, 0, "act", 3, 0),
        Event(day + dt.timedelta(days=9), 1, "entry", 0, 0),
        Event(day + dt.timedelta(days=20), 1, "listed", 0, 2),
        Event(day + dt.timedelta(days=30), 1, "refused", 0, 3),
    )
    return Life(7, events, tuple(small.archive.outcome(7)), legend)


def test_what_happens_in_all_arms_shares_a_line(small: Run) -> None:
    """The same act in both arms stands once, side by side; what one arm lacks stays empty."""
    legend = small.provenance.legend
    day = dt.date(2020, 3, 4)
    events = (Event(day, 0, "act", 0, 0), Event(day, 1, "act", 0, 0), Event(day, 0, "act", 3, 0))
    title, other = legend.acts[0].title, legend.acts[3].title
    assert Life(7, events, (), legend).rows() == [(day, (title, title)), (day, (other, ""))]


def test_the_same_twice_is_told_twice(small: Run) -> None:
    """Two equal acts on a day are two lines."""
    day = dt.date(2020, 3, 4)
    events = (Event(day, 0, "act", 0, 0), Event(day, 0, "act", 0, 0), Event(day, 1, "act", 0, 0))
    rows = Life(7, events, (), small.provenance.legend).rows()
    assert [bool(cells[1]) for _, cells in rows] == [True, False]


def test_the_table_fits_and_shows_every_event(life: Life, small: Run) -> None:
    """Every line fits the width, dates stand once, and totals of the outcome row close it."""
    text = life.text(100)
    assert all(len(line) <= 100 for line in text.splitlines())
    assert text.count("2020-03-04") == 1
    words = " ".join(text.split())
    list_name = small.provenance.legend.arms[1].lists[0].rpartition("/")[2]
    assert f"PUT ON the list {list_name}" in words
    assert "in all" in text
    head = next(line for line in text.splitlines() if "nothing" in line)
    assert "scored" in head


def test_every_kind_of_event_has_words(small: Run) -> None:
    """Whatever the engine notes can be told, with every second number that it can have."""
    from glasshouse.engine import journal

    legend = small.provenance.legend
    codes = sorted(journal.MEANINGS)
    events = events_of([(0, 7, 1, 5, code, 0, second) for code in codes for second in (0, 1, 2)],
                       7, dt.date(2020, 1, 1))  # fmt: skip
    assert {event.what for event in events} == set(ORDER)
    assert all(told(event, legend) for event in events)
    assert all(event.day == dt.date(2020, 1, 6) for event in events)


def test_others_are_left_out() -> None:
    """Of a community's events those of one slot are taken."""
    assert events_of([(0, 8, 1, 5, 1, 0, 0)], 7, dt.date(2020, 1, 1)) == ()


def test_false_reports_and_strays_are_told_apart(small: Run) -> None:
    """Rows above the act types are false reports, and above them entries of somebody else."""
    legend = small.provenance.legend
    types = len(legend.acts)
    day = dt.date(2020, 1, 1)
    said = [told(Event(day, 1, "entry", types * kind, 1), legend) for kind in range(3)]
    assert said[0].startswith("written down")
    assert said[1].startswith("falsely reported")
    assert said[2].startswith("somebody else's")


def test_an_empty_life_says_so(small: Run) -> None:
    """Nothing is said to be nothing, and JSON holds what the table holds."""
    life = Life(7, (), (), small.provenance.legend)
    assert "Nothing happened" in str(life)
    assert json.loads(json.dumps(life.plain()))["events"] == []


def test_an_act_is_the_same_act_whether_or_not_it_is_seen(small: Run) -> None:
    """What one arm sees and the other does not still stands on one line."""
    legend = small.provenance.legend
    day = dt.date(2020, 3, 4)
    events = (Event(day, 0, "act", 0, 0), Event(day, 1, "act", 0, 1))
    title = legend.acts[0].title
    assert Life(7, events, (), legend).rows() == [(day, (title, f"{title} (seen)"))]
