"""Where the time goes is measured community by community, of a society like any other."""

from __future__ import annotations

import numpy as np
import pytest

from glasshouse.bench.laps import Timed, undisturbed
from glasshouse.bench.society import begun, scenario_of
from glasshouse.engine import drivers
from glasshouse.engine.sweep.laps import LAPS

PEOPLE, MONTHS = 4_096, 2


@pytest.fixture(autouse=True)
def compiled_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the ordinary compiled text stand for the one with a clock, which takes a minute more."""
    ordinary = drivers.bound_for_processor()
    monkeypatch.setattr(drivers, "bound_for_processor", lambda **_timed: ordinary)


def test_each_community_is_timed_by_itself_and_lives_the_same_months() -> None:
    """Laying out and each month take every community once, and what is counted is the same."""
    experiment = scenario_of(PEOPLE)
    timed = Timed()
    measured, plain = begun(experiment, timed), begun(experiment, drivers.driver("cpu"))
    communities = measured.communities
    assert communities > 1
    assert len(timed.taken) == communities
    for _ in range(MONTHS):
        mine, other = measured.advance().counts, plain.advance().counts
        assert all(map(np.array_equal, mine, other))
        assert any(count.any() for count in mine)
    assert len(timed.taken) == communities * (1 + MONTHS)


def test_what_disturbed_a_community_is_left_out() -> None:
    """One that took far longer than the middle one had its core taken away."""
    calm = np.full(len(LAPS), 100, np.int64)
    assert len(undisturbed([calm, calm, calm * 2, calm])) == 3
