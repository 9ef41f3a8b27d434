"""Lays out one community: its place, its people, their households in random order, their ties.

The layout depends on the seed, the community's number, its size and the society, and on nothing
else, so another community changes nobody. The whole community is always laid out; since households,
collective residents and bodies stand in random order, its first rows are a fair sample of it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from glasshouse.chance import (
    AGE_AND_SEX,
    ENTERPRISE,
    EXPOSURE,
    HOUSEHOLD_ORDER,
    TIE_ORDER,
    below,
    draw,
    inverted_evenly,
)
from glasshouse.kernel import barrier, first_lane, i64, kernel, lanes, passage
from glasshouse.stages.society.household_kernel import (
    BODIES_HERE,
    BUCKETS,
    HOUSEHOLDS,
    N_TOTALS,
    PEOPLE,
    UNITS,
    assemble,
    draw_homes,
)
from glasshouse.stages.society.society_kernel import (
    ADULT_YEARS,
    BAND_MONTHS,
    CHILD,
    COLLECTIVE,
    COURT,
    CUTS,
    FIRM,
    GOVERNMENT,
    HEAD,
    LAST_CUT,
    MONTHS_OF_BODY,
    N_TRAITS,
    NOBODY,
    PERSON,
    ROLE_OF_BODY,
    bodies_of_community,
    car_word,
    exposure_of,
    place_of_community,
    purpose_of_trait,
    tabulated_trait,
    uniform_trait,
)
from glasshouse.stages.society.ties_kernel import BANDS, tie_up


class Draft(NamedTuple):
    """Work arrays of one community of ``S`` rows.

    A *unit* is a household, a collective resident or a body: enterprise, court or government.
    """

    months: Any  # i4 [S] age of a drafted person
    sex: Any  # u1 [S]
    taken: Any  # u1 [S] 1: has a place, or lives in a collective household
    likely_head: Any  # u1 [S]
    role: Any  # u1 [S]
    chain: Any  # i4 [S] next of the same sex and year of age
    bucket: Any  # i4 [BUCKETS] first of a sex and year of age
    size: Any  # u1 [S] of a household
    couple: Any  # u1 [S] 1: a couple is wanted, later: there is a partner
    older: Any  # i1 [S] years by which a husband here is the elder
    lone_sex: Any  # u1 [S] sex of a lone parent here
    gap: Any  # u1 [S] by place: a parent's age at birth
    coins: Any  # u1 [S] by place: two coins
    minor_word: Any  # u4 [S] by place: whether it takes a minor
    start: Any  # i4 [S] a household's first place in `member`
    seated: Any  # u1 [S] members found
    parents: Any  # u1 [S] members who are the head's parents
    member: Any  # i4 [S] drafted persons by household, collective residents behind them
    unit: Any  # i4 [S] units in random order
    unit_slot: Any  # i4 [S] first slot of the unit at that place
    unit_next: Any  # i4 [S] first slot of the next unit that is no body, -1: none
    here: Any  # u1 [S] by slot, 1: a parent lives in the household
    word_0: Any  # u4 [S] words of what is being drawn
    word_1: Any  # u4 [S]
    word_2: Any  # u4 [S]
    word_3: Any  # u4 [S]
    word_4: Any  # u4 [S]
    word_5: Any  # u4 [S]
    word_6: Any  # u4 [S]
    word_7: Any  # u4 [S]
    car_word: Any  # u4 [S] the household's, by slot
    order_word: Any  # u4 [S]
    friend_word: Any  # u4 [S]
    work_word: Any  # u4 [S]
    group_word: Any  # u4 [S]
    ring: Any  # i4 [S]
    by_band: Any  # i4 [S]
    band: Any  # i4 [BANDS + 1]
    totals: Any  # i4 [N_TOTALS]


_BY_ROW = {
    "months": "i4", "sex": "u1", "taken": "u1", "likely_head": "u1", "role": "u1", "chain": "i4",
    "size": "u1", "couple": "u1", "older": "i1", "lone_sex": "u1", "gap": "u1", "coins": "u1",
    "minor_word": "u4", "start": "i4", "seated": "u1", "parents": "u1", "member": "i4",
    **{f"word_{number}": "u4" for number in range(8)}, "car_word": "u4",
    "unit": "i4", "unit_slot": "i4", "unit_next": "i4", "here": "u1", "order_word": "u4",
    "friend_word": "u4", "work_word": "u4", "group_word": "u4", "ring": "i4", "by_band": "i4",
}  # fmt: skip
_FIXED = {"bucket": BUCKETS, "band": BANDS + 1, "totals": N_TOTALS}


def draft_sizes(rows: int) -> dict[str, tuple[str, int]]:
    """Give the type and the length of every array of a Draft, in its order."""
    return {
        name: (_BY_ROW[name], rows) if name in _BY_ROW else ("i4", _FIXED[name])
        for name in Draft._fields
    }


@passage
def draw_people(
    seed: int, base: int, count: int, people: int, province: int, tables: Any, draft: Any
) -> None:
    """Draw the drafted persons, and the words that order households and ties.

    A draft has an address of its own, which is not that of the row where the person ends up.
    """
    for person in lanes(people):
        (
            draft.word_0[person],
            draft.word_1[person],
            draft.word_2[person],
            draft.word_3[person],
        ) = draw(seed, base + person, 0, AGE_AND_SEX, 0)
    for person in lanes(people):
        cell = inverted_evenly(
            i64(draft.word_0[person]), tables.age_sex_cumulative, province * CUTS, LAST_CUT
        )
        months = (cell >> 1) * BAND_MONTHS + below(i64(draft.word_1[person]), BAND_MONTHS)
        draft.months[person] = months
        draft.sex[person] = cell & 1
    for person in lanes(people):
        years = i64(draft.months[person]) // 12
        draft.taken[person] = draft.word_2[person] < tables.collective[years]
        draft.likely_head[person] = draft.word_3[person] < tables.heads[years]
        draft.role[person] = COLLECTIVE
    for place in lanes(count):
        draft.order_word[place], _, _, _ = draw(seed, base + place, 0, HOUSEHOLD_ORDER, 0)
    for place in lanes(count):
        (
            draft.friend_word[place],
            draft.work_word[place],
            draft.group_word[place],
            _,
        ) = draw(seed, base + place, 0, TIE_ORDER, 0)


@passage
def list_collective(draft: Any) -> None:
    """Write the collective residents behind the members of households and count the units."""
    households = int(draft.totals[HOUSEHOLDS])
    end = 0
    if households > 0:
        end = int(draft.start[households - 1]) + int(draft.size[households - 1])
    residents = 0
    for person in range(draft.totals[PEOPLE]):
        if draft.role[person] == COLLECTIVE:
            draft.member[end + residents] = person
            residents += 1
    draft.totals[UNITS] = households + residents + draft.totals[BODIES_HERE]


@passage
def order_units(draft: Any) -> None:
    """Shuffle the units, give each its first slot and find who lives next door."""
    households = int(draft.totals[HOUSEHOLDS])
    units = int(draft.totals[UNITS])
    homes = units - int(draft.totals[BODIES_HERE])
    for place in range(units):
        other = below(draft.order_word[place], place + 1)
        draft.unit[place] = draft.unit[other]
        draft.unit[other] = place
    slot = 0
    first_home = -1
    for place in range(units):
        draft.unit_slot[place] = slot
        unit = int(draft.unit[place])
        if unit < homes and first_home < 0:
            first_home = slot
        slot += int(draft.size[unit]) if unit < households else 1
    following = first_home
    for back in range(units):
        place = units - 1 - back
        slot = int(draft.unit_slot[place])
        draft.unit_next[place] = -1 if following == slot else following
        if draft.unit[place] < homes:
            following = slot


@passage
def write_person(draft: Any, rows: Any, person: int, slot: int) -> None:
    """Write what a drafted person brings along."""
    rows.kind[slot] = PERSON
    rows.sex[slot] = draft.sex[person]
    rows.birth_month[slot] = -draft.months[person]
    rows.role[slot] = draft.role[person]


@kernel
def body_kind(body: int, firms: int, courts: int) -> int:
    """Give what the ``body``-th body of a community is: enterprises first, governments last."""
    late = COURT if body < firms + courts else GOVERNMENT
    return FIRM if body < firms else late


@passage
def write_units(draft: Any, rows: Any, firms: int, courts: int) -> None:
    """Write the rows of all units at their slots, without ties among friends and colleagues."""
    households = int(draft.totals[HOUSEHOLDS])
    homes = int(draft.totals[UNITS]) - int(draft.totals[BODIES_HERE])
    residents_at = int(draft.totals[PEOPLE]) - (homes - households)
    for place in lanes(draft.totals[UNITS]):
        unit = int(draft.unit[place])
        first = int(draft.unit_slot[place])
        following = int(draft.unit_next[place])
        size = int(draft.size[unit]) if unit < households else 1
        for index in range(size):
            slot = first + index
            here = 0
            if unit < households:
                person = int(draft.member[draft.start[unit] + index])
                write_person(draft, rows, person, slot)
                role = int(draft.role[person])
                if role == CHILD or (role == HEAD and draft.parents[unit] > 0):
                    here = 1
            elif unit < homes:
                person = int(draft.member[residents_at + unit - households])
                write_person(draft, rows, person, slot)
            else:
                body = unit - homes
                rows.kind[slot] = body_kind(body, firms, courts)
                rows.sex[slot] = 0
                rows.birth_month[slot] = -MONTHS_OF_BODY
                rows.role[slot] = ROLE_OF_BODY
            draft.here[slot] = here
            rows.household_first[slot] = first
            rows.household_size[slot] = size
            rows.neighbour[slot] = following if following >= 0 else slot
            rows.colleague[slot] = slot
            rows.friend_after[slot] = slot


@passage
def write_traits(seed: int, base: int, tables: Any, rows: Any) -> None:
    """Write traits, each from the row's own address."""
    columns = (
        rows.honesty,
        rows.altruism,
        rows.outspokenness,
        rows.literacy,
        rows.means_start,
    )
    for trait in range(N_TRAITS):
        column = columns[trait]
        purpose = purpose_of_trait(trait)
        if tables.trait_length[trait] > 0:
            for slot in lanes(len(column)):
                word, _, _, _ = draw(seed, base + slot, 0, purpose, trait)
                column[slot] = tabulated_trait(word, trait, tables)
        else:
            for slot in lanes(len(column)):
                word, _, _, _ = draw(seed, base + slot, 0, purpose, trait)
                column[slot] = uniform_trait(word)


