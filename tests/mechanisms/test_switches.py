"""No mechanism that runs is a stub: its own switch moves numbers at the demonstration's size."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.engine.drivers import Driver
from glasshouse.experiment.switches import moved_by
from glasshouse.law.library import Library
from glasshouse.law.mechanism import Mechanism, scenario_of

PEOPLE, YEARS = 50_000, 3
SWITCHED = [one for one in Library().mechanisms() if one.switch is not None]


@pytest.mark.slow
@pytest.mark.parametrize("one", SWITCHED, ids=[one.id for one in SWITCHED])
def test_a_switch_moves_numbers(one: Mechanism, tmp_path: Path, compiled: Driver) -> None:
    """The scenario that `glasshouse mechanisms scenario` writes: counts differ between its arms.

    Where they do not, the mechanism says why: an event too rare for so few people.
    """
    path = tmp_path / f"{one.id.lower()}.yaml"
    path.write_text(scenario_of(one), encoding="utf-8")
    moved = moved_by(path, PEOPLE, YEARS, compiled)
    assert bool(moved) != (one.rare is not None)
