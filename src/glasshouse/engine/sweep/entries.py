"""From what was seen to what is written down, and what an entry does on the day it is."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import (
    ENTRY_KNOWN,
    OFFICER_LEANING,
    SLOPE_NOISE,
    draw,
)
from glasshouse.engine.journal import ENTRY
from glasshouse.engine.sweep.alarms import TOO_MANY_ENTRIES
from glasshouse.engine.sweep.amounts import BYTE, grow
from glasshouse.engine.sweep.coverage import has_file
from glasshouse.engine.sweep.file import day_of_look
from glasshouse.engine.sweep.grounds import follow_ground, follow_outrage
from glasshouse.engine.sweep.necessity import was_necessary
from glasshouse.engine.sweep.officers import TO_NOBODY, give_price, let_off, spared_points
from glasshouse.engine.sweep.repetition import days_remembered, worth_repeated
from glasshouse.engine.sweep.sightings import take_up
from glasshouse.engine.tables import Entry, Reached
from glasshouse.kernel import add, barrier, first_lane, i64, lanes, note, passage, row
from glasshouse.stages.conduct.conduct_kernel import CHILLED, eighth_of, kind_of
from glasshouse.stages.consequence.consequence_kernel import means_of
from glasshouse.stages.record.record_kernel import (
    COULD_NOT,
    NOT_THEIRS,
    points_cell,
)
from glasshouse.stages.scoring.scoring_kernel import (
    HELD_GRADES,
    NO_GRADE,
    NO_OPEN_TERM,
    NO_TRAIT,
    NOBODY_SEES,
    officer_leaning,
    points_by_discretion,
    points_by_slope,
)
from glasshouse.stages.standing.enrolment_kernel import may_be_held_to, points_taken
from glasshouse.stages.standing.standing_kernel import NEVER


@passage
def leaning_of(here: Any, law: Any, officer: int, kind: int) -> int:
    """Give the leaning (0 strict .. 65535 mild) of the officer who writes an entry.

    The officer is one of the office's (department and county), and leans the same in every arm.
    How far officers differ at all is an assumption: at nothing all decide as the middle one.
    """
    return leaning_at(here, law, i64(law.conduct.department[kind]), officer)


@passage
def leaning_at(here: Any, law: Any, department: int, officer: int) -> int:
    """Give the leaning of a department's officer, whom a word of 16 bits picks."""
    desk = (i64(officer) * law.settings.officers_per_office) >> 16
    office = (department << 32) | i64(here.county)
    leaning, _, _, _ = draw(here.seed, office, 0, OFFICER_LEANING, desk)
    return officer_leaning(leaning >> 16, law.settings.leanings_differ)


@passage
def falls_under(here: Any, law: Any, entry: Any, instrument: int, kind: int) -> bool:
    """Say whether the officer who writes the entry finds that it falls under the rule's term."""
    term = i64(law.rule.points_term[instrument * here.sizes.types + kind])
    falls: bool = (term == NO_OPEN_TERM) | (entry.leaning < term)
    return falls


@passage
def points_of(here: Any, law: Any, frame: Any, entry: Any, instrument: int, kind: int) -> int:
    """Give the points of an entry on an instrument; the same whenever they are asked for.

    What does not fall under a term that the rule leaves open is worth nothing.
    """
    rule = law.rule
    at = instrument * here.sizes.types + kind
    if not falls_under(here, law, entry, instrument, kind):
        return 0
    points = points_by_discretion(i64(rule.points_low[at]), rule.points_span[at], entry.leaning)
    if rule.slope_trait[at] != NO_TRAIT:
        noise, _, _, _ = draw(here.seed, here.base + entry.slot, entry.act_day, SLOPE_NOISE, kind)
        points += points_by_slope(
            rule.slope_per_eighth[at],
            eighth_of(frame.traits[entry.slot], rule.slope_trait[at]),
            rule.slope_noise[at],
            noise,
        )
    if law.settings.has_exemption:
        points = spared_points(here, law, entry.slot, points)
    return points


@passage
def override(
    here: Any, law: Any, arm: Any, instrument: int, kind: int, slot: int, label: int
) -> None:
    """Hold the grade down for the months that the entry's override says.

    Of several in force the lowest grade wins, with its own months; of equal ones the longest. What
    stands behind it is kept beside the grade.
    """
    at = instrument * here.sizes.types + kind
    grade = i64(law.rule.override_grade[at])
    if grade != NO_GRADE:
        month = here.when.age_month
        until = row(arm.state.held_until_month, instrument)
        held = row(arm.state.held_grade, instrument)
        last = month + i64(law.rule.override_months[at])
        before = i64(held[slot]) % HELD_GRADES
        in_force = until[slot] >= month
        if not in_force or grade < before or (grade == before and last > until[slot]):
            held[slot] = grade + HELD_GRADES * label
            until[slot] = last


