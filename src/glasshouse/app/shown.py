"""Who of a run is shown on a page: whole communities from the first on, and their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.app.messages import NO_AGE, Events, People
from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.simulation import Simulation
from glasshouse.report.words import number, of
from glasshouse.state.columns import STATIC

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.engine.plan.plan import Plan

CAP_PEOPLE = 10_240
"""Rows that a page shows unless it is asked for more: five communities of the usual size."""

NOT_SHOWN = 2**32 - 1
"""The index of an address that is not shown."""

PERSON = 1
WHOLE_LIFE = 254


class Shown(NamedTuple):
    """The communities shown, and what a page needs to place their rows."""

    communities: int
    """Shown are the communities 0 .. communities - 1."""
    in_all: int
    people_in_all: int
    slots: int
    """Rows of a whole community."""
    people: People
    place: NDArray[np.uint32]
    """Address -> index among the rows shown, or NOT_SHOWN."""
    province: NDArray[Any]
    """By community shown: the code of its province."""
    urban: NDArray[Any]
    """By community shown: 1 for a town."""

    def rows_of(self, addresses: NDArray[Any]) -> NDArray[np.uint32]:
        """Give the index of addresses among the rows shown; NOT_SHOWN for everybody else."""
        found = np.full(len(addresses), NOT_SHOWN, np.uint32)
        inside = addresses < len(self.place)
        found[inside] = self.place[addresses[inside]]
        return found

    def cap_words(self) -> str:
        """Say how many are shown where not everybody is; empty otherwise."""
        if self.communities == self.in_all:
            return ""
        rows = number(len(self.people.number))
        return (
            f"Shown {'is' if self.communities == 1 else 'are'} the first "
            f"{of(self.communities, 'community', 'communities')} of {number(self.in_all)}, whole: "
            f"{rows} of {number(self.people_in_all)} people. "
            "The figures and the table count everybody."
        )


def communities_shown(people: int, slots: int, cap: int = CAP_PEOPLE) -> int:
    """How many whole communities of a run a page shows: as many as the cap holds, and one."""
    in_all = -(-people // slots)
    return min(in_all, max(1, cap // slots)) if people > cap else in_all


def shown_of(plan: Plan, communities: int | None = None, device: str = "cpu") -> Shown:
    """Lay the first communities of a plan out and say who lives there; None: up to the cap."""
    slots = plan.sizes.slots
    some = communities_shown(plan.people, slots) if communities is None else communities
    simulation = Simulation(plan, driver_of(device), first=0, number=min(some, plan.communities))
    simulation.begin()
    world = simulation.world
    static = {column.name: getattr(world.rows, column.name) for column in STATIC}
    is_row = (np.arange(slots) < world.place.people[:, None]) & (static["kind"] != 0)
    community, slot = np.nonzero(is_row)
    index = np.full(is_row.size, NOT_SHOWN, np.uint32)
    index[np.flatnonzero(is_row)] = np.arange(len(slot), dtype=np.uint32)
    kind = static["kind"][is_row]
    ages = np.clip(-static["birth_month"][is_row].astype(np.int32) // 12, 0, WHOLE_LIFE)
    is_female = (kind == PERSON) & (static["sex"][is_row] == 1)
    urban = world.place.urban[community].astype(np.uint8)
    people = People(
        age_years=np.where(kind == PERSON, ages, NO_AGE).astype(np.uint8),
        flags=(is_female + 2 * (urban != 0) + 4 * (kind - PERSON)).astype(np.uint8),
        household_size=static["household_size"][is_row].astype(np.uint8),
        community=community.astype(np.uint16),
        number=slot.astype(np.uint16),
    )
    return Shown(
        communities=simulation.communities,
        in_all=plan.communities,
        people_in_all=plan.people,
        slots=slots,
        people=people,
        place=index,
        province=world.place.province.copy(),
        urban=world.place.urban.copy(),
    )


class Sorter:
    """Puts the events of steps, as they are noted, into the step that holds their day.

    A listing is decided in one step and begins in the next: a page shows it where it begins. What
    lies behind the last step stays in the last one, with a day behind its end.
    """

    def __init__(self, plan: Plan, shown: Shown) -> None:
        """Know the days of the steps and who is shown."""
        self.shown = shown
        self.first_days = np.array([when.first_day for when in plan.steps], np.int64)
        self.end_days = np.array([when.end_day for when in plan.steps], np.int64)
        self._later: list[tuple[NDArray[Any], ...]] = []

    def sorted(self, step: int, noted: Any) -> Events:
        """Take what was noted in a step and give what happened in it to those shown."""
        row = self.shown.rows_of(np.asarray(noted.row))
        keep = row != NOT_SHOWN
        taken = [np.asarray(column)[keep] for column in noted[1:]]
        pieces = [*self._later, (row[keep], *taken)]
        every = [np.concatenate(parts) for parts in zip(*pieces, strict=True)]
        is_last = step == len(self.end_days) - 1
        now = np.ones(len(every[0]), bool) if is_last else every[2] < self.end_days[step]
        self._later = [] if now.all() else [tuple(column[~now] for column in every)]
        row, arm, day, what, first, second = (column[now] for column in every)
        # A stable sort keeps what was written in its order.
        order = np.lexsort((arm, row))
        since = np.clip(day - self.first_days[step], 0, WHOLE_LIFE)
        return Events(
            row[order].astype(np.uint32), arm[order].astype(np.uint8),
            since[order].astype(np.uint8), what[order].astype(np.uint8),
            first[order].astype(np.uint16), second[order].astype(np.int32),
        )  # fmt: skip
