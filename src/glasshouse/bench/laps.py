"""Where the time of a month goes: the sweep compiled once more, with a clock between its laps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.bench.society import begun, scenario_of, warm
from glasshouse.engine.drivers import CpuDriver, turn_of
from glasshouse.engine.sweep.laps import FIRST_STATE, LAPS, START

PEOPLE = 65_536
MONTHS = 12
"""Months that are timed after those of the warm-up."""

DISTURBED = 1.5
"""A community that took so many times the middle one was interrupted, and is left out."""

TOLD_FROM = 0.002
"""Laps below this share of a month are those in which the scenario does nothing."""

LAID_OUT = range(START + 1, FIRST_STATE + 1)
"""The laps of laying out; all others are a month's."""


class Timed(CpuDriver):
    """Takes the communities one by one and notes what each lap of each took."""

    def __init__(self) -> None:
        """Compile for one thread, with marks."""
        super().__init__(1, timed=True)
        self.taken: list[NDArray[np.int64]] = []

    def _share(
        self, entry: Callable[..., None], seed: int, communities: int, arrays: tuple[Any, ...]
    ) -> None:
        cycles = next(part.cycles for part in arrays if hasattr(part, "cycles"))
        for first in range(communities):
            cycles[:] = 0
            entry(seed, turn_of(first), first + 1, *arrays, 0)
            self.taken.append(cycles[0].copy())


class Laps(NamedTuple):
    """Where the time goes."""

    month: dict[str, float]
    """The share of a month that each lap takes."""
    laying_out: float
    """What laying the society out takes, in months of it."""
    left_out: float
    """The share of the communities that were disturbed."""


def laps() -> Laps:
    """Time the laps of some months, community by community."""
    driver = Timed()
    simulation = begun(scenario_of(PEOPLE), driver)
    begins = undisturbed(driver.taken)
    warm(simulation)
    driver.taken.clear()
    warm(simulation, MONTHS)
    steps = undisturbed(driver.taken)
    if not steps.any():
        return Laps({}, 0.0, 0.0)
    return Laps(
        month=shares(steps.sum(axis=0)),
        laying_out=float(begins.sum(axis=1).mean() / steps.sum(axis=1).mean()),
        left_out=1.0 - len(steps) / len(driver.taken),
    )


def undisturbed(taken: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Give [community, lap] without the communities in which something else had the core."""
    found: NDArray[np.int64] = np.array(taken)
    found[:, START] = 0
    whole = found.sum(axis=1)
    calm: NDArray[np.int64] = found[whole <= DISTURBED * np.median(whole)]
    return calm


def shares(cycles: NDArray[np.int64]) -> dict[str, float]:
    """Give the share of each lap by name, the greatest first."""
    whole = float(cycles.sum())
    named = {LAPS[lap]: float(cycles[lap]) / whole for lap in np.argsort(-cycles, kind="stable")}
    return {name: share for name, share in named.items() if share >= TOLD_FROM}
