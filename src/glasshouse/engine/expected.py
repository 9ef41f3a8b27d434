"""What a list expects of rare acts: worked out from rates, where a run is too small to see one."""

from __future__ import annotations

from typing import Any

import numpy as np

from glasshouse.engine.plan.exact import decimal
from glasshouse.engine.plan.sight import PLACES, Block, chance_seen, lenses_of, patches_of
from glasshouse.engine.simulation import Simulation


def expected_listings(simulation: Simulation, arm: int, on_list: str) -> float:
    """Give the listings a year that a list expects of acts that each are a ground by themselves.

    The people are those of the run, so its size only moves how they are mixed. It bounds the run
    from above: people who fear, and those who stand on the list already, add none, and a channel
    that is in some places counts as in all. Grounds that count acts, ask for a grade or an ability
    test are left out.
    """
    plan = simulation.plan
    assumptions = plan.experiment.arms[arm].assumptions
    place = plan.names.lists[arm].index(on_list)
    single = plan.tables_of(plan.steps[-1]).rules.ground_single[arm]
    loss = {one.id: decimal(one.loss.value) for one in assumptions.departments}
    patches = (1 << len(patches_of(assumptions.channels))) - 1
    lenses = [lenses_of(assumptions, Block(patches, where)) for where in PLACES]
    people, urban = (np.asarray(part, float) for part in town_and_country(simulation))
    total = 0.0
    for number, act in enumerate(assumptions.acts):
        if (int(single[number]) >> place) & 1:
            seen = [float(chance_seen(act, there)) for there in lenses]
            mixed = float((people * np.where(urban, seen[1], seen[0])).sum() / people.sum())
            written = act.per_year.value * mixed + act.false_per_year.value
            kept = float(1 - loss[act.department])
            total += int(simulation.exposed[number]) * written * kept
    return total * assumptions.process["pursued"].value


def town_and_country(simulation: Simulation) -> tuple[Any, Any]:
    """Give the people of each community, and whether it is a town's."""
    place = simulation.world.place
    return place.people, place.urban


def at_census_size(simulation: Simulation, number: float) -> float:
    """Give what a number of a run would be in the whole society that it is drawn from."""
    return number * simulation.plan.experiment.society.persons / simulation.plan.people
