"""How much a count moved against the baseline, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.behaviour import changed
from glasshouse.metrics.estimate import of_sums
from glasshouse.report.words import LEAST_MOVE, NO_MOVE, rounded, way

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
        reach = math.nan if self.error_percent is None else 2 * self.error_percent
        moved = way(*((self.percent + end) / 100 for end in (0, -reach, reach)))
        if moved in {"still", "hardly"}:
            return "did not change" if moved == "still" else NO_MOVE
        error = "" if self.error_percent is None else _error(self.error_percent)
        if moved == "perhaps":
            sign = "+" if self.percent > 0 else "-"
            return f"hardly moved ({sign}{rounded(abs(self.percent), 1)} %, {error})"
        size = f"{'rose' if moved == 'up' else 'fell'} by {rounded(abs(self.percent))} %"
        return f"{size} ({error})" if error else size


def _error(percent: float) -> str:
    least = 100 * LEAST_MOVE
    return f"± less than {least:g}" if percent < least else f"± {rounded(percent, 1)}"


def change(baseline: Sequence[int], arm: Sequence[int]) -> Change:
    """Compare two counts by province, as the metric of conduct does."""
    base, ours = sum(baseline), sum(arm)
    if base == 0:
        return Change(base, ours, None, None)
    found = of_sums(np.stack([arm, baseline], axis=1), changed)
    is_known = found.groups >= FEWEST_PLACES and not math.isnan(found.error)
    return Change(base, ours, 100 * found.value, 100 * found.error if is_known else None)
