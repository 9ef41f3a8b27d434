"""A society that does not fit the memory: its communities stay in files, shard after shard.

A worker takes a shard through the whole of a step by itself (see ``engine.shards``) and puts it
back in its place. What passes between shards are counts, so nothing else is held. A shard that
cannot be read is made again from the seed and from what the institutions had decided: it needs
nothing that other shards hold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.archive.columns import Columns
from glasshouse.archive.history import Thin
from glasshouse.archive.shard import (
    Content,
    packed_shard,
    read_shard,
    steps_of,
    unpacked_shard,
    write_shard,
)
from glasshouse.archive.store import fitted
from glasshouse.engine.behind import Behind, foresee
from glasshouse.engine.communities import counts_in, empty_sums
from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.estimate import keeps_rows
from glasshouse.engine.institutions import Bureau
from glasshouse.engine.plan.plan import Plan
from glasshouse.engine.shards import CELLS, Lasting, Lead, Left
from glasshouse.engine.simulation import StepRecord, decided_arrays, empty_memory, take_decided
from glasshouse.engine.tables import Institutions
from glasshouse.errors import DamagedRun, DiskFull

Heed = Callable[[int, int], None]
"""Called between shards with those that are done and those in all; may raise to stop."""


Told = Callable[[str], None]
"""Called with what a user should know and need not act upon."""


class Shard(NamedTuple):
    """Some communities and the file that they stay in."""

    first: int
    number: int
    file: Path


class Given(NamedTuple):
    """What a society in files is given, whoever leads it."""

    plan: Plan
    device: str
    workers: int
    folder: Path
    """Where its files lie."""
    run: str
    """Of which run they are, so that no other's are taken."""
    size: int
    """Communities of a file; the last may have fewer."""
    heed: Heed
    """Called between shards."""
    told: Told
    """Called with what was damaged and made again."""
    collect: str = "counts"
    """What else will want room on the disk."""


LASTING = 0
"""The steps that a file says where it holds what no step changes."""


def beside(shard: Shard) -> Path:
    """Give the file of what no step changes of a shard."""
    return shard.file.with_suffix(".rows")


def next_of(file: Path) -> Path:
    """Give where a shard lies until a checkpoint of all shards counts."""
    return file.with_suffix(".next")


def settle(shards: Iterable[Shard], steps: int) -> None:
    """Put what lies beside the files in their places, where it is of the checkpoint that counts."""
    for shard in shards:
        fresh = next_of(shard.file)
        if steps_of(fresh) == steps:
            fresh.replace(shard.file)
        else:
            fresh.unlink(missing_ok=True)


def shards_done(plan: Plan, steps: int, done: int, of: int) -> tuple[int, int]:
    """Give how far a society is that has finished steps and shards of the next one, and of what.

    All shards are read once more at the end, for the digest.
    """
    return steps * of + done, (len(plan.steps) + 1) * of


