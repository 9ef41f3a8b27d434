"""The answers of one day stand in the documentation, each with its figure."""

from __future__ import annotations

from pathlib import Path

from glasshouse.law.library import Library

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_every_study_has_its_section_and_its_figure() -> None:
    """`tools/write_studies.py` has written the page from studies that were run."""
    page = (DOCS / "studies.md").read_text(encoding="utf-8")
    for name in Library().names("studies"):
        assert f"\n## {name}: " in page
        assert f"(figures/{name}.svg)" in page
        figure = (DOCS / "figures" / f"{name}.svg").read_bytes()
        assert b"<svg" in figure
        assert len(figure) < 60_000
    assert page.count("What it cannot say: ") == len(Library().names("studies"))
