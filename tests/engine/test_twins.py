"""Twins: what differs between two people or two arms has a cause in the rules, and only there."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.chance import COUNTER_ATTEMPT, PURPOSES, draw
from glasshouse.engine.drivers import PythonDriver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.sweep import (
    acts,
    counters,
    enrolment,
    entries,
    friends,
    grounds,
    listings,
    officers,
    queues,
    threats,
)
from glasshouse.engine.sweep.counters import RETRY_WORDS
from glasshouse.stages.consequence.consequence_kernel import attempt_day
from glasshouse.state.bits import NOT_ENROLLED, OPTED_OUT

if TYPE_CHECKING:
    from tests.engine.conftest import Lab

    from glasshouse.engine.drivers import Driver

PUBLISHED = frozenset({"news", "score_points"})
"""All that others read of a person; the sweep takes it down at the start of a step."""


def personal(run: Simulation) -> dict[str, Any]:
    """Give every column of state and outcome, with the slot as its last axis."""
    groups = (run.world.state, run.world.outcome)
    return {name: array for group in groups for name, array in group._asdict().items()}


def test_an_arm_with_the_baseline_s_rules_is_the_baseline(lab: Lab, compiled: Driver) -> None:
    """Person by person, entry by entry, count by count, beside an arm with every kind of rule."""
    run = lab.finished(make_plan(lab.everything(others=("again",))), compiled)
    for name, array in personal(run).items():
        assert np.array_equal(array[:, 0], array[:, 2]), name
    for record in run.history:
        for name, count in record.counts._asdict().items():
            assert np.array_equal(count[0], count[2]), name
    assert lab.total(run, "acts", 0) > 0
    assert lab.total(run, "entries", 0) == lab.total(run, "listed", 0) == 0


def test_arms_with_the_same_rules_are_the_same(lab: Lab, compiled: Driver) -> None:
    """An arm's place among the arms, and what stands in the others, enters nothing."""
    run = lab.finished(make_plan(lab.everything(others=("again", "too"))), compiled)
    for name, array in personal(run).items():
        assert np.array_equal(array[:, 1], array[:, 3]), name
    for record in run.history:
        for name, count in record.counts._asdict().items():
            assert np.array_equal(count[1], count[3]), name


def test_another_community_changes_nobody_s_traits_acts_or_luck(lab: Lab, compiled: Driver) -> None:
    """Whatever the rules read: who lives here, and what everybody does where nobody is scored."""
    few, more = (
        lab.finished(make_plan(lab.everything(people=people)), compiled) for people in (1024, 4096)
    )
    for name, array in few.world.rows._asdict().items():
        assert np.array_equal(array, getattr(more.world.rows, name)[:8]), name
    for name, array in personal(few).items():
        assert np.array_equal(array[:, 0], personal(more)[name][:8, 0]), name


def test_where_no_rule_reads_counts_another_community_changes_nothing(lab: Lab) -> None:
    """No stray from elsewhere, no grade by share, no attention, no backlog: nothing at all."""
    plain = [
        lab.scale(100, 0, 200),
        lab.rule("grade", "low", grade="Low", at_least=0),
        lab.rule("grade", "good", grade="Good", at_least=95),
        lab.points("theft", points=-5),
        lab.rule("association", ties="household", share=0.2),
        lab.register(
            name="low",
            grounds=[{"id": "low", "grade_at_most": "Low"}, {"id": "theft", "acts": ["theft"]}],
            published=True,
            measures=[{"counter": "counter0", "reaches": "household"}],
        ),
    ]
    sets = {
        "response.deterrence": 0.5, "response.caution_per_entry": 0.5,
        "response.caution_per_tie_listed": 0.2, "detection.camera.wrong_person": 0.3,
        "counters.counter0.attempts_per_year": 3,
    }  # fmt: skip
    few, more = (
        lab.run(
            [lab.act("theft", "deterred")],
            {"plain": plain},
            sets=sets,
            people=people,
            community_size=128,
            enterprises=0.03,
        )
        for people in (1024, 4096)
    )
    assert lab.total(few, "refusals") > 0
    assert few.world.state.caution.any()
    for name, array in personal(few).items():
        assert np.array_equal(array, personal(more)[name][:8]), name
    for size in ("open_entries", "open_listings"):
        assert np.array_equal(getattr(few.world.opened, size), getattr(more.world.opened, size)[:8])


