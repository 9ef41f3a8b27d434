"""Points: what they start from and where they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins


def test_m04_everybody_starts_with_the_endowment(lab: Lab, twins: type[Twins]) -> None:
    """M04: with a start of 500 instead of 1000 every score is 500 lower, and no act changes."""
    acts = [lab.act("plain")]
    books = {
        "high": [lab.scale(1000), lab.points("plain", points=-1)],
        "low": [lab.scale(500), lab.points("plain", points=-1)],
    }
    run = lab.run(acts, books, {"off": (("high",), {}), "on": (("low",), {})}, people=8192)
    both = twins(run)
    scored = run.world.rows.kind == 1
    fall = both.read("score_points", "off")[:, 0] - both.read("score_points", "on")[:, 0]
    assert (fall[scored] == 500).all()
    both.assert_same("acts_culpable", "entries")
