"""What happened in a step, event by event: the journals of some communities and their events.

Every community has a journal of its own, so that the order of events never depends on who takes
which community. A journal that was too small has counted what found no room: its step is run again
with more.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from glasshouse.engine.tables import Journals
from glasshouse.kernel import NOTED_CELLS, NOTED_FROM

ROOM, FOUND = 0, 1
"""Where a journal says how many events it has room for and how many there were."""

EVENTS_PER_ROW = 2
"""Events of a row and step that a journal has room for at first."""

LEAST_ROOM = 64
"""Events that a journal has room for at first, however few its rows are."""

SLOT, ARM, DAY, WHAT, FIRST, SECOND = range(NOTED_CELLS)


class Noted(NamedTuple):
    """The events of one step: columns of equal length, community by community, each as written."""

    row: Any  # u4 the address of the person: community * community_size + slot
    arm: Any  # u1
    day: Any  # i4 days since the first day of the run
    what: Any  # u1 a code of glasshouse.engine.journal
    first: Any  # i4 what MEANINGS there says
    second: Any  # i4


def silent_journals(communities: int) -> Journals:
    """Give journals without any room: nothing is noted."""
    return Journals(np.zeros((communities, 1), np.int32))


def empty_journals(communities: int, room: int) -> Journals:
    """Give journals that have room for so many events each, and hold none."""
    # What is not written is not touched, so that room costs addresses and no memory.
    cells = np.empty((communities, NOTED_FROM + NOTED_CELLS * room), np.int32)
    cells[:, ROOM] = room
    cells[:, FOUND] = 0
    return Journals(cells)


def first_room(slots: int) -> int:
    """Give the room to begin with for communities of so many rows."""
    return EVENTS_PER_ROW * slots + LEAST_ROOM


def room_wanted(journals: Journals) -> int:
    """Give the room that would have held everything, or 0 where everything found room."""
    most = int(journals.cells[:, FOUND].max(initial=0))
    return 0 if most <= journals.cells[0, ROOM] else most


def events_in(journals: Journals, first_address: int, slots: int) -> Noted:
    """Take the events out of some communities' journals; the first row has ``first_address``."""
    found = journals.cells[:, FOUND]
    cells = np.concatenate(
        [
            journal[NOTED_FROM : NOTED_FROM + NOTED_CELLS * count].reshape(-1, NOTED_CELLS)
            for journal, count in zip(journals.cells, found, strict=True)
        ]
    )
    bases = first_address + slots * np.arange(len(found), dtype=np.int64)
    return Noted(
        row=(np.repeat(bases, found) + cells[:, SLOT]).astype(np.uint32),
        arm=cells[:, ARM].astype(np.uint8),
        day=np.ascontiguousarray(cells[:, DAY]),
        what=cells[:, WHAT].astype(np.uint8),
        first=np.ascontiguousarray(cells[:, FIRST]),
        second=np.ascontiguousarray(cells[:, SECOND]),
    )
