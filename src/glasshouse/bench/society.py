"""The society that is measured: a scenario with its arms, warmed up to a steady state."""

from __future__ import annotations

from dataclasses import replace

from glasshouse.engine.drivers import Driver, driver
from glasshouse.engine.plan.plan import Plan, make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.law.experiment import Experiment
from glasshouse.law.library import Library

SCENARIO = "as-told"
YEARS = 4
WARM_UP = 12
"""Months before anything is timed: lists, caution and gaming have come to move slowly by then."""


def scenario_of(people: int, *, seed: int = 1, scenario: str = SCENARIO) -> Experiment:
    """Give the scenario of the benchmark, or another, for so many people."""
    given = {"people": str(people), "years": str(YEARS), "seed": str(seed), "step": "month"}
    return Library().resolve(scenario, given)


def of_size(experiment: Experiment, people: int) -> Experiment:
    """Give an experiment for so many people."""
    scenario = experiment.scenario.model_copy(update={"people": people})
    return replace(experiment, scenario=scenario)


def laid_out(experiment: Experiment, *, threads: int = 1) -> Simulation:
    """Lay out the society of an experiment."""
    return begun(experiment, driver("cpu", threads))


def begun(experiment: Experiment, device: Driver) -> Simulation:
    """Lay out the society of an experiment on a device of the caller's."""
    simulation = Simulation(planned(experiment), device)
    simulation.begin()
    return simulation


def planned(experiment: Experiment) -> Plan:
    """Give the plan of an experiment with its tables of law, which are no work of its people."""
    plan = make_plan(experiment)
    for step in plan.steps:
        plan.tables_of(step)
    return plan


def warm(simulation: Simulation, months: int = WARM_UP) -> Simulation:
    """Live through the first months; as in a run, the counts of a step do not stay in memory."""
    for _ in range(months):
        simulation.advance()
        simulation.history.clear()
    return simulation


class Months:
    """Months of a simulation as pieces of work; each call lives through a few more."""

    def __init__(self, simulations: list[Simulation], months: int) -> None:
        """Take simulations that were warmed up and the months a call."""
        self.simulations, self.months = simulations, months

    def __call__(self) -> float:
        """Live through the months and give the person-months."""
        for simulation in self.simulations:
            warm(simulation, self.months)
        return float(sum(people_in(one) for one in self.simulations) * self.months)


def people_in(simulation: Simulation) -> int:
    """Give how many people a simulation holds."""
    return int(simulation.world.place.people.sum())
