"""The base rate: what a positive finding is worth where few are guilty, by the run's own listings.

Everybody does things that are looked into, few of them guilty. A list takes whom the look finds
guilty; how many of the listed are so rightly is read from the metric of wrongful listing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from glasshouse.experiment.validation.comparison import Comparison, share
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import (
    LEAST_CHANCE,
    MOST_ACTS_A_YEAR,
    Act,
    World,
    black_list,
    held,
    seen_by,
)
from glasshouse.law.validate import Strict, refusal
from glasshouse.metrics.accuracy import wrongful_listing_share
from glasshouse.metrics.estimate import Estimate
from glasshouse.metrics.observed import Observed

Share = Annotated[float, Field(ge=0, le=1)]

FIRST_LOOK = 0.05
"""Where less than 16 bits hold is to be found guilty, so many come to a second look."""


class Parameters(Strict):
    """How many are guilty, how many of them are found, how many of the innocent are not."""

    prevalence: Share
    sensitivity: Share
    specificity: Share
    people: Annotated[int, Field(ge=1000, le=2_000_000)] = 131_072
    looks_per_year: Annotated[float, Field(ge=0.1, le=MOST_ACTS_A_YEAR)] = 4.0
    """How often an adult does what is looked into."""

    @model_validator(mode="after")
    def _finds_somebody(self) -> Parameters:
        if 0 < self.sensitivity < LEAST_CHANCE:
            right = f"0, or at least {LEAST_CHANCE:.2g}: the engine holds chances in 16 bits"
            raise refusal(f"a sensitivity of {self.sensitivity:g}", right)
        if self.flagged() == 0:
            right = "a sensitivity above 0 and guilty people, or a specificity below 1 and innocent"
            raise refusal("nobody is ever found guilty", right)
        return self

    def flagged(self) -> float:
        """The share of looks that find somebody guilty."""
        falsely = (1 - self.prevalence) * (1 - self.specificity)
        return self.prevalence * self.sensitivity + falsely

    def worth(self, sensitivity: float, falsely: float) -> float:
        """The share of those found guilty who are; nan where nobody is."""
        rightly = self.prevalence * sensitivity
        found = rightly + (1 - self.prevalence) * falsely
        return rightly / found if found > 0 else float("nan")


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare the share of the listed who are listed rightly with Bayes's formula.

    A listing outlasts the run, so that everybody is listed once at most and whether rightly is an
    independent draw.
    """
    falsely = 1 - given.specificity
    # The ability test of the list serves as the second look; its chances have 32 bits.
    twice = 0 < falsely < LEAST_CHANCE
    acts = [
        Act("guilty", given.looks_per_year * given.prevalence, given.sensitivity),
        Act("innocent", given.looks_per_year * (1 - given.prevalence),
            FIRST_LOOK if twice else falsely, culpable=False, debt=True),
    ]  # fmt: skip
    second = falsely / FIRST_LOOK if twice else 1.0
    rules = [black_list("found", *(a.name for a in acts), ability_test=True, term={"days": 36_525})]
    rightly = everybody = 0
    for seed in seeds:
        world = World(acts, rules, {"process.ability_sensitivity": second}, given.people, 1, seed)
        seen = seen_by(workshop.finished(world.experiment(workshop.empty())))
        listed = int((seen.listed_days() > 0).sum())
        everybody += listed
        rightly += listed - round(wrongly_listed(seen) * listed) if listed else 0
    expected = given.worth(given.sensitivity, falsely)
    inside = given.worth(held(given.sensitivity), held(acts[1].seen) * second)
    yield share(
        "share of the listed who are listed rightly", rightly, everybody, expected,
        slack=abs(inside - expected),
    )  # fmt: skip


def wrongly_listed(seen: Observed) -> float:
    """Give the share of the listed who are listed wrongly, as the metric A1 has it."""
    found = wrongful_listing_share.of(seen)
    return found.value if isinstance(found, Estimate) else found[""].value


RUNNER = Runner("base_rate", Parameters, run, "the engine, by the metric A1")
