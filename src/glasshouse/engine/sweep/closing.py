"""The end of a step: ledger, score, grade, what a low grade lists, and what is counted."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import AWARENESS, draw
from glasshouse.engine.journal import GRADE, SCORE
from glasshouse.engine.sweep.coverage import has_file
from glasshouse.engine.sweep.entities import unit_points
from glasshouse.engine.sweep.grounds import NO_ACT, open_listing
from glasshouse.engine.tables import Entry
from glasshouse.kernel import (
    add,
    barrier,
    first_lane,
    i64,
    lanes,
    note,
    notes,
    pack,
    passage,
    row,
)
from glasshouse.stages.record.record_kernel import N_LABELS, NOT_THEIRS, ring_year
from glasshouse.stages.scoring.scoring_kernel import (
    HELD_GRADES,
    LEDGER_LIMIT,
    N_GRADES,
    NO_GRADE,
    association_points,
    clamped,
    grade_of,
    label_of_shortfall,
    news_of_low,
)
from glasshouse.stages.society.society_kernel import PERSON
from glasshouse.stages.standing.enrolment_kernel import may_be_held_to
from glasshouse.state.bits import GONE

FIRST_SCORE = 256
"""Of ``announced``, the bit of the first instrument: its scores have been made here."""


@passage
def announce(here: Any, law: Any, arm: Any) -> None:
    """Tell of a scheme those whom the telling reaches, in the step in which it comes into force."""
    told = i64(arm.opened.announced[arm.number]) & 1
    barrier()
    if told == 0 and law.rule.records_on[here.province] != 0:
        for slot in lanes(here.people):
            word, _, _, _ = draw(here.seed, here.base + slot, 0, AWARENESS, 0)
            if word < law.settings.aware:
                arm.state.aware[slot] = 1
        for _ in first_lane():
            arm.opened.announced[arm.number] = i64(arm.opened.announced[arm.number]) | 1
    barrier()


@passage
def look_around(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Take down what the rows publish at the start of the step: the only thing others read."""
    announce(here, law, arm)
    for slot in lanes(here.people):
        frame.sees_listed[slot] = arm.state.news[slot]
        arm.state.news[slot] = 0
        frame.known_entries[slot] = 0
        frame.known_speech[slot] = 0
        frame.known_lost[slot] = 0
        frame.known_gained[slot] = 0
    if law.settings.has_association:
        for instrument in range(here.sizes.instruments):
            score = row(arm.state.score_points, instrument)
            start = law.rule.start[instrument]
            for slot in lanes(here.people):
                frame.shortfall[instrument * here.people + slot] = min(score[slot] - start, 0)
    for place in lanes(here.sizes.instruments * N_LABELS * here.people):
        frame.new_points[place] = 0
    barrier()


@passage
def keep_ledger(here: Any, law: Any, arm: Any, frame: Any, instrument: int) -> None:
    """Add the step's points to the ledger; let the points of years gone by fall out of it."""
    people, ring = here.people, here.sizes.ring
    for_good = law.rule.kept_for_good[instrument]
    if here.when.begins_year != 0 and for_good == 0:
        for age in range(i64(law.rule.kept_years[instrument]) + 1, ring + 1):
            lapsed = ring_year(here.when.year - age, ring, 0)
            for label in range(N_LABELS):
                old = row(arm.state.ledger_points, (instrument * ring + lapsed) * N_LABELS + label)
                for slot in lanes(people):
                    old[slot] = 0
        barrier()
    year = ring_year(here.when.year, ring, for_good)
    for label in range(N_LABELS):
        ledger = row(arm.state.ledger_points, (instrument * ring + year) * N_LABELS + label)
        at = (instrument * N_LABELS + label) * people
        for slot in lanes(people):
            ledger[slot] = clamped(
                ledger[slot] + frame.new_points[at + slot], -LEDGER_LIMIT, LEDGER_LIMIT
            )
    barrier()


@passage
def ties_points(here: Any, law: Any, frame: Any, instrument: int, slot: int) -> int:
    """Give the points a row loses for the published shortfall of household, friends, workplace."""
    rows, at = here.rows, instrument * here.people
    first = i64(rows.household_first[slot])
    stop = min(first + i64(rows.household_size[slot]), here.people)
    household = -i64(frame.shortfall[at + slot])
    for other in range(first, stop):
        household += frame.shortfall[at + other]
    friends = 0
    before, after = i64(rows.friend_before[slot]), i64(rows.friend_after[slot])
    if before < here.people and before != slot:
        friends += frame.shortfall[at + before]
    if after < here.people and after != slot:
        friends += frame.shortfall[at + after]
    lost = association_points(
        household, stop - first - 1, law.rule.household_share[instrument]
    ) + association_points(friends, 2, law.rule.friends_share[instrument])
    if law.rule.workplace_share[instrument] != 0 and rows.kind[slot] == PERSON:
        lost += unit_points(here, law, frame, instrument, slot)
    return lost


