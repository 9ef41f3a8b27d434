"""What goes wrong on purpose: a breach, opponents put on a list, a scandal of one enterprise."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import BREACH, TARGETED, draw
from glasshouse.engine.sweep.days import day_drawn
from glasshouse.engine.sweep.grounds import NO_GROUND, open_listing
from glasshouse.engine.tables import Entry
from glasshouse.kernel import add, barrier, first_lane, i64, lanes, passage
from glasshouse.stages.record.record_kernel import LAWFUL_ACT, NOT_THEIRS, points_cell
from glasshouse.stages.society.society_kernel import FIRM, PERSON

MOST_OUTSPOKEN = 57344
"""Outspokenness of the top eighth."""

OPPONENT = 0
SCANDAL = 1
"""Indices of the draws of who is targeted."""


@passage
def is_month(here: Any, month: int) -> bool:
    """Say whether this is the first step of the ``month``-th month of the run, counted from 1."""
    first: bool = here.when.first_day == here.when.month_first
    return first and month == here.when.age_month + 1


@passage
def break_in(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let an outsider read the files of some people, and take points from some, in one month.

    Each file is drawn at its own address; points taken are no act of the person's.
    """
    settings, people = law.settings, here.people
    if is_month(here, settings.breach_month):
        on = i64(law.rule.instruments_on[here.province])
        for slot in lanes(people):
            word, second, _, _ = draw(here.seed, here.base + slot, 0, BREACH, 0)
            if here.rows.kind[slot] != 0 and word < settings.breach_read:
                add(arm.counts.people_exposed, 0, 1)
                add(arm.counts.records_breached, 0, i64(arm.outcome.entries[slot]))
            if here.rows.kind[slot] != 0 and second < settings.breach_altered:
                add(arm.counts.people_altered, 0, 1)
                for instrument in range(here.sizes.instruments):
                    scores = law.rule.applies_kind[instrument] == here.rows.kind[slot]
                    if (on >> instrument) & 1 and scores:
                        at = points_cell(instrument, NOT_THEIRS, slot, people)
                        add(frame.new_points, at, -settings.breach_points)
        barrier()


@passage
def list_opponents(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let officials put the most outspoken who have spoken lawfully on a list, without a ground."""
    settings, rows, when = law.settings, here.rows, here.when
    on_list = settings.opponents_list
    if settings.opponents > 0 and (i64(law.rule.lists_on[here.province]) >> on_list) & 1:
        for _ in first_lane():
            for slot in range(here.people):
                speaks = (
                    rows.outspokenness[slot] >= MOST_OUTSPOKEN and arm.outcome.acts_lawful[slot]
                )
                free = (i64(arm.state.listed[slot]) >> on_list) & 1 == 0
                if rows.kind[slot] == PERSON and speaks and free:
                    word, _, _, _ = draw(
                        here.seed, here.base + slot, when.month, TARGETED, OPPONENT
                    )
                    day = day_drawn(when, word, settings.opponents, when.first_day)
                    if day >= 0:
                        entry = Entry(slot, NO_GROUND, LAWFUL_ACT, 0, day, day, 0)
                        add(arm.counts.opponents_listed, 0, 1)
                        open_listing(here, law, arm, frame, on_list, entry, day)
        barrier()


@passage
def spill_scandal(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let the unsafe product of one enterprise cost all others of its branch, guilty or not."""
    settings = law.settings
    if is_month(here, settings.scandal_month):
        for slot in lanes(here.people):
            word, _, _, _ = draw(here.seed, here.base + slot, 0, TARGETED, SCANDAL)
            if here.rows.kind[slot] == FIRM and word < settings.scandal_branch:
                lost = (i64(arm.state.means[slot]) * settings.scandal_loss) >> 16
                add(frame.means_lost, slot, lost)
                add(arm.counts.scandal_enterprises, 0, 1)
        barrier()


@passage
def suffer_threats(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let happen what the threats of the arm say of this step, before scores are made."""
    break_in(here, law, arm, frame)
    spill_scandal(here, law, arm, frame)
