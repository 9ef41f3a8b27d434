"""Conduct that a rule names against conduct that none names; what is seen against what is done."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.metrics.behaviour import groups_of_acts
from glasshouse.metrics.estimate import Estimate, NotKnown, unknown
from glasshouse.report.dots import Dot, Line, Panel
from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.dotted import dotted
from glasshouse.report.figures.said import INTERVAL, between, cell, percent, rough
from glasshouse.report.words import NO_MOVE, number, rounded, way

if TYPE_CHECKING:
    from glasshouse.metrics.observed import Observed
    from glasshouse.report.measured import MetricRow

KEY, TITLE = "recorded-and-unrecorded", "Conduct improves, or only what is recorded"
SHOWN = (
    "Above, how many more or fewer acts of each sort were carried out than in the baseline, by the "
    "same people with the same luck. Below, the share of the acts carried out that some channel "
    "saw. If conduct itself improved, culpable acts that no provision names would fall as well."
)
NOT_SHOWN = (
    "All acts carried out are counted, recorded or not: only a simulation can do that. How "
    "strongly an act answers to a rule is an assumption of the response file, not a finding."
)
NO_TWIN = "No arm of the run is a baseline, so nothing says what the rules changed."
SORTS = {
    "punished": "that its provisions punish",
    "praised": "that they reward",
    "unrecorded": "culpable, that none names",
    "lawful": "lawful and sensitive",
}


class Sort(NamedTuple):
    """Acts of one sort in one arm."""

    sort: str
    arm: str
    done: int
    base: int
    change: MetricRow
    seen: int
    seen_share: Estimate


def recorded_and_unrecorded(material: Material) -> Figure | Missing:
    """Draw the change of four sorts of acts, and how many of them were seen."""
    if not material.has_twin:
        return Missing(KEY, TITLE, NO_TWIN)
    sorts = [one for arm in material.policies for one in _sorts(material, arm)]
    if not any(one.base or one.done for one in sorts):
        return Missing(KEY, TITLE, "Nobody carried out an act in the run.")
    arms = [arm.arm for arm in material.policies]
    change = Panel("Acts carried out, against the baseline", "% more (right) or fewer (left)",
                   _lines(sorts, change=True))  # fmt: skip
    seen = Panel("Of the acts carried out, seen", "% of them", _lines(sorts, change=False))
    said = tuple(_said(arm, [one for one in sorts if one.arm == arm]) for arm in arms)
    alt = " ".join(("Marks with intervals, a line a sort of acts.", *said))
    svg = dotted((change, seen), arms, KEY, alt)
    words = (SHOWN, *said, NOT_SHOWN, INTERVAL, *rough([one.change for one in sorts]))
    return Figure(KEY, TITLE, words, svg, alt, _table(sorts))


def _sorts(material: Material, arm: Observed) -> list[Sort]:
    found = []
    done, base, seen = arm.total("acts"), arm.twin_total("acts"), arm.total("acts_seen")
    for sort, places in groups_of_acts(arm.names.acts).items():
        mine, watched = done[:, places].sum(axis=1), seen[:, places].sum(axis=1)
        try:
            share = arm.share_of_counts(watched, mine, "none was carried out")
        except NotKnown as reason:
            share = unknown(str(reason))
        found.append(Sort(
            sort, arm.arm, int(mine.sum()), int(base[:, places].sum()),
            material.one("conduct_change", arm.arm, sort), int(np.sum(watched)), share,
        ))  # fmt: skip
    return [one for one in found if one.done or one.base]


def _lines(sorts: list[Sort], *, change: bool) -> tuple[Line, ...]:
    lines = []
    for sort, label in SORTS.items():
        some = [one for one in sorts if one.sort == sort]
        dots = tuple(
            Dot(one.arm, *(100 * end for end in (each.value, each.low, each.high)))
            for one in some
            for each in (one.change if change else one.seen_share,)
        )
        if dots:
            lines.append(Line(label, dots))
    return tuple(lines)


def _said(arm: str, sorts: list[Sort]) -> str:
    if not sorts:
        return f"In arm {arm} its provisions name no act that was carried out."
    parts = [f"acts {SORTS[one.sort]} {_moved(one)}" for one in sorts]
    return f"Arm {arm}, against the baseline: {'; '.join(parts)}."


def _moved(one: Sort) -> str:
    if one.done == one.base:
        return "did not move"
    if math.isnan(one.change.value):
        return f"cannot be compared (none in the baseline, {number(one.done)} here)"
    low, high = one.change.low, one.change.high
    moved = way(one.change.value, low, high)
    if moved in {"still", "hardly"}:
        return NO_MOVE
    if moved == "perhaps":
        return f"hardly moved, {percent(one.change)}"
    size = f"{'rose' if moved == 'up' else 'fell'} by {rounded(100 * abs(one.change.value))} %"
    if math.isnan(low):
        return size
    ends = sorted(100 * abs(end) for end in (low, high))
    return f"{size} ({rounded(ends[0])} to {rounded(ends[1])})"


def _table(sorts: list[Sort]) -> FigureTable:
    header = ("arm", "acts", "in the baseline", "carried out", "change, %", "95 % interval",
              "seen", "seen, %", "95 % interval of seen")  # fmt: skip
    rows = tuple(
        (one.arm, SORTS[one.sort], number(one.base), number(one.done),
         cell(one.change.value, 100), between(one.change, 100), number(one.seen),
         cell(one.seen_share.value, 100), between(one.seen_share, 100))
        for one in sorts
    )  # fmt: skip
    return FigureTable(header, rows, "Of all rows, organisations among them")
