"""Two bounds that no sweep can pass: drawing its random numbers, and moving its columns.

Both are measured beside the months themselves, so that their shares travel from machine to machine.
"""

from __future__ import annotations

import numpy as np

from glasshouse.bench.draws_kernel import draw_many
from glasshouse.bench.pairs import Ratio, interleaved
from glasshouse.bench.society import Months, laid_out, scenario_of, warm
from glasshouse.kernel import bind

PEOPLE = 262_144
PAIRS = 9
MONTHS = 2

BLOCKS = 1 << 23
"""Blocks drawn at once."""

ARMS = 2
"""Of the scenario."""

COPIED = 1 << 26
"""Bytes copied at once: more than any cache holds."""


class Draws:
    """Random numbers alone, as a piece of work told in the months of a person that take as many."""

    def __init__(self, blocks: float) -> None:
        """Compile; ``blocks`` are what a person-month takes."""
        from glasshouse.engine.cpu import CPU

        self._draw, self._blocks = bind(draw_many, CPU), blocks
        self._draw(1, 0, 0, 1)

    def __call__(self) -> float:
        """Draw, and give for how many person-months that is."""
        self._draw(1, 0, 0, BLOCKS)
        return BLOCKS / self._blocks


class Copy:
    """Memory alone, as a piece of work told in the months of a person that move as much."""

    def __init__(self, moved: float) -> None:
        """Take memory; ``moved`` are the bytes that a person-month reads and writes."""
        self._from = np.ones(COPIED, np.uint8)
        self._to = np.ones(COPIED, np.uint8)
        self._moved = moved

    def __call__(self) -> float:
        """Copy, and give for how many person-months that is."""
        np.copyto(self._to, self._from)
        return 2 * COPIED / self._moved


def shares_of_bounds(blocks: float, moved: float) -> tuple[Ratio, Ratio]:
    """Give which share of a month its random numbers and its bytes would take, each alone."""
    months = Months([warm(laid_out(scenario_of(PEOPLE)))], MONTHS)
    drawn = interleaved(Draws(blocks), months, PAIRS)
    return drawn, interleaved(Copy(moved), months, PAIRS)


def bytes_moved(held: dict[str, float]) -> float:
    """Give the bytes that a person-month reads and writes at most, every column once.

    Static columns are read; state, outcome and what is open in the pools are read and written.
    """
    by_arm = (
        "state_a_person_and_arm", "outcome_a_person_and_arm",
        "entries_used_a_person_and_arm", "listings_used_a_person_and_arm",
    )  # fmt: skip
    return held["static_a_person"] + 2 * ARMS * sum(held[name] for name in by_arm)
