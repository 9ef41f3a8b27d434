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
    weights = market.shares
    if policy == "opportunity":
        weights = of_those_who_repay(market.shares, market.repays)
    worth = market.people[:, None] * market.shares * market.gain
    tried = None if steps is None else np.arange(steps + 1) / steps
    return best_common_share(weights, worth, tried)


def of_those_who_repay(shares: Floats, repays: Floats) -> Floats:
    """Give where those of a group stand who would repay; the last axes are [group, score]."""
    repaying = shares * repays
    total = repaying.sum(axis=-1, keepdims=True)
    parts: Floats = np.divide(repaying, total, out=np.zeros_like(repaying), where=total > 0)
    return parts


def best_common_share(weights: Floats, worth: Floats, tried: Floats | None = None) -> Floats:
    """Give the parts lent to if the same share of every group's weight is, the most profitable one.

    ``weights`` and ``worth`` (of lending to all) are f8 [..., group, score], and so is what is
    given. Without shares to be tried, those are at which some group moves on to its next score.
    """
    if tried is None:
        reached = np.cumsum(weights[..., ::-1], axis=-1)
        reached = reached.reshape(*weights.shape[:-2], -1)
        ends = np.broadcast_to(np.array([0.0, 1.0]), (*reached.shape[:-1], 2))
        tried = np.sort(np.clip(np.concatenate([ends, reached], axis=-1), 0.0, 1.0), axis=-1)
    tried = np.broadcast_to(tried, (*weights.shape[:-2], tried.shape[-1]))
    parts = from_the_top(weights[..., None, :, :], tried[..., None, None])
    profits = (parts * worth[..., None, :, :]).sum(axis=(-2, -1))
    best = profits.argmax(axis=-1)[..., None, None, None]
    taken: Floats = np.take_along_axis(parts, best, axis=-3)[..., 0, :, :]
    return taken


def from_the_top(weights: Floats, share: Floats | float) -> Floats:
    """Take a share of each group's weight from the highest score down, in part at the last."""
    above = np.cumsum(weights[..., ::-1], axis=-1)[..., ::-1] - weights
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
