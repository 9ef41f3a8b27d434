"""From a ground to a listing."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import GONE_VIRAL, GROUND_FOLLOWED, HUMAN_REVIEW, NOTICE, draw
from glasshouse.engine.journal import GROUND_DROPPED, LISTED
from glasshouse.engine.sweep.alarms import TOO_MANY_LISTINGS
from glasshouse.kernel import add, i64, note, passage
from glasshouse.stages.conduct.conduct_kernel import kind_of
from glasshouse.stages.record.record_kernel import N_LABELS, RIGHTLY
from glasshouse.stages.standing.enrolment_kernel import may_be_held_to, takes_part
from glasshouse.stages.standing.standing_kernel import (
    EXPIRED,
    NEVER,
    chance_of_stopping,
    is_found_able,
    notice_day_of,
    publication_day,
)

NO_GROUND = 65534
"""The act of a listing that nothing grounds: officials wanted it."""

NO_ACT = 65535
"""The act of a listing that a grade grounds."""


@passage
def review_stops(here: Any, law: Any, arm: Any, on_list: int, entry: Any) -> bool:
    """Let an officer look at a ground where the list asks for it; say whether it leads nowhere.

    What officials want is not looked at. A grade is looked at as long as it stands so low, and what
    was found of it holds for the calendar year.
    """
    settings, label, stops = law.settings, entry.label, False
    if law.rule.list_review[on_list] != 0 and entry.act != NO_GROUND:
        when = here.when.year if entry.act == NO_ACT else entry.act_day
        address = (entry.act << 16) | i64(law.rule.list_address[on_list])
        word, _, _, _ = draw(here.seed, here.base + entry.slot, when, HUMAN_REVIEW, address)
        stops = word < chance_of_stopping(
            label,
            settings.review_errs,
            settings.review_finds_not_theirs,
            settings.review_finds_could_not,
            settings.review_finds_lawful,
        )
        add(arm.counts.reviewed, label, 1)
        if stops:
            add(arm.counts.review_stopped, label, 1)
            note(here.journal, GROUND_DROPPED, entry.slot, arm.number, entry.due_day, on_list, 2)
    return stops


@passage
def open_listing(
    here: Any, law: Any, arm: Any, frame: Any, on_list: int, entry: Any, decided: int
) -> None:
    """Put a row on a list from the day decided or the next publication on, if it is not there.

    An officer may have stopped it. On a red list stands only who takes part, and nothing of it
    counts as a listing.
    """
    slot, rule, listings = entry.slot, law.rule, arm.listings
    place = i64(arm.opened.open_listings[arm.number])
    red = rule.list_red[on_list] != 0
    may = not red or takes_part(rule.list_enrolment[on_list], arm.state.bits[slot])
    since = decided
    if rule.list_monthly[on_list]:
        since = publication_day(decided, here.when.start_ordinal)
    if (i64(arm.state.listed[slot]) >> on_list) & 1 == 0 and may:
        if place >= here.sizes.listings:
            frame.alarm[TOO_MANY_LISTINGS] = 1
        elif not review_stops(here, law, arm, on_list, entry):
            word, late, _, _ = draw(
                here.seed, here.base + slot, since, NOTICE, i64(rule.list_address[on_list])
            )
            reaches = law.settings.notice_reaches * i64(rule.list_notice[on_list])
            term = i64(rule.list_term_days[on_list])
            listings.slot[place] = slot
            listings.act[place] = entry.act
            listings.label[place] = entry.label
            listings.on_list[place] = on_list
            listings.officer[place] = entry.officer
            listings.act_day[place] = entry.act_day
            listings.since_day[place] = since
            listings.notice_day[place] = notice_day_of(
                word, reaches, since, late, law.settings.notice_delay_span
            )
            listings.known_day[place] = NEVER
            listings.decision_day[place] = NEVER
            listings.leave_day[place] = NEVER if term == NEVER else since + term
            listings.leave_reason[place] = EXPIRED
            listings.copies[place] = 0
            arm.opened.open_listings[arm.number] = place + 1
            arm.state.listed[slot] = i64(arm.state.listed[slot]) | (1 << on_list)
            if red:
                add(arm.counts.honoured, on_list, 1)
                note(here.journal, LISTED, slot, arm.number, since, on_list, RIGHTLY)
            else:
                arm.outcome.listings[slot] = arm.outcome.listings[slot] + 1
                add(arm.counts.listed, on_list * N_LABELS + entry.label, 1)
                note(here.journal, LISTED, slot, arm.number, since, on_list, entry.label)


@passage
def follow_ground(here: Any, law: Any, arm: Any, frame: Any, on_list: int, entry: Any) -> None:
    """Decide whether an office follows up an entry's ground, and list if so."""
    settings, slot = law.settings, entry.slot
    kind = kind_of(entry.act, here.sizes.types)
    address = (entry.act << 16) | i64(law.rule.list_address[on_list])
    word, second, _, _ = draw(here.seed, here.base + slot, entry.act_day, GROUND_FOLLOWED, address)
    followed = word < settings.pursued
    able = True
    if law.rule.list_ability[on_list] and law.conduct.needs_means[kind]:
        cannot = arm.state.means[slot] < settings.cannot_pay_below
        able = is_found_able(
            second, cannot, settings.ability_sensitivity, settings.ability_specificity
        )
    if followed and able:
        since = entry.due_day + settings.decision_delay_days
        open_listing(here, law, arm, frame, on_list, entry, since)
    elif followed:
        add(arm.counts.found_unable, 0, 1)
        note(here.journal, GROUND_DROPPED, slot, arm.number, entry.due_day, on_list, 1)
    else:
        add(arm.counts.not_followed_up, 0, 1)
        note(here.journal, GROUND_DROPPED, slot, arm.number, entry.due_day, on_list, 0)


@passage
def follow_outrage(here: Any, law: Any, arm: Any, frame: Any, entry: Any, kind: int) -> None:
    """List a row whose act the public is outraged at, whatever else a list asks."""
    rule, slot = law.rule, entry.slot
    lists = i64(rule.ground_viral[kind]) & i64(rule.lists_on[here.province])
    word, _, _, _ = draw(here.seed, here.base + slot, entry.act_day, GONE_VIRAL, entry.act)
    if word < law.settings.goes_viral:
        for on_list in range(here.sizes.lists):
            held = may_be_held_to(rule.list_enrolment[on_list], arm.state.bits[slot])
            right_kind = rule.list_kind[on_list] == here.rows.kind[slot]
            if (lists >> on_list) & 1 and right_kind and held:
                add(arm.counts.gone_viral, 0, 1)
                since = entry.due_day + law.settings.decision_delay_days
                open_listing(here, law, arm, frame, on_list, entry, since)
