"""What rates expect of what is rare: lists and acts of which small runs see none."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from glasshouse.archive.provenance import RareFigure
from glasshouse.engine.plan.exact import DAYS_A_YEAR, decimal
from glasshouse.engine.plan.sight import PLACES, Block, chance_seen, lenses_of, patches_of
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from glasshouse.engine.plan.plan import Plan
    from glasshouse.engine.simulation import Simulation
    from glasshouse.engine.tables import When

LEAST_PEOPLE = 1_000_000
"""In smaller societies nobody is to be expected of what is rare in a country."""


class Rates:
    """What the assumed rates expect of the people of a run, by act and by list."""

    def __init__(self, plan: Plan, exposed: Any, in_towns: float) -> None:
        """Take the rows exposed to each act type, i8 [type], and the share of people in towns."""
        self.plan, self.exposed, self.in_towns = plan, exposed, in_towns
        self._entries: dict[tuple[int, int], float] = {}

    def listings_a_year(self, arm: int, on_list: str, when: When) -> float:
        """Give the listings a year that a list expects of acts that each are a ground alone.

        The people are those of the run, so its size only moves how they are mixed. It bounds the
        run from above: people who fear, and those who stand on the list already, add none, a
        channel that is in some places counts as in all, and what a department writes down late
        counts at once. Grounds that count acts, ask for a grade or an ability test are left out.
        """
        place = self.plan.names.lists[arm].index(on_list)
        single = self.plan.tables_of(when).rules.ground_single[arm]
        grounds = [act for act in range(len(self.exposed)) if (int(single[act]) >> place) & 1]
        pursued = self.plan.experiment.arms[arm].assumptions.process["pursued"].value
        return sum(self.entries_a_year(arm, act) for act in grounds) * pursued

    def entries_a_year(self, arm: int, number: int) -> float:
        """Give the entries a year that are written down of an act, false reports included."""
        if (arm, number) not in self._entries:
            assumptions = self.plan.experiment.arms[arm].assumptions
            act = assumptions.acts[number]
            patches = (1 << len(patches_of(assumptions.channels))) - 1
            country, town = (
                float(chance_seen(act, lenses_of(assumptions, Block(patches, where))))
                for where in PLACES
            )
            seen = self.in_towns * town + (1 - self.in_towns) * country
            written = act.per_year.value * seen + act.false_per_year.value
            (loss,) = (d.loss.value for d in assumptions.departments if d.id == act.department)
            kept = written * float(1 - decimal(loss))
            self._entries[arm, number] = int(self.exposed[number]) * kept
        return self._entries[arm, number]

    def by_step(self, arm: int, counts: Literal["listed", "entries"], name: str) -> list[float]:
        """Give what each step expects on a list, or of an act while rules name it; else nothing."""
        acts = [act.id for act in self.plan.experiment.arms[arm].assumptions.acts]
        if name not in (self.plan.names.lists[arm] if counts == "listed" else acts):
            return []
        expected = []
        for when in self.plan.steps:
            if counts == "listed":
                a_year = self.listings_a_year(arm, name, when)
            elif name in self.plan.tables_of(when).named[arm]:
                a_year = self.entries_a_year(arm, acts.index(name))
            else:
                a_year = 0.0
            expected.append(a_year * (when.end_day - when.first_day) / float(DAYS_A_YEAR))
        return expected if any(expected) else []


def expected_listings(simulation: Simulation, arm: int, on_list: str) -> float:
    """Give the listings a year that a list expects of a run in memory, as its last step is."""
    people, urban = (np.asarray(part, float) for part in town_and_country(simulation))
    rates = Rates(simulation.plan, simulation.exposed, float((people * urban).sum() / people.sum()))
    return rates.listings_a_year(arm, on_list, simulation.plan.steps[-1])


def rare_figures(plan: Plan, exposed: Any, in_towns: float) -> tuple[RareFigure, ...]:
    """Give the published figures that a run is large enough to see, with what its rates expect.

    A figure is seen where it would be at least one row of the run: 169 names of a country are none
    in a hundred thousand people.
    """
    if plan.people < LEAST_PEOPLE:
        return ()
    share = plan.people / plan.experiment.society.persons
    rates, found = Rates(plan, exposed, in_towns), []
    for figure in (one for one in Library().published() if one.value * share >= 1):
        about: tuple[tuple[Literal["listed", "entries"], tuple[str, ...]], ...]
        about = (("listed", figure.lists), ("entries", figure.acts))
        for counts, names in about:
            for arm, name in product(range(plan.sizes.arms), names):
                expected = rates.by_step(arm, counts, name)
                if expected:
                    found.append(
                        RareFigure(
                            arm=plan.names.arms[arm], figure=figure.figure, value=figure.value,
                            on=figure.on.isoformat(), source=figure.cite.source, counts=counts,
                            of=name, expected=tuple(round(one, 6) for one in expected),
                        )
                    )  # fmt: skip
    return tuple(found)


def town_and_country(simulation: Simulation) -> tuple[Any, Any]:
    """Give the people of each community, and whether it is a town's."""
    place = simulation.world.place
    return place.people, place.urban


def at_census_size(simulation: Simulation, number: float) -> float:
    """Give what a number of a run would be in the whole society that it is drawn from."""
    return number * simulation.plan.experiment.society.persons / simulation.plan.people
