"""What a runner is: a function from a row's parameters and seeds to comparisons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from glasshouse.experiment.validation.comparison import Comparison
from glasshouse.law.validate import Strict

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.engine.drivers import Driver
    from glasshouse.engine.simulation import Simulation
    from glasshouse.errors import Problem
    from glasshouse.law.experiment import Experiment


class Workshop:
    """What runners share: an empty folder to write worlds into, the row's folder, one driver."""

    def __init__(self, folder: Path, row: Path | None = None, device: str = "cpu") -> None:
        """Keep the places; nothing is compiled until a world runs."""
        self.folder, self.row, self.device = folder, row, device
        self.made = 0

    def at(self, row: Path) -> Workshop:
        """Give the same workshop for another row's folder; what is compiled stays."""
        self.row = row
        return self

    @cached_property
    def driver(self) -> Driver:
        """The device that runs worlds; one thread, compiled once."""
        from glasshouse.engine.drivers import driver

        return driver(self.device, 1)

    def empty(self) -> Path:
        """Give a new empty folder for the rooms of a world."""
        self.made += 1
        found = self.folder / f"world{self.made}"
        found.mkdir(parents=True)
        return found

    def finished(self, experiment: Experiment, steps: int | None = None) -> Simulation:
        """Run an experiment in memory, to its end or for so many steps."""
        from glasshouse.engine.plan.plan import make_plan
        from glasshouse.engine.simulation import Simulation

        plan = make_plan(experiment)
        run = Simulation(plan, self.driver)
        run.begin()
        for _ in plan.steps[:steps]:
            run.advance()
        return run


Seeds = tuple[int, ...]


class Runner(NamedTuple):
    """A published result as something that can be run with any legal parameters."""

    name: str
    parameters: type[Strict]
    run: Callable[[Any, Seeds, Workshop], Iterable[Comparison]]
    """(parameters of its own type, seeds, workshop) to comparisons."""
    through: str
    """`the engine`, or `beside the engine: why`."""
    refused: Callable[[Any, Path], list[Problem]] = lambda _given, _folder: []
    """(parameters, the row's folder) to what is wrong with the files that the parameters name."""
