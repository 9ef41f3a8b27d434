"""What turning a mechanism on moves in a run: a switch that moves nothing is a stub."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.engine.drivers import driver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.errors import Overflowed
from glasshouse.law.library import Library
from glasshouse.law.mechanism import Mechanism, scenario_of
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.engine.drivers import Driver


class Moved(NamedTuple):
    """The counts that differ between an arm without a mechanism and one with it, over all steps."""

    mechanism: Mechanism
    counts: tuple[str, ...]
    overflowed: str = ""
    """What the run had no room for; nothing is known of the switch then."""


def what_each_moves(
    mechanisms: tuple[Mechanism, ...], people: int, years: int, threads: int
) -> Iterator[Moved]:
    """Run every switch by itself, one after the other, and say which counts it moves.

    Raises BadInput where a switch cannot be run as it stands.
    """
    using = driver("cpu", threads)
    with tempfile.TemporaryDirectory() as folder:
        for one in mechanisms:
            if one.switch is not None:
                path = Path(folder) / f"{one.id.lower()}.yaml"
                path.write_text(scenario_of(one), encoding="utf-8")
                try:
                    yield Moved(one, moved_by(path, people, years, using))
                except Overflowed as error:
                    yield Moved(one, (), str(error))


def moved_by(scenario: Path, people: int, years: int, using: Driver) -> tuple[str, ...]:
    """Name the counts in which the last two arms of a scenario differ."""
    sizes = {"people": str(people), "years": str(years)}
    plan = make_plan(Library().resolve(scenario, sizes))
    simulation = Simulation(plan, using)
    simulation.begin()
    moved: set[str] = set()
    for _ in plan.steps:
        counts = simulation.advance().counts
        for count in COUNTS:
            values = getattr(counts, count.name)
            if not np.array_equal(values[-2], values[-1]):
                moved.add(count.name)
    return tuple(count.name for count in COUNTS if count.name in moved)
