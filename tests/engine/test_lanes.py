"""Lanes of a community between two barriers: what one writes, no other touches.

Arms side by side have no barrier between them at all: what one writes, the other never touches.

A simulator that gives the same bits shows little, since its threads may well never meet. Here every
access is noted with the lane and the number of barriers before it, so that it does not matter when
a thread ran.
"""

from __future__ import annotations

import itertools
import threading
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from glasshouse import kernel
from glasshouse.engine import cuda
from glasshouse.engine.drivers import AtHome, turn_of
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.sweep.beginning import begin_range
from glasshouse.engine.sweep.community import step_range
from glasshouse.kernel import Target, add, barrier, bind, entry, lanes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Lab

LANES = 2
SIDES = 2
PATIENCE = 60.0
"""Seconds after which a lane that waits alone gives up: a barrier must be met by all."""

READ, WRITTEN, ADDED = "read", "written", "added to"


class Met(NamedTuple):
    """Two lanes, or two sides, at one cell without a barrier between them."""

    column: str
    how: frozenset[str]


class Watch:
    """Notes who touches which cell how, between two barriers and in all."""

    def __init__(self) -> None:
        self.running = threading.local()
        self.all_here = [threading.Barrier(LANES, timeout=PATIENCE) for _ in range(SIDES)]
        self.met: set[Met] = set()
        self._now: dict[int, tuple[tuple[int, int], dict[str, set[int]]]] = {}
        self._ever: dict[int, dict[str, set[int]]] = {}
        self._one_at_a_time = threading.Lock()

    def forget(self) -> None:
        """Begin a launch: what the last one touched lies behind a barrier of all."""
        self._now.clear()
        self._ever.clear()

    def touch(self, column: str, cell: int, how: str) -> None:
        """Note an access; remember it where another's does not go with it."""
        running = self.running
        here = running.side, running.barriers
        with self._one_at_a_time:
            when, by = self._now.get(cell, (here, {}))
            if when != here:
                by = {}
            self._now[cell] = here, by
            by.setdefault(how, set()).add(running.lane)
            ever = self._ever.setdefault(cell, {})
            ever.setdefault(how, set()).add(running.side)
            for met in (by, ever):
                if len(set().union(*met.values())) > 1 and set(met) not in ({READ}, {ADDED}):
                    self.met.add(Met(column, frozenset(met)))

    def wait(self) -> None:
        """Let all lanes of a side come to a barrier."""
        self.running.barriers += 1
        self.all_here[self.running.side].wait()


class Watched:
    """An array that tells who touches it."""

    def __init__(self, array: Any, name: str, watch: Watch) -> None:
        self.array, self.name, self.watch = array, name, watch
        self.ndim = array.ndim

    def _touch(self, index: int, how: str) -> None:
        begin = self.array.__array_interface__["data"][0]
        self.watch.touch(self.name, begin + index * self.array.strides[0], how)

    def __len__(self) -> int:
        return len(self.array)

    def stretch(self, begin: int, end: int) -> Watched:
        """Give some of the cells of a row."""
        return Watched(self.array[begin:end], self.name, self.watch)

    def __getitem__(self, index: int) -> Any:
        if self.ndim > 1:
            return Watched(self.array[index], self.name, self.watch)
        assert 0 <= index < len(self.array), self.name
        self._touch(index, READ)
        return int(self.array[index])

    def __setitem__(self, index: int, value: int) -> None:
        assert 0 <= index < len(self.array), self.name
        self._touch(index, WRITTEN)
        self.array[index] = value

    def add(self, index: int, amount: int) -> None:
        """Add in one go, which lanes may do at the same cell."""
        self._touch(index, ADDED)
        with self.watch._one_at_a_time:
            self.array[index] += amount


def watched(part: Any, watch: Watch, name: str = "") -> Any:
    """Give nested tuples with every array watched, under the name of its field."""
    if isinstance(part, tuple):
        names = getattr(part, "_fields", [name] * len(part))
        inner = [watched(one, watch, of) for one, of in zip(part, names, strict=True)]
        return type(part)(*inner) if hasattr(part, "_fields") else tuple(inner)
    return Watched(part, name, watch) if isinstance(part, np.ndarray) else part


