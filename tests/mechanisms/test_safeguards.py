"""Safeguards in a run: each mends what it should, by how much, and leaves the rest alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats
from tests.engine.conftest import UNLIKELY

from glasshouse.engine.plan.plan import make_plan
from glasshouse.law.intake import Intake
from glasshouse.law.library import Library
from glasshouse.law.safeguarded import safeguarded
from glasshouse.state.bits import NOT_ENROLLED
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

    from glasshouse.law.safeguard import Safeguard

BARS = [{"counter": "counter0", "reaches": "person"}, {"counter": "counter1", "reaches": "person"}]
TRIES = {"counters.counter0.attempts_per_year": 6, "counters.counter1.attempts_per_year": 6}


@pytest.fixture(scope="module")
def room() -> dict[str, Safeguard]:
    """The packaged safeguards by name."""
    return {one.safeguard: one for one in Library().safeguards()}


@pytest.fixture
def guarded(lab: Lab, twins: type[Twins], room: dict[str, Safeguard]) -> Callable[..., Twins]:
    """Run a world without a safeguard and with it; other arms are as they say."""

    def run(
        name: str, acts: list[Any], book: list[Any], *others: tuple[str, dict[str, float]],
        **world: Any,
    ) -> Twins:  # fmt: skip
        arms: dict[str, Any] = {"off": (("book",), {}), "on": (("book",), {})}
        arms |= {other: (("book",), values) for other, values in others}
        size = {"people": 8192, "community_size": 256}
        experiment = lab.experiment(acts, {"book": book}, arms, **{**size, **world})
        intake = Intake()
        on = safeguarded(experiment.arms[2], (room[name],), intake)
        intake.settle()
        assert on.safeguards[0].changes
        told = replace(experiment, arms=(*experiment.arms[:2], on, *experiment.arms[3:]))
        return twins(lab.finished(make_plan(told), lab.compiled))

    return run


def test_notice_ends_silence(lab: Lab, guarded: Callable[..., Twins]) -> None:
    """Where every notice arrives at once nobody is on a list unknowing; nothing else changes."""
    book = [lab.register("slip", notice={"required": False}, measures=BARS)]
    both = guarded("notice", [lab.act("slip")], book, sets=TRIES)
    both.assert_falls("silent_days")
    assert both.count("silent_days", "on").sum() == 0
    both.assert_same("listings", "listed_days", "refusals", "acts_culpable")


def test_expiry_ends_each_listing_after_its_days(lab: Lab, guarded: Callable[..., Twins]) -> None:
    """Who is listed once is listed for the days of the document, or less if the run ends before."""
    book = [lab.register("slip", term={"until": "performed"}, performance={"deletes": True})]
    both = guarded("expiry", [lab.act("slip", per_year=0.3)], book, years=3)
    both.assert_falls("listed_days")
    days = {arm: both.read("listed_days", arm).sum(axis=1) for arm in ("off", "on")}
    once = (both.read("listings", "off") == 1) & (both.read("listings", "on") == 1)
    assert once.sum() > 1000
    assert np.array_equal(days["on"][once], np.minimum(days["off"][once], 365))
    both.assert_same("acts_culpable", "entries")


def test_a_cap_lets_no_entry_cost_more(lab: Lab, guarded: Callable[..., Twins]) -> None:
    """Of 50 points an act 20 are left, entry by entry, and no grade falls at once."""
    rules = [
        lab.scale(),
        lab.rule("grade", "low", grade="Low", at_least=-20_000),
        lab.rule("grade", "high", grade="High", at_least=960),
        lab.points("slip", points=-50, overrides_grade={"grade": "Low", "months": 12}),
    ]
    both = guarded("cap-per-act", [lab.act("slip", per_year=2)], rules)
    both.assert_rises("score_points", 0)
    both.assert_same("entries", "acts_culpable")
    lost = {arm: 1000 - both.read("score_points", arm)[:, 0] for arm in ("off", "on")}
    people = both.run.world.rows.kind == 1
    for arm, each in (("off", 50), ("on", 20)):
        assert np.array_equal(lost[arm][people], each * both.read("entries", arm)[people])
    one = people & (both.read("entries", "on") == 1)
    assert (both.read("grade", "off")[:, 0][one] == 0).all()
    assert (both.read("grade", "on")[:, 0][one] == 1).all()


def test_a_firewall_opens_what_is_unrelated_and_nothing_else(
    lab: Lab, guarded: Callable[..., Twins]
) -> None:
    """A debt (finance) closes loans (finance) as before, and trains (travel) no more."""
    both = guarded(
        "context-firewall",
        [lab.act("debt", context="finance")],
        [lab.register("debt", measures=BARS, term={"days": 3000})],
        sets=TRIES,
        counters_said={"counter1": {"context": "finance"}},
    )
    both.assert_falls("refusals")
    both.assert_same("listings", "listed_days", "acts_culpable")
    off, on = both.count("refusals", "off"), both.count("refusals", "on")
    assert off[0] > 1000 > on[0] == 0
    assert on[1] == off[1]


def test_a_test_of_ability_spares_who_cannot(lab: Lab, guarded: Callable[..., Twins]) -> None:
    """Where the test never errs nobody is listed who could not comply, and all others are."""
    both = guarded(
        "ability-test",
        [lab.act("debt", debt=True, per_year=1)],
        [lab.register("debt", term={"days": 3000})],
        sets={"process.cannot_pay_below": 0.4},
    )
    both.assert_falls("listings")
    listed = {arm: both.count("listed", arm).reshape(-1, 4).sum(axis=0) for arm in ("off", "on")}
    assert listed["off"][2] > 500 > listed["on"][2] == 0
    assert both.count("found_unable", "on").sum() >= listed["off"][2]
    # One of few means may owe again when they have become able; nobody is listed less rightly.
    assert listed["on"][0] >= listed["off"][0] > 500
    both.assert_same("entries", "acts_culpable")


def test_an_audit_of_copies_lets_through_who_is_off(
    lab: Lab, guarded: Callable[..., Twins]
) -> None:
    """Of refusals by copies that nobody corrects an audit once a week leaves less than a tenth."""
    both = guarded(
        "copy-audit",
        [lab.act("slip", per_year=1)],
        [lab.register("slip", measures=BARS, term={"days": 30})],
        ("fresh", {"process.copies_stale": 0.0}),
        sets={**TRIES, "process.copies_stale": 1.0},
        years=2,
    )
    both.assert_falls("refusals")
    both.assert_same("listings", "listed_days", "acts_culpable")
    off, on, fresh = (int(both.count("refusals", arm).sum()) for arm in ("off", "on", "fresh"))
    assert off - fresh > 5000
    assert fresh < on < fresh + (off - fresh) / 10


def test_nobody_is_refused_or_marked_down_for_another(
    lab: Lab, guarded: Callable[..., Twins]
) -> None:
    """Bars on a household become bars on the listed; who has no entry stands where all begin."""
    book = [
        lab.scale(),
        lab.points("slip", points=-40),
        lab.rule("association", ties="household", share=0.5),
        lab.register(
            "slip", term={"days": 3000}, measures=[{"counter": "counter0", "reaches": "household"}]
        ),
    ]
    both = guarded("no-family", [lab.act("slip", per_year=1)], book, sets=TRIES)
    both.assert_falls("refusals")
    both.assert_rises("score_points", 0)
    both.assert_same("listings", "entries", "acts_culpable")
    unlisted = both.read("listings", "on") == 0
    assert both.read("refusals", "off")[unlisted].sum() > 1000
    assert both.read("refusals", "on")[unlisted].sum() == 0
    clean = (both.read("entries", "on") == 0) & (both.run.world.rows.kind == 1)
    assert (both.read("score_points", "off")[:, 0][clean] < 1000).any()
    assert (both.read("score_points", "on")[:, 0][clean] == 1000).all()


def test_without_consent_nobody_is_scored_or_listed(
    lab: Lab, guarded: Callable[..., Twins]
) -> None:
    """Half say yes: the others stand where all begin, on no list; who says yes is as without."""
    book = [lab.scale(), lab.points("slip", points=-5), lab.register("slip", measures=BARS)]
    both = guarded("consent", [lab.act("slip")], book, sets={**TRIES, "response.consents": 0.5})
    both.assert_falls("listings")
    both.assert_rises("score_points", 0)
    people = both.run.world.rows.kind == 1
    aside = ((both.read("bits", "on") & NOT_ENROLLED) != 0) & people
    lab.assert_share(int(aside.sum()), int(people.sum()), 0.5)
    assert both.read("listings", "on")[aside].sum() == both.read("refusals", "on")[aside].sum() == 0
    assert (both.read("score_points", "on")[:, 0][aside] == 1000).all()
    for column in ("listings", "refusals", "entries"):
        assert np.array_equal(both.read(column, "on")[~aside], both.read(column, "off")[~aside])


def test_by_lot_entries_are_as_even_as_chance_makes_them(
    lab: Lab, guarded: Callable[..., Twins]
) -> None:
    """Attention that follows records piles entries up; by lot communities differ by luck alone."""
    both = guarded(
        "random-audit",
        [lab.act("slip", per_year=6, seen_by={"camera": 0.2})],
        [lab.scale(), lab.points("slip", points=-1)],
        sets={"detection.attention_follows_records": 1.0, "detection.attention_follows_file": 1.0},
        years=2,
    )
    both.assert_same("acts_culpable")
    spread = {}
    acts = both.by_community("acts_culpable", "on")
    for arm in ("off", "on"):
        seen = both.by_community("entries", arm)
        share = seen.sum() / acts.sum()
        spread[arm] = float(((seen - share * acts) ** 2 / (share * (1 - share) * acts)).sum())
    least, most = stats.chi2(len(acts) - 1).ppf([UNLIKELY, 1 - UNLIKELY])
    assert least < spread["on"] < most
    assert spread["off"] > 2 * most


def test_an_appeal_takes_off_who_is_wrongly_listed(lab: Lab, guarded: Callable[..., Twins]) -> None:
    """Where all who know contest and each wrong is found, a lawful act lists for weeks alone."""
    both = guarded(
        "appeal",
        [lab.act("deed", culpable=False, per_year=0.5), lab.act("slip", per_year=0.5)],
        [lab.register("deed", "slip", term={"days": 3000})],
        sets={
            "process.contest_if_literate": 1.0,
            "process.contest_if_not": 1.0,
            "process.overturned_if_wrongful": 1.0,
        },
    )
    both.assert_falls("listed_days", 3)
    won = both.count("overturned", "on")
    assert won[3] > 500 > won[0] == 0
    assert both.count("left", "off").sum() == 0
    listed = both.count("listed", "on").reshape(-1, 4).sum(axis=0)
    # Known on the first day, contested and decided within a month: 30 days and the two at its ends.
    assert both.read("listed_days", "on")[:, 3].sum() <= 32 * listed[3]
    assert both.read("listed_days", "off")[:, 3].sum() > 100 * listed[3]


def test_a_person_who_looks_lets_stand_what_stands(lab: Lab, guarded: Callable[..., Twins]) -> None:
    """Who sees every lawful act and never errs lists nobody for one, and each other as before."""
    both = guarded(
        "human-review",
        [lab.act("deed", culpable=False, per_year=0.5), lab.act("slip", per_year=0.5)],
        [lab.register("deed", name="deeds"), lab.register("slip", name="slips")],
        sets={"process.review_finds_lawful": 1.0, "process.review_errs": 0.0},
    )
    both.assert_falls("listings")
    both.assert_falls("listed_days", 3)
    both.assert_same("entries", "acts_culpable")
    listed = {arm: both.count("listed", arm).reshape(-1, 4).sum(axis=0) for arm in ("off", "on")}
    assert listed["off"][3] > 500 > listed["on"][3] == 0
    assert listed["on"][0] == listed["off"][0] > 500
    assert both.count("review_stopped", "on")[3] >= listed["off"][3]


def test_each_moves_something_where_it_is_studied(lab: Lab) -> None:
    """In the scenario that studies them each safeguard changes at least one count by itself."""
    plan = make_plan(Library().resolve("safeguards", {"people": "20000", "years": "2"}))
    simulation = lab.finished(plan, lab.compiled)
    still = set(plan.names.arms[2:])
    for record in simulation.history:
        for name in tuple(still):
            place = plan.names.arms.index(name)
            for count in COUNTS:
                values = getattr(record.counts, count.name)
                if not np.array_equal(values[1], values[place]):
                    still.discard(name)
                    break
    assert not still
