"""Who is on a list, rightly and wrongly, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.metrics.observed import LABELS
from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.style import SENSES, beside, dated, drawing
from glasshouse.report.words import listing, number, share

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from glasshouse.metrics.observed import Observed

KEY, TITLE = "listed-over-time", "Who is on a list, rightly and wrongly"
SHOWN = (
    "Listings in force at the end of each step, by what stands behind them. A listing is wrong "
    "where no act of the person's own is behind it (not theirs), where they could not comply, "
    "or where the act was lawful."
)
NOT_SHOWN = (
    "A person may stand on several lists, so these are listings and not people; one that began "
    "and ended within a step is not seen here."
)
MOST_LINES = 12
"""So many dates stand in the table."""


class Course(NamedTuple):
    """The listings in force at the end of every step in one arm, by what stands behind them."""

    arm: str
    open: NDArray[np.int64]
    """[step, label]."""


def listed_over_time(material: Material) -> Figure | Missing:
    """Draw the listings in force at the end of every step, by what stands behind them."""
    courses = [_course(arm) for arm in material.policies]
    courses = [one for one in courses if one.open.any()]
    if not courses:
        return Missing(KEY, TITLE, "Nobody was on a list at the end of any step in any arm.")
    dates = [begin for begin, _ in material.archive.dates()]
    ends = [end for _, end in material.archive.dates()]
    alt = f"Areas one above the other, by month. {' '.join(_seen(one) for one in courses)}"
    with drawing(40 + 205 * len(courses), len(courses)) as canvas:
        for axis, course in zip(canvas.panels, courses, strict=True):
            _draw(axis, course, [dates[0], *ends], named=len(courses) > 1)
        svg = canvas.svg(KEY, alt)
    words = (
        SHOWN,
        *(_said(one) for one in courses),
        NOT_SHOWN,
    )
    return Figure(KEY, TITLE, words, svg, alt, _table(courses, ends, dates[0]))


def _course(arm: Observed) -> Course:
    return Course(arm.arm, arm.steps_of("stock").sum(axis=(1, 2)))


def _draw(axis: Any, course: Course, days: list[dt.date], *, named: bool) -> None:
    """Draw the areas; nobody is on a list on the first day."""
    foot = np.zeros(len(days))
    labels = []
    for n, label in enumerate(LABELS):
        words, colour, hatch = SENSES[label]
        top = foot + np.concatenate([[0], course.open[:, n]])
        if course.open[:, n].any():
            axis.fill_between(days, foot, top, facecolor=colour, hatch=hatch, linewidth=0)
            labels.append(((foot[-1] + top[-1]) / 2, words, _dark(colour)))
        foot = top
    axis.set_ylim(0, max(1.0, float(foot.max()) * 1.04))
    axis.set_xlim(days[0], days[-1])
    axis.set_title(f"Arm {course.arm}: listings in force" if named else "Listings in force")
    axis.yaxis.get_major_locator().set_params(integer=True)
    beside(axis, labels, 0.09)
    dated(axis)


def _dark(colour: str) -> str:
    """A colour that can be read as a letter: the pale one of the rightly listed is not."""
    return "#52606d" if colour == SENSES["rightly"][1] else colour


def _seen(course: Course) -> str:
    last = course.open[-1]
    parts = [f"{number(int(last[n]))} {SENSES[label][0]}" for n, label in enumerate(LABELS)]
    return f"Arm {course.arm} ends with {number(int(last.sum()))} listings: {listing(parts)}."


def _said(course: Course) -> str:
    last = course.open[-1]
    total, wrong = int(last.sum()), int(last[1:].sum())
    if not total:
        return f"In arm {course.arm} none was in force at the end."
    return (
        f"In arm {course.arm} {number(total)} were in force at the end, {number(wrong)} of them "
        f"wrong ({share(wrong, total)})."
    )


def _table(courses: list[Course], ends: list[dt.date], first: dt.date) -> FigureTable:
    steps = len(ends)
    chosen = sorted({round((n + 1) * steps / min(MOST_LINES, steps)) - 1
                     for n in range(min(MOST_LINES, steps))})  # fmt: skip
    header = ("arm", "end of step before", *(SENSES[label][0] for label in LABELS), "all")
    rows = tuple(
        (one.arm, ends[step].isoformat(), *(number(int(n)) for n in one.open[step]),
         number(int(one.open[step].sum())))
        for one in courses
        for step in chosen
    )  # fmt: skip
    return FigureTable(header, rows, f"Listings in force; the run begins on {first.isoformat()}")
