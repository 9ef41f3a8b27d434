"""Some communities led through a step from bytes to bytes, a few at a time.

Few are taken at once, so that they stay in the processor's own memory from being laid out to being
packed; how many communities a shard holds is then a matter of its file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.archive.columns import columns_of
from glasshouse.archive.history import Thin
from glasshouse.archive.shard import Head, packed_shard, unpacked_shard
from glasshouse.engine.communities import Communities
from glasshouse.engine.drivers import Driver
from glasshouse.engine.packing.packer import Packer
from glasshouse.engine.replay import between

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from glasshouse.archive.columns import Columns
    from glasshouse.archive.shard import Content
    from glasshouse.engine.plan.plan import Plan
    from glasshouse.engine.tables import Institutions

MOST_AT_ONCE = 8
"""Communities of 2,048 rows that a worker holds at once."""

ROWS_AT_ONCE = MOST_AT_ONCE * 2048


CELLS = "cells"
"""The name of all counts, one behind the other."""


class Left(NamedTuple):
    """What a shard leaves behind when it has taken a step."""

    first: int
    """Its first community."""
    counts: Thin
    """All counts in one."""
    recorded: NDArray[np.int32]
    """[community, arm]"""
    provinces: NDArray[np.uint8]
    """[community]"""
    exposed: NDArray[np.int64]
    """[type]; of the first step alone"""


class Lasting:
    """What no step changes of a shard, block by block, where it is kept."""

    def __init__(self, *, is_wanted: bool = False) -> None:
        """Hold nothing; ``is_wanted``: blocks are added by whoever lays the shard out."""
        self.is_wanted = is_wanted
        self.blocks: list[bytes | memoryview] = []

    def of(self, place: int) -> memoryview | None:
        """Give a block, if it is there."""
        return None if self.is_wanted or not self.blocks else memoryview(self.blocks[place])


def at_once(plan: Plan) -> int:
    """Give how many communities a worker holds at once."""
    return max(1, min(plan.communities, ROWS_AT_ONCE // plan.sizes.slots))


class Lead:
    """Leads shards of a run through steps; one at a time."""

    def __init__(self, plan: Plan, driver: Driver, run: str) -> None:
        """Take the memory for a few communities; ``run`` says of which run they are."""
        self.plan, self.run = plan, run
        self.number = at_once(plan)
        self.there = Communities(plan, driver, 0, self.number)
        self.packer = Packer(plan.sizes, self.there.arena, is_compiled=driver.name != "python")

    def head(self, steps: int, first: int, number: int) -> Head:
        """Give what a shard's file says first after so many steps."""
        return Head(self.run, steps, first, number, self.number)

    def step(
        self, steps: int, first: int, number: int, before: Content | None, begin: Institutions,
        decided: Institutions, lasting: Lasting | None = None,
    ) -> tuple[bytes, Left]:  # fmt: skip
        """Lead a shard through the step that follows on ``steps``; give it packed again.

        ``before`` is what it holds (None: nothing yet), ``begin`` what institutions had decided at
        the start, ``decided`` for this step, of all communities; ``lasting`` is what no step
        changes, which is written there if nothing stands there yet.
        """
        lasting = Lasting() if lasting is None else lasting
        there, blocks = self.there, []
        arms = self.plan.sizes.arms
        recorded = np.zeros((number, arms), np.int32)
        provinces = np.zeros(number, np.uint8)
        exposed = np.zeros(self.plan.sizes.types, np.int64)
        there.count_again()
        for place, (at, some) in enumerate(self.parts(first, number)):
            moving = None if before is None else before.blocks[place]
            exposed += self._take(at, some, moving, lasting.of(place), begin)
            if lasting.is_wanted:
                lasting.blocks.append(self.packer.lasting(some, there.world.opened))
            self.packer.forget()
            there.add_step(self.plan.steps[steps], between(decided, at, at + some))
            blocks.append(self.packer.moving(some, there.world.opened))
            here = slice(at - first, at - first + some)
            recorded[here] = there.world.opened.recorded_acts[:some]
            provinces[here] = there.world.place.province[:some]
        left = Left(first, Thin.of({CELLS: there.cells()}), recorded, provinces, exposed)
        beside: dict[str, NDArray[Any]] = {"recorded": recorded, "provinces": provinces}
        if steps == 0:
            beside["exposed"] = exposed
        head = self.head(steps + 1, first, number)
        return packed_shard(head, blocks, left.counts, Thin.of(beside)), left

    def left(self, first: int, content: Content) -> Left:
        """Give what a shard left behind that has taken its step."""
        beside = content.beside
        exposed = beside.get("exposed", np.zeros(self.plan.sizes.types, np.int64))
        recorded, provinces = beside["recorded"], beside["provinces"]
        return Left(
            first, content.counts, recorded.astype(np.int32), provinces.astype(np.uint8), exposed
        )

    def again(
        self, steps: int, first: int, number: int, decided: Sequence[Institutions]
    ) -> bytes:  # fmt: skip
        """Make a shard again from its seed and from what the institutions had decided."""
        content, packed = None, b""
        for step in range(steps):
            packed, _ = self.step(step, first, number, content, decided[0], decided[step])
            content = unpacked_shard(packed, self.head(step + 1, first, number), "")
        return packed

    def packed(self, steps: int, columns: Columns) -> bytes:
        """Give communities that lie elsewhere as a shard; nobody will ask for their last step."""
        first, number = columns.first_community, len(columns.people)
        into, blocks = columns_of(self.there.world).arrays, []
        for at, some in self.parts(first, number):
            here = columns.between(at - first, at - first + some)
            for name, array in here.arrays.items():
                into[name][:some] = array
            blocks.append(self.packer.moving(some, self.there.world.opened))
        return packed_shard(self.head(steps, first, number), blocks, Thin({}), Thin({}))

    def brought(
        self, first: int, number: int, moving: memoryview, lasting: memoryview | None,
        begin: Institutions,
    ) -> Columns:  # fmt: skip
        """Give communities of a shard as the archive takes them, until others are brought."""
        self._take(first, number, moving, lasting, begin)
        return columns_of(self.there.world).between(0, number)

    def parts(self, first: int, number: int) -> Iterator[tuple[int, int]]:
        """Give the first community and the number of those that are taken at once."""
        for at in range(first, first + number, self.number):
            yield at, min(self.number, first + number - at)

    def _take(
        self, first: int, number: int, moving: memoryview | None, lasting: memoryview | None,
        begin: Institutions,
    ) -> NDArray[Any]:  # fmt: skip
        """Lay some communities out, or fill what lasts of them; fill what has moved."""
        there = self.there
        there.move_to(first, number)
        if moving is None:
            there.clear()
        is_known = lasting is not None and moving is not None
        if lasting is not None and is_known:
            self.packer.take_lasting(lasting, number, there.world.opened)
        else:
            self.packer.forget()
        exposed: NDArray[Any] = there.begin(begin, is_known=is_known)
        if moving is not None:
            self.packer.take_moving(moving, number, there.world.opened)
        return exposed
