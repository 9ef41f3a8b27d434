"""A month at the counters in the Mesa model: privileges, refusals, what they take."""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glasshouse.bench.mesa_law import ArmLaw
    from glasshouse.bench.mesa_model import Month
    from glasshouse.bench.mesa_standing import Standing


def visit_counters(standing: Standing, law: ArmLaw, month: Month) -> None:
    """Try the counters that bar or favour this person."""
    person, table, uniform = standing.person, law.table, month.uniform
    if month.age < person.adult_from:
        return
    counts, exposure = standing.counts, person.exposure
    touched = standing.barred | standing.favours
    for counter, hazard in enumerate(law.hazards):
        if not (touched >> counter) & 1:
            continue
        needs = table.attempt_needs[counter]
        if exposure & needs != needs or uniform() >= hazard:
            continue
        if not (standing.barred >> counter) & 1:
            counts.privileges[counter] += 1
            standing.privileges += 1
            continue
        day = month.first_day + int(uniform() * month.days)
        times = 1 + bisect(law.retries[counter], uniform())
        burden = table.burden_yuan[counter]
        counts.attempts[counter] += 1
        counts.refusals[counter] += times
        counts.burden_yuan += burden
        standing.burden[table.counter_context[counter]] += burden
        standing.refused_day = min(standing.refused_day, day)
        standing.refused_at |= 1 << counter
        standing.refused_times += times
        standing.means_lost += law.cost[counter]
    if standing.refused_times:
        standing.refusals += standing.refused_times
        counts.refused_people += 1
