"""What a page is told before the first step: names, colour ranges, law in force, who is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.app.messages import FORMAT
from glasshouse.archive.legend import PRAISED
from glasshouse.engine import journal
from glasshouse.engine.plan.calendar import date_of
from glasshouse.law.rulebook import Scale
from glasshouse.report.metric_table import INTERVALS, NO_SUM, STATUSES, rests_on
from glasshouse.report.tiles import tiles_of, why_no_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.app.shown import Shown
    from glasshouse.archive.legend import InstrumentName
    from glasshouse.archive.provenance import ArmUsed, Provenance
    from glasshouse.engine.plan.plan import Plan
    from glasshouse.law.experiment import ArmRules
    from glasshouse.law.rulebook import Rulebook

MIDDLE = (2, 98)
"""Percentiles of the scores that the colours range over; the rest has the colour of the end."""

LEAST_SPAN = 10
"""Points that the colours range over at least."""

NOT_A_FORECAST = (
    "Nobody here is real. Every arm has the same people, the same candidate acts and the same luck "
    "under other rules. These are comparisons under stated assumptions, not forecasts."
)

Spans = dict[str, tuple[int, int]]
"""By rulebook: from where to where the colours range."""


def header_of(
    plan: Plan,
    said: Provenance,
    shown: Shown,
    *,
    spans: Spans | None = None,
    persons_by_province: Mapping[str, int] | None = None,
    left_out: str = "",
) -> dict[str, Any]:
    """Give the document of a HEADER message.

    ``spans`` are the ranges of the scores where the run is over; before that they follow from the
    scales. ``persons_by_province`` are the rows of the whole run, which decide whether there is a
    map; the dots stand on it only where everybody is shown.
    ``left_out`` is a sentence on events that the page does not carry.
    """
    legend, experiment = said.legend, plan.experiment
    provinces = {row.province: row.title for row in experiment.society.provinces}
    stand = (provinces, persons_by_province or {}, shown.slots)
    tiles = [
        {**tile._asdict(), "name": tile.province, "told": tile.is_told} for tile in tiles_of(*stand)
    ]
    return {
        "format": FORMAT,
        "version": said.glasshouse_version,
        "scenario": said.scenario.scenario,
        "title": said.scenario.title,
        "question": said.scenario.question,
        "society": experiment.society.title,
        "seed": said.scenario.seed,
        "years": said.scenario.years,
        "step": said.scenario.step,
        "first_day": plan.first_day.isoformat(),
        "steps": [
            {
                "label": label_of(plan, number),
                "days": when.end_day - when.first_day,
            }
            for number, when in enumerate(plan.steps)
        ],
        "arms": [
            {
                "arm": named.arm,
                "is_baseline": named.is_baseline,
                "words": arm_words(used),
                "instruments": [
                    instrument(rules, one, (spans or {}).get(one.rulebook))
                    for one in named.instruments
                ],
                "lists": list(named.lists),
            }
            for named, used, rules in zip(legend.arms, said.arms, experiment.arms, strict=True)
        ],
        "acts": [
            {
                "id": act.act,
                "title": act.title,
                "lawful": not act.is_culpable,
                "praised": act.response in PRAISED,
                "sensitive": act.response == "chilled",
                "ruled": act.is_ruled,
            }
            for act in legend.acts
        ],
        "counters": list(legend.counters),
        "labels": list(legend.labels),
        "reasons": list(legend.reasons),
        "whats": {str(code): meaning.word for code, meaning in journal.MEANINGS.items()},
        "people": len(shown.people.number),
        "people_in_all": shown.people_in_all,
        "communities": [
            {
                "community": place,
                "province": legend.provinces[shown.province[place]],
                "title": provinces.get(legend.provinces[shown.province[place]], ""),
                "urban_share": int(shown.urban[place]),
                "people": int((shown.people.community == place).sum()),
            }
            for place in range(shown.communities)
        ],
        "communities_in_all": shown.in_all,
        "community_size": shown.slots,
        "cap_words": shown.cap_words(),
        "left_out_words": left_out,
        "map_words": why_no_map(*stand) if persons_by_province else "",
        "map": tiles,
        "provinces": tiles if shown.communities == shown.in_all else [],
        "in_force": [
            {"arm": used.arm, "words": " ".join(rests_on([used]))}
            for used in said.arms
            if not used.is_baseline
        ],
        "evidence": [NOT_A_FORECAST, INTERVALS, STATUSES, NO_SUM],
    }


def label_of(plan: Plan, step: int) -> str:
    """Give a step's name: its month, or its first day where a step is shorter."""
    day = date_of(plan.first_day, plan.steps[step].first_day).isoformat()
    return day[:7] if plan.experiment.scenario.step == "month" else day


def arm_words(used: ArmUsed) -> str:
    """Say what an arm is."""
    if used.is_baseline:
        return "Nobody is scored."
    titles = "; ".join(dict.fromkeys(book.title for book in used.rulebooks))
    extra = f" Safeguards: {', '.join(used.safeguards)}." if used.safeguards else ""
    return f"{titles or 'No rulebook'}.{extra}"


def instrument(
    rules: ArmRules, named: InstrumentName, span: tuple[int, int] | None
) -> dict[str, Any]:
    """Give what is said of an instrument with a score."""
    book = next(u.rulebook for u in rules.rulebooks if u.rulebook.rulebook == named.rulebook)
    scale = scale_of(book)
    low, high = span or wide_enough(*scale_span(scale), scale.start)
    return {
        "rulebook": named.rulebook,
        "title": book.title,
        "applies_to": named.applies_to,
        "where": None if named.where is None else list(named.where),
        "start": scale.start,
        "floor": scale.floor,
        "cap": scale.cap,
        "low": low,
        "high": high,
        "grades": list(named.grades),
    }


def scale_of(book: Rulebook) -> Scale:
    """Give the first scale of a rulebook with a score."""
    scales = [one for one in book.provisions if isinstance(one, Scale)]
    return min(scales, key=lambda one: one.from_date)


def scale_span(scale: Scale) -> tuple[int, int]:
    """Guess the range of scores from the scale alone: a fifth of the start to either side."""
    around = max(LEAST_SPAN, abs(scale.start) // 5)
    low, high = scale.start - around, scale.start + around
    return (
        low if scale.floor is None else max(low, scale.floor),
        high if scale.cap is None else min(high, scale.cap),
    )


def wide_enough(low: int, high: int, start: int) -> tuple[int, int]:
    """Let a range hold the start and at least some points."""
    low, high = min(low, start), max(high, start)
    short = LEAST_SPAN - (high - low)
    return (low - (short + 1) // 2, high + (short + 1) // 2) if short > 0 else (low, high)


def span_of(scores: Any, start: int) -> tuple[int, int]:
    """Give the range of the middle of some scores, the start among them."""
    known = np.asarray(scores)
    if not len(known):
        return wide_enough(start, start, start)
    low, high = np.percentile(known, MIDDLE)
    return wide_enough(int(np.floor(low)), int(np.ceil(high)), start)
