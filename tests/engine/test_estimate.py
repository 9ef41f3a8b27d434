"""What a run needs is said before it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.engine.estimate import ROWS_BYTES, estimate, free_memory, keeps_rows, needs
from glasshouse.engine.plan.plan import make_plan
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
