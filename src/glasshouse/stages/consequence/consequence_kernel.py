"""Attempts at counters, refusals, and what they take."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import inverted
from glasshouse.kernel import i64, kernel
from glasshouse.state.bits import LAST_DAYS, LATER_DAYS, SOON_DAYS

RETRY_STEPS = 32
N_LAGS = 3
NO_COUNTER = 63
"""The counter of an act that needs none: a bit that no row has closed."""

NO_CHILD = 255
"""The eldest child of a counter to which people go for themselves."""


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


@kernel
def taken_up(at_first: int, rises: int, months: int) -> int:
    """Give the chance (32 bits) that a provider looks the list up, months after the start."""
    return min(at_first + rises * months, 4294967296)


@kernel
def means_of(yuan: int, full: int) -> int:
    """Give what yuan are of means, where full means stand for ``full`` yuan (0: nothing)."""
    return min((i64(yuan) * 65535) // max(full, 1), 65535) if full > 0 else 0


@kernel
def days_stranded(word: int, span: int) -> int:
    """Give the days away from home, uniform over 1 .. ``span``."""
    return 1 + ((i64(word) * span) >> 32)


@kernel
def factor_without(factor: int, closed: int, without: int, omits: int) -> int:
    """Give an act's factor where the counter that it needs is closed.

    ``without`` (16 bits) of it is lost; of an omission, of what fear kept from it, is done.
    """
    lost = (i64(factor) * i64(without)) >> 16
    forced = ((65535 - i64(factor)) * i64(without)) >> 16
    changed = i64(factor) + forced if omits else i64(factor) - lost
    return changed if closed else i64(factor)


@kernel
def days_of_lag(lag: int) -> int:
    """Give the days after the end of a listing that a lag stands for."""
    longer = LATER_DAYS if lag == 1 else LAST_DAYS
    return longer if lag > 0 else SOON_DAYS


@kernel
def turns_waited(places: int, waiting: int, rank: int, first: int) -> int:
    """Share ``places`` out evenly over ranks below ``waiting``, what is left from ``first`` on."""
    left = places - (places // waiting) * waiting
    behind = rank - first if rank >= first else rank - first + waiting
    return places // waiting + (1 if behind < left else 0)
