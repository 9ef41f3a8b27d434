"""One run of a calibration: the scenario at one parameter set, and what it says for each figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.experiment.calibration.quantities import (
    QUANTITIES,
    Quantity,
    Series,
    places_of,
    value_of,
)

if TYPE_CHECKING:
    from glasshouse.engine.simulation import Simulation
    from glasshouse.experiment.calibration.document import Target

SEED_STRIDE = 1_000_003
"""Between the seeds of two members: each has a society, acts and luck of its own."""


class Task(NamedTuple):
    """What a worker needs to run one member; plain values alone."""

    number: int
    data: str
    """The calibration's own copy of the data rooms."""
    scenario: str
    arm: str
    sets: dict[str, str]
    targets: tuple[Target, ...]
    device: str


def run_member(task: Task) -> list[float]:
    """Run one member and give its value for every target, at the size of the whole society."""
    from glasshouse.engine.drivers import driver
    from glasshouse.engine.plan.plan import make_plan
    from glasshouse.engine.simulation import Simulation
    from glasshouse.law.library import Library

    plan = make_plan(Library(Path(task.data)).resolve(task.scenario, task.sets))
    simulation = Simulation(plan, driver(task.device, 1))
    simulation.begin()
    for _ in plan.steps:
        simulation.advance()
    return said_of(simulation, task.arm, task.targets)


def said_of(simulation: Simulation, arm: str, targets: tuple[Target, ...]) -> list[float]:
    """Give what a finished simulation says for every target."""
    place = simulation.plan.names.arms.index(arm)
    series = {
        name: series_of(simulation, place, QUANTITIES[name])
        for name in {target.figure for target in targets}
    }
    found = []
    for target in targets:
        quantity, one = QUANTITIES[target.figure], series[target.figure]
        value = value_of(quantity, one, target.on)
        if target.since is not None:
            value -= value_of(quantity, one, target.since)
        found.append(value)
    return found


def series_of(simulation: Simulation, arm: int, quantity: Quantity) -> Series:
    """Give a count by step, over all provinces, at the size of the whole society."""
    from glasshouse.engine.account import legend_of

    plan = simulation.plan
    legend = legend_of(plan)
    axes = axes_of(quantity.counted)
    second = legend.codes(axes[1], arm) if len(axes) == 2 else None
    cells = places_of(quantity, legend.codes(axes[0], arm), second)
    values = [
        int(getattr(record.counts, quantity.counted)[arm].sum(axis=0).ravel()[cells].sum())
        for record in simulation.history
    ]
    scale = plan.experiment.society.persons / plan.people
    ends = [float(record.when.end_day) for record in simulation.history]
    return Series(np.array(ends), np.array(values) * scale, plan.first_day)


def axes_of(count: str) -> tuple[str, ...]:
    """Give the axes of a count, as the registry has them."""
    from glasshouse.state.counts import COUNTS

    return next(one.axes for one in COUNTS if one.name == count)
