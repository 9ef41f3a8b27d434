"""What any size of society needs of any number of cores, from measured pieces."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from glasshouse.bench.cluster_model import Costs, Step, step_of

COMMUNITY = 2048
"""People of a community."""

WIRE = 1.25e9
"""Bytes a second to and from the leader: 10 Gbit/s. Not measured."""

SHARE_OF_ENDS = 0.5
"""Of what a task costs the scheduler: half when it is sent out, half when it ends."""


class Need(NamedTuple):
    """What a step needs."""

    people: float
    cores: int
    communities: int
    """Of a shard."""
    shards: int
    costs: Costs
    up: float
    """Bytes that come to the leader in a step."""
    down: float
    """Bytes that go out in a step."""
    held: float
    """Bytes of packed society that lie with each core."""
    step: Step


def need_of(
    pieces: Mapping[str, Any],
    people: float,
    cores: int,
    communities: int,
    *,
    sums: int = 0,
    threads: int = 1,
) -> Need:
    """Say what a step of ``people`` on ``cores`` needs, with shards of so many communities.

    ``sums``: how many results a worker adds up before it sends one; 0 where each is sent.
    ``threads``: how many cores lead a shard together.
    """
    workers = max(1, cores // threads)
    shards = math.ceil(people / (communities * COMMUNITY))
    groups = shards
    if sums:
        on_each = [len(range(one, shards, workers)) for one in range(min(workers, shards))]
        groups = sum(-(-each // sums) for each in on_each)
    own = pieces["left_bytes_a_community"]
    counted = {
        size: {"bytes": one["bytes"] - own * int(size)}
        for size, one in pieces["left_by_communities"].items()
    }
    result = along(counted, communities, "bytes") + own * communities
    tables = pieces["tables_bytes"] * workers
    attention = pieces["attention_bytes_a_community"] * people / COMMUNITY
    costs = Costs(
        handing_out=pieces["leader_a_task"],
        scheduling=pieces["scheduler_a_task"] * SHARE_OF_ENDS,
        computing=pieces["seconds_a_streamed_person_month"] * people / shards / threads
        + pieces["worker_a_task"],
        ending=pieces["scheduler_a_task"] * (1 - SHARE_OF_ENDS),
        sending=result / WIRE,
        adding=along(pieces["left_by_communities"], communities, "adding"),
        deciding=straight(pieces["deciding_by_communities"], people / COMMUNITY),
        spreading=(tables + attention) / WIRE,
    )
    return Need(
        people, cores, communities, shards, costs,
        up=result * groups, down=tables + attention,
        held=pieces["bytes_a_person"] * people / cores,
        step=step_of(costs, shards, workers, sums=sums),
    )  # fmt: skip


def along(measured: Mapping[str, Mapping[str, float]], communities: float, what: str) -> float:
    """Give a measured number at another size of shard, along straight lines of its logarithm."""
    points = sorted((math.log(int(size)), math.log(one[what])) for size, one in measured.items())
    at = math.log(communities)
    right = next((n for n in range(1, len(points)) if points[n][0] >= at), len(points) - 1)
    (x, y), (far, high) = points[right - 1], points[right]
    return math.exp(y + (high - y) * (at - x) / (far - x))


def straight(measured: Mapping[str, float], communities: float) -> float:
    """Give measured seconds at another number of communities: as many more as the last had."""
    last = max(measured, key=int)
    return float(measured[last]) * max(1.0, communities / int(last))


def one_each(people: float, workers: int) -> int:
    """Give the communities of a shard where every worker has one."""
    return math.ceil(people / COMMUNITY / workers)
