"""What the marks of a life's picture mean: those that are there, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.report.life_rows import (
    BAD,
    GOOD,
    INK,
    LABELS,
    LISTED,
    SEEN,
    UNDONE,
    UNSEEN,
    WIDTH,
    kind_of_entry,
    spells_of,
    stacks,
)
from glasshouse.report.pen import crosses, diamonds, discs, pluses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from glasshouse.report.life_rows import Lane
    from glasshouse.report.pen import Pen

LINE = 16.0
"""Units of height."""

Sign = tuple[str, "Callable[[float, float], None]"]


def draw_key(pen: Pen, lanes: Sequence[Lane], top: float) -> float:
    """Draw the key, two signs beside one another; give where it ends."""
    found = [*_acts(pen, lanes), *_entries(pen, lanes), *_lists(pen, lanes), *_counters(pen, lanes)]
    half = -(-len(found) // 2)
    for n, (words, draw) in enumerate(found):
        x, y = (n // half) * WIDTH / 2, top + (n % half) * LINE + 6
        draw(x + 5, y)
        pen.text(x + 15, y + 3.6, words, font_size=10.5, fill=INK)
    return top + half * LINE + 4


def _acts(pen: Pen, lanes: Sequence[Lane]) -> list[Sign]:
    there = {how for lane in lanes for some in stacks(lane).values() for how in some}
    signs: dict[str, Sign] = {
        "seen": ("act, seen", lambda x, y: pen.rect(x - 4, y - 3, 8, 6, fill=SEEN)),
        "unseen": ("act, unseen", lambda x, y: pen.rect(x - 4, y - 3, 8, 6, fill=UNSEEN)),
        "added": (
            "act done here alone",
            lambda x, y: pen.rect(x - 4, y - 3, 8, 6, fill="url(#life-added)"),
        ),
        "undone": (
            "act left undone here",
            lambda x, y: pen.rect(x - 4, y - 3, 8, 6, fill="#ffffff", stroke=UNDONE),
        ),
    }
    return [sign for how, sign in signs.items() if how in there]


def _entries(pen: Pen, lanes: Sequence[Lane]) -> list[Sign]:
    there = {kind_of_entry(lane, event) for lane in lanes for event in lane.of("entry")}
    return [
        (words, _entry(pen, label)) for label, (words, _, _) in LABELS.items() if label in there
    ]


def _entry(pen: Pen, label: str) -> Callable[[float, float], None]:
    _, colour, mark = LABELS[label]

    def draw(x: float, y: float) -> None:
        if mark is pluses:
            pen.path(mark([(x, y)], 2.8), stroke=colour, stroke_width=1.4, fill="none")
        else:
            pen.path(mark([(x, y)], 2.7), fill=colour)

    return draw


def _lists(pen: Pen, lanes: Sequence[Lane]) -> list[Sign]:
    spells = [(lane, spell) for lane in lanes for spell in spells_of(lane)]
    there = {lane.life.legend.labels[spell.listed.second] for lane, spell in spells}
    found = [(words, _bar(pen, label)) for label, (words, _, _) in LISTED.items() if label in there]
    if spells:
        found.append(("… and does not know of it", _thin(pen)))
    if any(spell.learned for _, spell in spells):
        found.append(("learns of it", lambda x, y: pen.circle(
            x, y, 3.1, fill="#ffffff", stroke=INK, stroke_width=1.2
        )))  # fmt: skip
    if any(spell.contested for _, spell in spells):
        found.append(("contests it", lambda x, y: pen.path(
            diamonds([(x, y)], 3.6), fill="#ffffff", stroke=INK, stroke_width=1.2
        )))  # fmt: skip
    return found


def _bar(pen: Pen, label: str) -> Callable[[float, float], None]:
    _, colour, hatch = LISTED[label]
    fill = f"url(#life-{label})" if hatch else colour
    return lambda x, y: pen.rect(x - 5, y - 4, 12, 8, fill=fill)


def _thin(pen: Pen) -> Callable[[float, float], None]:
    return lambda x, y: pen.rect(x - 5, y - 2, 12, 4, fill="#7b8794")


def _counters(pen: Pen, lanes: Sequence[Lane]) -> list[Sign]:
    found: list[Sign] = []
    if any(lane.of("refused") for lane in lanes):
        found.append(("refused at a counter", lambda x, y: pen.path(
            crosses([(x, y)], 2.8), stroke=BAD, stroke_width=1.5, fill="none"
        )))  # fmt: skip
    if any(lane.of("privilege") for lane in lanes):
        found.append(("granted a privilege", lambda x, y: pen.path(
            discs([(x, y)], 2.4), fill="none", stroke=GOOD, stroke_width=1.3
        )))  # fmt: skip
    return found
