"""Bodies beside persons, and units of persons: whom a body's listing or a unit's score reaches."""

from __future__ import annotations

from typing import Any

from glasshouse.engine.sweep.reasons import is_in_force
from glasshouse.kernel import barrier, first_lane, i64, lanes, passage, row
from glasshouse.stages.response.response_kernel import raised
from glasshouse.stages.scoring.scoring_kernel import N_GRADES, association_points, grade_of
from glasshouse.stages.society.society_kernel import FIRM, PERSON

LARGEST_RING = 256
"""No workplace is larger, so a walk round its ring ends."""


@passage
def bear_costs(here: Any, law: Any, frame: Any, owner: int) -> None:
    """Lower the means of an enterprise's owner and of all who work with the owner."""
    worker = owner
    for _ in range(LARGEST_RING):
        if worker >= 0:
            if worker < here.people:
                frame.means_lost[worker] += law.settings.enterprise_costs
            following = i64(here.rows.colleague[worker])
            worker = -1 if following == owner else following


@passage
def reach_representatives(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Close counters to the adults who stand for bodies that are on a list, and count the cost."""
    listings, rule, rows = arm.listings, law.rule, here.rows
    if law.settings.has_bodies:
        barrier()
        for _ in first_lane():
            for place in range(arm.opened.open_listings[arm.number]):
                slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
                owner = i64(rows.colleague[slot])
                since = i64(listings.since_day[place])
                holds = since <= here.when.first_day and listings.copies[place] == 0
                holds = holds and rule.list_red[on_list] == 0
                if rows.kind[slot] > PERSON and holds and owner != slot:
                    if owner < here.people and is_in_force(here, law, arm, place):
                        frame.bars[owner] = i64(frame.bars[owner]) | i64(
                            rule.list_represents[on_list]
                        )
                    if rows.kind[slot] == FIRM and law.settings.enterprise_costs > 0:
                        bear_costs(here, law, frame, owner)
        barrier()


@passage
def of_colleagues(here: Any, column: Any, at: int, slot: int) -> tuple[int, int]:
    """Give the sum over a person's colleagues of what begins at ``at``, and how many they are."""
    other = i64(here.rows.colleague[slot])
    total = members = 0
    for _ in range(LARGEST_RING):
        if other >= 0 and other != slot:
            if other < here.people:
                total += i64(column[at + other])
                members += 1
            other = i64(here.rows.colleague[other])
        else:
            other = -1
    return total, members


@passage
def unit_points(here: Any, law: Any, frame: Any, instrument: int, slot: int) -> int:
    """Give the points a person loses for the published shortfall of the rest of the workplace."""
    short, members = of_colleagues(here, frame.shortfall, instrument * here.people, slot)
    return association_points(short, members, law.rule.workplace_share[instrument])


@passage
def unit_mean(here: Any, arm: Any, instrument: int, slot: int) -> int:
    """Give the mean published score of a person's workplace, the person included."""
    score = row(arm.state.score_points, instrument)
    total, others = of_colleagues(here, score, 0, slot)
    members = others + 1
    # Division is of what is not negative only.
    return (total + i64(score[slot]) + members * 32768) // members - 32768


@passage
def ration_of(here: Any, law: Any, arm: Any, slot: int) -> int:
    """Give the counters that the rank of a person's workplace opens, whatever the person's own."""
    favours = 0
    on = i64(law.rule.instruments_on[here.province])
    if law.settings.has_unit and here.rows.kind[slot] == PERSON:
        for instrument in range(here.sizes.instruments):
            if (on >> instrument) & 1 and law.rule.applies_kind[instrument] == PERSON:
                mean = unit_mean(here, arm, instrument, slot)
                grade = grade_of(
                    mean, law.grade_cut, instrument * N_GRADES, law.rule.grade_count[instrument]
                )
                favours |= i64(law.rule.unit_favours[instrument * N_GRADES + grade])
    return favours


@passage
def press_the_slack(here: Any, law: Any, arm: Any) -> None:
    """Let a workplace press those whose published score stands below its mean to take care."""
    on = i64(law.rule.instruments_on[here.province])
    if law.settings.has_unit and law.settings.unit_pressure > 0:
        for slot in lanes(here.people):
            if here.rows.kind[slot] == PERSON and here.rows.colleague[slot] != slot:
                slack = 0
                for instrument in range(here.sizes.instruments):
                    if (on >> instrument) & 1 and law.rule.applies_kind[instrument] == PERSON:
                        own = i64(row(arm.state.score_points, instrument)[slot])
                        slack |= own < unit_mean(here, arm, instrument, slot)
                if slack and arm.state.aware[slot]:
                    caution = i64(arm.state.caution[slot])
                    arm.state.caution[slot] = raised(caution, law.settings.unit_pressure)
        barrier()
