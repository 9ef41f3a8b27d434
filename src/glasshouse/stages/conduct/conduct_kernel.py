"""Candidate acts and whether they are carried out.

A person's candidates in a calendar month are Poisson with the rate of the person's activity class;
each has a type, a day and a luck (``thin``). A candidate is carried out in an arm when its luck
falls below gradient x factor: the gradient (by act type and the eighth of a fixed trait) is shared
by all arms, the factor (by the act's response class and the person's state) is the arm's own.
"""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import i64, kernel

# How the rate of an act type answers to state: the response classes.
UNMOVED = 0
DETERRED = 1
CHILLED = 2
REWARDED = 3
STRAINED = 4
FALSE_REPORT = 5
UNREWARDED = 6
AFFORDED = 7
UNAFFORDED = 8
REPORTING = 9
WARNED = 10
N_RESPONSES = 11

# What an act is to the outcome totals.
NEUTRAL = 0
CULPABLE = 1
LAWFUL = 2
PRAISED = 3

COUNT_STEPS = 48
"""Thresholds of a count's distribution; a month with more candidates is refused at the door."""


@kernel
def candidate_count(word: int, cumulative: Any, guide: Any, activity: int, month_days: int) -> int:
    """Give the number of candidate acts of a month (0 .. COUNT_STEPS) by inversion.

    The guide says how many thresholds lie below the word's first eight bits; few are left to try.
    """
    table = i64(activity) * 4 + month_days - 28
    count = i64(guide[table * 256 + (i64(word) >> 24)])
    while count < COUNT_STEPS and word >= cumulative[table * COUNT_STEPS + count]:
        count += 1
    return count


@kernel
def act_type_of(word: int, cut: Any, other: Any, activity: int, types: int) -> int:
    """Pick the act type by the alias method (Walker 1977) from the table of an activity class."""
    scaled = i64(word) * types
    column = i64(activity) * types + (scaled >> 32)
    return (scaled >> 32) if (scaled & 0xFFFFFFFF) < cut[column] else i64(other[column])


@kernel
def day_in_month(word: int, month_days: int) -> int:
    """Spread a 16-bit word over the days of the month, 0 .. ``month_days`` - 1."""
    return (i64(word) * month_days) >> 16


@kernel
def eighths_of(honesty: int, altruism: int, outspokenness: int, literacy: int) -> int:
    """Pack the eighths (0 .. 7) of the four traits into one word of 12 bits."""
    return (
        (i64(honesty) >> 13)
        | ((i64(altruism) >> 13) << 3)
        | ((i64(outspokenness) >> 13) << 6)
        | ((i64(literacy) >> 13) << 9)
    )


@kernel
def eighth_of(eighths: int, trait: int) -> int:
    """Give the eighth of one trait out of the packed word."""
    return (i64(eighths) >> (3 * i64(trait))) & 7


@kernel
def threshold_of(gradient: int, factor: int) -> int:
    """Give the luck below which a candidate is carried out (both inputs 0 .. 65535)."""
    return (i64(gradient) * (i64(factor) + 1)) >> 16


@kernel
def swayed(factor: int, norm: int) -> int:
    """Give a factor under a campaign: ``norm`` / 32768 times as much, within the envelope."""
    return max(min(((i64(factor) + 1) * i64(norm)) >> 15, 65536) - 1, 0)
