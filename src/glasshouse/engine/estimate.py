"""How much a run will take, said before it starts; what cannot fit is refused."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from glasshouse.engine.drivers import is_at_hand
from glasshouse.engine.plan.memory import count_shapes
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.shards import at_once
from glasshouse.errors import TooLarge
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from glasshouse.engine.plan.plan import Plan
    from glasshouse.engine.timing import Costs
    from glasshouse.law.experiment import Experiment

PROGRAM_BYTES = 400_000_000
"""The program itself with the compiler, before any society."""

COMPILING_BYTES = 700_000_000
"""What compiling takes in all, the first time on a machine."""

OUTCOME_BYTES_A_ROW = 40
"""Roughly what an outcome row takes in its file."""

PACKED_BYTES, PACKED_POWER = 2.8, 0.4
"""Roughly what a row and arm take in a shard after a month, and the power by which that grows."""

ROWS_BYTES = 8
"""Roughly what a row takes in a file of what no step changes."""

PACKING = 0.25
"""What packing takes besides the communities at hand, as a share of their size in memory."""

MOST_IN_A_SHARD = 256
"""Communities: larger shards save nothing."""

SPARE = 0.05
"""Share of the memory and of the disk that a run leaves alone."""

CELL_BYTES = 12
"""A place and a value of a kept count."""

ATTENTION_BYTES = 2
"""The attention that a community and arm have for a step."""

# Roughly what keeping takes on a machine of 2020, in plain Python and files; the sweep is timed.
ENDING_SECONDS = 0.3
SECONDS_A_ROW = 1e-6
STEP_SECONDS = 2e-3
STEP_SECONDS_A_BYTE = 1e-9
FRESH_SECONDS_A_BYTE = 1.2e-9
"""Memory that is taken and held; a virtual machine has to ask for it twice."""


@dataclass(frozen=True)
class Estimate:
    """What a run will need."""

    memory_bytes: int
    disk_bytes: int
    seconds: float
    shard_communities: int = 0
    """Communities of a shard where the society will stay in files; 0 where it fits the memory."""
    folder: Path = Path()
    """The folder that exists and that the run directory will stand in or below."""
    threads: int = 1
    collect: Literal["all", "counts"] = "all"

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
    collect: Literal["all", "counts"] | None = "all",
    device: str = "cpu",
    out: str | os.PathLike[str] | None = None,
    memory: int | None = None,
    before_timing: Callable[[], None] | None = None,
    keeps: int = 0,
) -> Estimate:
    """Say what a run will need, from its plan and from a few steps of a few communities.

    Refuses what does not fit the memory or the disk; then calls ``before_timing``. ``keeps`` are
    the days whose state is kept for forks.
    """
    from glasshouse.engine.timing import in_files, in_memory

    plan = make_plan(experiment)
    workers = workers_of(device, threads)
    shard = checked_shard(plan, workers, collect, out, memory, keeps)
    kept = collected(collect, shard)
    needed, disk = needs(plan, workers, kept, shard)
    if device == "cpu" and not is_at_hand():
        needed = max(needed, COMPILING_BYTES)
    disk += keeps * kept_bytes(plan)
    if before_timing is not None:
        before_timing()
    folder = folder_of(out)
    if shard:
        keeps_too = keeps_rows(plan, workers, kept, shard, folder)
        costs = in_files(plan, device, workers, folder, keeps=keeps_too, growth=PACKED_POWER)
        packed = packed_bytes(plan) * plan.sizes.arms
        disk += int(plan.people * (costs.stored_at_the_end - packed))
        refuse_disk(plan, disk, out)
        rows = ROWS_BYTES * keeps_too
        disk += plan.people * rows
    else:
        costs, rows = in_memory(plan, device, workers), 0
    seconds = seconds_of(plan, workers, costs, shard=shard, collect=kept, rows=rows)
    return Estimate(needed, disk, seconds, shard, folder, workers, kept)


def collected(collect: Literal["all", "counts"] | None, shard: int) -> Literal["all", "counts"]:
    """Say what is kept where nobody does: everything, or counts alone of a society in files."""
    return collect or ("counts" if shard else "all")


def workers_of(device: str, threads: int | None) -> int:
    """Give how many threads take part: all processors if nobody says, one beside a card."""
    return 1 if device in {"python", "cuda"} else threads or os.cpu_count() or 1


def needs(plan: Plan, workers: int, collect: str, shard: int = 0) -> tuple[int, int]:
    """Give the bytes of memory and of disk that a run needs at most, held or in shards."""
    by_group = plan.bytes_needed()
    moving = by_group["state"] + by_group["outcome"] + by_group["pools"]
    each_worker = by_group["frame"] + by_group["counts"]
    history = history_bytes(plan)
    rows = plan.people * plan.sizes.arms
    kept = history + (rows * OUTCOME_BYTES_A_ROW if collect == "all" else 0)
    if shard == 0:
        # A checkpoint is written from a copy of all that moves; the last one stays beside the next.
        memory = by_group["static"] + 2 * moving + each_worker * workers
        return PROGRAM_BYTES + memory + history, 2 * moving + kept
    held = workers * (each_worker + at_once(plan) * _community_bytes(plan) + shard * _packed(plan))
    return PROGRAM_BYTES + held + history, int(rows * packed_bytes(plan)) + kept


def keeps_rows(
    plan: Plan, workers: int, collect: str, shard: int, folder: Path, lying: int = 0
) -> bool:
    """Say whether what no step changes is kept in files: where it is asked for, and fits the disk.

    Reading it takes a tenth of the time of laying a society out. ``lying`` bytes of what the run
    needs lie there already.
    """
    if shard == 0 or len(plan.steps) == 1:
        return False
    disk = needs(plan, workers, collect, shard)[1] + plan.people * ROWS_BYTES
    return disk - lying <= room_on_disk(folder) * (1 - SPARE)


def _community_bytes(plan: Plan) -> int:
    """Give what a community takes that a worker holds, and what packing it takes besides."""
    by_group = plan.bytes_needed()
    whole = sum(by_group[group] for group in ("static", "state", "outcome", "pools"))
    return int(whole / plan.communities * (1 + PACKING))


def _packed(plan: Plan) -> int:
    """Give what a community takes in a shard, as it was, as it becomes, while it is written."""
    return int(3 * packed_bytes(plan) * plan.sizes.slots * plan.sizes.arms)


def packed_bytes(plan: Plan) -> float:
    """Give roughly what a row and arm take in a shard at the end of a run."""
    return float(PACKED_BYTES * plan.experiment.scenario.months_in_all**PACKED_POWER)


def kept_bytes(plan: Plan) -> int:
    """Give what a state takes that is kept for forks."""
    return int(plan.people * plan.sizes.arms * packed_bytes(plan))


def shard_for(plan: Plan, workers: int, memory: int | None) -> int:
    """Give the communities of a shard that fits; 0 where the whole society fits the memory.

    ``memory`` is the most that the run may take; without it what is free decides.
    """
    limit = memory_limit(memory)
    if limit is None or needs(plan, workers, "counts")[0] <= limit:
        return 0
    room = limit - needs(plan, workers, "counts", 1)[0]
    more = max(0, int(room / (workers * _packed(plan))))
    return min(1 + more, MOST_IN_A_SHARD, -(-plan.communities // workers))


def memory_limit(memory: int | None) -> int | None:
    """Give the most bytes that a run may take: what is asked for or what is free, if known."""
    free = free_memory()
    known = [memory] if memory is not None else []
    return min([*known, int(free * (1 - SPARE))] if free is not None else known, default=None)


def checked_shard(
    plan: Plan,
    workers: int,
    collect: Literal["all", "counts"] | None,
    out: str | os.PathLike[str] | None,
    memory: int | None,
    keeps: int = 0,
) -> int:
    """Say how a run is held (see shard_for); refuse what fits neither the memory nor the disk."""
    shard = shard_for(plan, workers, memory)
    limit = memory_limit(memory)
    needed, disk = needs(plan, workers, collected(collect, shard), shard)
    disk += keeps * kept_bytes(plan)
    if shard and limit is not None and needed > limit:
        raise TooLarge(
            f"{_whom(plan)} need at least {_size(needed)} of memory, a community a worker, and may"
            f" take {_size(limit)}; allow more (--memory), or take fewer threads (--threads), fewer"
            " arms or longer steps"
        )
    refuse_disk(plan, disk, out)
    return shard


def refuse_disk(plan: Plan, disk: int, out: str | os.PathLike[str] | None) -> None:
    """Refuse a run that needs more disk than is free where it goes."""
    folder = folder_of(out)
    room = room_on_disk(folder)
    if disk > room * (1 - SPARE):
        raise TooLarge(
            f"{_whom(plan)} need up to {_size(disk)} of disk and {_size(room)} are free below"
            f" {folder}; write elsewhere (--out), ask for fewer people (--people) or less time"
            " (--months), or keep counts alone (--collect counts)"
        )


def _whom(plan: Plan) -> str:
    return f"{plan.people:,} people in {plan.sizes.arms} arms"


def folder_of(out: str | os.PathLike[str] | None) -> Path:
    """Give the nearest folder that exists to where a run directory will stand."""
    folder = Path(tempfile.gettempdir()) if out is None else Path(out).absolute().parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


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
    """Give the bytes of what is kept of all steps at most: counts, and what was decided.

    Cells by week are kept where they are not zero.
    """
    sizes = plan.sizes
    shapes = count_shapes(sizes)
    weekly = sum(shapes[count.name][0] for count in COUNTS if "week" in count.axes)
    # What the institutions decided for every community is held, and once more when it is written.
    decided = 2 * plan.communities * sizes.arms * ATTENTION_BYTES
    # Where nobody lives nothing is counted.
    cells = sizes.arms * min(sizes.provinces, plan.communities)
    each = (sum(shape[0] for shape in shapes.values()) - weekly) * cells
    # A listing stands in four cells by week at most, and there are no more of them than places.
    listings = plan.communities * sizes.listings * sizes.arms
    counted = (each + min(weekly * cells, 4 * listings)) * CELL_BYTES
    return (counted + decided) * len(plan.steps)


def seconds_of(
    plan: Plan,
    workers: int,
    costs: Costs,
    *,
    shard: int,
    collect: str = "all",
    rows: int = 0,
    processors: int | None = None,
) -> float:
    """Give about how long a run takes: what grows with people is scaled up, and only that.

    ``shard`` is how many communities a file holds, if any does, and ``rows`` what a person takes
    in a second file. ``processors`` are those of this machine unless others do the work.
    """
    useful = min(workers, processors or os.cpu_count() or 1, plan.communities)
    steps = len(plan.steps)
    each = (costs.begun + costs.step * steps + costs.ended) / costs.people
    by_group = plan.bytes_needed()
    growing = each * plan.people / useful
    if shard:
        shards = -(-plan.communities // shard)
        growing *= -(-shards // useful) * useful / shards  # a step ends with its last shard
        disk = plan.people * _moved(plan, costs, rows) * costs.written * steps
        growing = max(growing, disk)
    else:
        held = sum(by_group[group] for group in ("static", "state", "outcome", "pools"))
        growing += held * FRESH_SECONDS_A_BYTE / useful
    a_step = costs.beside + STEP_SECONDS + by_group["counts"] * STEP_SECONDS_A_BYTE
    written = plan.people * plan.sizes.arms if collect == "all" else 0
    return ENDING_SECONDS + growing + a_step * steps + written * SECONDS_A_ROW


def _moved(plan: Plan, costs: Costs, rows: int) -> float:
    """Give what goes to and from the disk for a person in a step.

    What was read last stays in memory, if there is room for all of it.
    """
    free = free_memory()
    is_too_much = free is not None and plan.people * (costs.stored_at_the_end + rows) > free
    return costs.stored + ((costs.stored + rows) if is_too_much else 0)


def _size(number: int) -> str:
    if number >= 1_000_000_000:
        return f"{number / 1e9:,.1f} GB"
    return f"{number / 1e6:,.0f} MB"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []
