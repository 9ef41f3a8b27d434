"""Published totals of the court's list: refusals by ticket, names by entry, neither is people."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import Field

from glasshouse.errors import BadInput, Problem
from glasshouse.experiment.validation.comparison import Comparison
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import DAYS_A_YEAR, count
from glasshouse.law.intake import Intake, label
from glasshouse.law.library import Library
from glasshouse.law.load import read_document
from glasshouse.law.published import take_published
from glasshouse.law.validate import Strict

if TYPE_CHECKING:
    from glasshouse.engine.simulation import Simulation

NAMES = "court list: names so far"
Figures = dict[tuple[str, str], float]


class Parameters(Strict):
    """Which file of figures, which scenario and arm, and between which dates."""

    figures: str | None = None
    """A file of published figures beside the row's file; without it, those of the house."""
    scenario: str = "compare"
    arm: str = "as-documented"
    window: str = "2014-08-03"
    """The date of the figures that count refusals and the people behind them."""
    year: tuple[str, str] = ("2017-02-14", "2017-12-31")
    """Two dates between which what was added is taken for a year."""
    list_of_conduct: str = "2018-06-01"
    """The date of the first list of misconduct in the air, names of one month."""
    people: Annotated[int, Field(ge=5000, le=2_000_000)] = 50_000
    years: Annotated[int, Field(ge=1, le=20)] = 3


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare refusals a person, refusals a listed person and year, and the share by air.

    Refusals and time on lists are added up over seeds; how uneven they are between communities
    says how far chance moves a ratio of the two.
    """
    beside = workshop.row or Path()
    figures = read_figures(None if given.figures is None else beside / given.figures)
    runs = [one_run(given, seed, workshop) for seed in seeds]
    parts = [parts_of(given, found) for found in runs]
    flights, rails, tried, days = (sum(np.asarray(p[n]).sum() for p in parts) for n in range(4))
    yield each_refused(given, figures, flights, tried, runs)
    for what, total, column in (("air", flights, 0), ("rail", rails, 1)):
        together = np.concatenate([np.stack([p[column], p[3]]) for p in parts], axis=1)
        error = ratio_error(together)
        published = added(given, figures, f"refused by {what} so far")
        yield Comparison(
            f"refusals by {what} a listed person and year", total / days * DAYS_A_YEAR,
            published, error * DAYS_A_YEAR,
            words="refusals are tickets; how often the listed come to a counter was set to the "
            "order of these very totals",
        )  # fmt: skip
    last = given.year[1]
    air, rail = (value(figures, last, f"refused by {by} so far") for by in ("air", "rail"))
    share = flights / (flights + rails)
    yield Comparison(
        "share by air of refusals by air and rail", share, air / (air + rail),
        math.sqrt(share * (1 - share) / max(tried, 1)),
    )  # fmt: skip
    yield names_in_a_month(given, figures, runs[0])


def one_run(given: Parameters, seed: int, workshop: Workshop) -> Simulation:
    """Run the scenario at the size asked for."""
    sets = {"people": str(given.people), "years": str(given.years), "seed": str(seed)}
    found = workshop.finished(Library().resolve(given.scenario, sets))
    if given.arm not in found.plan.names.arms:
        what = f"the scenario {given.scenario} has no arm `{given.arm[:60]}`"
        raise BadInput([Problem(given.scenario, 0, 0, "arm", what)])
    return found


def parts_of(given: Parameters, found: Simulation) -> tuple[Any, Any, int, Any]:
    """Give refusals by air and rail and days on lists by community, and first attempts by air."""
    arm = found.plan.names.arms.index(given.arm)
    counters = list(found.plan.names.counters)
    days = found.world.outcome.listed_days[:, arm].astype(np.int64).sum(axis=(1, 2))
    refused = count(found, "refusals", arm)
    flight, rail = (int(refused[counters.index(name)]) for name in ("flight", "fast_rail"))
    all_refused = found.world.outcome.refusals[:, arm].astype(np.int64)
    by_community = all_refused.reshape(len(days), -1).sum(axis=1)
    shares = by_community / max(by_community.sum(), 1)
    tries = int(count(found, "attempts", arm)[counters.index("flight")])
    # Refusals by counter are kept by province; between communities they lie as all refusals do.
    return flight * shares, rail * shares, tries, days


def each_refused(
    given: Parameters, figures: Figures, flights: float, tried: float, runs: list[Simulation]
) -> Comparison:
    """Compare refusals a person refused in a month with the one published count of both."""
    refusals = value(figures, given.window, "refused by air since 2014-07-01")
    people = value(figures, given.window, "people refused by air since 2014-07-01")
    mean = float(flights / tried)
    return Comparison(
        "refusals by air a person refused in a month", mean, refusals / people,
        math.sqrt(max(mean * (mean - 1), 0.0) / float(tried)),
        words=f"{int(tried):,} trips refused in {len(runs)} runs; a person tries once a month at "
        "most and then again",
    )  # fmt: skip


def names_in_a_month(given: Parameters, figures: Figures, found: Simulation) -> Comparison:
    """Compare names a month on the airlines' list, at census size, with its first list."""
    from glasshouse.engine.expected import at_census_size, expected_listings

    arm = found.plan.names.arms.index(given.arm)
    name = next(n for n in found.plan.names.lists[arm] if n.startswith("air-list"))
    a_month = at_census_size(found, expected_listings(found, arm, name)) / 12
    return Comparison(
        "names a month on the airlines' list, at census size", a_month,
        value(figures, given.list_of_conduct, "first list of travel misconduct"), 0.0,
        words="worked out from rates: a run of this size sees none in most months",
    )  # fmt: skip


def added(given: Parameters, figures: Figures, what: str) -> float:
    """Give what two dates added, by the year, over the mean of the names so far."""
    first, last = given.year
    days = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days
    more = value(figures, last, what) - value(figures, first, what)
    names = (value(figures, first, NAMES) + value(figures, last, NAMES)) / 2
    return more * DAYS_A_YEAR / days / names


def ratio_error(together: Any) -> float:
    """Give the standard error of a ratio of two sums over communities."""
    above, below = together.astype(float)
    ratio = above.sum() / below.sum()
    rest = above - ratio * below
    return float(rest.std(ddof=1) * len(rest) ** 0.5 / below.sum())


def value(figures: Figures, date: str, name: str) -> float:
    """Give a figure by its date and name, or say that it is missing."""
    if (date, name) not in figures:
        problem = Problem("figures", 0, 0, name, f"no such figure of {date}")
        raise BadInput([problem])
    return figures[date, name]


def read_figures(path: Path | None) -> Figures:
    """Read the figures of a file, or of the house, by date and name.

    Raises BadInput with everything that is no dated figure of a known source in a known unit.
    """
    library = Library()
    if path is None:
        found = library.published()
    else:
        intake = Intake()
        document = read_document(path, label(path))
        found = take_published(document, library.take_sources(intake), intake)
        intake.settle()
    return {(one.on.isoformat(), one.figure): float(one.value) for one in found}


RUNNER = Runner("published_figures", Parameters, run, "the engine")
