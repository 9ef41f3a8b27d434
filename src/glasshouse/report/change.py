"""How much a count moved against the baseline, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    """Compare two counts by province."""
    pairs = [(b, a) for b, a in zip(baseline, arm, strict=True) if b or a]
    base, ours = sum(b for b, _ in pairs), sum(a for _, a in pairs)
    if base == 0:
        return Change(base, ours, None, None)
    percent = 100 * (ours / base - 1)
    return Change(base, ours, percent, _jackknife(pairs, base, ours))


def _jackknife(pairs: list[tuple[int, int]], base: int, ours: int) -> float | None:
    places = len(pairs)
    if places < FEWEST_PLACES or any(b == base for b, _ in pairs):
        return None
    without = [100 * (ours - a) / (base - b) for b, a in pairs]
    mean = sum(without) / places
    return math.sqrt((places - 1) / places * sum((one - mean) ** 2 for one in without))
