"""Whether a run under other rules from a day on has the same past, and which step that day begins.

What a fork gives must be what the run would have given, had its scenario said from the beginning
that the rules change on that day. So nothing of the later rules may show before it: no rate of the
envelope that candidates are drawn under, no false report, no entry kept because a later rule will
reach back to it. Whatever would show is found here by comparing what the two plans say of every
step before the day, and the fork is refused.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.engine.plan.calendar import date_of
from glasshouse.engine.plan.conduct import envelope_of
from glasshouse.engine.plan.insiders import false_rates
from glasshouse.engine.plan.reach import reaches_of
from glasshouse.engine.plan.rules import in_force_on
from glasshouse.errors import BadInput, BadUsage, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.engine.plan.plan import Plan
    from glasshouse.law.experiment import ArmRules

BITS = ("compared", "grade_lists", "red_lists", "opponents_list")
"""Settings that name lists and scores by their place, which a rulebook more may move."""

Unlike = tuple[str, str, str]
"""Where, what is unlike, and what would be right."""


def step_on(plan: Plan, day: dt.date) -> int:
    """Give the step that begins on a day; a run has no state to keep on any other."""
    first, last = plan.first_day, date_of(plan.first_day, plan.steps[-1].end_day)
    if day == first:
        raise BadUsage(
            f"{day} is the first day of the run, before which there is nothing to keep or to go on "
            "from; a run of its own has the same people, acts and luck under other rules"
        )
    if not first < day < last:
        end = last - dt.timedelta(days=1)
        raise BadUsage(f"{day} is not within the run, which lasts from {first} to {end}")
    begins = [date_of(first, when.first_day) for when in plan.steps]
    if day in begins:
        return begins.index(day)
    before = max(begin for begin in begins if begin < day)
    after = min((begin for begin in begins if begin > day), default=before)
    raise BadUsage(
        f"{day} is not the first day of a step; the steps around it begin on {before} and {after}"
    )


def refuse_another_past(old: Plan, new: Plan, step: int) -> None:
    """Refuse a fork whose rules would have shown before its first step, with every reason."""
    problems = [
        Problem("fork", 0, 0, where, what, right) for where, what, right in _unlike(old, new, step)
    ]
    if problems:
        raise BadInput(problems)


def has_same_layout(old: Plan, new: Plan) -> bool:
    """Say whether the lists, scores and grades of two plans stand in the same places."""
    return old.sizes == new.sizes and old.names == new.names


def _unlike(old: Plan, new: Plan, step: int) -> Iterator[Unlike]:
    """Give what is unlike before a step, the most telling first."""
    yield from _unlike_envelopes(old, new)
    day = date_of(new.first_day, new.steps[step].first_day)
    found = [
        one
        for before, after in zip(old.experiment.arms, new.experiment.arms, strict=True)
        for one in _unlike_arms(old, new, before, after, day)
    ]
    yield from found
    if not found:
        yield from _unlike_tables(old, new, step)


def _unlike_envelopes(old: Plan, new: Plan) -> Iterator[Unlike]:
    """Give why the candidates before the day would be others."""
    right = "a rulebook that leaves the rates alone, or a scenario that has it from the beginning"
    before, after = envelope_of(old.experiment), envelope_of(new.experiment)
    names = old.names.acts
    for kind in before._fields:
        pairs = zip(names, getattr(before, kind), getattr(after, kind), strict=True)
        moved = [name for name, one, other in pairs if one != other]
        if moved:
            what = f"moves the rate of `{moved[0]}` under which candidates are drawn from day one"
            yield kind, what, right


def _unlike_arms(
    old: Plan, new: Plan, before: ArmRules, after: ArmRules, day: dt.date
) -> Iterator[Unlike]:
    """Give what an arm has before the day that it had not, or has not that it had."""
    where = f"arms.{before.name}"
    if before.is_baseline != after.is_baseline:
        right = "an arm with rules from the beginning, if only of one that records nothing"
        yield where, "nobody is scored in this arm, so nothing was seen that rules could use", right
        return
    if before.assumptions != after.assumptions:
        yield where, "has other assumptions", "law alone can change on a day"
    if false_rates(before) != false_rates(after):
        right = "a rulebook that lets no insider write"
        yield where, "insiders would have written into the files before it", right
    days = {date_of(old.first_day, when.first_day) for when in old.steps}
    for one in sorted(one for one in days if one < day):
        if _held(before, one) != _held(after, one):
            yield where, f"other rules are in force on {one}", f"changes on {day} alone"
            return
    pasts = [_reached(plan, arm, day) for plan, arm in ((old, before), (new, after))]
    if pasts[0] != pasts[1]:
        what = "a rule reaches back to before the day, and nobody kept for it what it reaches for"
        yield where, what, f"a rule that reaches back no further than {day}"


def _held(arm: ArmRules, day: dt.date) -> list[Any]:
    """Give what of an arm is in force on a day; when it will end does not matter."""
    return [
        (use.rulebook.rulebook, use.where, [(p.id, p.from_date) for p in provisions])
        for use, provisions in in_force_on(arm, day).uses
        if provisions
    ]


def _reached(plan: Plan, arm: ArmRules, day: dt.date) -> set[tuple[Any, ...]]:
    """Give what rules to come will reach back to before a day."""
    begins = (day - plan.first_day).days
    return {
        (reach.in_force, reach.since, reach.acts, reach.list_id)
        for reach in reaches_of(arm, plan.steps, plan.first_day)
        if reach.in_force >= day and reach.since < begins
    }


def _unlike_tables(old: Plan, new: Plan, step: int) -> Iterator[Unlike]:
    """Give what of the integer tables differs in a step before the day, whatever the reason."""
    same = has_same_layout(old, new)
    for when in new.steps[:step]:
        before, after = old.tables_of(when), new.tables_of(when)
        names = [name for name in after.settings._fields if same or name not in BITS]
        unlike = [n for n in names if _differ(before.settings, after.settings, n)]
        if same:
            unlike += [n for n in after.rules._fields if _differ(before.rules, after.rules, n)]
        if unlike:
            shown = ", ".join(unlike[:4])
            what = f"would have changed {shown} from {date_of(new.first_day, when.first_day)} on"
            yield "rules", what, "rules that show on no earlier day"
            return


def _differ(one: Any, other: Any, name: str) -> bool:
    return not np.array_equal(getattr(one, name), getattr(other, name))
