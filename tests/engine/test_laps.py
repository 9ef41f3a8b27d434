"""Marks measure where a target measures, are nothing where it does not, and leave no lap out."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import numpy as np

from glasshouse.engine.sweep import laps
from glasshouse.engine.sweep.beginning import begin_range
from glasshouse.engine.sweep.community import step_range
from glasshouse.kernel import Target, bind, entry, lanes, mark, names_used, row

ONE, OTHER = 1, 2


@entry
def marked(cycles: Any, numbers: Any, count: int) -> int:
    """Add up numbers, and mark where."""
    mine = row(cycles, 0)
    mark(mine, 0)
    total = 0
    for place in lanes(count):
        total += numbers[place]
    mark(mine, ONE)
    mark(mine, OTHER)
    return total


def test_a_mark_adds_to_its_lap_where_the_target_measures() -> None:
    """The same result on all targets; only one of them touches the cycles."""
    from glasshouse.engine.cpu import CPU, TIMED

    numbers = np.arange(100_000)
    plain, still, timed = (np.zeros((1, 3), np.int64) for _ in range(3))
    found = {
        marked(plain, numbers, len(numbers)),
        bind(marked, CPU)(still, numbers, len(numbers)),
        bind(marked, TIMED)(timed, numbers, len(numbers)),
    }
    assert found == {numbers.sum()}
    assert not plain.any()
    assert not still.any()
    last, one, other = timed[0]
    if last:  # A processor may have no clock that a program can read.
        assert one > other >= 0


def test_every_lap_is_marked_in_the_sweep() -> None:
    """No lap of the register is without a mark, and numbers rise without a gap."""
    named: set[str] = set()

    def noted(function: FunctionType) -> FunctionType:
        if "mark" in names_used(function.__code__):
            named.update(names_used(function.__code__))
        return function

    for function in (begin_range, step_range):
        bind(function, Target("noted", {}, int, noted))
    registered = [name.upper() for name in laps.LAPS]
    assert set(registered) <= named
    assert [getattr(laps, name) for name in registered] == list(range(len(registered)))
