"""Who lives where can be kept while luck changes, and the other way round."""

from __future__ import annotations

import numpy as np

from glasshouse.engine.drivers import PythonDriver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.law.library import Library
from glasshouse.state.columns import STATIC

SIZES = {"people": "200", "years": "1", "community_size": "100"}


def after(steps: int, **sets: int) -> Simulation:
    """Give a small society under some seeds, after some steps in plain Python."""
    values = SIZES | {name: str(value) for name, value in sets.items()}
    plan = make_plan(Library().resolve("pellucid", values))
    simulation = Simulation(plan, PythonDriver())
    simulation.begin()
    for _ in range(steps):
        simulation.advance()
    return simulation


def rows(simulation: Simulation) -> dict[str, np.ndarray]:
    """Give what everybody is born with, and where each community lies."""
    static = {c.name: getattr(simulation.world.rows, c.name) for c in STATIC}
    found: dict[str, np.ndarray] = static | simulation.world.place._asdict()
    return found


def same(one: Simulation, other: Simulation) -> bool:
    """Say whether the same people live in both."""
    first, second = rows(one), rows(other)
    return all(np.array_equal(first[name], second[name]) for name in first)


def test_the_seed_of_the_society_alone_decides_who_lives_there() -> None:
    """Two seeds of luck over one seed of the society have the same people, and other acts."""
    one, other = after(2, seed=1, society_seed=7), after(2, seed=2, society_seed=7)
    assert same(one, other)
    assert same(one, after(0, seed=7))
    acts = [simulation.history[1].counts.acts for simulation in (one, other)]
    assert not np.array_equal(*acts)


def test_without_it_the_seed_decides_both() -> None:
    """A society seed that is the seed changes nothing at all."""
    alone, named = after(2, seed=3), after(2, seed=3, society_seed=3)
    assert same(alone, named)
    for name, value in alone.snapshot().items():
        assert np.array_equal(value, named.snapshot()[name]), name
