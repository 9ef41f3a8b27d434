"""What can be worked out on paper comes out of the run, within its Monte Carlo error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Lab

DAYS_A_YEAR = 365.2425


@pytest.mark.parametrize(
    ("per_year", "seen", "points"), [(4.0, 0.5, -7), (0.5, 0.9, -30), (12.0, 0.02, 3)]
)
def test_the_ledger_without_feedback_is_its_closed_form(
    lab: Lab, per_year: float, seen: float, points: int
) -> None:
    """The sum of scores is start + rate x detection x points x time."""
    acts = [lab.act("plain", per_year=per_year, seen_by={"camera": seen})]
    run = lab.run(acts, {"book": [lab.scale(), lab.points("plain", points=points)]}, years=2)
    entries = lab.total(run, "entries")
    last = run.history[-1].counts
    assert last.score_sum[1].sum() == 1000 * last.scored[1].sum() + points * entries
    assert entries == lab.total(run, "acts_seen")
    lab.assert_poisson(entries, per_year * seen * lab.adult_days(run) / DAYS_A_YEAR)
    lab.assert_poisson(lab.total(run, "acts"), per_year * lab.adult_days(run) / DAYS_A_YEAR)
