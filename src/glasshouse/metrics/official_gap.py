"""How much likelier the same act is punished without office than with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.metrics.estimate import divided

if TYPE_CHECKING:
    from numpy.typing import NDArray


def gap_of_sums(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the gap from sums of sanctions and acts of the ordinary, then of the exempt."""
    ordinary = divided(sums[..., 0], sums[..., 1])
    return divided(ordinary, divided(sums[..., 2], sums[..., 3]))


def official_gap(acts: Any, sanctions: Any, is_exempt: Any) -> float:
    """Give P(sanction | act, ordinary) over P(sanction | act, exempt), from outcome rows.

    ``acts`` and ``sanctions`` are counts by row (culpable acts; entries, or listings) and
    ``is_exempt`` says who holds exempt office. 1 is no gap; it is infinite where office is never
    punished, and not a number where one of the two did nothing.
    """
    exempt = np.asarray(is_exempt, bool)
    sums = [
        float(np.asarray(counted)[group].sum())
        for group in (~exempt, exempt)
        for counted in (sanctions, acts)
    ]
    return float(gap_of_sums(np.array(sums)))
