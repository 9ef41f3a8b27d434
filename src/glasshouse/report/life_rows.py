"""The rows of a lane of a life: how high each is, and how it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from glasshouse.archive.legend import PRAISED
from glasshouse.report.pen import (
    cells,
    crosses,
    diamonds,
    discs,
    pluses,
    squares,
    triangles,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from glasshouse.report.life import Event, Life
    from glasshouse.report.parting import Lanes
    from glasshouse.report.pen import Pen

LEFT, RIGHT, WIDTH = 72.0, 60.0, 420.0
"""Units: the words left of the rows, the numbers right of them, the whole."""
INK, QUIET, LINE = "#1f2933", "#52606d", "#cbd2d9"
SEEN, UNSEEN, ADDED, UNDONE = "#1f2933", "#b8c4d0", "#0b5394", "#b45309"
BAD, GOOD = "#8c1d1d", "#2d6a4f"
ACTS, SCORE, LIST, SMALL = 44.0, 42.0, 15.0, 15.0
"""How high a row is."""
MOST_SCORES = 2
"""So many scores of a lane are drawn, those that moved most; the table has all."""

LABELS: Mapping[str, tuple[str, str, Callable[[list[tuple[float, float]], float], str]]] = {
    "rightly": ("written down: theirs", "#52606d", squares),
    "praised": ("written down: praised", GOOD, pluses),
    "lawful": ("written down: a lawful act", "#0b5394", discs),
    "could_not": ("written down: could not comply", "#7b2d8b", diamonds),
    "not_theirs": ("written down: not theirs", "#b45309", triangles),
}
"""What stands behind an entry: its words, its colour, its mark."""
LISTED = {
    "rightly": ("on a list, rightly", "#9aa5b1", ""),
    "not_theirs": ("on a list, not theirs", "#b45309", "M0 4L4 0M-1 1L1-1M3 5L5 3"),
    "could_not": ("on a list, could not comply", "#7b2d8b", "M0 0L4 4M-1 3L1 5M3-1L5 1"),
    "lawful": ("on a list, for a lawful act", "#0b5394", "M0 2L4 2"),
}
"""What stands behind a listing: its words, its colour, its hatch."""


class Span(NamedTuple):
    """The days of a picture and where they stand."""

    first: dt.date
    end: dt.date

    def x(self, day: dt.date) -> float:
        """Give the place of a day."""
        whole = max(1, (self.end - self.first).days)
        part = min(max((day - self.first).days / whole, 0.0), 1.0)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    @property
    def months(self) -> int:
        """How many months there are, begun ones included."""
        last = self.end.toordinal() - 1
        end = self.first.fromordinal(last)
        return 12 * (end.year - self.first.year) + end.month - self.first.month + 1

    def month(self, day: dt.date) -> int:
        """Give the month of a day, from 0."""
        return 12 * (day.year - self.first.year) + day.month - self.first.month

    def start(self, month: int) -> float:
        """Give where a month begins."""
        whole = self.first.month - 1 + month
        return self.x(self.first.replace(year=self.first.year + whole // 12,
                                         month=whole % 12 + 1, day=1))  # fmt: skip


class Lane(NamedTuple):
    """One arm of a life, as its rows see it."""

    life: Life
    lanes: Lanes
    arm: int
    span: Span
    starts: Mapping[tuple[int, int], int]
    """By arm and instrument, the score with which everybody begins."""

    def of(self, *whats: str) -> list[Event]:
        """Give the events of some sorts in this lane."""
        return [
            event for event in self.life.events if event.arm == self.arm and event.what in whats
        ]

    @property
    def total(self) -> Mapping[str, object]:
        """The outcome row of this lane; empty where none was kept."""
        return self.life.totals[self.arm] if self.arm < len(self.life.totals) else {}


class Row(NamedTuple):
    """A row of a lane."""

    title: str
    height: float
    right: str
    """What stands to its right: a number."""
    draw: Callable[[Pen, float], None]
    """Draws the row, given where it begins."""


def rows_of_lane(lane: Lane, most: int) -> list[Row]:
    """Give the rows in which something happened; ``most`` are the most acts of a month anywhere."""
    rows = [_acts(lane, most)]
    if lane.of("entry"):
        rows.append(_entries(lane))
    rows += _scores(lane)
    rows += _lists(lane)
    if lane.of("refused", "privilege"):
        rows.append(_counters(lane))
    return rows


def stacks(lane: Lane) -> dict[int, list[str]]:
    """Give by month the acts of a lane, each as what it is drawn as."""
    found: dict[int, list[str]] = {}
    for place, event in enumerate(lane.life.events):
        if event.what == "act" and event.arm == lane.arm:
            is_new = lane.arm != lane.lanes.reference and place in lane.lanes.only_here[lane.arm]
            how = "added" if is_new else "seen" if event.second else "unseen"
            found.setdefault(lane.span.month(event.day), []).append(how)
    for event in lane.lanes.missing[lane.arm]:
        found.setdefault(lane.span.month(event.day), []).append("undone")
    order = ("seen", "unseen", "added", "undone")
    return {month: sorted(some, key=order.index) for month, some in found.items()}


def _acts(lane: Lane, most: int) -> Row:
    done = lane.of("act")

    def draw(pen: Pen, top: float) -> None:
        high = min(7.0, ACTS / max(1, most))
        wide = max(1.6, min(9.0, (WIDTH - LEFT - RIGHT) / lane.span.months - 0.8))
        places: dict[str, list[tuple[float, float]]] = {}
        for month, some in stacks(lane).items():
            for n, how in enumerate(some):
                at = (lane.span.start(month) + 0.3, top + ACTS - (n + 1) * high)
                places.setdefault(how, []).append(at)
        tall = max(high - 0.8, 1.0)
        pen.path(cells(places.get("unseen", []), wide, tall), fill=UNSEEN)
        pen.path(cells(places.get("seen", []), wide, tall), fill=SEEN)
        pen.path(cells(places.get("added", []), wide, tall), fill="url(#life-added)")
        inside = [(x + 0.4, y + 0.4) for x, y in places.get("undone", [])]
        pen.path(cells(inside, wide - 0.8, tall - 0.8), fill="#ffffff", stroke=UNDONE,
                 stroke_width=0.9)  # fmt: skip
        pen.line(LEFT, top + ACTS, WIDTH - RIGHT, top + ACTS, stroke=LINE, stroke_width=0.8)

    seen = sum(bool(event.second) for event in done)
    right = f"{len(done):,} acts\n{seen:,} seen"
    if lane.arm != lane.lanes.reference:
        added, undone = len(lane.lanes.only_here[lane.arm]), len(lane.lanes.missing[lane.arm])
        right += f"\n+{added:,} −{undone:,}"
    return Row("acts", ACTS + 5, right, draw)


def kind_of_entry(lane: Lane, event: Event) -> str:
    """Give what stands behind an entry; a praised act is nobody's wrong."""
    kind, act = divmod(event.first, len(lane.life.legend.acts))
    if not kind and lane.life.legend.acts[act].response in PRAISED:
        return "praised"
    return lane.life.legend.labels[event.second]


