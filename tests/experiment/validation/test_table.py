"""The rows of the house, run as they stand, and the page that shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.experiment.validation.row import Row, read_rows
from glasshouse.experiment.validation.runner import Workshop
from glasshouse.experiment.validation.table import run_row

ROOT = Path(__file__).resolve().parents[3]
ROWS = read_rows(ROOT / "validation")


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_row_of_the_house_runs(workshop: Workshop, row: Row) -> None:
    """Every row runs; those that must hold do, with the parameters that its file names first."""
    first = row._replace(sets=row.sets[:1])
    result = run_row(first, workshop.at(row.folder))
    assert not result.failure, result.failure
    assert result.outcomes
    if row.file.must_hold:
        assert result.holds, [one for one in result.outcomes if not one.holds]


def test_what_must_hold_is_what_was_promised() -> None:
    """All closed forms must hold; of the others only published models may."""
    for row in ROWS:
        if row.file.kind == "closed form":
            assert row.file.must_hold, row.name
        if row.file.must_hold:
            assert row.file.kind in {"closed form", "published model"}, row.name
    must = {row.name.partition("-")[0] for row in ROWS if row.file.must_hold}
    assert {"runaway", "attention"} <= must


def test_the_page_shows_every_row() -> None:
    """docs/validation.md has every row with its claim (`make validation` writes it)."""
    text = " ".join((ROOT / "docs" / "validation.md").read_text(encoding="utf-8").split())
    for row in ROWS:
        assert f"[{row.name}](../validation/{row.name}/README.md)" in text, row.name
        assert f"### {row.file.title}" in text, row.name
