"""How long a listing lasts: the median by Kaplan and Meier, from counts by weeks of length.

Listings that are still open when the run ends count as long as they were seen; without them the
long ones would be left out and everybody would seem to be free soon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.survival import DAYS_A_WEEK, km_median, staying

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    off, still = np.asarray(ended, np.int64), np.asarray(opened, np.int64)
    seen = off + still
    listings = int(seen.sum())
    if listings == 0:
        return Spell(0, None, None, 0)
    week = float(km_median(off, still))
    median = None if np.isnan(week) else int(week) * DAYS_A_WEEK
    longest = int(np.flatnonzero(seen)[-1]) * DAYS_A_WEEK
    return Spell(listings, median, float(1.0 - staying(off, still)[-1]), longest)
