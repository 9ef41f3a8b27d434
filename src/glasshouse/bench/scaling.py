"""How the cost of a person-month moves with threads, with people and with types of act."""

from __future__ import annotations

import time
from collections.abc import Callable

from glasshouse.bench.many_types import with_types
from glasshouse.bench.pairs import Ratio, cost, interleaved, ratio_of
from glasshouse.bench.society import Months, laid_out, of_size, planned, scenario_of, warm
from glasshouse.engine.drivers import driver
from glasshouse.engine.estimate import free_memory
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation

PEOPLE = 524_288
PAIRS = 11
MONTHS = 3

FEW = 100_000
SIZES = (10_000_000, 5_000_000, 2_000_000, 1_000_000)
SIZE_PAIRS = 7
SIZE_WARM_UP = 6
SIZE_SECONDS = 90.0
SHARE_OF_MEMORY = 0.6

HUGE = 100_000_000
"""More than a small memory holds: measured on stretches of it, each alone."""

STRETCHES = (0.0, 0.5, 0.99)
"""Where in the huge society they begin."""

STRETCH = 1_000_000

TYPES = 800


def thread_ratio() -> Ratio:
    """Give the speed of two threads over that of one, by the clock on the wall."""
    experiment = scenario_of(PEOPLE)
    one = Months([warm(laid_out(experiment))], MONTHS)
    two = Months([warm(laid_out(experiment, threads=2))], MONTHS)
    return interleaved(one, two, PAIRS, clock=time.perf_counter)


def types_ratio() -> tuple[Ratio, int, int]:
    """Give the cost with 800 act types over that with the scenario's own, and both numbers."""
    experiment = scenario_of(PEOPLE)
    own = len(experiment.arms[0].assumptions.acts)
    many = Months([warm(laid_out(with_types(experiment, TYPES)))], MONTHS)
    few = Months([warm(laid_out(experiment))], MONTHS)
    return interleaved(many, few, PAIRS), own, TYPES


def size_ratio(say: Callable[[str], None]) -> tuple[Ratio, list[int], dict[int, float]]:
    """Give the cost of a person-month at the largest size over that at the smallest.

    Also the sizes, and the median cost at each relative to the smallest. Every size lives through
    the same months; the smallest is measured as several societies, so that a piece is long enough,
    and the largest on some of its communities.
    """
    sizes = [*sorted({FEW, 1_000_000, largest_that_fits()}), HUGE]
    say(f"sizes {', '.join(f'{size:,}' for size in sizes)}")
    pieces = {size: Months(societies(size), 1) for size in sizes}
    costs: dict[int, list[float]] = {size: [] for size in sizes}
    for number in range(SIZE_PAIRS):
        for size in sizes if number % 2 else reversed(sizes):
            costs[size].append(cost(pieces[size], time.process_time))
    ratios = {
        size: ratio_of([c / few for c, few in zip(costs[size], costs[FEW], strict=True)])
        for size in sizes
    }
    return ratios[HUGE], sizes, {size: ratio.value for size, ratio in ratios.items()}


def societies(size: int) -> list[Simulation]:
    """Give warm societies of a size, or stretches of one."""
    if size == HUGE:
        return [warm(stretch(size, share), SIZE_WARM_UP) for share in STRETCHES]
    seeds = range(1, 1 + max(1, 1_000_000 // size))
    return [warm(laid_out(scenario_of(size, seed=seed)), SIZE_WARM_UP) for seed in seeds]


def stretch(size: int, share: float) -> Simulation:
    """Lay out some consecutive communities of a society, from a share of it on."""
    plan = planned(scenario_of(size))
    number = STRETCH // plan.sizes.slots
    simulation = Simulation(plan, driver("cpu"), first=int(share * plan.communities), number=number)
    simulation.begin()
    return simulation


def largest_that_fits() -> int:
    """Give the largest size that the memory holds and that can be measured in time."""
    probe = laid_out(scenario_of(FEW))
    warm(probe, 1)
    began = time.perf_counter()
    laid_out(scenario_of(FEW))
    laid = time.perf_counter()
    warm(probe, 1)
    month = time.perf_counter() - laid
    seconds = (laid - began) + month * (SIZE_WARM_UP + SIZE_PAIRS)
    free = free_memory() or 0
    for size in SIZES:
        plan = make_plan(of_size(probe.plan.experiment, size))
        needed = sum(plan.bytes_needed().values())
        if needed < free * SHARE_OF_MEMORY and seconds * size / FEW < SIZE_SECONDS:
            return size
    return SIZES[-1]
