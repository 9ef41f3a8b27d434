"""What a figure of a report is: a picture, words, a table of the same numbers, a text instead."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.metrics.groups import groups_of
from glasshouse.metrics.observed import Observed
from glasshouse.report.measured import MetricRow, asked_for, everybody, rows_of
from glasshouse.report.observing import Observing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from glasshouse.archive.reading import Archive


class FigureTable(NamedTuple):
    """The numbers of a figure, as they are printed."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


class Figure(NamedTuple):
    """A figure: whoever cannot see the picture has its text, whoever doubts it has its table."""

    key: str
    """Its name in the document, as an anchor: `listed-over-time`."""
    title: str
    words: tuple[str, ...]
    """Sentences: what it shows, and what it does not show."""
    svg: str
    """The picture: one `<svg role="img" aria-label="...">`, to stand in a page or alone."""
    alt: str
    """What is seen, for those who do not see it."""
    table: FigureTable
    cite: tuple[str, ...] = ()
    """Keys of sources that the way of drawing leans on."""


class Missing(NamedTuple):
    """A figure that a run cannot have, and why."""

    key: str
    title: str
    why: str
    """A sentence."""


class Material:
    """What figures are drawn from: an opened run, read once for all of them."""

    def __init__(self, archive: Archive, only: Collection[str] | None = None) -> None:
        """Take an archive; nothing is read yet.

        ``only`` names the policy arms to draw, where there are too many for one picture.
        """
        self.archive = archive
        self.only = only
        self.observing = Observing(archive)
        self._rows: dict[tuple[str, str, tuple[str, ...]], list[MetricRow]] = {}

    @cached_property
    def arms(self) -> tuple[Observed, ...]:
        """Every arm that is drawn and the baseline, all their rows."""
        every = self.observing.all()
        if self.only is None:
            return every
        return tuple(arm for arm in every if arm.is_baseline or arm.arm in self.only)

    @cached_property
    def policies(self) -> tuple[Observed, ...]:
        """The arms in which somebody is scored or listed, their persons alone."""
        return tuple(everybody(arm) for arm in self.arms if not arm.is_baseline)

    @property
    def has_twin(self) -> bool:
        """Whether a baseline lives the same lives."""
        return any(arm.is_baseline for arm in self.arms)

    @property
    def has_rows(self) -> bool:
        """Whether the outcome of every person was kept."""
        return self.archive.has_outcomes

    @property
    def bodies(self) -> int:
        """How many rows are enterprises, courts and governments; they are no persons."""
        if not self.has_rows:
            return 0
        return self.arms[0].size - everybody(self.arms[0]).size

    def sizes(self, split: str) -> dict[str, int]:
        """Give how many rows stand in every group of a split, by its words in metric rows."""
        if not self.has_rows:
            return {}
        groups = groups_of(self.arms[0] if split == "work" else self.policies[0], split)
        return {f"{split} {group.name}": int(group.keep.sum()) for group in groups}

    def metric(self, name: str, arm: str, by: Sequence[str] = ()) -> list[MetricRow]:
        """Give the rows of a metric in an arm, as `glasshouse metrics` gives them."""
        key = (name, arm, tuple(by))
        if key not in self._rows:
            self._rows[key] = rows_of(self.observing.arm(arm), asked_for([name]), by)
        return self._rows[key]

    def one(self, name: str, arm: str, part: str = "") -> MetricRow:
        """Give one number of a metric in an arm, for all persons."""
        rows = self.metric(name, arm)
        return next((row for row in rows if row.part == part), rows[0])