@passage
def write_exposure(seed: int, base: int, urban: int, tables: Any, rows: Any, draft: Any) -> None:
    """Write what persons are exposed to, each from the row's own address and the household's."""
    for slot in lanes(len(rows.kind)):
        (
            draft.word_0[slot],
            draft.word_1[slot],
            draft.word_2[slot],
            draft.word_3[slot],
        ) = draw(seed, base + slot, 0, EXPOSURE, 0)
    for slot in lanes(len(rows.kind)):
        (
            draft.word_4[slot],
            draft.word_5[slot],
            draft.word_6[slot],
            draft.word_7[slot],
        ) = draw(seed, base + slot, 0, EXPOSURE, 1)
    for slot in lanes(len(rows.kind)):
        draft.car_word[slot] = car_word(seed, base + i64(rows.household_first[slot]))
    for slot in lanes(len(rows.kind)):
        bits = exposure_of(
            (
                i64(draft.word_0[slot]),
                i64(draft.word_1[slot]),
                i64(draft.word_2[slot]),
                i64(draft.word_3[slot]),
            ),
            (
                i64(draft.word_4[slot]),
                i64(draft.word_5[slot]),
                i64(draft.word_6[slot]),
                i64(draft.word_7[slot]),
            ),
            i64(draft.car_word[slot]),
            i64(rows.role[slot]),
            -i64(rows.birth_month[slot]) // 12,
            urban,
            i64(draft.here[slot]),
            tables,
        )
        rows.exposure[slot] = bits * (rows.kind[slot] == PERSON)


