"""How much a count moved against the baseline, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.behaviour import changed
from glasshouse.metrics.estimate import of_sums
from glasshouse.report.words import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_PLACES = 5
"""Below so many provinces their differences say nothing of chance."""


@dataclass(frozen=True)
class Change:
    """A count in the baseline and in an arm, over the same people, acts and luck."""

    baseline: int
    arm: int
    percent: float | None
    """Of the baseline; None where the baseline has none."""
    error_percent: float | None
    """One standard error between provinces, by the jackknife; None where there are too few."""

    def words(self) -> str:
        """The change as a sentence says it."""
        if self.percent is None:
            return f"cannot be compared: none in the baseline, {self.arm:,} here"
        if self.arm == self.baseline:
            return "did not change"
        sign = "rose" if self.percent > 0 else "fell"
        if self.error_percent is None:
            return f"{sign} by {rounded(abs(self.percent))} %"
        error = rounded(self.error_percent, 1)
        if abs(self.percent) < 2 * self.error_percent:
            return f"hardly moved ({self.percent:+.2g} %, ± {error})"
        return f"{sign} by {rounded(abs(self.percent))} % (± {error})"


def change(baseline: Sequence[int], arm: Sequence[int]) -> Change:
    """Compare two counts by province, as the metric of conduct does."""
    base, ours = sum(baseline), sum(arm)
    if base == 0:
        return Change(base, ours, None, None)
    found = of_sums(np.stack([arm, baseline], axis=1), changed)
    is_known = found.groups >= FEWEST_PLACES and not math.isnan(found.error)
    return Change(base, ours, 100 * found.value, 100 * found.error if is_known else None)
