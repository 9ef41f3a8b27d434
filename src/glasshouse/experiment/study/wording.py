"""Sentences of an answer: numbers with their intervals, rounded to what is known of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from glasshouse.law.study import PLACE
from glasshouse.report.words import listing, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.experiment.study.cells import Number
    from glasshouse.law.study import Clause

Chosen = list[tuple[str, str, str]] | None
"""What was chosen: arm, its words, its number in words; None where it cannot be told."""

UNITS = {
    "percent": (100.0, " %"),
    "points": (100.0, " percentage points"),
    "per thousand": (1000.0, " in a thousand"),
    "days": (1.0, " days"),
    "weeks": (1.0, " weeks"),
    "months": (1.0, " months"),
    "years": (1.0, " years"),
    "yuan": (1.0, " yuan"),
    "times": (1.0, " times"),
    "number": (1.0, ""),
    "people": (1.0, " people"),
}
"""By how much a number is multiplied to be shown, and what stands behind it."""

MOST_DECIMALS = 6
UNKNOWN = "unknown"


def decimals_of(number: Number, scale: float) -> int | None:
    """Give the decimals at which half the interval has two digits; None where there is none."""
    half = scale * (number.high - number.low) / 2
    if math.isnan(half) or half <= 0:
        return None
    return min(MOST_DECIMALS, max(0, 1 - math.floor(math.log10(half))))


def written(value: float, decimals: int | None) -> str:
    """Give a number with so many decimals; with three digits where nobody knows how many."""
    if math.isnan(value):
        return UNKNOWN
    if decimals is None:
        return rounded(value, 3)
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def in_words(number: Number, show: str, form: str = "") -> str:
    """Write a number: with its interval, or in one of the forms ``value, size, low, high``."""
    if not number.is_defined:
        return UNKNOWN
    scale, unit = UNITS[show]
    decimals = decimals_of(number, scale)
    value, low, high = (scale * each for each in (number.value, number.low, number.high))
    if form == "size" and value < 0:
        value, low, high = -value, -high, -low
    if form in {"low", "high"}:
        return written(low if form == "low" else high, decimals) + unit
    text = written(value, decimals) + unit
    if form == "value" or not number.has_interval:
        return text
    some = f"; defined in {number.seeds} of {number.of_seeds} runs"
    more = some if number.seeds < number.of_seeds else ""
    return f"{text} ({written(low, decimals)} to {written(high, decimals)}{more})"


def sentence_of(
    clause: Clause,
    numbers: Mapping[str, tuple[Number, str]],
    choices: Mapping[str, Chosen],
    words: Mapping[str, str],
) -> str:
    """Give the sentence that a clause says, filled from the results.

    ``numbers`` holds each number with how it is shown, ``words`` what each number is.
    """
    name = clause.decides
    if name is None:
        template: str | None = clause.says
    elif name in choices:
        picked = choices[name]
        template = clause.unknown if picked is None else (clause.above if picked else clause.covers)
    else:
        number, show = numbers[name]
        if number.is_defined and not number.side:
            alone = "One run alone has it, which cannot tell it from chance."
            return f"{words[name]}: {in_words(number, show)}. {alone}"
        template = {"above": clause.above, "below": clause.below, "covers": clause.covers}.get(
            number.side
        ) or clause.unknown
    named = [place for place, _ in PLACE.findall(template or "") if place in numbers]
    if any(not numbers[place][0].is_defined for place in named):
        template = clause.unknown
    return " ".join(filled(template or "", numbers, choices).split())


def filled(
    template: str,
    numbers: Mapping[str, tuple[Number, str]],
    choices: Mapping[str, Chosen],
) -> str:
    """Fill the places of a sentence."""

    def fill(name: str, form: str) -> str:
        if name in numbers:
            return in_words(*numbers[name], form)
        chosen = choices[name]
        if not chosen:
            return "none"
        names = [label if form or not text else f"{label} ({text})" for _, label, text in chosen]
        return names[0] if form == "first" else listing(names)

    return PLACE.sub(lambda match: fill(match[1], match[2] or ""), template)
