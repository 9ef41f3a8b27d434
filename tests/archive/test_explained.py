"""Every column of a run's tables is explained, and nothing is explained that is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import glasshouse as gh
from glasshouse.archive.explained import BRACES, COUNTED, TABLES
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    from glasshouse import Run


@pytest.fixture(scope="module")
def run() -> Run:
    """Give a small run."""
    few = {"community_size": 64}
    return gh.run("pellucid", people=64, years=1, seed=2, set=few, device="python")


def matcher(name: str, run: Run) -> str:
    """Give the pattern of the columns that a name stands for in a run."""
    legend = run.provenance.legend
    values = {
        "label": legend.labels,
        "reason": legend.reasons[1:],
        "domain": ("administrative", "commercial", "social", "law_enforcement"),
        "context": legend.contexts,
        "rulebook": tuple(one.rulebook for arm in legend.arms for one in arm.instruments),
    }
    assert set(values) == set(BRACES)
    return re.sub(
        r"\\{(\w+)\\}", lambda found: "(?:" + "|".join(values[found[1]]) + ")", re.escape(name)
    )


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_explained_column_by_column(run: Run, table: str) -> None:
    """Each column has one explanation, and each explanation at least one column."""
    columns = getattr(run, table)().columns
    patterns = [matcher(one.name, run) for one in TABLES[table][1]]
    for column in columns:
        assert sum(bool(re.fullmatch(pattern, column)) for pattern in patterns) == 1, column
    for pattern in patterns:
        assert any(re.fullmatch(pattern, column) for column in columns), pattern


def test_every_count_is_explained() -> None:
    """The counts stand in the order of their registry."""
    assert [one.name for one in COUNTED] == [count.name for count in COUNTS]
    assert all(one.meaning and one.unit for one in COUNTED)
