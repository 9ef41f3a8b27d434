"""Communities once again, from their seed and the stored institution tables, every event noted.

Nothing of a run has to be kept for this but what the institutions decided: everything else in a
community follows from its address. It needs no compiler; with one it is some hundred times faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.drivers import is_at_hand
from glasshouse.engine.noted import Noted
from glasshouse.engine.plan.plan import Plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.tables import Institutions

PLAIN_SECONDS = 65e-6
"""What plain Python takes for a row, an arm and a step."""

LOADING_SECONDS, COMPILING_SECONDS = 1.5, 60.0
"""What it takes to load compiled code, and to make it where it is not at hand."""


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
    slot: int | None = None,
    device: str = "python",
    progress: Callable[[int, int], None] | None = None,
) -> list[Event]:
    """Run one community of a plan again and give its events, in the order they were written.

    ``slot`` leaves out everybody else; ``progress`` is told the steps that are done and those in
    all.
    """
    base = community * plan.sizes.slots
    found: list[Event] = []
    steps = noted_steps(plan, institutions_by_step, community, 1, device=device)
    for step, noted in enumerate(steps):
        told = noted
        if slot is not None:
            theirs = noted.row == base + slot
            told = Noted(*(column[theirs] for column in noted))
        found += (
            Event(step, row - base, *rest)
            for row, *rest in zip(*(column.tolist() for column in told), strict=True)
        )
        if progress is not None:
            progress(step + 1, len(institutions_by_step))
    return found


def quickest(plan: Plan) -> str:
    """Give the device that replays one community of a plan soonest on this installation.

    Loading compiled code takes a second and compiling it half a minute, which a short life is not
    worth.
    """
    seconds = PLAIN_SECONDS * plan.sizes.slots * plan.sizes.arms * len(plan.steps)
    if seconds < LOADING_SECONDS or find_spec("numba") is None:
        return "python"
    return "cpu" if seconds > COMPILING_SECONDS or is_at_hand() else "python"


def between(decided: Institutions, first: int, last: int) -> Institutions:
    """Give a step's tables as some communities see them: their own columns of the attention."""
    return decided._replace(attention=np.ascontiguousarray(decided.attention[:, first:last]))
