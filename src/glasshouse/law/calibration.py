"""A calibration as its file states it: what is fitted, to which published figures, up to when."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from glasshouse.law.citation import Day, Id, Text
from glasshouse.law.published import Unit
from glasshouse.law.scenario import CommunitySize, People, Reference, Seed
from glasshouse.law.validate import Strict

CALIBRATIONS = "calibrations"
"""The room."""


class FreeSaid(Strict):
    """An assumption that is fitted; without a range, within the one that its file declares."""

    path: Text
    range: tuple[float, float] | None = None


class TargetSaid(Strict):
    """A published figure, all of its dates, and what the numbers count."""

    figure: Text
    counts: Unit
    since: Day | None = None
    """Only what was added after this date, itself a date of the figure."""


class CalibrationFile(Strict):
    """A file of the room `calibrations`."""

    calibration: Id
    title: Text
    question: Text
    scenario: Reference
    arm: Id
    people: People
    community_size: CommunitySize | None = None
    seed: Seed = 1
    cut: Day
    """Figures up to this day are fitted; what is later is predicted."""
    free: Annotated[tuple[FreeSaid, ...], Field(min_length=1, max_length=20)]
    targets: Annotated[tuple[TargetSaid, ...], Field(min_length=1)]