@passage
def helps(
    here: Any, law: Any, arm: Any, on_list: int, slot: int, at: Any, place: int, since: int,
    until: int,
) -> int:  # fmt: skip
    """Say whether an entry written down is the row's, of an act between two days that counts.

    Written down are, of the head of the pool, those due by now, and of what is still to be gone
    through, those due in earlier steps; what lies between has been moved to the head or dropped.
    """
    entries, when = arm.entries, here.when
    if entries.slot[place] != slot:
        return 0
    day = i64(entries.act_day[place])
    kind = kind_of(i64(entries.act[place]), here.sizes.types)
    latest = when.end_day if place < at.kept else when.first_day
    written = (entries.due_day[place] < latest) & ((place < at.kept) | (place > at.place))
    counts = (i64(law.rule.ground_count[kind]) >> on_list) & 1
    if law.settings.has_necessity and entries.label[place] == COULD_NOT:
        if (i64(law.rule.ground_excuse[kind]) >> on_list) & 1:
            counts = 0 if was_necessary(here, law, slot, kind, day) else counts
    return counts if written & (day >= since) & (day <= until) else 0


@passage
def found_between(
    here: Any, law: Any, arm: Any, on_list: int, slot: int, at: Any, since: int, until: int
) -> int:
    """Count the row's entries of acts between two days that count for a list's ground."""
    found = 0
    for place in range(max(at.kept, i64(arm.opened.open_entries[arm.number]))):
        found += helps(here, law, arm, on_list, slot, at, place, since, until)
    return found


@passage
def count_in_window(here: Any, law: Any, arm: Any, on_list: int, entry: Any, at: Any) -> int:
    """Count the row's entries in the fullest window that holds this one, this one included.

    Entries come in any order of their acts, so the window may begin with this act or with another.
    Where both sides together are too few, their number is given: it is enough to say so.
    """
    slot, day, within = entry.slot, entry.act_day, i64(law.rule.list_within_days[on_list])
    most = found_between(here, law, arm, on_list, slot, at, day - within, day + within)
    if most + 1 >= law.rule.list_count[on_list]:
        most = found_between(here, law, arm, on_list, slot, at, day, day + within)
        for place in range(max(at.kept, i64(arm.opened.open_entries[arm.number]))):
            if helps(here, law, arm, on_list, slot, at, place, day - within, day) != 0:
                begin = i64(arm.entries.act_day[place])
                here_too = found_between(here, law, arm, on_list, slot, at, begin, begin + within)
                most = max(most, here_too)
    return most + 1


@passage
def take_money(here: Any, law: Any, arm: Any, frame: Any, slot: int, at: int) -> None:
    """Take from a row what an entry costs: the fine beside its points, or the price of them."""
    fine, price = i64(law.rule.fine_yuan[at]), i64(law.rule.price_yuan[at])
    if fine + price > 0:
        add(arm.counts.fines_yuan, 0, fine)
        add(arm.counts.paid_yuan, 0, price)
        frame.means_lost[slot] += means_of(fine + price, law.settings.yuan_of_full_means)
        paid = min(i64(arm.outcome.paid_yuan[slot]) + fine + price, 4294967295)
        arm.outcome.paid_yuan[slot] = paid
        if price > 0 and law.rule.paid_to[at] != TO_NOBODY:
            give_price(here, law, arm, i64(law.rule.paid_to[at]), price)


@passage
def hear(
    here: Any, law: Any, arm: Any, frame: Any, entry: Any, at: Any, kind: int, lost: int,
    gained: int, bad: int,
) -> None:  # fmt: skip
    """Let a row hear of what was written down of it, if it matters and is told or looked up."""
    slot, settings = entry.slot, law.settings
    hears = i64(frame.heard[at.place] < settings.entry_known)
    if settings.looks != 0:
        hears |= i64(day_of_look(here, law, slot, entry.due_day) != NEVER)
    hears &= bad | (i64(gained > 0) & i64(settings.gaming_per_gain != 0))
    bad &= hears
    grow(frame.known_entries, slot, bad, BYTE)
    frame.known_lost[slot] += lost * hears
    frame.known_gained[slot] += gained * hears
    of_speech = bad & i64(law.conduct.response[kind] == CHILLED)
    grow(frame.known_speech, slot, of_speech, BYTE)
    arm.state.aware[slot] = i64(arm.state.aware[slot]) | hears


