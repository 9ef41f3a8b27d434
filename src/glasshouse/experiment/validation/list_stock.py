"""A list with constant inflow and exit hazard: the stock it comes to, and its half-life."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from glasshouse.experiment.validation.comparison import Comparison
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import (
    DAYS_A_YEAR,
    MOST_ACTS_A_YEAR,
    Act,
    World,
    black_list,
    stock,
)
from glasshouse.law.validate import Strict, refusal

if TYPE_CHECKING:
    from glasshouse.engine.simulation import Simulation

SLOWEST, FASTEST = 0.1, 4.0
"""Exits a year that the engine is asked for: beyond, trying once a month is no longer a hazard, and
below, a list fills for a lifetime. A faster or slower hazard runs by another clock."""

MOST_YEARS = 60
LEAST_STOCK = 50
DRIVERS = 0.15
"""At least this share of the world drives."""


class Parameters(Strict):
    """How fast a list is entered and left."""

    exit_hazard_per_year: Annotated[float, Field(ge=1e-4, le=1000)]
    inflow_per_year: Annotated[float, Field(gt=0, le=1000)]
    """Acts a year of each exposed person that list whoever is not listed yet."""
    people: Annotated[int, Field(ge=1000, le=1_000_000)] = 32_768

    @model_validator(mode="after")
    def _can_be_run(self) -> Parameters:
        if self.inflow > MOST_ACTS_A_YEAR:
            most = MOST_ACTS_A_YEAR * self.clock
            raise refusal(f"an inflow of {self.inflow_per_year:g} a year", f"at most {most:.4g}")
        stock = self.people * DRIVERS * self.inflow / (self.inflow + self.hazard)
        if stock < LEAST_STOCK:
            right = "a faster inflow, a slower exit or more people"
            raise refusal(f"a stock of about {stock:.2g} listings says nothing", right)
        return self

    @property
    def clock(self) -> float:
        """How many years of the engine stand for one year of the claim."""
        asked = self.exit_hazard_per_year
        return 1.0 if SLOWEST <= asked <= FASTEST else asked

    @property
    def hazard(self) -> float:
        """Exits a year of the engine."""
        return self.exit_hazard_per_year / self.clock

    @property
    def inflow(self) -> float:
        """Acts a year of the engine."""
        return self.inflow_per_year / self.clock

    @property
    def said(self) -> str:
        """The clock in words, where it is not the engine's own."""
        if self.clock == 1:
            return ""
        return f"; {self.clock:g} years of the engine stand for one"


def debtors(name: str, *acts: str) -> dict[str, Any]:
    """Give a list that only performance ends."""
    return black_list(
        name, *acts, list="debtors", title="Debtors", term={"until": "performed"},
        performance={"deletes": True},
    )  # fmt: skip


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare the stock with inflow / hazard, and the half-life with ln 2 / hazard."""
    yield from stock_comparisons(given, seeds, workshop)
    yield half_life(given, seeds, workshop)


def stock_comparisons(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare the stock with what its inflow leaves by the hazard, step by step and at last.

    The first: each listing of a month is still there at the end with probability exp(-h t), so the
    stock is a sum of independent draws given the inflow. The second: the mean stock of the latter
    half over inflow / h, less what the list has not filled by then, which the same sum gives.
    """
    hazard = given.hazard
    years = min(max(6, math.ceil(10 / hazard)), MOST_YEARS)
    acts = [Act("debt", given.inflow, 1.0, who="driver")]
    sets = {"process.perform_per_year": hazard}
    last = expected = variance = slack = 0.0
    mean = long_run = filled = 0.0
    for seed in seeds:
        world = World(acts, [debtors("debtors", "debt")], sets, given.people, years, seed)
        found = workshop.finished(world.experiment(workshop.empty()))
        inflow, ends, months = by_month(found)
        left = remaining(hazard, ends, months)
        last += stock(found)[-1]
        expected += float(inflow @ left[-1])
        variance += float(inflow @ (left[-1] * (1 - left[-1])))
        slack += float(
            inflow @ np.abs(remaining(hazard, ends, months, monthly=True)[-1] - left[-1])
        )
        half = len(inflow) // 2
        rate = inflow[half:].sum() / months[half:].sum()
        filled += float((left @ inflow)[half:].mean())
        mean += float(np.mean(stock(found)[half:]))
        long_run += rate / hazard
        window = float(months[half:].sum())
    yield Comparison(
        "stock at the end, given the inflow of every month", last, expected, variance**0.5,
        slack=slack, words=f"after {years} years{given.said}",
    )  # fmt: skip
    # A stock fed at random is Poisson, with correlation time 1 / h; of its mean over a window:
    reach = hazard * window
    spread = 2 * filled / reach * (1 - (1 - math.exp(-reach)) / reach)
    yield Comparison(
        "mean stock of the latter half, of inflow / hazard", mean, filled, spread**0.5,
        slack=slack,
        words=f"inflow / hazard is {long_run:,.1f}, filled to {filled / long_run:.2%}{given.said}",
    )  # fmt: skip


def by_month(found: Simulation) -> tuple[Any, Any, Any]:
    """Give the listings of every step, the years to the end of each, and its length in years."""
    inflow = np.array([record.counts.listed[1].sum() for record in found.history], float)
    ends = np.array([record.when.end_day for record in found.history]) / DAYS_A_YEAR
    months = np.diff(ends, prepend=0.0)
    return inflow, ends, months


def remaining(hazard: float, ends: Any, months: Any, *, monthly: bool = False) -> Any:
    """Give the share of each month's entries still listed at the end of each step: [step, month].

    Entries come evenly over their month. With ``monthly``, as the engine has it: one try a month,
    on a day spread evenly, so that the first month leaves a little more.
    """
    within = -np.expm1(-hazard * months) / (hazard * months)
    if monthly:
        within = 1 + np.expm1(-hazard * months) / 2
    later = np.exp(-hazard * np.maximum(ends[:, None] - ends[None, :], 0.0))
    return np.where(ends[:, None] >= ends[None, :], later * within[None, :], 0.0)


def half_life(given: Parameters, seeds: Seeds, workshop: Workshop) -> Comparison:
    """Compare the time after which half of a closed group is off with ln 2 / hazard.

    Whoever stood on the list at the end of January is followed; nobody comes after. Between the
    ends of months the stock is taken to fall by its hazard, which is exact in the mean.
    """
    hazard = given.hazard
    half = math.log(2) / hazard
    acts = [Act("debt", 2.0, 1.0), Act("never", 0.001, 0.0)]
    rules = [
        {**debtors("first", "debt"), "until": "2020-02-01"},
        {**debtors("later", "never"), "from": "2020-02-01"},
    ]
    sets = {"process.perform_per_year": hazard}
    counts: Any = 0
    for seed in seeds:
        world = World(acts, rules, sets, given.people, math.ceil(1.3 * half + 1), seed)
        found = workshop.finished(world.experiment(workshop.empty()))
        counts = counts + np.array(stock(found))
    _, ends, _ = by_month(found)
    after = int(np.argmax(counts < counts[0] / 2))
    low, high = np.log(counts[after - 1 : after + 1] / (counts[0] / 2))
    part = low / (low - high)
    value = ends[after - 1] + part * (ends[after] - ends[after - 1]) - ends[0]
    error = 1 / (hazard * math.sqrt(counts[0]))
    return Comparison(
        "half-life of a closed group, years", float(value) / given.clock, half / given.clock,
        error / given.clock, words=f"{int(counts[0]):,} listings followed{given.said}",
    )  # fmt: skip


RUNNER = Runner("list_stock", Parameters, run, "the engine")
