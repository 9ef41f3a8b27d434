"""Points of the unit cube by rule: Latin hypercube, Sobol' sequence, Morris trajectories, Saltelli.

Each has a seed of its own, which is not the seed of a run: the same ``draw`` gives the same points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MORRIS_LEVELS = 4
"""Levels of a Morris grid: 0, 1/3, 2/3, 1, as in the paper's own examples."""


def latin_hypercube(paths: int, points: int, draw: int) -> NDArray[np.float64]:
    """Give points of which, along every axis, each n-th of the range holds exactly one."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(paths, rng=np.random.default_rng(draw)).random(points))


def sobol_sequence(paths: int, points: int, draw: int) -> NDArray[np.float64]:
    """Give the first points of a scrambled Sobol' sequence; their number is a power of two."""
    from scipy.stats import qmc

    sampler = qmc.Sobol(paths, scramble=True, rng=np.random.default_rng(draw))
    return np.asarray(sampler.random_base2(points.bit_length() - 1))


def morris(paths: int, trajectories: int, draw: int) -> NDArray[np.float64]:
    """Give trajectories of ``paths`` + 1 points, each step along one axis by two thirds.

    Morris 1991, *Factorial sampling plans for preliminary computational experiments*: base points
    of a grid of four levels, the order of the axes and the direction of each drawn at random.
    """
    rng = np.random.default_rng(draw)
    step = MORRIS_LEVELS / (2 * (MORRIS_LEVELS - 1))
    lower = np.arange(MORRIS_LEVELS // 2) / (MORRIS_LEVELS - 1)
    found = np.empty((trajectories, paths + 1, paths))
    for trajectory in found:
        base = rng.choice(lower, paths)
        up = rng.random(paths) < 0.5  # a half
        trajectory[:] = np.where(up, base, base + step)
        for place, axis in enumerate(rng.permutation(paths), start=1):
            trajectory[place:, axis] += step if up[axis] else -step
    top = MORRIS_LEVELS - 1
    return np.rint(found.reshape(-1, paths) * top) / top


def saltelli(paths: int, points: int, draw: int) -> NDArray[np.float64]:
    """Give the matrices A and B, then A with one column after the other taken from B.

    Saltelli and others 2010, *Variance based sensitivity analysis of model output*; ``points`` rows
    each, a power of two, from one Sobol' sequence of twice as many axes.
    """
    both = sobol_sequence(2 * paths, points, draw)
    first, second = both[:, :paths], both[:, paths:]
    mixed = np.repeat(first[None], paths, axis=0)
    for axis in range(paths):
        mixed[axis, :, axis] = second[:, axis]
    return np.concatenate([first, second, mixed.reshape(-1, paths)])
