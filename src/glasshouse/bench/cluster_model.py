"""A step of a society on a cluster, simulated event by event: who waits for whom, and how long.

Four kinds of server, each with a queue of its own, first come first served: the leader, who hands
out tasks and adds results up; the scheduler, who hears of every task twice; the wire to the leader;
and the workers, who hold their shards. A step ends when the leader has added up the last result and
the institutions have decided. Nothing here knows of Dask: the seconds come from measurements.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from itertools import count
from typing import NamedTuple


class Costs(NamedTuple):
    """Seconds that one piece of work takes its server."""

    handing_out: float
    """The leader, a task: to submit it."""
    scheduling: float
    """The scheduler, a task: to send it to its worker."""
    computing: float
    """A worker, a shard: to lead it through the step."""
    ending: float
    """The scheduler, a task: to hear that it is done."""
    sending: float
    """The wire, a result."""
    adding: float
    """The leader, a result: to read it and add it up."""
    deciding: float
    """The leader, a step: what the institutions do with the sums."""
    spreading: float
    """The wire, a step: what the institutions decided, on its way to every machine."""


class Step(NamedTuple):
    """How long a step took, and how long each server was at work in it."""

    seconds: float
    busy: dict[str, float]
    """Seconds of the leader, the scheduler, the wire and the busiest worker."""

    @property
    def slowest(self) -> str:
        """The server that was at work longest."""
        return max(self.busy, key=lambda name: self.busy[name])


LEADER, SCHEDULER, WIRE = "leader", "scheduler", "wire"
WORKERS = "workers"

Server = str | int
"""One of the three by its name, or a worker by its number."""


def step_of(costs: Costs, shards: int, workers: int, *, sums: int = 0) -> Step:
    """Simulate a step of ``shards`` shards that lie spread over ``workers`` workers.

    ``sums``: how many results a worker adds up into one before it is sent; 0 where each is sent.
    """
    queues = _Queues()
    spread = costs.spreading
    queues.busy[WIRE] = spread
    for task in range(shards):
        queues.ask(LEADER, spread, costs.handing_out, (task, 0))
    workers_left = {w: len(range(w, shards, workers)) for w in range(min(workers, shards))}
    done_by = dict.fromkeys(workers_left, 0)
    end = spread
    while queues.waiting:
        now, (task, stage) = queues.next()
        worker = task % workers
        if stage == 0:
            queues.ask(SCHEDULER, now, costs.scheduling, (task, 1))
        elif stage == 1:
            queues.ask(worker, now, costs.computing, (task, 2))
        elif stage == 2:
            queues.ask(SCHEDULER, now, costs.ending, (task, 3))
        elif stage == 3:
            done_by[worker] += 1
            group = done_by[worker] % sums if sums else 0
            if group == 0 or done_by[worker] == workers_left[worker]:
                queues.ask(WIRE, now, costs.sending, (task, 4))
        elif stage == 4:
            queues.ask(LEADER, now, costs.adding, (task, 5))
        end = max(end, now)
    busy = {name: queues.busy[name] for name in (LEADER, SCHEDULER, WIRE)}
    busy[LEADER] += costs.deciding
    busy[WORKERS] = max(queues.busy[worker] for worker in workers_left)
    return Step(end + costs.deciding, busy)


class _Queues:
    """Servers that take what is asked of them in the order of asking."""

    def __init__(self) -> None:
        self.busy: defaultdict[Server, float] = defaultdict(float)
        self.waiting: list[tuple[float, int, tuple[int, int]]] = []
        self._free: defaultdict[Server, float] = defaultdict(float)
        self._numbers = count()

    def ask(self, server: Server, now: float, seconds: float, what: tuple[int, int]) -> None:
        """Let a server work for some seconds as soon as it is free; then ``what`` is over."""
        over = max(now, self._free[server]) + seconds
        self._free[server] = over
        self.busy[server] += seconds
        heapq.heappush(self.waiting, (over, next(self._numbers), what))

    def next(self) -> tuple[float, tuple[int, int]]:
        """Give what is over next, and when."""
        over, _, what = heapq.heappop(self.waiting)
        return over, what
