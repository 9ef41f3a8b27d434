"""What a page is told of a run comes out of the bytes as it went in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.app.messages import (
    EVENT_TYPES,
    PEOPLE_TYPES,
    Events,
    Kind,
    People,
    document,
    message,
    people_message,
    read,
    step_message,
)


def columns(types: tuple[str, ...]) -> st.SearchStrategy[list[list[int]]]:
    """Rows of numbers that fit the columns' types, turned into columns."""
    bounds = [np.iinfo(kind) for kind in types]
    row = st.tuples(*(st.integers(int(b.min), int(b.max)) for b in bounds))
    return st.lists(row, max_size=40).map(
        lambda rows: [list(column) for column in zip(*rows, strict=True)] or [[] for _ in types]
    )


def arrays(made: Any, types: tuple[str, ...], found: list[list[int]]) -> Any:
    """The columns as arrays."""
    return made(*(np.array(c, kind) for c, kind in zip(found, types, strict=True)))


@given(step=st.integers(0, 65_535), found=columns(EVENT_TYPES))
def test_events_come_out_as_they_went_in(step: int, found: list[list[int]]) -> None:
    """A step's events are the same after a round trip."""
    events = arrays(Events, EVENT_TYPES, found)
    (one,) = read(step_message(step, events))
    assert one.kind is Kind.STEP
    assert one.said[0] == step
    for column, again in zip(events, one.said[1], strict=True):
        np.testing.assert_array_equal(column, again)


@given(found=columns(PEOPLE_TYPES))
def test_people_come_out_as_they_went_in(found: list[list[int]]) -> None:
    """The rows shown are the same after a round trip."""
    people = arrays(People, PEOPLE_TYPES, found)
    (one,) = read(people_message(people))
    for column, again in zip(people, one.said, strict=True):
        np.testing.assert_array_equal(column, again)


def test_what_has_no_end_is_null_in_a_document() -> None:
    """JSON has neither nan nor infinity, so a page reads null there."""
    (one,) = read(document(Kind.COUNTS, {"a": float("nan"), "b": [np.int64(3), float("inf")]}))
    assert one.said == {"a": None, "b": [3, None]}


def test_messages_stand_one_after_another() -> None:
    """A stream is read message by message, in order."""
    stream = document(Kind.STATE, {"state": "running"}) + document(Kind.FINISH, {"digest": "é"})
    assert [one.kind for one in read(stream)] == [Kind.STATE, Kind.FINISH]


@pytest.mark.parametrize("cut", [1, 4, 6])
def test_a_stream_that_ends_inside_a_message_is_refused(cut: int) -> None:
    """Nothing half-sent is taken for a whole."""
    with pytest.raises(ValueError, match="ends inside"):
        list(read(message(Kind.STATE, b"{}123")[:cut]))


def test_a_number_that_does_not_fit_its_column_is_refused() -> None:
    """A day of 300 is never written as day 44."""
    wide = Events(*(np.array([n]) for n in (1, 0, 300, 1, 1, 1)))
    with pytest.raises(ValueError, match="does not fit"):
        step_message(0, wide)
