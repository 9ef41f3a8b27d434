"""Joining and leaving a scheme, where it asks."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import CONSENT_GIVEN, OPTING_OUT, draw
from glasshouse.engine.journal import JOINED, OPTED
from glasshouse.engine.sweep.days import day_drawn
from glasshouse.kernel import add, barrier, first_lane, i64, lanes, note, passage
from glasshouse.stages.standing.enrolment_kernel import chance_to_leave
from glasshouse.state.bits import NOT_ENROLLED, OPTED_OUT

ASKED = 2
"""Bit of ``announced``: here everybody has been asked for consent once."""


@passage
def ask_consent(here: Any, law: Any, arm: Any) -> None:
    """Ask everybody once, when a scheme that needs consent comes into force; let others follow."""
    settings, state, when = law.settings, arm.state, here.when
    asked = i64(arm.opened.announced[arm.number]) & ASKED
    barrier()
    if law.rule.consent_on[here.province] != 0:
        for slot in lanes(here.people):
            if asked == 0:
                word, _, _, _ = draw(here.seed, here.base + slot, 0, CONSENT_GIVEN, 0)
                if word >= settings.consents:
                    state.bits[slot] = i64(state.bits[slot]) | NOT_ENROLLED
            elif (i64(state.bits[slot]) & NOT_ENROLLED) != 0 and state.aware[slot]:
                word, _, _, _ = draw(here.seed, here.base + slot, when.month, CONSENT_GIVEN, 1)
                day = day_drawn(when, word, settings.joins, when.first_day)
                if day >= 0:
                    state.bits[slot] = i64(state.bits[slot]) & (255 - NOT_ENROLLED)
                    add(arm.counts.joined, 0, 1)
                    note(here.journal, JOINED, slot, arm.number, day, 0, 0)
        for _ in first_lane():
            told = i64(arm.opened.announced[arm.number])
            arm.opened.announced[arm.number] = told | ASKED
    barrier()


@passage
def let_leave(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let those leave a scheme that may be left whom it refused, or who no longer trust it."""
    state, when = arm.state, here.when
    if law.settings.opts_out != 0 and law.rule.opt_out_on[here.province] != 0:
        for slot in lanes(here.people):
            if (i64(state.bits[slot]) & OPTED_OUT) == 0 and state.aware[slot]:
                refused = i64(frame.refused_times[slot])
                chance = chance_to_leave(law.settings.opts_out, state.trust[slot], refused)
                word, _, _, _ = draw(here.seed, here.base + slot, when.month, OPTING_OUT, 0)
                if word < chance:
                    day = day_drawn(when, word, law.settings.opts_out, when.first_day)
                    if day >= 0:
                        state.bits[slot] = i64(state.bits[slot]) | OPTED_OUT
                        add(arm.counts.opted_out, 0, 1)
                        note(here.journal, OPTED, slot, arm.number, day, 0, 0)
    barrier()


@passage
def count_enrolled(here: Any, law: Any, arm: Any) -> None:
    """Count who is under the arm's schemes at the end of the step."""
    enrolled = 0
    if law.rule.records_on[here.province] != 0:
        aside = 0
        if law.rule.consent_on[here.province] != 0:
            aside |= NOT_ENROLLED
        if law.rule.opt_out_on[here.province] != 0:
            aside |= OPTED_OUT
        for slot in lanes(here.people):
            stays = (i64(arm.state.bits[slot]) & aside) == 0
            enrolled += stays & (here.rows.kind[slot] != 0)
    add(arm.counts.enrolled, 0, enrolled)
