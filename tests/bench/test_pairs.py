"""Ratios are medians of pairs that take turns."""

from __future__ import annotations

from itertools import count

from glasshouse.bench.pairs import interleaved, ratio_of


def test_a_ratio_is_the_median_of_its_pairs() -> None:
    """One pair that was disturbed moves the spread and not the ratio."""
    assert ratio_of([2.0, 2.1, 50.0]) == (2.1, 2.0, 50.0, 3)


def test_pairs_take_turns_at_going_first() -> None:
    """Every piece goes first in half of the pairs, and both are done in each."""
    order: list[str] = []
    ticks = count()

    def one() -> float:
        order.append("one")
        return 1.0

    def other() -> float:
        order.append("other")
        return 2.0

    found = interleaved(one, other, 4, clock=lambda: float(next(ticks)))
    assert order == ["one", "other", "other", "one"] * 2
    assert found == (2.0, 2.0, 2.0, 4)
