"""Four kinds of scored entity, their representatives, and those who run the schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

COSTS = "process.listed_enterprise_costs_per_year"
BODIES = {"bodies": {"courts": 0.05, "governments": 0.05}, "enterprises": 0.04}
SMALL = {"people": 16_384, "community_size": 512}


def test_m09_four_kinds_of_entity_are_scored_each_by_its_own_rulebook(
    lab: Lab, twins: type[Twins]
) -> None:
    """M09: a rulebook for one of the four kinds moves the scores of that kind and of no other."""
    kinds = {"person": 1, "enterprise": 2, "court": 3, "government": 4}
    acts = [lab.act(f"{k}_act", who="adult" if k == "person" else k) for k in kinds]
    books = {k: [lab.scale(100), lab.points(f"{k}_act", points=-5)] for k in kinds}
    arms: dict[str, Any] = {k: ((k,), {}) for k in kinds}
    arms |= {"off": ((), {}), "on": (tuple(kinds), {})}
    run = lab.run(acts, books, arms, books_of={k: k for k in kinds}, **BODIES, **SMALL)
    both, kind = twins(run), run.world.rows.kind
    for name, code in kinds.items():
        score = both.read("score_points", name)[:, 0]
        assert (score[kind == code] < 100).mean() > 0.5, name
        entries = both.read("entries", name)
        assert entries[kind == code].sum() > 0
        assert entries[kind != code].sum() == 0
        assert np.array_equal(entries[kind == code], both.read("entries", "on")[kind == code])
    both.assert_rises("entries")


def test_m58_the_listing_of_a_body_reaches_who_stands_for_it(lab: Lab, twins: type[Twins]) -> None:
    """M58: a listed enterprise, court or government bars its representative and nobody else."""
    acts = [lab.act(f"{k}_debt", who=k, per_year=12) for k in ("enterprise", "court", "government")]
    books: dict[str, Any] = {}
    off: list[str] = []
    on: list[str] = []
    for k in ("enterprise", "court", "government"):
        for reach, names in (("person", off), ("representative", on)):
            names.append(f"{k}-{reach}")
            measures = [{"counter": "counter0", "reaches": reach}]
            books[names[-1]] = [lab.register(f"{k}_debt", measures=measures, term={"days": 300})]
    sets = {
        "counters.counter0.attempts_per_year": 6, "counters.counter0.means_loss": 0.01,
    }  # fmt: skip
    run = lab.run(
        acts, books, {"off": (off, {}), "on": (on, {})}, sets=sets,
        books_of={name: name.split("-")[0] for name in books}, **BODIES, **SMALL,
    )  # fmt: skip
    both, rows = twins(run), run.world.rows
    refused = both.read("refusals", "on")
    stands = np.zeros_like(refused, bool)
    for community, slot in zip(*np.nonzero(rows.kind > 1), strict=True):
        stands[community, rows.colleague[community, slot]] = True
    assert refused[stands].sum() > 100
    assert refused[~stands].sum() == 0
    assert both.read("refusals", "off")[rows.kind == 1].sum() == 0
    both.assert_same("listings", "entries")


def test_m58_a_listed_enterprise_costs_its_owner_and_workers(lab: Lab, twins: type[Twins]) -> None:
    """M58: while an enterprise is listed, the means of its owner and of his workplace fall."""
    acts = [lab.act("fraud", who="enterprise", per_year=12)]
    books = {"firms": [lab.register("fraud", term={"days": 300})]}
    run = lab.run(
        acts, books,
        {"off": (("firms",), {}), "on": (("firms",), {COSTS: 0.2})},
        enterprise_books=("firms",), **BODIES, **SMALL,
    )  # fmt: skip
    both, rows = twins(run), run.world.rows
    both.assert_falls("means")
    both.assert_same("listings")
    poorer = both.read("means", "on") < both.read("means", "off")
    owners = np.zeros_like(poorer)
    for community, slot in zip(*np.nonzero(rows.kind == 2), strict=True):
        first = other = int(rows.colleague[community, slot])
        for _ in range(200):
            owners[community, other] = True
            other = int(rows.colleague[community, other])
            if other == first:
                break
    assert poorer.sum() > 1000
    assert not poorer[~owners].any()


def test_m59_contests_beyond_capacity_wait_and_win_less(lab: Lab, twins: type[Twins]) -> None:
    """M59: where contests exceed what can be decided, decisions take longer and fewer are won."""
    acts = [lab.act("wrong", per_year=2, false_per_year=2.0)]
    contest = {"window_days": 60, "decide_days": 5, "suspends": False, "counted_from": "knowledge"}
    books = {"book": [lab.register("wrong", contest=contest, term={"days": 600})]}
    sets = {
        "process.contest_if_literate": 0.9, "process.contest_if_not": 0.9,
        "process.overturned_if_wrongful": 0.9,
    }  # fmt: skip
    pressed = {"process.contests_per_1000_year": 800.0}
    arms = {
        "off": (("book",), {}), "on": (("book",), pressed),
        "target": (("book",), {**pressed, "process.pressure_on_review": 0.9}),
    }  # fmt: skip
    run = lab.run(acts, books, arms, sets=sets, **SMALL)
    both = twins(run)
    both.assert_rises("listed_days", 1)
    both.assert_same("acts_culpable", "entries")
    off, on, target = (both.count("overturned", arm)[1] for arm in ("off", "on", "target"))
    won = [
        both.count("overturned", arm)[1] / both.count("contests", arm)[1]
        for arm in ("on", "target")
    ]
    assert target < on < off
    assert won[1] < won[0]


def test_m59_an_office_below_its_target_looks_harder_and_grants_less(
    lab: Lab, twins: type[Twins]
) -> None:
    """M59: a target that is missed raises the entries made of the same acts, and lowers wins."""
    acts = [lab.act("wrong", per_year=4, false_per_year=0.5, seen_by={"camera": 0.3})]
    contest = {"window_days": 60, "decide_days": 5, "suspends": False, "counted_from": "knowledge"}
    rules = [lab.register("wrong", contest=contest, term={"days": 600})]
    target = lab.rule("target", entries_per_1000_year=10_000)
    books = {"plain": rules, "ranked": [*rules, target]}
    sets = {
        "process.contest_if_literate": 0.9, "process.contest_if_not": 0.9,
        "process.overturned_if_wrongful": 0.9,
    }  # fmt: skip
    pressure = {"process.target_pressure": 0.5}
    arms = {
        "free": (("plain",), pressure), "off": (("ranked",), {}), "on": (("ranked",), pressure),
    }  # fmt: skip
    run = lab.run(acts, books, arms, sets=sets, **SMALL)
    both = twins(run)
    both.assert_rises("entries")
    both.assert_same("acts_culpable", "entries_not_theirs")
    assert np.array_equal(both.read("entries", "free"), both.read("entries", "off"))
    won = [
        both.count("overturned", arm)[1] / both.count("contests", arm)[1] for arm in ("off", "on")
    ]
    assert won[1] < 0.75 * won[0]


def test_m105_the_unit_s_score_moves_the_member_s_score_ration_and_care(
    lab: Lab, twins: type[Twins]
) -> None:
    """M105: who works with others loses for them, is served by the unit's rank, and is pressed."""
    acts = [lab.act("slack", "deterred", per_year=6)]
    rules = [
        lab.scale(100), lab.points("slack", points=-5),
        lab.rule("grade", "low", grade="Low", at_least=-20_000),
        lab.rule("grade", "good", grade="Good", at_least=95),
    ]  # fmt: skip
    served: dict[str, Any] = {"grade": "Good", "counters": ["counter0"]}
    books = {
        "plain": [*rules, lab.rule("privilege", **served)],
        "tied": [*rules, lab.rule("association", ties="workplace", share=0.3)],
        "unit": [*rules, lab.rule("privilege", by="unit", **served)],
    }
    sets = {"counters.counter0.attempts_per_year": 6, "response.deterrence": 0.8}
    arms: dict[str, Any] = {name: ((name,), {}) for name in books}
    arms |= {"off": (("unit",), {}), "on": (("unit",), {"response.unit_pressure": 0.9})}
    run = lab.run(acts, books, arms, sets=sets, **SMALL)
    both, rows = twins(run), run.world.rows
    slots = np.arange(rows.kind.shape[1])
    alone = rows.colleague == slots
    score = {name: both.read("score_points", name)[:, 0] for name in ("plain", "tied")}
    assert (score["tied"][alone] == score["plain"][alone]).all()
    assert (score["tied"][~alone] < score["plain"][~alone]).mean() > 0.3
    # The ration goes by the unit: who is alone is a unit of one, the others share a rank.
    given = {name: both.read("privileges", name) for name in ("plain", "unit")}
    assert (given["plain"][alone] == given["unit"][alone]).all()
    assert (given["plain"][~alone] != given["unit"][~alone]).mean() > 0.05
    both.assert_rises("caution")
    both.assert_falls("acts_culpable")
    assert (both.read("caution", "on")[alone] == 0).all()
