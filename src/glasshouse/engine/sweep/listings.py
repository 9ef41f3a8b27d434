"""The life of every open listing through one step."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import CONTEST, PERFORMANCE, draw
from glasshouse.engine.journal import CONTESTED, LEARNED, LEFT, PERFORMED
from glasshouse.engine.sweep.amounts import BYTE, WORD, grow
from glasshouse.engine.sweep.copies import correct_copies, leave_copies
from glasshouse.engine.sweep.coverage import has_file
from glasshouse.engine.sweep.days import day_drawn
from glasshouse.engine.sweep.entries import leaning_of, points_of
from glasshouse.engine.sweep.file import day_of_look
from glasshouse.engine.sweep.grounds import NO_ACT, NO_GROUND
from glasshouse.engine.tables import Entry
from glasshouse.kernel import add, barrier, first_lane, i64, note, passage, row
from glasshouse.stages.conduct.conduct_kernel import kind_of
from glasshouse.stages.record.record_kernel import (
    N_LABELS,
    RIGHTLY,
    ledger_cell,
    ring_year,
    year_of,
)
from glasshouse.stages.scoring.scoring_kernel import LEDGER_LIMIT, clamped
from glasshouse.stages.standing.enrolment_kernel import points_taken
from glasshouse.stages.standing.standing_kernel import (
    EXPIRED,
    GRADE_RECOVERED,
    N_REASONS,
    NEVER,
    OVERTURNED,
    black_lists,
    contest_chance,
    days_within,
    may_contest,
    week_of,
)
from glasshouse.stages.standing.standing_kernel import (
    PERFORMED as LEFT_PERFORMED,
)
from glasshouse.state.bits import NEWS_HONOURED, NEWS_LISTED


@passage
def learn(here: Any, law: Any, arm: Any, frame: Any, place: int) -> None:
    """Let a listed row learn of its listing, and contest it.

    From the notice, at the counter, or from the own file, where even the entry behind it is read.
    """
    listings, rule, settings = arm.listings, law.rule, law.settings
    slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
    since = i64(listings.since_day[place])
    notice = i64(listings.notice_day[place])
    barred = since <= here.when.first_day and (
        i64(frame.refused_at[slot]) & i64(rule.list_bars[on_list]) != 0
    )
    refused = i64(frame.refused_day[slot]) if barred else NEVER
    looked = day_of_look(here, law, slot, written_day(law, since))
    told = min(notice, refused)
    known = min(told, looked)
    if known < here.when.end_day:
        listings.known_day[place] = known
        at_counter = refused < notice and refused <= looked
        by_look = looked < notice and not at_counter
        frame.learned[slot] = 1
        if listings.act[place] == NO_GROUND:
            grow(frame.known_speech, slot, 1, BYTE)
        arm.state.aware[slot] = 1
        add(arm.counts.known_after, week_of(max(known - since, 0), here.sizes.weeks), 1)
        if at_counter:
            add(arm.counts.known_by_refusal, 0, 1)
        elif by_look:
            add(arm.counts.known_by_look, 0, 1)
        else:
            add(arm.counts.known_by_notice, 0, 1)
        note(here.journal, LEARNED, slot, arm.number, known, on_list, at_counter + 2 * by_look)
        open_still = may_contest(
            known, since, i64(rule.list_window_days[on_list]), rule.list_from_knowledge[on_list]
        )
        if not open_still:
            add(arm.counts.window_closed, i64(listings.label[place]), 1)
        if rule.list_contest[on_list] and open_still:
            label = i64(listings.label[place])
            word, second, _, _ = draw(
                here.seed, here.base + slot, since, CONTEST, i64(rule.list_address[on_list])
            )
            chance = contest_chance(
                here.rows.literacy[slot],
                settings.contest_lowest,
                settings.contest_highest,
                arm.state.trust[slot],
                settings.trust_moves_contest,
            )
            if word < chance:
                overturned = (
                    settings.overturned_if_rightful
                    if label == RIGHTLY
                    else settings.overturned_if_wrongful
                )
                # Under pressure fewer contests win; who was listed without a ground never does.
                wins = second < ((overturned * law.review) >> 16)
                wins = wins and listings.act[place] != NO_GROUND
                decided = known + i64(rule.list_decide_days[on_list]) + law.review_days
                listings.decision_day[place] = decided
                add(arm.counts.contests, label, 1)
                note(here.journal, CONTESTED, slot, arm.number, known, on_list, wins)
                if wins:
                    off = max(decided + settings.deletion_days, since)
                    if off < listings.leave_day[place]:
                        listings.leave_day[place] = off
                        listings.leave_reason[place] = OVERTURNED


@passage
def perform(here: Any, law: Any, arm: Any, place: int) -> None:
    """Let a listed row that knows and can perform do so; it may be refused or lost."""
    listings, settings, when = arm.listings, law.settings, here.when
    slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
    address = i64(law.rule.list_address[on_list])
    word, second, _, _ = draw(here.seed, here.base + slot, when.month, PERFORMANCE, address)
    begin = max(i64(listings.known_day[place]), when.first_day)
    day = day_drawn(when, word, settings.performs, begin)
    can = arm.state.means[slot] >= settings.cannot_pay_below
    if can and day >= 0:
        refused = second < settings.performance_refused
        lost = second >= 4294967296 - settings.performance_lost
        add(arm.counts.performances, 0, 1)
        if refused:
            add(arm.counts.performances_refused, 0, 1)
        elif lost:
            add(arm.counts.performances_lost, 0, 1)
        else:
            least = i64(listings.since_day[place]) + i64(law.rule.list_not_before_days[on_list])
            off = max(day + settings.deletion_days, least)
            if off < listings.leave_day[place]:
                listings.leave_day[place] = off
                listings.leave_reason[place] = LEFT_PERFORMED
        note(here.journal, PERFORMED, slot, arm.number, day, on_list, refused + 2 * lost)


@passage
def written_day(law: Any, since: int) -> int:
    """Give the day on which the entry behind a listing was written down."""
    delay: int = law.settings.decision_delay_days
    return since - delay


@passage
def strike(here: Any, law: Any, arm: Any, frame: Any, place: int) -> None:
    """Correct the file of a row that won: the points behind the listing no longer count.

    An entry that grounds several lists is struck once, with the first of them.
    """
    listings, rule = arm.listings, law.rule
    slot, act = i64(listings.slot[place]), i64(listings.act[place])
    label, on_list = i64(listings.label[place]), i64(listings.on_list[place])
    if act == NO_ACT:
        clear_grade(here, arm, slot, i64(rule.list_instrument[on_list]), label)
    else:
        kind = kind_of(act, here.sizes.types)
        grounds = i64(rule.ground_single[kind]) | i64(rule.ground_count[kind])
        if grounds & ((1 << on_list) - 1) & black_lists(law.settings.red_lists) == 0:
            strike_entry(here, law, arm, frame, place, kind)


@passage
def clear_grade(here: Any, arm: Any, slot: int, instrument: int, label: int) -> None:
    """Lift the held grade, and the lost points of the label for which the grade was wrong."""
    row(arm.state.held_until_month, instrument)[slot] = here.when.age_month - 1
    if label != RIGHTLY:
        for year in range(here.sizes.ring):
            cell = ledger_cell(instrument, year, label, here.sizes.ring)
            ledger = row(arm.state.ledger_points, cell)
            ledger[slot] = max(i64(ledger[slot]), 0)


@passage
def strike_entry(here: Any, law: Any, arm: Any, frame: Any, place: int, kind: int) -> None:
    """Take the points of one entry off the ledger again, while they count."""
    listings, rule = arm.listings, law.rule
    slot, label = i64(listings.slot[place]), i64(listings.label[place])
    act_day = i64(listings.act_day[place])
    officer = i64(listings.officer[place])
    leaning = leaning_of(here, law, officer, kind)
    entry = Entry(slot, i64(listings.act[place]), label, officer, act_day, act_day, leaning)
    year = year_of(here.when.start_ordinal + written_day(law, i64(listings.since_day[place])))
    on = i64(rule.instruments_on[here.province])
    for instrument in range(here.sizes.instruments):
        if (on >> instrument) & 1 and has_file(here, law, instrument, slot):
            for_good = rule.kept_for_good[instrument]
            if for_good or here.when.year - year <= i64(rule.kept_years[instrument]):
                at = ring_year(year, here.sizes.ring, for_good)
                cell = ledger_cell(instrument, at, label, here.sizes.ring)
                ledger = row(arm.state.ledger_points, cell)
                points = points_taken(
                    points_of(here, law, frame, entry, instrument, kind),
                    rule.instrument_enrolment[instrument],
                    arm.state.bits[slot],
                )
                ledger[slot] = clamped(i64(ledger[slot]) - points, -LEDGER_LIMIT, LEDGER_LIMIT)


@passage
def spend_days(here: Any, law: Any, arm: Any, place: int) -> None:
    """Count the days of a listing that fall in this step, and those its holder did not know."""
    listings, when = arm.listings, here.when
    slot, label = i64(listings.slot[place]), i64(listings.label[place])
    on_list = i64(listings.on_list[place])
    since, off = i64(listings.since_day[place]), i64(listings.leave_day[place])
    known = i64(listings.known_day[place])
    days = days_within(since, off, when.first_day, when.end_day)
    silent = days_within(since, min(known, off), when.first_day, when.end_day)
    grow(row(arm.outcome.listed_days, label), slot, days, WORD)
    grow(arm.outcome.silent_days, slot, silent, WORD)
    add(arm.counts.listed_days, label, days)
    if law.rule.list_published[on_list]:
        add(arm.counts.exposed_days, i64(law.rule.list_display[on_list]), days)
    add(arm.counts.silent_days, 0, silent)


@passage
def leave(here: Any, law: Any, arm: Any, frame: Any, place: int) -> None:
    """Take a row off a list."""
    listings = arm.listings
    slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
    label, reason = i64(listings.label[place]), i64(listings.leave_reason[place])
    days = i64(listings.leave_day[place]) - i64(listings.since_day[place])
    arm.state.listed[slot] = i64(arm.state.listed[slot]) & (65535 - (1 << on_list))
    if law.rule.list_red[on_list]:
        add(arm.counts.honoured_ended, on_list, 1)
    else:
        add(arm.counts.left, on_list * N_REASONS + reason, 1)
        weeks = here.sizes.weeks
        add(arm.counts.spells_ended, label * weeks + week_of(days, weeks), 1)
    note(here.journal, LEFT, slot, arm.number, i64(listings.leave_day[place]), on_list, reason)
    if reason == OVERTURNED:
        add(arm.counts.overturned, label, 1)
        strike(here, law, arm, frame, place)


@passage
def move_listing(arm: Any, source: int, place: int) -> None:
    """Move a listing down the pool, which stays in canonical order."""
    listings = arm.listings
    listings.slot[place] = listings.slot[source]
    listings.act[place] = listings.act[source]
    listings.label[place] = listings.label[source]
    listings.on_list[place] = listings.on_list[source]
    listings.officer[place] = listings.officer[source]
    listings.act_day[place] = listings.act_day[source]
    listings.since_day[place] = listings.since_day[source]
    listings.notice_day[place] = listings.notice_day[source]
    listings.known_day[place] = listings.known_day[source]
    listings.decision_day[place] = listings.decision_day[source]
    listings.leave_day[place] = listings.leave_day[source]
    listings.leave_reason[place] = listings.leave_reason[source]
    listings.copies[place] = listings.copies[source]


@passage
def stay(here: Any, law: Any, arm: Any, place: int) -> None:
    """Count a listing in force at the end of the step, and publish it where it begins."""
    listings, rule = arm.listings, law.rule
    slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
    label = i64(listings.label[place])
    since = i64(listings.since_day[place])
    begins = (since >= here.when.first_day) & (since < here.when.end_day)
    if rule.list_red[on_list]:
        add(arm.counts.honoured_open, on_list, 1)
        if rule.list_published[on_list]:
            arm.state.news[slot] = i64(arm.state.news[slot]) | NEWS_HONOURED
    else:
        if rule.list_published[on_list] and begins:
            arm.state.news[slot] = i64(arm.state.news[slot]) | NEWS_LISTED
        weeks = here.sizes.weeks
        add(arm.counts.stock, on_list * N_LABELS + label, 1)
        lasted = week_of(here.when.end_day - since, weeks)
        add(arm.counts.spells_open, label * weeks + lasted, 1)


@passage
def end_with_the_rule(here: Any, arm: Any, place: int) -> None:
    """End a listing whose list no rule keeps any longer: it expires with the rule."""
    listings = arm.listings
    off = max(i64(listings.since_day[place]), here.when.first_day)
    if off < listings.leave_day[place]:
        listings.leave_day[place] = off
        listings.leave_reason[place] = EXPIRED


@passage
def live_one(here: Any, law: Any, arm: Any, frame: Any, place: int) -> None:
    """Lead a listing through the step, to its end if it comes."""
    listings, rule, when = arm.listings, law.rule, here.when
    slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
    red = i64(rule.list_red[on_list])
    if (i64(rule.lists_on[here.province]) >> on_list) & 1 == 0:
        end_with_the_rule(here, arm, place)
    elif listings.known_day[place] == NEVER and red == 0:
        learn(here, law, arm, frame, place)
    owes = listings.leave_reason[place] != LEFT_PERFORMED
    if rule.list_deletes[on_list] and listings.known_day[place] != NEVER and owes:
        perform(here, law, arm, place)
    if rule.list_until_grade[on_list] and listings.since_day[place] < when.end_day:
        grade = i64(row(arm.state.grade, i64(rule.list_instrument[on_list]))[slot])
        limit = i64(rule.list_grade[on_list])
        other = grade < limit if red else grade > limit
        if other and listings.leave_day[place] > when.end_day:
            listings.leave_day[place] = when.end_day
            listings.leave_reason[place] = GRADE_RECOVERED
    if red == 0:
        spend_days(here, law, arm, place)
    if listings.leave_day[place] <= when.end_day:
        leave(here, law, arm, frame, place)
        leave_copies(here, law, arm, place)
    elif listings.since_day[place] <= when.end_day:
        stay(here, law, arm, place)


@passage
def live_listings(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Lead every open listing through the step, in order; one that has ended by its copies."""
    for _ in first_lane():
        listings = arm.listings
        kept = 0
        for place in range(arm.opened.open_listings[arm.number]):
            if listings.copies[place] == 0:
                live_one(here, law, arm, frame, place)
            stays = i64(listings.leave_day[place]) > here.when.end_day
            if listings.copies[place] != 0:
                stays = correct_copies(here, law, arm, place) != 0
            if stays:
                if kept != place:
                    move_listing(arm, place, kept)
                kept += 1
        arm.opened.open_listings[arm.number] = kept
    barrier()
