"""Attempts at counters, refusals, and what they take."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import inverted
from glasshouse.kernel import kernel

RETRY_STEPS = 32


@kernel
def attempt_day(word: int, hazard: int, month_days: int) -> int:
    """Give the day of the month of an attempt, or -1 for none (32-bit word and chance)."""
    return (word * month_days) // max(hazard, 1) if word < hazard else -1


@kernel
def retries(word: int, cumulative: Any, counter: int) -> int:
    """Give how often a refused person tries again, by inversion (0 .. RETRY_STEPS)."""
    return inverted(word, cumulative, counter * RETRY_STEPS, RETRY_STEPS)


@kernel
def means_after(means: int, start: int, lost: int, recovers: int) -> int:
    """Give the means after a step: lower by what was lost, nearer the start by ``recovers``/2**16.

    Means above the start stay; recovery rounds up, so that a loss is made good in the end.
    """
    left = max(means - lost, 0)
    return left + ((max(start - left, 0) * recovers + 65535) >> 16)
