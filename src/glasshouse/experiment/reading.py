"""Which assumptions a run reads: one that nothing reads is a defect."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from glasshouse.engine.drivers import PythonDriver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation

if TYPE_CHECKING:
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.library import Library

TINY = {"people": 64, "community_size": 64, "years": 1}
"""The size of the run that finds what is read."""


def read_by(experiment: Experiment) -> frozenset[str]:
    """Give the assumptions that a small run of the same arms reads."""
    scenario = experiment.scenario.model_copy(update=TINY)
    small = replace(experiment, scenario=scenario)
    simulation = Simulation(make_plan(small), PythonDriver())
    simulation.begin()
    for _ in range(2):  # institutions read some only between steps
        simulation.advance()
    idle = [frozenset(arm.assumptions.unread()) for arm in small.arms]
    everything = small.arms[0].assumptions.quantities()
    return frozenset(path for path in everything if not all(path in one for one in idle))


def unread_assumptions(library: Library) -> tuple[str, ...]:
    """Give the paths of the assumptions that no arm of a small run of `compare` reads."""
    experiment = library.resolve("compare")
    read = read_by(experiment)
    return tuple(path for path in experiment.arms[0].assumptions.quantities() if path not in read)
