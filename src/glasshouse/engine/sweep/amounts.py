"""Columns of amounts that only grow: they stop at the most that they hold."""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import i64, passage

BYTE = 255
"""The most that a column of one byte holds."""

WORD = 65535
"""The most that a column of two bytes holds."""

MOST_YUAN = 4294967295
"""What an outcome column of yuan holds at the most."""


@passage
def grow(column: Any, slot: int, amount: int, most: int) -> None:
    """Add an amount to a row's own, as far as the column holds it."""
    column[slot] = min(i64(column[slot]) + amount, most)
