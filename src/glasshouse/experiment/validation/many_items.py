"""A rulebook of many small items, more that take than that give: what follows from their number."""

from __future__ import annotations

import math
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
    adult_years,
    count,
    held,
    rule,
)
from glasshouse.law.rulebook import POINTS_LIMIT
from glasshouse.law.validate import Strict, refusal

Items = Annotated[int, Field(ge=0, le=1000)]
Worth = Annotated[int, Field(ge=0, le=1000)]


class Parameters(Strict):
    """How many items give and take, and, as no text says so, what each is worth and how often."""

    plus_items: Items
    minus_items: Items
    plus_points: Worth
    minus_points: Worth
    per_item_year: Annotated[float, Field(gt=0, le=10)]
    """Acts a year of an adult under each item."""
    detection: Annotated[float, Field(ge=LEAST_CHANCE, le=1)]
    start: Annotated[int, Field(ge=-1000, le=1000)] = 1000
    years: Annotated[int, Field(ge=1, le=10)] = 1
    people: Annotated[int, Field(ge=1000, le=1_000_000)] = 32_768

    @model_validator(mode="after")
    def _fits(self) -> Parameters:
        items = self.plus_items + self.minus_items
        if items == 0:
            raise refusal("no item at all", "at least one item that gives or takes")
        rate = items * self.per_item_year
        if rate > MOST_ACTS_A_YEAR:
            right = f"at most {MOST_ACTS_A_YEAR:g}: fewer items, or fewer acts under each"
            raise refusal(f"{rate:g} acts a person and year", right)
        entries = rate * self.years
        most = max(self.plus_points, self.minus_points) * (entries + 8 * math.sqrt(entries) + 12)
        if abs(self.start) + most > POINTS_LIMIT:
            raise refusal(f"a score may come to {most:,.0f}", "fewer points, acts or years")
        return self


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare the share of entries that take, and the mean score, with what the numbers give."""
    plus = [f"plus-{n}" for n in range(1, given.plus_items + 1)]
    minus = [f"minus-{n}" for n in range(1, given.minus_items + 1)]
    acts = [Act(name, given.per_item_year, given.detection) for name in (*plus, *minus)]
    rules = [rule("scale", "scale", start=given.start, floor=None, cap=None)]
    rules += [rule("points", name, acts=[name], points=given.plus_points) for name in plus]
    rules += [rule("points", name, acts=[name], points=-given.minus_points) for name in minus]
    taking = entries = scored = points = 0
    lived = 0.0
    for seed in seeds:
        world = World(acts, rules, {}, given.people, given.years, seed)
        found = workshop.finished(world.experiment(workshop.empty()))
        by_act = count(found, "entries")[: len(acts)]
        taking += int(by_act[len(plus) :].sum())
        entries += int(by_act.sum())
        last = found.history[-1].counts
        points += int(last.score_sum[1].sum())
        scored += int(last.scored[1].sum())
        lived += adult_years(found)
    items = given.plus_items + given.minus_items
    yield share("share of entries that take points", taking, entries, given.minus_items / items)
    each = given.per_item_year * given.detection * lived / scored
    drift = given.plus_items * given.plus_points - given.minus_items * given.minus_points
    weight = given.plus_items * given.plus_points**2 + given.minus_items * given.minus_points**2
    yield Comparison(
        "mean score", points / scored, given.start + each * drift,
        math.sqrt(each * weight / scored),
        slack=each * abs(drift) * abs(held(given.detection) / given.detection - 1),
        words=f"{entries:,} entries; what an item is worth and how often it is done is not told",
    )  # fmt: skip


RUNNER = Runner("many_items", Parameters, run, "the engine")
