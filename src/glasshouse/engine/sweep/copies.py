"""Copies that outlive a listing, because a correction does not reach every counter at once."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import COPY_CORRECTED, STALE_COPY, draw
from glasshouse.engine.sweep.days import day_drawn
from glasshouse.kernel import add, i64, passage
from glasshouse.stages.consequence.consequence_kernel import N_LAGS, days_of_lag
from glasshouse.stages.standing.standing_kernel import week_of

COPIES_A_LIST = 32
"""Copies of one list are addressed apart, by counter."""


@passage
def leave_copies(here: Any, law: Any, arm: Any, place: int) -> None:
    """Say at which of the counters that a listing barred its end is not heard of at once."""
    listings, rule = arm.listings, law.rule
    slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
    ended = i64(listings.leave_day[place])
    barred, stale = i64(rule.list_bars[on_list]), 0
    if law.settings.copies_stale != 0 and rule.list_red[on_list] == 0:
        for counter in range(here.sizes.counters):
            if (barred >> counter) & 1:
                word, _, _, _ = draw(
                    here.seed, here.base + slot, ended, STALE_COPY,
                    i64(rule.list_address[on_list]) * COPIES_A_LIST + counter,
                )  # fmt: skip
                if word < law.settings.copies_stale:
                    stale |= 1 << counter
    listings.copies[place] = stale
    if rule.list_red[on_list] == 0:
        for lag in range(N_LAGS):
            told = 0
            if ended + days_of_lag(lag) < here.when.run_end_day:
                for counter in range(here.sizes.counters):
                    told += (barred >> counter) & 1
            add(arm.counts.copies_told, lag, told)
        if stale == 0:
            restore(here, arm, place, ended)


@passage
def restore(here: Any, arm: Any, place: int, day: int) -> None:
    """Count a listing that ended and whose every copy is right from a day on."""
    listings = arm.listings
    weeks = here.sizes.weeks
    lasted = week_of(day - i64(listings.since_day[place]), weeks)
    add(arm.counts.restored, i64(listings.label[place]) * weeks + lasted, 1)


@passage
def find_late(arm: Any, ended: int, begin: int, until: int) -> None:
    """Count a copy that is wrong on the days ``begin`` .. ``until`` - 1 at the lags among them."""
    for lag in range(N_LAGS):
        looked = ended + days_of_lag(lag)
        if looked >= begin and looked < until:
            add(arm.counts.copies_late, lag, 1)


@passage
def correct_copies(here: Any, law: Any, arm: Any, place: int) -> int:
    """Correct the copies of an ended listing whose day has come; give those still wrong, as bits.

    A counter corrects on its own day, drawn at its own address.
    """
    listings, when = arm.listings, here.when
    slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
    stale = i64(listings.copies[place])
    ended = i64(listings.leave_day[place])
    begin, last = max(ended, when.first_day), ended
    for counter in range(here.sizes.counters):
        if (stale >> counter) & 1:
            word, _, _, _ = draw(
                here.seed, here.base + slot, when.month, COPY_CORRECTED,
                i64(law.rule.list_address[on_list]) * COPIES_A_LIST + counter,
            )  # fmt: skip
            hazard = law.settings.copies_corrected
            day = day_drawn(when, word, hazard, begin)
            if day >= 0:
                stale -= 1 << counter
                last = max(last, day)
                find_late(arm, ended, begin, day)
            else:
                add(arm.counts.copies_stale, 0, 1)
                find_late(arm, ended, begin, when.end_day)
    listings.copies[place] = stale
    if stale == 0:
        restore(here, arm, place, last)
    return stale
