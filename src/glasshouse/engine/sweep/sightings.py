"""From what was seen to entries on their way: by which channel, of whom, how, when, by whom."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import COULD_NOT_COMPLY, ENTRY_FATE, FACE_MATCH, draw
from glasshouse.engine.sweep.acts import day_of_act
from glasshouse.engine.sweep.necessity import was_necessary
from glasshouse.engine.sweep.places import joined_to
from glasshouse.kernel import add, barrier, first_lane, i64, lanes, pack, passage
from glasshouse.stages.conduct.conduct_kernel import kind_of
from glasshouse.stages.detection.detection_kernel import (
    ELSEWHERE,
    HOUSEHOLD,
    N_CHANNELS,
    THEIR_OWN,
    channel_of,
    faces_taken,
    other_member,
    whose,
)
from glasshouse.stages.record.record_kernel import due_day_of, is_lost, label_of
from glasshouse.state.bits import GONE


@passage
def draw_fates(here: Any, frame: Any) -> None:
    """Draw the words of every act seen: whose it is taken for, when it is written, by whom."""
    for place in lanes(frame.recorded[here.sizes.acts]):
        source = i64(frame.recorded[place])
        frame.fate_0[place], frame.fate_1[place], _, _ = draw(
            here.seed,
            here.base + i64(frame.slot[source]),
            here.when.month,
            ENTRY_FATE,
            i64(frame.act_serial[i64(frame.kept[source])]),
        )
    barrier()


@passage
def find_channels(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Say by which channel each act was seen, and count the faces that a camera took falsely."""
    rule, types, recorded = law.rule, here.sizes.types, i64(frame.recorded[here.sizes.acts])
    for place in lanes(recorded):
        source = i64(frame.recorded[place])
        act = i64(frame.type[source])
        channel = channel_of(
            i64(frame.word_2[i64(frame.kept[source])]) & 0xFFFF,
            rule.channel_share,
            (law.block * types + kind_of(act, types)) * N_CHANNELS,
        )
        frame.channel[place] = channel
        frame.keep[place] = (act < types) & (rule.false_faces[channel] != 0)
    barrier()
    pack(frame.keep, recorded, frame.probes, here.sizes.acts)
    barrier()
    probes, taken = i64(frame.probes[here.sizes.acts]), 0
    for probe in lanes(probes):
        place = i64(frame.probes[probe])
        source = i64(frame.recorded[place])
        word, _, _, _ = draw(
            here.seed,
            here.base + i64(frame.slot[source]),
            here.when.month,
            FACE_MATCH,
            i64(frame.act_serial[i64(frame.kept[source])]),
        )
        taken += faces_taken(word >> 16, rule.false_faces[i64(frame.channel[place])])
    add(arm.counts.wrong_faces, 0, taken)
    for _ in first_lane():
        add(arm.counts.face_probes, 0, probes)


@passage
def taken_for(here: Any, law: Any, arm: Any, frame: Any, place: int, source: int) -> int:
    """Say for whose act the channel takes it: a slot, or -1 for somebody elsewhere."""
    rule, rows, actor = law.rule, here.rows, i64(frame.slot[source])
    channel = i64(frame.channel[place])
    whom = whose(
        i64(frame.fate_0[place]) >> 16,
        rule.wrong_person[channel],
        rule.wrong_to[2 * channel],
        rule.wrong_to[2 * channel + 1],
    )
    slot = actor
    if whom != THEIR_OWN:
        word = i64(frame.word_3[i64(frame.kept[source])])
        if whom == ELSEWHERE:
            slot = -1
        elif whom == HOUSEHOLD and rows.household_size[actor] > 1:
            slot = other_member(
                word, actor, i64(rows.household_first[actor]), i64(rows.household_size[actor])
            )
            slot = slot if slot < here.people else actor
        else:
            slot = other_member(word, actor, 0, here.people)
        same_kind = slot < 0 or rows.kind[max(slot, 0)] == rows.kind[actor]
        is_here = slot < 0 or (i64(arm.state.bits[max(slot, 0)]) & GONE) == 0
        slot = slot if same_kind and is_here else actor
    return slot


@passage
def whose_file(here: Any, law: Any, arm: Any, frame: Any, place: int) -> int:
    """Say on whose file the entry of an act seen comes; -1 if it goes elsewhere or is lost."""
    counts, source = arm.counts, i64(frame.recorded[place])
    slot, act = i64(frame.slot[source]), i64(frame.type[source])
    kind = kind_of(act, here.sizes.types)
    department = i64(law.conduct.department[kind])
    if act < here.sizes.types:
        slot = taken_for(here, law, arm, frame, place, source)
    if slot < 0:
        add(counts.strays, kind, 1)  # it reaches the department as somebody else's
    else:
        add(counts.department_load, department, 1)
    loss = i64(law.rule.loss[department]) + i64(law.added_loss[department])
    if slot >= 0 and is_lost(i64(frame.fate_0[place]) & 0xFFFF, loss):
        add(counts.entries_lost, 0, 1)
        slot = -1
    if slot >= 0 and law.settings.joins_files:
        slot = joined_to(here, law, arm, frame, source, slot)
    return slot


@passage
def take_up(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Make an entry of every act seen, but for what its row's means may change until it is settled.

    Slot -1: it goes elsewhere, or is lost.
    """
    find_channels(here, law, arm, frame)
    types, conduct = here.sizes.types, law.conduct
    for place in lanes(i64(frame.recorded[here.sizes.acts])):
        source = i64(frame.recorded[place])
        actor, act = i64(frame.slot[source]), i64(frame.type[source])
        kind = kind_of(act, types)
        department = i64(conduct.department[kind])
        slot = whose_file(here, law, arm, frame, place)
        day = day_of_act(here, frame, source)
        cannot = False
        if law.settings.has_needs and law.rule.act_omits[kind] != 0 and slot >= 0:
            closed = (i64(frame.bars[slot]) >> i64(law.rule.act_needs[kind])) & 1
            word, _, _, _ = draw(here.seed, here.base + slot, day, COULD_NOT_COMPLY, kind)
            cannot |= (closed != 0) & ((word >> 16) < law.rule.act_without[kind])
        if law.settings.has_necessity:
            cannot = cannot | was_necessary(here, law, actor, kind, day)
        frame.entry_slot[place] = slot
        frame.entry_act[place] = act
        frame.entry_label[place] = label_of(
            slot != actor, act >= types, cannot, conduct.is_lawful[kind]
        )
        frame.entry_day[place] = day
        frame.entry_due[place] = due_day_of(
            day,
            i64(frame.fate_1[place]) & 0xFFFF,
            i64(law.rule.delay_span[department]),
            i64(law.backlog_days[department]),
        )
    barrier()
