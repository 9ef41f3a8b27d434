"""Which assumptions a run reads: one that nothing reads is a defect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.engine.drivers import PythonDriver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation

if TYPE_CHECKING:
    from glasshouse.law.library import Library

TINY = {"people": "64", "community_size": "64", "years": "1"}


def unread_assumptions(library: Library) -> tuple[str, ...]:
    """Give the paths of the assumptions that no arm of a small run of `compare` reads."""
    experiment = library.resolve("compare", TINY)
    simulation = Simulation(make_plan(experiment), PythonDriver())
    simulation.begin()
    for _ in range(2):  # institutions read some only between steps
        simulation.advance()
    idle = [set(arm.assumptions.unread()) for arm in experiment.arms]
    moving = experiment.arms[0].assumptions.quantities()
    return tuple(path for path in moving if all(path in one for one in idle))
