"""The ratio to a Mesa 3 model of the same work, one core each."""

from __future__ import annotations

import gc

from glasshouse.bench.pairs import Ratio, interleaved
from glasshouse.bench.society import WARM_UP, Months, laid_out, scenario_of, warm
from glasshouse.engine.plan.plan import make_plan
from glasshouse.errors import BadUsage

MESA_PEOPLE = 16_384
PEOPLE = 524_288
"""Enough that a month takes long enough to be timed; a person costs the same at every size."""

PAIRS = 15
MONTHS = 2


def mesa_ratio() -> Ratio:
    """Give the person-months a second of glasshouse over those of the Mesa model."""
    try:
        from glasshouse.bench.mesa_model import Society
    except ModuleNotFoundError as missing:
        if missing.name != "mesa":
            raise
        raise BadUsage("the benchmark needs Mesa 3: install `glasshouse[bench]`") from None
    plan = make_plan(scenario_of(MESA_PEOPLE))
    society = Society(plan, laid_out(plan.experiment).world, seed=plan.seed)
    for _ in range(WARM_UP):
        society.step()
    # The agents stay: without this the collector would look at all of them again and again.
    gc.collect()
    gc.freeze()

    def mesa_months() -> float:
        for _ in range(MONTHS):
            society.step()
        return float(MESA_PEOPLE * MONTHS)

    ours = Months([warm(laid_out(scenario_of(PEOPLE)))], MONTHS)
    try:
        return interleaved(mesa_months, ours, PAIRS)
    finally:
        gc.unfreeze()
