"""A run in memory: begin, advance step by step, take a snapshot, go on from one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from glasshouse.engine.drivers import Driver
from glasshouse.engine.institutions import Bureau, Memory, exposed_rows
from glasshouse.engine.plan.memory import count_shapes, extents, frame_shapes
from glasshouse.engine.plan.plan import Plan
from glasshouse.engine.sweep.alarms import WHAT_TO_SET
from glasshouse.engine.tables import (
    Counts,
    Entries,
    Frame,
    Institutions,
    Listings,
    Open,
    Outcome,
    Place,
    Rows,
    State,
    Tables,
    Tally,
    When,
    World,
    lifted,
)
from glasshouse.errors import Overflowed
from glasshouse.stages.society.layout_kernel import Draft, draft_sizes
from glasshouse.stages.society.society_kernel import N_CLASSES
from glasshouse.state.columns import (
    ENTRY_POOL,
    LISTING_POOL,
    OUTCOME,
    POOL_SIZES,
    STATE,
    STATIC,
    Column,
)


class StepRecord(NamedTuple):
    """What a finished step leaves behind."""

    when: When
    counts: Counts
    institutions: Institutions


class Simulation:
    """A society and its arms, from the first step to the last."""

    def __init__(self, plan: Plan, driver: Driver, *, first: int = 0, number: int = 0) -> None:
        """Take the memory for ``number`` communities from ``first`` on (0: all of the plan's)."""
        self.plan, self.driver = plan, driver
        self.communities = number or plan.communities
        self.world = empty_world(plan, first, self.communities)
        self.history: list[StepRecord] = []
        self.finished_steps = 0
        self._bureau = Bureau(plan)
        self._frames = empty_frames(plan, driver.workers)
        self._counts = empty_counts(plan, driver.workers)
        self._memory = Memory(
            exposed=np.zeros(plan.sizes.types, np.int64),
            backlog=np.zeros((plan.sizes.arms, plan.sizes.departments + 1), np.int64),
            provinces=self.world.place.province,
        )
        self._next = self._bureau.first(self._memory)
        self._journal = np.zeros((1, 1), np.int32)

    @property
    def exposed(self) -> Any:
        """How many rows are exposed to each act type at the start."""
        return self._memory.exposed

    def begin(self) -> None:
        """Lay out the society and set everybody's first state."""
        sizes = self.plan.sizes
        drafts = Draft(
            **{
                name: np.zeros((self.driver.workers, size), dtype)
                for name, (dtype, size) in draft_sizes(sizes.slots).items()
            }
        )
        tally = Tally(np.zeros((self.driver.workers, N_CLASSES), np.int64))
        tables = self._tables(self.plan.steps[0], self._next)
        self.driver.begin(
            self.plan.society_seed, self.communities, sizes, self.world, tables,
            lifted(self.plan.society), drafts, tally,
        )  # fmt: skip
        self._memory.exposed = exposed_rows(self.plan, tally.classes.sum(axis=0))

    def advance(self, decided: Institutions | None = None) -> StepRecord:
        """Run the next step; a replay gives the institutions' tables, a run decides them."""
        when = self.plan.steps[self.finished_steps]
        institutions = decided or self._next
        for counts in self._counts:
            counts[:] = 0
        self.driver.step(
            self.plan.seed, self.communities, when, self.plan.sizes, self.world,
            self._tables(when, institutions), self._frames, self._counts, self._journal,
        )  # fmt: skip
        self._heed_alarms()
        record = StepRecord(when, Counts(*(c.sum(axis=0) for c in self._counts)), institutions)
        self.finished_steps += 1
        if decided is None:
            self.history.append(record)
            if self.finished_steps < len(self.plan.steps):
                self._next = self._bureau.decide(
                    self.plan.steps[self.finished_steps], when, record.counts,
                    self.world.opened.recorded_acts, self._memory,
                )  # fmt: skip
        return record

    def _tables(self, when: When, institutions: Institutions) -> Tables:
        rules = self.plan.tables_of(when)
        return Tables(lifted(self.plan.conduct), rules.rules, rules.settings, institutions)

    def _heed_alarms(self) -> None:
        for alarm, (what, setting) in enumerate(WHAT_TO_SET):
            if self._frames.alarm[:, alarm].any():
                raise Overflowed(what, setting)

    def snapshot(self) -> dict[str, Any]:
        """Give every array that is needed to go on, by name; copies, in registry order."""
        groups = (
            ("state", self.world.state),
            ("outcome", self.world.outcome),
            ("entry", self.world.entries),
            ("listing", self.world.listings),
            ("pools", self.world.opened),
            ("next", self._next),
        )
        arrays = {
            f"{group}.{name}": getattr(columns, name).copy()
            for group, columns in groups
            for name in columns._fields
        }
        return arrays | {"memory.backlog": self._memory.backlog.copy()}

    def restore(self, finished_steps: int, arrays: dict[str, Any]) -> None:
        """Go on from a snapshot; the society is laid out again from its seed."""
        self.begin()
        world = self.world
        for group, columns in (
            ("state", world.state),
            ("outcome", world.outcome),
            ("entry", world.entries),
            ("listing", world.listings),
            ("pools", world.opened),
        ):
            for name in columns._fields:
                getattr(columns, name)[:] = arrays[f"{group}.{name}"]
        self._next = Institutions(*(arrays[f"next.{name}"] for name in Institutions._fields))
        self._memory.backlog = arrays["memory.backlog"]
        self.finished_steps = finished_steps


def empty_columns(kind: Any, columns: tuple[Column, ...], lengths: dict[str, int]) -> Any:
    """Give zeroed arrays for a group of columns."""
    return kind(
        *(np.zeros([lengths[axis] for axis in column.axes], column.dtype) for column in columns)
    )


def empty_world(plan: Plan, first: int, communities: int) -> World:
    """Give the zeroed world of some communities of a plan."""
    sizes = plan.sizes
    lengths = {**extents(sizes), "community": communities, "arm": sizes.arms, "slot": sizes.slots}
    people = np.full(communities, sizes.slots, np.int32)
    last = plan.communities - 1
    if first <= last < first + communities:
        people[last - first] = plan.people - last * sizes.slots
    return World(
        first_community=first,
        place=Place(
            people,
            np.zeros(communities, np.uint8),
            np.zeros(communities, np.uint32),
            np.zeros(communities, np.uint8),
        ),
        rows=empty_columns(Rows, STATIC, lengths),
        state=empty_columns(State, STATE, lengths),
        outcome=empty_columns(Outcome, OUTCOME, lengths),
        entries=empty_columns(Entries, ENTRY_POOL, {**lengths, "place": sizes.entries}),
        listings=empty_columns(Listings, LISTING_POOL, {**lengths, "place": sizes.listings}),
        opened=empty_columns(Open, POOL_SIZES, lengths),
    )


def empty_frames(plan: Plan, workers: int) -> Frame:
    """Give the zeroed work arrays of some workers."""
    shapes = frame_shapes(plan.sizes)
    return Frame(*(np.zeros((workers, size), kind) for kind, size in shapes.values()))


def empty_counts(plan: Plan, workers: int) -> Any:
    """Give zeroed counts of some workers, [worker, arm, province, ...]."""
    sizes = plan.sizes
    lead = (workers, sizes.arms, sizes.provinces)
    return Counts(
        **{name: np.zeros(lead + shape, np.int64) for name, shape in count_shapes(sizes).items()}
    )