@passage
def write_down(here: Any, law: Any, arm: Any, frame: Any, entry: Any, at: Any) -> None:
    """Write one entry down: points, override, what the person hears of it, grounds for lists.

    ``at`` says how far the pool has been gone through: others there can help to make a ground.
    Sums without branches where what happens is luck, which a processor cannot guess.
    """
    sizes, rule, slot = here.sizes, law.rule, entry.slot
    kind = kind_of(entry.act, sizes.types)
    on = i64(rule.instruments_on[here.province])
    either = i64(rule.ground_single[kind]) | i64(rule.ground_count[kind])
    grounds = i64(rule.lists_on[here.province]) & either
    if law.settings.has_necessity and entry.label == COULD_NOT:
        if was_necessary(here, law, slot, kind, entry.act_day):
            named = (on & i64(rule.points_mark[kind])) + grounds
            on &= ~i64(rule.points_excuse[kind])
            grounds &= ~i64(rule.ground_excuse[kind])
            if named != 0 and (on & i64(rule.points_mark[kind])) + grounds == 0:
                add(arm.counts.excused, 0, 1)
                return
    add(arm.counts.entries, entry.act, 1)
    add(arm.counts.entries_by_label, entry.label, 1)
    arm.outcome.entries[slot] = arm.outcome.entries[slot] + 1
    if entry.label == NOT_THEIRS:
        arm.outcome.entries_not_theirs[slot] = arm.outcome.entries_not_theirs[slot] + 1
    note(here.journal, ENTRY, slot, arm.number, entry.due_day, entry.act, entry.label)
    lost = gained = 0
    for instrument in range(sizes.instruments):
        if (on >> instrument) & 1 and has_file(here, law, instrument, slot):
            asks, bits = rule.instrument_enrolment[instrument], arm.state.bits[slot]
            worth = points_of(here, law, frame, entry, instrument, kind)
            if law.settings.has_repeats:
                worth = worth_repeated(here, law, arm, instrument, entry, kind, at, worth)
            points = points_taken(worth, asks, bits)
            if rule.seen_by[instrument] != NOBODY_SEES:
                lost += max(-points, 0)
                gained += max(points, 0)
            gain = max(points, 0)
            add(arm.counts.points_gained, instrument, gain)
            add(arm.counts.points_bought, instrument, gain * law.conduct.is_worthless[kind])
            cell = points_cell(instrument, entry.label, slot, here.people)
            add(frame.new_points, cell, points)
            if may_be_held_to(asks, bits) and falls_under(here, law, entry, instrument, kind):
                take_money(here, law, arm, frame, slot, instrument * sizes.types + kind)
                override(here, law, arm, instrument, kind, slot, entry.label)
    hear(here, law, arm, frame, entry, at, kind, lost, gained, i64(lost + grounds > 0))
    if grounds != 0:
        for on_list in range(sizes.lists):
            held = may_be_held_to(rule.list_enrolment[on_list], arm.state.bits[slot])
            right_kind = rule.list_kind[on_list] == here.rows.kind[slot]
            if (grounds >> on_list) & 1 and right_kind and held:
                enough = ((i64(rule.ground_single[kind]) >> on_list) & 1) == 1
                if not enough:
                    made = count_in_window(here, law, arm, on_list, entry, at)
                    enough = made >= points_by_discretion(
                        i64(rule.list_count[on_list]), rule.list_count_span[on_list], entry.leaning
                    )
                if enough:
                    follow_ground(here, law, arm, frame, on_list, entry)
    if law.settings.goes_viral != 0 and rule.ground_viral[kind] != 0:
        follow_outrage(here, law, arm, frame, entry, kind)


@passage
def still_counts(here: Any, law: Any, act: int, act_day: int, due_day: int) -> bool:
    """Say whether an entry can still help to make a count ground, weigh on another or count later.

    Another act within the window may be as late as the slowest department, and of this step.
    """
    rule = law.rule
    kind = kind_of(act, here.sizes.types)
    grounds = i64(rule.ground_count[kind]) & i64(rule.lists_on[here.province])
    longest = -1
    if grounds != 0:
        for on_list in range(here.sizes.lists):
            if (grounds >> on_list) & 1:
                longest = max(longest, i64(rule.list_within_days[on_list]))
    if law.settings.has_repeats:
        longest = max(longest, days_remembered(here, law, kind))
    for_count: bool = longest >= 0 and act_day + longest + law.longest_wait >= here.when.first_day
    for_later = due_day >= rule.keep_since[kind]
    return for_count or for_later


