"""Workers share out the communities: each is visited once, and nothing moves after the end."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.engine.drivers import CpuDriver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.kernel import bind, entry, next_community, row

if TYPE_CHECKING:
    from tests.engine.conftest import Lab


@entry
def visited(seed: int, turn: Any, last: int, visits: Any, number: int) -> None:
    """Note with the seed who was there, in a row of the worker's own."""
    mine = row(visits, number)
    community = next_community(turn, -1)
    while community < last:
        mine[community] += seed
        community = next_community(turn, community)


@pytest.fixture(scope="module")
def visiting() -> Any:
    """The entry, compiled as a step is."""
    from glasshouse.engine.cpu import CPU

    return bind(visited, CPU)


def using(entry_of_all: Any, threads: int) -> CpuDriver:
    """Give a driver that does this in every step."""
    driver = CpuDriver(threads)
    driver._step = entry_of_all
    return driver


@settings(deadline=None, max_examples=40)
@given(threads=st.integers(1, 9), communities=st.integers(0, 300))
def test_each_community_is_visited_once(visiting: Any, threads: int, communities: int) -> None:
    """However many threads there are, more than communities among them, and in every step."""
    driver = using(visiting, threads)
    visits = np.zeros((threads, communities + 1), np.int64)
    for step in (1, 100):
        driver.step(step, communities, visits)
    assert visits.sum(axis=0).tolist() == [101] * communities + [0]


def test_several_societies_may_use_one_driver_at_once(visiting: Any) -> None:
    """Each has a turn of its own, and its own rows."""
    driver, societies, communities = using(visiting, 3), 4, 5_000
    visits = np.zeros((societies, 3, communities), np.int64)

    def lead(society: int) -> None:
        for _ in range(20):
            driver.step(1, communities, visits[society])

    leading = [threading.Thread(target=lead, args=(number,)) for number in range(societies)]
    for one in leading:
        one.start()
    for one in leading:
        one.join()
    assert np.array_equal(visits.sum(axis=1), np.full((societies, communities), 20))


@pytest.mark.parametrize("failing", [0, 1])
def test_whatever_fails_the_others_are_waited_for(failing: int) -> None:
    """Nobody writes into columns any more when the failure is told, and it is told."""
    has_failed, rested = threading.Event(), []

    def step(_seed: int, _turn: Any, _last: int, number: int) -> None:
        if number == failing:
            has_failed.set()
            raise ZeroDivisionError
        has_failed.wait()
        threading.Event().wait(0.05 * number)
        rested.append(number)

    with pytest.raises(ZeroDivisionError):
        using(step, 3).step(0, 1)
    assert sorted(rested) == [number for number in range(3) if number != failing]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_was_counted_and_given_away_stays(lab: Lab, threads: int) -> None:
    """Neither the counts of a step nor what institutions decided for it change in later steps."""
    plan = make_plan(lab.everything(people=400))
    simulation = Simulation(plan, CpuDriver(threads))
    simulation.begin()
    given, copies = [], []
    for when in plan.steps[:4]:
        record, law = simulation.advance(), plan.tables_of(when)
        given.append([*record.counts, *record.institutions, *law.rules, *law.laws, law.numbers])
        copies.append([array.copy() for array in given[-1]])
    assert all(map(np.array_equal, itertools.chain(*given), itertools.chain(*copies)))
    assert not np.array_equal(given[1][0], given[2][0])
