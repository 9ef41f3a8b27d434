"""Published counts: refusals by ticket, names by entry, and what a run makes of both."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.engine.conftest import SIGMAS, Lab

from glasshouse.engine.expected import at_census_size, expected_listings
from glasshouse.engine.plan.plan import make_plan
from glasshouse.law.library import Library
from glasshouse.metrics.refusals import Refused, answer_to

if TYPE_CHECKING:
    from glasshouse.engine.drivers import Driver
    from glasshouse.engine.simulation import Simulation

ORDER = 3.0
"""A run is of the order of a published figure within this factor, beside its Monte Carlo error."""

DAYS_A_YEAR = 365.2425
TRAVEL = ("flight", "fast_rail")


@pytest.fixture(scope="module")
def figures() -> dict[tuple[str, str], float]:
    """The published figures, by date and name."""
    return {(str(one.on), one.figure): float(one.value) for one in Library().published()}


@pytest.fixture(scope="module")
def run(compiled: Driver) -> Simulation:
    """The scenario `compare` at 50,000 people; the last arm has the documented lists."""
    return Lab.finished(make_plan(Library().resolve("compare", {"people": "50000"})), compiled)


@pytest.fixture(scope="module")
def window(figures: dict[tuple[str, str], float]) -> Refused:
    """The one window in which refusals and persons were both published."""
    day = "2014-08-03"
    return Refused(
        int(figures[day, "refused by air since 2014-07-01"]),
        int(figures[day, "people refused by air since 2014-07-01"]),
    )


def documented(run: Simulation) -> int:
    """Give the place of the arm with the documented lists."""
    return run.plan.names.arms.index("as-documented")


def by_community(run: Simulation, column: str) -> Any:
    """Give an outcome of the documented arm by community."""
    values = getattr(run.world.outcome, column)[:, documented(run)].astype(np.int64)
    return values.reshape(len(values), -1).sum(axis=1)


def refused_at(run: Simulation, counter: str) -> int:
    """Give the refusals of the documented arm at a counter."""
    return int(Lab.count(run, "refusals", documented(run))[run.plan.names.counters.index(counter)])


def yearly(figures: dict[tuple[str, str], float], what: str) -> tuple[float, float]:
    """Give what two dates of 2017 added, by the year, and the mean of the names so far."""
    dates = "2017-02-14", "2017-12-31"
    days = (dt.date.fromisoformat(dates[1]) - dt.date.fromisoformat(dates[0])).days
    added = figures[dates[1], what] - figures[dates[0], what]
    names = [figures[date, "court list: names so far"] for date in dates]
    return added * DAYS_A_YEAR / days, sum(names) / 2


def test_m12_refusals_are_not_people(run: Simulation, window: Refused) -> None:
    """M12: 8.7 refusals by air fell on a person in one published month; a run's are of that order.

    A person who is barred attempts once a month and counter at most and tries again, so that first
    attempts are the people refused there in the month.
    """
    assert window.each == pytest.approx(8.7, abs=0.05)
    arm = documented(run)
    attempts = Lab.count(run, "attempts", arm)[run.plan.names.counters.index("flight")]
    by_air = Refused(refused_at(run, "flight"), int(attempts))
    assert window.each / ORDER < by_air.each < window.each * ORDER
    month = Refused(
        Lab.total(run, "refusals", arm),
        sum(int(r.counts.refused_people[arm].sum()) for r in run.history),
    )
    whole = Refused(
        int(by_community(run, "refusals").sum()),
        int((run.world.outcome.refusals[:, arm] > 0).sum()),
    )
    assert whole.refusals == month.refusals
    assert (
        whole.people < month.people < month.refusals
    )  # who is refused in two months is one person


def test_m13_refusals_by_air_and_rail_are_of_the_published_order(
    run: Simulation, figures: dict[tuple[str, str], float]
) -> None:
    """M13: refusals a listed person and year, and the share by air, are of the published order."""
    arm = documented(run)
    days = run.world.outcome.listed_days[:, arm].astype(np.int64).sum(axis=(1, 2))
    listed_years = days.sum() / DAYS_A_YEAR
    # How uneven refusals are between communities says how far chance moves their ratio to time.
    rest = by_community(run, "refusals") - by_community(run, "refusals").sum() / days.sum() * days
    error = rest.std(ddof=1) * len(rest) ** 0.5 / by_community(run, "refusals").sum()
    slack = ORDER * (1 + SIGMAS * error)
    for counter, what in zip(TRAVEL, ("air", "rail"), strict=True):
        added, names = yearly(figures, f"refused by {what} so far")
        each = refused_at(run, counter) / listed_years
        assert added / names / slack < each < added / names * slack, (counter, each, added / names)
    shares = {
        date: figures[date, "refused by air so far"]
        / (figures[date, "refused by air so far"] + figures[date, "refused by rail so far"])
        for date in ("2016-11-01", "2017-12-31", "2018-04-30")
    }
    assert max(shares.values()) - min(shares.values()) < 0.03
    air, rail = (refused_at(run, counter) for counter in TRAVEL)
    odds = shares["2018-04-30"] / (1 - shares["2018-04-30"])
    assert odds / slack < air / rail < odds * slack


def test_m14_the_claim_of_people_is_answered_in_a_sentence(
    run: Simulation, window: Refused
) -> None:
    """M14: 23 million 'people' are tickets; the run says how many people they would be."""
    arm = documented(run)
    found = Refused(
        refused_at(run, "flight") + refused_at(run, "fast_rail"),
        int((run.world.outcome.refusals[:, arm] > 0).sum()),
    )
    said = answer_to(23_000_000, found, window)
    assert "refused tickets" in said
    assert f"{found.people:,} people" in said
    assert "2.6 million" in said
    assert window.people_behind(23_000_000) < found.people_behind(23_000_000) < 23_000_000


def test_m15_denied_people_lie_between_two_totals_of_refusals(
    run: Simulation, figures: dict[tuple[str, str], float]
) -> None:
    """M15: nine and three million 'people' are totals of tickets of 2017, and a run has fewer."""
    for what, claimed in (("air", 9e6), ("rail", 3e6)):
        name = f"refused by {what} so far"
        assert figures["2017-02-14", name] < claimed < figures["2017-12-31", name]
    people = int((run.world.outcome.refusals[:, documented(run)] > 0).sum())
    assert 0 < people < refused_at(run, "flight") + refused_at(run, "fast_rail")


def test_m16_names_entries_people_and_days_are_four_things(
    run: Simulation, figures: dict[tuple[str, str], float]
) -> None:
    """M16: names so far exceed people, people exceed names in force, and days are days."""
    so_far = [value for (_, name), value in figures.items() if name == "court list: names so far"]
    assert so_far == sorted(so_far)
    assert figures["2017-02-14", "court list: names so far"] < 7e6
    assert figures["2017-12-31", "court list: names so far"] > 7e6  # the two texts differ
    assert figures["2023-12-31", "court list: names in force"] < so_far[-1]
    arm = documented(run)
    names = Lab.total(run, "listed", arm)
    people = int((run.world.outcome.listings[:, arm] > 0).sum())
    in_force = int(run.history[-1].counts.stock[arm].sum())
    assert names > people > 0
    assert in_force < names
    exposed = Lab.total(run, "exposed_days", arm)
    assert exposed == int(run.world.outcome.listed_days[:, arm].astype(np.int64).sum())
    # In flow: a year's removals are fewer than its entries while the list still grows.
    assert (
        figures["2023-12-31", "court list: removals in the year"]
        < (figures["2023-12-31", "court list: entries in the year"])
    )
    ended, begun = (Lab.total(run, name, arm) for name in ("left", "listed"))
    assert 0 < ended < begun


def test_m17_the_travel_list_at_census_size(
    run: Simulation, figures: dict[tuple[str, str], float]
) -> None:
    """M17: what a list expects of rare acts at census size follows from rates, at any size."""
    arm, name = documented(run), "air-list-as-documented/air-misconduct"
    expected = expected_listings(run, arm, name)
    seen = Lab.count(run, "listed", arm).reshape(-1, 4)[run.plan.names.lists[arm].index(name)].sum()
    Lab.assert_poisson(int(seen), expected * 3)
    a_month = at_census_size(run, expected) / 12
    first = figures["2018-06-01", "first list of travel misconduct"]
    # Rare: fewer than one in most runs of this size, so that the run itself cannot say it.
    assert expected / 12 < 0.1
    assert first / ORDER < a_month < first * ORDER
