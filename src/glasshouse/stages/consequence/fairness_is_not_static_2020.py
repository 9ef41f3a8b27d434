"""Loans that move credit, and a lender who decides anew with every applicant.

After section 3 of *Fairness Is Not Static: Deeper Understanding of Long Term Fairness via
Simulation Studies* (2020) and its simulation. Two groups stand at credit scores 0, 1, 2 ..; those
at a score repay with a probability of its own. In each step one person applies. A loan that is
repaid moves a small part of the group from that score to the next above, a default to the next
below; at the ends nothing moves. For ``first_steps`` everybody gets a loan; then the lender knows
where the groups stand and lends where it pays (``reward``), or to the same part of those of each
group who would repay, the most profitable one at that step (``opportunity``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.stages.consequence.delayed_impact_2018 import (
    best_common_share,
    of_those_who_repay,
)

Floats = NDArray[np.float64]
Policy = Literal["reward", "opportunity"]


class Credit(NamedTuple):
    """Where groups stand and what a loan does."""

    parts: tuple[tuple[int, ...], ...]
    """Parts of a group at each score; a loan moves one part. [group][score]"""
    repays: tuple[float, ...]
    """Probability of repayment at each score."""
    applies: tuple[float, ...]
    """How likely the next applicant is of each group."""
    interest: float
    """What a repaid loan earns, in loans; a default costs one."""
    first_steps: int
    """Steps in which everybody gets a loan."""


def lent_to(policy: Policy, credit: Credit, shares: Floats) -> Floats:
    """Give the part at each score that gets a loan; f8 [replicate, group, score].

    ``shares`` is f8 [replicate, group, score]; each group's sum to 1.
    """
    repays = np.array(credit.repays)
    gain = repays * credit.interest - (1 - repays)
    if policy == "reward":
        return np.broadcast_to((gain >= 0).astype(np.float64), shares.shape)
    weights = of_those_who_repay(shares, np.broadcast_to(repays, shares.shape))
    worth = np.array(credit.applies)[:, None] * shares * gain
    return best_common_share(weights, worth)


def simulated(
    policy: Policy, credit: Credit, steps: int, replicates: int, luck: Callable[[int], Floats]
) -> Any:
    """Give the parts of each group at each score after so many steps; i8 [replicate, group, score].

    ``luck`` gives four numbers between 0 and 1 for a step: who applies, from which score, whether
    a part of a score is lent to, and whether the loan is repaid; f8 [4, replicate].
    """
    start = np.array(credit.parts, np.int64)
    parts = np.tile(start, (replicates, 1, 1))
    whole = start.sum(axis=1)
    last = start.shape[1] - 1
    rows, repays = np.arange(replicates), np.array(credit.repays)
    group_until = np.cumsum(credit.applies)[:-1]
    for step in range(steps):
        who, where, whether, back = luck(step)
        group = (who[:, None] >= group_until).sum(axis=1)
        own = parts[rows, group]
        reached = np.cumsum(own, axis=1) / whole[group][:, None]
        score = np.minimum((where[:, None] >= reached).sum(axis=1), last)
        lent = np.ones(replicates, bool)
        if step >= credit.first_steps:
            allowed = lent_to(policy, credit, parts / whole[:, None])
            lent = whether < allowed[rows, group, score]
        to = np.clip(score + np.where(back < repays[score], 1, -1), 0, last)
        np.subtract.at(parts, (rows, group, score), lent)
        np.add.at(parts, (rows, group, to), lent)
    return parts


def credit_of(parts: Any, credit: Credit) -> Floats:
    """Give each group's credit: the part of it that would repay; f8 [..., group]."""
    parts = np.asarray(parts, float)
    mean: Floats = (parts @ np.array(credit.repays)) / parts.sum(axis=-1)
    return mean
