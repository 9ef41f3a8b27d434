"""Points that rise with repetition: a second offence within some days takes more than a first."""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import i64, passage
from glasshouse.stages.conduct.conduct_kernel import kind_of
from glasshouse.stages.scoring.scoring_kernel import REPEATS, place_of_repeat


@passage
def times_before(
    here: Any, law: Any, arm: Any, instrument: int, entry: Any, kind: int, at: Any
) -> int:
    """Count what the office has on file of the row: entries of the same provision, of about then.

    Of the pool, as far as it has been gone through (``at``), and behind that what earlier steps
    wrote down. The office counts in the order of its entries; how near two acts are is told by
    their days, so that of acts within the window the n-th entry takes what the n-th is worth.
    """
    entries, rule, when, types = arm.entries, law.rule, here.when, here.sizes.types
    within = i64(rule.repeat_within_days[instrument * types + kind])
    group = i64(rule.repeat_group[instrument * types + kind])
    found = 0
    for place in range(max(at.kept, i64(arm.opened.open_entries[arm.number]))):
        if entries.slot[place] == entry.slot:
            latest = when.end_day if place < at.kept else when.first_day
            is_there = (place < at.kept) | (place > at.place)
            written = is_there & (i64(entries.due_day[place]) < latest)
            day = i64(entries.act_day[place])
            other = kind_of(i64(entries.act[place]), types)
            same = rule.repeat_group[instrument * types + other] == group
            found += written & same & (abs(day - entry.act_day) <= within)
    return found


@passage
def worth_repeated(
    here: Any, law: Any, arm: Any, instrument: int, entry: Any, kind: int, at: Any, points: int
) -> int:  # fmt: skip
    """Give what an entry takes, which is ``points`` where no other came before it."""
    place = instrument * here.sizes.types + kind
    worth = i64(points)
    if law.rule.repeat_within_days[place] != 0:
        times = times_before(here, law, arm, instrument, entry, kind, at)
        if times > 0:
            worth = i64(law.rule.repeat_points[place * REPEATS + place_of_repeat(times)])
    return worth


@passage
def days_remembered(here: Any, law: Any, kind: int) -> int:
    """Give the longest time for which an act makes a later one weigh more; -1 if it does not."""
    longest = -1
    on = i64(law.rule.instruments_on[here.province])
    for instrument in range(here.sizes.instruments):
        within = i64(law.rule.repeat_within_days[instrument * here.sizes.types + kind])
        if (on >> instrument) & 1 and within > 0:
            longest = max(longest, within)
    return longest
