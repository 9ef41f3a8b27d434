"""Queues: who is favoured goes first, and somebody else waits in their place."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import COUNTER_ATTEMPT, QUEUE_ORDER, below, draw
from glasshouse.engine.sweep.amounts import WORD, grow
from glasshouse.engine.sweep.counters import day_at
from glasshouse.kernel import add, barrier, first_lane, i64, lanes, pack, passage
from glasshouse.stages.consequence.consequence_kernel import NO_CHILD, turns_waited
from glasshouse.stages.society.society_kernel import is_grown


@passage
def hand_out_waits(here: Any, arm: Any, frame: Any, counter: int, places: int) -> None:
    """Give every place that was jumped to one of those who wait: as many turns as places.

    Whoever waits gets an equal number of turns, and who gets one more is drawn. Where nobody waits
    nobody is gone before.
    """
    waiting = i64(frame.grounded[here.sizes.slots])
    if waiting > 0:
        word, _, _, _ = draw(here.seed, here.base, here.when.step, QUEUE_ORDER, counter)
        first = below(word, waiting)
        for step in range(min(places, waiting)):
            rank = first + step - (waiting if first + step >= waiting else 0)
            slot = i64(frame.grounded[rank])
            turns = turns_waited(places, waiting, rank, first)
            grow(arm.outcome.waits, slot, turns, WORD)
        add(arm.counts.waits, counter, places)
        add(arm.counts.places_jumped, counter, places)


@passage
def come(here: Any, law: Any, frame: Any, counter: int) -> None:
    """Say who comes to a counter in the step and was not served first there."""
    rows, when = here.rows, here.when
    needs = i64(law.rule.attempt_needs[counter])
    hazard = i64(law.rule.attempt_hazard[(when.month_days - 28) * here.sizes.counters + counter])
    at, block = counter % 4, counter // 4
    for slot in lanes(here.people):
        first, second, third, fourth = draw(
            here.seed, here.base + slot, when.month, COUNTER_ATTEMPT, block
        )
        word = (first if at == 0 else second) if at < 2 else (third if at == 2 else fourth)
        frame.fate_0[slot] = word
        adult = is_grown(rows.birth_month[slot], when.age_month)
        able = (i64(rows.exposure[slot]) & needs) == needs
        served = (i64(frame.jumped[slot]) >> counter) & 1
        frame.grade_ground[slot] = adult & able & (served == 0) & (word < hazard)
    barrier()
    whole = when.first_day == when.month_first and (
        when.end_day == when.month_first + when.month_days
    )
    if not whole or law.rule.child_to[counter] != NO_CHILD:
        for slot in lanes(here.people):
            if frame.grade_ground[slot]:
                day = day_at(here, law, slot, counter, i64(frame.fate_0[slot]))
                frame.grade_ground[slot] = i64(day >= 0)
        barrier()


@passage
def keep_waiting(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let those wait in every queue who come without a privilege while others go first."""
    for counter in range(here.sizes.counters):
        if (law.settings.queues >> counter) & 1:
            places = 0
            for slot in range(here.people):
                places += (i64(frame.jumped[slot]) >> counter) & 1
            if places > 0:
                come(here, law, frame, counter)
                pack(frame.grade_ground, here.people, frame.grounded, here.sizes.slots)
                barrier()
                for _ in first_lane():
                    hand_out_waits(here, arm, frame, counter, places)
                barrier()
