"""One life as a picture: a lane an arm, the same days, the same acts, the same luck.

A lane has rows, of which those stand there in which something happened: the acts of a month as
cells one above the other, what was written down, the score, the listings, the counters. Dashed
lines through all lanes, with a number each, mark where they part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.law.rulebook import Scale
from glasshouse.report.life_key import draw_key
from glasshouse.report.life_rows import (
    ADDED,
    BAD,
    INK,
    LINE,
    LISTED,
    QUIET,
    WIDTH,
    Lane,
    Row,
    Span,
    rows_of_lane,
    stacks,
)
from glasshouse.report.parting import lanes_of, partings, titled, together
from glasshouse.report.pen import Pen

if TYPE_CHECKING:
    from glasshouse.law.experiment import Experiment
    from glasshouse.report.life import Life
    from glasshouse.report.parting import Parting

HEAD, LANE, GAP, FOOT = 24.0, 18.0, 10.0, 18.0
"""Units: above the lanes, a lane's name, between lanes, the dates."""


def picture_of(life: Life, experiment: Experiment, span: Span) -> str:
    """Draw a life between two days."""
    lanes, where = lanes_of(life), partings(life)
    starts = starts_of(life, experiment)
    lane = [Lane(life, lanes, arm, span, starts) for arm in range(len(life.legend.arms))]
    most = max((len(some) for one in lane for some in stacks(one).values()), default=1)
    rows = [rows_of_lane(one, most) for one in lane]
    tall = [LANE + sum(row.height for row in some) + GAP for some in rows]
    foot = HEAD + sum(tall)
    pen = Pen()
    _patterns(pen)
    _calendar(pen, span, foot)
    _marks(pen, span, where, foot)
    top = HEAD
    for one, some, high in zip(lane, rows, tall, strict=True):
        _lane(pen, one, some, top)
        top += high
    high = draw_key(pen, lane, foot + FOOT + 8)
    return pen.svg(WIDTH, high, alt_of(life))


def alt_of(life: Life) -> str:
    """Say what the picture shows, for those who do not see it."""
    about = f", {life.who}," if life.who else ""
    who = f"{titled(life)}{about} in {len(life.arms)} lanes."
    parted = " ".join(f"{one.day.isoformat()}: {one.sentence}" for one in partings(life))
    return " ".join(part for part in (who, together(life), parted) if part)


def starts_of(life: Life, experiment: Experiment) -> dict[tuple[int, int], int]:
    """Give by arm and instrument the score with which everybody begins."""
    found = {}
    for arm, names in enumerate(life.legend.arms):
        rules = experiment.arms[arm]
        books = {use.rulebook.rulebook: use.rulebook for use in rules.rulebooks}
        for place, instrument in enumerate(names.instruments):
            scales = [one for one in books[instrument.rulebook].provisions
                      if isinstance(one, Scale)]  # fmt: skip
            if scales:
                found[arm, place] = min(scales, key=lambda scale: scale.from_date).start
    return found


def _patterns(pen: Pen) -> None:
    for label, (_, colour, hatch) in LISTED.items():
        if hatch:
            _pattern(pen, label, colour, hatch)
    _pattern(pen, "added", ADDED, "M0 4L4 0M-1 1L1-1M3 5L5 3")


def _pattern(pen: Pen, name: str, colour: str, hatch: str) -> None:
    pen.raw(
        f'<defs><pattern id="life-{name}" width="4" height="4" patternUnits="userSpaceOnUse">'
        f'<rect width="4" height="4" fill="{colour}"/>'
        f'<path d="{hatch}" stroke="#ffffff" stroke-width="0.9"/></pattern></defs>'
    )


def _calendar(pen: Pen, span: Span, foot: float) -> None:
    """Draw light lines and dates: years, and quarters where there is room."""
    step = 3 if span.months <= 30 else 12
    offset = -(span.first.month - 1) % step
    last = -99.0
    for month in range(offset, span.months + 1, step):
        whole = span.first.month - 1 + month
        x = span.start(month)
        is_year = whole % 12 == 0
        pen.line(x, HEAD, x, foot, stroke="#dde3e9" if is_year else "#eef1f4", stroke_width=0.8)
        year = span.first.year + whole // 12
        words = str(year) if is_year else f"{whole % 12 + 1:02}"
        if x - last > 24:
            pen.text(x, foot + 12, words, font_size=10, fill=INK if is_year else QUIET,
                     text_anchor="middle")  # fmt: skip
            last = x


def _marks(pen: Pen, span: Span, where: list[Parting], foot: float) -> None:
    """Draw where the lanes part; numbers that would touch move aside."""
    last = -99.0
    for number, one in enumerate(where, start=1):
        x = span.x(one.day)
        at = max(x, last + 15)
        pen.path(f"M{at:.1f} 15L{x:.1f} {HEAD - 3:g}V{foot:.1f}", fill="none", stroke=BAD,
                 stroke_width=0.9, stroke_dasharray="3 2")  # fmt: skip
        pen.circle(at, 9, 6.6, fill=BAD)
        pen.text(at, 12.2, str(number), font_size=9, fill="#ffffff", text_anchor="middle")
        last = at


def _lane(pen: Pen, lane: Lane, rows: list[Row], top: float) -> None:
    pen.line(0, top, WIDTH, top, stroke=LINE, stroke_width=1)
    name = lane.life.arms[lane.arm]
    pen.text(0, top + 13, name, font_size=12, font_weight="bold", fill=INK)
    at = top + LANE
    for row in rows:
        middle = at + min(row.height, 44.0) / 2 + 3
        pen.text(0, middle, row.title, font_size=10.5, fill=QUIET)
        lines = row.right.split("\n")
        for n, words in enumerate(lines):
            pen.text(WIDTH, middle + 11 * (n - (len(lines) - 1) / 2), words, font_size=10,
                     fill=QUIET, text_anchor="end")  # fmt: skip
        row.draw(pen, at)
        at += row.height
