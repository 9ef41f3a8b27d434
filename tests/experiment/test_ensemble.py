"""Ensembles: means, errors and variances against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.experiment.conftest import TINY, Remembering, swept

from glasshouse.errors import BadInput
from glasshouse.experiment.design import numbered
from glasshouse.experiment.ensemble import (
    ensemble,
    ensemble_of,
    means_of,
    pairs_of,
    spread_of,
)
from glasshouse.experiment.sweep import Name
from glasshouse.metrics.ranges import within

TOLD, LESS = Name("told", "share"), Name("less", "share")
NAN = math.nan


def cube(*rows: tuple[float, ...]) -> np.ndarray:
    """Give values of one point [point, society, seed], a row a society."""
    return np.array([rows])


def test_the_mean_and_its_error_are_those_of_the_seeds() -> None:
    """1, 2, 3, 6: mean 3, variance 14/3, error sqrt(14/12), t(0.975; 3) = 3.182446."""
    (mean,) = means_of(TOLD, cube((1.0, 2.0, 3.0, 6.0)))
    assert mean.mean == 3.0
    assert mean.error == pytest.approx(math.sqrt(14 / 12))
    assert mean.high - mean.mean == pytest.approx(3.182446305284263 * math.sqrt(14 / 12))
    assert mean.mean - mean.low == pytest.approx(mean.high - mean.mean)
    assert (mean.seeds, mean.why) == (4, "")


def test_an_interval_of_a_share_does_not_leave_it() -> None:
    """0, 0 and 0.3 as shares: the lower end is 0, the upper is what it is."""
    (free,) = means_of(TOLD, cube((0.0, 0.0, 0.3)))
    (share,) = means_of(TOLD, cube((0.0, 0.0, 0.3)), within=(0.0, 1.0))
    assert free.low < 0.0
    assert (share.low, share.high) == (0.0, free.high)
    (alone,) = means_of(TOLD, cube((0.3,)), within=(0.0, 1.0))
    assert math.isnan(alone.low)


def test_what_compares_with_a_twin_may_fall_below_nothing() -> None:
    """Conduct may fall: the range of such a share has no ends, and that of days has one."""
    fell = np.array([[[-0.02, -0.01]]])
    assert within("conduct_change", fell) == within("means_lost", fell) == (-np.inf, np.inf)
    assert within("listed_share", np.array([[[0.1]]])) == (0, 1)
    assert within("wrongful_person_days", np.array([[[3.0]]])) == (0, np.inf)
    ends = within("conduct_change", fell)
    one = next(means_of(Name("arm", "conduct_change"), fell, within=ends))
    assert one.low < one.mean < one.high


def test_two_shares_differ_by_one_at_most() -> None:
    """Few seeds far apart: the interval of a difference of shares ends at -1 and at 1."""
    told = {
        Name("a", "listed_share"): cube((0.1, 0.9)),
        Name("b", "listed_share"): cube((0.9, 0.2)),
    }
    found = next(iter(pairs_of(told, None)))
    assert (found.low, found.high) == (-1, 1)


def test_last_bits_are_no_variance() -> None:
    """Values that differ by rounding alone have no spread."""
    values = np.full((2, 1, 2), 0.1)
    values[1] = 0.1 + 1e-17
    values[0, 0, 0] = np.nextafter(0.1, 1)
    found = spread_of(Name("arm", "x"), values)
    assert (found.between_points, found.between_seeds, found.together) == (0, 0, 0)


def test_one_seed_has_no_error_and_says_so() -> None:
    """Its value is the mean; what is not known is nan, with the reason."""
    (mean,) = means_of(TOLD, cube((0.25,)))
    assert mean.mean == 0.25
    assert math.isnan(mean.error)
    assert math.isnan(mean.low)
    assert mean.why == "one seed alone: no interval over seeds"


def test_seeds_without_a_value_are_counted_not_guessed() -> None:
    """The mean is over those that have one, and the reason why the others have none is told."""
    (mean,) = means_of(TOLD, cube((0.2, NAN, 0.4)), "nobody was listed")
    assert mean.mean == pytest.approx(0.3)
    assert mean.seeds == 2
    assert mean.why == "not known in 1 of 3 runs: nobody was listed"
    (none,) = means_of(TOLD, cube((NAN, NAN)))
    assert math.isnan(none.mean)
    assert none.seeds == 0


def test_the_error_is_within_societies() -> None:
    """Two societies far apart, seeds close together: the error is that of the seeds.

    Variances 2 and 8 with one degree of freedom each, pooled 5, over 4 values: sqrt(5/4).
    """
    (mean,) = means_of(TOLD, cube((0.0, 2.0), (100.0, 104.0)))
    assert mean.mean == 51.5
    assert mean.error == pytest.approx(math.sqrt(5 / 4))


def test_arms_are_compared_seed_by_seed() -> None:
    """Two arms that chance moves together: 1, 2, 3 against 2, 3, 5.

    Differences 1, 1, 2 have the variance 1/3; the arms have 1 and 7/3: ten times are saved.
    """
    values = {TOLD: cube((1.0, 2.0, 3.0)), LESS: cube((2.0, 3.0, 5.0))}
    (pair,) = pairs_of(values, None)
    assert (pair.arm, pair.against) == ("less", "told")
    assert pair.difference == pytest.approx(4 / 3)
    assert pair.error == pytest.approx(math.sqrt(1 / 9))
    assert pair.variance_saved == pytest.approx((1 + 7 / 3) / (1 / 3))
    (turned,) = pairs_of(values, "less")
    assert turned.arm == "told"
    assert turned.difference == pytest.approx(-4 / 3)


def test_pairing_may_save_everything_or_cost() -> None:
    """A constant difference has no variance left; arms that move against each other pay for it."""
    (all_of_it,) = pairs_of({TOLD: cube((1.0, 2.0)), LESS: cube((2.0, 3.0))}, None)
    assert all_of_it.variance_saved == math.inf
    (cost,) = pairs_of({TOLD: cube((1.0, 2.0)), LESS: cube((2.0, 1.0))}, None)
    assert cost.variance_saved == pytest.approx(0.5)
    (nothing,) = pairs_of({TOLD: cube((1.0, 1.0)), LESS: cube((2.0, 2.0))}, None)
    assert math.isnan(nothing.variance_saved)


def test_a_seed_that_one_arm_lacks_is_left_out_of_both() -> None:
    """A difference needs both sides, and so does the variance that it is compared with."""
    values = {TOLD: cube((1.0, 2.0, 3.0, 50.0)), LESS: cube((2.0, 3.0, 5.0, NAN))}
    (pair,) = pairs_of(values, None)
    assert pair.seeds == 3
    assert pair.variance_saved == pytest.approx(10.0)


def test_metrics_are_compared_with_themselves_alone() -> None:
    """Another metric, part or group of the other arm is no rival."""
    values = {TOLD: cube((1.0, 2.0)), LESS._replace(part="not theirs"): cube((1.0, 2.0))}
    assert list(pairs_of(values, None)) == []


def test_variance_goes_to_what_it_comes_with() -> None:
    """Effects that simply add up are found apart: 0 and 10 by point, 0 and 4 by seed.

    Between points 50 (the variance of 0 and 10), between seeds 8, and nothing is left.
    """
    values = np.array([[[0.0, 4.0]], [[10.0, 14.0]]])
    spread = spread_of(TOLD, values)
    assert spread.between_points == pytest.approx(50.0)
    assert spread.between_seeds == pytest.approx(8.0)
    assert math.isnan(spread.between_societies)
    assert spread.together == pytest.approx(0.0)


def test_the_components_are_those_of_a_textbook_table() -> None:
    """Three points by two seeds with a residual: mean squares 9 (points), 6 (seeds), 1 (left).

    Values a + b + e with a = -3, 0, 3 in halves of it; (9 - 1) / 2 = 4 and (6 - 1) / 3 = 5/3.
    """
    points = np.array([-1.0, 0.0, 1.0]) * math.sqrt(9 / 2)
    seeds = np.array([-1.0, 1.0]) * 1.0
    left = np.array([[1.0, -1.0], [-2.0, 2.0], [1.0, -1.0]]) * math.sqrt(2 / 12)
    values = (points[:, None] + seeds[None] + left)[:, None, :]
    spread = spread_of(TOLD, values)
    assert spread.together == pytest.approx(1.0)
    assert spread.between_points == pytest.approx((9 - 1) / 2)
    assert spread.between_seeds == pytest.approx((6 - 1) / 3)
    assert spread.points == 3


def test_variance_components_are_right_on_average() -> None:
    """Over 4,000 made tables the components average to 4, 1 and 0.25 within six standard errors."""
    rng = np.random.default_rng(5)
    found = []
    for _ in range(4000):
        points = rng.normal(0, 2.0, (5, 1))
        values = points + rng.normal(0, 1.0, (1, 4)) + rng.normal(0, 0.5, (5, 4))
        spread = spread_of(TOLD, values[:, None, :])
        found.append((spread.between_points, spread.between_seeds, spread.together))
    means, errors = np.mean(found, axis=0), np.std(found, axis=0) / math.sqrt(len(found))
    for mean, error, truth in zip(means, errors, (4.0, 1.0, 0.25), strict=True):
        # A component is at least 0, which lifts the mean by next to nothing here.
        assert abs(mean - truth) < 6 * error + 0.005


def test_a_point_that_lacks_a_value_is_left_out_of_the_split() -> None:
    """How many points stand behind a split is said."""
    values = np.array([[[0.0, 4.0]], [[10.0, 14.0]], [[NAN, 3.0]]])
    assert spread_of(TOLD, values).points == 2
    assert math.isnan(spread_of(TOLD, values[2:]).between_seeds)


def test_intervals_hold_the_mean_as_often_as_they_say() -> None:
    """Of 20,000 ensembles of five seeds 95 % hold the mean, within six standard errors."""
    rng = np.random.default_rng(11)
    many = 20_000
    held = sum(
        mean.low <= 1.0 <= mean.high for mean in means_of(TOLD, rng.normal(1.0, 0.3, (many, 1, 5)))
    )
    assert abs(held / many - 0.95) < 6 * math.sqrt(0.95 * 0.05 / many)


def test_an_ensemble_is_the_sweep_of_one_point() -> None:
    """Seeds 1 and 2 of the scenario, one mean an arm, and no pair where one arm is scored."""
    found = ensemble(
        "pellucid", seeds=2, metrics=["wrongful_listing_share"], executor=Remembering(),
        device="python", **TINY,
    )  # fmt: skip
    assert numbered(2) == found.sweep.design.seeds == (1, 2)
    assert {mean.arm for mean in found.means} == {"scored"}
    again = ensemble_of(swept(kind="one", values=None))
    assert str(again.means) == str(found.means)  # nan is nan


def test_an_arm_to_compare_with_must_be_there() -> None:
    """Before anything runs."""
    with pytest.raises(BadInput, match="did you mean `scored`"):
        ensemble("pellucid", against="scord", executor=Remembering(), device="python", **TINY)
