"""Why a counter refuses: which listing, score or thin file stands behind it, and whose."""

from __future__ import annotations

from typing import Any

from glasshouse.engine.sweep.amounts import MOST_YUAN, grow
from glasshouse.engine.sweep.coverage import thin_bars_of
from glasshouse.engine.sweep.disclosure import is_taken_for_low
from glasshouse.engine.sweep.grounds import NO_ACT, NO_GROUND
from glasshouse.engine.tables import Reason
from glasshouse.kernel import add, i64, passage, row
from glasshouse.stages.conduct.conduct_kernel import kind_of
from glasshouse.stages.society.society_kernel import PERSON
from glasshouse.stages.standing.standing_kernel import NEVER
from glasshouse.state.bits import BY_ANOTHER, BY_SCORE, BY_STALE_COPY, BY_THIN_FILE

NOWHERE = 1 << 30
"""A place behind every place of the pool of listings."""


@passage
def is_in_force(here: Any, law: Any, arm: Any, place: int) -> bool:
    """Say whether a listing bars when the step begins: begun, not ended, suspended or honouring."""
    listings, rule, today = arm.listings, law.rule, here.when.first_day
    on_list = i64(listings.on_list[place])
    decided = i64(listings.decision_day[place])
    suspended = rule.list_suspends[on_list] != 0 and decided != NEVER and decided > today
    bars: bool = (
        listings.since_day[place] <= today
        and listings.copies[place] == 0
        and rule.list_red[on_list] == 0
        and not suspended
    )
    return bars


@passage
def string_up(here: Any, arm: Any, frame: Any, place: int) -> None:
    """Put a listing before the others of the row that bears it: who is listed, or stands for it."""
    slot = i64(arm.listings.slot[place])
    bearer = slot
    if here.rows.kind[slot] > PERSON and here.rows.colleague[slot] < here.people:
        bearer = i64(here.rows.colleague[slot])
    frame.next_listing[place] = frame.first_listing[bearer]
    frame.first_listing[bearer] = place


@passage
def origin_of(here: Any, law: Any, act: int) -> int:
    """Give the context that the act behind a listing belongs to; behind them a score, no ground."""
    origin: int = here.sizes.origins - 2
    if act == NO_GROUND:
        origin = here.sizes.origins - 1
    elif act != NO_ACT:
        origin = i64(law.rule.act_origin[kind_of(act, here.sizes.types)])
    return origin


@passage
def reason_of(here: Any, law: Any, arm: Any, frame: Any, slot: int, counter: int) -> Any:
    """Give why a counter refuses a row: what is stated, and how many bars there are.

    Stated is the first of: a listing of the row's own for an act, a listing of somebody else, a
    score, a thin file, a copy of a listing that has ended; of several listings the first in the
    pool.
    """
    listings, rule = arm.listings, law.rule
    own = other = graded = stale = NOWHERE
    bars = 0
    place = i64(frame.first_listing[slot])
    while place >= 0:
        on_list = i64(listings.on_list[place])
        if listings.slot[place] != slot:
            if is_in_force(here, law, arm, place) and (
                (i64(rule.list_represents[on_list]) >> counter) & 1
            ):
                other = min(other, place)
                bars += 1
        elif (i64(listings.copies[place]) >> counter) & 1:
            stale = min(stale, place)
            bars += 1
        elif is_in_force(here, law, arm, place):
            closed = i64(rule.list_bars[on_list]) | i64(rule.list_reaches[on_list])
            if (closed >> counter) & 1:
                bars += 1
                if listings.act[place] == NO_ACT:
                    graded = min(graded, place)
                else:
                    own = min(own, place)
        place = i64(frame.next_listing[place])
    first = i64(here.rows.household_first[slot])
    stop = min(first + i64(here.rows.household_size[slot]), here.people)
    for fellow in range(first, stop):
        if fellow != slot:
            place = i64(frame.first_listing[fellow])
            while place >= 0:
                reached = i64(rule.list_reaches[i64(listings.on_list[place])])
                reaches = listings.slot[place] == fellow and (reached >> counter) & 1
                if reaches and is_in_force(here, law, arm, place):
                    other = min(other, place)
                    bars += 1
                place = i64(frame.next_listing[place])
    silent = thin = 0
    if law.settings.discloses != 0 and (law.settings.favoured >> counter) & 1:
        silent = i64(is_taken_for_low(here, law, arm, slot))
    if law.settings.has_thin:
        thin = (thin_bars_of(here, law, slot) >> counter) & 1
    path, behind = BY_THIN_FILE, NOWHERE
    if own != NOWHERE:
        path, behind = i64(listings.label[own]), own
    elif other != NOWHERE:
        path, behind = BY_ANOTHER, other
    elif graded != NOWHERE or silent:
        path = BY_SCORE
    elif thin == 0:
        path, behind = BY_STALE_COPY, stale
    origin = here.sizes.origins - 2
    if behind != NOWHERE:
        origin = origin_of(here, law, i64(listings.act[behind]))
    return Reason(path, origin, bars + silent + thin)


@passage
def charge(here: Any, law: Any, arm: Any, slot: int, counter: int, burden: int, why: Any) -> None:
    """Put a burden to a row's account, by where it is felt and by what it stems from."""
    outcome, context = arm.outcome, i64(law.rule.counter_context[counter])
    pair = why.origin * here.sizes.contexts + context
    add(arm.counts.burden_yuan, 0, burden)
    add(arm.counts.burden_by_path, why.path, burden)
    add(arm.counts.burden_by_origin, pair, burden)
    grow(row(outcome.burden_yuan, context), slot, burden, MOST_YUAN)
    if law.rule.unrelated[pair]:
        grow(outcome.burden_unrelated_yuan, slot, burden, MOST_YUAN)
    if why.origin == here.sizes.origins - 2:
        grow(outcome.burden_score_yuan, slot, burden, MOST_YUAN)
    if why.path == BY_ANOTHER:
        grow(outcome.burden_for_others_yuan, slot, burden, MOST_YUAN)
