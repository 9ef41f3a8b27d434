"""How scores are spread at the end, score by score, the arms over one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.law.rulebook import Scale
from glasshouse.metrics.observed import KINDS
from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.by_group import FEWEST, NO_ROWS
from glasshouse.report.figures.dotted import KEY_COLUMNS
from glasshouse.report.figures.said import capital, named
from glasshouse.report.figures.style import ARMS, QUIET, STROKES, drawing
from glasshouse.report.words import listing, number, share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.metrics.observed import Instrument, Observed

KEY, TITLE = "score-distributions", "How the scores are spread"
SHOWN = (
    "Each score at the end of the run: how many of those who have it stand where. The scores of "
    "different rulebooks have scales of their own and cannot be compared. A dotted line marks "
    "where everybody began."
)
NOT_SHOWN = (
    "What stands beyond the ends of a panel, one in two hundred on either side, is drawn in the "
    "outermost step; a score that fewer than 20 have is in the table alone. The picture does not "
    "say who is where: see by age, by work and by means."
)
BINS, EDGE = 28, 0.005
POINTS = (0.0, 0.05, 0.5, 0.95, 1.0)
"""Places in the order of scores that the table tells."""


class Spread(NamedTuple):
    """The scores of one arm under one rulebook, at the end."""

    arm: str
    points: NDArray[np.float64]
    grades: tuple[tuple[str, int], ...]
    """The grades with how many stand in each, the lowest first."""


class Score(NamedTuple):
    """A score and everybody who has it."""

    rulebook: str
    whom: str
    start: int | None
    spreads: tuple[Spread, ...]


def score_distributions(material: Material) -> Figure | Missing:
    """Draw a panel a score, a stepped line an arm."""
    if not any(arm.names.instruments for arm in material.arms):
        return Missing(KEY, TITLE, "No arm of the run has a score.")
    if not material.has_rows:
        return Missing(KEY, TITLE, NO_ROWS)
    scores = [one for one in _scores(material) if one.spreads]
    if not scores:
        return Missing(KEY, TITLE, "Nobody had a score at the end of the run in any arm.")
    arms = [arm.arm for arm in material.policies]
    said = tuple(_said(one) for one in scores)
    alt = " ".join(("Stepped lines over the points, one panel a score.", *said))
    drawn = [one for one in scores if max(len(s.points) for s in one.spreads) >= FEWEST] or scores
    here = list(dict.fromkeys(each.arm for one in drawn for each in one.spreads))
    shared = len(here) > 1 and any(len(one.spreads) > 1 for one in drawn)
    rows = -(-len(here) // KEY_COLUMNS) if shared else 0
    with drawing(150.0 * len(drawn) + 10 + 17 * rows, len(drawn)) as canvas:
        if shared:
            _key(canvas.figure, here, arms)
        for axis, one in zip(canvas.panels, drawn, strict=True):
            _draw(axis, one, arms)
        svg = canvas.svg(KEY, alt)
    without = [arm.arm for arm in material.arms if not arm.names.instruments]
    nobody = (f"{capital(named(without))} {'has' if len(without) == 1 else 'have'} no score.",)
    words = (SHOWN, *said, NOT_SHOWN, *(nobody if without else ()))
    return Figure(KEY, TITLE, words, svg, alt, _table(scores))


def _scores(material: Material) -> list[Score]:
    found: dict[tuple[str, str], list[Spread]] = {}
    starts: dict[tuple[str, str], int | None] = {}
    for arm in material.arms:
        for one in arm.names.instruments:
            spread = _spread(arm, one)
            if spread is not None:
                key = (one.rulebook, one.applies_to)
                found.setdefault(key, []).append(spread)
                starts[key] = _start(arm, one.rulebook)
    return [Score(book, whom, starts[book, whom], tuple(spreads))
            for (book, whom), spreads in found.items()]  # fmt: skip


def _spread(arm: Observed, one: Instrument) -> Spread | None:
    mine = np.asarray(arm.rows["kind"] == KINDS.index(one.applies_to))
    points = arm.row(f"score_points_{one.rulebook}")[mine]
    points = points[np.isfinite(points)]
    if not points.size:
        return None
    codes = np.asarray(arm.rows[f"grade_{one.rulebook}"])[mine]
    grades = tuple((grade, int((codes == n).sum())) for n, grade in enumerate(one.grades))
    return Spread(arm.arm, points, grades)


def _start(arm: Observed, rulebook: str) -> int | None:
    """Give where everybody begins under the scale that is first in force; None if not known."""
    if arm.names.rules is None:
        return None
    scales = [provision for use in arm.names.rules.rulebooks if use.rulebook.rulebook == rulebook
              for provision in use.rulebook.provisions if isinstance(provision, Scale)]  # fmt: skip
    return min(scales, key=lambda scale: scale.from_date).start if scales else None


def _draw(axis: Any, score: Score, arms: list[str]) -> None:
    every = np.concatenate([one.points for one in score.spreads])
    low, high = np.quantile(every, [EDGE, 1 - EDGE])
    if score.start is not None:
        low, high = min(low, score.start), max(high, score.start)
    wide = max(1.0, float(np.ceil((high - low + 1) / BINS)))
    edges = np.arange(np.floor(low), high + wide + 1, wide)
    many = len(score.spreads) > 1
    for one in score.spreads:
        held = np.histogram(np.clip(one.points, edges[0], edges[-1] - 0.5), edges)[0]
        heights = 100.0 * held / len(one.points)
        place = arms.index(one.arm) if one.arm in arms else len(arms)
        colour = ARMS[place % len(ARMS)]
        axis.stairs(heights, edges, fill=True, color=colour, alpha=0.12 if many else 0.3)
        stroke = STROKES[place % len(STROKES)]
        axis.stairs(heights, edges, color=colour, linewidth=1.6, linestyle=stroke)
    if score.start is not None:
        axis.axvline(score.start, color=QUIET, linewidth=1.2, linestyle=(0, (1, 2)))
        axis.annotate("start", (score.start, 1.0), xycoords=("data", "axes fraction"),
                      xytext=(3, -2), textcoords="offset points", fontsize=9.5, color=QUIET,
                      va="top")  # fmt: skip
    axis.set_ylim(0, axis.get_ylim()[1] * 1.1)
    axis.set_title(_title(score))
    axis.set_ylabel("% of the scored")
    axis.set_xlabel("points at the end")
    axis.ticklabel_format(axis="x", style="plain", useOffset=False)


def _key(figure: Any, here: list[str], arms: list[str]) -> None:
    """Say above the panels which stroke is which arm."""
    from matplotlib.lines import Line2D

    places = [arms.index(arm) if arm in arms else len(arms) for arm in here]
    lines = [Line2D([], [], color=ARMS[place % 8], linestyle=STROKES[place % 8], linewidth=1.6)
             for place in places]  # fmt: skip
    figure.legend(
        lines, here, loc="outside upper left", ncols=KEY_COLUMNS, frameon=False, fontsize=10,
        handlelength=2.4, handletextpad=0.4, columnspacing=1.2, borderaxespad=0.0,
    )  # fmt: skip


def _title(score: Score) -> str:
    whom = "" if score.whom == "person" else f" ({score.whom})"
    return f"{score.rulebook}{whom}"


def _said(score: Score) -> str:
    parts = []
    for one in score.spreads:
        low, middle, high = (f"{q:,.0f}" for q in np.quantile(one.points, POINTS[1:4]))
        parts.append(
            f"in arm {one.arm} half of {number(len(one.points))} have {middle} points or fewer, "
            f"nine in ten from {low} to {high}"
        )
    start = "" if score.start is None else f", where all began with {number(score.start)}"
    return f"{_title(score)}{start}: {'; '.join(parts)}."


def _table(scores: list[Score]) -> FigureTable:
    header = ("score", "arm", "scored", "lowest", "5 % have at most", "half have at most",
              "95 % have at most", "highest", "mean", "by grade, from the lowest")  # fmt: skip
    rows = []
    for score in scores:
        for one in score.spreads:
            points = (f"{q:,.0f}" for q in np.quantile(one.points, POINTS))
            mean = f"{one.points.mean():,.1f}"
            grades = [f"{grade} {number(held)} ({share(held, len(one.points))})"
                      for grade, held in one.grades]  # fmt: skip
            rows.append((_title(score), one.arm, number(len(one.points)), *points, mean,
                         listing(grades) if grades else "no grades"))  # fmt: skip
    return FigureTable(header, tuple(rows))
