"""When a rulebook is switched on is said where it changes within the run."""

from __future__ import annotations

import datetime as dt

import pytest

from glasshouse.report.parentage import with_days

RUN = (dt.date(2018, 1, 1), dt.date(2021, 1, 1))
BEFORE, WITHIN, LATER, BEHIND = (dt.date(year, 7, 1) for year in (2014, 2018, 2019, 2021))


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        (None, None, "The list"),
        (BEFORE, BEHIND, "The list"),
        (BEFORE, LATER, "The list (until 2019-07-01)"),
        (WITHIN, None, "The list (from 2018-07-01)"),
        (WITHIN, LATER, "The list (from 2018-07-01 until 2019-07-01)"),
    ],
)
def test_days_outside_the_run_are_not_said(
    begins: dt.date | None, ends: dt.date | None, said: str
) -> None:
    """What holds from the first day to the last has a title and no days."""
    assert with_days("The list", begins, ends, RUN) == said
