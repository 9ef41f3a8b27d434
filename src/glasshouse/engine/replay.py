"""One community again, from its seed and the stored institution tables, with every event noted.

Nothing of a run has to be kept for this but what the institutions decided: everything else in a
community follows from its address. The replay is plain Python, so it needs no compiler.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

import glasshouse.kernel as primitive
from glasshouse.engine.drivers import run_plainly
from glasshouse.engine.plan.plan import Plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.sweep.beginning import begin_range
from glasshouse.engine.sweep.community import step_range
from glasshouse.engine.tables import Institutions
from glasshouse.kernel import Target, bind


class Event(NamedTuple):
    """One thing that happened; ``what`` is a code of :mod:`glasshouse.engine.journal`."""

    step: int
    slot: int
    arm: int
    day: int
    what: int
    first: int
    second: int


class NotingDriver:
    """Plain Python whose ``note`` appends to a list."""

    name = "python"
    workers = 1

    def __init__(self) -> None:
        """Bind the sweep to a target that notes."""
        self.events: list[Event] = []
        self.step_number = 0
        self._step = bind(
            step_range,
            Target("noting", {primitive.note: self._note}, constant=int, compiled=lambda f: f),
        )

    def _note(
        self, _journal: Any, what: int, slot: int, arm: int, day: int, first: int, second: int
    ) -> None:
        self.events.append(
            Event(self.step_number, slot, arm, day, int(what), int(first), int(second))
        )

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out the community and set its first state; nothing happens yet."""
        run_plainly(begin_range, seed, communities, arrays)

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lead the community through a step and note what happens."""
        run_plainly(self._step, seed, communities, arrays)


def replay(
    plan: Plan,
    institutions_by_step: Sequence[Institutions],
    community: int,
    after_step: Callable[[Simulation], None] | None = None,
) -> list[Event]:
    """Run one community of a plan again and give its events, in the order they were written.

    ``institutions_by_step`` holds the tables of the steps to replay, as the run stored them.
    ``after_step`` sees the simulation of the one community after each step.
    """
    driver = NotingDriver()
    simulation = Simulation(plan, driver, first=community, number=1)
    simulation.begin()
    for number, decided in enumerate(institutions_by_step):
        driver.step_number = number
        simulation.advance(alone(decided, community))
        if after_step is not None:
            after_step(simulation)
    return driver.events


def alone(decided: Institutions, community: int) -> Institutions:
    """Give a step's tables as one community sees them: its own column of the attention."""
    own = np.ascontiguousarray(decided.attention[:, community : community + 1])
    return decided._replace(attention=own)
