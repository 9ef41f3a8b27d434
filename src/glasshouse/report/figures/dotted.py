"""Panels of marks with their intervals: a line of the panel a thing, a mark an arm."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from glasshouse.report.figures.style import ARMS, INK, MARKS, QUIET, drawing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.report.dots import Dot, Line, Panel

LETTERS = 17
"""Of a label's line."""
ROW, MARK, HEAD = 24.0, 11.0, 52.0
"""Units: the least height of a line, of a mark's part of it, of what stands around a panel."""


def dotted(panels: Sequence[Panel], series: Sequence[str], key: str, alt: str) -> str:
    """Draw panels of `report.dots` one below the other, in the style of figures.

    ``series`` are all arms of the run that policy makes, so that an arm looks alike everywhere.
    """
    here = [name for name in series if any(_has(line, name) for p in panels for line in p.lines)]
    heights = [HEAD + sum(_height(line, len(here)) for line in panel.lines) for panel in panels]
    rows = math.ceil(len(here) / KEY_COLUMNS) if len(here) > 1 else 0
    with drawing(sum(heights) + 17 * rows, len(panels), heights) as canvas:
        for axis, panel in zip(canvas.panels, panels, strict=True):
            _draw(axis, panel, series, here)
        if rows:
            key_of(canvas.figure, series, here)
        return canvas.svg(key, alt)


KEY_COLUMNS = 3
BEYOND = 1.0
"""How far beyond the values intervals are drawn, in spans of the values."""


def key_of(figure: Any, series: Sequence[str], here: Sequence[str]) -> None:
    """Say above the panels which mark is which arm."""
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=ARMS[series.index(name) % 8], marker=MARKS[series.index(name) % 8],
               markersize=6, linewidth=0)
        for name in here
    ]  # fmt: skip
    legend = figure.legend(
        marks, list(here), loc="outside upper left", ncols=KEY_COLUMNS, frameon=False,
        handletextpad=0.2, columnspacing=1.2, borderaxespad=0.0, fontsize=10,
    )  # fmt: skip
    for words, name in zip(legend.get_texts(), here, strict=True):
        words.set_color(ARMS[series.index(name) % 8])


def _has(line: Line, series: str) -> bool:
    return any(dot.series == series for dot in line.dots)


def _height(line: Line, series: int) -> float:
    lines = len(textwrap.wrap(line.label, LETTERS))
    return max(ROW, MARK * series + 6, 12.0 * lines + 8)


def _draw(axis: Any, panel: Panel, series: Sequence[str], here: Sequence[str]) -> None:
    middle, foot = [], 0.0
    for line in panel.lines:
        tall = _height(line, len(here))
        middle.append(foot + tall / 2)
        if line is not panel.lines[-1]:
            axis.axhline(foot + tall, color="#e4e7eb", linewidth=0.8, zorder=0)
        foot += tall
    ends = _ends(panel)
    for line, y in zip(panel.lines, middle, strict=True):
        for dot in line.dots:
            place = series.index(dot.series)
            at = y + (here.index(dot.series) - (len(here) - 1) / 2) * MARK
            colour = ARMS[place % len(ARMS)]
            if math.isnan(dot.value):
                axis.annotate("not known", (0.0, at), xycoords=("axes fraction", "data"),
                              xytext=(4, 0), textcoords="offset points", va="center",
                              color=QUIET, fontsize=9, style="italic")  # fmt: skip
                continue
            if not math.isnan(dot.low):
                _whisker(axis, dot, at, colour, ends)
            axis.plot([dot.value], [at], marker=MARKS[place % len(MARKS)], color=colour,
                      markersize=6.5, markeredgecolor="white", markeredgewidth=0.7,
                      linewidth=0, clip_on=False)  # fmt: skip
    labels = ["\n".join(textwrap.wrap(line.label, LETTERS)) for line in panel.lines]
    axis.set_yticks(middle, labels, color=INK)
    axis.set_ylim(foot, 0)
    axis.grid(visible=False, axis="y")
    axis.grid(visible=True, axis="x")
    axis.spines["left"].set_visible(False)
    axis.set_title(panel.title)
    axis.set_xlabel(panel.unit)
    axis.set_xlim(*ends)
    if not any(math.isfinite(dot.value) for line in panel.lines for dot in line.dots):
        axis.set_xticks([])
        return
    axis.ticklabel_format(axis="x", style="plain", useOffset=False)
    axis.axvline(0.0, color="#7b8794", linewidth=0.9, zorder=0)
    axis.locator_params(axis="x", nbins=6)


def _whisker(axis: Any, dot: Dot, at: float, colour: str, ends: tuple[float, float]) -> None:
    """Draw an interval; where it goes on beyond the panel an arrow says so."""
    low, high = max(dot.low, ends[0]), min(dot.high, ends[1])
    axis.plot([low, high], [at, at], color=colour, linewidth=2.2, solid_capstyle="butt", alpha=0.55,
              clip_on=False)  # fmt: skip
    for end, is_cut, mark in ((low, dot.low < ends[0], "<"), (high, dot.high > ends[1], ">")):
        if is_cut:
            axis.plot([end], [at], marker=mark, color=colour, markersize=5, clip_on=False)


def _ends(panel: Panel) -> tuple[float, float]:
    """Give the ends of a panel: from nothing to the values and, as far as they help, intervals.

    Few communities make intervals that would push all values into a corner; those are cut.
    """
    dots = [dot for line in panel.lines for dot in line.dots if math.isfinite(dot.value)]
    if not dots:
        return 0.0, 1.0
    low, high = min(0.0, *(dot.value for dot in dots)), max(0.0, *(dot.value for dot in dots))
    far = BEYOND * (high - low) or 1.0
    bottom = [dot.low for dot in dots if math.isfinite(dot.low)]
    top = [dot.high for dot in dots if math.isfinite(dot.high)]
    low = max(min([low, *bottom]), low - far)
    high = min(max([high, *top]), high + far)
    room = 0.04 * (high - low) or 1.0
    return low - room, high + room
