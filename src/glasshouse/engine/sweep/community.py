"""The model on a page: one step of one community, all arms in one pass.

Society gives the rows; conduct draws candidate acts that all arms share; then each arm carries out,
sees, records, scores, lists, bars and changes. Acts read the state of the start of the step and
write only sums; what must keep an order is done by one lane in canonical order.
"""

from __future__ import annotations

from typing import Any

from glasshouse.engine.peeling import (
    counts_within,
    peel_conduct,
    peel_entries,
    peel_frame,
    peel_institutions,
    peel_laws,
    peel_listings,
    peel_open,
    peel_outcome,
    peel_rows,
    peel_state,
    rules_from,
    settings_from,
)
from glasshouse.engine.sweep.acts import (
    carry_out,
    draw_candidates,
    screen_candidates,
    weigh_responses,
)
from glasshouse.engine.sweep.approval import ask_approval
from glasshouse.engine.sweep.closing import count_people, look_around, score_all
from glasshouse.engine.sweep.counters import close_counters, go_to_counters
from glasshouse.engine.sweep.disclosure import disclose
from glasshouse.engine.sweep.enrolment import ask_consent, count_enrolled, let_leave
from glasshouse.engine.sweep.entities import press_the_slack
from glasshouse.engine.sweep.entries import record
from glasshouse.engine.sweep.exits import discount_the_gone, let_go, rule_out_the_gone
from glasshouse.engine.sweep.friends import leave_low_scorers
from glasshouse.engine.sweep.honour import look_up_to
from glasshouse.engine.sweep.laps import (
    CARRIED_OUT,
    COUNTED,
    COUNTERS_CLOSED,
    ENROLMENT,
    FATES_DRAWN,
    FRIENDS_LEFT,
    KEPT_WAITING,
    LISTINGS_LIVED,
    LOOKED_AROUND,
    REACHED_BACK,
    RECORDED,
    RESPONDED,
    RESPONSES_WEIGHED,
    SCORED,
    START,
    THREATS,
    TRUSTED,
    WATCH,
    WENT_TO_COUNTERS,
)
from glasshouse.engine.sweep.listings import live_listings
from glasshouse.engine.sweep.officers import sell_points
from glasshouse.engine.sweep.places import leave_files
from glasshouse.engine.sweep.queues import keep_waiting
from glasshouse.engine.sweep.reach import reach_back
from glasshouse.engine.sweep.responding import respond
from glasshouse.engine.sweep.sightings import draw_fates
from glasshouse.engine.sweep.strangers import note_breaches_before, trust_strangers
from glasshouse.engine.sweep.threats import list_opponents, suffer_threats
from glasshouse.engine.sweep.watch import watch_persons
from glasshouse.engine.tables import Arm, Here, Law
from glasshouse.kernel import arms, entry, hold, i64, mark, next_community, passage, row, worker
from glasshouse.stages.detection.detection_kernel import patches_here