class Card:
    """The names of CUDA as a lane sees them: a block of a few threads for each arm."""

    gridDim = SimpleNamespace(x=1, y=SIDES)  # noqa: N815 - CUDA's own names
    blockDim = SimpleNamespace(x=LANES)  # noqa: N815

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.syncthreads = watch.wait

    @property
    def blockIdx(self) -> Any:  # noqa: N802
        """Which side asks."""
        return SimpleNamespace(x=0, y=self._watch.running.side)

    @property
    def threadIdx(self) -> Any:  # noqa: N802
        """Which lane asks."""
        return SimpleNamespace(x=self._watch.running.lane)


def target(watch: Watch) -> Target:
    """Give the card's own forms as plain Python, whose lanes are threads in step."""
    names = {**vars(cuda), "card": Card(watch), "LANES": LANES}
    between = [Watched(np.zeros(LANES, np.int64), "between lanes", watch) for _ in range(SIDES)]

    def here(form: Any) -> Any:
        return FunctionType(form.__code__, names, form.__name__)

    forms: dict[Callable[..., Any], Any] = {
        **{primitive: here(form) for primitive, form in cuda.SHARED_OUT.items()},
        kernel.pack: here(cuda.packing)(lambda: between[watch.running.side]),
        kernel.add: lambda totals, index, amount: totals.add(index, amount),
        kernel.row: lambda columns, index: columns[index],
        kernel.part: lambda columns, index: columns[index],
        kernel.stretch: lambda cells, begin, end: cells.stretch(begin, end),
    }
    return Target("watched", forms, constant=int, compiled=lambda function: function)


class InStep(AtHome):
    """Runs the text with several lanes a community and watches them."""

    name, workers, can_note = "watched", SIDES, False

    def __init__(self) -> None:
        self.watch = Watch()
        self._target = target(self.watch)

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out all communities."""
        self._run(bind(begin_range, self._target), seed, communities, arrays, sides=1)

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lead all communities through a step."""
        self._run(bind(step_range, self._target), seed, communities, arrays)

    def _run(
        self, entry: Any, seed: int, communities: int, arrays: Any, *, sides: int = SIDES
    ) -> None:
        there = watched(arrays, self.watch)
        failed: list[BaseException] = []

        def lane(side: int, number: int) -> None:
            running = self.watch.running
            running.side, running.lane, running.barriers = side, number, 0
            try:
                entry(seed, turn_of(0), communities, *there, 0)
            except BaseException as error:  # noqa: BLE001 - told by the thread that waits
                failed.append(error)
                for barrier in self.watch.all_here:
                    barrier.abort()

        self.watch.forget()
        places = itertools.product(range(sides), range(LANES))
        threads = [threading.Thread(target=lane, args=place) for place in places]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]


@pytest.fixture(scope="module")
def in_step(lab: Lab) -> InStep:
    """Some steps of a community under every kind of rule."""
    driver = InStep()
    simulation = Simulation(make_plan(lab.everything(people=70, community_size=64)), driver)
    simulation.begin()
    for _ in range(4):
        simulation.advance()
    return driver


def test_no_two_lanes_meet_between_two_barriers(in_step: InStep) -> None:
    """At a cell that several lanes, or both arms, touch all of them read or all of them add."""
    assert not in_step.watch.met


@entry
def meeting(column: Any, totals: Any, apart: int) -> None:
    """Let every lane write its own cell, add at one, and read or write another's."""
    for place in lanes(6):
        column[place] = place
        add(totals, 0, 1)
    if apart:
        barrier()
    for place in lanes(6):
        column[5 - place] += 1


@pytest.mark.parametrize("apart", [True, False])
def test_lanes_that_meet_are_seen(*, apart: bool) -> None:
    """Without a barrier between them a cell is written by two lanes."""
    driver = InStep()
    column, totals = np.zeros(6, np.int32), np.zeros(1, np.int64)
    bound = bind(meeting, driver._target)
    driver._run(lambda *given: bound(*given[3:5], apart), 0, 1, (column, totals), sides=1)
    assert totals[0] == 6
    assert {met.column for met in driver.watch.met} == (set() if apart else {""})
