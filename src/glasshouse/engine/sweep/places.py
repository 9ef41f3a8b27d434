"""How the files of departments and places come together, and what stays behind."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import FILE_JOINED, FILE_MOVED, draw
from glasshouse.engine.sweep.days import day_drawn
from glasshouse.kernel import add, barrier, i64, lanes, passage, row
from glasshouse.stages.conduct.conduct_kernel import kind_of
from glasshouse.stages.detection.detection_kernel import other_member
from glasshouse.stages.record.record_kernel import (
    FOLLOWS_MOVES,
    IS_ELSEWHERE,
    IS_THEIRS,
    IS_UNJOINED,
    N_LABELS,
    joined_as,
)

MIXED_UP = 65536
"""Index from which the words of entries mixed up are drawn, behind those of the joins."""


@passage
def joined_to(here: Any, law: Any, arm: Any, frame: Any, source: int, slot: int) -> int:
    """Say to whose file an entry is joined; -1 where it stays with its department or goes astray.

    A furnisher may keep it to itself. Of an act away from home, what a local department writes is
    left behind before the merge; after it, it is joined by number or by name, which can miss, or
    hit somebody elsewhere. A department with a backlog also mixes up who is on the same desk.
    """
    settings, counts = law.settings, arm.counts
    act, actor = i64(frame.type[source]), i64(frame.slot[source])
    kind = kind_of(act, here.sizes.types)
    department = i64(law.conduct.department[kind])
    serial = i64(frame.act_serial[i64(frame.kept[source])])
    kept, off, joined, _ = draw(here.seed, here.base + actor, here.when.month, FILE_JOINED, serial)
    to = slot
    if kept < law.rule.withheld[department]:
        add(counts.entries_withheld, 0, 1)
        to = -1
    is_away = (act < here.sizes.types) & (off < settings.away)
    if to >= 0 and is_away and law.rule.is_local[department]:
        if settings.is_merged == 0:
            add(counts.entries_left_behind, 0, 1)
            to = -1
        else:
            found = joined_as(joined, settings.missed, settings.mistaken)
            if found == IS_UNJOINED:
                add(counts.entries_unjoined, 0, 1)
            if found == IS_ELSEWHERE:
                add(counts.entries_misjoined, 0, 1)
                add(counts.strays, kind, 1)
            to = to if found == IS_THEIRS else -1
    if to >= 0 and law.mixups[department] != 0:
        mixed, whom, _, _ = draw(
            here.seed, here.base + actor, here.when.month, FILE_JOINED, MIXED_UP + serial
        )
        other = other_member(whom, to, 0, here.people)
        alike = here.rows.kind[other] == here.rows.kind[to]
        if mixed < law.mixups[department] and alike and other != to:
            add(counts.entries_mixed_up, 0, 1)
            to = other
    return to


@passage
def leave_files(here: Any, law: Any, arm: Any) -> None:
    """Let people who move to another province in this step leave their file behind.

    Row and ties stay; what their score was made of no longer counts. After the merge the file
    follows, unless it cannot be joined; a rule may let it follow always. What is still on its way
    to the file follows as well.
    """
    settings, when, sizes = law.settings, here.when, here.sizes
    if settings.moves != 0 and law.rule.records_on[here.province] != 0:
        follows = i64(law.rule.file_access[here.province]) & FOLLOWS_MOVES
        for slot in lanes(here.people):
            word, joined, _, _ = draw(here.seed, here.base + slot, when.month, FILE_MOVED, 0)
            moves = day_drawn(when, word, settings.moves, when.first_day) >= 0
            stays = settings.is_merged == 0 or joined < settings.missed
            # Only persons move: kind 1 is PERSON.
            if moves and stays and follows == 0 and here.rows.kind[slot] == 1:
                add(arm.counts.files_left_behind, 0, 1)
                for cell in range(sizes.instruments * sizes.ring * N_LABELS):
                    ledger = row(arm.state.ledger_points, cell)
                    ledger[slot] = 0
                for instrument in range(sizes.instruments):
                    held = row(arm.state.held_until_month, instrument)
                    held[slot] = -1
    barrier()
