"""What the rules did to each person: from those who lost most to those who gained most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.metrics.estimate import ratio
from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.by_group import NO_ROWS
from glasshouse.report.figures.conduct import NO_TWIN
from glasshouse.report.figures.said import between, cell, rough, valued
from glasshouse.report.figures.style import QUIET, drawing
from glasshouse.report.words import number, share

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from glasshouse.metrics.estimate import Estimate
    from glasshouse.metrics.observed import Observed

KEY, TITLE = "effects-per-person", "What it did to each person"
SHOWN = (
    "Every person's outcome under the scheme less that of the same person in the baseline, from "
    "those who lost most to those who gained most. It is exact given the seed: the two lives have "
    "the same candidate acts and the same luck."
)
NOT_SHOWN = (
    "Means are an index of the ability to pay, and what a refusal costs them is an assumption. "
    "Those who were not moved are counted and left out of the picture. Gains of some are "
    "not set against losses of others: there is no sum of harm."
)
LOST, GAINED = "#b45309", "#0b5394"
LEVEL_PERCENT = 655.36
"""Of a level of the columns, one per cent of the whole."""
POINTS = 50
"""So many places of a curve are drawn."""


class Kind(NamedTuple):
    """A sort of effect: its words, its unit, how it is had from an arm."""

    title: str
    brief: str
    unit: str
    of: Callable[[Observed], NDArray[np.float64]]


def _means(arm: Observed) -> NDArray[np.float64]:
    return (arm.row("means") - arm.twin_row("means")) / LEVEL_PERCENT


def _doors(arm: Observed) -> NDArray[np.float64]:
    opened = arm.row("privileges") - arm.twin_row("privileges")
    shut = arm.row("refusals") - arm.twin_row("refusals")
    return opened - shut


KINDS = (
    Kind("Means to pay at the end", "means at the end", "% of full means", _means),
    Kind(
        "At counters: privileges less refusals",
        "privileges less refusals",
        "times in the run",
        _doors,
    ),
)


class Effect(NamedTuple):
    """One sort of effect on all persons of one arm."""

    kind: Kind
    arm: str
    ordered: NDArray[np.float64]
    """Of those moved, from the largest loss to the largest gain."""
    people: int
    mean: Estimate

    @property
    def lost(self) -> int:
        """How many are worse off."""
        return int((self.ordered < 0).sum())

    @property
    def gained(self) -> int:
        """How many are better off."""
        return int((self.ordered > 0).sum())


def effects_per_person(material: Material) -> Figure | Missing:
    """Draw the effect on each person who was moved, in order."""
    if not material.has_rows:
        return Missing(KEY, TITLE, NO_ROWS)
    if not material.has_twin:
        return Missing(KEY, TITLE, NO_TWIN)
    every = [_effect(arm, kind) for arm in material.policies for kind in KINDS]
    found = [one for one in every if one.ordered.size]
    if not found:
        return Missing(KEY, TITLE, "Nobody's means, refusals or privileges were moved in any arm.")
    named = len(material.policies) > 1
    said = tuple(_said(one) for one in found)
    alt = " ".join(("Areas below and above a line, one panel a sort of effect.", *said))
    with drawing(132.0 * len(found) + 8, len(found)) as canvas:
        for axis, one in zip(canvas.panels, found, strict=True):
            _draw(axis, one, named=named)
        svg = canvas.svg(KEY, alt)
    words = (SHOWN, *said, NOT_SHOWN, *rough([one.mean for one in found]))
    return Figure(KEY, TITLE, words, svg, alt, _table(every))


def _effect(arm: Observed, kind: Kind) -> Effect:
    moved = kind.of(arm)
    mean = arm.estimate(ratio, moved, np.ones(arm.size), undefined="there is nobody")
    return Effect(kind, arm.arm, np.sort(moved[moved != 0]), arm.size, mean)


def _draw(axis: Any, one: Effect, *, named: bool) -> None:
    places, values = _steps(one.ordered)
    axis.fill_between(places, values, 0, where=values <= 0, step="post", facecolor=LOST,
                      hatch="//", linewidth=0)  # fmt: skip
    axis.fill_between(places, values, 0, where=values >= 0, step="post", facecolor=GAINED,
                      linewidth=0)  # fmt: skip
    axis.axhline(0, color="#52606d", linewidth=0.9)
    axis.set_xlim(0, len(one.ordered))
    low, high = min(0.0, float(one.ordered[0])), max(0.0, float(one.ordered[-1]))
    room = 0.06 * (high - low)
    axis.set_ylim(low - room, high + room)
    still = one.people - len(one.ordered)
    title = f"Arm {one.arm}: {one.kind.brief}" if named else one.kind.title
    axis.set_title(title)
    axis.set_ylabel(one.kind.unit)
    moved = f"{number(one.lost)} lost, {number(one.gained)} gained"
    axis.set_xlabel(f"persons in order: {moved}; {number(still)} not moved")
    axis.locator_params(axis="x", nbins=5, integer=True)
    axis.tick_params(axis="x", colors=QUIET)


def _steps(ordered: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give places and values of a step curve, the ends and the change of sign among them."""
    many = len(ordered)
    turn = np.searchsorted(ordered, 0.0)
    chosen = np.unique(np.concatenate(
        [np.linspace(0, many - 1, min(many, POINTS)).round(), [turn - 1, turn]]
    ).clip(0, many - 1)).astype(int)  # fmt: skip
    places = np.append(chosen, many).astype(np.float64)
    return places, np.append(ordered[chosen], ordered[-1])


def _said(one: Effect) -> str:
    still = one.people - len(one.ordered)
    return (
        f"Arm {one.arm}, {one.kind.title.lower()}: {number(one.lost)} of {number(one.people)} "
        f"persons lost ({share(one.lost, one.people)}), {number(one.gained)} gained "
        f"({share(one.gained, one.people)}), {number(still)} were not moved; on average "
        f"{valued(one.mean, '')} {one.kind.unit}."
    )


def _table(found: list[Effect]) -> FigureTable:
    header = ("arm", "effect", "unit", "lost", "not moved", "gained", "largest loss",
              "half of the losers lost at least", "half of the winners gained at least",
              "largest gain", "mean of all", "95 % interval")  # fmt: skip
    rows = []
    for one in found:
        losses, gains = -one.ordered[one.ordered < 0], one.ordered[one.ordered > 0]
        still = one.people - len(one.ordered)
        rows.append((
            one.arm, one.kind.title, one.kind.unit, number(one.lost), number(still),
            number(one.gained), *(_cell(some, of) for some, of in (
                (losses, np.max), (losses, np.median), (gains, np.median), (gains, np.max))),
            cell(one.mean.value), between(one.mean),
        ))  # fmt: skip
    return FigureTable(header, tuple(rows), "Persons alone")


def _cell(some: NDArray[np.float64], of: Any) -> str:
    return cell(float(of(some))) if some.size else "nobody"
