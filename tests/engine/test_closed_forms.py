"""What can be worked out on paper comes out of the run, within its Monte Carlo error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Lab

    from glasshouse.engine.simulation import Simulation

DAYS_A_YEAR = 365.2425


@pytest.mark.parametrize(
    ("per_year", "seen", "points"), [(4.0, 0.5, -7), (0.5, 0.9, -30), (12.0, 0.02, 3)]
)
def test_the_ledger_without_feedback_is_its_closed_form(
    lab: Lab, per_year: float, seen: float, points: int
) -> None:
    """The sum of scores is start + rate x detection x points x time."""
    acts = [lab.act("plain", per_year=per_year, seen_by={"camera": seen})]
    run = lab.run(acts, {"book": [lab.scale(), lab.points("plain", points=points)]}, years=2)
    entries = lab.total(run, "entries")
    last = run.history[-1].counts
    assert last.score_sum[1].sum() == 1000 * last.scored[1].sum() + points * entries
    assert entries == lab.total(run, "acts_seen")
    lab.assert_poisson(entries, per_year * seen * lab.adult_days(run) / DAYS_A_YEAR)
    lab.assert_poisson(lab.total(run, "acts"), per_year * lab.adult_days(run) / DAYS_A_YEAR)


@pytest.mark.parametrize("ratio", [0.2, 1.0, 5.0])
def test_a_gradient_keeps_the_mean_rate(lab: Lab, ratio: float) -> None:
    """Where the trait is spread evenly, top over bottom eighth is the ratio and the rate stays."""
    acts = [lab.act("theft", ratio=ratio), lab.act("plain")]
    run = lab.run(acts, {}, {}, people=262_144)
    rows = run.world.rows
    adult = (rows.kind == 1) & (rows.birth_month <= -19 * 12)  # adults throughout
    eighth = rows.honesty[adult] >> 13
    done = run.world.outcome.acts_culpable[:, 0][adult]
    years = sum(w.end_day - w.first_day for w in run.plan.steps) / DAYS_A_YEAR
    factors = [ratio ** (place / 7) for place in range(8)]
    for place in range(8):
        rate = 4 + 4 * factors[place] * 8 / sum(factors)
        lab.assert_poisson(int(done[eighth == place].sum()), rate * years * (eighth == place).sum())


def test_several_channels_see_more_than_one(lab: Lab) -> None:
    """At least one of the channels sees: 1 less the product of the misses, times its coverage."""
    seen_by = {"camera": 0.3, "bank": 0.2, "informant": 0.5}
    acts = [lab.act("plain", seen_by=seen_by)]
    sets = {"detection.bank.covers_urban": 0.5, "detection.bank.covers_rural": 0.5}
    run = lab.run(acts, {"book": [lab.scale(), lab.points("plain", points=-1)]}, sets=sets)
    share = 1 - 0.7 * 0.9 * 0.5
    lab.assert_share(lab.total(run, "acts_seen"), lab.total(run, "acts"), share)


def stock(run: Simulation) -> list[int]:
    """Give the listings in force at the end of each step."""
    return [int(record.counts.stock[1].sum()) for record in run.history]


def debtors(lab: Lab, *acts: str, **said: Any) -> Any:
    """Give a list that only performance ends."""
    return lab.register(
        *acts,
        **{
            "name": "debtors",
            "term": {"until": "performed"},
            "performance": {"deletes": True},
            **said,
        },
    )


@pytest.mark.parametrize("step", ["month", "week"])
def test_a_list_reaches_the_stock_of_its_inflow_over_its_hazard(lab: Lab, step: str) -> None:
    """With constant inflow and exit hazard h the stock becomes inflow / h.

    Monthly draws differ from the continuous hazard by less than 1 % at two exits a year.
    """
    hazard, years = 2.0, 6
    run = lab.run(
        [lab.act("debt", per_year=0.1)],
        {"book": [debtors(lab, "debt")]},
        sets={"process.perform_per_year": hazard},
        years=years,
        step=step,
        people=262_144,
    )
    steps = [record for record in run.history if record.when.age_month >= 36]
    days = sum(record.when.end_day - record.when.first_day for record in steps)
    inflow = sum(int(record.counts.listed[1].sum()) for record in steps) * DAYS_A_YEAR / days
    stocks = stock(run)[-len(steps) :]
    mean = sum(stocks) / len(stocks)
    # A stock fed at random is Poisson, with correlation time 1 / h.
    error = math.sqrt(mean / max(hazard * 3, 1))
    assert abs(mean - inflow / hazard) <= lab.sigmas * error + 0.01 * mean, (mean, inflow / hazard)
    assert lab.sigmas * error < 0.06 * mean


def test_a_list_that_nobody_enters_any_more_decays_with_its_hazard(lab: Lab) -> None:
    """Whoever stood on the list after January is still there after t with probability exp(-h t)."""
    hazard = 1.3
    acts = [lab.act("debt", per_year=2), lab.act("never", per_year=0.001, seen_by={"camera": 0})]
    run = lab.run(
        acts,
        {
            "book": [
                {**debtors(lab, "debt"), "until": "2020-02-01"},
                {**debtors(lab, "never"), "id": "later", "from": "2020-02-01"},
            ]
        },
        sets={"process.perform_per_year": hazard},
        years=2,
        people=65_536,
    )
    found = stock(run)
    for month in (1, 5, 11, 23):
        days = run.plan.steps[month].end_day - run.plan.steps[0].end_day
        lab.assert_share(found[month], found[0], math.exp(-hazard * days / DAYS_A_YEAR))


@pytest.mark.parametrize(("window", "mean_delay"), [(1, 10), (10, 10), (15, 30), (90, 20)])
def test_the_window_for_a_contest_is_open_as_often_as_notices_come_in_time(
    lab: Lab, window: int, mean_delay: int
) -> None:
    """A delay even over 0 .. 2 x mean days is in the window (w + 1) / (2 mean + 1) times."""
    contest = {
        "window_days": window, "decide_days": 20, "suspends": False, "counted_from": "decision",
    }  # fmt: skip
    run = lab.run(
        [lab.act("debt")],
        {"book": [lab.register("debt", contest=contest, term={"days": 3000})]},
        sets={
            "process.notice_delay_days": mean_delay,
            "process.contest_if_literate": 1,
            "process.contest_if_not": 1,
        },
        years=2,
    )
    known = lab.total(run, "known_by_notice")
    in_time = min((window + 1) / (2 * mean_delay + 1), 1.0)
    lab.assert_share(lab.total(run, "contests"), known, in_time * (1 - 2**-16))
    assert lab.total(run, "window_closed") + lab.total(run, "contests") == known
