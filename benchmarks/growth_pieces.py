"""Measure the pieces that docs/growth.md adds up, in processor time, and write them down here.

    python benchmarks/growth_pieces.py

The scheduler, two workers and the leader are processes of their own, so that each can be asked what
it took. Shards of one tiny community show what a task costs besides its work.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.bench.machine import machine, versions
from glasshouse.bench.society import Months, laid_out, planned, scenario_of, warm
from glasshouse.engine.cluster.connection import connected
from glasshouse.engine.cluster.dispatched import Dispatched
from glasshouse.engine.institutions import Bureau
from glasshouse.engine.plan.plan import Plan
from glasshouse.engine.simulation import empty_memory
from glasshouse.engine.streamed import Given, Streamed

PIECES = Path(__file__).with_name("growth.json")

SHARDS = (8, 32, 128, 512, 2048)
"""Communities of a shard, to see what it leaves behind by its size."""

COMMUNITIES = (1_000, 100_000, 1_000_000)
"""Of societies whose institutions decide."""

USER, SYSTEM = 11, 12
"""Where ticks of processor time stand behind the name of a process."""

TASKS = 384
STEPS = 4
PEOPLE_OF_A_TASK = 16


def main() -> None:
    """Measure everything and write it down."""
    pieces: dict[str, Any] = {
        "machine": machine(), "versions": versions(),
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
    }  # fmt: skip
    for part in (months, shards, deciding, tasks):
        print(part.__name__, file=sys.stderr)
        pieces |= part()
    PIECES.write_text(json.dumps(pieces, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def months() -> dict[str, Any]:
    """A person-month in memory."""
    work = Months([warm(laid_out(scenario_of(262_144)))], 4)
    began = time.process_time()
    done = work()
    return {"seconds_a_person_month": (time.process_time() - began) / done}


def shards() -> dict[str, Any]:
    """A person-month in a shard, what a shard takes, and what it leaves for the leader."""
    left = {}
    for size in SHARDS:
        with tempfile.TemporaryDirectory(prefix="glasshouse-growth-") as folder:
            given = Given(
                planned(scenario_of(size * 2048)), "cpu", 1, Path(folder), "growth", size,
                heed=lambda _done, _all: None, told=print,
            )  # fmt: skip
            run = Kept(given)
            run.begin()
            for _ in range(STEPS):
                run.advance()
            began = time.process_time()
            run.advance()
            seconds = time.process_time() - began
            packed = pickle.dumps(run.last)
            began = time.process_time()
            for _ in range(STEPS):
                run.take_again(pickle.loads(packed))  # noqa: S301 - written two lines above
            adding = (time.process_time() - began) / STEPS
            held = sum(file.stat().st_size for file in Path(folder).iterdir())
            left[size] = {"bytes": len(packed), "adding": adding}
    return {
        "seconds_a_streamed_person_month": seconds / (size * 2048),
        "bytes_a_person": held / (size * 2048),
        "left_by_communities": left,
        "left_bytes_a_community": (run.last.recorded.nbytes + run.last.provinces.nbytes) / size,
    }


class Kept(Streamed):
    """Keeps what the last shard has left behind."""

    def _take(self, left: Any, counts: Any) -> None:
        self.last, self.counts = left, counts
        super()._take(left, counts)

    def take_again(self, left: Any) -> None:
        """Add it up once more."""
        super()._take(left, self.counts)


def deciding() -> dict[str, Any]:
    """What the institutions take for a step, by the number of communities."""
    small = warm(laid_out(scenario_of(65_536)), 1)
    counts = small.advance().counts
    found = {}
    for communities in COMMUNITIES:
        plan = planned(scenario_of(communities * 2048))
        bureau = Bureau(plan)
        memory = empty_memory(plan, np.arange(communities, dtype=np.int64) % 31)
        recorded = np.ones((communities, plan.sizes.arms), np.int32)
        first = bureau.decide(plan.steps[2], plan.steps[1], counts, recorded, memory)
        began = time.process_time()
        bureau.decide(plan.steps[2], plan.steps[1], counts, recorded, memory)
        found[communities] = time.process_time() - began
    tables = sum(table.nbytes for table in first) - first.attention.nbytes
    return {
        "deciding_by_communities": found,
        "tables_bytes": tables,
        "attention_bytes_a_community": first.attention.nbytes / communities,
    }


def tasks() -> dict[str, Any]:
    """What a shard and step cost the scheduler, the leader and a worker besides the work itself."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="glasshouse-")))
        there = folder / "scheduler.json"
        begin = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1",
                 "--port", "0", "--no-dashboard", "--scheduler-file", str(there)]  # fmt: skip
        join = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(there),
                "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
                "--no-dashboard"]  # fmt: skip
        begun = [begun_process(stack, begin)]
        while not there.exists():
            time.sleep(0.1)
        begun += [begun_process(stack, join) for _ in range(2)]
        address = json.loads(there.read_text(encoding="utf-8"))["address"]
        client = stack.enter_context(connected(cluster=address))
        given = Given(
            tiny_plan(), "cpu", 1, folder, "growth", 1, heed=lambda _done, _all: None, told=print
        )
        run = Dispatched(given, client)
        run.begin()
        for _ in range(STEPS):
            run.advance()
        before, mine = [took(one) for one in begun], time.process_time()
        for _ in range(STEPS):
            run.advance()
        mine = time.process_time() - mine
        theirs = [took(one) - b for one, b in zip(begun, before, strict=True)]
    each = TASKS * STEPS
    return {
        "scheduler_a_task": theirs[0] / each,
        "leader_a_task": mine / each,
        "worker_a_task": sum(theirs[1:]) / each,
    }


def tiny_plan() -> Plan:
    """Plan a society of tiny communities, a shard each."""
    experiment = scenario_of(TASKS * PEOPLE_OF_A_TASK)
    scenario = experiment.scenario.model_copy(update={"community_size": PEOPLE_OF_A_TASK})
    return planned(replace(experiment, scenario=scenario))


def begun_process(stack: ExitStack, command: list[str]) -> int:
    """Begin a process that ends with the stack; give its number."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process.pid


def took(process: int) -> float:
    """Give the processor time that a process has taken so far."""
    told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[USER]) + int(told[SYSTEM])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
