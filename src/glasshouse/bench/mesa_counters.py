"""A month at the counters in the Mesa model: privileges, refusals, what they take."""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING, Any

from glasshouse.stages.consequence.consequence_kernel import NO_CHILD
from glasshouse.stages.society.society_kernel import CHILD, HEAD, PARTNER

if TYPE_CHECKING:
    from glasshouse.bench.mesa_law import ArmLaw
    from glasshouse.bench.mesa_model import Month
    from glasshouse.bench.mesa_person import Person
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
        if exposure & needs != needs or not has_child(person, table, counter, month.age):
            continue
        if uniform() >= hazard:
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


def has_child(person: Person, table: Any, counter: int, age: int) -> bool:
    """Say whether a person goes to a counter for themselves, or is a parent of a child in age."""
    low, high = table.child_from[counter], table.child_to[counter]
    if high == NO_CHILD:
        return True
    if person.row["role"] not in (HEAD, PARTNER):
        return False
    return any(
        one.row["role"] == CHILD and low <= (age - one.row["birth_month"]) // 12 <= high
        for one in person.household.members
    )
