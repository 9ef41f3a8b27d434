"""Chance has an address: bits from (seed; who, when, why, index), the same on every machine.

The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, *Parallel random numbers: as
easy as 1, 2, 3*): a keyed permutation of 128-bit counters, so that a draw needs no state and no
order. The key is the seed; the counter is the address:

====  =====================================================================
word  holds
====  =====================================================================
0     the low 32 bits of *who* (a person, a community, an office)
1     the high 32 bits of *who* (below 2**48) and, above 16 bits, the purpose
2     *when*: a calendar month, a day, or 0 for what never changes
3     the index of the draw among its like
====  =====================================================================

A purpose, once given out, is never given to another use, so an added draw moves no other.
"""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import Unsigned, i64, kernel, u64

# The register of purposes. Numbers are for ever: add at the end, never reuse.
COMMUNITY_PLACE = 1
AGE_AND_SEX = 2
HOUSEHOLD_SIZE = 3
HOUSEHOLD_ORDER = 4
TIE_ORDER = 5
TRAIT = 6
EXPOSURE = 7
CANDIDATE_COUNT = 8
CANDIDATE_ACT = 9
ENTRY_FATE = 11
OFFICER_LEANING = 12
SLOPE_NOISE = 13
GROUND_FOLLOWED = 14
NOTICE = 15
CONTEST = 16
PERFORMANCE = 17
COUNTER_ATTEMPT = 18
AWARENESS = 19
ENTRY_KNOWN = 20
MEANS = 21
ENTERPRISE = 22
FILE_JOINED = 23
FILE_MOVED = 24
STALE_COPY = 25
COPY_CORRECTED = 26
OWN_FILE_READ = 27
PATCH = 28
FACE_MATCH = 29
NECESSITY = 30
CONSENT_GIVEN = 33
OPTING_OUT = 34
GONE_VIRAL = 35
FRIEND_LEAVES = 38
COULD_NOT_COMPLY = 39
QUEUE_ORDER = 40
EXIT = 43
APPROVAL = 44
DISCLOSURE = 45
SILENCE_READ = 46
OFFICIAL_SPARED = 48
BRIBE = 49
OFFICER_SELLS = 50
BREACH = 51
TARGETED = 52
HUMAN_REVIEW = 53

PURPOSES: dict[str, int] = {
    name: value for name, value in list(globals().items()) if name.isupper() and type(value) is int
}

_MULTIPLIER_0 = Unsigned(0xD2511F53)
_MULTIPLIER_1 = Unsigned(0xCD9E8D57)
_WEYL_0 = Unsigned(0x9E3779B9)
_WEYL_1 = Unsigned(0xBB67AE85)
_LOW_32 = Unsigned(0xFFFFFFFF)
_32 = Unsigned(32)
_16 = Unsigned(16)


@kernel
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Give the Philox4x32-10 block of counter ``c0..c3`` and key ``k0, k1`` (all 32-bit words)."""
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0 = (product_1 >> _32) ^ c1 ^ k0
        c2 = (product_0 >> _32) ^ c3 ^ k1
        c1 = product_1 & _LOW_32
        c3 = product_0 & _LOW_32
        k0 = (k0 + _WEYL_0) & _LOW_32
        k1 = (k1 + _WEYL_1) & _LOW_32
    return c0, c1, c2, c3


@kernel
def draw(seed: int, who: int, when: int, purpose: int, index: int) -> tuple[int, int, int, int]:
    """Give the four 32-bit words at an address.

    ``seed`` is below 2**63, ``who`` below 2**48, ``when`` and ``index`` below 2**32, ``purpose``
    below 2**16; none is negative.
    """
    whom = u64(who)
    key = u64(seed)
    w0, w1, w2, w3 = philox(
        whom & _LOW_32,
        (whom >> _32) | (u64(purpose) << _16),
        u64(when),
        u64(index),
        key & _LOW_32,
        key >> _32,
    )
    return i64(w0), i64(w1), i64(w2), i64(w3)


@kernel
def below(word: int, bound: int) -> int:
    """Map a 32-bit word to 0 .. ``bound`` - 1 (``bound`` below 2**31); bias below bound / 2**32."""
    return (word * bound) >> 32


@kernel
def inverted(word: int, cumulative: Any, start: int, length: int) -> int:
    """Invert an integer distribution: the number of thresholds that ``word`` has reached.

    ``cumulative[start : start + length]`` holds rising 32-bit thresholds; the result is within
    0 .. ``length`` and never falls when a threshold falls, so arms stay coupled.
    """
    low = 0
    high = length
    while low < high:
        middle = (low + high) // 2
        if word >= cumulative[start + middle]:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def inverted_evenly(word: int, cumulative: Any, start: int, length: int) -> int:
    """Give what :func:`inverted` gives for a ``length`` below 64, in a like way for every word.

    There is no branch, so that a loop over it becomes vectors.
    """
    found = 0
    for turn in range(6):
        half = 32 >> turn
        ahead = found + half
        threshold = cumulative[start + max(min(ahead, length) - 1, 0)]
        found += half * (ahead <= length) * (word >= threshold)
    return found
