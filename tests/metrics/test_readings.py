"""Readings: what is said of a text has its sources, and what can be computed in it is right."""

from __future__ import annotations

from glasshouse.law.library import Library
from glasshouse.metrics.readings import READINGS
from glasshouse.metrics.registry import FAMILIES


def test_every_reading_belongs_to_a_family_and_has_known_sources() -> None:
    """No reading without paragraphs, and no source that the room does not have."""
    sources = Library().sources()
    for reading in READINGS:
        assert reading.family in FAMILIES
        assert reading.cite
        assert {cite.source for cite in reading.cite} <= sources.keys()
        assert all(about and text.strip() for about, text in reading.paragraphs)


def test_the_precision_that_is_named_is_the_formulas() -> None:
    """Right nine times in ten on both sides: 90 of 100 at one half, 32 of 100 at one in twenty."""
    text = " ".join(" ".join(text for _, text in READINGS[0].paragraphs).split())
    right = 0.9
    for guilty, words in ((0.5, "90 true of 100"), (0.05, "32 of 100")):
        precision = guilty * right / (guilty * right + (1 - guilty) * (1 - right))
        assert f"{100 * precision:.0f}" in words
        assert words in text


def test_a_reading_names_its_limits() -> None:
    """What is left out stands beside what is read, and no paragraph gives one threshold."""
    about = {about for about, _ in READINGS[0].paragraphs}
    assert {"What is left out", "No threshold"} <= about
