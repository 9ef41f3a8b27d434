"""A society is shared out so that nobody waits for long: neither a worker nor the scheduler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from glasshouse.engine.cluster import share
from glasshouse.engine.cluster.share import MOST_IN_ONE, shard_among, threads_of
from glasshouse.engine.estimate import kept_bytes, needs
from glasshouse.engine.plan.plan import make_plan
from glasshouse.errors import TooLarge
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from distributed import Client

    from glasshouse.engine.plan.plan import Plan

GIGABYTE = 10**9


class Said:
    """Stands for a client: it says what workers there are."""

    def __init__(self, workers: int, threads: int = 1, memory: int = 0) -> None:
        told = {"nthreads": threads, "memory_limit": memory}
        self.workers = {f"tcp://a:{number}": told for number in range(workers)}

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        """Give them all."""
        assert n_workers == -1
        return {"workers": self.workers}


def client(*told: int) -> Client:
    """Give what says that there are so many workers, threads each, bytes each."""
    return cast("Client", Said(*told))


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Give the plan of a city."""
    return make_plan(Library().resolve("pellucid", {"people": "2000000", "community_size": "16"}))


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share, "refuse_disk", lambda *_: None)


@pytest.mark.parametrize(("workers", "shards"), [(20, 80), (100, 400), (300, 1000), (2000, 2000)])
def test_there_are_some_shards_a_thread_and_not_too_many(
    plan: Plan, workers: int, shards: int
) -> None:
    """Four a thread, as long as the scheduler can take them; never fewer than threads."""
    size = shard_among(plan, client(workers), "counts", None)
    assert size == min(-(-plan.communities // shards), MOST_IN_ONE)


def test_a_small_machine_can_go_on_with_any_shard(plan: Plan) -> None:
    """However few workers there are."""
    assert shard_among(plan, client(1), "counts", None) == MOST_IN_ONE


def test_a_shard_fits_the_smallest_worker(plan: Plan) -> None:
    """Smaller shards first; what does not fit even so is refused by the worker's name."""
    tight = int(needs(plan, 2, "counts", 100)[0] / share.USABLE)
    size = shard_among(plan, client(2, 2, tight), "counts", None)
    assert 1 <= size <= 100
    with pytest.raises(TooLarge, match=r"worker tcp://a:\d may take 0.1 GB"):
        shard_among(plan, client(2, 2, GIGABYTE // 5), "counts", None)


def test_what_is_kept_for_forks_takes_disk(plan: Plan) -> None:
    """A state for each day, beside two checkpoints."""
    one, three = (share.disk_of(plan, "counts", 64, keeps) for keeps in (0, 2))
    assert three - one == 2 * kept_bytes(plan)


def test_threads_are_counted_over_all_workers() -> None:
    """One at least, so that a share can be worked out."""
    assert threads_of(client(3, 4)) == 12
    assert threads_of(client(0)) == 1
