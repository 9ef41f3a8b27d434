"""A dog licence with points: one city's small scheme, from its rules to its published totals."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, model_validator

from glasshouse.experiment.validation.comparison import Comparison, poisson
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import Act, World, adult_years, black_list, rule
from glasshouse.law.validate import Strict, refusal

OFFENCE = "offence"
START = "2017-01"
MOST_PENALISED = 0.9
DRILL_A_YEAR = 2.0
"""Offences a year in the world in which the ladder is gone through."""


class Parameters(Strict):
    """The rules of the scheme and what was published of its first months."""

    points: Annotated[int, Field(ge=1, le=1000)]
    demerits: tuple[Annotated[int, Field(ge=1, le=1000)], ...] = Field(min_length=1, max_length=4)
    """For a first, a second, a third offence, and so on."""
    within_days: Annotated[int, Field(ge=1, le=3650)]
    owners: Annotated[int, Field(ge=1000, le=100_000_000)]
    months: Annotated[int, Field(ge=1, le=120)]
    penalised: Annotated[int, Field(ge=1)]
    """Owners penalised in these months: the figure that the rate of offences is set to."""
    all_points_lost: Annotated[int, Field(ge=0)]
    """Of them, owners who lost all points: what is predicted."""
    people: Annotated[int, Field(ge=1000, le=2_000_000)] = 131_072

    @model_validator(mode="after")
    def _can_be_so_many(self) -> Parameters:
        if self.penalised > MOST_PENALISED * self.owners:
            right = f"at most {MOST_PENALISED:.0%} of the owners"
            raise refusal(f"{self.penalised:,} penalised of {self.owners:,} owners", right)
        if max(self.demerits) > self.points:
            what = f"a demerit of {max(self.demerits)} where a licence has {self.points} points"
            raise refusal(what, "demerits that a full licence can lose")
        if self.all_points_lost > self.penalised:
            raise refusal("more lost all points than were penalised", "at most as many")
        return self

    @property
    def per_year(self) -> float:
        """Offences an owner and year at which so many have at least one in these months."""
        return -math.log1p(-self.penalised / self.owners) * 12 / self.months

    def left(self, offences: int) -> int:
        """The points left after so many offences close together."""
        rungs = [*self.demerits[:offences]]
        rungs += [self.demerits[-1]] * (offences - len(rungs))
        return max(self.points - sum(rungs), 0)

    @property
    def fatal(self) -> int:
        """How many offences take all points."""
        return next((n for n in range(1, 1001) if self.left(n) == 0), 1000)


def scheme(given: Parameters) -> list[dict[str, Any]]:
    """Give the rules of the licence as provisions."""
    first, *more = given.demerits
    worth: dict[str, Any] = {"acts": [OFFENCE], "points": -first}
    if more:
        later = {"points": [-one for one in more], "within_days": given.within_days}
        worth["repeated"] = later
    return [
        {**rule("scale", "start", start=given.points, floor=0, cap=given.points),
         "from": "2017-01-01"},
        {**rule("points", "offences", **worth), "from": "2017-01-01"},
        {**black_list("taken", OFFENCE, term={"days": 1}), "from": "2017-01-01"},
    ]  # fmt: skip


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Go through the ladder, come to the published total, and predict what was not set."""
    yield ladder(given, seeds[0], workshop)
    yield from totals(given, seeds, workshop)


def ladder(given: Parameters, seed: int, workshop: Workshop) -> Comparison:
    """Compare the score of everybody after a few months of many offences with the rules."""
    months = 6
    world = World([Act(OFFENCE, DRILL_A_YEAR, 1.0)], scheme(given), {}, 4096, 1, seed,
                  start=START, entries_each=16)  # fmt: skip
    found = workshop.finished(world.experiment(workshop.empty()), months).world
    entries = found.outcome.entries[:, 1].ravel()
    scores = found.state.score_points[:, 1, 0].ravel()
    is_owner = found.rows.kind.ravel() == 1
    close = given.within_days >= 31 * months
    chosen = is_owner if close else is_owner & (entries <= 1)
    right = [given.left(int(n)) for n in entries[chosen]]
    alike = float((scores[chosen] == right).mean())
    words = ", ".join(f"{n}: {given.left(n)}" for n in range(given.fatal + 1))
    return Comparison("share whose points are as the ladder says", alike, 1.0, 0.0,
                      words=f"points left by offences: {words}")  # fmt: skip


def totals(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare owners penalised, which the rate is set to, and owners without points, which not.

    Every adult of a small world stands for an owner with one dog; all offend at the same rate and
    nobody is warned by a first penalty.
    """
    once = emptied = 0
    owners = 0.0
    for seed in seeds:
        world = World([Act(OFFENCE, given.per_year, 1.0)], scheme(given), {}, given.people,
                      -(-given.months // 12), seed, start=START)  # fmt: skip
        found = workshop.finished(world.experiment(workshop.empty()), given.months)
        entries = found.world.outcome.entries[:, 1]
        once += int((entries > 0).sum())
        emptied += int((entries >= given.fatal).sum())
        owners += adult_years(found) * 12 / given.months
    size = given.owners / owners
    mean = given.penalised / size
    yield scaled(poisson("", once, mean), "owners penalised (the rate is set to it)", size)
    chance = -given.per_year * given.months / 12
    below = sum(math.exp(chance) * (-chance) ** n / math.factorial(n) for n in range(given.fatal))
    yield Comparison(
        "owners who lost all points by offences alone", emptied * size,
        float(given.all_points_lost), max(math.sqrt(emptied), 1.0) * size,
        words=f"equal rates give {(1 - below) * given.owners:.2g}: those who lost all points are "
        "others than the unlucky, or lost them otherwise, as by a missed yearly check",
    )  # fmt: skip


def scaled(one: Comparison, what: str, size: float) -> Comparison:
    """Give a comparison of a run's count at the size of the city."""
    return one._replace(
        what=what, value=one.value * size, expected=one.expected * size, error=one.error * size
    )


RUNNER = Runner("dog_licence", Parameters, run, "the engine")
