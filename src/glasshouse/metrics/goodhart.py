"""What becomes of a number that people are chosen by: the score of the best against their truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.detriment import centred, correlation, products

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BEST = 0.1
"""The share of people with the best scores that are taken for the chosen."""


def is_chosen(score: ArrayLike, share: float = BEST) -> NDArray[np.bool_]:
    """Mark those whose score is among the best ``share``; all with an equal score stand together.

    Where more than that share has the best score, all of them are chosen.
    """
    points = np.asarray(score, np.float64)
    if not points.size:
        return np.zeros(0, bool)
    above = np.quantile(points, 1.0 - share, method="higher")
    found: NDArray[np.bool_] = points >= above
    return found


def goodhart_terms(
    score: ArrayLike, truth: ArrayLike, share: float = BEST
) -> tuple[NDArray[np.float64], ...]:
    """Give by person what the functions below take the sums of, nine values."""
    x, y = centred(score), centred(truth)
    best = is_chosen(x, share).astype(np.float64)
    return (*np.moveaxis(products(x, y), -1, 0), best, best * x, best * y)


def reliability(sums: ArrayLike) -> NDArray[np.float64]:
    """Give the share of the score's variance that is truth, r²; 1 / (1 + s²) for truth plus noise.

    It is the slope of the truth on a score that moves one for one with it.
    """
    return np.asarray(_related(sums) ** 2, np.float64)


def goodhart_gap(sums: ArrayLike) -> NDArray[np.float64]:
    """Give by how much the score of the best flatters them, in standard deviations of the truth.

    The score is put on the scale of the truth, so that one more of it raises the score by one on
    average: the gap is the score's gain of the chosen over all, less the truth's gain. For truth
    plus independent noise of the variance s², both normal, it is lambda s² / sqrt(1 + s²) with
    lambda the mean of the best share of a standard normal. nan where score and truth do not rise
    together.
    """
    score, truth = _gains(sums)
    return np.asarray(score - truth, np.float64)


def goodhart_ratio(sums: ArrayLike) -> NDArray[np.float64]:
    """Give the share of the score's gain of the chosen that is no truth; s² / (1 + s²) for noise.

    0 is a score that says what is; 1 is one that chose nobody better.
    """
    score, truth = _gains(sums)
    return np.asarray((score - truth) / np.where(score > 0, score, np.nan), np.float64)


def _related(sums: ArrayLike) -> NDArray[np.float64]:
    return correlation(np.asarray(sums, np.float64)[..., :6])


def _gains(sums: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    n, x, y, xx, yy, _, many, of_score, of_truth = np.moveaxis(np.asarray(sums, np.float64), -1, 0)
    related = _related(sums)
    related = np.where(related > 0, related, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread_x, spread_y = (np.sqrt(s / n - (m / n) ** 2) for s, m in ((xx, x), (yy, y)))
        score = (of_score / many - x / n) / spread_x / related
        truth = (of_truth / many - y / n) / spread_y
    return score, truth
