"""How a state of society carries itself on: the matrix from one step to the next.

A state is a few numbers by group and step (a standing and the means, say). The transition is fitted
by least squares to the deviations of each group from its own mean over time, so a group whose level
differs for good, by its rules or its people, does not look like one that runs away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SAME = 1e-9
"""Two numbers of the state that go together more closely than this are one."""


def transition_sums(paths: ArrayLike, weights: ArrayLike) -> NDArray[np.float64]:
    """Give what the fit needs, by group: [group, 2 k k] from paths [step, group, k].

    ``weights`` are the sizes of the groups. The first k k are the products of the state with
    itself, the others those of the state with the next one, both within the group.
    """
    state = np.asarray(paths, np.float64)
    before = state[:-1] - state[:-1].mean(axis=0)
    after = state[1:] - state[1:].mean(axis=0)
    weigh = np.asarray(weights, np.float64)[:, None, None]
    own = np.einsum("tgi,tgj->gij", before, before) * weigh
    next_ = np.einsum("tgi,tgj->gij", before, after) * weigh
    groups = state.shape[1]
    return np.concatenate([own.reshape(groups, -1), next_.reshape(groups, -1)], axis=1)


def largest_eigenvalue(sums: ArrayLike) -> NDArray[np.float64]:
    """Give the largest modulus of the eigenvalues of the fitted transition, from summed products.

    Above 1 a small push grows from step to step; below 1 it dies out. nan where the state did not
    move, or where its numbers move as one. The axes before the last are kept.
    """
    every = np.asarray(sums, np.float64)
    k = round((every.shape[-1] / 2) ** 0.5)
    own = every[..., : k * k].reshape(*every.shape[:-1], k, k)
    next_ = every[..., k * k :].reshape(*every.shape[:-1], k, k)
    scale = np.sqrt(np.diagonal(own, axis1=-2, axis2=-1))
    moves = (scale > 0).all(axis=-1)
    scale = np.where(scale > 0, scale, 1.0)
    # In units of the spread of each number the determinant says how far they go together.
    unit = own / (scale[..., :, None] * scale[..., None, :])
    is_known = moves & (np.linalg.det(unit) > SAME)
    safe = np.where(is_known[..., None, None], unit, np.eye(k))
    step = np.linalg.solve(safe, next_ / (scale[..., :, None] * scale[..., None, :]))
    found = np.abs(np.linalg.eigvals(step)).max(axis=-1)
    return np.where(is_known, found, np.nan)


def transition_eigenvalue(paths: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Give the largest eigenvalue of the transition of a state [step, group, number]."""
    state = np.asarray(paths, np.float64)
    if len(state) < 3 or not state.shape[1]:
        return float("nan")
    sizes = np.ones(state.shape[1]) if weights is None else weights
    return float(largest_eigenvalue(transition_sums(state, sizes).sum(axis=0)))
