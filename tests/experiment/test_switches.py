"""What a switch moves is told by running it, and a switch that moves nothing is caught."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from glasshouse.engine.drivers import PythonDriver
from glasshouse.experiment.reading import unread_assumptions
from glasshouse.experiment.switches import moved_by
from glasshouse.law.library import Library
from glasshouse.law.mechanism import Mechanism, scenario_of


def moved(tmp_path: Path, off: Mapping[str, object], on: Mapping[str, object]) -> tuple[str, ...]:
    """Give the counts that a switch moves among few people for a year."""
    said = {
        "id": "M21", "mechanism": "m", "evidence": "reported", "status": "runs", "said": "s",
        "scholars": "s", "lab": "l", "assumed": "a", "test": "t",
        "sources": ({"source": "x", "at": "y"},), "switch": {"off": off, "on": on},
    }  # fmt: skip
    path = tmp_path / "m21.yaml"
    path.write_text(scenario_of(Mechanism.model_validate(said)), encoding="utf-8")
    return moved_by(path, 600, 1, PythonDriver())


def test_a_switch_that_moves_something_is_seen(tmp_path: Path) -> None:
    """Without the points for small traffic acts, scores and entries differ and acts may."""
    off = {"without": ("national-score-as-told/jaywalking",)}
    found = moved(tmp_path, off, {})
    assert {"scores", "score_sum", "entries"} <= set(found)
    assert "persons" not in found


def test_a_switch_that_moves_nothing_is_caught(tmp_path: Path) -> None:
    """Two arms that say the same are the same, bit for bit."""
    assert moved(tmp_path, {"set": {}}, {"set": {}}) == ()


def test_no_assumption_is_unread() -> None:
    """What a user may set is read by a run."""
    assert unread_assumptions(Library()) == ()
