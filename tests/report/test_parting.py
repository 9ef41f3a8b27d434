"""Where the lanes of a life part: told from events, never from what is only likely."""

from __future__ import annotations

import datetime as dt

from glasshouse.report.life import Event, Life
from glasshouse.report.parting import lanes_of, partings, together
from glasshouse.session import Run

DAY = dt.date(2020, 3, 4)


def later(days: int) -> dt.date:
    """Give a day so many days on."""
    return DAY + dt.timedelta(days=days)


def test_lanes_with_the_same_events_never_part(small: Run) -> None:
    """An act that is seen is the same act: what alone differs is who watches."""
    events = (Event(DAY, 0, "act", 0, 0), Event(DAY, 1, "act", 0, 1))
    life = Life(7, events, (), small.provenance.legend)
    assert partings(life) == []
    assert together(life).startswith("The lanes never part: 1 acts")


def test_the_first_act_left_undone_and_the_first_done_alone_are_found(small: Run) -> None:
    """Acts are matched day by day and type by type, twice the same as two."""
    events = (
        Event(DAY, 0, "act", 0, 0),
        Event(DAY, 0, "act", 0, 0),
        Event(DAY, 1, "act", 0, 0),
        Event(later(3), 1, "act", 2, 0),
    )
    life = Life(7, events, (), small.provenance.legend)
    lanes = lanes_of(life)
    assert lanes.only_here == (frozenset(), frozenset({3}))
    assert [event.day for event in lanes.missing[1]] == [DAY]
    (one,) = partings(life)
    assert (one.day, one.sort) == (DAY, "act")
    assert one.sentence.endswith("is left undone; in arm nothing it is done.")
    assert "Arm scored adds 1 and leaves 1 undone." in together(life)


def test_what_is_written_down_is_told_with_what_was_seen(small: Run) -> None:
    """An entry of an act that was seen names both days, and says that nobody else keeps it."""
    legend = small.provenance.legend
    events = (
        Event(DAY, 0, "act", 0, 0),
        Event(DAY, 1, "act", 0, 1),
        Event(later(9), 1, "entry", 0, 0),
    )
    (one,) = partings(Life(7, events, (), legend))
    assert (one.day, one.sort) == (later(9), "record")
    assert legend.acts[0].title in one.sentence
    assert one.sentence.startswith("In arm scored ")
    assert "seen on 2020-03-04, is written down" in one.sentence
    assert one.sentence.endswith("in arm nothing it is not.")


def test_an_entry_of_nobodys_act_is_not_said_to_be_seen(small: Run) -> None:
    """A false report has no act behind it, and the sentence claims none."""
    legend = small.provenance.legend
    events = (Event(DAY, 1, "entry", len(legend.acts), 1),)
    (one,) = partings(Life(7, events, (), legend))
    assert "falsely reported" in one.sentence
    assert "seen" not in one.sentence


def test_a_listing_says_what_came_before_and_when_the_person_learned(small: Run) -> None:
    """Who never learns of it is said to never learn of it."""
    legend = small.provenance.legend
    listed = Event(later(20), 1, "listed", 0, 2)
    events = (Event(later(9), 1, "entry", 0, 0), listed)
    never = next(p for p in partings(Life(7, events, (), legend)) if p.sort == "list")
    assert "put on the list" in never.sentence
    assert "Last before it: written down" in never.sentence
    assert never.sentence.endswith("The person never learns of it.")
    learned = (*events, Event(later(50), 1, "learned", 0, 1))
    told = next(p for p in partings(Life(7, learned, (), legend)) if p.sort == "list")
    assert told.sentence.endswith("The person learns at a counter 30 days later.")


def test_partings_stand_in_the_order_of_days(small: Run) -> None:
    """Whatever their sort, the earliest is the first."""
    events = (Event(later(5), 1, "refused", 0, 1), Event(later(2), 1, "entry", 0, 0))
    days = [one.day for one in partings(Life(7, events, (), small.provenance.legend))]
    assert days == sorted(days) == [later(2), later(5)]


def test_what_befalls_several_lanes_alike_is_told_once(small: Run) -> None:
    """The same on the same day in two arms is one parting that names both."""
    legend = small.provenance.legend
    third = legend.arms[1].model_copy(update={"arm": "again"})
    wide = legend.model_copy(update={"arms": (*legend.arms, third)})
    events = (Event(DAY, 1, "refused", 0, 1), Event(DAY, 2, "refused", 0, 1))
    (one,) = partings(Life(7, events, (), wide))
    assert one.arms == (1, 2)
    assert one.sentence.startswith("In arms scored and again the person is refused")
