"""Random numbers and nothing else: the most that any loop over their text could reach."""

from __future__ import annotations

from glasshouse.chance import CANDIDATE_ACT, draw
from glasshouse.kernel import entry, lanes


@entry
def draw_many(seed: int, first: int, when: int, count: int) -> int:
    """Draw ``count`` blocks, one a person, and give all their words folded into one."""
    folded = 0
    for slot in lanes(count):
        one, two, three, four = draw(seed, first + slot, when, CANDIDATE_ACT, 0)
        folded ^= one ^ two ^ three ^ four
    return folded