@passage
def step_arm(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Lead one arm of a community through the step.

    Where nobody is ever scored nothing is recorded and nobody has anything to respond to.
    """
    if law.settings.has_rules:
        close_counters(here, law, arm, frame)
        mark(frame.cycles, COUNTERS_CLOSED)
    weigh_responses(here, law, arm, frame)
    mark(frame.cycles, RESPONSES_WEIGHED)
    look_up_to(here, law, arm, frame)
    rule_out_the_gone(here, law, arm, frame)
    note_breaches_before(here, law, arm, frame)
    if law.settings.has_watch:
        watch_persons(here, law, arm, frame)
    mark(frame.cycles, WATCH)
    carry_out(here, law, arm, frame)
    mark(frame.cycles, CARRIED_OUT)
    if law.settings.has_rules:
        look_around(here, law, arm, frame)
        mark(frame.cycles, LOOKED_AROUND)
        ask_consent(here, law, arm)
        press_the_slack(here, law, arm)
        mark(frame.cycles, ENROLMENT)
        go_to_counters(here, law, arm, frame)
        mark(frame.cycles, WENT_TO_COUNTERS)
        sell_points(here, law, arm, frame)
        if law.settings.queues != 0:
            keep_waiting(here, law, arm, frame)
        mark(frame.cycles, KEPT_WAITING)
        draw_fates(here, frame)
        mark(frame.cycles, FATES_DRAWN)
        leave_files(here, law, arm)
        reach_back(here, law, arm, frame)
        mark(frame.cycles, REACHED_BACK)
        record(here, law, arm, frame)
        mark(frame.cycles, RECORDED)
        suffer_threats(here, law, arm, frame)
        mark(frame.cycles, THREATS)
        score_all(here, law, arm, frame)
        mark(frame.cycles, SCORED)
        list_opponents(here, law, arm, frame)
        if law.settings.friends_leave:
            leave_low_scorers(here, law, arm)
        mark(frame.cycles, FRIENDS_LEFT)
        live_listings(here, law, arm, frame)
        mark(frame.cycles, LISTINGS_LIVED)
        respond(here, law, arm, frame)
        mark(frame.cycles, RESPONDED)
        let_leave(here, law, arm, frame)
        count_enrolled(here, law, arm)
        disclose(here, law, arm)
        let_go(here, law, arm)
        mark(frame.cycles, ENROLMENT)
    trust_strangers(here, law, arm, frame)
    ask_approval(here, law, arm)
    mark(frame.cycles, TRUSTED)
    count_people(here, law, arm, frame)
    discount_the_gone(here, law, arm)
    mark(frame.cycles, COUNTED)


@passage
def step_community(
    seed: int, community: int, when: Any, sizes: Any, world: Any, tables: Any, frame: Any,
    cells: Any, journals: Any,
) -> None:  # fmt: skip
    """Lead one community through the step: candidates once, then arm after arm."""
    mark(frame.cycles, START)
    place = world.place
    here = hold(Here(
        seed,
        (world.first_community + community) * sizes.slots,
        i64(row(place.people, community)),
        i64(row(place.province, community)),
        i64(row(place.county, community)),
        i64(row(place.urban, community)),
        hold(when),
        hold(sizes),
        hold(peel_rows(world.rows, community)),
        row(journals.cells, community),
    ))  # fmt: skip
    conduct = hold(peel_conduct(tables.conduct, 0))
    draw_candidates(here, conduct, frame)
    screen_candidates(here, conduct, frame)
    states = peel_state(world.state, community)
    outcomes = peel_outcome(world.outcome, community)
    entries = peel_entries(world.entries, community)
    listings = peel_listings(world.listings, community)
    opened = hold(peel_open(world.opened, community))
    for number in arms(sizes.arms):
        decided = peel_institutions(tables.institutions, number)
        rule = hold(rules_from(peel_laws(tables.laws, number)))
        law = hold(Law(
            conduct,
            rule,
            hold(settings_from(row(tables.settings, number))),
            2
            * patches_here(
                seed,
                world.first_community + community,
                rule.presence,
                (here.province * 2 + here.urban) * sizes.patches,
                sizes.patches,
            )
            + here.urban,
            decided.seen,
            i64(decided.attention[community]) * i64(rule.records_on[here.province]),
            decided.grade_cut,
            decided.backlog_days,
            i64(decided.longest_wait),
            decided.added_loss,
            decided.mixups,
            decided.silence_reads,
            i64(decided.review_days),
            i64(decided.review[here.province]),
            decided.served,
        ))  # fmt: skip
        arm = hold(Arm(
            number,
            hold(peel_state(states, number)),
            hold(peel_outcome(outcomes, number)),
            hold(peel_entries(entries, number)),
            hold(peel_listings(listings, number)),
            opened,
            hold(counts_within(row(row(cells, number), here.province), tables.begins)),
        ))  # fmt: skip
        step_arm(here, law, arm, frame)


@entry
def step_range(
    seed: int, turn: Any, last: int, when: Any, sizes: Any, world: Any, tables: Any, frames: Any,
    sums: Any, journals: Any, number: int,
) -> None:  # fmt: skip
    """Lead communities below ``last`` through the step, as long as it is the turn of any."""
    at = worker(number)
    frame = hold(peel_frame(frames, at))
    community = next_community(turn, -1)
    while community < last:
        step_community(
            seed, community, when, sizes, world, tables, frame, row(sums.cells, at), journals
        )
        community = next_community(turn, community)
