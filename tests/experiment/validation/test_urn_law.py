"""The law of the urn: recursion and closed forms agree, and the limits are the known ones."""

from __future__ import annotations

import math

import pytest

from glasshouse.experiment.validation.urn_law import (
    beta_limit,
    corrected_moments,
    decay_exponent,
    exact_law,
    share_of_limit_reached,
)
from glasshouse.stages.detection.runaway_feedback_2018 import Urn


@pytest.mark.parametrize(
    ("start", "mean", "variance"), [((1, 1), 0.5, 1 / 12), ((5, 1), 0.8333, 0.0198)]
)
def test_the_known_limits(start: tuple[float, float], mean: float, variance: float) -> None:
    """From 1/1 evenly between 0 and 1; from 5/1 mean .8333 and variance .0198."""
    found = beta_limit(Urn(start, (1, 1)))
    assert found == pytest.approx((mean, variance), abs=5e-5)


@pytest.mark.parametrize("balls", [0.5, 1, 3])
@pytest.mark.parametrize("start", [(1, 1), (5, 1), (0.3, 7.7)])
def test_equal_rates_are_on_their_way_to_beta(start: tuple[float, float], balls: float) -> None:
    """After n additions the mean is the start's, the variance n / (n + (a + b) / c) of all."""
    urn = Urn(start, (0.2, 0.2), balls)
    mean, variance = beta_limit(urn)
    for number, law in zip((1, 10, 60), exact_law(urn, (1, 10, 60)), strict=True):
        assert law.chances.sum() == pytest.approx(1)
        assert law.mean() == pytest.approx(mean)
        assert law.moment(2) == pytest.approx(variance * share_of_limit_reached(urn, number))


def test_from_one_each_every_share_is_as_likely() -> None:
    """From 1/1 and with one ball, all shares after n additions are equally likely."""
    (law,) = exact_law(Urn((1, 1), (5, 5)), (9,))
    assert law.chances == pytest.approx([0.1] * 10)


def test_the_correction_in_closed_form() -> None:
    """The recursion with the correction has the moments of draws at the true share."""
    urn = Urn((9, 1), (0.1, 0.4), 2, corrected=True)
    (law,) = exact_law(urn, (25,))
    assert (law.mean(), law.moment(2)) == pytest.approx(corrected_moments(urn, 25))


def test_two_additions_by_hand() -> None:
    """Rates 2 and 1 from 1/1: first 2/3; then 4/5 after a first, 1/2 after the other."""
    (law,) = exact_law(Urn((1, 1), (2, 1)), (2,))
    assert law.shares == pytest.approx([1 / 4, 2 / 4, 3 / 4])
    assert law.chances == pytest.approx([1 / 6, 2 / 15 + 1 / 6, 8 / 15])


def test_unequal_rates_run_away_by_a_power() -> None:
    """With rates far apart the lower share falls by the theory's power; only the ratio counts."""
    urn = Urn((1, 1), (1, 0.1))
    early, late = (1 - law.mean() for law in exact_law(urn, (1000, 2000)))
    assert math.log2(early / late) == pytest.approx(decay_exponent(urn), abs=0.02)
    (again,) = exact_law(Urn((1, 1), (50, 5)), (1000,))
    assert 1 - again.mean() == pytest.approx(early)


def test_errors_are_those_of_independent_replicates() -> None:
    """For an even law on 0..1 the variance's error is that of the textbook: m4 = 1/80."""
    (law,) = exact_law(Urn((1, 1), (1, 1)), (4000,))
    assert law.error_of_mean(100) == pytest.approx(math.sqrt(1 / 1200), rel=1e-2)
    expected = math.sqrt((1 / 80 - 97 / 99 / 144) / 100)
    assert law.error_of_variance(100) == pytest.approx(expected, rel=1e-2)
