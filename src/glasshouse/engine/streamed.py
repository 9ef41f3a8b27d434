"""A society that does not fit the memory: its communities stay in files, shard after shard.

A worker takes a shard through the whole of a step by itself: the society is laid out again from its
address, what has moved is read, the sweep runs, and the shard is put back in its place. What passes
between shards are counts, so nothing else is held. A shard that cannot be read is made again from
the seed and from what the institutions had decided: it needs nothing that other shards hold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.archive.columns import Columns, columns_of
from glasshouse.archive.history import Thin
from glasshouse.archive.shard import Head, read_shard, steps_of, write_shard
from glasshouse.engine.communities import Communities, empty_counts
from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.institutions import Bureau
from glasshouse.engine.plan.plan import Plan
from glasshouse.engine.replay import between
from glasshouse.engine.simulation import StepRecord, decided_arrays, empty_memory, take_decided
from glasshouse.engine.tables import Counts, Institutions
from glasshouse.errors import DamagedRun

Heed = Callable[[int, int], None]
"""Called between shards with those that are done and those in all; may raise to stop."""


Told = Callable[[str], None]
"""Called with what a user should know and need not act upon."""


class Shard(NamedTuple):
    """Some communities and the file that they stay in."""

    first: int
    number: int
    file: Path


class Left(NamedTuple):
    """What a shard leaves behind when it has taken a step."""

    shard: Shard
    counts: Thin
    recorded: NDArray[np.int32]
    """[community, arm]"""
    provinces: NDArray[np.uint8]
    """[community]"""
    exposed: NDArray[np.int64]
    """[type]"""


class Streamed:
    """A society and its arms, from the first step to the last, in files.

    It is used as :class:`glasshouse.engine.simulation.Simulation` is, and gives the same bits.
    """

    def __init__(
        self,
        plan: Plan,
        device: str,
        workers: int,
        folder: Path,
        run: str,
        size: int,
        heed: Heed,
        told: Told,
    ) -> None:
        """Take memory for ``workers`` shards of ``size`` communities; files lie in ``folder``.

        ``run`` says of which run they are, so that no other's are taken; ``heed`` is called
        between shards, and ``told`` of what was damaged and made again.
        """
        self.plan, self.workers, self.heed, self.told = plan, workers, heed, told
        self.history: list[StepRecord] = []
        self.finished_steps = 0
        self.decided: list[Institutions] = []
        """What the institutions had decided for each finished step."""
        self._run, self._device = run, device
        self._shards = [
            Shard(first, min(size, plan.communities - first), folder / f"{number:06}.shard")
            for number, first in enumerate(range(0, plan.communities, size))
        ]
        self._bureau = Bureau(plan)
        self._recorded = np.zeros((plan.communities, plan.sizes.arms), np.int32)
        self._memory = empty_memory(plan, np.zeros(plan.communities, np.uint8))
        self._next = self._bureau.first(self._memory)
        self._first = self._next
        self._size = min(size, plan.communities)
        self._places: SimpleQueue[Communities] = SimpleQueue()
        for _ in range(workers):
            self._places.put(Communities(plan, driver_of(device), 0, self._size))

    def begin(self) -> None:
        """Begin with no file at all: a shard is laid out when it takes its first step."""
        self._shards[0].file.parent.mkdir(exist_ok=True)

    def advance(self) -> StepRecord:
        """Run the next step, shard by shard; those that have taken it already are not run again."""
        when = self.plan.steps[self.finished_steps]
        counts = Counts(*(one[0] for one in empty_counts(self.plan, 1)))
        if self.finished_steps == 0:
            self._memory.exposed[:] = 0
        for left in self._each(self._lead):
            self._take(left, counts)
        record = StepRecord(when, counts, self._next)
        self.history.append(record)
        self.decided.append(self._next)
        self.finished_steps += 1
        if self.finished_steps < len(self.plan.steps):
            self._next = self._bureau.decide(
                self.plan.steps[self.finished_steps], when, counts, self._recorded, self._memory
            )
        return record

    def _each(self, work: Callable[[Shard], Left]) -> Iterator[Left]:
        """Let the workers take the shards, in order; whoever stops waits for those under way."""
        waiting = iter(self._shards)
        under_way: set[Future[Left]] = set()
        done = 0
        with ThreadPoolExecutor(self.workers) as pool:
            while True:
                self.heed(done, len(self._shards))
                for shard in waiting:
                    under_way.add(pool.submit(work, shard))
                    if len(under_way) == self.workers:
                        break
                if not under_way:
                    return
                finished, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                for left in finished:
                    done += 1
                    yield left.result()

    def _take(self, left: Left, counts: Counts) -> None:
        """Add a shard's counts to those of the society, and note what is kept by community."""
        first, last = left.shard.first, left.shard.first + left.shard.number
        for name, array in zip(counts._fields, counts, strict=True):
            _, places, values = left.counts.cells[name]
            array.reshape(-1)[places] += values
        self._recorded[first:last] = left.recorded
        self._memory.provinces[first:last] = left.provinces
        if self.finished_steps == 0:
            self._memory.exposed += left.exposed

    def _lead(self, shard: Shard) -> Left:
        """Lead a shard through the step at hand, unless it has taken it before a stop."""
        steps = self.finished_steps
        with self._place(shard) as there:
            exposed = there.begin(self._first)
            if steps_of(shard.file) == steps + 1:
                counts = self._read(there, shard, steps + 1)
            else:
                if steps > 0:
                    self._read(there, shard, steps)
                counts = self._step(there, shard, steps, self._next)
                head = Head(self._run, steps + 1, shard.first, shard.number)
                write_shard(shard.file, head, columns_of(there.world), counts)
            world = there.world
            recorded = world.opened.recorded_acts.copy()
            return Left(shard, counts, recorded, world.place.province.copy(), exposed)

    @contextmanager
    def _place(self, shard: Shard) -> Iterator[Communities]:
        """Give the memory for a shard, for as long as it is needed."""
        there = self._place_for(shard)
        try:
            yield there
        finally:
            self._give_back(there)

    def _place_for(self, shard: Shard) -> Communities:
        """Take memory for a shard; the last one may be shorter than the others."""
        if shard.number < self._size:
            return Communities(self.plan, driver_of(self._device), shard.first, shard.number)
        there = self._places.get()
        there.move_to(shard.first)
        return there

    def _give_back(self, there: Communities) -> None:
        """Leave memory to the next shard."""
        if there.number == self._size:
            self._places.put(there)

    def _step(self, there: Communities, shard: Shard, step: int, decided: Institutions) -> Thin:
        own = between(decided, shard.first, shard.first + shard.number)
        return Thin.of(there.step(self.plan.steps[step], own)._asdict())

    def _read(self, there: Communities, shard: Shard, steps: int) -> Thin:
        """Read a shard after so many steps; make it again where its file is damaged."""
        head = Head(self._run, steps, shard.first, shard.number)
        try:
            return read_shard(shard.file, head, columns_of(there.world))
        except DamagedRun as error:
            self.told(f"{error}; made again from its seed")
        there.move_to(shard.first)
        there.begin(self._first)
        counts = Thin({})
        for step, decided in zip(range(steps), (*self.decided, self._next), strict=False):
            counts = self._step(there, shard, step, decided)
        write_shard(shard.file, head, columns_of(there.world), counts)
        return counts

    def columns(self) -> Iterator[Columns]:
        """Give all communities in order, as the archive takes them, a shard at a time.

        While one is taken the other workers read those that come next.
        """
        with ThreadPoolExecutor(self.workers) as pool:
            ahead: deque[Future[Communities]] = deque()
            waiting = iter(self._shards)
            for done in range(len(self._shards)):
                self.heed(done, len(self._shards))
                ahead += [
                    pool.submit(self._brought, shard)
                    for shard in islice(waiting, self.workers - len(ahead))
                ]
                there = ahead.popleft().result()
                yield columns_of(there.world)
                self._give_back(there)
        self.heed(len(self._shards), len(self._shards))

    def _brought(self, shard: Shard) -> Communities:
        """Bring a shard into memory as its file has it."""
        there = self._place_for(shard)
        there.begin(self._first)
        self._read(there, shard, self.finished_steps)
        return there

    def snapshot(self) -> dict[str, Any]:
        """Give what is needed to go on besides the shards, by name."""
        return decided_arrays(self._next, self._memory) | {
            "memory.exposed": self._memory.exposed.copy(),
            "memory.provinces": self._memory.provinces.copy(),
        }

    def restore(
        self, finished_steps: int, arrays: dict[str, Any], decided: Iterable[Institutions]
    ) -> None:
        """Go on from a snapshot and from the shards as they lie there.

        ``decided`` is what the institutions had decided for each finished step.
        """
        self.begin()
        self.decided = list(decided)
        self._next = take_decided(arrays, self._memory)
        self._memory.exposed = arrays["memory.exposed"]
        self._memory.provinces = arrays["memory.provinces"]
        self.finished_steps = finished_steps
