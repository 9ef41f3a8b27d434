"""How much likelier the same act is punished without office than with it."""

from __future__ import annotations

from typing import Any

import numpy as np


def official_gap(acts: Any, sanctions: Any, is_exempt: Any) -> float:
    """Give P(sanction | act, ordinary) over P(sanction | act, exempt), from outcome rows.

    ``acts`` and ``sanctions`` are counts by row (culpable acts; entries, or listings) and
    ``is_exempt`` says who holds exempt office. 1 is no gap; it is infinite where office is never
    punished, and not a number where one of the two did nothing.
    """
    exempt = np.asarray(is_exempt, bool)
    chances = []
    for group in (~exempt, exempt):
        done = float(np.asarray(acts)[group].sum())
        chances.append(float(np.asarray(sanctions)[group].sum()) / done if done else np.nan)
    ordinary, spared = chances
    return ordinary / spared if spared else float("nan" if np.isnan(ordinary) else "inf")
