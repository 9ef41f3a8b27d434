"""Seeing an act, by which channel, and taking it for somebody else's."""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import i64, kernel

N_CHANNELS = 8
HERE = 256
"""Attention of 1: the seeing chance is multiplied by attention / HERE."""

THEIR_OWN = 0
HOUSEHOLD = 1
COMMUNITY = 2
ELSEWHERE = 3


@kernel
def is_seen(word: int, chance: int, attention: int) -> bool:
    """Say whether an act is seen: a 16-bit word against chance x attention."""
    return word < min((i64(chance) * attention) >> 8, 65535)


@kernel
def channel_of(word: int, cumulative: Any, start: int) -> int:
    """Pick the channel that saw the act; 16-bit thresholds, the last channel takes the rest."""
    channel = 0
    for earlier in range(N_CHANNELS - 1):
        channel += word >= cumulative[start + earlier]
    return channel


@kernel
def whose(word: int, wrong_person: int, to_household: int, to_community: int) -> int:
    """Say to whom an act is attributed (16-bit word).

    ``wrong_person`` is the chance of a mistake; of the mistakes, the two thresholds (16 bits,
    cumulative) go to the household and to the community, the rest to people elsewhere.
    """
    scaled = (i64(word) << 16) // max(i64(wrong_person), 1)
    wrongly = HOUSEHOLD if scaled < to_household else COMMUNITY
    wrongly = ELSEWHERE if scaled >= to_community else wrongly
    return wrongly if word < wrong_person else THEIR_OWN


@kernel
def other_member(word: int, slot: int, first: int, size: int) -> int:
    """Pick another slot of a run of ``size`` slots; ``slot`` itself where it is alone."""
    others = max(size - 1, 1)
    step = 1 + ((i64(word) * others) >> 32)
    return first + (slot - first + step) % max(size, 1) if size > 1 else slot
