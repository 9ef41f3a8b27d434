"""What holds of every figure of a run: it says in words and numbers what it draws."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from glasshouse.report.figure import Figure
from glasshouse.report.figures import figures_of
from glasshouse.session import Run


@pytest.fixture(scope="module")
def drawn(small: Run) -> tuple[Figure, ...]:
    """Give the figures of the small run."""
    return tuple(one for one in figures_of(small.archive) if isinstance(one, Figure))


def test_a_figure_is_the_same_bytes_on_every_build(small: Run, drawn: tuple[Figure, ...]) -> None:
    """Nothing of a figure hangs on the hour or on what was drawn before."""
    again = tuple(one for one in figures_of(small.archive) if isinstance(one, Figure))
    assert again == drawn


def test_a_figure_is_small_has_a_text_instead_and_words_and_a_table(
    drawn: tuple[Figure, ...],
) -> None:
    """Whoever does not see the picture has all of it."""
    assert drawn
    for one in drawn:
        root = ET.fromstring(one.svg)  # noqa: S314 - ours
        assert root.get("role") == "img"
        assert root.get("aria-label") == one.alt
        assert len(one.svg.encode()) < 40_000
        assert one.words
        assert one.table.rows
        assert all(len(row) == len(one.table.header) for row in one.table.rows)


def test_the_pictures_of_a_page_share_no_name_and_carry_no_style(
    drawn: tuple[Figure, ...],
) -> None:
    """A strict content security policy shows them, and no name means two things."""
    names: list[str] = []
    for one in drawn:
        assert "<style" not in one.svg
        assert "style=" not in one.svg
        assert "http" not in one.svg.replace("http://www.w3.org/2000/svg", "")
        root = ET.fromstring(one.svg)  # noqa: S314 - ours
        names += [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(names) == len(set(names))
    assert len({one.key for one in drawn}) == len(drawn)
