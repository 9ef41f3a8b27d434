"""Friends who leave somebody whose low grade everyone sees."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import FRIEND_LEAVES, draw
from glasshouse.engine.sweep.amounts import WORD, grow
from glasshouse.engine.sweep.coverage import has_file
from glasshouse.kernel import add, i64, lanes, passage, row
from glasshouse.stages.scoring.scoring_kernel import EVERYONE_SEES


@passage
def stands_lowest(here: Any, law: Any, arm: Any, slot: int) -> bool:
    """Say whether a row stands in the lowest of several grades of a score that everyone sees."""
    rule = law.rule
    lowest = 0
    on = i64(rule.instruments_on[here.province])
    for instrument in range(here.sizes.instruments):
        lowest += (
            ((on >> instrument) & 1)
            & (rule.seen_by[instrument] == EVERYONE_SEES)
            & (rule.grade_count[instrument] > 1)
            & has_file(here, law, instrument, slot)
            & (row(arm.state.grade, instrument)[slot] == 0)
        )
    return lowest > 0


@passage
def leave_low_scorers(here: Any, law: Any, arm: Any) -> None:
    """Count the friends who stay away from those in the lowest grade, and whom nobody is left.

    Which friend would leave is drawn once for the tie, so the friend is back when the grade rises.
    """
    rows, days = here.rows, here.when.end_day - here.when.first_day
    for slot in lanes(here.people):
        if stands_lowest(here, law, arm, slot):
            words = draw(here.seed, here.base + slot, 0, FRIEND_LEAVES, 0)
            before, after = i64(rows.friend_before[slot]), i64(rows.friend_after[slot])
            has_before = before < here.people and before != slot
            has_after = after < here.people and after != slot and after != before
            friends = i64(has_before) + i64(has_after)
            gone = i64(has_before and words[0] < law.settings.friends_leave)
            gone += i64(has_after and words[1] < law.settings.friends_leave)
            add(arm.counts.friends_lost, 0, gone)
            if friends > 0 and gone == friends:
                add(arm.counts.friendless, 0, 1)
                grow(arm.outcome.friendless_days, slot, days, WORD)
