"""A run in memory: begin, advance step by step, take a snapshot, go on from one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.engine.drivers import Driver
from glasshouse.engine.institutions import Bureau, Memory, exposed_rows
from glasshouse.engine.noted import (
    FOUND,
    ROOM,
    Noted,
    empty_journals,
    events_in,
    first_room,
    room_wanted,
    silent_journals,
)
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
from glasshouse.errors import BadUsage, Overflowed
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

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        self._journals = silent_journals(self.communities)

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
        self._step(when, self._tables(when, institutions))
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

    def _step(self, when: When, tables: Tables) -> None:
        """Lead everybody through the step; once more where a journal was too small for it."""
        before = self._held() if self.is_noting else {}
        while True:
            for counts in self._counts:
                counts[:] = 0
            if self.is_noting:
                self._journals.cells[:, FOUND] = 0
            self.driver.step(
                self.plan.seed, self.communities, when, self.plan.sizes, self.world,
                tables, self._frames, self._counts, self._journals,
            )  # fmt: skip
            self._heed_alarms()
            wanted = room_wanted(self._journals) if self.is_noting else 0
            if not wanted:
                return
            self._take_up(before)
            self._journals = empty_journals(self.communities, 2 * wanted)

    @property
    def is_noting(self) -> bool:
        """Whether the events of each step are noted."""
        return bool(self._journals.cells[0, ROOM])

    def note_events(self, room: int = 0) -> None:
        """Note the events of each step from now on; ``room``: for so many a community at first."""
        if not self.driver.can_note:
            raise BadUsage(f"the device {self.driver.name} notes no events; use --device cpu")
        room = room or first_room(self.plan.sizes.slots)
        self._journals = empty_journals(self.communities, room)

    def noted(self) -> Noted:
        """Give the events of the step that was run last."""
        slots = self.plan.sizes.slots
        return events_in(self._journals, self.world.first_community * slots, slots)

    def _tables(self, when: When, institutions: Institutions) -> Tables:
        rules = self.plan.tables_of(when)
        return Tables(lifted(self.plan.conduct), rules.rules, rules.settings, institutions)

    def _heed_alarms(self) -> None:
        for alarm, (what, setting) in enumerate(WHAT_TO_SET):
            if self._frames.alarm[:, alarm].any():
                raise Overflowed(what, setting)

    def snapshot(self) -> dict[str, Any]:
        """Give every array that is needed to go on, by name; copies, in registry order."""
        decided = {f"next.{name}": array.copy() for name, array in self._next._asdict().items()}
        return self._held() | decided | {"memory.backlog": self._memory.backlog.copy()}

    def _held(self) -> dict[str, Any]:
        """Give copies of what a step changes of the world."""
        return {name: array.copy() for name, array in self._changing()}

    def _changing(self) -> Iterator[tuple[str, Any]]:
        world = self.world
        for group, columns in (
            ("state", world.state),
            ("outcome", world.outcome),
            ("entry", world.entries),
            ("listing", world.listings),
            ("pools", world.opened),
        ):
            for name in columns._fields:
                yield f"{group}.{name}", getattr(columns, name)

    def _take_up(self, held: dict[str, Any]) -> None:
        """Put everything that a step changes of the world back to what was held."""
        for name, array in self._changing():
            array[:] = held[name]

    def restore(self, finished_steps: int, arrays: dict[str, Any]) -> None:
        """Go on from a snapshot; the society is laid out again from its seed."""
        self.begin()
        self._take_up(arrays)
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
