"""What officers let pass: entries of exempt office, entries and points for a price."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import BRIBE, OFFICER_SELLS, OFFICIAL_SPARED, below, draw
from glasshouse.engine.sweep.amounts import WORD, grow
from glasshouse.kernel import add, i64, lanes, passage
from glasshouse.stages.conduct.conduct_kernel import PRAISED, kind_of
from glasshouse.stages.consequence.consequence_kernel import means_of
from glasshouse.stages.record.record_kernel import NOT_THEIRS, points_cell
from glasshouse.stages.society.society_kernel import (
    ADULT_YEARS,
    FIRM,
    OFFICIAL,
    PERSON,
    age_years,
)

TO_NOBODY = 0
TO_STATE = 1
TO_PRODUCER = 2

SCORE_OFFICE = 255
"""The office that keeps the scores, beside the departments."""

SOLD_POINTS = 65535
"""Index of the draw of who buys points, behind those of all entries."""

PRODUCER = 1
"""When of the draw of a community's producer, apart from those of officers."""


@passage
def officer_sells(here: Any, law: Any, department: int, desk: int) -> bool:
    """Say whether the officer at a desk takes money; the same one in every arm and at all times."""
    office = (department << 32) | i64(here.county)
    word, _, _, _ = draw(here.seed, office, 0, OFFICER_SELLS, desk)
    sells: bool = word < law.settings.bribe_share
    return sells


@passage
def pays_bribe(here: Any, law: Any, arm: Any, frame: Any, slot: int, word: int) -> bool:
    """Let a row pay an officer if it is willing (honesty) and able; the price is gone for good."""
    price = law.settings.bribe_price
    left = i64(arm.state.means[slot]) - i64(frame.means_lost[slot])
    pays = (word >> 16) >= i64(here.rows.honesty[slot]) and left >= price
    if pays:
        add(frame.means_lost, slot, price)
        add(arm.counts.bribes, 0, 1)
    return pays


@passage
def let_off(
    here: Any, law: Any, arm: Any, frame: Any, slot: int, act: int, officer: int, day: int
) -> int:
    """Drop an entry for office or money: give -1 then, or else the slot it is written down for."""
    settings, kept = law.settings, slot
    kind = kind_of(act, here.sizes.types)
    if law.conduct.sort[kind] != PRAISED:
        if settings.has_exemption and (i64(here.rows.exposure[slot]) & OFFICIAL) != 0:
            word, _, _, _ = draw(here.seed, here.base + slot, day, OFFICIAL_SPARED, act)
            if word < law.rule.exempt_dropped[here.province]:
                add(arm.counts.officials_spared, 0, 1)
                kept = -1
        if kept >= 0 and settings.bribe_share > 0:
            desk = (officer * settings.officers_per_office) >> 16
            if officer_sells(here, law, i64(law.conduct.department[kind]), desk):
                word, second, _, _ = draw(here.seed, here.base + slot, day, BRIBE, act)
                if pays_bribe(here, law, arm, frame, slot, word):
                    if second < settings.bribe_found:
                        add(arm.counts.bribes_found, 0, 1)
                    else:
                        kept = -1
    return kept


@passage
def spared_points(here: Any, law: Any, slot: int, points: int) -> int:
    """Give back to an official the share of lost points that an exemption says."""
    if points < 0 and (i64(here.rows.exposure[slot]) & OFFICIAL) != 0:
        points += (-points * i64(law.rule.exempt_discount[here.province])) >> 16
    return points


@passage
def sell_points(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let those who know of a scheme and can pay buy points from an officer who sells.

    They are points without an act of one's own, and labelled so.
    """
    settings, when, people = law.settings, here.when, here.people
    on = i64(law.rule.instruments_on[here.province])
    if settings.points_sell > 0 and when.first_day == when.month_first:
        for slot in lanes(people):
            grown = age_years(here.rows.birth_month[slot], when.age_month) >= ADULT_YEARS
            if here.rows.kind[slot] == PERSON and grown and arm.state.aware[slot] != 0:
                wants, desk_word, word, _ = draw(
                    here.seed, here.base + slot, when.month, BRIBE, SOLD_POINTS
                )
                desk = below(desk_word, settings.officers_per_office)
                if wants < settings.points_sell and officer_sells(here, law, SCORE_OFFICE, desk):
                    if pays_bribe(here, law, arm, frame, slot, word):
                        for instrument in range(here.sizes.instruments):
                            if (on >> instrument) & 1:
                                at = points_cell(instrument, NOT_THEIRS, slot, people)
                                add(frame.new_points, at, settings.points_sold)


@passage
def producer_here(here: Any) -> int:
    """Give the community's producer: an enterprise drawn once, or -1 where there is none."""
    word, _, _, _ = draw(here.seed, here.base, PRODUCER, OFFICER_SELLS, 0)
    at = below(word, here.people)
    looked = 0
    while looked < here.people and here.rows.kind[at] != FIRM:
        at = at + 1 if at + 1 < here.people else 0
        looked += 1
    return at if looked < here.people else -1


@passage
def give_price(here: Any, law: Any, arm: Any, seller: int, price: int) -> None:
    """Give the price of a bought act to the state, or a margin of it to the good's producer."""
    if seller == TO_STATE:
        add(arm.counts.points_revenue_yuan, 0, price)
    else:
        add(arm.counts.producer_revenue_yuan, 0, price)
        producer = producer_here(here)
        if producer >= 0:
            share = means_of(price, law.settings.yuan_of_full_means)
            margin = (share * law.settings.producer_margin) >> 16
            grow(arm.state.means, producer, margin, WORD)