@passage
def give_friends_before(rows: Any) -> None:
    """Write who is the friend before: everybody is, for the friend after."""
    for slot in lanes(len(rows.kind)):
        rows.friend_before[rows.friend_after[slot]] = slot


@passage
def give_representatives(seed: int, base: int, rows: Any) -> None:
    """Give every body an adult of the community who stands for it, if there is one.

    That is the owner of an enterprise, the president of a court, the head of a government.
    """
    count = len(rows.kind)
    for slot in lanes(count):
        if rows.kind[slot] > PERSON:
            word, _, _, _ = draw(seed, base + slot, 0, ENTERPRISE, 1)
            candidate = below(word, count)
            looked = 0
            while looked < count and (
                rows.kind[candidate] != PERSON or rows.birth_month[candidate] > -12 * ADULT_YEARS
            ):
                candidate = candidate + 1 if candidate + 1 < count else 0
                looked += 1
            rows.colleague[slot] = candidate if looked < count else slot


@passage
def cut_short(rows: Any, people: int) -> None:
    """Leave nobody behind the first ``people`` rows: a society's last community may be partial."""
    for slot in lanes(len(rows.kind)):
        if slot >= people:
            rows.kind[slot] = NOBODY


@passage
def lay_out(seed: int, community: int, tables: Any, rows: Any, draft: Any) -> None:
    """Write all static columns of one community; ``len(rows.kind)`` is the size of a community."""
    count = len(rows.kind)
    base = community * count
    province, _, urban = place_of_community(seed, community, tables)
    firms, courts, governments = bodies_of_community(seed, community, count, tables)
    bodies = firms + courts + governments
    draw_people(seed, base, count, count - bodies, province, tables, draft)
    draw_homes(seed, base, count, tables, draft)
    barrier()
    for _ in first_lane():
        draft.totals[PEOPLE] = count - bodies
        draft.totals[BODIES_HERE] = bodies
        assemble(draft)
        list_collective(draft)
        order_units(draft)
    barrier()
    write_units(draft, rows, firms, courts)
    barrier()
    write_traits(seed, base, tables, rows)
    write_exposure(seed, base, urban, tables, rows, draft)
    give_representatives(seed, base, rows)
    barrier()
    for _ in first_lane():
        tie_up(tables, rows, draft)
    barrier()
    give_friends_before(rows)
    barrier()
