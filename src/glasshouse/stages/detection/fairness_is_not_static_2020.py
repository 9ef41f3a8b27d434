"""Attention shared out among sites whose incidents grow where nobody looks.

After section 4 of *Fairness Is Not Static: Deeper Understanding of Long Term Fairness via
Simulation Studies* (2020). In each step a number of incidents happens at each site, Poisson about
its rate; a number of units of attention is sent out; each unit at a site finds at most one
incident. The rate of a site then rises by ``growth`` where no unit was, and falls by ``growth`` for
each unit that was there, not below zero.

Nothing here belongs to the engine: it is the paper's model, to be compared with the paper's claim.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Luck = Callable[[int, int], Floats]
"""(step, how many) to numbers strictly between 0 and 1; f8 [how many, replicate]."""

MOST_BELIEVED = 100.0
"""The highest rate that an allocator believes in: where every unit found something, the most likely
rate is endless."""

ROUNDS = 25
"""Rounds of expectation and maximum in an estimate; it changes by less than 1 % in the last."""


Name = Literal["uniform", "proportional", "greedy", "told"]


class World(NamedTuple):
    """Sites, units of attention, and how incidents answer to attention."""

    rates: tuple[float, ...]
    """Incidents a step at each site in the beginning."""
    units: int
    growth: float
    """By how much a rate rises in a step without attention, and falls for each unit of it."""


class Allocator(NamedTuple):
    """Who sends the units."""

    name: Name
    """`uniform` sends each unit to a site drawn evenly; `proportional` to one drawn by the believed
    rates; `greedy` each to where it most likely finds something; `told` is greedy and knows the
    true rates."""
    explores: float = 0.1
    """Share of the steps in which a learner sends its units out evenly instead."""
    first_steps: int = 25
    """Steps before it learns for the first time."""
    every: int = 10
    """Steps between two estimates."""
    window: int = 100
    """Steps it looks back on, as if rates had not moved in them."""


class Tally(NamedTuple):
    """What came of it; f8 [replicate]."""

    caught: Floats
    missed: Floats


def simulated(world: World, by: Allocator, steps: int, replicates: int, luck: Luck) -> Tally:
    """Send out the units for so many steps, in many replicates at once."""
    sites, learns = len(world.rates), by.name in {"proportional", "greedy"}
    rates = np.tile(np.array(world.rates, float), (replicates, 1))
    believed = np.ones((replicates, sites))
    found = np.zeros((by.window, replicates, sites), np.int64)
    sent = np.zeros_like(found)
    caught, missed = np.zeros(replicates), np.zeros(replicates)
    for step in range(steps):
        drawn = luck(step, 1 + world.units + sites)
        coin, places, chances = drawn[0], drawn[1 : 1 + world.units], drawn[1 + world.units :]
        if learns and step >= by.first_steps and step % by.every == 0:
            believed = estimated(found, sent, believed)
        if by.name == "told":
            units = greedily(rates, world.units)
        else:
            units = scattered(np.ones_like(rates), places)
            if learns:
                sure = (
                    greedily(believed, world.units)
                    if by.name == "greedy"
                    else scattered(believed, places)
                )
                units = np.where((coin < by.explores)[:, None], units, sure)
        incidents = poisson(chances.T, rates)
        seen = np.minimum(incidents, units)
        found[step % by.window], sent[step % by.window] = seen, units
        caught += seen.sum(axis=1)
        missed += (incidents - seen).sum(axis=1)
        rates = after_attention(rates, units, world.growth)
    return Tally(caught, missed)


def after_attention(rates: Any, units: Any, growth: float) -> Any:
    """Give the rates of the next step: up where no unit was, down by each unit, never below 0."""
    return np.where(units == 0, rates + growth, np.maximum(rates - growth * units, 0.0))


def scattered(weights: Floats, places: Floats) -> Whole:
    """Give the units a site gets if each is drawn by the weights; i8 [replicate, site].

    ``places`` holds a number between 0 and 1 for each unit; f8 [unit, replicate]. Where no weight
    is above 0, all are alike.
    """
    total = weights.sum(axis=1, keepdims=True)
    even = np.ones_like(weights) / weights.shape[1]
    shares = np.where(total > 0, weights / np.where(total > 0, total, 1.0), even)
    reached = np.cumsum(shares, axis=1)[:, :-1]
    chosen = (places.T[:, :, None] >= reached[:, None, :]).sum(axis=2)
    sent: Whole = (chosen[:, :, None] == np.arange(weights.shape[1])).sum(axis=1)
    return sent


def greedily(rates: Floats, units: int) -> Whole:
    """Send one unit after another to where it most likely finds an incident; i8 [replicate, site].

    A unit beyond ``v`` others finds something if at least ``v + 1`` incidents happen. Of sites that
    are equal, the first is taken.
    """
    sent = np.zeros(rates.shape, np.int64)
    rows = np.arange(len(rates))
    for _ in range(units):
        sent[rows, at_least(sent + 1, rates).argmax(axis=1)] += 1
    return sent


def at_least(count: Any, rates: Any) -> Floats:
    """Give the probability of at least ``count`` Poisson incidents about ``rates``."""
    from scipy.special import gammainc

    likely: Floats = np.where(count <= 0, 1.0, gammainc(np.maximum(count, 1), rates))
    return likely


def poisson(chances: Floats, rates: Floats) -> Whole:
    """Invert the Poisson law: incidents for numbers between 0 and 1."""
    from scipy.special import pdtr, pdtrik

    some = np.maximum(rates, 1e-300)
    near = np.ceil(np.nan_to_num(pdtrik(chances, some)))
    lower = np.maximum(near - 1, 0)
    counts = np.where(pdtr(lower, some) >= chances, lower, near)
    return np.where(chances <= np.exp(-some), 0, counts).astype(np.int64)


def estimated(found: Whole, sent: Whole, believed: Floats) -> Floats:
    """Give the most likely rates if they never moved; f8 [replicate, site].

    ``found`` and ``sent`` are i8 [step, replicate, site]. Where fewer incidents were found than
    units sent, all were seen; where as many, there were that many at least, and what is behind them
    is expected from the rate so far, again and again (expectation, then the most likely rate). A
    site without attention stays believed as it was.
    """
    looked = sent > 0
    times = looked.sum(axis=0)
    plain = np.where(looked & (found < sent), found, 0).sum(axis=0)
    most = max(int(sent.max(initial=0)), 1)
    full = np.stack(
        [(looked & (found == sent) & (sent == n)).sum(axis=0) for n in range(1, most + 1)]
    )
    rates = np.maximum(np.where(times > 0, found.sum(axis=0) / np.maximum(times, 1), 1.0), 0.05)
    levels = np.arange(1, most + 1)[:, None, None]
    for _ in range(ROUNDS):
        # E[X | X >= n] = rate x P(X >= n - 1) / P(X >= n)
        behind = rates * at_least(levels - 1, rates) / np.maximum(at_least(levels, rates), 1e-12)
        rates = (plain + (full * behind).sum(axis=0)) / np.maximum(times, 1)
        rates = np.clip(rates, 1e-9, MOST_BELIEVED)
    return np.where(times > 0, rates, believed)
