"""The figures of a report, a file a figure; `figures_of` draws all that a run can have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from glasshouse.report.figure import Figure, Material, Missing
from glasshouse.report.figures.listed import listed_over_time

if TYPE_CHECKING:
    from glasshouse.archive.reading import Archive

FIGURES: tuple[Callable[[Material], Figure | Missing], ...] = (listed_over_time,)
"""In the order of a report; the first stands on its first screen."""


def figures_of(archive: Archive) -> tuple[Figure | Missing, ...]:
    """Draw every figure of a run; one that it cannot have is a sentence instead."""
    material = Material(archive)
    return tuple(draw(material) for draw in FIGURES)
