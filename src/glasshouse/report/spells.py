"""How long a listing lasts: the median by Kaplan and Meier, from counts by weeks of length.

Listings that are still open when the run ends count as long as they were seen; without them the
long ones would be left out and everybody would seem to be free soon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Spell:
    """The median length of listings, and what is known where it was not reached."""

    listings: int
    median_from_days: int | None
    """The first day of the week in which half were off; None if that was not reached."""
    off_share: float | None
    """The estimated share that was off by the longest time seen; None without listings."""
    longest_days: int
    """The longest time for which anything is known."""

    @property
    def median_days(self) -> float | None:
        """The middle of the week in which half were off."""
        return None if self.median_from_days is None else self.median_from_days + DAYS_A_WEEK / 2


def spell(ended: Sequence[int], opened: Sequence[int]) -> Spell:
    """Estimate from listings that ended and listings still open, by weeks of length.

    The last week holds all that is longer, so a median there is not known and not reached.
    """
    at_risk = listings = sum(ended) + sum(opened)
    if listings == 0:
        return Spell(0, None, None, 0)
    staying, median, longest = 1.0, None, 0
    for week, (off, still) in enumerate(zip(ended, opened, strict=True)):
        if off or still:
            longest = week * DAYS_A_WEEK
        if off:
            # Within a week those who leave are taken to leave before those who are lost sight of.
            staying *= 1 - off / at_risk
        # Halves are exact in binary, sums of shares are not: allow for the last bits.
        if median is None and staying <= 0.5 + 1e-12 and week < len(ended) - 1:
            median = week * DAYS_A_WEEK
        at_risk -= off + still
    return Spell(listings, median, 1 - staying, longest)
