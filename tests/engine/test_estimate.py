"""What a run needs is said before it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.engine.estimate import (
    PACKED_POWER,
    ROWS_BYTES,
    estimate,
    free_memory,
    keeps_rows,
    needs,
    seconds_of,
)
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.timing import Costs, in_files
from glasshouse.errors import TooLarge
from glasshouse.law.library import Library


def test_an_estimate_names_memory_disk_and_time() -> None:
    """All are positive, and more people need more of each."""
    said = [
        estimate(
            Library().resolve("pellucid", {"people": people, "community_size": "40", "years": "1"}),
            device="python",
        )
        for people in ("80", "8000")
    ]
    assert all(value > 0 for value in said[0].plain().values())
    assert said[1].memory_bytes > said[0].memory_bytes
    assert said[1].disk_bytes > said[0].disk_bytes
    assert said[1].seconds > 10 * said[0].seconds


def test_a_century_of_ten_people_needs_no_gigabytes() -> None:
    """Counts by week of length are kept where a listing stands, however long the run."""
    plan = make_plan(Library().resolve("as-told", {"people": "10", "years": "100"}))
    assert needs(plan, 2, "all")[0] < 2_000_000_000


def test_nothing_is_timed_before_a_run_is_refused() -> None:
    """What is said before the timing is not said of a society that cannot run."""
    told: list[str] = []
    tiny = {"people": "40", "community_size": "40", "years": "1"}
    estimate(
        Library().resolve("pellucid", tiny), device="python", before_timing=lambda: told.append("x")
    )
    assert told == ["x"]
    with pytest.raises(TooLarge):
        estimate(
            Library().resolve("pellucid", {"people": "4e9"}),
            device="python",
            before_timing=lambda: told.append("y"),
        )
    assert told == ["x"]


def test_what_no_step_changes_is_kept_where_it_fits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What lies there already takes no more room, so whoever goes on decides as who began."""
    plan = make_plan(Library().resolve("pellucid", {"people": "100000"}))
    wanted = needs(plan, 1, "counts", 1)[1] + plan.people * ROWS_BYTES
    for room, lying, is_kept in ((1.1, 0.0, True), (0.6, 0.0, False), (0.6, 0.5, True)):
        monkeypatch.setattr(
            "glasshouse.engine.estimate.room_on_disk", lambda _, room=room: int(room * wanted)
        )
        assert keeps_rows(plan, 1, "counts", 1, tmp_path, int(lying * wanted)) == is_kept


COSTS = Costs(people=1000, begun=1e-4, step=1e-3, ended=2e-4, beside=0.0)


def seconds(people: str, costs: Costs = COSTS, **options: int) -> float:
    """Give how long a society in files takes a thread, but for what does not grow with people."""
    said = {"people": people, "community_size": "1000", "years": "1"}
    plan = make_plan(Library().resolve("pellucid", said))
    given = {"workers": 1, "shard": 1, "processors": 8} | options
    whole = seconds_of(plan, costs=costs, collect="counts", **given)
    return whole - seconds_of(
        plan, costs=costs._replace(begun=0, step=0, ended=0), collect="counts", **given
    )


def test_every_person_costs_as_much_as_those_who_were_timed() -> None:
    """The beginning, each step and the end; threads share it."""
    each = 1e-4 + 12 * 1e-3 + 2e-4
    assert seconds("8000") == pytest.approx(8 * each)
    assert seconds("8000", workers=4) == pytest.approx(2 * each)


def test_a_step_ends_with_its_last_shard() -> None:
    """Where two threads have three shards, one of them waits for the other."""
    assert seconds("3000", workers=2) == pytest.approx(seconds("4000", workers=2))


def test_a_slow_disk_decides() -> None:
    """What is written goes one after the other, however many threads there are."""
    slow = COSTS._replace(stored=10.0, stored_at_the_end=10.0, written=1e-3)
    bytes_in_all = 4000 * 10 * 12
    for workers in (1, 2):
        said = {"people": "4000", "community_size": "1000", "years": "1"}
        plan = make_plan(Library().resolve("pellucid", said))
        found = seconds_of(plan, workers, slow, shard=1, collect="counts", processors=8)
        assert found == pytest.approx(bytes_in_all * 1e-3, rel=0.01)


def test_a_shard_is_timed_as_a_run_leads_it(tmp_path: Path) -> None:
    """From the first step to the digest, through files that are gone afterwards."""
    said = {"people": "300", "community_size": "40", "months": "4"}
    plan = make_plan(Library().resolve("pellucid", said))
    costs = in_files(plan, "python", 1, tmp_path, keeps=True, growth=PACKED_POWER)
    assert costs.people == 40
    assert min(costs.begun, costs.step, costs.ended, costs.written) > 0
    assert costs.stored_at_the_end > costs.stored > 0
    assert not list(tmp_path.iterdir())


def test_counts_alone_need_less_disk() -> None:
    """The outcome rows are what a run directory mostly holds."""
    plan = make_plan(Library().resolve("pellucid", {"people": "100000"}))
    assert needs(plan, 1, "counts")[1] < needs(plan, 1, "all")[1]


def test_a_society_beyond_memory_and_disk_is_refused() -> None:
    """Before anything is timed, with the need and what there is."""
    experiment = Library().resolve("pellucid", {"people": "4e9"})
    with pytest.raises(TooLarge, match=r"4,000,000,000 people in 2 arms need [a-z ]*[0-9,.]+ GB"):
        estimate(experiment, device="python")


def test_the_free_memory_is_known_here() -> None:
    """On this system it is a number, or openly unknown."""
    free = free_memory()
    assert free is None or free > 0
