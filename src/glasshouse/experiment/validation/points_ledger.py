"""A points ledger without feedback: start + rate x detection x points x time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from glasshouse.experiment.validation.comparison import Comparison, poisson
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import (
    BITS,
    DAYS_A_YEAR,
    LEAST_CHANCE,
    MOST_ACTS_A_YEAR,
    Act,
    World,
    adult_years,
    rule,
    total,
)
from glasshouse.law.rulebook import POINTS_LIMIT
from glasshouse.law.validate import Strict, refusal


class Parameters(Strict):
    """What everybody begins with, and an act: how often, how often seen, worth what."""

    start: Annotated[int, Field(ge=-POINTS_LIMIT, le=POINTS_LIMIT)]
    per_year: Annotated[float, Field(ge=0, le=MOST_ACTS_A_YEAR)]
    detection: Annotated[float, Field(ge=0, le=1)]
    points: Annotated[int, Field(ge=-POINTS_LIMIT, le=POINTS_LIMIT)]
    years: Annotated[int, Field(ge=1, le=30)]
    people: Annotated[int, Field(ge=1000, le=2_000_000)] = 32_768

    @model_validator(mode="after")
    def _stays_on_the_scale(self) -> Parameters:
        if 0 < self.detection < LEAST_CHANCE:
            right = f"0, or at least {LEAST_CHANCE:.2g}: the engine holds chances in 16 bits"
            raise refusal(f"a detection of {self.detection:g}", right)
        entries = self.per_year * self.detection * self.years
        far = abs(self.points) * (entries + 8 * entries**0.5 + (12 if entries else 0))
        if abs(self.start) + far > POINTS_LIMIT:
            right = f"a score that stays within {POINTS_LIMIT:,}: fewer points, acts or years"
            raise refusal(f"somebody's score may come to {abs(self.start) + far:,.0f}", right)
        return self


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare the mean score with the formula; adults alone act, children keep the start.

    The entries are Poisson, so the sum of scores is the start and points times a Poisson number.
    """
    acts = [Act("deed", given.per_year, given.detection)]
    rules = [
        rule("scale", "scale", start=given.start, floor=None, cap=None),
        rule("points", "worth", acts=["deed"], points=given.points),
    ]
    lived = 0.0
    points = scored = entries = 0
    for seed in seeds:
        world = World(acts, rules, {}, given.people, given.years, seed)
        found = workshop.finished(world.experiment(workshop.empty()))
        last = found.history[-1].counts
        points += int(last.score_sum[1].sum())
        scored += int(last.scored[1].sum())
        entries += total(found, "entries")
        lived += adult_years(found)
    mean = given.per_year * given.detection * lived
    rounding = given.per_year * lived * 2 * BITS * abs(given.points) / scored
    inside = poisson("", entries, mean)
    consistent = points == given.start * scored + given.points * entries
    yield inside._replace(
        what="mean score", value=points / scored,
        expected=given.start + given.points * mean / scored,
        error=abs(given.points) * inside.error / scored, slack=rounding,
        chance=inside.chance if consistent else 0.0,
        words=f"{lived / scored:.3f} adult years a person ({DAYS_A_YEAR} days each), "
        f"{entries:,} entries",
    )  # fmt: skip


RUNNER = Runner("points_ledger", Parameters, run, "the engine")
