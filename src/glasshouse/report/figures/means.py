"""How listing feeds back on the means to pay, without which nobody can get off."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.metrics.behaviour import changed
from glasshouse.metrics.estimate import Estimate, ratio
from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.by_group import FEWEST, NO_ROWS
from glasshouse.report.figures.conduct import NO_TWIN
from glasshouse.report.figures.said import between, cell, percent, rough
from glasshouse.report.figures.style import ARMS, INK, MARKS, STROKES, beside, dated, drawing
from glasshouse.report.words import number

if TYPE_CHECKING:
    import datetime as dt

    from glasshouse.metrics.observed import Observed

KEY, TITLE = "listing-and-means", "Listing and the means to pay"
SHOWN = (
    "Above, the means to pay at the end that persons lost against themselves in the baseline, by "
    "how long they were on lists. Below, the mean means of all rows against the baseline over "
    "time. Who has fewer means is less able to pay and to perform, and so stays listed longer."
)
NOT_SHOWN = (
    "What a refusal costs the means is an assumption, so is how they grow back. Who is on a list "
    "for long differs from the others before the listing; but everybody is compared with "
    "themselves. Groups of fewer than 20 persons are drawn only where no group is larger. "
    "Lines through the marks are 95 % intervals over groups of communities."
)
LEVEL = 65536.0
MOST_TIMES = 12
CLASSES = ((0, 0), (1, 90), (91, 365), (366, 1095), (1096, 10**9))
"""Days on lists, from and to."""


class Lost(NamedTuple):
    """What persons with so many days on lists lost."""

    words: str
    people: int
    lost: Estimate


class Path(NamedTuple):
    """The means of one arm against the baseline."""

    arm: str
    lost: list[Lost]
    days: list[dt.date]
    changes: list[Estimate]


def listing_and_means(material: Material) -> Figure | Missing:
    """Draw the means lost by days on lists, and the mean means over time."""
    if not material.has_twin:
        return Missing(KEY, TITLE, NO_TWIN)
    if not material.has_rows:
        return Missing(KEY, TITLE, NO_ROWS)
    dates = material.archive.dates()
    found = [_path(arm, dates) for arm in material.policies if arm.listed_days().any()]
    if not found:
        return Missing(KEY, TITLE, "Nobody was on a list for a day in any arm.")
    arms = [arm.arm for arm in material.policies]
    said = tuple(_said(material, one) for one in found)
    alt = " ".join(("Marks by days on lists, and below them a line over time.", *said))
    least = FEWEST if any(e.people >= FEWEST for one in found for e in one.lost[1:]) else 1
    classes = list(dict.fromkeys(each.words for one in found for each in one.lost
                                 if each.people >= least))  # fmt: skip
    heights = [50 + max(26.0, 12.0 * len(found) + 8) * len(classes), 170.0]
    with drawing(sum(heights), 2, heights) as canvas:
        _draw_lost(canvas.panels[0], found, arms, classes)
        _draw_path(canvas.panels[1], found, arms, dates[0][0])
        svg = canvas.svg(KEY, alt)
    rows = [each.lost for one in found for each in one.lost if each.people >= FEWEST]
    words = (SHOWN, *said, NOT_SHOWN, *rough(rows))
    return Figure(KEY, TITLE, words, svg, alt, _table(found))


def _path(arm: Observed, dates: list[tuple[dt.date, dt.date]]) -> Path:
    days = arm.listed_days()
    lost = (arm.twin_row("means") - arm.row("means")) / LEVEL
    classes = []
    for first, last in CLASSES:
        mine = (days >= first) & (days <= last)
        if mine.any():
            classes.append(Lost(_days(first, last), int(mine.sum()), arm.estimate(
                ratio, lost * mine, mine, undefined="nobody"
            )))  # fmt: skip
    names = ("means_sum", "persons")
    mine_sums, base_sums = ([of(name).astype(np.float64) for name in names]
                            for of in (arm.steps_of, arm.twin_steps_of))  # fmt: skip
    changes = [
        arm.of_provinces(
            _mean_changed, mine_sums[0][step], mine_sums[1][step], base_sums[0][step],
            base_sums[1][step], within=(-1.0, math.inf),
        )
        for step in _chosen(len(dates))
    ]  # fmt: skip
    return Path(arm.arm, classes, [dates[step][1] for step in _chosen(len(dates))], changes)


def _mean_changed(sums: Any) -> Any:
    """Give the mean of an arm over that of the baseline, less one."""
    both = np.stack([ratio(sums[..., :2]), ratio(sums[..., 2:])], axis=-1)
    return changed(both)


def _chosen(steps: int) -> list[int]:
    many = min(MOST_TIMES, steps)
    return sorted({round((n + 1) * steps / many) - 1 for n in range(many)})


def _days(first: int, last: int) -> str:
    if last == 0:
        return "never"
    return f"{number(first)} days or more" if last > 10**6 else f"{first} to {number(last)} days"


def _draw_lost(axis: Any, found: list[Path], arms: list[str], classes: list[str]) -> None:
    ends = [0.0]
    for one in found:
        place = arms.index(one.arm)
        colour = ARMS[place % len(ARMS)]
        shift = 0.22 * (found.index(one) - (len(found) - 1) / 2) * min(1.0, 3 / len(found))
        for each in one.lost:
            if each.words not in classes:
                continue
            row = classes.index(each.words) + shift
            value, low, high = (100 * x for x in (each.lost.value, each.lost.low, each.lost.high))
            ends.append(value)
            if not math.isnan(low):
                axis.plot([low, high], [row] * 2, color=colour, linewidth=2.2, alpha=0.55,
                          solid_capstyle="butt")  # fmt: skip
            axis.plot([value], [row], marker=MARKS[place % 8], color=colour, markersize=6.5,
                      markeredgecolor="white", markeredgewidth=0.7)  # fmt: skip
            if len(found) == 1:
                axis.annotate(number(each.people), (1.0, row), xycoords=("axes fraction", "data"),
                              xytext=(6, 0), textcoords="offset points", va="center",
                              color="#52606d", fontsize=9.5)  # fmt: skip
    if len(found) == 1:
        axis.annotate("persons", (1.0, 1.0), xycoords="axes fraction", xytext=(6, 6),
                      textcoords="offset points", color="#52606d", fontsize=9.5)  # fmt: skip
    axis.set_yticks(range(len(classes)), classes, color=INK)
    axis.set_ylim(len(classes) - 0.5, -0.5)
    span = max(ends) - min(ends) or 1.0
    axis.set_xlim(min(ends) - 0.3 * span, max(ends) + 0.3 * span)
    axis.axvline(0, color="#7b8794", linewidth=0.9, zorder=0)
    axis.grid(visible=False, axis="y")
    axis.grid(visible=True, axis="x")
    axis.spines["left"].set_visible(False)
    axis.set_title("Means lost, by days on lists")
    axis.locator_params(axis="x", nbins=5)
    axis.set_xlabel("% of full means, less than in the baseline")


def _draw_path(axis: Any, found: list[Path], arms: list[str], begin: dt.date) -> None:
    labels, ends = [], [0.0]
    for one in found:
        place = arms.index(one.arm)
        colour = ARMS[place % len(ARMS)]
        value = np.array([100 * each.value for each in one.changes])
        low = np.array([100 * each.low for each in one.changes])
        high = np.array([100 * each.high for each in one.changes])
        axis.fill_between(one.days, low, high, color=colour, alpha=0.13, linewidth=0)
        axis.plot(one.days, value, color=colour, linewidth=1.8, linestyle=STROKES[place % 8],
                  marker=MARKS[place % 8], markersize=4)  # fmt: skip
        labels.append((float(value[-1]), one.arm, colour))
        ends += value.tolist()
    span = max(ends) - min(ends) or 1.0
    axis.set_ylim(min(ends) - 0.35 * span, max(ends) + 0.15 * span)
    axis.set_xlim(begin, found[0].days[-1])
    axis.axhline(0, color="#7b8794", linewidth=0.9)
    axis.set_title("Mean means, against the baseline")
    axis.set_ylabel("%")
    dated(axis)
    if len(found) > 1:
        beside(axis, labels, 0.1)


def _said(material: Material, one: Path) -> str:
    of_listed = material.one("means_lost", one.arm, "listed")
    of_others = material.one("means_lost", one.arm, "never listed")
    less = material.one("less_able_share_of_listed", one.arm)
    return (
        f"Arm {one.arm}: the listed lost {percent(of_listed)} of full means, the never listed "
        f"{percent(of_others)}; {percent(less)} of the listed are less able to pay than they would "
        "have been."
    )


def _table(found: list[Path]) -> FigureTable:
    header = ("arm", "what", "persons", "% of full means lost, or of the baseline's mean",
              "95 % interval")  # fmt: skip
    rows = []
    for one in found:
        rows += [(one.arm, f"means lost, on lists: {each.words}", number(each.people),
                  cell(each.lost.value, 100), between(each.lost, 100))
                 for each in one.lost]  # fmt: skip
        rows += [(one.arm, f"mean means at {day.isoformat()}, change", "all rows",
                  cell(each.value, 100), between(each, 100))
                 for day, each in zip(one.days, one.changes, strict=True)]  # fmt: skip
    return FigureTable(header, tuple(rows))