@passage
def sum_of_label(here: Any, arm: Any, instrument: int, label: int, slot: int) -> int:
    """Give the net points of one label on a row's ledger, over the years kept."""
    total = 0
    for year in range(here.sizes.ring):
        cell = row(
            arm.state.ledger_points, (instrument * here.sizes.ring + year) * N_LABELS + label
        )
        total += cell[slot]
    return total


@passage
def score_one(here: Any, law: Any, arm: Any, frame: Any, instrument: int, slot: int) -> None:
    """Make a row's score and grade anew, and say whether the grade is a ground for a list."""
    rule, state = law.rule, arm.state
    ties = 0
    if law.settings.has_association:
        ties = ties_points(here, law, frame, instrument, slot)
    points = rule.start[instrument] + ties
    for label in range(N_LABELS):
        points += sum_of_label(here, arm, instrument, label, slot)
    score = clamped(points, rule.floor[instrument], rule.cap[instrument])
    grade = grade_of(score, law.grade_cut, instrument * N_GRADES, rule.grade_count[instrument])
    if row(state.held_until_month, instrument)[slot] >= here.when.age_month:
        grade = min(grade, i64(row(state.held_grade, instrument)[slot]) % HELD_GRADES)
    if notes(here.journal) and score != row(state.score_points, instrument)[slot]:
        note(here.journal, SCORE, slot, arm.number, here.when.end_day - 1, instrument, score)
    if grade != row(state.grade, instrument)[slot]:
        note(here.journal, GRADE, slot, arm.number, here.when.end_day - 1, instrument, grade)
        here_still = (i64(state.bits[slot]) & GONE) == 0
        if here_still and (i64(arm.opened.announced[arm.number]) >> instrument) & FIRST_SCORE:
            moved = i64(row(state.grade, instrument)[slot]) * here.sizes.grades + grade
            pairs = here.sizes.grades * here.sizes.grades
            add(arm.counts.grade_moves, instrument * pairs + moved, 1)
        if law.settings.has_audience and grade == 0:
            state.news[slot] = i64(state.news[slot]) | news_of_low(
                rule.seen_by[instrument], rule.grade_count[instrument]
            )
    row(state.score_points, instrument)[slot] = score
    row(state.grade, instrument)[slot] = grade


@passage
def lowers_to_list(here: Any, law: Any, arm: Any, on_list: int, slot: int) -> bool:
    """Say whether a row's grade, low or high, is a ground for a list where it does not stand."""
    rule = law.rule
    instrument = i64(rule.list_instrument[on_list])
    if instrument == NO_GRADE:
        return False
    grade = row(arm.state.grade, instrument)[slot]
    limit = i64(rule.list_grade[on_list])
    reached = i64(grade) >= limit if rule.list_red[on_list] else i64(grade) <= limit
    lowers: bool = (
        reached
        and rule.list_kind[on_list] == here.rows.kind[slot]
        and has_file(here, law, instrument, slot)
        and ((arm.state.listed[slot] >> on_list) & 1) == 0
        and may_be_held_to(rule.list_enrolment[on_list], arm.state.bits[slot])
    )
    return lowers


@passage
def list_by_grade(here: Any, law: Any, arm: Any, frame: Any, on_list: int, slot: int) -> None:
    """List a row by its grade; on a black list the label says by whose points it fell so low."""
    rule = law.rule
    instrument = i64(rule.list_instrument[on_list])
    ties = 0
    if law.settings.has_association:
        ties = ties_points(here, law, frame, instrument, slot)
    above = min(i64(rule.list_grade[on_list]) + 1, N_GRADES - 1)
    cut = law.grade_cut[instrument * N_GRADES + above]
    label = label_of_shortfall(
        row(arm.state.score_points, instrument)[slot],
        cut,
        sum_of_label(here, arm, instrument, NOT_THEIRS, slot) + ties,
        sum_of_label(here, arm, instrument, 2, slot),
        sum_of_label(here, arm, instrument, 3, slot),
    )
    if row(arm.state.score_points, instrument)[slot] >= cut:
        label = i64(row(arm.state.held_grade, instrument)[slot]) // HELD_GRADES
    today = here.when.end_day
    entry = Entry(slot, NO_ACT, i64(label), 0, today, today)
    open_listing(here, law, arm, frame, on_list, entry, today)


@passage
def score_all(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Bring scores and grades up to date and list by grade where a list has that ground."""
    on = law.rule.instruments_on[here.province]
    for instrument in range(here.sizes.instruments):
        if (on >> instrument) & 1:
            keep_ledger(here, law, arm, frame, instrument)
            for slot in lanes(here.people):
                if has_file(here, law, instrument, slot):
                    score_one(here, law, arm, frame, instrument, slot)
            barrier()
            for _ in first_lane():
                made = i64(arm.opened.announced[arm.number])
                arm.opened.announced[arm.number] = made | (FIRST_SCORE << instrument)
            barrier()
    grounds = law.settings.grade_lists & law.rule.lists_on[here.province]
    if grounds != 0:
        for on_list in range(here.sizes.lists):
            if (grounds >> on_list) & 1:
                for slot in lanes(here.people):
                    frame.grade_ground[slot] = lowers_to_list(here, law, arm, on_list, slot)
                barrier()
                pack(frame.grade_ground, here.people, frame.grounded, here.sizes.slots)
                barrier()
                for _ in first_lane():
                    for place in range(frame.grounded[here.sizes.slots]):
                        slot = i64(frame.grounded[place])
                        list_by_grade(here, law, arm, frame, on_list, slot)
                barrier()


@passage
def count_apart(here: Any, law: Any, arm: Any, compared: int) -> None:
    """Count the rows that scores with the same words for their grades put into different grades."""
    apart = 0
    for slot in lanes(here.people):
        lowest = N_GRADES
        highest = -1
        for instrument in range(here.sizes.instruments):
            held = (compared >> instrument) & 1
            if held and has_file(here, law, instrument, slot):
                grade = i64(row(arm.state.grade, instrument)[slot])
                lowest = min(lowest, grade)
                highest = max(highest, grade)
        apart += highest > lowest
    add(arm.counts.graded_apart, 0, apart)


@passage
def count_people(here: Any, law: Any, arm: Any) -> None:
    """Count scores, grades and levels at the end of the step."""
    state, counts, sizes = arm.state, arm.counts, here.sizes
    black = 65535 - law.settings.red_lists
    rows = means = caution = silence = gaming = habit = trust = crowded = listed = aware = 0
    for slot in lanes(here.people):
        rows += here.rows.kind[slot] != 0
        means += i64(state.means[slot])
        caution += i64(state.caution[slot])
        silence += i64(state.silence[slot])
        gaming += i64(state.gaming[slot])
        habit += i64(state.habit[slot])
        trust += i64(state.trust[slot])
        crowded += i64(state.crowded[slot])
        listed += (i64(state.listed[slot]) & black) != 0
        aware += i64(state.aware[slot])
    add(counts.persons, 0, rows)
    add(counts.means_sum, 0, means)
    add(counts.caution_sum, 0, caution)
    add(counts.silence_sum, 0, silence)
    add(counts.gaming_sum, 0, gaming)
    add(counts.habit_sum, 0, habit)
    add(counts.trust_sum, 0, trust)
    add(counts.crowded_sum, 0, crowded)
    add(counts.listed_persons, 0, listed)
    add(counts.aware_persons, 0, aware)
    on = law.rule.instruments_on[here.province]
    for instrument in range(sizes.instruments):
        if (on >> instrument) & 1:
            total = scored = 0
            for slot in lanes(here.people):
                if has_file(here, law, instrument, slot):
                    score = row(state.score_points, instrument)[slot]
                    above = max(score - law.settings.score_low, 0)
                    place = min(above // law.settings.bin_points, sizes.bins - 1)
                    add(counts.scores, instrument * sizes.bins + place, 1)
                    add(
                        counts.grades,
                        instrument * N_GRADES + i64(row(state.grade, instrument)[slot]),
                        1,
                    )
                    total += score
                    scored += 1
            add(counts.score_sum, instrument, total)
            add(counts.scored, instrument, scored)
    if law.settings.compared & on != 0:
        count_apart(here, law, arm, law.settings.compared & on)
    barrier()
