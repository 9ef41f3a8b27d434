"""Attention among sites: who sends it where, what it finds, and how sites answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from glasshouse.stages.detection.fairness_is_not_static_2020 import (
    MOST_BELIEVED,
    Allocator,
    World,
    after_attention,
    at_least,
    estimated,
    greedily,
    poisson,
    scattered,
    simulated,
)

PAPER = World((8.0, 6.0, 4.0, 3.0, 1.5), 6, 0.05)


def drawn(seed: int, rows: int) -> Any:
    """Give luck that depends on the step alone."""
    return lambda step, many: np.random.default_rng([seed, step]).random((many, rows))


def test_a_site_grows_alone_and_shrinks_by_the_unit() -> None:
    """No unit: up by the growth; two units: down by twice the growth; never below zero."""
    found = after_attention(np.array([1.0, 1.0, 0.05]), np.array([0, 2, 1]), 0.1)
    assert np.allclose(found, [1.1, 0.8, 0.0])


def test_greedy_sends_each_unit_where_the_next_find_is_likeliest() -> None:
    """By hand for the paper's sites.

    P(at least 3) at rate 8 is above P(at least 1) at rate 4, that above P(at least 4) at rate 8;
    the two small sites get nothing.
    """
    assert greedily(np.array([PAPER.rates]), 6).tolist() == [[3, 2, 1, 0, 0]]
    assert greedily(np.zeros((1, 3)), 2).tolist() == [[2, 0, 0]]


def test_scattered_units_follow_the_weights() -> None:
    """A unit goes where its number falls among the shares; without weights all are alike."""
    places = np.array([[0.1], [0.74], [0.76], [0.99]])
    assert scattered(np.array([[3.0, 0.0, 1.0]]), places).tolist() == [[2, 0, 2]]
    assert scattered(np.array([[0.0, 0.0]]), places).tolist() == [[1, 3]]


@pytest.mark.parametrize("rate", [0.0, 1e-12, 0.3, 8.0, 95.0])
def test_poisson_is_the_inverse_of_its_law(rate: float) -> None:
    """The same counts as the textbook's inverse, at zero rate none."""
    chances = np.linspace(0.0005, 0.9995, 200)
    found = poisson(chances, np.full(200, rate))
    assert np.array_equal(found, stats.poisson.ppf(chances, rate))
    assert np.allclose(at_least(np.arange(4), rate), stats.poisson.sf(np.arange(4) - 1, rate))


def test_estimates_find_the_rate_behind_what_units_can_see() -> None:
    """The likelihood of censored counts has its top where a fine search finds it."""
    rng = np.random.default_rng(3)
    sent = rng.integers(0, 4, (400, 1, 1))
    found = np.minimum(rng.poisson(2.5, sent.shape), sent)
    (best,) = estimated(found, sent, np.ones((1, 1)))[0]
    seen, units = found.ravel(), sent.ravel()
    tries = np.linspace(0.5, 6, 2000)[:, None]
    full = stats.poisson.logsf(seen - 1, tries)
    likely = np.where(seen < units, stats.poisson.logpmf(seen, tries), full).sum(axis=1)
    assert abs(best - tries[likely.argmax(), 0]) < 0.01


def test_estimates_at_their_limits() -> None:
    """A site never looked at stays believed; one with a find a unit is believed to be full."""
    nothing, always = np.zeros((9, 1, 1), int), np.ones((9, 1, 1), int)
    assert estimated(nothing, nothing, np.full((1, 1), 7.0)).tolist() == [[7.0]]
    assert estimated(nothing, always, np.ones((1, 1)))[0, 0] < 1e-6
    assert 3 < estimated(always, always, np.ones((1, 1)))[0, 0] <= MOST_BELIEVED


def test_what_is_caught_and_missed_is_what_happened() -> None:
    """Units can find no more than there are units; with no growth the rest is the same for all."""
    world = PAPER._replace(growth=0.0)
    totals = [
        sum(simulated(world, Allocator(name), 40, 5, drawn(2, 5)))
        for name in ("uniform", "proportional", "greedy", "told")
    ]
    assert all(np.array_equal(one, totals[0]) for one in totals)
    assert (simulated(world, Allocator("told"), 40, 5, drawn(2, 5)).caught <= 240).all()
