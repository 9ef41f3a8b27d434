"""A lender's best policy by a linear program: found without knowing that it is a threshold.

The unknowns are how many of each group and score get a loan, none to all of them. What a policy
asks for is an equation between the groups; profit is linear. Solved by the simplex method of SciPy,
which shares no line with the thresholds it is compared with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from glasshouse.stages.consequence.delayed_impact_2018 import Change, Market, Policy

TIE = 1e-5
"""Where two scores bring the same profit the higher is taken; far below what separates others."""


def best_by_program(policy: Policy, market: Market, by: Change) -> list[float]:
    """Give each group's mean change of score under the policy that brings the most profit.

    Raises ArithmeticError where the program has no solution, which a market always has.
    """
    from scipy.optimize import linprog

    groups, scores = market.shares.shape
    size = market.people / market.people.max()
    profit, change, most, weight = [], [], [], []
    for group in range(groups):
        all_repaying = float((market.shares[group] * market.repays[group]).sum())
        for at in range(scores):
            repays = float(market.repays[group, at])
            earned = repays * 1.0 + (1.0 - repays) * market.ratio
            profit.append(float(size[group]) * (earned + TIE * (at + 1) / scores))
            change.append(_points(float(market.scores[at]), repays, by))
            most.append((0.0, float(market.shares[group, at])))
            counted = 1.0 if policy == "parity" else repays / all_repaying
            weight.append(counted if group == 0 else -counted)
    asked = {} if policy == "profit" else {"A_eq": np.array([weight]), "b_eq": [0.0]}
    solved = linprog(-np.array(profit), bounds=most, method="highs-ds", **asked)
    if not solved.success:
        raise ArithmeticError(str(solved.message))
    moved = np.array(change) * solved.x
    return [float(part.sum()) for part in moved.reshape(groups, scores)]


def _points(score: float, repays: float, by: Change) -> float:
    """Give the expected points that a loan brings at a score, cut at the ends of the scale."""
    if by.cut == "mean":
        after = score + repays * by.repaid + (1.0 - repays) * by.defaulted
        return min(max(after, by.lowest), by.highest) - score
    up = min(max(score + by.repaid, by.lowest), by.highest) - score
    down = min(max(score + by.defaulted, by.lowest), by.highest) - score
    return repays * up + (1.0 - repays) * down
