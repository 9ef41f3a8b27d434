"""One array for each width of integers, in which all columns of some communities lie.

So a compiled loop over all columns takes three arrays and a table of places, where arrays of its
own for each column would make it take two hundred.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from glasshouse.state.columns import Column

WIDTHS = (1, 2, 4)
"""Bytes of the integers that columns hold."""

LINE = 64
"""Bytes: where a column may begin."""


class Arena:
    """Zeroed columns; each array begins with zeros, that of two bytes goes on with 0, 1, 2 ..."""

    def __init__(self, columns: Iterable[tuple[Column, tuple[int, ...]]], longest: int) -> None:
        """Take the memory for columns of these shapes; no plane is longer than ``longest``."""
        self.counting = -(-longest // LINE) * LINE
        """Where 0, 1, 2 ... stand; zeros stand at 0."""
        ends = dict.fromkeys(WIDTHS, 2 * self.counting)
        self._places: dict[tuple[str, str], tuple[Column, int, tuple[int, ...]]] = {}
        for column, shape in columns:
            width = int(column.dtype[1])
            self._places[column.group, column.name] = (column, ends[width], shape)
            ends[width] += -(-math.prod(shape) // LINE) * LINE
        self.of: dict[int, NDArray[Any]] = {
            width: np.zeros(ends[width], f"u{width}") for width in WIDTHS
        }
        self.of[2][self.counting : self.counting + longest] = np.arange(longest)

    def first(self, group: str, name: str) -> int:
        """Give where a column begins in the array of its width."""
        return self._places[group, name][1]

    def column(self, group: str, name: str) -> NDArray[Any]:
        """Give a column as it is declared."""
        column, first, shape = self._places[group, name]
        flat = self.of[int(column.dtype[1])][first : first + math.prod(shape)]
        return flat.view(column.dtype).reshape(shape)
