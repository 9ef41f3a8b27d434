"""The simulated cluster keeps to what can be worked out on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.bench.cluster_model import Costs, step_of

NOTHING = Costs(0, 0, 0, 0, 0, 0, 0, 0)
seconds = st.floats(0, 2)


def test_work_alone_takes_as_many_rounds_as_there_are_shards_a_worker() -> None:
    """With nothing else to do, ten shards on four workers take three rounds."""
    assert step_of(NOTHING._replace(computing=2.0), 10, 4).seconds == 6.0


def test_a_scheduler_alone_takes_every_task_in_turn() -> None:
    """However many workers there are, the scheduler hears of each task twice."""
    found = step_of(NOTHING._replace(scheduling=1.0, ending=0.5), 10, 1000)
    assert found.seconds == 15.0
    assert found.slowest == "scheduler"


def test_a_slow_scheduler_starts_the_last_task_late() -> None:
    """The last worker begins when the scheduler has sent all tasks: n s + c."""
    assert step_of(NOTHING._replace(scheduling=1.0, computing=7.0), 10, 10).seconds == 17.0


def test_a_slow_wire_brings_one_result_after_the_other() -> None:
    """All results are ready at once: c + n w, and the leader adds while the wire works."""
    costs = NOTHING._replace(computing=3.0, sending=2.0, adding=1.0)
    assert step_of(costs, 8, 8).seconds == 3.0 + 8 * 2.0 + 1.0


def test_a_slow_leader_adds_one_result_after_the_other() -> None:
    """All results are ready at once: c + w + n a, then the institutions decide."""
    costs = NOTHING._replace(computing=3.0, sending=1.0, adding=2.0, deciding=5.0, spreading=4.0)
    assert step_of(costs, 8, 8).seconds == 4.0 + 3.0 + 1.0 + 8 * 2.0 + 5.0


def test_sums_on_the_workers_spare_the_wire_and_the_leader() -> None:
    """A worker that adds up its results sends one, and what is left over as another."""
    costs = NOTHING._replace(computing=1.0, sending=1.0, adding=1.0)
    alone = step_of(costs, 40, 4)
    whole = step_of(costs, 40, 4, sums=10)
    parts = step_of(costs, 40, 4, sums=4)
    assert alone.busy["wire"] == 40.0
    assert whole.busy["wire"] == 4.0
    assert whole.seconds == 10.0 + 4.0 + 1.0
    assert parts.busy["leader"] == 12.0


@given(st.tuples(*[seconds] * 8), st.integers(1, 30), st.integers(1, 12), st.integers(0, 4))
def test_a_step_lies_between_its_slowest_server_and_the_sum(
    costs: tuple[float, ...], shards: int, workers: int, sums: int
) -> None:
    """No server works longer than the step, and the step never waits for nothing."""
    found = step_of(Costs(*costs), shards, workers, sums=sums)
    slack = 1e-9
    assert max(found.busy.values()) <= found.seconds + slack
    assert found.seconds <= sum(found.busy.values()) + slack
    rounds = -(-shards // workers)
    assert found.busy["workers"] == pytest.approx(rounds * costs[2])