def _entries(lane: Lane) -> Row:
    events = lane.of("entry")

    def draw(pen: Pen, top: float) -> None:
        for label, (_, colour, mark) in LABELS.items():
            places = [(lane.span.x(event.day), top + SMALL / 2) for event in events
                      if kind_of_entry(lane, event) == label]  # fmt: skip
            if mark is pluses:
                pen.path(mark(places, 2.8), stroke=colour, stroke_width=1.4, fill="none")
            else:
                pen.path(mark(places, 2.7), fill=colour, fill_opacity="0.85")

    return Row("written\u00a0down", SMALL + 3, f"{len(events):,}", draw)


def _scores(lane: Lane) -> list[Row]:
    by_score: dict[int, list[Event]] = {}
    for event in lane.of("score"):
        by_score.setdefault(event.first, []).append(event)
    chosen = sorted(by_score, key=lambda one: -len(by_score[one]))[:MOST_SCORES]
    named = len(by_score) > 1
    return [_score(lane, one, by_score[one], named=named) for one in sorted(chosen)]


def _score(lane: Lane, instrument: int, events: Sequence[Event], *, named: bool) -> Row:
    start = lane.starts.get((lane.arm, instrument), events[0].second)
    points = [start, *(event.second for event in events)]
    grades = [event for event in lane.of("grade") if event.first == instrument]
    names = lane.life.legend.arms[lane.arm].instruments[instrument].grades

    def draw(pen: Pen, top: float) -> None:
        low, high = min(points), max(points)
        head = 10.0 if grades else 2.0

        def y(value: int) -> float:
            part = (high - value) / (high - low) if high > low else 0.5
            return top + head + part * (SCORE - head - 4)

        pen.line(LEFT, y(start), WIDTH - RIGHT, y(start), stroke=LINE, stroke_width=0.8)
        path, at = f"M{LEFT:g} {y(start):.1f}", y(start)
        for event in events:
            path += f"H{lane.span.x(event.day):.1f}V{y(event.second):.1f}"
            at = y(event.second)
        pen.path(f"{path}H{WIDTH - RIGHT:g}", fill="none", stroke=INK, stroke_width=1.5)
        pen.circle(WIDTH - RIGHT, at, 1.9, fill=INK)
        last = -99.0
        for event in grades:
            x = lane.span.x(event.day)
            pen.line(x, top + head - 1, x, top + SCORE - 4, stroke=QUIET, stroke_width=0.7,
                     stroke_dasharray="1.5 1.5")  # fmt: skip
            if x - last > 22:
                anchor = "end" if x > WIDTH - RIGHT - 14 else "middle"
                pen.text(x, top + 7, names[event.second], font_size=9.5, fill=QUIET,
                         text_anchor=anchor)  # fmt: skip
                last = x

    right = f"{start:,} →\n{points[-1]:,}"
    book = lane.life.legend.arms[lane.arm].instruments[instrument].rulebook

    def draw_named(pen: Pen, top: float) -> None:
        pen.text(LEFT, top + 7, book, font_size=9.5, fill=QUIET)
        draw(pen, top + 9)

    if named:
        return Row("score", SCORE + 13, right, draw_named)
    return Row("score", SCORE + 4, right, draw)


