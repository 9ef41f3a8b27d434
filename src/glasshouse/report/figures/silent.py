"""Lawful acts gone silent: over time, and by what it is that people no longer do."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.metrics.behaviour import ABOVE_NONE, CHILLING, changed
from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.conduct import NO_TWIN
from glasshouse.report.figures.said import between, cell, percent, rough
from glasshouse.report.figures.style import ARMS, INK, MARKS, STROKES, beside, dated, drawing
from glasshouse.report.words import number, of, way

if TYPE_CHECKING:
    import datetime as dt

    from glasshouse.metrics.estimate import Estimate
    from glasshouse.metrics.observed import Observed

KEY, TITLE = "gone-silent", "Lawful acts gone silent"
SHOWN = (
    "Lawful sensitive acts (petitions, complaints, comments, faith) under the scheme against those "
    "of the same people in the baseline: above over time, below by kind of act, those of which "
    "most went undone first."
)
NOT_SHOWN = (
    "Only a simulation knows what would have been said. A line below zero is silence; what "
    "somebody outside could estimate from a series of counts is the metric chilling_break. Bands "
    "and lines are 95 % intervals over provinces."
)
MOST_ACTS, MOST_TIMES = 8, 12
"""Kinds of acts in the picture, and stretches of time."""
LETTERS = 22
"""Of a line of a label."""


class Moved(NamedTuple):
    """Acts of one kind, or of one stretch of time, in one arm and in the baseline."""

    words: str
    day: dt.date | None
    base: int
    done: int
    change: Estimate


class Silence(NamedTuple):
    """What went silent in one arm."""

    arm: str
    times: list[Moved]
    acts: list[Moved]


def gone_silent(material: Material) -> Figure | Missing:
    """Draw lawful sensitive acts against the baseline, over time and by kind."""
    if not material.has_twin:
        return Missing(KEY, TITLE, NO_TWIN)
    titles = {act.act: act.title for act in material.observing.legend.acts}
    dates = material.archive.dates()
    found = [_silence(arm, titles, dates) for arm in material.policies]
    found = [one for one in found if any(each.base != each.done for each in one.acts)]
    if not found:
        return Missing(KEY, TITLE, "No lawful sensitive act went undone or was added in any arm.")
    arms = [arm.arm for arm in material.policies]
    said = tuple(_said(material, one) for one in found)
    alt = " ".join(("A line over time, and below it marks by kind of act.", *said))
    kinds = _kinds(found)
    heights = [190.0, 46 + max(29.0, 12.0 * len(found) + 8) * len(kinds)]
    with drawing(sum(heights), 2, heights) as canvas:
        _draw_times(canvas.panels[0], found, arms, dates[0][0])
        _draw_kinds(canvas.panels[1], found, arms, kinds)
        svg = canvas.svg(KEY, alt)
    some = [each.change for one in found for each in (*one.times, *one.acts)]
    words = (SHOWN, *said, NOT_SHOWN, *rough(some))
    return Figure(KEY, TITLE, words, svg, alt, _table(found), (CHILLING[0],))


def _silence(
    arm: Observed, titles: dict[str, str], dates: list[tuple[dt.date, dt.date]]
) -> Silence:
    places = [n for n, act in enumerate(arm.names.acts) if act.is_lawful_sensitive]
    done, base = arm.steps_of("acts")[..., places], arm.twin_steps_of("acts")[..., places]
    cuts = np.array_split(np.arange(len(done)), min(MOST_TIMES, len(done)))
    times = [
        _moved(arm, dates[cut[-1]][1].isoformat(), dates[cut[-1]][1],
               done[cut].sum(axis=(0, 2)), base[cut].sum(axis=(0, 2)))
        for cut in cuts
    ]  # fmt: skip
    acts = [
        _moved(arm, titles[arm.names.acts[place].act], None,
               done[..., n].sum(axis=0), base[..., n].sum(axis=0))
        for n, place in enumerate(places)
    ]  # fmt: skip
    return Silence(arm.arm, times, acts)


def _moved(arm: Observed, words: str, day: dt.date | None, done: Any, base: Any) -> Moved:
    change = arm.of_provinces(
        changed, done, base, within=ABOVE_NONE, undefined="none in the baseline"
    )
    return Moved(words, day, int(base.sum()), int(done.sum()), change)


def _kinds(found: list[Silence]) -> list[str]:
    """Give the kinds of acts of which most went undone, in all arms together."""
    lost: dict[str, int] = {}
    for one in found:
        for act in one.acts:
            lost[act.words] = lost.get(act.words, 0) + abs(act.base - act.done)
    order = sorted((words for words in lost if lost[words]), key=lambda words: -lost[words])
    return order[:MOST_ACTS]


def _draw_times(axis: Any, found: list[Silence], arms: list[str], begin: dt.date) -> None:
    labels, ends = [], [0.0]
    for one in found:
        place = arms.index(one.arm)
        colour = ARMS[place % len(ARMS)]
        days = [each.day for each in one.times]
        value, low, high = (np.array([100 * end for end in ends_of])
                            for ends_of in zip(*((t.change.value, t.change.low, t.change.high)
                                                 for t in one.times), strict=True))  # fmt: skip
        axis.fill_between(days, low, high, color=colour, alpha=0.13, linewidth=0)
        axis.plot(days, value, color=colour, linewidth=1.8, linestyle=STROKES[place % 8],
                  marker=MARKS[place % 8], markersize=4)  # fmt: skip
        known = value[np.isfinite(value)]
        if known.size:
            labels.append((float(known[-1]), one.arm, colour))
            ends += known.tolist()
    span = max(ends) - min(ends) or 1.0
    axis.set_ylim(min(ends) - 0.25 * span, max(ends) + 0.15 * span)
    axis.set_xlim(begin, found[0].times[-1].day)
    axis.axhline(0, color="#7b8794", linewidth=0.9)
    axis.set_title("Against the baseline, over time")
    axis.set_ylabel("%")
    dated(axis)
    if len(found) > 1:
        beside(axis, labels, 0.09)


def _draw_kinds(axis: Any, found: list[Silence], arms: list[str], kinds: list[str]) -> None:
    ends = [0.0]
    for one in found:
        place = arms.index(one.arm)
        colour = ARMS[place % len(ARMS)]
        shift = 0.22 * (found.index(one) - (len(found) - 1) / 2) * min(1.0, 3 / len(found))
        by_kind = {act.words: act.change for act in one.acts}
        for row, kind in enumerate(kinds):
            change = by_kind.get(kind)
            if change is None or math.isnan(change.value):
                continue
            value, low, high = (100 * end for end in (change.value, change.low, change.high))
            ends.append(value)
            if not math.isnan(low):
                axis.plot([low, high], [row + shift] * 2, color=colour, linewidth=2.2, alpha=0.55,
                          solid_capstyle="butt")  # fmt: skip
            axis.plot([value], [row + shift], marker=MARKS[place % 8], color=colour, markersize=6,
                      markeredgecolor="white", markeredgewidth=0.7)  # fmt: skip
    axis.set_yticks(range(len(kinds)), [_label(kind) for kind in kinds], color=INK)
    axis.set_ylim(len(kinds) - 0.5, -0.5)
    span = max(ends) - min(ends) or 1.0
    axis.set_xlim(min(ends) - 0.25 * span, max(ends) + 0.25 * span)
    axis.axvline(0, color="#7b8794", linewidth=0.9, zorder=0)
    axis.grid(visible=True, axis="x")
    axis.spines["left"].set_visible(False)
    axis.set_title("By kind of act, whole run")
    axis.set_xlabel("% against the baseline")


def _label(kind: str) -> str:
    """Give two lines at most; the table has the whole."""
    return "\n".join(textwrap.wrap(kind, LETTERS, max_lines=2, placeholder=" …"))


def _said(material: Material, one: Silence) -> str:
    undone = sum(act.base for act in one.acts) - sum(act.done for act in one.acts)
    base = sum(act.base for act in one.acts)
    share = material.one("chilling_share", one.arm)
    is_told = way(share.value, share.low, share.high) != "hardly" and not math.isnan(share.value)
    known = f", {percent(share)} of those of persons" if is_told else ""
    if undone < 0:
        return f"Arm {one.arm}: {of(-undone, 'act')} more than {number(base)} in the baseline."
    return f"Arm {one.arm}: {of(undone, 'act')} of {number(base)} went undone{known}."


def _table(found: list[Silence]) -> FigureTable:
    header = ("arm", "what", "in the baseline", "under the scheme", "change, %", "95 % interval")
    rows = [
        (one.arm, f"before {each.words}" if each.day else each.words, number(each.base),
         number(each.done), cell(each.change.value, 100), between(each.change, 100))
        for one in found
        for each in (*one.times, *sorted(one.acts, key=lambda act: act.done - act.base))
    ]  # fmt: skip
    return FigureTable(header, tuple(rows), "Of all rows, by stretches of time and by kind of act")
