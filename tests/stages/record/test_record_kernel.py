"""From a seen act to an entry: label, loss, day, the ledger's year."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.stages.record.record_kernel import (
    COULD_NOT,
    LAWFUL_ACT,
    NOT_THEIRS,
    RIGHTLY,
    due_day_of,
    is_lost,
    label_of,
    ring_year,
)

level = st.integers(0, 65_535)


def test_the_sense_named_first_wins() -> None:
    """Not theirs before could not before lawful; rightly is what is left."""
    for other, false, unable, lawful in itertools.product((0, 1), repeat=4):
        expected = RIGHTLY
        if other or false:
            expected = NOT_THEIRS
        elif unable:
            expected = COULD_NOT
        elif lawful:
            expected = LAWFUL_ACT
        assert label_of(other, false, unable, lawful) == expected


@given(st.integers(0, 40_000), level, st.integers(1, 401), st.integers(0, 3650))
def test_an_entry_is_never_written_before_the_act(
    day: int, luck: int, span: int, backlog: int
) -> None:
    """It is late by 0 .. span - 1 days and the backlog."""
    due = due_day_of(day, luck, span, backlog)
    assert day + backlog <= due < day + backlog + span
    assert due_day_of(day, 65_535, span, 0) == day + span - 1


@given(level, level)
def test_loss_is_a_share_of_words(luck: int, loss: int) -> None:
    """So many words of 65536 are lost."""
    assert is_lost(luck, loss) == (luck < loss)


@given(st.integers(1950, 2250), st.integers(1, 101))
def test_years_within_the_ring_stand_apart(year: int, ring: int) -> None:
    """As many years as the ring has places never meet; permanent points share one."""
    assert len({ring_year(year + n, ring, 0) for n in range(ring)}) == ring
    assert ring_year(year + ring, ring, 0) == ring_year(year, ring, 0)
    assert ring_year(year, ring, 1) == 0