class Streamed:
    """A society and its arms, from the first step to the last, in files.

    It is used as :class:`glasshouse.engine.simulation.Simulation` is, and gives the same bits.
    """

    is_kept_by_step = True
    """Shards move on in their files, so what else is known of a step must not stay behind."""

    def __init__(self, given: Given) -> None:
        """Take memory for the workers."""
        self.plan, self.workers = given.plan, given.workers
        self.heed, self.told = given.heed, given.told
        self.history: list[StepRecord] = []
        self.finished_steps = 0
        self.decided: list[Institutions] = []
        """What the institutions had decided for each finished step."""
        plan, size = self.plan, given.size
        self._shards = [
            Shard(first, min(size, plan.communities - first), given.folder / f"{number:06}.shard")
            for number, first in enumerate(range(0, plan.communities, size))
        ]
        self._bureau = Bureau(plan)
        self._recorded = np.zeros((plan.communities, plan.sizes.arms), np.int32)
        self._memory = empty_memory(plan, np.zeros(plan.communities, np.uint8))
        self._next = self._bureau.first(self._memory)
        self._first = self._next
        self._collect, self._keeps = given.collect, False
        """Whether what no step changes is kept, too; a file of it saves laying the shard out."""
        self._leads: SimpleQueue[Lead] = SimpleQueue()
        for _ in range(given.workers):
            self._leads.put(Lead(plan, driver_of(given.device), given.run))

    @property
    def exposed(self) -> Any:
        """How many rows are exposed to each act type at the start."""
        return self._memory.exposed

    def begin(self) -> None:
        """Begin with what lies there; a shard without a file is laid out at its first step."""
        folder = self._shards[0].file.parent
        folder.mkdir(exist_ok=True)
        settle(self._shards, self.finished_steps)
        size = self._shards[0].number
        lying = sum(file.stat().st_size for file in folder.iterdir())
        self._keeps = keeps_rows(self.plan, self.workers, self._collect, size, folder, lying)

    def advance(self) -> StepRecord:
        """Run the next step, shard by shard; those that have taken it already are not run again."""
        when = self.plan.steps[self.finished_steps]
        cells = empty_sums(self.plan, 1).cells[0]
        if self.finished_steps == 0:
            self._memory.exposed[:] = 0
        for left in self._each():
            self._take(left, cells)
        counts = counts_in(self.plan, cells)
        record = StepRecord(when, counts, self._next)
        self.history.append(record)
        self.decided.append(self._next)
        self.finished_steps += 1
        if self.finished_steps < len(self.plan.steps):
            self._next = self._bureau.decide(
                self.plan.steps[self.finished_steps], when, counts, self._recorded, self._memory
            )
        return record

    def _each(self) -> Iterator[Left]:
        """Let the workers take the shards, in order; whoever stops waits for those under way."""
        waiting = iter(self._shards)
        under_way: set[Future[Left]] = set()
        done = 0
        # Written behind: what waits to be written is written before anybody goes on.
        with Behind(self.workers) as self._behind, ThreadPoolExecutor(self.workers) as pool:
            while True:
                self._behind.check()
                self.heed(done, len(self._shards))
                for shard in waiting:
                    under_way.add(pool.submit(self._lead, shard))
                    if len(under_way) == self.workers:
                        break
                if not under_way:
                    return
                finished, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                for left in finished:
                    done += 1
                    yield left.result()

    def _take(self, left: Left, cells: NDArray[np.int64]) -> None:
        """Add a shard's counts to those of the society, and note what is kept by community."""
        first, last = left.first, left.first + len(left.provinces)
        _, places, values = left.counts.cells[CELLS]
        cells.reshape(-1)[places] += values
        self._recorded[first:last] = left.recorded
        self._memory.provinces[first:last] = left.provinces
        if self.finished_steps == 0:
            self._memory.exposed += left.exposed

    def _lead(self, shard: Shard) -> Left:
        """Lead a shard through the step at hand, unless it has taken it before a stop."""
        steps = self.finished_steps
        ahead = self._shards[shard.first // self._shards[0].number + self.workers :][:1]
        foresee(file for one in ahead for file in (one.file, beside(one)))
        with self._leading() as lead:
            if steps_of(shard.file) == steps + 1:
                return lead.left(shard.first, self._read(lead, shard, steps + 1))
            before = self._read(lead, shard, steps) if steps > 0 else None
            lasting = self._lasting(lead, shard, is_wanted=self._keeps)
            packed, left = lead.step(
                steps, shard.first, shard.number, before, self._first, self._next, lasting
            )
            if lasting.is_wanted:
                head = lead.head(LASTING, shard.first, shard.number)
                rows = packed_shard(head, lasting.blocks, Thin({}), Thin({}))
                self._behind.write(lambda: self._keep(beside(shard), rows))
        self._behind.write(lambda: self._write(shard.file, packed))
        return left

    def _write(self, file: Path, packed: bytes) -> None:
        """Write a shard."""
        fitted(lambda: write_shard(file, packed), self.make_room)

    def make_room(self) -> bool:
        """Drop what no step changes, which is laid out again instead; say whether any was kept."""
        self._keeps = False
        kept = [file for file in map(beside, self._shards) if file.exists()]
        for file in kept:
            file.unlink(missing_ok=True)
        if kept:
            self.told("the disk is full: what no step changes is no longer kept, to make room")
        return bool(kept)

    def _keep(self, file: Path, rows: bytes) -> None:
        """Keep what no step changes; where the disk is full it is laid out again instead."""
        try:
            if self._keeps:
                write_shard(file, rows)
        except DiskFull:
            self._keeps = False

    def _lasting(self, lead: Lead, shard: Shard, *, is_wanted: bool) -> Lasting:
        """Read what no step changes of a shard; without such a file it is laid out again."""
        lasting = Lasting()
        try:
            head = lead.head(LASTING, shard.first, shard.number)
            lasting.blocks += read_shard(beside(shard), head).blocks
        except DamagedRun:
            lasting.is_wanted = is_wanted
        return lasting

    @contextmanager
    def _leading(self) -> Iterator[Lead]:
        lead = self._leads.get()
        try:
            yield lead
        finally:
            self._leads.put(lead)

    def _read(self, lead: Lead, shard: Shard, steps: int) -> Content:
        """Read a shard after so many steps; make it again where its file is damaged."""
        head = lead.head(steps, shard.first, shard.number)
        try:
            return read_shard(shard.file, head)
        except DamagedRun as error:
            self.told(f"{error}; made again from its seed")
        packed = lead.again(steps, shard.first, shard.number, [*self.decided, self._next])
        self._write(shard.file, packed)
        return unpacked_shard(packed, head, str(shard.file))

    def columns(self) -> Iterator[Columns]:
        """Give all communities in order, as the archive takes them, a few at a time.

        While some are taken the other workers bring those that come next.
        """
        with ThreadPoolExecutor(self.workers) as pool:
            ahead: deque[Future[tuple[Lead, Columns]]] = deque()
            for done, shard in enumerate(self._shards):
                self.heed(done, len(self._shards))
                # Those ahead hold a worker each, but for one.
                with self._leading() as lead:
                    content = self._read(lead, shard, self.finished_steps)
                    lasting = self._lasting(lead, shard, is_wanted=False)
                parts = lead.parts(shard.first, shard.number)
                for place, (part, block) in enumerate(zip(parts, content.blocks, strict=True)):
                    ahead.append(pool.submit(self._brought, *part, block, lasting.of(place)))
                    if len(ahead) == self.workers:
                        yield from self._taken(ahead.popleft())
            while ahead:
                yield from self._taken(ahead.popleft())
        self.heed(len(self._shards), len(self._shards))

    def _brought(
        self, first: int, number: int, moving: memoryview, lasting: memoryview | None
    ) -> tuple[Lead, Columns]:
        """Bring some communities into memory as files have them."""
        lead = self._leads.get()
        return lead, lead.brought(first, number, moving, lasting, self._first)

    def _taken(self, brought: Future[tuple[Lead, Columns]]) -> Iterator[Columns]:
        lead, columns = brought.result()
        yield columns
        self._leads.put(lead)

    @property
    def files(self) -> tuple[Path, ...]:
        """The shards as they lie there; they are replaced, never written into."""
        return tuple(shard.file for shard in self._shards)

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
        self.finished_steps = finished_steps
        self.begin()
        self.decided = list(decided)
        self._next = take_decided(arrays, self._memory)
        self._memory.exposed = arrays["memory.exposed"]
        self._memory.provinces = arrays["memory.provinces"]
