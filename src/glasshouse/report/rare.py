"""What is rare, told from a run that is large enough to see it: by month, beside what was told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasshouse.report.words import listing, number, of, rounded

if TYPE_CHECKING:
    from glasshouse.archive.provenance import RareFigure
    from glasshouse.archive.reading import Archive

MOST_MONTHS = 4
"""More months than these are told by the first, the last and their sum."""

_NOUNS = {"listed": ("name", "names"), "entries": ("entry", "entries")}


@dataclass(frozen=True)
class Month:
    """What a month counted, and what the assumed rates expect of it."""

    month: str
    found: int
    expected: float


@dataclass(frozen=True)
class Rare:
    """A published figure of something rare, and the months in which an arm could count it."""

    figure: str
    on: str
    value: int
    counts: str
    of: str
    """The list or the act."""
    months: tuple[Month, ...]


def rare_of(archive: Archive, place: int) -> tuple[Rare, ...]:
    """Give what is rare in one arm of a run."""
    arm = archive.provenance.legend.arms[place].arm
    return tuple(_told(archive, place, one) for one in archive.provenance.rare if one.arm == arm)


def _told(archive: Archive, place: int, one: RareFigure) -> Rare:
    """Count what is rare month by month, from the first in which something is expected."""
    axis = "list" if one.counts == "listed" else "row"
    at = archive.provenance.legend.codes(axis, place).index(one.of)
    counted = archive.counted_by_step(one.counts, place)[:, :, at]
    found: dict[str, list[float]] = {}
    dates = archive.dates()
    for step, expected in enumerate(one.expected):
        month = found.setdefault(dates[step][0].strftime("%Y-%m"), [0, 0.0])
        month[0] += int(counted[step].sum())
        month[1] += expected
    begun = next(place for place, month in enumerate(found.values()) if any(month))
    months = [Month(name, int(n), expected) for name, (n, expected) in found.items()]
    return Rare(one.figure, one.on, one.value, one.counts, one.of, tuple(months[begun:]))


def rare_sentences(rare: tuple[Rare, ...], stands_for: float) -> list[str]:
    """Say of each rare thing what the months counted, what was expected, what was published."""
    return [_sentence(one, stands_for) for one in rare]


def _sentence(one: Rare, stands_for: float) -> str:
    noun, nouns = _NOUNS[one.counts]
    whole = one.months
    shown = whole if len(whole) <= MOST_MONTHS else (whole[0], whole[-1])
    came = listing([f"{of(month.found, noun, nouns)} in {_named(month)}" for month in shown])
    rates = listing([rounded(month.expected, 3) for month in shown])
    text = f"{one.of}: {came}, where the assumed rates expect {rates} at most"
    if len(shown) < len(whole):
        together = sum(month.found for month in whole)
        expected = rounded(sum(month.expected for month in whole), 3)
        text += f", and {number(together)} in {len(whole)} months, where they expect {expected}"
    if stands_for >= 1.05:
        text += f" (one row stands for {rounded(stands_for, 3)} persons)"
    return f"{text}. Told: {number(one.value)} ({one.figure}, {one.on})."


def _named(month: Month) -> str:
    return dt.date.fromisoformat(f"{month.month}-01").strftime("%B %Y")
