"""One digest whatever ran it, in whatever order; another seed is another society."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.engine.drivers import CpuDriver, PythonDriver, driver, plain, turn_of
from glasshouse.engine.plan.plan import Plan, make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.sweep.beginning import begin_range
from glasshouse.engine.sweep.community import step_range
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Lab

    from glasshouse.engine.drivers import Driver


class Backwards(PythonDriver):
    """Visits the communities from the last to the first."""

    @staticmethod
    def visit(entry: Callable[..., None], seed: int, one: int, arrays: tuple[Any, ...]) -> None:
        """Visit a single community."""
        entry(seed, turn_of(one), one + 1, *map(plain, arrays), 0)

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out, last community first."""
        for one in reversed(range(communities)):
            self.visit(begin_range, seed, one, arrays)

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lead through a step, last community first."""
        for one in reversed(range(communities)):
            self.visit(step_range, seed, one, arrays)


@pytest.fixture(scope="module")
def plan(lab: Lab) -> Plan:
    """A society of 1,000 rows, the last community cut, under every kind of rule."""
    return make_plan(lab.everything())


@pytest.fixture(scope="module")
def oracle(lab: Lab, plan: Plan) -> Simulation:
    """The run in plain Python."""
    return lab.finished(plan, PythonDriver())


def same_everything(one: Simulation, other: Simulation) -> None:
    """Compare columns, pools and counts array by array, which names what differs."""
    for name, array in one.snapshot().items():
        mine, theirs = array, other.snapshot()[name]
        group, _, column = name.partition(".")
        if group in {"entry", "listing"}:
            opened = getattr(
                one.world.opened, f"open_{'entries' if group == 'entry' else 'listings'}"
            )
            used = np.arange(mine.shape[-1]) < opened[..., None]
            mine, theirs = mine[used], theirs[used]
        assert np.array_equal(mine, theirs), (group, column)
    for mine, theirs in zip(one.history, other.history, strict=True):
        for count in COUNTS:
            assert np.array_equal(
                getattr(mine.counts, count.name), getattr(theirs.counts, count.name)
            )


def test_the_oracle_meets_every_kind_of_rule(lab: Lab, oracle: Simulation) -> None:
    """What these tests compare is not empty: nearly every count of the registry moves."""
    silent = {count.name for count in COUNTS if lab.total(oracle, count.name) == 0}
    assert silent == set()
    assert (oracle.world.state.held_until_month[:, 1] > 0).any()


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_give_the_oracle_s_bits(
    lab: Lab, plan: Plan, oracle: Simulation, threads: int, compiled: Driver
) -> None:
    """Compiled, on one thread and on two."""
    using = compiled
    if threads > 1:
        # The one compiled form serves any number of threads.
        using = object.__new__(CpuDriver)
        using.__dict__.update(compiled.__dict__, workers=threads)
    run = lab.finished(plan, using)
    same_everything(oracle, run)
    assert lab.digest(run) == lab.digest(oracle)


def test_the_order_of_communities_does_not_matter(lab: Lab, plan: Plan, oracle: Simulation) -> None:
    """Communities read nothing of one another within a step."""
    run = lab.finished(plan, Backwards())
    same_everything(oracle, run)
    assert lab.digest(run) == lab.digest(oracle)


def test_a_repeated_run_is_the_same(lab: Lab, oracle: Simulation) -> None:
    """Resolved and planned anew, run anew: nothing is left over from the first."""
    again = make_plan(lab.everything())
    assert lab.digest(lab.finished(again, driver("python"))) == lab.digest(oracle)


def test_a_run_goes_on_from_a_snapshot(
    lab: Lab, plan: Plan, oracle: Simulation, compiled: Driver
) -> None:
    """Stopped after five steps and taken up by another device, it ends the same."""
    first = lab.finished(plan, PythonDriver(), steps=5)
    second = Simulation(plan, compiled)
    second.restore(5, first.snapshot())
    for _ in plan.steps[5:]:
        second.advance()
    second.history = first.history + second.history
    same_everything(oracle, second)
    assert lab.digest(second) == lab.digest(oracle)


def test_another_seed_is_another_society(lab: Lab, oracle: Simulation, compiled: Driver) -> None:
    """The seed enters everything."""
    other = make_plan(lab.everything(seed=8))
    run = lab.finished(other, compiled)
    assert lab.digest(run) != lab.digest(oracle)
    assert not np.array_equal(run.world.rows.honesty, oracle.world.rows.honesty)


@pytest.mark.parametrize("step", ["week", "day"])
def test_short_steps_have_the_same_bits_too(lab: Lab, step: str, compiled: Driver) -> None:
    """Plain Python and the processor agree at every step length."""
    short = make_plan(lab.everything(step=step, people=200, community_size=100))
    steps = {"week": 20, "day": 60}[step]
    same_everything(
        lab.finished(short, PythonDriver(), steps), lab.finished(short, compiled, steps)
    )
