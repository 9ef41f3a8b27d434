"""The figures of a report, a file a figure; `figures_of` draws all that a run can have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from glasshouse.report.figure import Figure, Material, Missing
from glasshouse.report.figures.by_group import by_age, by_work_and_means
from glasshouse.report.figures.conduct import recorded_and_unrecorded
from glasshouse.report.figures.effects import effects_per_person
from glasshouse.report.figures.freedom import days_to_freedom
from glasshouse.report.figures.listed import listed_over_time
from glasshouse.report.figures.means import listing_and_means
from glasshouse.report.figures.provinces import by_province
from glasshouse.report.figures.refusals import refusals_and_people
from glasshouse.report.figures.scores import score_distributions
from glasshouse.report.figures.silent import gone_silent

if TYPE_CHECKING:
    from glasshouse.archive.reading import Archive

FIGURES: tuple[Callable[[Material], Figure | Missing], ...] = (
    listed_over_time,
    score_distributions,
    days_to_freedom,
    refusals_and_people,
    recorded_and_unrecorded,
    gone_silent,
    effects_per_person,
    by_province,
    by_age,
    by_work_and_means,
    listing_and_means,
)
"""In the order of a report; the first stands on its first screen."""


def figures_of(archive: Archive) -> tuple[Figure | Missing, ...]:
    """Draw every figure of a run; one that it cannot have is a sentence instead."""
    material = Material(archive)
    return tuple(draw(material) for draw in FIGURES)
