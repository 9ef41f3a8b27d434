"""What a worker does: it leads a shard through a step, writes one down, says what one left.

A worker knows nothing but what an order tells it. It lays its communities out again from their
address, as :mod:`glasshouse.engine.streamed` does, and keeps the shard as the bytes of its file.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from distributed import get_worker

from glasshouse.archive.columns import columns_of
from glasshouse.archive.history import Thin
from glasshouse.archive.shard import Head, packed_shard, steps_of, unpack_shard
from glasshouse.archive.store import write_aside
from glasshouse.engine.cluster.likeness import Likeness, likeness, refuse_others
from glasshouse.engine.communities import Communities
from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.streamed import Left, Shard, next_of
from glasshouse.engine.tables import Institutions
from glasshouse.errors import DamagedRun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from glasshouse.law.experiment import Experiment


@dataclass(frozen=True)
class Order:
    """What a worker must know of a run, the same for all its shards and steps."""

    run: str
    """Which run it is; everything else follows from it."""
    device: str
    size: int
    """Communities of a shard."""
    experiment: Experiment = field(compare=False, repr=False)
    first: Institutions = field(compare=False, repr=False)
    """What the institutions had decided for the first step."""
    alike: Likeness = field(compare=False, repr=False)
    """What the leader is."""


class Stepped(NamedTuple):
    """A shard after so many steps."""

    steps: int
    packed: bytes
    """What its file would hold; it stays where it is."""
    left: Left | None
    """What goes back to the leader; nothing where the shard was only handed on."""


class Desk:
    """Where a worker process works on the shards of one run."""

    def __init__(self, order: Order) -> None:
        """Take the order; a worker that is not what its leader is refuses it."""
        if likeness() != order.alike:
            refuse_others({get_worker().address: likeness()}, order.alike)
        self.order = order
        self.first = as_made_here(order.first)
        self.plan = make_plan(order.experiment)
        self._places: SimpleQueue[Communities] = SimpleQueue()

    @contextmanager
    def place(self, first: int, number: int) -> Iterator[Communities]:
        """Give the memory for a shard, laid out; there are as many as threads have asked at once.

        The last shard may be shorter than the others and takes memory of its own.
        """
        whole = number == self.order.size
        try:
            there = self._places.get_nowait() if whole else None
        except Empty:
            there = None
        if there is None:
            there = Communities(self.plan, driver_of(self.order.device), first, number)
        else:
            there.move_to(first)
        try:
            yield there
        finally:
            if whole:
                self._places.put(there)


def as_made_here(decided: Institutions) -> Institutions:
    """Give tables that came by the wire as a process makes them itself.

    What Dask unpacks may be read-only or name its byte order, and compiled code would be compiled
    once more for either.
    """
    return Institutions(*(np.array(table, table.dtype.type) for table in decided))


@lru_cache(maxsize=2)
def desk_of(order: Order) -> Desk:
    """Give the desk for an order; planning a run takes a while and is done once a worker."""
    return Desk(order)


def handed(value: Any) -> Any:
    """Give what the leader hands out: by a task, so that it can be had again if it was lost."""
    return value


def led(
    order: Order,
    shard: Shard,
    step: int,
    before: Stepped | Path | None,
    decided: Institutions,
    attention: NDArray[Any],
) -> Stepped:
    """Lead a shard through a step: from its last result, from its file, or from its seed alone.

    What has taken the step already, before a stop, is taken as it is. ``attention`` is the part of
    the institutions' tables that is the shard's own.
    """
    desk, where = desk_of(order), str(shard.file)
    if isinstance(before, Path):
        before = taken(before, step)
    with desk.place(shard.first, shard.number) as there:
        exposed = there.begin(desk.first)
        columns = columns_of(there.world)
        head = Head(order.run, step + 1, shard.first, shard.number)
        if before is not None and before.steps == step + 1:
            packed = before.packed
            counts = unpack_shard(packed, head, columns, where)
        else:
            if before is not None:
                unpack_shard(before.packed, head._replace(step=step), columns, where)
            own = as_made_here(decided._replace(attention=attention))
            counts = Thin.of(there.step(desk.plan.steps[step], own)._asdict())
            packed = packed_shard(head, columns, counts)
        world = there.world
        recorded = world.opened.recorded_acts.copy()
        left = Left(shard, counts, recorded, world.place.province.copy(), exposed)
    return Stepped(step + 1, packed, left)


def taken(file: Path, step: int) -> Stepped | None:
    """Take a shard from its file; before the first step there need be none."""
    steps = steps_of(file)
    if steps < 0 and step == 0:
        return None
    try:
        return Stepped(steps, file.read_bytes(), None)
    except OSError as error:
        raise DamagedRun(f"{file} cannot be read: {error.strerror or error}") from error


def left_by(stepped: Stepped) -> Left | None:
    """Give what a step left, without the shard itself."""
    return stepped.left


def packed_of(stepped: Stepped) -> bytes:
    """Give the shard itself, for the leader."""
    return stepped.packed


def written(stepped: Stepped) -> None:
    """Write a shard down beside its file, where the leader keeps its run."""
    if stepped.left is not None:
        write(next_of(stepped.left.shard.file), stepped.packed)


def write(place: Path, packed: bytes) -> None:
    """Write a packed shard aside and put it in its place."""
    write_aside(place, lambda file: file.write_bytes(packed))


def seen(folder: str, name: str) -> bool:
    """Say whether a folder of the leader can be written from here, by leaving a file in it."""
    try:
        Path(folder, name).touch()
    except OSError:
        return False
    return True
