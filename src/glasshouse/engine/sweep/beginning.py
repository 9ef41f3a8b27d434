"""The first state of every row: society laid out, everybody at the start of every score."""

from __future__ import annotations

from typing import Any

from glasshouse.engine.peeling import (
    part_rows,
    peel_draft,
    peel_institutions,
    peel_laws,
    peel_society,
    peel_state,
    rules_from,
)
from glasshouse.engine.sweep.laps import FIRST_STATE, LAY_OUT, START
from glasshouse.kernel import (
    add,
    barrier,
    entry,
    first_lane,
    hold,
    i64,
    lanes,
    mark,
    next_community,
    passage,
    row,
    worker,
)
from glasshouse.stages.response.response_kernel import HALF_TRUST
from glasshouse.stages.scoring.scoring_kernel import N_GRADES, clamped, grade_of
from glasshouse.stages.society.layout_kernel import (
    cut_short,
    give_friends_before,
    lay_out,
    write_traits,
)
from glasshouse.stages.society.society_kernel import activity_class, place_of_community

FULL_TRUST = 65535


@passage
def begin_arm(people: int, sizes: Any, rows: Any, state: Any, rule: Any, grade_cut: Any) -> None:
    """Set the first state of one arm of a community."""
    for slot in lanes(people):
        state.means[slot] = rows.means_start[slot]
        state.trust[slot] = FULL_TRUST
        state.strangers[slot] = HALF_TRUST
    for instrument in range(sizes.instruments):
        score = clamped(rule.start[instrument], rule.floor[instrument], rule.cap[instrument])
        grade = grade_of(score, grade_cut, instrument * N_GRADES, rule.grade_count[instrument])
        scores, grades = row(state.score_points, instrument), row(state.grade, instrument)
        until = row(state.held_until_month, instrument)
        for slot in lanes(people):
            scores[slot] = score
            grades[slot] = grade
            until[slot] = -1
    barrier()


@entry
def begin_range(
    seed: int, turn: Any, last: int, sizes: Any, world: Any, tables: Any, societies: Any,
    drafts: Any, tally: Any, is_known: int, number: int,
) -> None:  # fmt: skip
    """Lay out communities below ``last``, as long as it is the turn of any, with their first state.

    Where ``is_known`` is 1 somebody has filled in what was laid out before and what has moved; then
    only that is added which is made sooner than kept: places, traits, the friends before.
    """
    at = worker(number)
    draft = hold(peel_draft(drafts, at))
    society = hold(peel_society(societies, 0))
    cycles = row(tally.cycles, at)
    mark(cycles, START)
    community = next_community(turn, -1)
    while community < last:
        address = world.first_community + community
        rows = hold(part_rows(world.rows, community))
        place = world.place
        province, county, urban = place_of_community(seed, address, society)
        for _ in first_lane():
            place.province[community] = province
            place.county[community] = county
            place.urban[community] = urban
        if is_known != 0:
            write_traits(seed, address * sizes.slots, society, rows)
            give_friends_before(rows)
            barrier()
        else:
            lay_out(seed, address, society, rows, draft)
            people = i64(row(place.people, community))
            classes = row(tally.classes, at)
            cut_short(rows, people)
            for slot in lanes(people):
                activity = activity_class(
                    rows.kind[slot], rows.birth_month[slot], rows.exposure[slot], 0
                )
                add(classes, activity, 1)
            mark(cycles, LAY_OUT)
            states = peel_state(world.state, community)
            for arm in range(sizes.arms):
                begin_arm(
                    people,
                    sizes,
                    rows,
                    hold(peel_state(states, arm)),
                    hold(rules_from(peel_laws(tables.laws, arm))),
                    peel_institutions(tables.institutions, arm).grade_cut,
                )
            mark(cycles, FIRST_STATE)
        community = next_community(turn, community)
