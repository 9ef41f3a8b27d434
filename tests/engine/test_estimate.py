"""What a run needs is said before it starts."""

from __future__ import annotations

import pytest

from glasshouse.engine.estimate import estimate, free_memory, needs
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


def test_counts_alone_need_less_disk() -> None:
    """The outcome rows are what a run directory mostly holds."""
    plan = make_plan(Library().resolve("pellucid", {"people": "100000"}))
    assert needs(plan, 1, "counts")[1] < needs(plan, 1, "all")[1]


def test_a_society_beyond_the_memory_is_refused() -> None:
    """Before anything is timed, with the need and what there is."""
    experiment = Library().resolve("pellucid", {"people": "4e9"})
    with pytest.raises(TooLarge, match=r"4,000,000,000 people in 2 arms need [0-9,.]+ GB"):
        estimate(experiment, device="python")


def test_the_free_memory_is_known_here() -> None:
    """On this system it is a number, or openly unknown."""
    free = free_memory()
    assert free is None or free > 0
