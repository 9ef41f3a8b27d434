"""Approval of the punishments: a survey that is counted and not stored."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import APPROVAL, draw
from glasshouse.kernel import add, i64, lanes, passage
from glasshouse.stages.response.response_kernel import approval_level
from glasshouse.stages.society.society_kernel import ADULT_YEARS, PERSON, age_years


@passage
def ask_approval(here: Any, law: Any, arm: Any) -> None:
    """Ask every adult; what is said aloud may hide that one does not approve."""
    settings, state, rows = law.settings, arm.state, here.rows
    if settings.approval_base != 0:
        asked = approves = declared = 0
        for slot in lanes(here.people):
            years = age_years(rows.birth_month[slot], here.when.age_month)
            if rows.kind[slot] == PERSON and years >= ADULT_YEARS:
                mind, hides, reads, _ = draw(here.seed, here.base + slot, 0, APPROVAL, 0)
                hit = i64(arm.outcome.refusals[slot]) + i64(arm.outcome.listings[slot])
                level = approval_level(
                    settings.approval_base,
                    state.trust[slot],
                    settings.trust_moves_approval,
                    min(hit, 1),
                    settings.approval_lost_if_hit,
                    i64(reads < settings.informed_share),
                    settings.information_lowers,
                )
                does = (mind >> 16) < level
                asked += 1
                approves += does
                declared += does | (hides < settings.conceals)
        add(arm.counts.asked, 0, asked)
        add(arm.counts.approves, 0, approves)
        add(arm.counts.approves_declared, 0, declared)
