"""How much a run will take, said before it starts; what cannot fit is refused."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.plan.memory import count_shapes
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.errors import TooLarge
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from glasshouse.engine.drivers import Driver
    from glasshouse.engine.plan.plan import Plan
    from glasshouse.law.experiment import Experiment

PROGRAM_BYTES = 400_000_000
"""The program itself with the compiler, before any society."""

OUTCOME_BYTES_A_ROW = 40
"""Roughly what an outcome row takes in its file."""

SPARE = 0.05
"""Share of the memory and of the disk that a run leaves alone."""

CELL_BYTES = 12
"""A place and a value of a kept count."""

# Roughly what keeping takes on a machine of 2020, in plain Python and files; the sweep is timed.
ENDING_SECONDS = 0.3
SECONDS_A_ROW = 1e-6
STEP_SECONDS = 2e-3
STEP_SECONDS_A_BYTE = 1e-9

_STEPS, _SECONDS = 3, 1.0
"""Steps that are timed at least, and for how long: later steps have more on record."""

_COMMUNITIES = 8
"""Communities that are timed; one where a device is slow with few."""


@dataclass(frozen=True)
class Estimate:
    """What a run will need."""

    memory_bytes: int
    disk_bytes: int
    seconds: float

    def plain(self) -> dict[str, float]:
        """Give the numbers by name."""
        return {
            "memory_bytes": self.memory_bytes,
            "disk_bytes": self.disk_bytes,
            "seconds": round(self.seconds, 3),
        }


def estimate(
    experiment: Experiment,
    *,
    threads: int | None = None,
    collect: Literal["all", "counts"] = "all",
    device: str = "cpu",
    out: str | os.PathLike[str] | None = None,
    before_timing: Callable[[], None] | None = None,
) -> Estimate:
    """Say what a run will need, from its plan and from a few steps of a few communities.

    Refuses what does not fit the memory or the disk; then calls ``before_timing``.
    """
    plan = make_plan(experiment)
    workers = workers_of(device, threads)
    refuse_too_large(plan, workers, collect, out)
    memory, disk = needs(plan, workers, collect)
    if before_timing is not None:
        before_timing()
    return Estimate(memory, disk, seconds_of(plan, workers, device))


def workers_of(device: str, threads: int | None) -> int:
    """Give how many threads take part: all processors if nobody says, one in plain Python."""
    return 1 if device == "python" else threads or os.cpu_count() or 1


def needs(plan: Plan, workers: int, collect: str) -> tuple[int, int]:
    """Give the bytes of memory and of disk that a run needs at most."""
    by_group = plan.bytes_needed()
    moving = by_group["state"] + by_group["outcome"] + by_group["pools"]
    each_worker = by_group["frame"] + by_group["counts"]
    history = history_bytes(plan)
    # A checkpoint is written from a copy of all that moves, and the last one stays beside the next.
    memory = PROGRAM_BYTES + by_group["static"] + 2 * moving + each_worker * workers + history
    rows = plan.people * plan.sizes.arms if collect == "all" else 0
    return memory, 2 * moving + history + rows * OUTCOME_BYTES_A_ROW


def refuse_too_large(
    plan: Plan, workers: int, collect: str, out: str | os.PathLike[str] | None
) -> None:
    """Refuse a run that does not fit the memory, or the disk that it is to be written to."""
    memory, disk = needs(plan, workers, collect)
    free = free_memory()
    if free is not None and memory > free * (1 - SPARE):
        raise TooLarge(
            f"{plan.people:,} people in {plan.sizes.arms} arms need {_size(memory)} of memory and"
            f" {_size(free)} are free; ask for fewer people (--people), fewer arms or longer steps"
        )
    folder = Path(tempfile.gettempdir()) if out is None else Path(out).absolute().parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    room = room_on_disk(folder)
    if disk > room * (1 - SPARE):
        raise TooLarge(
            f"{plan.people:,} people in {plan.sizes.arms} arms need up to {_size(disk)} of disk and"
            f" {_size(room)} are free below {folder}; write elsewhere (--out), or keep counts alone"
            " (--collect counts)"
        )


def free_memory() -> int | None:
    """Give the bytes that may still be taken, by the system and by a container's limit."""
    found = [
        int(line.split()[1]) * 1024
        for line in _lines("/proc/meminfo")
        if line.startswith("MemAvailable:")
    ]
    limit, used = _lines("/sys/fs/cgroup/memory.max"), _lines("/sys/fs/cgroup/memory.current")
    if limit and used and limit[0].isdecimal():
        found.append(max(int(limit[0]) - int(used[0]), 0))
    return min(found, default=None)


