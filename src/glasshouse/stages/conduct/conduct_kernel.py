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


TYPE_BITS = 16
"""Bits of an act type; above them stands the place of the trait that it goes by."""

ALIAS_OTHER = 32
OWN_TRAIT = 52
TRAIT_MASK = 15
OTHER_MASK = 0xFFFFF
"""In an alias: 32 bits of luck, 16 of the other type and 4 of its trait, 4 of the own trait."""


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
def act_type_of(word: int, aliases: Any, start: int, types: int) -> int:
    """Pick the act type by the alias method (Walker 1977); above it the place of its trait.

    An alias says below which 32-bit luck the column's own type holds, which other one does else,
    and behind each its trait. Both are read and one is chosen without a branch: which one is luck.
    """
    scaled = i64(word) * types
    own = scaled >> 32
    alias = i64(aliases[start + own])
    holds = i64((scaled & 0xFFFFFFFF) < (alias & 0xFFFFFFFF))
    first = own | (((alias >> OWN_TRAIT) & TRAIT_MASK) << TYPE_BITS)
    second = (alias >> ALIAS_OTHER) & OTHER_MASK
    return second + (first - second) * holds


@kernel
def kind_of(act: int, types: int) -> int:
    """Give the act type behind a row of the act tables: done, falsely said, or from elsewhere."""
    return i64(act) - types * (i64(act >= types) + i64(act >= 2 * types))


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
