"""Every metric of a group of runs as tables, a family each: arms side by side, notes below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.metrics.registry import FAMILIES, METRICS
from glasshouse.report.document.numbers import Number, between
from glasshouse.report.words import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glasshouse.metrics.metric import Metric
    from glasshouse.report.document.gathered import Group
    from glasshouse.report.document.numbers import Key


class Cell(NamedTuple):
    """A number of one arm as it is printed."""

    value: str
    interval: str
    spread: str
    """Of replicates: the Monte Carlo error and the range between seeds."""
    notes: tuple[int, ...]


class Line(NamedTuple):
    """A line of a table: a metric, or one of its parts."""

    title: str
    name: str
    """The name of the metric as the program knows it; empty for a part."""
    unit: str
    status: str
    cells: tuple[Cell, ...]
    """By arm; none for the head of a metric that has parts alone."""
    notes: tuple[int, ...] = ()
    """Those that hold in every arm."""


class FamilyTable(NamedTuple):
    """One family of metrics."""

    family: str
    arms: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    metrics: int


def tables_of(group: Group, numbers: Mapping[Key, Number]) -> list[FamilyTable]:
    """Give a table a family; there is no line that adds metrics up."""
    return [table for family in FAMILIES if (table := _table(group, numbers, family)).lines]


def _table(group: Group, numbers: Mapping[Key, Number], family: str) -> FamilyTable:
    arms = group.policies
    notes: dict[str, int] = {}
    lines: list[Line] = []
    inside = [one for one in METRICS if one.family == family]
    for metric in inside:
        lines += _lines(metric, arms, numbers, notes)
    return FamilyTable(family, arms, tuple(lines), tuple(notes), len(inside))


def _lines(
    metric: Metric, arms: Sequence[str], numbers: Mapping[Key, Number], notes: dict[str, int]
) -> list[Line]:
    parts = dict.fromkeys(
        part for arm, name, part in numbers if name == metric.name and arm in arms
    )
    lines = []
    if parts and "" not in parts:
        lines.append(Line(metric.title, metric.name, metric.unit, metric.status, ()))
    for part in parts:
        cells = tuple(_cell(numbers.get((arm, metric.name, part)), notes) for arm in arms)
        head = (part, "", "", "")
        if not part:
            head = (metric.title, metric.name, metric.unit, metric.status)
        shared = [n for n in cells[0].notes if all(n in cell.notes for cell in cells)]
        own = tuple(
            cell._replace(notes=tuple(n for n in cell.notes if n not in shared)) for cell in cells
        )
        lines.append(Line(*head, own, tuple(shared)))
    return lines


def _cell(number: Number | None, notes: dict[str, int]) -> Cell:
    if number is None:
        return Cell("", "", "", ())
    marks: tuple[int, ...] = ()
    if number.why:
        whys = dict.fromkeys(number.why.split("; "))
        marks = tuple(notes.setdefault(why, len(notes) + 1) for why in whys)
    spread = ""
    if not math.isnan(number.least):
        error = "" if math.isnan(number.error) else f"± {shown(number.error)}; "
        spread = f"{error}{shown(number.least)} to {shown(number.most)}"
    interval = between(number.low, number.high) if number.is_known else ""
    return Cell(shown(number.value), interval, spread, marks)
