"""What is packed for a page of one file is what happened, event by event."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.unpacked import ACT, NO_DAY, Told, bytes_of, inflated, numbers, signed, unpacked

from glasshouse.app.columns import WHOLE, block, halves, lettered, varints, zigzag
from glasshouse.app.messages import EVENT_TYPES, Events, Kind, Message
from glasshouse.app.packing import packed

if TYPE_CHECKING:
    from collections.abc import Iterable

DAYS = (31, 28, 31)
HEADER = {
    "people": 3,
    "acts": [{}] * 5,
    "steps": [{"days": days} for days in DAYS],
    "arms": [{"instruments": []}, {"instruments": [{"start": 1000}]}],
}


def told(steps: Iterable[Events]) -> list[Told]:
    """Every event of some steps as plain numbers."""
    return [
        (row, step, arm, day, what, first, second)
        for step, events in enumerate(steps)
        for row, arm, day, what, first, second in zip(
            *(column.tolist() for column in events), strict=True
        )
    ]


def made(step: list[tuple[int, ...]]) -> Events:
    """The events of a step from plain numbers."""
    rows = sorted(step, key=lambda event: event[:2])
    columns = zip(*rows, strict=True) if rows else [()] * len(EVENT_TYPES)
    return Events(*(np.array(c, kind) for c, kind in zip(columns, EVENT_TYPES, strict=True)))


def happened(days: int) -> st.SearchStrategy[list[tuple[int, ...]]]:
    """What may happen in a step: acts, entries, scores, and something else."""
    who = (st.integers(0, 2), st.integers(0, 1), st.integers(0, days - 1))
    act = st.tuples(*who, st.just(1), st.integers(0, 4), st.integers(0, 1))
    entry = st.tuples(*who, st.just(2), st.integers(0, 14), st.integers(0, 3))
    score = st.tuples(
        st.integers(0, 2), st.just(1), st.sampled_from([days - 1, 3]), st.just(12), st.just(0),
        st.integers(-32_000, 32_000),
    )  # fmt: skip
    other = st.tuples(*who, st.just(9), st.integers(0, 7), st.integers(-9, 300))
    return st.lists(st.one_of(act, entry, score, other), max_size=25)


@settings(max_examples=60, deadline=None)
@given(steps=st.tuples(*map(happened, DAYS)))
def test_every_event_comes_out_again(steps: Any) -> None:
    """Whatever happens, in whatever order, is unpacked as it was packed."""
    events = [made(step) for step in steps]
    given_back = unpacked(packed(HEADER, events, "all"))
    assert Counter(given_back) == Counter(told(events))


@settings(max_examples=60, deadline=None)
@given(steps=st.tuples(*map(happened, DAYS)))
def test_without_common_acts_all_else_is_there(steps: Any) -> None:
    """What touches standing is there event by event; acts have lost their day, and only those that
    nobody saw and that every arm has are gone.
    """
    events = [made(step) for step in steps]
    before, after = told(events), unpacked(packed(HEADER, events, "parting"))
    assert Counter(e for e in after if e[4] != ACT) == Counter(e for e in before if e[4] != ACT)
    acts = Counter((*e[:3], NO_DAY, *e[4:]) for e in before if e[4] == ACT)
    kept = Counter(e for e in after if e[4] == ACT)
    assert kept <= acts
    assert all(event[6] == 0 for event in acts - kept)
    gone = Counter((*e[:2], *e[3:]) for e in acts - kept)
    assert all(times % 2 == 0 for times in gone.values())


def test_a_run_comes_out_as_it_went_in(scene: list[Message]) -> None:
    """The events of a real run are the same after packing, and fewer bytes than before."""
    (header,) = (one.said for one in scene if one.kind is Kind.HEADER)
    events = [one.said[1] for one in scene if one.kind is Kind.STEP]
    given_back = packed(header, events, "all")
    assert Counter(unpacked(given_back)) == Counter(told(events))
    assert given_back.head["events"] == sum(len(one.row) for one in events)
    size = sum(block(content).size for content in given_back.columns.values())
    assert size * 6 < sum(column.nbytes for one in events for column in one)


def test_nothing_at_all_can_be_packed() -> None:
    """A run in which nothing happens is a run."""
    assert unpacked(packed(HEADER, [made([]) for _ in DAYS], "all")) == []


@given(st.lists(st.integers(0, 2**40)))
def test_varints_come_out_again(values: list[int]) -> None:
    """Numbers from 0 up are read as they were written."""
    assert list(numbers(varints(np.array(values, np.int64)))) == values


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_zigzag_comes_out_again(values: list[int]) -> None:
    """Numbers of either sign are read as they were written, and small ones stay small."""
    assert [signed(n) for n in zigzag(np.array(values, np.int64)).tolist()] == values


@given(st.binary(max_size=500), st.integers(0, 2000))
def test_a_column_comes_out_again(content: bytes, usual: int) -> None:
    """Whole, or without its usual byte: a column is what it was."""
    column = content + b"\x07" * usual
    one = block(column)
    pieces = [inflated(piece) for piece in one.pieces]
    if one.usual == WHOLE:
        assert pieces == [column]
        return
    mask = np.unpackbits(np.frombuffer(pieces[0], np.uint8))[: one.length].astype(bool)
    again = np.full(one.length, one.usual, np.uint8)
    again[mask] = np.frombuffer(pieces[1], np.uint8)
    assert again.tobytes() == column


@given(st.binary(max_size=300))
def test_letters_come_out_as_bytes_again(content: bytes) -> None:
    """Letters that a page holds as themselves, and at most a byte of nothing behind them."""
    letters = lettered(content)
    assert not set(letters) & set("<>&\n ")
    again = bytes_of(letters)
    assert again[: len(content)] == content
    assert again[len(content) :] in {b"", b"\0"}


def test_numbers_that_do_not_fit_are_refused() -> None:
    """Nothing is cut to fit."""
    with pytest.raises(ValueError, match="does not fit"):
        halves(np.array([65_536]))
    with pytest.raises(ValueError, match="below zero"):
        varints(np.array([-1]))
