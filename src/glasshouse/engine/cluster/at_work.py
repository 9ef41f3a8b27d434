"""What a worker does: it leads a shard through a step, writes one down, says what one left.

A worker knows nothing but what an order tells it. It lays its communities out again from their
address, as :mod:`glasshouse.engine.streamed` does, and keeps the shard as the bytes of its file.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from distributed import get_worker

from glasshouse.archive.shard import steps_of, unpacked_shard, write_shard
from glasshouse.engine.cluster.likeness import Likeness, likeness, refuse_others
from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.shards import Lasting, Lead
from glasshouse.engine.streamed import Shard, next_of
from glasshouse.engine.tables import Institutions
from glasshouse.errors import DamagedRun, DiskFull

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from glasshouse.engine.shards import Left
    from glasshouse.law.experiment import Experiment


@dataclass(frozen=True)
class Order:
    """What a worker must know of a run, the same for all its shards and steps."""

    run: str
    """Which run it is: what is not compared follows from it."""
    device: str
    experiment: Experiment = field(compare=False, repr=False)
    first: Institutions = field(compare=False, repr=False)
    """What the institutions had decided for the first step."""
    alike: Likeness = field(repr=False)
    """What the leader is."""


class Stepped(NamedTuple):
    """A shard after so many steps."""

    shard: Shard
    steps: int
    packed: bytes
    """What its file would hold; it stays where it is."""
    left: Left | None
    """What goes back to the leader; nothing where the shard was only handed on."""
    lasting: tuple[bytes | memoryview, ...] = ()
    """What no step changes, from step to step; where it is missing the shard is laid out again."""


class Desk:
    """Where a worker process works on the shards of one run."""

    def __init__(self, order: Order) -> None:
        """Take the order; a worker that is not what its leader is refuses it."""
        if likeness() != order.alike:
            refuse_others({get_worker().address: likeness()}, order.alike)
        self.order = order
        self.first = as_made_here(order.first)
        self.plan = make_plan(order.experiment)
        self._leads: SimpleQueue[Lead] = SimpleQueue()

    @contextmanager
    def leading(self) -> Iterator[Lead]:
        """Give what leads a shard; there are as many as threads have asked at once."""
        try:
            lead = self._leads.get_nowait()
        except Empty:
            lead = Lead(self.plan, driver_of(self.order.device), self.order.run)
        try:
            yield lead
        finally:
            self._leads.put(lead)


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
    desk, (first, number, _) = desk_of(order), shard
    if isinstance(before, Path):
        before = taken(shard, step)
    with desk.leading() as lead:
        content, lasting = None, Lasting()
        if before is not None:
            lasting.blocks += before.lasting
            head = lead.head(before.steps, first, number)
            content = unpacked_shard(before.packed, head, str(shard.file))
            if before.steps == step + 1:
                return before._replace(left=lead.left(first, content))
        whole = np.zeros((len(attention), desk.plan.communities), attention.dtype.type)
        whole[:, first : first + number] = attention
        own = as_made_here(decided._replace(attention=whole))
        lasting.is_wanted = not lasting.blocks and step + 1 < len(desk.plan.steps)
        packed, left = lead.step(step, first, number, content, desk.first, own, lasting)
    return Stepped(shard, step + 1, packed, left, tuple(lasting.blocks))


def taken(shard: Shard, step: int) -> Stepped | None:
    """Take a shard from its file; before the first step there need be none."""
    steps = steps_of(shard.file)
    if steps < 0 and step == 0:
        return None
    try:
        packed = shard.file.read_bytes()
    except OSError as error:
        text = f"{shard.file} cannot be read: {error.strerror or error}"
        raise DamagedRun(text) from error
    return Stepped(shard, step + 1 if steps == step + 1 else step, packed, None)


def left_by(stepped: Stepped) -> Left | None:
    """Give what a step left, without the shard itself."""
    return stepped.left


def packed_of(stepped: Stepped) -> bytes:
    """Give the shard itself, for the leader."""
    return stepped.packed


def written(stepped: Stepped) -> None:
    """Write a shard down beside its file, where the leader keeps its run and looks for it."""
    with suppress(OSError, DiskFull):
        write_shard(next_of(stepped.shard.file), stepped.packed)


def seen(folder: str, mark: str) -> None:
    """Leave a file in a folder of the leader, where it can be seen from here."""
    with suppress(OSError):
        Path(folder, f"{mark}{secrets.token_hex(8)}").touch()
