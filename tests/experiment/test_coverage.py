"""Intervals cover the truth as often as they say, in a world whose truth is known."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from scipy import stats
from tests.engine.conftest import FALSE_ALARM, Lab, compiled, lab  # noqa: F401 - fixtures

from glasshouse.experiment.study.cells import difference, over_seeds
from glasshouse.metrics.accuracy import wrongful_listing_share
from glasshouse.metrics.estimate import LEVEL, Estimate
from glasshouse.metrics.observed import LABELS, Observed
from glasshouse.metrics.ranges import within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from glasshouse.engine.plan.plan import Plan

TRIES = 200
"""How many intervals of each kind are tried."""

SEEDS = 4
"""Replicates of an ensemble."""

KINDS = 8
"""At least as many as there are comparisons here; together they may fail once in a million."""

OWN, FALSE = 0.3, 0.1
"""Acts and false reports a year. Whoever is listed first for a false report is wrongly listed."""

SEEN = {"seen": 1.0, "half-seen": 0.5}
"""What the arms see of the acts; a false report needs nobody to see anything."""

TRUTH = {arm: FALSE / (FALSE + OWN * seen) for arm, seen in SEEN.items()}
"""Two Poisson streams: the first of both is of this one with the share of its rate."""


class Found(NamedTuple):
    """The wrongful share of the listed by seed, with the interval of each single run."""

    single: dict[str, list[Estimate]]

    def values(self, arm: str) -> NDArray[np.float64]:
        """The shares of an arm, by ensemble and seed."""
        values = np.array([one.value for one in self.single[arm]])
        return values.reshape(TRIES, SEEDS)


@pytest.fixture(scope="module")
def found(lab: Lab) -> Found:  # noqa: F811 - a fixture
    """Run the world under every seed: a list that nobody leaves, for acts and for false reports."""
    act = lab.act("debt", per_year=OWN, false_per_year=FALSE, seen_by={"camera": 1.0})
    channel = ("detection.camera.covers_urban", "detection.camera.covers_rural")
    arms = {arm: (("book",), dict.fromkeys(channel, seen)) for arm, seen in SEEN.items()}
    books = {"book": [lab.register("debt", term={"days": 3000})]}
    plan = lab.plan([act], books, arms, people=1024, community_size=64)
    lab.finished(plan, lab.compiled)  # tables that all seeds share are made once
    single: dict[str, list[Estimate]] = {arm: [] for arm in SEEN}
    for seed in range(1, TRIES * SEEDS + 1):
        world = lab.finished(seeded(plan, seed), lab.compiled).world
        kind = world.rows.kind
        community = np.broadcast_to(np.arange(len(kind))[:, None], kind.shape)
        for place, arm in enumerate(SEEN, start=1):
            days = world.outcome.listed_days[:, place]
            rows = {f"listed_days_{label}": days[:, n].ravel() for n, label in enumerate(LABELS)}
            rows |= {"kind": kind.ravel(), "community": community.ravel()}
            given = wrongful_listing_share.of(Observed(arm, rows))
            single[arm].append(given if isinstance(given, Estimate) else given[""])
    return Found(single)


def seeded(plan: Plan, seed: int) -> Plan:
    """Give the same plan under another seed; what no seed moves is kept."""
    other = copy.copy(plan)
    scenario = plan.experiment.scenario.model_copy(update={"seed": seed})
    object.__setattr__(other, "experiment", replace(plan.experiment, scenario=scenario))
    return other


def hits(ends: Iterable[tuple[float, float]], truth: float) -> int:
    """Count the intervals that hold the truth."""
    return sum(low <= truth <= high for low, high in ends)


def is_stated_rate(covered: int, tries: int) -> bool:
    """Whether so many of so many are what intervals of 95 % can give by chance."""
    return bool(stats.binomtest(covered, tries, LEVEL).pvalue > FALSE_ALARM / KINDS)


def test_the_world_has_its_closed_form(found: Found) -> None:
    """The first of two Poisson streams is false with the share of its rate."""
    for arm, truth in TRUTH.items():
        values = found.values(arm).ravel()
        error = values.std(ddof=1) / len(values) ** 0.5
        reach = stats.norm.isf(FALSE_ALARM / KINDS / 2)
        assert abs(values.mean() - truth) < reach * error, (arm, values.mean(), truth, error)


@pytest.mark.parametrize("arm", SEEN)
def test_the_interval_of_a_single_run_covers_the_truth(found: Found, arm: str) -> None:
    """Over communities of one run: of 200 runs about 95 % hold the truth."""
    ends = [(one.low, one.high) for one in found.single[arm][:TRIES]]
    covered = hits(ends, TRUTH[arm])
    assert is_stated_rate(covered, TRIES), covered


@pytest.mark.parametrize("arm", SEEN)
def test_the_interval_of_an_ensemble_covers_the_truth(found: Found, arm: str) -> None:
    """Between the seeds of an ensemble of four: of 200 ensembles about 95 % hold the truth."""
    values = found.values(arm)
    bounds = within(wrongful_listing_share.name, values)
    made = [over_seeds(some, bounds) for some in values]
    covered = hits([(one.low, one.high) for one in made], TRUTH[arm])
    assert is_stated_rate(covered, TRIES), covered


def test_the_interval_of_a_paired_difference_covers_the_truth(found: Found) -> None:
    """The difference of two arms over the same luck: 95 % too, and narrower than unpaired."""
    one, other = (found.values(arm) for arm in SEEN)
    made = [difference(a, b) for a, b in zip(one, other, strict=True)]
    covered = hits([(each.low, each.high) for each in made], TRUTH["seen"] - TRUTH["half-seen"])
    assert is_stated_rate(covered, TRIES), covered
    assert np.median([each.variance_saved for each in made]) > 1


def test_intervals_of_half_the_width_would_be_found_out(found: Found) -> None:
    """The test has teeth: intervals that are half as wide as they should be fail it."""
    halves = [
        ((one.value + one.low) / 2, (one.value + one.high) / 2)
        for one in found.single["seen"][:TRIES]
    ]
    assert not is_stated_rate(hits(halves, TRUTH["seen"]), TRIES)