@passage
def settle(here: Any, law: Any, arm: Any, frame: Any, entry: Any, at: Any) -> int:
    """Write an entry down if it is due, keep it if it is not or can still count; the new count."""
    kept: int = at.kept
    if entry.due_day < here.when.end_day:
        if entry.due_day >= here.when.first_day:
            write_down(here, law, arm, frame, entry, at)
        if not still_counts(here, law, entry.act, entry.act_day, entry.due_day):
            return kept
    if kept >= here.sizes.entries:
        frame.alarm[TOO_MANY_ENTRIES] = 1
        return kept
    arm.entries.slot[kept] = entry.slot
    arm.entries.act[kept] = entry.act
    arm.entries.label[kept] = entry.label
    arm.entries.officer[kept] = entry.officer
    arm.entries.act_day[kept] = entry.act_day
    arm.entries.due_day[kept] = entry.due_day
    return kept + 1


@passage
def waiting_entry(arm: Any, place: int, leaning: int) -> Any:
    """Give an entry of the pool, with the leaning of the officer who writes it."""
    entries = arm.entries
    return Entry(
        i64(entries.slot[place]),
        i64(entries.act[place]),
        i64(entries.label[place]),
        i64(entries.officer[place]),
        i64(entries.act_day[place]),
        i64(entries.due_day[place]),
        leaning,
    )


@passage
def new_entry(here: Any, law: Any, arm: Any, frame: Any, place: int, leaning: int) -> Any:
    """Give the entry of an act seen in this step; slot -1 if it goes elsewhere or is lost.

    Who bought something from a producer, or an officer, before may have other means by now.
    """
    slot, act = i64(frame.entry_slot[place]), i64(frame.entry_act[place])
    kind, label = kind_of(act, here.sizes.types), i64(frame.entry_label[place])
    day = i64(frame.entry_day[place])
    officer = i64(frame.fate_1[place]) >> 16
    lacks = arm.state.means[max(slot, 0)] < law.settings.cannot_pay_below
    if (label != NOT_THEIRS) & (law.conduct.needs_means[kind] != 0) & lacks:
        label = COULD_NOT
    if slot >= 0 and (law.settings.has_exemption or law.settings.bribe_share > 0):
        slot = let_off(here, law, arm, frame, slot, act, officer, day)
    return Entry(slot, act, label, officer, day, i64(frame.entry_due[place]), leaning)


@passage
def draw_tellings(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Draw of every entry that waits or is new how its officer leans, and whether it is told."""
    waiting = i64(arm.opened.open_entries[arm.number])
    recorded = i64(frame.recorded[here.sizes.acts])
    for place in lanes(waiting):
        frame.told_slot[place] = arm.entries.slot[place]
        frame.told_act[place] = arm.entries.act[place]
        frame.told_day[place] = arm.entries.act_day[place]
        frame.leaning[place] = arm.entries.officer[place]
    for place in lanes(recorded):
        frame.told_slot[waiting + place] = max(frame.entry_slot[place], 0)
        frame.told_act[waiting + place] = frame.entry_act[place]
        frame.told_day[waiting + place] = frame.entry_day[place]
        frame.leaning[waiting + place] = i64(frame.fate_1[place]) >> 16
    barrier()
    for place in lanes(waiting + recorded):
        word, _, _, _ = draw(
            here.seed,
            here.base + i64(frame.told_slot[place]),
            i64(frame.told_day[place]),
            ENTRY_KNOWN,
            i64(frame.told_act[place]),
        )
        frame.heard[place] = word >> 16
    if law.settings.has_discretion:
        for place in lanes(waiting + recorded):
            kind = kind_of(frame.told_act[place], here.sizes.types)
            frame.told_slot[place] = law.conduct.department[kind]
        for place in lanes(waiting + recorded):
            department, officer = i64(frame.told_slot[place]), i64(frame.leaning[place])
            frame.leaning[place] = leaning_at(here, law, department, officer)
    barrier()


@passage
def record(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Record what was seen and write down what is due.

    One lane in canonical order: the pool by its order, then the acts by their address.
    """
    take_up(here, law, arm, frame)
    draw_tellings(here, law, arm, frame)
    for _ in first_lane():
        kept = 0
        waiting = i64(arm.opened.open_entries[arm.number])
        recorded = i64(frame.recorded[here.sizes.acts])
        for place in range(waiting + recorded):
            leaning = i64(frame.leaning[place])
            if place < waiting:
                entry = waiting_entry(arm, place, leaning)
            else:
                entry = new_entry(here, law, arm, frame, place - waiting, leaning)
            if entry.slot >= 0:
                kept = settle(here, law, arm, frame, entry, Reached(kept, place))
        arm.opened.open_entries[arm.number] = kept
        arm.opened.recorded_acts[arm.number] = recorded
    barrier()
