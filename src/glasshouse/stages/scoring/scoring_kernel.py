"""Points of an entry, the score they add up to, the grade it falls in."""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import i64, kernel
from glasshouse.state.bits import NEWS_LISTED, NEWS_LOW_NEXT_DOOR

NO_TRAIT = 255
NO_GRADE = 255
NO_OPEN_TERM = 65535
N_GRADES = 16
LEDGER_LIMIT = 32000
REPEATS = 3
"""How many further acts of a provision may each be worth something else."""

# Who sees a score (rule `visibility`).
NOBODY_SEES = 0
SELF_SEES = 1
NEIGHBOURS_SEE = 2
EVERYONE_SEES = 3

HELD_GRADES = 16
"""A held grade is kept as grade + HELD_GRADES x label of the entry behind it."""


@kernel
def officer_leaning(drawn: int, differ: int) -> int:
    """Give an officer's leaning, nearer the middle one's the less officers differ (17 bits)."""
    return 32768 + (((drawn - 32768) * differ) >> 16)


@kernel
def is_covered(exposure: int, covers: int) -> bool:
    """Say whether a row is exposed to all that a score covers (0: it covers everybody)."""
    return (i64(exposure) & i64(covers)) == i64(covers)


@kernel
def points_by_discretion(low: int, span: int, leaning: int) -> int:
    """Give the points an officer of this leaning (0 .. 65535) chooses: low .. low + span."""
    return low + ((i64(leaning) * (i64(span) + 1)) >> 16)


@kernel
def points_by_slope(per_eighth: int, eighth: int, noise: int, word: int) -> int:
    """Give the part of the points that follows a trait, with uniform noise -noise .. noise."""
    return per_eighth * eighth + ((i64(word) * (2 * i64(noise) + 1)) >> 32) - i64(noise)


@kernel
def place_of_repeat(times: int) -> int:
    """Give the place of an act's worth among those of repeated acts, after ``times`` earlier."""
    return min(i64(times), REPEATS) - 1


@kernel
def clamped(points: int, low: int, high: int) -> int:
    """Keep ``points`` within low .. high."""
    return min(max(points, low), high)


@kernel
def grade_of(score: int, cuts: Any, start: int, count: int) -> int:
    """Give the grade, 0 the lowest: the highest one whose cut the score has reached."""
    grade = 0
    for step in range(1, count):
        grade = step if score >= cuts[start + step] else grade
    return grade


@kernel
def inverse_of(width: int) -> int:
    """Give what to multiply by, instead of dividing by ``width`` (below 2**15), in a loop."""
    return (1 << 32) // i64(width) + 1


@kernel
def bin_of(score: int, low: int, inverse: int, bins: int) -> int:
    """Give the bin of the histogram that a score falls in (above ``low`` by less than 2**17)."""
    return min((max(i64(score) - low, 0) * inverse) >> 32, bins - 1)


@kernel
def label_of_shortfall(score: int, cut: int, not_theirs: int, could_not: int, lawful: int) -> int:
    """Say why a score fell below ``cut``: the first sense without whose points it would not have.

    The last three are the net points of entries with that label (negative when they lower it).
    """
    # The labels are those of an entry (`record_kernel`): stages do not import one another.
    label = 3 if score - not_theirs - could_not - lawful >= cut else 0
    label = 2 if score - not_theirs - could_not >= cut else label
    return 1 if score - not_theirs >= cut else label


@kernel
def association_points(shortfall: int, ties: int, share: int) -> int:
    """Give the points lost through ties: share (16 bits) of their mean shortfall (not positive)."""
    return -((-shortfall // max(ties, 1)) * i64(share) >> 16)


@kernel
def news_of_low(seen_by: int, grades: int) -> int:
    """Give what is published of a row that fell into the lowest grade (bits of ``news``)."""
    if grades < 2 or seen_by < NEIGHBOURS_SEE:
        return 0
    return NEWS_LISTED if seen_by == EVERYONE_SEES else NEWS_LOW_NEXT_DOOR
