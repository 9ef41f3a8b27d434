"""Sensitivity indices from a design and its results: Morris' elementary effects, Sobol' indices.

Pure functions of numbers; they know nothing of runs, and a closed form tests them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL = 0.95
RESAMPLES = 999
"""Bootstrap resamples behind an interval of a Sobol' index."""


class Effects(NamedTuple):
    """Morris' indices, one value a path; effects are for the whole range of a path."""

    mu_star: NDArray[np.float64]
    """The mean of the absolute elementary effects: how much the path moves the result."""
    low: NDArray[np.float64]
    """95 % interval of mu_star: the jackknife over trajectories with Student's t."""
    high: NDArray[np.float64]
    mu: NDArray[np.float64]
    """The mean effect with its sign: which way it moves the result."""
    sigma: NDArray[np.float64]
    """The standard deviation of the effects: how far other paths, or a bend, change the effect."""
    trajectories: int
    """Trajectories that were whole; one with a missing run says nothing."""


class Indices(NamedTuple):
    """Sobol' indices, one value a path: shares of the variance of the result."""

    first: NDArray[np.float64]
    """What a path explains by itself."""
    first_low: NDArray[np.float64]
    first_high: NDArray[np.float64]
    total: NDArray[np.float64]
    """What a path explains by itself and together with others."""
    total_low: NDArray[np.float64]
    total_high: NDArray[np.float64]
    rows: int
    """Rows of A and B that were whole."""


def morris_effects(points: NDArray[np.float64], results: NDArray[np.float64]) -> Effects:
    """Give Morris' indices of results at the points of trajectories, both in the order of a design.

    ``points`` [run, path] are positions within the ranges, from 0 to 1. Morris 1991; mu* after
    Campolongo, Cariboni and Saltelli 2007, *An effective screening design*. A mean's jackknife
    interval is Student's. A trajectory with a result of nan is left out.
    """
    paths = points.shape[1]
    where = points.reshape(-1, paths + 1, paths)
    values = results.reshape(-1, paths + 1)
    whole = ~np.isnan(values).any(axis=1)
    steps = np.diff(where[whole], axis=1)
    effects = np.full((int(whole.sum()), paths), np.nan)
    moved = np.abs(steps).argmax(axis=2)
    size = np.take_along_axis(steps, moved[..., None], axis=2)[..., 0]
    np.put_along_axis(effects, moved, np.diff(values[whole], axis=1) / size, axis=1)
    number = len(effects)
    if not number:
        nothing = np.full(paths, np.nan)
        return Effects(nothing, nothing, nothing, nothing, nothing, 0)
    sizes = np.abs(effects)
    mu_star = sizes.mean(axis=0)
    half = np.full(paths, np.nan)
    sigma = np.full(paths, np.nan)
    if number > 1:
        from scipy.stats import t

        sigma = effects.std(axis=0, ddof=1)
        half = t.ppf((1 + LEVEL) / 2, number - 1) * sizes.std(axis=0, ddof=1) / np.sqrt(number)
    low = np.maximum(mu_star - half, 0.0)
    return Effects(mu_star, low, mu_star + half, effects.mean(axis=0), sigma, number)


def sobol_indices(results: NDArray[np.float64], paths: int, draw: int = 1) -> Indices:
    """Give first and total indices of results at the points of Saltelli's design, in its order.

    By scipy's estimators (Saltelli and others 2010; Jansen 1999 for the total index), with
    percentile intervals of a bootstrap over rows, whose seed is ``draw``. A row with a result of
    nan in any of its ``paths`` + 2 runs is left out. All indices are nan where nothing varies.
    """
    blocks = results.reshape(paths + 2, -1)
    kept = blocks[:, ~np.isnan(blocks).any(axis=0)]
    rows = kept.shape[1]
    first, total = _estimates(kept[None])
    rng = np.random.default_rng(draw)
    ends = [np.full(paths, np.nan)] * 4
    if rows > 1:
        resampled = [
            _estimates(kept[None, :, rng.integers(rows, size=rows)]) for _ in range(RESAMPLES)
        ]
        tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
        both = [np.concatenate(found) for found in zip(*resampled, strict=True)]
        ends = [end for found in both for end in np.quantile(found, tails, axis=0)]
    return Indices(first[0], ends[0], ends[1], total[0], ends[2], ends[3], rows)


def _estimates(blocks: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give first and total indices [sample, path] of blocks [sample, A B and A with B's, row]."""
    middle = blocks[:, :2].mean(axis=(1, 2), keepdims=True)
    centred = blocks - middle
    a, b, mixed = centred[:, 0], centred[:, 1], centred[:, 2:]
    variance = centred[:, :2].var(axis=(1, 2))[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        first = (b[:, None] * (mixed - a[:, None])).mean(axis=2) / variance
        total = ((a[:, None] - mixed) ** 2).mean(axis=2) / 2 / variance
    nothing = variance <= 0
    return np.where(nothing, np.nan, first), np.where(nothing, np.nan, total)


def rank_agreement(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Give Spearman's rank correlation of two rankings; nan where one of them has no order."""
    from scipy.stats import rankdata

    ranks = [rankdata(values) for values in (one, other)]
    if any(np.ptp(values) == 0 for values in ranks):
        return float("nan")
    return float(np.corrcoef(*ranks)[0, 1])


def shared_at_the_top(one: NDArray[np.float64], other: NDArray[np.float64], top: int) -> int:
    """Give how many paths stand among the first ``top`` of both rankings."""
    firsts = [set(np.argsort(-values, kind="stable")[:top].tolist()) for values in (one, other)]
    return len(firsts[0] & firsts[1])