class Spell(NamedTuple):
    """One time on a list."""

    listed: Event
    learned: Event | None
    contested: Event | None
    left: Event | None


def spells_of(lane: Lane) -> list[Spell]:
    """Give the times on lists, the earliest first."""
    found = []
    for listed in lane.of("listed"):
        after = [event for event in lane.of("learned", "contested", "left")
                 if event.first == listed.first and event.day >= listed.day]  # fmt: skip
        left = next((event for event in after if event.what == "left"), None)
        within = [event for event in after if left is None or event.day <= left.day]
        learned, contested = (next((event for event in within if event.what == what), None)
                              for what in ("learned", "contested"))  # fmt: skip
        found.append(Spell(listed, learned, contested, left))
    return found


def _lists(lane: Lane) -> list[Row]:
    by_list: dict[int, list[Spell]] = {}
    for spell in spells_of(lane):
        by_list.setdefault(spell.listed.first, []).append(spell)
    return [_list(lane, which, some) for which, some in by_list.items()]


def _list(lane: Lane, which: int, some: Sequence[Spell]) -> Row:
    name = lane.life.legend.arms[lane.arm].lists[which].rpartition("/")[2]

    def draw(pen: Pen, top: float) -> None:
        for spell in some:
            _spell(pen, lane, spell, top)
        x = lane.span.x(some[0].listed.day)
        words = name.replace("-", " ")
        if x > LEFT + 5.8 * len(words):
            pen.text(x - 4, top + 9.5, words, font_size=10, fill=INK, text_anchor="end")
        else:
            pen.text(max(x, LEFT), top + 22, words, font_size=10, fill=INK)

    x = lane.span.x(some[0].listed.day)
    below = 0.0 if x > LEFT + 5.8 * len(name) else 12.0
    days = sum(((spell.left.day if spell.left else lane.span.end) - spell.listed.day).days
               for spell in some)  # fmt: skip
    return Row("on a list", LIST + below, f"{days:,} days", draw)


def _spell(pen: Pen, lane: Lane, spell: Spell, top: float) -> None:
    label = lane.life.legend.labels[spell.listed.second]
    _, colour, hatch = LISTED[label]
    fill = f"url(#life-{label})" if hatch else colour
    begin = lane.span.x(spell.listed.day)
    end = lane.span.x(spell.left.day if spell.left else lane.span.end)
    known = lane.span.x(spell.learned.day) if spell.learned else end
    if known > begin:
        pen.rect(begin, top + 4, known - begin, 4, fill=fill)
    pen.rect(known, top + 1, end - known, 10, fill=fill)
    pen.line(begin, top, begin, top + 12, stroke=colour, stroke_width=1.6)
    if spell.left is not None:
        pen.line(end, top, end, top + 12, stroke=colour, stroke_width=1.6)
    if spell.learned is not None:
        pen.circle(known, top + 6, 3.1, fill="#ffffff", stroke=INK, stroke_width=1.2)
    if spell.contested is not None:
        x = lane.span.x(spell.contested.day)
        pen.path(diamonds([(x, top + 6)], 3.6), fill="#ffffff", stroke=INK, stroke_width=1.2)


def _counters(lane: Lane) -> Row:
    refused, given = lane.of("refused"), lane.of("privilege")

    def draw(pen: Pen, top: float) -> None:
        middle = top + SMALL / 2
        pen.path(crosses([(lane.span.x(event.day), middle) for event in refused], 2.8),
                 stroke=BAD, stroke_width=1.5, fill="none")  # fmt: skip
        pen.path(discs([(lane.span.x(event.day), middle) for event in given], 2.4),
                 fill="none", stroke=GOOD, stroke_width=1.3)  # fmt: skip

    times = sum(event.second for event in refused)
    parts = [f"{times:,} refused"] if times else []
    parts += [f"{len(given):,} given"] if given else []
    return Row("counters", SMALL + (8 if len(parts) > 1 else 2), "\n".join(parts), draw)
