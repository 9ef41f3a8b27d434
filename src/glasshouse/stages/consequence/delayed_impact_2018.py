"""Loans by a threshold on a score, and what they do to the scores of those who get one.

After *Delayed Impact of Fair Machine Learning* (2018). Two groups have their own shares at each
score, and at each score a part of them repays. A lender accepts from the highest score down: each
group by itself for the most profit (``profit``); the same share of each group (``parity``); the
same share of those of each group who would repay (``opportunity``); of the last two, the share that
brings the most profit over both. Whoever repays rises, whoever defaults falls.

The lender's choice is the paper's model of a lender. No rule of a rulebook is chosen here.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Policy = Literal["profit", "parity", "opportunity"]


class Market(NamedTuple):
    """Groups of applicants and what a lender earns from them."""

    scores: Floats
    """Rising; f8 [score]."""
    shares: Floats
    """The share of a group at a score; f8 [group, score], each row sums to 1."""
    repays: Floats
    """The part of those at a score who repay; f8 [group, score]."""
    people: Floats
    """How many each group is; only the proportion matters; f8 [group]."""
    ratio: float
    """Utility of a default over that of a repayment: below 0."""

    @property
    def gain(self) -> Floats:
        """What a loan earns on average, in repayments; f8 [group, score]."""
        gain: Floats = self.repays + (1 - self.repays) * self.ratio
        return gain


class Change(NamedTuple):
    """How scores answer to a loan, in points."""

    repaid: float
    defaulted: float
    lowest: float
    highest: float
    cut: Literal["mean", "outcome"]
    """Whether the ends of the scale cut the expected change of a score, or each outcome."""


def accepted(policy: Policy, market: Market, steps: int | None = None) -> Floats:
    """Give the part of each group at each score that gets a loan; f8 [group, score].

    ``steps`` looks for the best share among 0, 1/steps .. 1. Without it, it is found exactly:
    profit is a straight line between the shares at which a group moves on to its next score.
    """
    if policy == "profit":
        return (market.gain >= 0).astype(np.float64)
    repaying = market.shares * market.repays
    weights = market.shares
    if policy == "opportunity":
        weights = repaying / repaying.sum(axis=1, keepdims=True)
    if steps is None:
        reached = np.cumsum(weights[:, ::-1], axis=1).ravel()
        tried = np.unique(np.clip(np.append(reached, (0.0, 1.0)), 0.0, 1.0))
    else:
        tried = np.arange(steps + 1) / steps
    worth = market.people[:, None] * market.shares * market.gain
    profits = [float((from_the_top(weights, share) * worth).sum()) for share in tried]
    return from_the_top(weights, float(tried[int(np.argmax(profits))]))


def from_the_top(weights: Floats, share: float) -> Floats:
    """Take this share of each group's weight from the highest score down, in part at the last."""
    above = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1] - weights
    part: Floats = np.where(
        weights > 0,
        np.clip((share - above) / np.where(weights > 0, weights, 1.0), 0.0, 1.0),
        (above < share).astype(float),
    )
    return part


def mean_change(lent: Floats, market: Market, by: Change) -> Floats:
    """Give the mean change of score over everybody of a group, with a loan or not; f8 [group]."""
    change: Floats = (lent * market.shares * expected_change(market, by)).sum(axis=1)
    return change


def expected_change(market: Market, by: Change) -> Floats:
    """Give the expected change of the score of who gets a loan; f8 [group, score]."""

    def cut(move: Floats | float) -> Floats:
        within: Floats = np.clip(market.scores + move, by.lowest, by.highest) - market.scores
        return within

    repays = market.repays
    if by.cut == "mean":
        return cut(repays * by.repaid + (1 - repays) * by.defaulted)
    return repays * cut(by.repaid) + (1 - repays) * cut(by.defaulted)