@pytest.fixture(scope="module")
def underway(lab: Lab) -> Simulation:
    """A community after four months under every kind of rule, nobody taken for another.

    The list bars the listed alone, so that no inbox hands anything from person to person.
    """
    experiment = lab.everything(people=128, reaches="person", wrong_person=0.0)
    return lab.finished(make_plan(experiment), PythonDriver(), steps=4)


def changed(underway: Simulation, column: str, slot: int, place: int) -> set[int]:
    """Change one number of one person at the start of a step; give who is another at its end."""
    ends = []
    for flip in (False, True):
        run = Simulation(underway.plan, PythonDriver())
        run.restore(4, copy.deepcopy(underway.snapshot()))
        if flip:
            array = getattr(run.world.state, column)[0, 1].reshape(-1, run.plan.sizes.slots)
            told = array[place % len(array)]
            old = int(told[slot])
            most = {"aware": 2, "news": 2, "grade": 3, "held_grade": 3}.get(column)
            told[slot] = (old + 1) % most if most else old + 40 if old < 100 else old // 2
            if column == "bits":
                told[slot] = old ^ (OPTED_OUT | NOT_ENROLLED)
        run.advance()
        ends.append(personal(run))
    apart: set[int] = set()
    for name, array in ends[0].items():
        rows = (array != ends[1][name]).reshape(-1, array.shape[-1])
        apart |= set(np.flatnonzero(rows.any(axis=0)).tolist())
    return apart


COLUMNS = (
    "ledger_points score_points grade held_grade held_until_month means caution silence gaming"
    " habit trust crowded strangers aware news bits listed"
).split()


def test_every_column_of_the_state_is_tried(underway: Simulation) -> None:
    """A new column must say here whether others may read it."""
    assert tuple(COLUMNS) == underway.world.state._fields


@pytest.mark.parametrize("column", [name for name in COLUMNS if name not in PUBLISHED])
def test_what_is_not_published_is_nobody_else_s(underway: Simulation, column: str) -> None:
    """Means, fear, ledger, grade, lists: whoever is changed in them changes alone."""
    for place, slot in enumerate((3, 17, 40, 77, 101)):
        assert changed(underway, column, slot, place) <= {slot}


def test_what_is_published_reaches_ties_and_nobody_else(underway: Simulation) -> None:
    """The score moves household, friends and workplace, a listing frightens acquaintances."""
    rows = underway.world.rows
    reached: dict[str, set[int]] = {"score_points": set(), "news": set()}
    for slot in (3, 17, 40, 77, 101):
        home = range(128)[
            slice(
                rows.household_first[0, slot],
                rows.household_first[0, slot] + rows.household_size[0, slot],
            )
        ]
        friends = {
            other for other in range(128)
            if slot in {rows.friend_before[0, other], rows.friend_after[0, other]}
        }  # fmt: skip
        known = friends | {
            other for other in range(128)
            if slot in {rows.colleague[0, other], rows.neighbour[0, other]}
        }  # fmt: skip
        unit, mate = {slot}, int(rows.colleague[0, slot])
        while rows.kind[0, slot] == 1 and mate not in unit:
            unit.add(mate)
            mate = int(rows.colleague[0, mate])
        by_score = changed(underway, "score_points", slot, 0)
        by_news = changed(underway, "news", slot, 0)
        assert by_score <= unit | set(home) | friends
        assert by_news <= {slot} | known
        reached["score_points"] |= by_score - {slot}
        reached["news"] |= by_news - {slot}
    assert all(reached.values()), "nobody reads what is published: the test is empty"


def test_a_listing_reaches_the_household_it_bars(lab: Lab) -> None:
    """Where a measure reaches the household, the household alone is the inbox."""
    run = lab.finished(make_plan(lab.everything(people=128)), PythonDriver(), steps=4)
    rows = run.world.rows
    low = run.plan.names.lists[1].index("civic/low")
    listed = np.flatnonzero((run.world.state.listed[0, 1] >> low) & 1)
    assert len(listed)
    slot = int(listed[0])
    home = range(
        int(rows.household_first[0, slot]),
        int(rows.household_first[0, slot]) + int(rows.household_size[0, slot]),
    )
    assert changed(run, "held_until_month", slot, 0) <= set(home)


