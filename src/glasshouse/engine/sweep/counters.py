"""Counters: who is refused there, and who is favoured."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import COUNTER_ATTEMPT, draw
from glasshouse.engine.journal import PRIVILEGE, REFUSED
from glasshouse.engine.sweep.amounts import WORD, grow
from glasshouse.engine.sweep.coverage import has_file, thin_bars_of
from glasshouse.engine.sweep.days import day_drawn
from glasshouse.engine.sweep.disclosure import favours_of_the_silent
from glasshouse.engine.sweep.entities import ration_of, reach_representatives
from glasshouse.engine.sweep.reasons import charge, is_in_force, reason_of, string_up
from glasshouse.kernel import add, barrier, first_lane, i64, lanes, note, passage, row
from glasshouse.stages.consequence.consequence_kernel import (
    NO_CHILD,
    days_stranded,
    means_of,
    retries,
    taken_up,
)
from glasshouse.stages.scoring.scoring_kernel import N_GRADES
from glasshouse.stages.society.society_kernel import ADULT_YEARS, CHILD, HEAD, PARTNER, age_years
from glasshouse.stages.standing.enrolment_kernel import takes_part
from glasshouse.stages.standing.standing_kernel import NEVER
from glasshouse.state.bits import BY_STALE_COPY, GONE

RETRY_WORDS = 64
"""Index from which the words of repeated tries are drawn, behind those of the attempts."""


@passage
def favours_of(here: Any, law: Any, arm: Any, slot: int) -> int:
    """Give the counters at which a row's grades earn it a privilege."""
    favours = 0
    on = i64(law.rule.instruments_on[here.province])
    for instrument in range(here.sizes.instruments):
        if (on >> instrument) & 1 and has_file(here, law, instrument, slot):
            grade = i64(row(arm.state.grade, instrument)[slot])
            gives = i64(law.rule.grade_favours[instrument * N_GRADES + grade])
            if takes_part(law.rule.instrument_enrolment[instrument], arm.state.bits[slot]):
                favours |= gives
    return favours


@passage
def refuse(here: Any, law: Any, arm: Any, frame: Any, slot: int, counter: int, day: int) -> None:
    """Refuse a row at a counter on a day, as often as it tries; unless nobody looks lists up."""
    rule = law.rule
    word, asked, away, long = draw(
        here.seed, here.base + slot, here.when.month, COUNTER_ATTEMPT, RETRY_WORDS + counter
    )
    rises = i64(rule.takes_up_rises[counter])
    if asked >= taken_up(i64(rule.takes_up[counter]), rises, here.when.age_month):
        add(arm.counts.let_through, counter, 1)
    else:
        times = 1 + retries(word, rule.retry_cumulative, counter)
        why = reason_of(here, law, arm, frame, slot, counter)
        turn_away(here, law, arm, frame, slot, counter, day, times, why)
        if rule.strands[counter] != 0 and away < law.settings.refused_away:
            days = days_stranded(long, law.settings.stranded_span)
            strand(here, law, arm, frame, slot, counter, days, why)


@passage
def turn_away(
    here: Any, law: Any, arm: Any, frame: Any, slot: int, counter: int, day: int, times: int,
    why: Any,
) -> None:  # fmt: skip
    """Put a refusal and its repeated tries to a row's account, a child's place to the child's."""
    rule = law.rule
    add(arm.counts.attempts, counter, 1)
    add(arm.counts.refusals, counter, times)
    charge(here, law, arm, slot, counter, i64(rule.burden_yuan[counter]), why)
    if why.path == BY_STALE_COPY:
        add(arm.counts.refusals_by_stale_copies, 0, times)
    if why.bars > 1:
        add(arm.counts.refusals_overdetermined, counter, times)
    frame.refused_day[slot] = min(i64(frame.refused_day[slot]), day)
    frame.refused_at[slot] = i64(frame.refused_at[slot]) | (1 << counter)
    grow(frame.refused_times, slot, times, WORD)
    frame.means_lost[slot] += rule.means_loss[counter]
    note(here.journal, REFUSED, slot, arm.number, day, counter, times)
    if rule.child_to[counter] != NO_CHILD:
        child = child_of(here, law, slot, counter)
        add(arm.counts.child_places_lost, counter, 1)
        add(arm.outcome.places_lost, child, 1)


