"""Selecting on a score that is not the thing: *Categorizing Variants of Goodhart's Law* (2018).

The regressional variant: a score is the target and an error; whoever is selected for a high score
has, in the mean, less of the target than of the score.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def scored(target: Any, error: Any, spread: float) -> Any:
    """Give the score: the target and ``spread`` times an error of unit variance."""
    return target + spread * error


def selected(scores: Any, share: float) -> Any:
    """Give the places of the highest scores, ``share`` of them all and at least one."""
    number = max(1, round(share * len(scores)))
    return np.argpartition(scores, len(scores) - number)[len(scores) - number :]
