"""Refusals are tickets and not people: on how few so many fall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.by_group import NO_ROWS
from glasshouse.report.figures.said import percent, rough, valued
from glasshouse.report.figures.style import INK, QUIET, drawing
from glasshouse.report.words import number, of, rounded, share

if TYPE_CHECKING:
    from glasshouse.metrics.observed import Observed

KEY, TITLE = "refusals-and-people", "Refusals are not people"
SHOWN = (
    "Those refused at least once, by how often they were refused: the upper bar of each pair is "
    "their share of the people refused, the lower one the share of all refusals that fell on them."
)
NOT_SHOWN = (
    "Repeated tries count as refusals, as published totals do. Who did not go to the counter "
    "because they knew is not in the picture."
)
CLASSES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""The least refusals of each class."""
PEOPLE, TICKETS = "#0b5394", "#b45309"
CITE = ("refusals-2018-04",)


class Class(NamedTuple):
    """People with so many refusals, and how many those are together."""

    words: str
    people: int
    refusals: int


def refusals_and_people(material: Material) -> Figure | Missing:
    """Draw the people refused and their refusals by how often they were refused."""
    if not material.has_rows:
        return Missing(KEY, TITLE, NO_ROWS)
    found = {arm.arm: _classes(arm) for arm in material.policies}
    found = {arm: classes for arm, classes in found.items() if classes}
    if not found:
        return Missing(KEY, TITLE, "No person was refused at a counter in any arm.")
    said = tuple(_said(material, arm, classes) for arm, classes in found.items())
    alt = " ".join(("Pairs of bars, people above and refusals below.", *said))
    heights = [62.0 + 29 * len(classes) for classes in found.values()]
    with drawing(sum(heights) + 8, len(found), heights) as canvas:
        for axis, (arm, classes) in zip(canvas.panels, found.items(), strict=True):
            _draw(axis, classes, arm if len(found) > 1 else "")
        svg = canvas.svg(KEY, alt)
    rows = [material.one("refused_share", arm) for arm in found]
    words = (SHOWN, *said, NOT_SHOWN, *rough(rows))
    return Figure(KEY, TITLE, words, svg, alt, _table(material, found), CITE)


def _classes(arm: Observed) -> list[Class]:
    refusals = arm.row("refusals").astype(np.int64)
    refusals = refusals[refusals > 0]
    found = []
    for n, least in enumerate(CLASSES):
        above = CLASSES[n + 1] if n + 1 < len(CLASSES) else None
        some = refusals[(refusals >= least) & (True if above is None else refusals < above)]
        if above is None:
            words = f"{least} or more"
        else:
            words = str(least) if above == least + 1 else f"{least} to {above - 1}"
        found.append(Class(words, len(some), int(some.sum())))
    while found and not found[-1].people:
        found.pop()
    return found


def _draw(axis: Any, classes: list[Class], arm: str) -> None:
    people = sum(one.people for one in classes)
    refusals = sum(one.refusals for one in classes)
    rows = np.arange(len(classes))
    mine = [100 * one.people / people for one in classes]
    theirs = [100 * one.refusals / refusals for one in classes]
    axis.barh(rows - 0.2, mine, 0.36, color=PEOPLE)
    axis.barh(rows + 0.2, theirs, 0.36, color=TICKETS, hatch="//")
    for row, one in enumerate(classes):
        for shift, width, words, colour in (
            (-0.2, mine[row], of(one.people, "person", "people"), PEOPLE),
            (0.2, theirs[row], of(one.refusals, "refusal"), TICKETS),
        ):
            if one.people:
                axis.annotate(words, (width, row + shift), xytext=(4, 0), va="center",
                              textcoords="offset points", color=colour, fontsize=9.5)  # fmt: skip
    axis.set_yticks(rows, [one.words for one in classes], color=INK)
    axis.set_ylim(len(classes) - 0.45, -0.55)
    axis.set_xlim(0, max(*mine, *theirs) * 1.32)
    axis.grid(visible=False, axis="y")
    axis.grid(visible=True, axis="x")
    axis.spines["left"].set_visible(False)
    lead = f"Arm {arm}: by" if arm else "By"
    axis.set_title(f"{lead} times refused")
    axis.set_xlabel("% of the people refused, % of the refusals", color=QUIET)


def _said(material: Material, arm: str, classes: list[Class]) -> str:
    people = sum(one.people for one in classes)
    refusals = sum(one.refusals for one in classes)
    every = next(one.row("refusals") for one in material.policies if one.arm == arm)
    ordered = np.sort(every[every > 0])[::-1]
    tenth = max(1, round(people / 10))
    on_them = share(int(ordered[:tenth].sum()), refusals)
    each = valued(material.one("refusals_per_person_refused", arm), "")
    return (
        f"Arm {arm}: {number(refusals)} refusals fell on {number(people)} people, "
        f"{percent(material.one('refused_share', arm))} of all: {each} each. The tenth of them "
        f"refused most often bore {on_them} of the refusals."
    )


def _table(material: Material, found: dict[str, list[Class]]) -> FigureTable:
    header = ("arm", "times refused", "people", "% of the people refused", "refusals",
              "% of the refusals")  # fmt: skip
    rows = []
    for arm, classes in found.items():
        people = sum(one.people for one in classes)
        refusals = sum(one.refusals for one in classes)
        rows += [
            (arm, one.words, number(one.people), rounded(100 * one.people / people),
             number(one.refusals), rounded(100 * one.refusals / refusals))
            for one in classes
        ]  # fmt: skip
        rows.append((arm, "all", number(people), "100", number(refusals), "100"))
    return FigureTable(header, tuple(rows), _caption(material))


def _caption(material: Material) -> str:
    if not material.bodies:
        return ""
    return f"Persons alone; {number(material.bodies)} organisations are not counted here"
