"""A rule that reaches back: what was written down before it came into force counts from now on."""

from __future__ import annotations

from typing import Any

from glasshouse.engine.sweep.entries import (
    count_in_window,
    falls_under,
    leaning_of,
    override,
    points_of,
    waiting_entry,
)
from glasshouse.engine.sweep.grounds import follow_ground
from glasshouse.engine.tables import Entry, Reached
from glasshouse.kernel import add, barrier, first_lane, i64, passage
from glasshouse.stages.conduct.conduct_kernel import kind_of
from glasshouse.stages.record.record_kernel import points_cell
from glasshouse.stages.scoring.scoring_kernel import points_by_discretion
from glasshouse.stages.standing.enrolment_kernel import may_be_held_to, points_taken


@passage
def points_back(here: Any, law: Any, arm: Any, frame: Any, entry: Any) -> int:
    """Book the points of an earlier entry under the rules that reach back to it; give how many."""
    rule, slot = law.rule, entry.slot
    kind = kind_of(entry.act, here.sizes.types)
    on = i64(rule.instruments_on[here.province])
    reached = 0
    for instrument in range(here.sizes.instruments):
        since = i64(rule.reach_points[instrument * here.sizes.types + kind])
        applies = rule.applies_kind[instrument] == here.rows.kind[slot]
        if (on >> instrument) & 1 and applies and entry.due_day >= since:
            asks, bits = rule.instrument_enrolment[instrument], arm.state.bits[slot]
            points = points_taken(points_of(here, law, frame, entry, instrument, kind), asks, bits)
            cell = points_cell(instrument, entry.label, slot, here.people)
            add(frame.new_points, cell, points)
            if may_be_held_to(asks, bits) and falls_under(here, law, entry, instrument, kind):
                override(here, law, arm, instrument, kind, slot, entry.label)
            reached += 1
    return reached


@passage
def grounds_back(here: Any, law: Any, arm: Any, frame: Any, entry: Any, place: int) -> int:
    """Follow up an earlier entry as a ground of the rules that reach back; give how many."""
    rule, slot = law.rule, entry.slot
    kind = kind_of(entry.act, here.sizes.types)
    on = i64(rule.lists_on[here.province])
    today = here.when.first_day
    reached = 0
    for on_list in range(here.sizes.lists):
        since = i64(rule.reach_grounds[on_list * here.sizes.types + kind])
        held = may_be_held_to(rule.list_enrolment[on_list], arm.state.bits[slot])
        applies = rule.list_kind[on_list] == here.rows.kind[slot]
        if (on >> on_list) & 1 and applies and held and entry.due_day >= since:
            enough = ((i64(rule.ground_single[kind]) >> on_list) & 1) == 1
            if not enough:
                made = count_in_window(here, law, arm, on_list, entry, Reached(place, place))
                enough = made >= points_by_discretion(
                    i64(rule.list_count[on_list]), rule.list_count_span[on_list], entry.leaning
                )
            if enough:
                again = Entry(
                    slot, entry.act, entry.label, entry.officer, entry.act_day, today, entry.leaning
                )
                follow_ground(here, law, arm, frame, on_list, again)
            reached += 1
    return reached


@passage
def reach_back(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let the rules that come into force in this step count what was written down before them."""
    if law.settings.reaches_back != 0 and law.rule.reach_on[here.province] != 0:
        for _ in first_lane():
            for place in range(arm.opened.open_entries[arm.number]):
                kind = kind_of(i64(arm.entries.act[place]), here.sizes.types)
                leaning = leaning_of(here, law, i64(arm.entries.officer[place]), kind)
                entry = waiting_entry(arm, place, leaning)
                if entry.due_day < here.when.first_day:
                    reached = points_back(here, law, arm, frame, entry)
                    reached += grounds_back(here, law, arm, frame, entry, place)
                    if reached > 0:
                        add(arm.counts.entries_reached_back, 0, 1)
        barrier()
