"""What each family of mechanisms costs: the scenario with its switches on, over the scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from glasshouse.bench.pairs import Ratio, interleaved
from glasshouse.bench.society import Months, laid_out, scenario_of, warm
from glasshouse.law.experiment import Experiment
from glasshouse.law.library import Library
from glasshouse.law.mechanism import Mechanism
from glasshouse.law.read_assumptions import with_values

PEOPLE = 131_072
PAIRS = 5
MONTHS = 3
EVERYTHING = "everything"


def family_ratios(say: Callable[[str], None]) -> dict[str, Ratio]:
    """Give the cost of a person-month with a family's switches on, over that of the scenario.

    A switch that brings its own rulebooks is another instrument and no part of the same work, so
    only values of assumptions are turned on; the last entry turns all of them on at once.
    """
    found = {}
    families = by_family(Library())
    families[EVERYTHING] = tuple(one for family in families.values() for one in family)
    for family, mechanisms in families.items():
        values = switched_on(mechanisms)
        if values:
            say(f"the cost of {family}")
            plain = Months([warm(laid_out(scenario_of(PEOPLE)))], MONTHS)
            dearer = Months([warm(laid_out(with_all(values)))], MONTHS)
            found[family] = interleaved(dearer, plain, PAIRS)
    return found


def by_family(library: Library) -> dict[str, tuple[Mechanism, ...]]:
    """Give the mechanisms by the file that explains them."""
    return {name: library.mechanisms(name) for name in library.names("mechanisms")}


def switched_on(mechanisms: tuple[Mechanism, ...]) -> dict[str, float]:
    """Give the values that the switches of mechanisms set without any rulebook of their own."""
    values: dict[str, float] = {}
    for one in mechanisms:
        if one.switch is not None and one.switch.on.rulebooks is None:
            values |= one.switch.on.set
    return values


def with_all(values: dict[str, float]) -> Experiment:
    """Give the scenario with values in its last arm, as far as arms may differ in them."""
    experiment = scenario_of(PEOPLE)
    first, *others, last = experiment.arms
    changed = replace(last, assumptions=with_values(last.assumptions, values))
    return replace(experiment, arms=(first, *others, changed))