@passage
def strand(
    here: Any, law: Any, arm: Any, frame: Any, slot: int, counter: int, days: int, why: Any
) -> None:
    """Leave a row that was refused on the way home where it is, for days that cost money."""
    burden = days * law.settings.stranded_yuan_a_day
    add(arm.counts.stranded, 0, 1)
    add(arm.counts.stranded_days, 0, days)
    charge(here, law, arm, slot, counter, burden, why)
    frame.means_lost[slot] += means_of(burden, law.settings.yuan_of_full_means)
    grow(arm.outcome.stranded_days, slot, days, WORD)


@passage
def child_of(here: Any, law: Any, slot: int, counter: int) -> int:
    """Give the first child of a parent's household for whom one goes to a counter, or -1."""
    rows, rule = here.rows, law.rule
    found = -1
    if rows.role[slot] == HEAD or rows.role[slot] == PARTNER:
        first = i64(rows.household_first[slot])
        stop = min(first + i64(rows.household_size[slot]), here.people)
        for other in range(first, stop):
            age = age_years(rows.birth_month[other], here.when.age_month)
            fits = (age >= rule.child_from[counter]) & (age <= rule.child_to[counter])
            if found < 0 and rows.role[other] == CHILD and fits:
                found = other
    return found


@passage
def is_able(here: Any, law: Any, slot: int, counter: int) -> bool:
    """Say whether an adult goes to a counter at all: exposed to what it asks, or with a child."""
    needs = i64(law.rule.attempt_needs[counter])
    able = (i64(here.rows.exposure[slot]) & needs) == needs
    if able and law.rule.child_to[counter] != NO_CHILD:
        able = child_of(here, law, slot, counter) >= 0
    return able


@passage
def favour(here: Any, law: Any, arm: Any, frame: Any, slot: int, counter: int, day: int) -> None:
    """Grant a row a privilege at a counter, if there is a place left for it."""
    asked = 0
    if law.served[counter] < 4294967296:  # there are places for some alone
        _, asked, _, _ = draw(
            here.seed, here.base + slot, here.when.month, COUNTER_ATTEMPT, RETRY_WORDS + counter
        )
    if asked < law.served[counter]:
        add(arm.counts.privileges, counter, 1)
        granted = arm.outcome.privileges
        granted[slot] = granted[slot] + 1
        frame.jumped[slot] = i64(frame.jumped[slot]) | (law.settings.queues & (1 << counter))
        note(here.journal, PRIVILEGE, slot, arm.number, day, counter, 1)
    else:
        add(arm.counts.privileges_denied, counter, 1)


@passage
def day_at(here: Any, law: Any, slot: int, counter: int, word: int) -> int:
    """Give the day of the step on which an adult tries a counter, or -1, from the month's word."""
    when = here.when
    day = -1
    if is_able(here, law, slot, counter):
        hazard = law.rule.attempt_hazard[(when.month_days - 28) * here.sizes.counters + counter]
        day = day_drawn(when, word, hazard, when.first_day)
    return day