DRAWING = (
    acts, counters, enrolment, entries, friends, grounds, listings, officers, queues, threats,
)  # fmt: skip
"""Files of the sweep that draw."""


def test_the_order_of_rulebooks_and_another_list_change_no_luck(lab: Lab) -> None:
    """A list's draws are at its name: what else an arm holds, and in which order, moves none."""
    acts = [lab.act("plain", "strained", debt=True, per_year=1), lab.act("other", per_year=1)]
    process = {"process.notice_reaches": 0.5, "process.contest_if_literate": 0.5,
               "process.overturned_if_wrongful": 0.5, "process.pursued": 0.5,
               "process.perform_per_year": 1.0}  # fmt: skip
    contest = {"window_days": 10, "decide_days": 5, "suspends": False, "counted_from": "knowledge"}
    listed = {"contest": contest, "performance": {"deletes": True}, "term": {"days": 200}}
    books = {
        "first": [lab.register("plain", name="a", **listed)],
        "last": [lab.register("plain", name="z", **listed)],
        "between": [lab.register("other", name="m", **listed)],
    }
    arms = {
        "one": (("first", "last"), process),
        "turned": (("last", "first"), process),
        "more": (("last", "between", "first"), process),
    }
    run = lab.finished(lab.plan(acts, books, arms, people=600, community_size=128), PythonDriver())
    one, turned, more = (run.plan.names.arms.index(name) for name in arms)
    listings, names = run.history, run.plan.names.lists
    for record in listings:
        for count in ("listed", "contests", "overturned", "performances", "known_by_notice"):
            found = getattr(record.counts, count)
            assert np.array_equal(found[one], found[turned]), count
        listed_in = {
            arm: {
                name: record.counts.listed[arm].sum(axis=0).reshape(-1, 4)[place].tolist()
                for place, name in enumerate(names[arm])
            }
            for arm in (one, more)
        }
        for name, by_label in listed_in[one].items():
            assert listed_in[more][name] == by_label, name


def test_a_draw_more_changes_nobody(
    lab: Lab, underway: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Draws are addressed: another use of chance, under a purpose of its own, moves no other."""
    plan = underway.plan
    before = lab.digest(lab.finished(plan, PythonDriver(), steps=3))
    fresh, drawn = max(PURPOSES.values()) + 1, []

    def drawing_more(seed: int, who: int, when: int, purpose: int, index: int) -> Any:
        drawn.append(draw(seed, who, when, fresh, index))
        return draw(seed, who, when, purpose, index)

    for module in DRAWING:
        monkeypatch.setattr(module, "draw", drawing_more)
    assert lab.digest(lab.finished(plan, PythonDriver(), steps=3)) == before
    assert len(drawn) > 1000


def test_one_address_is_one_use(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """No two rules draw at one address, and no rule asks twice for two different things.

    Who comes to a counter is one thing, which the counter asks and the queue before it: one word
    says it to both. The words of repeated tries are the counter's alone.
    """
    plan = make_plan(lab.everything(people=256))
    users: dict[int, set[str]] = {}

    for module in DRAWING:

        def noting(seed: int, *address: int, here: str = module.__name__) -> Any:
            comes = address[2] == COUNTER_ATTEMPT and address[3] < RETRY_WORDS
            asks = counters.__name__ if comes and here == queues.__name__ else here
            users.setdefault(address[2], set()).add(asks)
            return draw(seed, *address)

        monkeypatch.setattr(module, "draw", noting)
    lab.finished(plan, PythonDriver(), steps=3)
    assert len(users) >= 8
    assert all(len(modules) == 1 for modules in users.values()), users


@pytest.mark.parametrize("hazard", [0, 1, 1 << 20, 1 << 31, (1 << 32) - 1])
def test_the_queue_reads_the_word_of_the_counter_as_the_counter_does(hazard: int) -> None:
    """Below the hazard somebody comes on a day of the month, and from it on nobody does."""
    for word in {0, hazard // 2, max(hazard - 1, 0), hazard, (1 << 32) - 1}:
        for days in (28, 31):
            assert (attempt_day(word, hazard, days) >= 0) == (word < hazard)
