"""The one way in which figures look: a narrow canvas, one typeface, colours told by shape too.

A figure is drawn 400 units wide with letters of 10 and more, so that it can be read on a telephone;
a page shows it larger, as far as there is room. matplotlib draws; what it writes is then put into
the least SVG that shows the same: presentation attributes and no style, so that a strict content
security policy shows it too, and no name that could meet another figure's.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from glasshouse.report.figures.slim import slimmed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 400.0
"""Units of the drawing, which are points of matplotlib's."""

INK, QUIET, LINE = "#1f2933", "#52606d", "#cbd2d9"
ARMS = ("#0b5394", "#b45309", "#2d6a4f", "#7b2d8b", "#8c1d1d", "#4a5568", "#0e7490", "#6b7a0f")
"""Colours of arms, each dark enough to be read as a letter on white."""
MARKS = ("o", "s", "D", "^", "v", "P", "X", "*")
STROKES: tuple[Any, ...] = (
    "-", (0, (5, 2)), (0, (1.2, 1.4)), (0, (6, 2, 1.2, 2)), (0, (9, 3)), (0, (3, 1, 1, 1, 1, 1)),
    (0, (2, 3)), (0, (7, 1.5, 2, 1.5)),
)  # fmt: skip
"""Arms differ by mark and stroke as well as by colour, so that nobody needs the colours."""

SENSES = {
    "rightly": ("rightly", "#9aa5b1", ""),
    "not_theirs": ("not theirs", "#b45309", "//"),
    "could_not": ("could not comply", "#7b2d8b", "\\\\"),
    "lawful": ("for a lawful act", "#0b5394", "--"),
}
"""What stands behind a listing: its words, its colour, its hatch."""

SETTINGS: Any = {
    "svg.hashsalt": "glasshouse",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 11.0,
    "axes.titlesize": 11.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 7.0,
    "axes.labelsize": 10.5,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#e4e7eb",
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": 10.0,
    "ytick.labelsize": 10.0,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "hatch.linewidth": 1.1,
    "hatch.color": "#ffffff",
    "path.simplify": False,
    "figure.constrained_layout.h_pad": 0.05,
    "figure.constrained_layout.w_pad": 0.04,
}


class Canvas:
    """A figure while it is drawn: its panels from the top down."""

    def __init__(self, height: float, panels: int, ratios: Sequence[float] | None) -> None:
        """Take the height in units, how many panels there are and how high each is."""
        from matplotlib.figure import Figure

        self.figure: Any = Figure(figsize=(WIDTH / 72, height / 72), layout="constrained")
        axes = self.figure.subplots(panels, 1, squeeze=False, height_ratios=ratios)
        self.panels: list[Any] = list(axes[:, 0])

    def svg(self, key: str, alt: str) -> str:
        """Give the picture as one element of SVG."""
        content = io.BytesIO()
        self.figure.savefig(
            content, format="svg", metadata={"Date": None, "Creator": None}, transparent=True
        )
        return slimmed(content.getvalue().decode(), key, alt)


@contextmanager
def drawing(
    height: float, panels: int = 1, ratios: Sequence[float] | None = None
) -> Iterator[Canvas]:
    """Give a canvas on which everything is drawn in the one style."""
    import matplotlib as mpl

    with mpl.rc_context(SETTINGS):
        yield Canvas(height, panels, ratios)


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Give places for labels that want to stand at some: at least a gap apart, within the ends."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    places = [min(max(wanted[n], low), high) for n in order]
    for n in range(1, len(places)):
        places[n] = max(places[n], places[n - 1] + gap)
    if places and places[-1] > high:
        places[-1] = high
        for n in range(len(places) - 2, -1, -1):
            places[n] = min(places[n], places[n + 1] - gap)
    found = [0.0] * len(wanted)
    for place, n in zip(places, order, strict=True):
        found[n] = place
    return found


def beside(axis: Any, labels: Sequence[tuple[float, str, str]], gap: float) -> None:
    """Write labels to the right of a panel, each at its line's last value, none over another.

    ``labels`` are (value, words, colour); ``gap`` is the height of a line in parts of the panel.
    """
    low, high = axis.get_ylim()
    step = gap * (high - low)
    places = apart([value for value, _, _ in labels], step, low, high)
    for (_, words, colour), place in zip(labels, places, strict=True):
        axis.annotate(
            words, (1.0, place), xycoords=("axes fraction", "data"), xytext=(5, 0),
            textcoords="offset points", color=colour, va="center", fontsize=10,
            annotation_clip=False,
        )  # fmt: skip


def dated(axis: Any) -> None:
    """Put few dates under a panel whose places are days."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=6)  # type: ignore[no-untyped-call]
    forms = ["%Y", "%b %Y", "%d %b", "%H:%M", "%H:%M", "%S"]
    words = ConciseDateFormatter(  # type: ignore[no-untyped-call]
        locator, formats=forms, zero_formats=forms, show_offset=False
    )
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(words)
