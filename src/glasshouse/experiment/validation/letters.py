"""Letters about private schools: how many debtors pay within days at the lab's own pace."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from glasshouse.experiment.validation.comparison import Comparison
from glasshouse.experiment.validation.list_stock import debtors
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import Act, World, packaged, stock
from glasshouse.law.validate import Strict

FIRST = 31
"""Days of the month in which the debtors of the world are listed."""


class Parameters(Strict):
    """Who paid after a letter, and how many letters there may have been."""

    paid: Annotated[int, Field(ge=1)]
    within_days: Annotated[int, Field(ge=1, le=300)]
    letters: Annotated[int, Field(ge=1)]
    """Debtors who were written to: not published, so a guess."""
    people: Annotated[int, Field(ge=1000, le=1_000_000)] = 16_384


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare those who paid with those who perform anyhow in as many days, of as many debtors.

    The packaged hazard of performance; in the lab no bar makes anybody perform sooner.
    """
    hazard = float(packaged("process")["perform_per_year"]["value"])
    acts = [Act("debt", 2.0, 1.0), Act("never", 0.001, 0.0)]
    rules = [
        {**debtors("first", "debt"), "until": "2020-02-01"},
        {**debtors("later", "never"), "from": "2020-02-01"},
    ]
    counts: Any = [0, 0]
    for seed in seeds:
        world = World(acts, rules, {"process.perform_per_year": hazard}, given.people, 1, seed,
                      step="day")  # fmt: skip
        found = workshop.finished(world.experiment(workshop.empty()), FIRST + given.within_days)
        there = stock(found)
        counts = [counts[0] + there[FIRST - 1], counts[1] + there[-1]]
    off = 1 - counts[1] / counts[0]
    # Both the world's debtors and the few who were written to are chance.
    error = math.sqrt(off * (1 - off) * (1 / counts[0] + 1 / given.letters))
    yield Comparison(
        f"debtors who pay within {given.within_days} days, of {given.letters:,} written to",
        off * given.letters, float(given.paid), error * given.letters,
        words=f"at {hazard:g} a year {off:.2%} of debtors pay in that time anyhow; in the lab no "
        "bar makes anybody pay sooner, and how many letters were sent is a guess",
    )  # fmt: skip


RUNNER = Runner("letters", Parameters, run, "the engine")