@passage
def visit_counters(here: Any, law: Any, arm: Any, frame: Any, slot: int, favours: int) -> None:
    """Let one row try the counters that bar or favour it; four counters a draw."""
    barred = i64(frame.bars[slot]) | i64(frame.stale[slot])
    touched = barred | favours
    if age_years(here.rows.birth_month[slot], here.when.age_month) >= ADULT_YEARS:
        for block in range((here.sizes.counters + 3) // 4):
            if ((touched >> (4 * block)) & 15) != 0:
                words = draw(here.seed, here.base + slot, here.when.month, COUNTER_ATTEMPT, block)
                for counter in range(4 * block, min(4 * block + 4, here.sizes.counters)):
                    day = -1
                    if (touched >> counter) & 1:
                        day = day_at(here, law, slot, counter, words[counter - 4 * block])
                    if day >= 0 and (barred >> counter) & 1:
                        refuse(here, law, arm, frame, slot, counter, day)
                    elif day >= 0:
                        favour(here, law, arm, frame, slot, counter, day)


@passage
def mark_counters(here: Any, law: Any, marks: Any, slot: int, on_list: int) -> None:
    """Mark the counters of a list for a row, and those that reach its household for all of it."""
    rule, rows = law.rule, here.rows
    marks[slot] = i64(marks[slot]) | i64(rule.list_bars[on_list])
    reaches = i64(rule.list_reaches[on_list])
    if reaches != 0:
        first = i64(rows.household_first[slot])
        stop = min(first + i64(rows.household_size[slot]), here.people)
        for other in range(first, stop):
            marks[other] = i64(marks[other]) | reaches


@passage
def open_doors(here: Any, law: Any, arm: Any, frame: Any, slot: int, on_list: int) -> None:
    """Open the counters of a red list to a row that takes part, and to its household if it says."""
    rule = law.rule
    if takes_part(rule.list_enrolment[on_list], arm.state.bits[slot]):
        mark_counters(here, law, frame.gifts, slot, on_list)


@passage
def close_counters(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Close counters to the rows that stood on a list when the step began, and to households."""
    listings, rule = arm.listings, law.rule
    today = here.when.first_day
    for slot in lanes(here.people):
        frame.bars[slot] = 0
        frame.stale[slot] = 0
        frame.gifts[slot] = 0
        frame.first_listing[slot] = -1
        if law.settings.has_thin:
            frame.bars[slot] = thin_bars_of(here, law, slot)
    barrier()
    for _ in first_lane():
        opened = i64(arm.opened.open_listings[arm.number])
        for behind in range(opened):
            # From the last to the first, so that a row's listings hang in the order of the pool.
            place = opened - 1 - behind
            slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
            string_up(here, arm, frame, place)
            if listings.copies[place] != 0:
                frame.stale[slot] = i64(frame.stale[slot]) | i64(listings.copies[place])
            elif rule.list_red[on_list] != 0:
                if listings.since_day[place] <= today:
                    open_doors(here, law, arm, frame, slot, on_list)
            elif is_in_force(here, law, arm, place):
                mark_counters(here, law, frame.bars, slot, on_list)
    barrier()


@passage
def go_to_counters(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let every row that some counter bars or favours go about its business."""
    for slot in lanes(here.people):
        frame.refused_day[slot] = NEVER
        frame.refused_at[slot] = 0
        frame.jumped[slot] = 0
        frame.refused_times[slot] = 0
        frame.means_lost[slot] = 0
        frame.learned[slot] = 0
    reach_representatives(here, law, arm, frame)
    if law.settings.has_lists or law.settings.has_privileges:
        for slot in lanes(here.people):
            favours = 0
            if law.settings.has_privileges:
                favours = favours_of(here, law, arm, slot) | i64(frame.gifts[slot])
                favours |= ration_of(here, law, arm, slot)
            if law.settings.discloses != 0:
                favours = favours_of_the_silent(here, law, arm, frame, slot, favours)
            if law.settings.leaves != 0 and (i64(arm.state.bits[slot]) & GONE) != 0:
                favours = 0
                frame.bars[slot] = 0
                frame.stale[slot] = 0
            if i64(frame.bars[slot]) | i64(frame.stale[slot]) | favours != 0:
                visit_counters(here, law, arm, frame, slot, favours)
                refused = i64(frame.refused_times[slot])
                if refused > 0:
                    arm.outcome.refusals[slot] = arm.outcome.refusals[slot] + refused
                    add(arm.counts.refused_people, 0, 1)
    barrier()
