"""What a metric sees: columns are made once, picked by group, and let go where there is no room."""

from __future__ import annotations

import numpy as np
import pytest
from tests.metrics.hand import seen, steps

from glasshouse.metrics.estimate import NotKnown
from glasshouse.metrics.observed import GROUPS, Kept


def test_arrays_are_made_once_while_there_is_room() -> None:
    """Of three arrays of 80 bytes 200 bytes keep two; the first is made again, and is the same."""
    made: list[int] = []

    def make() -> np.ndarray:
        made.append(1)
        return np.arange(10)

    kept = Kept(200)
    times = []
    for name in ("a", "b", "b", "c", "a"):
        assert kept.get(name, make).sum() == 45
        times.append(len(made))
    assert times == [1, 2, 2, 3, 4]


def test_an_array_larger_than_the_room_is_given_all_the_same() -> None:
    """It is kept alone, until the next."""
    kept = Kept(8)
    assert kept.get("a", lambda: np.arange(100)).sum() == 4950


def test_communities_are_folded_into_groups_that_a_split_does_not_change() -> None:
    """Community 65 is in the group of community 1, for everybody and for some."""
    some = seen(4, community=[0, 1, 64, 65])
    assert some.communities().tolist() == [0, 1, 0, 1]
    assert some.where(np.array([False, False, True, True])).communities().tolist() == [0, 1]
    assert some.sums(np.ones(4)).shape == (GROUPS, 1)


def test_what_is_missing_is_a_reason() -> None:
    """A column, a count, a twin, a name on an axis: each says what is not there."""
    some = seen(counts=steps())
    for ask, words in (
        (lambda: some.row("score_points_none"), "no column `score_points_none`"),
        (lambda: some.total("reviewed"), "did not count `reviewed`"),
        (lambda: some.twin_row("means"), "no arm of the run is a baseline"),
        (lambda: some.place("path", "witchcraft"), "does not count `witchcraft`"),
        (lambda: some._replace(rows={}).row("means"), "kept counts alone"),
    ):
        with pytest.raises(NotKnown, match=words):
            ask()
