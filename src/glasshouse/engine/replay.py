"""Communities once again, from their seed and the stored institution tables, every event noted.

Nothing of a run has to be kept for this but what the institutions decided: everything else in a
community follows from its address. It needs no compiler; with one it is some hundred times faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.noted import Noted
from glasshouse.engine.plan.plan import Plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.tables import Institutions


class Event(NamedTuple):
    """One thing that happened; ``what`` is a code of :mod:`glasshouse.engine.journal`."""

    step: int
    slot: int
    arm: int
    day: int
    what: int
    first: int
    second: int


def noted_steps(
    plan: Plan,
    institutions_by_step: Sequence[Institutions],
    first: int = 0,
    number: int = 0,
    *,
    device: str = "cpu",
    threads: int = 1,
) -> Iterator[Noted]:
    """Run ``number`` communities from ``first`` on again (0: all) and give each step's events.

    ``institutions_by_step`` holds the tables of the steps to replay, as the run stored them.
    """
    simulation = Simulation(plan, driver_of(device, threads), first=first, number=number)
    simulation.note_events()
    simulation.begin()
    for decided in institutions_by_step:
        simulation.advance(between(decided, first, first + simulation.communities))
        yield simulation.noted()


def replay(
    plan: Plan,
    institutions_by_step: Sequence[Institutions],
    community: int,
    *,
    device: str = "python",
) -> list[Event]:
    """Run one community of a plan again and give its events, in the order they were written."""
    base = community * plan.sizes.slots
    steps = noted_steps(plan, institutions_by_step, community, 1, device=device)
    return [
        Event(step, row - base, *rest)
        for step, noted in enumerate(steps)
        for row, *rest in zip(*(column.tolist() for column in noted), strict=True)
    ]


def between(decided: Institutions, first: int, last: int) -> Institutions:
    """Give a step's tables as some communities see them: their own columns of the attention."""
    return decided._replace(attention=np.ascontiguousarray(decided.attention[:, first:last]))
