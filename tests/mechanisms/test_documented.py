"""Rulebooks as documented: what the law of places and lists says, run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.engine.plan.plan import make_plan
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

DOG_ACTS = ("dog_off_leash", "dog_waste", "dog_noise", "dog_licence_lapsed")

PENALISED, YEARS, ADULTS = 1_430, 20 / 12, 5_800_000
"""Owners penalised from January 2017 to August 2018; the city's adults are of that order."""

LICENCES = """
scenario: licences
title: t
question: q
society: china-2020
people: 131072
start: 2017-01
years: 2
step: month
seed: 3
community_size: 2048
arms:
  - {arm: nothing, rulebooks: []}
  - {arm: licence, rulebooks: [{rulebook: jinan-dog-licence-2017}]}
"""


def test_m49_a_third_offence_takes_the_dog(lab: Lab, twins: type[Twins]) -> None:
    """M49: offences take 3, 6 and 12 of a licence's 12 points; the third bars the household."""
    acts = [lab.act("leash", per_year=0.5), lab.act("noise", per_year=0.5)]
    licence = [
        lab.scale(12, 0, 12),
        lab.points("leash", "noise", points=-3, repeated={"points": [-6, -12], "within_days": 730}),
        lab.register(
            grounds=[{"id": "third", "acts": ["leash", "noise"], "count": 3, "within_days": 730}],
            term={"until": "performed"},
            performance={"deletes": True},
            measures=[{"counter": "counter0", "reaches": "household"}],
        ),
    ]
    run = lab.run(
        acts,
        {"licence": licence},
        {"off": ((), {}), "on": (("licence",), {})},
        sets={"counters.counter0.attempts_per_year": 6},
        people=16_384,
        community_size=512,
        years=2,
    )
    both = twins(run)
    entries, listed = both.read("entries", "on"), both.read("listings", "on") > 0
    people = run.world.rows.kind == 1
    left = np.array([12, 9, 3, 0])[np.minimum(entries, 3)]
    assert (both.read("score_points", "on")[:, 0] == left)[people].all()
    assert np.array_equal(listed, entries >= 3)
    assert listed.sum() > 100
    refused = both.read("refusals", "on") > 0
    assert (refused & ~listed).sum() > 100
    both.assert_rises("refusals")
    assert both.read("refusals", "off").sum() == 0
    both.assert_same("acts_culpable")


def test_m49_owners_are_penalised_as_rarely_as_reported(lab: Lab, tmp_path: Path) -> None:
    """M49: a run penalises owners at the order of the published rate: a few in 10,000 adults."""
    path = tmp_path / "licences.yaml"
    path.write_text(LICENCES, encoding="utf-8")
    run = lab.finished(make_plan(Library().resolve(path)), lab.compiled)
    names = run.plan.names.acts
    entries = lab.count(run, "entries").reshape(-1, len(names)).sum(axis=0)
    penalised = int(sum(entries[names.index(act)] for act in DOG_ACTS))
    published = PENALISED / YEARS / ADULTS * lab.adult_days(run) / 365.25
    assert published / 4 < penalised < published * 4, (penalised, published)


def test_the_city_schemes_run_and_close_nothing(lab: Lab) -> None:
    """As documented, the point schemes of cities list hardly anybody and open small doors."""
    plan = make_plan(Library().resolve("documented-cities", {"people": "4096", "years": "1"}))
    run = lab.finished(plan, lab.compiled)
    acts = run.world.outcome.acts_culpable.astype(np.int64)
    for number, arm in enumerate(run.plan.names.arms):
        outcome = run.world.outcome
        assert outcome.refusals[:, number].sum() == 0, arm
        assert (acts[:, number] <= acts[:, 0]).mean() > 0.99, arm
        if arm in ("suining", "qianjiang", "egret", "shanghai"):
            assert outcome.privileges[:, number].sum() > 0, arm
