"""Queues: who is favoured goes first, and somebody else waits in their place."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import QUEUE_ORDER, below, draw
from glasshouse.engine.sweep.counters import comes
from glasshouse.kernel import add, barrier, first_lane, i64, lanes, pack, passage
from glasshouse.stages.consequence.consequence_kernel import turns_waited


@passage
def hand_out_waits(here: Any, arm: Any, frame: Any, counter: int) -> None:
    """Give every place that was jumped to one of those who wait: as many turns as places.

    Whoever waits gets an equal number of turns, and who gets one more is drawn. Where nobody waits
    nobody is gone before.
    """
    waiting = i64(frame.grounded[here.sizes.slots])
    places = 0
    for slot in range(here.people):
        places += (i64(frame.jumped[slot]) >> counter) & 1
    if waiting > 0 and places > 0:
        word, _, _, _ = draw(here.seed, here.base, here.when.step, QUEUE_ORDER, counter)
        first = below(word, waiting)
        for rank in range(waiting):
            slot = i64(frame.grounded[rank])
            turns = turns_waited(places, waiting, rank, first)
            arm.outcome.waits[slot] = min(i64(arm.outcome.waits[slot]) + turns, 65535)
        add(arm.counts.waits, counter, places)
        add(arm.counts.places_jumped, counter, places)


@passage
def keep_waiting(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let those wait in every queue who come without a privilege while others go first."""
    for counter in range(here.sizes.counters):
        if (law.settings.queues >> counter) & 1:
            for slot in lanes(here.people):
                first = (i64(frame.jumped[slot]) >> counter) & 1
                stands = first == 0 and comes(here, law, slot, counter)
                frame.grade_ground[slot] = i64(stands)
            barrier()
            pack(frame.grade_ground, here.people, frame.grounded, here.sizes.slots)
            barrier()
            for _ in first_lane():
                hand_out_waits(here, arm, frame, counter)
            barrier()