def room_on_disk(folder: Path) -> int:
    """Give the bytes that may still be written below a folder."""
    return shutil.disk_usage(folder).free


def history_bytes(plan: Plan) -> int:
    """Give the bytes of the counts of all steps at most; cells by week are kept where not zero."""
    sizes = plan.sizes
    shapes = count_shapes(sizes)
    weekly = sum(shapes[count.name][0] for count in COUNTS if "week" in count.axes)
    # Where nobody lives nothing is counted.
    cells = sizes.arms * min(sizes.provinces, plan.communities)
    each = (sum(shape[0] for shape in shapes.values()) - weekly) * cells
    # A listing stands in four cells by week at most, and there are no more of them than places.
    listings = plan.communities * sizes.listings * sizes.arms
    return (each + min(weekly * cells, 4 * listings)) * CELL_BYTES * len(plan.steps)


class _Timed:
    """A driver that notes how long the sweep itself takes; the rest does not grow with people."""

    def __init__(self, inner: Driver) -> None:
        self.inner, self.name, self.workers = inner, inner.name, inner.workers
        self.can_note = inner.can_note
        self.seconds = 0.0

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        self._timed(self.inner.begin, seed, communities, *arrays)

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        self._timed(self.inner.step, seed, communities, *arrays)

    def _timed(self, call: Callable[..., None], *given: Any) -> None:
        began = time.perf_counter()
        call(*given)
        self.seconds += time.perf_counter() - began


def seconds_of(plan: Plan, workers: int, device: str) -> float:
    """Time a few steps of a few communities; scale up what grows with people, and only that.

    Compilation and the tables of a new law are paid before the clock runs.
    """
    most = _COMMUNITIES if device == "cpu" else 1
    communities = min(most, plan.communities)
    people = min(plan.people, communities * plan.sizes.slots)
    scenario = plan.experiment.scenario
    small = replace(plan.experiment, scenario=scenario.model_copy(update={"people": people}))
    driver = _Timed(driver_of(device, 1))
    scratch = Simulation(make_plan(small), driver)
    scratch.begin()
    scratch.advance()
    again = Simulation(scratch.plan, driver)
    driver.seconds = 0.0
    again.begin()
    laid_out, driver.seconds = driver.seconds, 0.0
    began, steps = time.perf_counter(), 0
    while steps < len(plan.steps) and (steps < _STEPS or time.perf_counter() - began < _SECONDS):
        again.advance()
        again.history.clear()
        steps += 1
    done = time.perf_counter()
    swept = driver.seconds / steps
    beside = (done - began) / steps - swept
    useful = min(workers, os.cpu_count() or 1, plan.communities)
    growing = (laid_out + swept * len(plan.steps)) * plan.people / people / useful
    a_step = beside + STEP_SECONDS + plan.bytes_needed()["counts"] * STEP_SECONDS_A_BYTE
    rows = plan.people * plan.sizes.arms
    return ENDING_SECONDS + growing + a_step * len(plan.steps) + rows * SECONDS_A_ROW


def _size(number: int) -> str:
    if number >= 1_000_000_000:
        return f"{number / 1e9:,.1f} GB"
    return f"{number / 1e6:,.0f} MB"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []
