"""The range that a metric cannot leave, so that no interval between seeds leaves it either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.metrics.estimate import ANY, POSITIVE, SHARE
from glasshouse.metrics.registry import METRICS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIGNED = frozenset(("share of the baseline", "share of the prevented", "share of full means"))
"""Units of shares that may be below 0 or above 1, since they compare with a twin."""

_POSITIVE = (
    "days", "yuan", "refusals", "entries", "exits", "privileges", "ratio", "acts", "faces", "odds",
    "Gini", "Shorrocks", "largest", "a thousand",
)  # fmt: skip
"""How the units of what is never below 0 begin."""

_UNITS = {one.name: one.unit for one in METRICS}


def is_share(unit: str) -> bool:
    """Whether a unit is that of a part of a whole, from 0 to 1."""
    return unit.startswith("share") and unit not in _SIGNED and ";" not in unit


def within(metric: str, values: NDArray[np.float64]) -> tuple[float, float]:
    """Give the range that a metric cannot leave, so that no interval leaves it either."""
    unit = _UNITS.get(metric, "")
    if is_share(unit):
        return SHARE
    return POSITIVE if unit.startswith(_POSITIVE) and bool((values > 0).any()) else ANY
