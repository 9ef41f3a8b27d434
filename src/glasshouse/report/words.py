"""Numbers as sentences carry them: rounded to what is known, never more."""

from __future__ import annotations

import math
from typing import Literal

LEAST = 1e-4
"""Below it a number is written with its power of ten."""

LEAST_MOVE = 1e-4
"""A change of a smaller part of what it is compared with is told as none: in a society of any size
it is true, and nobody can do anything with it."""

NO_MOVE = f"did not change by as much as {100 * LEAST_MOVE:g} %"

Way = Literal["still", "hardly", "perhaps", "up", "down"]


def number(count: int) -> str:
    """A whole number with its thousands marked."""
    return f"{count:,}"


def of(count: int, one: str, many: str | None = None) -> str:
    """A count and its noun: `1 person`, `2 people`."""
    noun = one if count == 1 else many or f"{one}s"
    return f"{'no' if count == 0 else number(count)} {noun}"


def lasting(months: int) -> str:
    """A length of time: in years where they are whole."""
    return of(months, "month") if months % 12 else of(months // 12, "year")


def rounded(value: float, digits: int = 2) -> str:
    """A number with so many significant digits, and never more than its whole part."""
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    # 9.96 rounds to 10.0, which claims a digit too many.
    return (
        f"{value:,.{places - 1}f}"
        if places and sum(map(str.isdigit, text.lstrip("-0."))) > (digits)
        else text
    )


def shown(value: float) -> str:
    """A number with three digits; what is not known is not zero."""
    if math.isnan(value):
        return "unknown"
    if math.isinf(value):
        return "no end"
    return f"{value:.0e}" if 0 < abs(value) < LEAST else rounded(value, 3)


def way(change: float, low: float = math.nan, high: float = math.nan) -> Way:
    """Say which way a part of the baseline went, as every sentence of a change tells it.

    `still` is no change at all and `hardly` one below LEAST_MOVE. `perhaps` is one whose interval,
    where it is known, holds no change too; `hardly` goes before it where all of the interval is
    that small.
    """
    if change == 0:
        return "still"
    if low <= 0 <= high and max(-low, high) >= LEAST_MOVE:
        return "perhaps"
    if abs(change) < LEAST_MOVE:
        return "hardly"
    return "up" if change > 0 else "down"


def share(part: int, whole: int) -> str:
    """A part of a whole in percent; nothing and everything only where that is exact."""
    if whole == 0:
        return "unknown"
    percent = 100 * part / whole
    if part and percent < 0.01:
        return "less than 0.01 %"
    if part < whole and percent > 99.5:
        return "more than 99 %"
    return f"{rounded(percent)} %"


def listing(items: list[str]) -> str:
    """Items as a sentence lists them."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
