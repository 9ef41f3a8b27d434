"""Numbers of figures in words and in cells of tables; what is not known is said, never zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from glasshouse.metrics.estimate import FEW_GROUPS
from glasshouse.report.words import listing, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from glasshouse.metrics.estimate import Estimate
    from glasshouse.report.measured import MetricRow

INTERVAL = (
    "Lines through the marks are 95 % intervals over groups of communities of this one society "
    "(over provinces for what is counted by province); another seed may move a number further."
)


def cell(value: float, factor: float = 1.0) -> str:
    """A number as a cell of a table holds it."""
    if math.isnan(value):
        return "not known"
    return "no end" if math.isinf(value) else rounded(factor * value, 3)


def between(found: MetricRow | Estimate, factor: float = 1.0) -> str:
    """An interval as a cell of a table holds it."""
    if math.isnan(found.low):
        return "none"
    return f"{cell(found.low, factor)} to {cell(found.high, factor)}"


def percent(found: MetricRow | Estimate, digits: int = 2) -> str:
    """A share in percent with its interval, as a sentence holds it."""
    return valued(found, " %", 100.0, digits)


def valued(found: MetricRow | Estimate, unit: str, factor: float = 1.0, digits: int = 2) -> str:
    """A number with its unit and its interval, as a sentence holds it."""
    if math.isnan(found.value):
        return f"not known ({found.why})" if found.why else "not known"
    text = f"{rounded(factor * found.value, digits)}{unit}"
    if math.isnan(found.low):
        return text
    ends = [rounded(factor * end, digits) if math.isfinite(end) else "no end"
            for end in (found.low, found.high)]  # fmt: skip
    return f"{text} ({ends[0]} to {ends[1]})"


def named(arms: Iterable[str]) -> str:
    """Arms as a sentence names them: `arm a`, `arms a and b`."""
    names = list(arms)
    return f"{'arm' if len(names) == 1 else 'arms'} {listing(names)}"


def capital(text: str) -> str:
    """The same with a capital letter in front; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def rough(rows: Sequence[MetricRow | Estimate]) -> tuple[str, ...]:
    """Say that intervals rest on few groups, where they do."""
    alone = any(row.groups == 1 and math.isnan(row.low) for row in rows)
    none = ("Where a number has no interval, all it counts stand in one group of communities.",)
    groups = [row.groups for row in rows if not math.isnan(row.low) and row.groups > 1]
    if not groups or min(groups) >= FEW_GROUPS:
        return none if alone else ()
    few = f"Some intervals rest on {min(groups)} groups of communities alone and are rough ones."
    return (few, *none) if alone else (few,)
