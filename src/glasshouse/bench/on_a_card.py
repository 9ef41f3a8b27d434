"""What a graphics card does where the machine has one: the same bits, and how fast."""

from __future__ import annotations

import time

import numpy as np

from glasshouse.bench.pairs import Ratio, interleaved
from glasshouse.bench.society import Months, begun, laid_out, scenario_of, warm
from glasshouse.engine.drivers import driver
from glasshouse.engine.simulation import Simulation
from glasshouse.errors import GlasshouseError

PEOPLE = 1_048_576
PAIRS = 5


def card_ratio() -> tuple[Ratio | None, str]:
    """Give the speed of a card over that of one core by the clock on the wall, and what was found.

    A card whose bits are others has no speed.
    """
    try:
        return _compared()
    except GlasshouseError as why:
        return None, f"untested: {why}"
    except Exception as why:  # noqa: BLE001 - whatever its compiler or its driver says of the text
        said = (str(why).strip() or "no reason was given").splitlines()[0][:200]
        return None, f"it does not run what it is given ({type(why).__name__}: {said})"


def _compared() -> tuple[Ratio | None, str]:
    there = begun(scenario_of(PEOPLE), driver("cuda"))
    here = laid_out(scenario_of(PEOPLE))
    core, card = Months([warm(here)], 1), Months([warm(there)], 1)
    if not are_the_same(here, there):
        return None, "it gives other bits than the processor: a fault, do not use it"
    ratio = interleaved(core, card, PAIRS, clock=time.perf_counter)
    if not are_the_same(here, there):
        return None, "it gives other bits than the processor: a fault, do not use it"
    return ratio, f"the same bits as the processor's, {len(here.plan.steps)} months of a run"


def are_the_same(here: Simulation, there: Simulation) -> bool:
    """Say whether two simulations hold the same, column by column."""
    theirs = there.snapshot()
    return all(np.array_equal(array, theirs[name]) for name, array in here.snapshot().items())
