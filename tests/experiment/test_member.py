"""A member: one that lacks room for what is on record has more, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.experiment.conftest import DESIGN, TINY

from glasshouse.engine import run
from glasshouse.errors import Overflowed
from glasshouse.experiment.sweep import Sweep, sweep
from glasshouse.experiment.workers import InProcess

ONE = {**DESIGN, "kind": "table", "rows": [{"process.notice_reaches": 0.3}], "seeds": 1}
del ONE["values"]


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let every run overflow that has fewer than four places, and note how many each had."""
    asked: list[int] = []
    truly = run.run_experiment

    def overflowing(experiment: Any, *given: Any, **named: Any) -> Any:
        asked.append(experiment.scenario.open_entries_per_person)
        if asked[-1] < 4:
            raise Overflowed("the open entries of a community", "open_entries_per_person")
        return truly(experiment, *given, **named)

    monkeypatch.setattr(run, "run_experiment", overflowing)
    return asked


def test_room_is_doubled_until_a_member_fits(
    crowded: list[int], tmp_path: Path, done: Sweep
) -> None:
    """Its table is that of members that fitted at once, and its file says what it set."""
    found = sweep(None, ONE, tmp_path / "s", executor=InProcess(), device="python", **TINY)
    assert crowded == [1, 2, 4]
    said = json.loads((tmp_path / "s/members/000000.json").read_text(encoding="utf-8"))
    assert said["sets"]["open_entries_per_person"] == "4"
    ours, theirs = found.results().rows(), done.results().rows()
    assert ours == [row for row in theirs if row["point"] == 0 and row["seed"] == 1]


@pytest.mark.parametrize("setting", ["open_entries_per_person", "community_size"])
def test_what_more_room_does_not_mend_is_said(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is an end to it, and nothing is changed that would give other results."""
    asked: list[int] = []

    def overflowing(*_: Any, **__: Any) -> None:
        asked.append(1)
        raise Overflowed("something", setting)

    monkeypatch.setattr(run, "run_experiment", overflowing)
    found = sweep(None, ONE, tmp_path / "s", executor=InProcess(), device="python", **TINY)
    assert len(asked) == (5 if setting.startswith("open") else 1)
    assert "something overflowed" in found.failures()[0].message
