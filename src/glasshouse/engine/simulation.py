"""A run in memory: begin, advance step by step, take a snapshot, go on from one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from glasshouse.archive.columns import Columns, columns_of
from glasshouse.engine.communities import Communities
from glasshouse.engine.drivers import Driver
from glasshouse.engine.institutions import Bureau, Memory
from glasshouse.engine.noted import Noted
from glasshouse.engine.plan.plan import Plan
from glasshouse.engine.tables import Counts, Institutions, When, World


class StepRecord(NamedTuple):
    """What a finished step leaves behind."""

    when: When
    counts: Counts
    institutions: Institutions


class Simulation:
    """A society and its arms, from the first step to the last."""

    is_kept_by_step = False
    """Whether every step needs a checkpoint; in memory some time may pass between them."""

    def __init__(self, plan: Plan, driver: Driver, *, first: int = 0, number: int = 0) -> None:
        """Take the memory for ``number`` communities from ``first`` on (0: all of the plan's)."""
        self.plan, self.driver = plan, driver
        self.there = Communities(plan, driver, first, number or plan.communities)
        self.history: list[StepRecord] = []
        self.finished_steps = 0
        self._bureau = Bureau(plan)
        self._memory = empty_memory(plan, self.world.place.province)
        self._next = self._bureau.first(self._memory)

    @property
    def world(self) -> World:
        """All columns of the communities."""
        return self.there.world

    @property
    def communities(self) -> int:
        """How many communities there are."""
        return self.there.number

    @property
    def exposed(self) -> Any:
        """How many rows are exposed to each act type at the start."""
        return self._memory.exposed

    def begin(self) -> None:
        """Lay out the society and set everybody's first state."""
        self._memory.exposed = self.there.begin(self._next)

    def advance(self, decided: Institutions | None = None) -> StepRecord:
        """Run the next step; a replay gives the institutions' tables, a run decides them."""
        when = self.plan.steps[self.finished_steps]
        institutions = decided or self._next
        record = StepRecord(when, self.there.step(when, institutions), institutions)
        self.finished_steps += 1
        if decided is None:
            self.history.append(record)
            if self.finished_steps < len(self.plan.steps):
                self._next = self._bureau.decide(
                    self.plan.steps[self.finished_steps], when, record.counts,
                    self.there.recorded_acts, self._memory,
                )  # fmt: skip
        return record

    def note_events(self, room: int = 0) -> None:
        """Note the events of each step from now on; ``room``: for so many a community at first."""
        self.there.note_events(room)

    def noted(self) -> Noted:
        """Give the events of the step that was run last."""
        return self.there.noted()

    def snapshot(self) -> dict[str, Any]:
        """Give every array that is needed to go on, by name; copies, in registry order."""
        return self.there.held() | decided_arrays(self._next, self._memory)

    def restore(
        self, finished_steps: int, arrays: dict[str, Any], _decided: Iterable[Institutions] = ()
    ) -> None:
        """Go on from a snapshot; the society is laid out again from its seed."""
        self.begin()
        self.there.take_up(arrays)
        self._next = take_decided(arrays, self._memory)
        self.finished_steps = finished_steps

    def columns(self) -> Iterator[Columns]:
        """Give all communities in order, as the archive takes them: here in one piece."""
        yield columns_of(self.world)


def empty_memory(plan: Plan, provinces: Any) -> Memory:
    """Give what institutions know before anything has happened."""
    return Memory(
        exposed=np.zeros(plan.sizes.types, np.int64),
        backlog=np.zeros((plan.sizes.arms, plan.sizes.departments + 1), np.int64),
        provinces=provinces,
    )


def decided_arrays(decided: Institutions, memory: Memory) -> dict[str, Any]:
    """Give copies of what institutions go on with, by name."""
    arrays = {f"next.{name}": array.copy() for name, array in decided._asdict().items()}
    return arrays | {"memory.backlog": memory.backlog.copy()}


def take_decided(arrays: dict[str, Any], memory: Memory) -> Institutions:
    """Give the tables of the next step back, and the memory what it knew."""
    memory.backlog = arrays["memory.backlog"]
    return Institutions(*(arrays[f"next.{name}"] for name in Institutions._fields))
