"""Numbers as sentences carry them: rounded to what is known, never more."""

from __future__ import annotations

import math

LEAST = 1e-4
"""Below it a number is written with its power of ten."""


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
