"""How a society is shared out among workers, and what it takes; what cannot fit is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from glasshouse.engine.estimate import (
    PACKED_POWER,
    Estimate,
    collected,
    folder_of,
    kept_bytes,
    needs,
    refuse_disk,
    seconds_of,
    workers_of,
)
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.timing import in_files
from glasshouse.errors import TooLarge

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from distributed import Client

    from glasshouse.engine.plan.plan import Plan
    from glasshouse.law.experiment import Experiment

SHARDS_A_THREAD = 4
"""Where there are not too many: a slow one keeps nobody waiting for long."""

SHARDS = 1000
"""As many as the scheduler takes in a few seconds; more only where there are more threads."""

MOST_IN_ONE = 2048
"""Communities: larger shards would be a burden to whoever goes on with them on one machine."""

USABLE = 0.6
"""Share of a worker's memory that is ours: beyond it Dask begins to write results to the disk."""


def shard_among(
    plan: Plan, client: Client, collect: str, out: str | os.PathLike[str] | None, keeps: int = 0
) -> int:
    """Give the communities of a shard; refuse what the workers or the leader's disk cannot hold.

    What a worker holds between steps is a few bytes a person, and goes to its disk if need be.
    ``keeps`` are the days whose state is kept for forks.
    """
    threads = threads_of(client)
    shards = max(threads, min(threads * SHARDS_A_THREAD, SHARDS))
    size = min(-(-plan.communities // shards), MOST_IN_ONE)
    workers = client.scheduler_info(n_workers=-1)["workers"].items()
    # Workers are mostly alike; one of each kind is looked at.
    kinds = {(told["nthreads"], told["memory_limit"]): address for address, told in workers}
    for (there, limit), address in kinds.items():
        room = limit * USABLE
        if room == 0:
            continue  # nobody set a limit
        while size > 1 and needs(plan, there, "counts", size)[0] > room:
            size //= 2
        least = needs(plan, there, "counts", 1)[0]
        if least > room:
            raise TooLarge(
                f"the worker {address} may take {room / 1e9:,.1f} GB of memory and needs at least"
                f" {least / 1e9:,.1f} GB; give it more, or fewer threads"
            )
    refuse_disk(plan, disk_of(plan, collect, size, keeps), out)
    return size


def threads_of(client: Client) -> int:
    """Give how many threads the workers have together; one at least."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    return max(1, sum(int(worker["nthreads"]) for worker in workers))


def disk_of(plan: Plan, collect: str, size: int, keeps: int) -> int:
    """Give the bytes of disk that a run takes; a checkpoint stands beside the one before it."""
    return needs(plan, 1, collect, size)[1] + (1 + keeps) * kept_bytes(plan)


def estimate_among(
    experiment: Experiment,
    client: Client,
    *,
    threads: int | None = None,
    collect: Literal["all", "counts"] | None = "all",
    device: str = "cpu",
    out: str | os.PathLike[str] | None = None,
    before_timing: Callable[[], None] | None = None,
    keeps: int = 0,
) -> Estimate:
    """Say what a run on workers will need: memory is that of the leader; refuses what cannot fit.

    ``threads`` take part here, when all is over.
    """
    plan = make_plan(experiment)
    size = shard_among(plan, client, collected(collect, 1), out, keeps)
    kept = collected(collect, size)
    if before_timing is not None:
        before_timing()
    there = threads_of(client)
    # Workers keep all that they can in memory.
    costs = in_files(plan, device, there, folder_of(None), keeps=True, growth=PACKED_POWER)
    costs = costs._replace(written=0.0)
    seconds = seconds_of(plan, there, costs, shard=size, collect=kept, processors=there)
    memory = needs(plan, workers_of(device, threads), kept, size)[0]
    return Estimate(
        memory, disk_of(plan, kept, size, keeps), seconds, size, folder_of(out), there, kept
    )
