"""Events out of a run: those of plain Python, whoever runs it; and no run is changed by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.engine import journal, replay
from glasshouse.engine.drivers import CpuDriver, PythonDriver
from glasshouse.engine.noted import empty_journals, events_in, room_wanted, silent_journals
from glasshouse.engine.plan.plan import Plan, make_plan
from glasshouse.engine.replay import Event, noted_steps
from glasshouse.engine.run import institutions_by_step, run_experiment
from glasshouse.engine.simulation import Simulation
from glasshouse.errors import BadUsage
from glasshouse.kernel import note, notes
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Lab

    from glasshouse.engine.drivers import Driver
    from glasshouse.engine.noted import Noted

SMALL = {"people": "300", "community_size": "128", "years": "1", "seed": "5"}


def with_threads(compiled: Driver, threads: int) -> Driver:
    """Give the one compiled form with so many threads."""
    using: Any = object.__new__(CpuDriver)
    using.__dict__.update(compiled.__dict__, workers=threads)
    found: Driver = using
    return found


def events_of(plan: Plan, using: Driver, room: int = 0) -> list[Noted]:
    """Run a plan to its end and give the events of each step."""
    simulation = Simulation(plan, using)
    simulation.note_events(room)
    simulation.begin()
    told = []
    for _ in plan.steps:
        simulation.advance()
        told.append(simulation.noted())
    return told


def assert_same(some: list[Noted], others: list[Noted]) -> None:
    """Compare events step by step and column by column, types included."""
    assert len(some) == len(others)
    for one, other in zip(some, others, strict=True):
        for mine, theirs in zip(one, other, strict=True):
            assert mine.dtype == theirs.dtype
            assert np.array_equal(mine, theirs)


@pytest.fixture(scope="module")
def plan(lab: Lab) -> Plan:
    """A society of three communities, the last one cut, under every kind of rule."""
    return make_plan(lab.everything(people=300))


@pytest.fixture(scope="module")
def oracle(plan: Plan) -> list[Noted]:
    """The events in plain Python."""
    return events_of(plan, PythonDriver())


def test_every_kind_of_event_is_met(oracle: list[Noted]) -> None:
    """What these tests compare is not empty: nearly every kind of event happens."""
    met = set(np.concatenate([noted.what for noted in oracle]).tolist())
    assert met <= journal.MEANINGS.keys()
    assert journal.MEANINGS.keys() - met == set()


@pytest.mark.parametrize("threads", [1, 2])
def test_compiled_events_are_those_of_plain_python(
    plan: Plan, oracle: list[Noted], compiled: Driver, threads: int
) -> None:
    """Event by event in the same order, on one thread and on two."""
    assert_same(events_of(plan, with_threads(compiled, threads)), oracle)


@pytest.mark.parametrize("scenario", ["as-told", "pellucid"])
def test_scenarios_tell_the_same_compiled_and_plainly(scenario: str, compiled: Driver) -> None:
    """What a page draws of a shipped scenario is what the oracle says of it."""
    plan = make_plan(Library().resolve(scenario, SMALL | {"people": "200"}))
    told = events_of(plan, compiled)
    assert sum(len(noted.row) for noted in told) > 100
    assert_same(told, events_of(plan, PythonDriver()))


def test_a_journal_that_is_too_small_grows(
    plan: Plan, oracle: list[Noted], compiled: Driver
) -> None:
    """The step is run again with more room: nothing is ever dropped, and nothing comes twice."""
    for using in (compiled, PythonDriver()):
        assert_same(events_of(plan, using, room=3), oracle)


def test_noting_changes_nothing(lab: Lab, plan: Plan, compiled: Driver) -> None:
    """A run that tells its events, even one that had to repeat steps for it, is the same run."""
    silent = lab.finished(plan, compiled)
    telling = Simulation(plan, compiled)
    telling.note_events(room=3)
    telling.begin()
    for _ in plan.steps:
        telling.advance()
    assert lab.digest(telling) == lab.digest(silent)


def test_a_run_tells_its_events_step_by_step(tmp_path: Path) -> None:
    """With its digest as ever, and the same events as communities replayed from its directory."""
    experiment = Library().resolve("pellucid", SMALL)
    told: list[tuple[int, Noted]] = []
    telling = run_experiment(
        experiment, tmp_path / "a", threads=1, command=(),
        noting=lambda step, noted: told.append((step, noted)),
    )  # fmt: skip
    silent = run_experiment(experiment, tmp_path / "b", threads=1, command=())
    assert telling.digest == silent.digest
    assert [step for step, _ in told] == list(range(12))
    plan = make_plan(experiment)
    decided = institutions_by_step(silent)
    assert_same(list(noted_steps(plan, decided, threads=2)), [noted for _, noted in told])
    some = list(noted_steps(plan, decided, 1, 2))
    base = plan.sizes.slots
    for noted, (_, everybody) in zip(some, told, strict=True):
        here = everybody.row >= base
        assert np.array_equal(noted.row, everybody.row[here])
        assert np.array_equal(noted.second, everybody.second[here])
        assert (np.diff(noted.row // base) >= 0).all()


def test_a_replayed_community_is_told_as_single_events(tmp_path: Path) -> None:
    """By slot and step, the same from the compiled form and from plain Python."""
    experiment = Library().resolve("pellucid", SMALL)
    archive = run_experiment(experiment, tmp_path / "run", threads=1, command=())
    plan, decided = make_plan(experiment), institutions_by_step(archive)
    plainly = replay.replay(plan, decided, 1)
    assert plainly == replay.replay(plan, decided, 1, device="cpu")
    assert isinstance(plainly[0], Event)
    assert {event.step for event in plainly} == set(range(12))
    assert max(event.slot for event in plainly) < plan.sizes.slots


def test_who_went_is_told_once(oracle: list[Noted], plan: Plan) -> None:
    """Nobody goes twice in an arm, and whoever is gone at the end has gone on some day."""
    went = [
        (row, arm)
        for noted in oracle
        for row, arm, what in zip(noted.row, noted.arm, noted.what, strict=True)
        if what == journal.GONE
    ]
    assert len(went) == len(set(went)) > 0
    run = Simulation(plan, PythonDriver())
    run.begin()
    for _ in plan.steps:
        run.advance()
    assert sum(int(record.counts.gone.sum()) for record in run.history[-1:]) == len(went)


def test_a_journal_without_room_stays_as_it_is() -> None:
    """Nothing is written, nothing is asked for."""
    journals = silent_journals(2)
    assert not notes(journals.cells[0])
    note(journals.cells[0], 1, 2, 3, 4, 5, 6)
    assert journals.cells.tolist() == [[0], [0]]


def test_what_finds_no_room_is_counted() -> None:
    """A journal says how much room it should have had."""
    journals = empty_journals(2, 1)
    assert notes(journals.cells[0])
    for day in range(3):
        note(journals.cells[1], journal.ACT, 7, 1, day, 5, 1)
    assert room_wanted(journals) == 3
    journals = empty_journals(2, 3)
    for day in range(3):
        note(journals.cells[1], journal.ACT, 7, 1, day, 5, 1)
    assert room_wanted(journals) == 0
    assert events_in(journals, 100, 50).row.tolist() == [157] * 3
    assert events_in(journals, 100, 50).day.tolist() == [0, 1, 2]


def test_a_device_that_cannot_order_events_is_refused(plan: Plan) -> None:
    """Where several lanes share a community there is no order to note in."""
    using = PythonDriver()
    using.name, using.can_note = "card", False
    with pytest.raises(BadUsage, match="card notes no events; use --device cpu"):
        Simulation(plan, using).note_events()


def test_a_life_is_replayed_by_what_is_soonest_here(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiled where that is at hand or worth a minute; plainly where short or without compiler."""
    long = make_plan(Library().resolve("as-told", {"people": "2048", "years": "10"}))
    some = make_plan(Library().resolve("as-told", {"people": "2048", "years": "5"}))
    assert replay.quickest(plan) == "python"
    for at_hand, expected in ((True, ["cpu", "cpu"]), (False, ["python", "python"])):
        monkeypatch.setattr(replay, "is_at_hand", lambda at_hand=at_hand: at_hand)
        assert [replay.quickest(one) for one in (some, long)] == expected
    monkeypatch.setattr(replay, "COMPILING_SECONDS", 20.0)
    assert replay.quickest(long) == "cpu"
    monkeypatch.setattr(replay, "find_spec", lambda _name: None)
    assert replay.quickest(long) == "python"
