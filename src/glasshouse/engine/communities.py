"""Some communities in memory: laid out, led through steps, held and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.engine.drivers import Driver
from glasshouse.engine.institutions import exposed_rows
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
from glasshouse.engine.packing.arena import Arena
from glasshouse.engine.plan.memory import (
    begins_of_counts,
    extents,
    frame_shapes,
    stretches_of_counts,
)
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
    Sizes,
    State,
    Sums,
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
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray


class Communities:
    """Consecutive communities of a plan, all arms over the same rows.

    What they share with the rest of the society comes in as tables and goes out as counts.
    """

    def __init__(self, plan: Plan, driver: Driver, first: int, number: int) -> None:
        """Take the memory for ``number`` communities from ``first`` on."""
        self.plan, self.driver, self.number = plan, driver, number
        self.arena = empty_arena(plan, number)
        self._world = empty_world(plan, first, number, self.arena)
        self._frames = empty_frames(plan, driver.workers)
        self._sums = empty_sums(plan, driver.workers)
        self._journals = silent_journals(number)
        self._drafts = empty_drafts(plan, driver.workers)

    @property
    def world(self) -> World:
        """All columns of the communities, here and as they are now."""
        self.driver.bring_home(self._world)
        return self._world

    @property
    def recorded_acts(self) -> NDArray[Any]:
        """How many acts of each community and arm were recorded in the last step."""
        recorded: NDArray[Any] = self._world.opened.recorded_acts
        self.driver.bring_home(recorded)
        return recorded

    def move_to(self, first: int, number: int) -> None:
        """Hold ``number`` communities from ``first`` on instead, at most as many as at first.

        Nothing of them is laid out yet; what lies there must be cleared or filled.
        """
        self.number = number
        self._world = self._world._replace(first_community=first)
        self.driver.bring_home(self._world.place)
        self._world.place.people[:number] = people_of(self.plan, first, number)

    def clear(self) -> None:
        """Forget what a step has changed."""
        world = self.world
        for group in (world.state, world.outcome, world.opened):
            for array in group:
                array.fill(0)

    def begin(self, decided: Institutions, *, is_known: bool = False) -> NDArray[Any]:
        """Lay them out, set everybody's first state; give the rows exposed to each act type.

        ``is_known``: what lasts of them is filled in already, and what moves will be; the rest is
        added, and nobody is counted.
        """
        sizes = self.plan.sizes
        tally = Tally(np.zeros((self.driver.workers, N_CLASSES), np.int64), self._frames.cycles)
        self.driver.begin(
            self.plan.society_seed, self.number, sizes, self._world,
            self._tables(self.plan.steps[0], decided), lifted(self.plan.society), self._drafts,
            tally, int(is_known),
        )  # fmt: skip
        self.driver.bring_home(self._world.place)
        if is_known:
            return np.zeros(sizes.types, np.int64)
        exposed: NDArray[Any] = exposed_rows(self.plan, tally.classes.sum(axis=0))
        return exposed

    def step(self, when: When, decided: Institutions) -> Counts:
        """Lead everybody through a step; once more where a journal was too small for it."""
        before = self.held() if self.is_noting else {}
        while True:
            self.clear_counts()
            if self.is_noting:
                self._journals.cells[:, FOUND] = 0
            self.add_step(when, decided)
            wanted = room_wanted(self._journals) if self.is_noting else 0
            if not wanted:
                return self.counted()
            self.take_up(before)
            self._journals = empty_journals(self.number, 2 * wanted)

    def clear_counts(self) -> None:
        """Begin to count from nothing; what was counted and given away stays as it is."""
        if self.driver.workers == 1:
            self._sums = empty_sums(self.plan, 1)
        else:
            self.count_again()

    def count_again(self) -> None:
        """Begin to count from nothing, where what was counted is given to nobody as it lies."""
        self._sums.cells.fill(0)

    def add_step(self, when: When, decided: Institutions) -> None:
        """Lead everybody through a step and add what is counted to what was counted before."""
        self.driver.step(
            self.plan.seed, self.number, when, self.plan.sizes, self._world,
            self._tables(when, decided), self._frames, self._sums, self._journals,
        )  # fmt: skip
        self._heed_alarms()

    def counted(self) -> Counts:
        """Give the counts since they were cleared."""
        return counts_in(self.plan, self.cells())

    def cells(self) -> NDArray[np.int64]:
        """Give the counts since they were cleared, [arm, province, cell]."""
        each: NDArray[np.int64] = self._sums.cells
        whole: NDArray[np.int64] = each[0] if len(each) == 1 else each.sum(axis=0)
        return whole

    @property
    def cycles(self) -> NDArray[np.int64]:
        """[worker, lap]: what each lap of the sweep has taken so far, where the driver measures."""
        found: NDArray[np.int64] = self._frames.cycles
        return found

    @property
    def is_noting(self) -> bool:
        """Whether the events of each step are noted."""
        return bool(self._journals.cells[0, ROOM])

    def note_events(self, room: int = 0) -> None:
        """Note the events of each step from now on; ``room``: for so many a community at first."""
        if not self.driver.can_note:
            raise BadUsage(f"the device {self.driver.name} notes no events; use --device cpu")
        room = room or first_room(self.plan.sizes.slots)
        self._journals = empty_journals(self.number, room)

    def noted(self) -> Noted:
        """Give the events of the step that was run last."""
        slots = self.plan.sizes.slots
        return events_in(self._journals, self._world.first_community * slots, slots)

    def held(self) -> dict[str, Any]:
        """Give copies of what a step changes, by name, in registry order."""
        return {name: array.copy() for name, array in self._changing()}

    def take_up(self, held: Mapping[str, Any]) -> None:
        """Put everything that a step changes back to what was held."""
        for name, array in self._changing():
            array[:] = held[name]

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

    def _tables(self, when: When, decided: Institutions) -> Tables:
        rules = self.plan.tables_of(when)
        begins = begins_of_counts(self.plan.sizes)
        return Tables(lifted(self.plan.conduct), rules.laws, rules.numbers, decided, begins)

    def _heed_alarms(self) -> None:
        rung = self._frames.alarm.any(axis=0)
        for alarm, (what, setting) in enumerate(WHAT_TO_SET):
            if rung[alarm]:
                raise Overflowed(what, setting)


def empty_arena(plan: Plan, communities: int) -> Arena:
    """Give the zeroed columns of some communities of a plan, but those of one number an arm."""
    sizes = plan.sizes
    lengths = lengths_of(sizes, communities)
    of_rows = (*STATIC, *STATE, *OUTCOME)
    shapes = [(column, tuple(lengths[axis] for axis in column.axes)) for column in of_rows]
    for pool, places in ((ENTRY_POOL, sizes.entries), (LISTING_POOL, sizes.listings)):
        shapes += [(column, (communities, sizes.arms, places)) for column in pool]
    return Arena(shapes, max(sizes.slots, sizes.entries, sizes.listings))


def lengths_of(sizes: Sizes, communities: int) -> dict[str, int]:
    """Give the length of every axis of a column, but of a place in a pool."""
    return {
        **extents(sizes), "community": communities, "arm": sizes.arms, "slot": sizes.slots
    }  # fmt: skip


def empty_world(plan: Plan, first: int, communities: int, arena: Arena) -> World:
    """Give the zeroed world of some communities of a plan, its columns in an arena."""

    def lying(kind: Any, columns: tuple[Column, ...]) -> Any:
        return kind(*(arena.column(column.group, column.name) for column in columns))

    by_arm = (communities, plan.sizes.arms)
    return World(
        first_community=first,
        place=Place(
            people_of(plan, first, communities),
            np.zeros(communities, np.uint8),
            np.zeros(communities, np.uint32),
            np.zeros(communities, np.uint8),
        ),
        rows=lying(Rows, STATIC),
        state=lying(State, STATE),
        outcome=lying(Outcome, OUTCOME),
        entries=lying(Entries, ENTRY_POOL),
        listings=lying(Listings, LISTING_POOL),
        opened=Open(*(np.zeros(by_arm, column.dtype) for column in POOL_SIZES)),
    )


def people_of(plan: Plan, first: int, communities: int) -> NDArray[Any]:
    """Give how many rows each community has; the last of a society may be cut."""
    slots = plan.sizes.slots
    begins = (first + np.arange(communities, dtype=np.int64)) * slots
    return np.clip(plan.people - begins, 0, slots).astype(np.int32)


def empty_frames(plan: Plan, workers: int) -> Frame:
    """Give the zeroed work arrays of some workers."""
    shapes = frame_shapes(plan.sizes)
    return Frame(*(np.zeros((workers, size), kind) for kind, size in shapes.values()))


def empty_drafts(plan: Plan, workers: int) -> Draft:
    """Give the zeroed work arrays in which some workers lay communities out."""
    lengths = draft_sizes(plan.sizes.slots)
    return Draft(**{n: np.zeros((workers, size), kind) for n, (kind, size) in lengths.items()})


def counts_in(plan: Plan, cells: NDArray[np.int64]) -> Counts:
    """Give counts each by itself, [arm, province, ...], from cells [arm, province, cell]."""
    return Counts(*map(cells.__getitem__, stretches_of_counts(plan.sizes)))


def empty_sums(plan: Plan, workers: int) -> Sums:
    """Give zeroed counts of some workers.

    They lie in one piece, so that a worker finds those of a province close together, and so that
    asking for them, adding them up and clearing them is one thing to do and not a hundred.
    """
    sizes = plan.sizes
    cells = begins_of_counts(sizes)[-1]
    return Sums(np.zeros((workers, sizes.arms, sizes.provinces, cells), np.int64))
