"""How much a run will take, said before it starts; what cannot fit is refused."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.errors import TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable

    from glasshouse.engine.plan.plan import Plan
    from glasshouse.law.experiment import Experiment

PROGRAM_BYTES = 400_000_000
"""The program itself with the compiler, before any society."""

OUTCOME_BYTES_A_ROW = 40
"""Roughly what an outcome row takes in its file."""

SPARE = 0.05
"""Share of the memory and of the disk that a run leaves alone."""

_STEPS = 3
"""Steps that are timed, after one that is not."""

_COMMUNITIES = 2


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
    history = by_group["counts"] * len(plan.steps)
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


def seconds_of(plan: Plan, workers: int, device: str) -> float:
    """Time a few steps of a community or two and scale them up."""
    communities = min(_COMMUNITIES, plan.communities)
    scenario = plan.experiment.scenario
    people = min(scenario.people, communities * plan.sizes.slots)
    small = replace(plan.experiment, scenario=scenario.model_copy(update={"people": people}))
    scratch = Simulation(make_plan(small), driver_of(device, 1))
    scratch.begin()
    scratch.advance()
    again = Simulation(scratch.plan, scratch.driver)
    began = time.perf_counter()
    again.begin()
    laid_out = time.perf_counter()
    steps = min(_STEPS + 1, len(plan.steps))
    for _ in range(steps):
        again.advance()
    done = time.perf_counter()
    scale = plan.people / people
    useful = min(workers, os.cpu_count() or 1, plan.communities)
    a_step = (done - laid_out) / steps
    return ((laid_out - began) + a_step * len(plan.steps)) * scale / useful


def _size(number: int) -> str:
    if number >= 1_000_000_000:
        return f"{number / 1e9:,.1f} GB"
    return f"{number / 1e6:,.0f} MB"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []
