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
    scan,
)
from glasshouse.stages.record.record_kernel import (
    N_LABELS,
    NOT_THEIRS,
    ledger_cell,
    points_cell,
    ring_year,
)
from glasshouse.stages.scoring.scoring_kernel import (
    HELD_GRADES,
    LEDGER_LIMIT,
    N_GRADES,
    association_points,
    bin_of,
    clamped,
    inverse_of,
    label_of_shortfall,
    news_of_low,
)
from glasshouse.stages.society.society_kernel import PERSON
from glasshouse.stages.standing.enrolment_kernel import may_be_held_to
from glasshouse.stages.standing.standing_kernel import black_lists
from glasshouse.state.bits import GONE

HISTOGRAMS = 4
"""Histograms of scores that are filled in turn and then added up."""

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
            at = instrument * here.people
            for slot in lanes(here.people):
                short = min(score[slot] - start, 0)
                frame.shortfall[at + slot] = short
                frame.short_before[at + slot] = short
        barrier()
        scan(frame.short_before, here.sizes.instruments * here.people)
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
                cell = ledger_cell(instrument, lapsed, label, ring)
                old = row(arm.state.ledger_points, cell)
                for slot in lanes(people):
                    old[slot] = 0
        barrier()
    year = ring_year(here.when.year, ring, for_good)
    for label in range(N_LABELS):
        ledger = row(arm.state.ledger_points, ledger_cell(instrument, year, label, ring))
        at = points_cell(instrument, label, 0, people)
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
    household = frame.short_before[at + stop] - frame.short_before[at + first]
    household -= i64(frame.shortfall[at + slot])
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
        cell = ledger_cell(instrument, year, label, here.sizes.ring)
        total += row(arm.state.ledger_points, cell)[slot]
    return total


@passage
def add_points(here: Any, law: Any, arm: Any, frame: Any, instrument: int) -> None:
    """Add up what each row's score is made of: the start, the ledger, what ties take."""
    start = i64(law.rule.start[instrument])
    for slot in lanes(here.people):
        frame.points[slot] = start
    begin = ledger_cell(instrument, 0, 0, here.sizes.ring)
    for cell in range(here.sizes.ring * N_LABELS):
        ledger = row(arm.state.ledger_points, begin + cell)
        for slot in lanes(here.people):
            frame.points[slot] = frame.points[slot] + ledger[slot]
    if law.settings.has_association:
        for slot in lanes(here.people):
            if has_file(here, law, instrument, slot):
                frame.points[slot] = frame.points[slot] + ties_points(
                    here, law, frame, instrument, slot
                )
    barrier()


@passage
def grade_points(here: Any, law: Any, arm: Any, frame: Any, instrument: int) -> None:
    """Keep the points within the scale; give the grade they reach, or a lower one that is held."""
    rule, month = law.rule, here.when.age_month
    until, held = row(arm.state.held_until_month, instrument), row(arm.state.held_grade, instrument)
    low, high = i64(rule.floor[instrument]), i64(rule.cap[instrument])
    for slot in lanes(here.people):
        frame.points[slot] = clamped(i64(frame.points[slot]), low, high)
        frame.reached[slot] = 0
    for grade in range(1, i64(rule.grade_count[instrument])):
        cut = i64(law.grade_cut[instrument * N_GRADES + grade])
        for slot in lanes(here.people):
            frame.reached[slot] = grade if frame.points[slot] >= cut else frame.reached[slot]
    for slot in lanes(here.people):
        grade = i64(frame.reached[slot])
        lower = min(grade, i64(held[slot]) % HELD_GRADES)
        frame.reached[slot] = lower if until[slot] >= month else grade
    barrier()


@passage
def note_scores(here: Any, law: Any, arm: Any, frame: Any, instrument: int) -> None:
    """Write the scores and grades that moved to the journal."""
    scores, grades = row(arm.state.score_points, instrument), row(arm.state.grade, instrument)
    day = here.when.end_day - 1
    for slot in lanes(here.people):
        score, grade = i64(frame.points[slot]), i64(frame.reached[slot])
        if has_file(here, law, instrument, slot):
            if score != scores[slot]:
                note(here.journal, SCORE, slot, arm.number, day, instrument, score)
            if grade != grades[slot]:
                note(here.journal, GRADE, slot, arm.number, day, instrument, grade)


@passage
def move_grade(here: Any, law: Any, arm: Any, frame: Any, instrument: int, slot: int) -> None:
    """Count a grade that moved, and publish a fall into the lowest."""
    rule, state, sizes = law.rule, arm.state, here.sizes
    grade = i64(frame.reached[slot])
    here_still = (i64(state.bits[slot]) & GONE) == 0
    if here_still and (i64(arm.opened.announced[arm.number]) >> instrument) & FIRST_SCORE:
        moved = i64(row(state.grade, instrument)[slot]) * sizes.grades + grade
        add(arm.counts.grade_moves, instrument * sizes.grades * sizes.grades + moved, 1)
    if law.settings.has_audience and grade == 0:
        state.news[slot] = i64(state.news[slot]) | news_of_low(
            rule.seen_by[instrument], rule.grade_count[instrument]
        )


@passage
def score_rows(here: Any, law: Any, arm: Any, frame: Any, instrument: int) -> None:
    """Make the score and grade of every row that has a file anew."""
    scores, grades = row(arm.state.score_points, instrument), row(arm.state.grade, instrument)
    add_points(here, law, arm, frame, instrument)
    grade_points(here, law, arm, frame, instrument)
    if notes(here.journal):
        note_scores(here, law, arm, frame, instrument)
    for slot in lanes(here.people):
        moved = has_file(here, law, instrument, slot) & (frame.reached[slot] != grades[slot])
        frame.grade_ground[slot] = moved
    barrier()
    pack(frame.grade_ground, here.people, frame.grounded, here.sizes.slots)
    barrier()
    for place in lanes(i64(frame.grounded[here.sizes.slots])):
        move_grade(here, law, arm, frame, instrument, i64(frame.grounded[place]))
    barrier()
    for slot in lanes(here.people):
        scored = has_file(here, law, instrument, slot)
        scores[slot] = frame.points[slot] if scored else scores[slot]
        grades[slot] = frame.reached[slot] if scored else grades[slot]
    barrier()


@passage
def find_grounds(here: Any, law: Any, arm: Any, frame: Any, on_list: int) -> None:
    """Say whose grade, low or high, is a ground for a list on which they do not stand."""
    rule, state = law.rule, arm.state
    instrument, limit = i64(rule.list_instrument[on_list]), i64(rule.list_grade[on_list])
    red, asks = rule.list_red[on_list] != 0, rule.list_enrolment[on_list]
    grades = row(state.grade, instrument)
    for slot in lanes(here.people):
        grade = i64(grades[slot])
        reached = grade >= limit if red else grade <= limit
        frame.grade_ground[slot] = (
            reached
            & (rule.list_kind[on_list] == here.rows.kind[slot])
            & has_file(here, law, instrument, slot)
            & (((i64(state.listed[slot]) >> on_list) & 1) == 0)
            & may_be_held_to(asks, state.bits[slot])
        )
    barrier()
    pack(frame.grade_ground, here.people, frame.grounded, here.sizes.slots)
    barrier()


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
        sum_of_label(here, arm, instrument, 2, slot),  # COULD_NOT
        sum_of_label(here, arm, instrument, 3, slot),  # LAWFUL_ACT
    )
    if row(arm.state.score_points, instrument)[slot] >= cut:
        label = i64(row(arm.state.held_grade, instrument)[slot]) // HELD_GRADES
    today = here.when.end_day
    entry = Entry(slot, NO_ACT, i64(label), 0, today, today, 0)
    open_listing(here, law, arm, frame, on_list, entry, today)


@passage
def score_all(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Bring scores and grades up to date and list by grade where a list has that ground."""
    on = law.rule.instruments_on[here.province]
    for instrument in range(here.sizes.instruments):
        if (on >> instrument) & 1:
            keep_ledger(here, law, arm, frame, instrument)
            score_rows(here, law, arm, frame, instrument)
            for _ in first_lane():
                made = i64(arm.opened.announced[arm.number])
                arm.opened.announced[arm.number] = made | (FIRST_SCORE << instrument)
            barrier()
    grounds = law.settings.grade_lists & law.rule.lists_on[here.province]
    if grounds != 0:
        for on_list in range(here.sizes.lists):
            if (grounds >> on_list) & 1:
                find_grounds(here, law, arm, frame, on_list)
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
def count_scores(here: Any, law: Any, arm: Any, frame: Any, instrument: int) -> None:
    """Count the scores and grades of an instrument.

    Many scores are the same, and a sum waits for the one before it in the same place: so neighbours
    add to histograms of their own.
    """
    counts, bins = arm.counts, here.sizes.bins
    scores, grades = row(arm.state.score_points, instrument), row(arm.state.grade, instrument)
    low, inverse = law.settings.score_low, inverse_of(law.settings.bin_points)
    for place in lanes(HISTOGRAMS * bins):
        frame.histogram[place] = 0
    barrier()
    total = scored = 0
    for slot in lanes(here.people):
        is_scored = i64(has_file(here, law, instrument, slot))
        frame.grade_ground[slot] = is_scored
        frame.bin[slot] = bin_of(scores[slot], low, inverse, bins)
        total += i64(scores[slot]) * is_scored
        scored += is_scored
    for slot in lanes(here.people):
        place = (slot % HISTOGRAMS) * bins + i64(frame.bin[slot])
        add(frame.histogram, place, i64(frame.grade_ground[slot]))
    add(counts.score_sum, instrument, total)
    add(counts.scored, instrument, scored)
    barrier()
    for place in lanes(bins):
        found = 0
        for number in range(HISTOGRAMS):
            found += i64(frame.histogram[number * bins + place])
        add(counts.scores, instrument * bins + place, found)
    for grade in range(law.rule.grade_count[instrument]):
        found = 0
        for slot in lanes(here.people):
            found += frame.grade_ground[slot] & (grades[slot] == grade)
        add(counts.grades, instrument * N_GRADES + grade, found)
    barrier()


@passage
def count_people(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Count scores, grades and levels at the end of the step."""
    state, counts, sizes = arm.state, arm.counts, here.sizes
    black = black_lists(law.settings.red_lists)
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
            count_scores(here, law, arm, frame, instrument)
    if law.settings.compared & on != 0:
        count_apart(here, law, arm, law.settings.compared & on)
    barrier()
