"""Loans by a threshold: two scores by hand, and thresholds against a linear program."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.experiment.validation.lending_program import best_by_program
from glasshouse.stages.consequence.delayed_impact_2018 import (
    Change,
    Market,
    Policy,
    accepted,
    expected_change,
    from_the_top,
    mean_change,
)

PAPER = Change(75, -150, 300, 850, "mean")


def two_scores(of_b: float = 1.0, ratio: float = -4.0) -> Market:
    """Give two groups at scores 400 and 600, of whom .5 and .9 repay."""
    shares, repays = np.array([[0.6, 0.4], [0.2, 0.8]]), np.array([[0.5, 0.9], [0.5, 0.9]])
    return Market(np.array([400.0, 600.0]), shares, repays, np.array([1.0, of_b]), ratio)


def points(policy: Policy, market: Market) -> list[float]:
    """Give the mean points of both groups."""
    return [float(mean) for mean in mean_change(accepted(policy, market), market, PAPER)]


def test_two_scores_by_hand() -> None:
    """A loan at 600 brings .9 x 75 - .1 x 150 = 52.5 points, at 400 it costs 37.5.

    For profit only 600 is served: .9 - .4 > 0 > .5 - 2. With the same share, groups of one size
    stop where A moves on to 400; with B nine times A, going on to .8 earns .9 x .5 - .1 x 1.5.
    """
    assert points("profit", two_scores()) == pytest.approx([0.4 * 52.5, 0.8 * 52.5])
    assert points("parity", two_scores()) == pytest.approx([0.4 * 52.5, 0.4 * 52.5])
    assert points("parity", two_scores(9)) == pytest.approx([0.4 * 52.5 - 0.4 * 37.5, 42])


def test_equal_opportunity_by_hand() -> None:
    """Of A .66 repay, .36 at 600; of B .82 and .72: with B nine times A, both go to .72 / .82."""
    more_of_a = (0.72 / 0.82 - 0.36 / 0.66) * 0.66 / 0.5
    assert points("opportunity", two_scores(9)) == pytest.approx([21 - more_of_a * 37.5, 42])


def test_the_ends_of_the_scale_cut() -> None:
    """At 400 a default can cost 100 points only; the mean alone stays within the scale."""
    change = expected_change(two_scores(), PAPER._replace(cut="outcome"))
    assert change[0].tolist() == pytest.approx([0.5 * 75 - 0.5 * 100, 52.5])
    assert expected_change(two_scores(), PAPER)[0].tolist() == pytest.approx([-37.5, 52.5])


def test_from_the_top_at_its_limits() -> None:
    """Nothing, everything, and in part at the last; a score with nobody changes nothing."""
    weights = np.array([[0.5, 0.0, 0.5]])
    assert (from_the_top(weights, 0.0) * weights).sum() == 0
    assert (from_the_top(weights, 1.0) * weights).sum() == 1
    assert (from_the_top(weights, 0.6) * weights).tolist() == [[pytest.approx(0.1), 0.0, 0.5]]


def test_more_steps_come_to_the_exact_share() -> None:
    """Tried shares 0, 1/n .. 1 come as near to the best share as 1/n."""
    market = two_scores(9)
    exact = (accepted("parity", market) * market.shares).sum(axis=1)
    tried = (accepted("parity", market, 7) * market.shares).sum(axis=1)
    assert exact == pytest.approx([0.8, 0.8])
    assert abs(tried - exact).max() <= 1 / 7


cells = st.lists(st.integers(1, 50), min_size=4, max_size=4)


@settings(max_examples=40, deadline=None)
@given(
    a=cells, b=cells, repays=st.lists(st.integers(1, 999), min_size=4, max_size=4, unique=True),
    behind=st.integers(0, 300), of_b=st.integers(1, 20), ratio=st.integers(1, 12),
)  # fmt: skip
def test_thresholds_are_what_a_linear_program_finds(
    a: list[int], b: list[int], repays: list[int], behind: int, of_b: int, ratio: int
) -> None:
    """Where repayment rises with the score, the best parts are from the top, for any two groups."""
    shares = np.array([a, b], float)
    parts = np.sort(np.array(repays)) / 1000
    market = Market(
        np.array([310.0, 450.0, 600.0, 840.0]), shares / shares.sum(axis=1, keepdims=True),
        np.array([parts * (1 - behind / 1000), parts]), np.array([1.0, of_b]), -ratio - 0.0371,
    )  # fmt: skip
    size = market.people[:, None] / market.people.max()
    policies: tuple[Policy, ...] = ("profit", "parity", "opportunity")
    for policy in policies:
        lent = accepted(policy, market)
        earned = float((size * lent * market.shares * market.gain).sum())
        found, best = mean_change(lent, market, PAPER), best_by_program(policy, market, PAPER)
        # Two shares may bring the same profit; points have to agree where the best is one.
        nearby = [
            float((size * accepted(policy, market, n) * market.shares * market.gain).sum())
            for n in (40, 41)
        ]
        assert all(earned >= profit - 1e-9 for profit in nearby)
        if not np.allclose(found, best, atol=1e-6):
            assert abs(found - best).max() < 60
            assert min(abs(earned - profit) for profit in nearby) < 1e-3
