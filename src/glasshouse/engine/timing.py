"""What a run costs: a few of its communities are led from the first step on, as the run leads them.

What is noted is the time of processors, so that other work on the machine does not count, with as
many threads at work as in the run, because they share memory and caches. The least that anything
took is not asked for: a run pays the mean, and as more is on record its steps take longer.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.archive.digest import RunDigest
from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.streamed import Given, Streamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from glasshouse.engine.drivers import Driver
    from glasshouse.engine.plan.plan import Plan
    from glasshouse.engine.shards import Left
    from glasshouse.engine.streamed import Shard

STEPS, SECONDS = 3, 1.0
"""Steps that are timed at least, and for how long: later steps have more on record."""

COMMUNITIES = {"cpu": 8, "python": 1, "cuda": 256}
"""Communities a thread that are timed in memory: plain Python is slow, a card idle with few."""

IN_FILES = {"cpu": 128, "python": 1, "cuda": 128}
"""The same in files: smaller shards would cost more a person than those of a run."""


class Costs(NamedTuple):
    """What some communities of a plan took, in seconds of one processor."""

    people: int
    begun: float
    """To lay them out; in files, what the first step takes more than the next."""
    step: float
    """A step, on the mean of all steps of the run."""
    ended: float
    """The digest, and the reading for it."""
    beside: float
    """What a step takes besides, which does not grow with people."""
    stored: float = 0.0
    """Bytes of a shard for a row with all its arms, on the mean of all steps."""
    stored_at_the_end: float = 0.0
    written: float = 0.0
    """A byte on its way to the disk, by the clock on the wall: others do not wait for it."""


def in_memory(plan: Plan, device: str, workers: int) -> Costs:
    """Lead a few communities in memory.

    Compilation is paid before the clock runs.
    """
    small = _small(plan, COMMUNITIES.get(device, 1) * _useful(workers))
    clock = time.perf_counter if device == "cuda" else time.process_time
    driver = _Timed(driver_of(device, _useful(workers)), clock)
    scratch = Simulation(small, driver)
    scratch.begin()
    scratch.advance()
    again = Simulation(small, driver)
    for array in again.there.arena.of.values():
        np.copyto(array, array.copy())  # taking memory is reckoned by itself
    driver.seconds = 0.0
    again.begin()
    begun, took, beside = driver.seconds, list[float](), list[float]()
    end = time.perf_counter() + SECONDS
    while _goes_on(small, len(took), end):
        driver.seconds, began = 0.0, clock()
        again.advance()
        again.history.clear()
        took.append(driver.seconds)
        beside.append(clock() - began - driver.seconds)
    (columns,) = again.columns()
    began = clock()
    RunDigest(driver.workers).communities(columns)
    ended, step = clock() - began, _mean(took, len(plan.steps))
    return Costs(small.people, begun, step, ended, sum(beside) / len(beside))


def in_files(
    plan: Plan, device: str, workers: int, folder: Path, *, keeps: bool, growth: float
) -> Costs:
    """Lead a shard a thread in files below ``folder``.

    ``keeps``: what no step changes is kept in files too; a shard grows with the steps to the power
    ``growth``.
    """
    useful = _useful(workers)
    size = IN_FILES.get(device, 1)
    small = _small(plan, size * useful)
    where = folder if os.access(folder, os.W_OK) else None
    with TemporaryDirectory(prefix=".glasshouse-", dir=where) as scratch:
        given = Given(
            _small(plan, useful), device, useful, Path(scratch, "warm"), "timed", 1, _heed, _tell
        )
        warm = _Watched(given, keeps=keeps)
        warm.begin()
        for _ in plan.steps[:2]:
            warm.advance()
        for _ in warm.columns():
            pass
        given = given._replace(plan=small, folder=Path(scratch, "timed"), size=size)
        again = _Watched(given, keeps=keeps)
        again.begin()
        took, stored, beside = list[float](), list[int](), list[float]()
        end = time.perf_counter() + SECONDS
        while _goes_on(small, len(took), end):
            again.seconds, again.stored, began = 0.0, 0, time.process_time()
            again.advance()
            again.history.clear()
            took.append(again.seconds)
            stored.append(again.stored)
            beside.append(max(0.0, time.process_time() - began - again.seconds))
        digest, began = RunDigest(useful), time.process_time()
        for columns in again.columns():
            digest.communities(columns)
        ended = time.process_time() - began
    steps = len(plan.steps)
    later = took[1:2] + took[1:]
    step = _mean(later, steps) if later else took[0]
    begun = max(0.0, took[0] - later[0]) if later else 0.0
    last = stored[-1] / small.people * (steps / len(stored)) ** growth
    mean = (sum(stored) / small.people + (steps - len(stored)) * last) / steps
    return Costs(
        small.people, begun, step, ended, sum(beside) / len(beside), mean, last, again.written
    )


class _Timed:
    """A driver that notes how long the sweep itself takes; the rest does not grow with people."""

    def __init__(self, inner: Driver, clock: Callable[[], float]) -> None:
        self.inner, self.name, self.workers = inner, inner.name, inner.workers
        self.can_note, self.clock = inner.can_note, clock
        self.seconds = 0.0

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        self._timed(self.inner.begin, seed, communities, *arrays)

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        self._timed(self.inner.step, seed, communities, *arrays)

    def bring_home(self, arrays: Any) -> None:
        self.inner.bring_home(arrays)

    def _timed(self, call: Callable[..., None], *given: Any) -> None:
        began = self.clock()
        call(*given)
        self.seconds += self.clock() - began


class _Watched(Streamed):
    """A society in files that notes what each thread does for shards, and how fast it writes."""

    def __init__(self, given: Given, *, keeps: bool) -> None:
        super().__init__(given)
        self._wants, self._lock = keeps, Lock()
        self._clock = time.perf_counter if given.device == "cuda" else time.thread_time
        self.seconds, self.stored, self.written = 0.0, 0, float("inf")

    def begin(self) -> None:
        super().begin()
        self._keeps = self._wants

    def _lead(self, shard: Shard) -> Left:
        with self._noted():
            return super()._lead(shard)

    def _write(self, file: Path, packed: bytes) -> None:
        began = time.perf_counter()
        with self._noted():
            super()._write(file, packed)
        self.stored += len(packed)
        self.written = min(self.written, (time.perf_counter() - began) / len(packed))

    def _keep(self, file: Path, rows: bytes) -> None:
        with self._noted():
            super()._keep(file, rows)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        began = self._clock()
        yield
        took = self._clock() - began
        with self._lock:
            self.seconds += took


def _small(plan: Plan, communities: int) -> Plan:
    """Plan the first communities of a society alone."""
    people = min(plan.people, communities * plan.sizes.slots)
    scenario = plan.experiment.scenario.model_copy(update={"people": people})
    small = make_plan(replace(plan.experiment, scenario=scenario))
    for when in small.steps:
        small.tables_of(when)  # a law takes as long to read however many people there are
    return small


def _useful(workers: int) -> int:
    return min(workers, os.cpu_count() or 1)


def _goes_on(plan: Plan, steps: int, end: float) -> bool:
    """Say whether one more step is timed."""
    return steps < len(plan.steps) and (steps < STEPS or time.perf_counter() < end)


def _mean(took: Sequence[float], steps: int) -> float:
    """Give the mean of all steps; those that were not timed take what the last ones took."""
    last = took[-(len(took) // 4 or 1) :]
    return (sum(took) + max(0, steps - len(took)) * sum(last) / len(last)) / max(steps, len(took))


def _heed(_done: int, _of: int) -> None:
    """Go on."""


def _tell(_text: str) -> None:
    """Tell nobody."""
