"""What is known of attention among growing sites: exact expectations for two allocators.

Sent evenly and at random, each site by itself is a chain of Markov: its rate walks on a lattice of
steps of ``growth``, up with probability (1 - 1/sites)**units. Told the true rates, a greedy
allocator walks one path that no luck moves. Given rate and units, what is found is expected to be
the sum over k below the units of P(more than k incidents).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from glasshouse.stages.detection.fairness_is_not_static_2020 import World

SMALL = 1e-9
"""A rate below this is zero but for rounding."""


def expected_uniform(world: World, steps: int) -> tuple[float, float]:
    """Give what is expected to be caught and missed where each unit goes to a site drawn evenly."""
    from scipy import stats

    units = stats.binom(world.units, 1 / len(world.rates))
    chances, beyond = units.pmf(range(world.units + 1)), units.sf(range(world.units))
    sites = [_of_site(rate, world.growth, steps, chances, beyond) for rate in world.rates]
    return sum(caught for caught, _ in sites), sum(missed for _, missed in sites)


def _of_site(
    rate: float, growth: float, steps: int, chances: np.ndarray, beyond: np.ndarray
) -> tuple[float, float]:
    """Give what is caught and missed at one site.

    A rate that never fell to zero moves on the lattice of its start, one that did on that of zero.
    """
    from scipy import stats

    units = len(chances) - 1
    if growth == 0:
        found = float(sum(beyond[k] * stats.poisson.sf(k, rate) for k in range(units)))
        return steps * found, steps * (rate - found)
    below = min(int((rate - SMALL) / growth), units * steps) if rate > SMALL else -1
    lattices = (  # the rates of each, and how likely each is now
        rate + growth * np.arange(-max(below, 0), steps + 1),
        growth * np.arange(steps + 1),
    )
    likely = [np.zeros(len(lattice)) for lattice in lattices]
    likely[0 if below >= 0 else 1][max(below, 0) if below >= 0 else 0] = 1.0
    found_at = [
        sum(beyond[k] * stats.poisson.sf(k, lattice) for k in range(units)) for lattice in lattices
    ]
    caught = missed = 0.0
    for _ in range(steps):
        for rates, here, found in zip(lattices, likely, found_at, strict=True):
            caught += float(here @ found)
            missed += float(here @ (rates - found))
        moved = [np.zeros(len(one)) for one in likely]
        for now, here in zip(moved, likely, strict=True):
            now[1:] += chances[0] * here[:-1]
            for sent in range(1, units + 1):
                now[: len(here) - sent] += chances[sent] * here[sent:]
                moved[1][0] += chances[sent] * here[:sent].sum()
        likely = moved
    return caught, missed


def expected_told(world: World, steps: int) -> tuple[float, float]:
    """Give what is expected to be caught and missed by a greedy allocator that knows the rates."""
    from scipy import stats

    rates = np.array(world.rates, float)
    caught = missed = 0.0
    for _ in range(steps):
        sent = np.zeros(len(rates), int)
        for _ in range(world.units):
            next_found = stats.poisson.sf(sent, rates)
            best = int(np.argmax(next_found))
            caught += float(next_found[best])
            missed -= float(next_found[best])
            sent[best] += 1
        missed += float(rates.sum())
        rates = np.where(sent == 0, rates + world.growth, rates - world.growth * sent)
        rates = np.maximum(rates, 0.0)
    return caught, missed
