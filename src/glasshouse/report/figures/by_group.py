"""Who is hit: metrics by groups of people, by age and by work and means."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.report.dots import Dot, Line, Panel
from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.dotted import dotted
from glasshouse.report.figures.said import INTERVAL, between, cell, percent, rough
from glasshouse.report.words import listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glasshouse.report.measured import MetricRow

NO_ROWS = "The run kept counts alone (--collect counts) and no outcome of every person."


class Measured(NamedTuple):
    """A metric as a panel shows it."""

    metric: str
    title: str
    unit: str
    factor: float = 100.0


SHARES = (
    Measured("listed_share", "On a list for at least a day", "% of them"),
    Measured("refused_share", "Refused at a counter at least once", "% of them"),
)
FEWEST = 20
"""Groups of fewer rows are in the table alone: their interval is the whole panel."""
WORK = {"in office": "in an office that may exempt", "no office": "no such office"}
"""Words of groups that are clearer than those of the split."""


def by_age(material: Material) -> Figure | Missing:
    """Draw who is listed and refused by age at the start."""
    return of_groups(
        material,
        "by-age",
        "By age",
        ("age",),
        "Age is that on the first day. Those born during the run stand apart.",
    )


def by_work_and_means(material: Material) -> Figure | Missing:
    """Draw who is listed and refused by work, by kind of body and by means to pay."""
    return of_groups(
        material,
        "by-work-and-means",
        "By work and by means",
        ("work", "means"),
        "Above by office and kind, organisations beside persons; below persons by fifths of their "
        "means to pay at the end of the baseline, so that what the scheme did to means does not "
        "move anybody into another fifth. Equal means stand together, so fifths may be unequal.",
    )


def of_groups(
    material: Material, key: str, title: str, splits: Sequence[str], said: str
) -> Figure | Missing:
    """Draw both shares by the groups of some splits, all arms beside one another."""
    if not material.has_rows:
        return Missing(key, title, NO_ROWS)
    if not material.policies:
        return Missing(key, title, "Nobody is scored in any arm.")
    arms = [arm.arm for arm in material.policies]
    sizes = {group: many for split in splits for group, many in material.sizes(split).items()}
    few = [word_of(group) for group, many in sizes.items() if many < FEWEST]
    panels, rows, whole = [], [], []
    for measured in SHARES:
        found = [(arm, row) for split in splits for arm in arms
                 for row in material.metric(measured.metric, arm, (split,))]  # fmt: skip
        known = {arm for arm, row in found if row.value > 0}
        if not known:
            continue
        groups = [
            g for g in dict.fromkeys(row.group for _, row in found) if sizes.get(g, 0) >= FEWEST
        ]
        panels.append(Panel(measured.title, measured.unit, tuple(
            Line(word_of(group), tuple(_dot(arm, row, measured) for arm, row in found
                                       if row.group == group and arm in known))
            for group in groups
        )))  # fmt: skip
        rows += [
            (measured.title, word_of(row.group) if row.group else "all persons", arm,
             cell(row.value, measured.factor), between(row, measured.factor))
            for arm, row in dict.fromkeys(found)
        ]  # fmt: skip
        whole += [(measured, arm, [row for of, row in found if of == arm]) for arm in arms
                  if arm in known]  # fmt: skip
    if not panels:
        return Missing(key, title, "Nobody was on a list and nobody was refused in any arm.")
    extremes = tuple(_extremes(measured, arm, [row for row in some if _is_told(row, sizes, split)])
                     for measured, arm, some in whole for split in splits)  # fmt: skip
    alt = " ".join(("Marks with intervals, a line a group.", *extremes))
    svg = dotted(panels, arms, key, alt)
    told = [row for _, _, some in whole for row in some if sizes.get(row.group, 0) >= FEWEST]
    small = (f"Fewer than {FEWEST}, and so in the table alone: {listing(few)}.",) if few else ()
    words = (said, *extremes, *small, INTERVAL, *rough(told))
    header = ("what", "group", "arm", "%", "95 % interval")
    return Figure(key, title, words, svg, alt, FigureTable(header, tuple(dict.fromkeys(rows))))


def _is_told(row: MetricRow, sizes: Mapping[str, int], split: str) -> bool:
    """Say whether a row is of everybody, or of a group of a split that is large enough."""
    return not row.group or (row.group.startswith(f"{split} ") and sizes[row.group] >= FEWEST)


def word_of(group: str) -> str:
    """A group as a line names it: `age 18-29` is `18-29`."""
    name = group.partition(" ")[2]
    return WORK.get(name, name)


def _dot(arm: str, row: MetricRow, measured: Measured) -> Dot:
    return Dot(arm, *(measured.factor * value for value in (row.value, row.low, row.high)))


def _extremes(measured: Measured, arm: str, rows: Sequence[MetricRow]) -> str:
    """Say who is hit most and least, and what holds of all."""
    groups = [row for row in rows if row.group and not math.isnan(row.value)]
    whole = next(row for row in rows if not row.group)
    lead = f"{measured.title}, arm {arm}: {percent(whole)} of all persons"
    if len(groups) < 2:
        return f"{lead}."
    most = max(groups, key=lambda row: row.value)
    least = min(groups, key=lambda row: row.value)
    return (
        f"{lead}; most {word_of(most.group)} ({percent(most)}), "
        f"least {word_of(least.group)} ({percent(least)})."
    )
