"""Seeing an act, by which channel, and taking it for somebody else's."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import PATCH, draw
from glasshouse.kernel import i64, kernel

N_CHANNELS = 12
HERE = 256
"""Attention of 1: the seeing chance is multiplied by attention / HERE."""

ENTRIES_FELT = 8
"""Earlier entries beyond this number draw no more attention."""

ON_A_MAP = 4
"""The display of a list that shows where the listed live (a place in law.rulebook.DISPLAYS)."""

THEIR_OWN = 0
HOUSEHOLD = 1
COMMUNITY = 2
ELSEWHERE = 3


@kernel
def chance_under(chance: int, attention: int) -> int:
    """Give the 16-bit chance that an act is seen under so much attention."""
    return min((i64(chance) * attention) >> 8, 65535)


@kernel
def watched_closer(licensed: int, entries: int, scrutiny: int, follows_file: int) -> int:
    """Give how closely a row is watched for what it is and what is on its file (units of HERE)."""
    return HERE + (scrutiny if licensed else 0) + min(i64(entries), ENTRIES_FELT) * follows_file


@kernel
def watched_by(attention: int, closer: int, doubt: int) -> int:
    """Give the attention on a row where its community has ``attention``, within 16 bits."""
    return min((((attention * closer) >> 8) * doubt) >> 8, 65535)


@kernel
def patches_here(seed: int, community: int, presence: Any, start: int, patches: int) -> int:
    """Give, as bits, the channels that are not everywhere and are at this community."""
    there = 0
    for patch in range(patches):
        chance = i64(presence[start + patch])
        if chance > 0:
            word, _, _, _ = draw(seed, community, 0, PATCH, patch)
            there |= (word < chance) << patch
    return there


@kernel
def channel_of(word: int, cumulative: Any, start: int) -> int:
    """Pick the channel that saw the act; 16-bit thresholds, the last channel takes the rest.

    The thresholds rise, so that four of the eleven are enough.
    """
    channel = 8 * i64(word >= cumulative[start + 7])
    if channel == 0:
        channel = 4 * i64(word >= cumulative[start + 3])
    channel += 2 * i64(word >= cumulative[start + channel + 1])
    return channel + i64(word >= cumulative[start + channel])


@kernel
def is_necessary(word: int, necessary: int) -> bool:
    """Say whether an act was done of necessity (16 bits)."""
    return word < necessary


@kernel
def faces_taken(word: int, false_faces: int) -> int:
    """Give the faces falsely taken for the one in view: the whole of 1/65536 parts, exact in mean.

    ``word`` has 16 bits and settles what is left of a face.
    """
    return (i64(false_faces) + word) >> 16


@kernel
def whose(word: int, wrong_person: int, to_household: int, to_community: int) -> int:
    """Say to whom an act is attributed (16-bit word).

    ``wrong_person`` is the chance of a mistake; of the mistakes, the two thresholds (16 bits,
    cumulative) go to the household and to the community, the rest to people elsewhere.
    """
    if word >= wrong_person:
        return THEIR_OWN
    scaled = (i64(word) << 16) // max(i64(wrong_person), 1)
    wrongly = HOUSEHOLD if scaled < to_household else COMMUNITY
    return ELSEWHERE if scaled >= to_community else wrongly


@kernel
def other_member(word: int, slot: int, first: int, size: int) -> int:
    """Pick another slot of a run of ``size`` slots; ``slot`` itself where it is alone."""
    others = max(size - 1, 1)
    step = 1 + ((i64(word) * others) >> 32)
    return first + (slot - first + step) % max(size, 1) if size > 1 else slot
