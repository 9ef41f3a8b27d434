"""Trust in strangers: what breaches in the community do to it, and what published records do."""

from __future__ import annotations

from typing import Any

from glasshouse.engine.sweep.coverage import has_file
from glasshouse.kernel import add, barrier, first_lane, i64, lanes, passage, row
from glasshouse.stages.response.response_kernel import strangers_after
from glasshouse.stages.scoring.scoring_kernel import NEIGHBOURS_SEE


@passage
def breaches_so_far(here: Any, law: Any, arm: Any) -> int:
    """Give the breaches of trust that the step has counted in the arm and province until now."""
    total = 0
    for kind in range(here.sizes.types):
        total += i64(arm.counts.acts[kind]) * law.conduct.is_breach[kind]
    return total


@passage
def note_breaches_before(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Take down what other communities have added before this one acts."""
    if law.settings.has_strangers:
        for _ in first_lane():
            frame.breaches_before[0] = breaches_so_far(here, law, arm)
        barrier()


@passage
def has_good_record(here: Any, law: Any, arm: Any, slot: int) -> bool:
    """Say whether some published score of a row stands at the start or above."""
    rule, good = law.rule, 0
    on = i64(rule.instruments_on[here.province])
    for instrument in range(here.sizes.instruments):
        good += (
            ((on >> instrument) & 1)
            & (rule.seen_by[instrument] >= NEIGHBOURS_SEE)
            & has_file(here, law, instrument, slot)
            & (row(arm.state.score_points, instrument)[slot] >= rule.start[instrument])
        )
    return good > 0


@passage
def trust_strangers(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Move trust in strangers by the last step's breaches and records; put down this step's.

    A breach is heard of in the whole community; so is the share with a good published record.
    """
    settings, opened = law.settings, arm.opened
    if settings.has_strangers:
        people = max(here.people, 1)
        heard = i64(opened.breaches[arm.number]) * settings.strangers_lost_per_breach
        shown = i64(opened.good_records[arm.number]) * settings.strangers_gained_by_records
        barrier()
        for _ in first_lane():
            before = i64(frame.breaches_before[0])
            opened.breaches[arm.number] = breaches_so_far(here, law, arm) - before
            opened.good_records[arm.number] = 0
        barrier()
        total = good = 0
        for slot in lanes(here.people):
            level = strangers_after(
                i64(arm.state.strangers[slot]),
                heard // people,
                shown // people,
                settings.strangers_recover,
            )
            arm.state.strangers[slot] = level
            total += level
            good += has_good_record(here, law, arm, slot)
        add(opened.good_records, arm.number, good)
        add(arm.counts.strangers_sum, 0, total)
        barrier()
