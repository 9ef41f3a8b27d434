"""A figure of dots with intervals, as SVG: the same bytes on every build."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

COLOURS = ("#0b5394", "#b45309", "#2d6a4f", "#7b2d8b", "#8c1d1d", "#4a5568", "#0e7490", "#6b7a0f")
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")
"""Series differ by shape as well as by colour, so that nobody needs the colours."""

SETTINGS: Any = {
    "svg.hashsalt": "glasshouse",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "ytick.left": False,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "path.simplify": False,
}
WIDTH, LINE, HEAD, FOOT = 8.0, 0.23, 0.75, 0.35
"""Inches: of the figure, of a line, above and below a panel."""


class Dot(NamedTuple):
    """A value with its interval, of a series; NaN where it is not defined."""

    series: str
    value: float
    low: float
    high: float


class Line(NamedTuple):
    """A line of a panel: its label and what stands on it."""

    label: str
    dots: tuple[Dot, ...]


class Panel(NamedTuple):
    """A panel: its title, the unit along its axis, its lines from the top down."""

    title: str
    unit: str
    lines: tuple[Line, ...]


def drawn(panels: Sequence[Panel], kind: str = "svg") -> bytes:
    """Draw the panels one below the other; ``kind`` may be ``png`` to look at it."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    heights = [HEAD + FOOT + LINE * _rows(panel) for panel in panels]
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, sum(heights)), layout="constrained")
        axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0]
        for axis, panel in zip(axes, panels, strict=True):
            _draw(axis, panel)
        content = io.BytesIO()
        metadata = {"Date": None, "Creator": "glasshouse"} if kind == "svg" else None
        figure.savefig(content, format=kind, metadata=metadata)
    return content.getvalue()


def _rows(panel: Panel) -> float:
    series = max((len(line.dots) for line in panel.lines), default=1)
    return len(panel.lines) * max(1.0, 0.55 * series)


def _draw(axis: Any, panel: Panel) -> None:
    """Draw one panel: a line a row, its series beside one another within the row."""
    names = list(dict.fromkeys(dot.series for line in panel.lines for dot in line.dots))
    step = 0.8 / max(1, len(names))
    for row, line in enumerate(panel.lines):
        for dot in line.dots:
            place = names.index(dot.series)
            y = row + (place - (len(names) - 1) / 2) * step
            colour, marker = COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]
            if math.isnan(dot.value):
                axis.text(0.01, y, "not defined", transform=axis.get_yaxis_transform(),
                          color=colour, va="center", fontsize=7.5, style="italic")  # fmt: skip
                continue
            if not math.isnan(dot.low):
                axis.plot([dot.low, dot.high], [y, y], color=colour, linewidth=1.6)
            axis.plot([dot.value], [y], marker=marker, color=colour, markersize=4.5)
    axis.set_yticks(range(len(panel.lines)), [line.label for line in panel.lines])
    axis.set_ylim(len(panel.lines) - 0.4, -0.6)
    axis.set_title(panel.title, loc="left")
    axis.set_xlabel(panel.unit)
    axis.ticklabel_format(axis="x", style="plain", useOffset=False)
    values = [each for line in panel.lines for dot in line.dots for each in dot[1:]
              if not math.isnan(each)]  # fmt: skip
    if values and min(values) <= 0 <= max(values):
        axis.axvline(0.0, color="#888888", linewidth=0.8)
    if not values:
        axis.set_xlim(0, 1)
        axis.set_xticks([])
    if len(names) > 1:
        _legend(axis, names)


def _legend(axis: Any, names: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=COLOURS[n % len(COLOURS)], marker=MARKERS[n % len(MARKERS)],
               markersize=4.5, linewidth=1.6)
        for n in range(len(names))
    ]  # fmt: skip
    axis.legend(marks, names, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False,
                fontsize=8)  # fmt: skip
