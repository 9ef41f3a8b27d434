"""Puts the persons of a community into households of drawn sizes, couples and children first.

The persons are given (they carry the census's ages), so are the sizes (they carry its one-person
share); what is assembled is who lives with whom. It is a greedy walk, done once a community by one
lane, in four rounds: households with minors, in which every minor has a parent 16 to 50 years
older; heads and couples of the other households; adult children and old parents into the places
left, where ages allow; and the rest as others. Nobody is left over and nobody is invented.
"""

from __future__ import annotations

from typing import Any

from glasshouse.chance import HOUSEHOLD_SIZE, below, draw, inverted_evenly
from glasshouse.kernel import i64, kernel, lanes, passage
from glasshouse.stages.society.society_kernel import (
    ADULT_YEARS,
    CHILD,
    COUPLE,
    HEAD,
    LAST_SIZE,
    LONE_MOTHER,
    OTHER,
    PARENT,
    PARTNER,
    YEARS,
)

# Completed years between a parent and a child: one inside 16 .. 50, so that months fit as well.
LEAST_GAP = 17
MOST_GAP = 49

SPOUSE_REACH = 15
"""Most years between partners."""

PLACES_FOR_MINORS = 3
"""Minors that a household takes before the others have had theirs."""

PARENTS_AT_MOST = 2

# Places in Draft.totals.
PEOPLE = 0
BODIES_HERE = 1
FAMILY = 2
HOUSEHOLDS = 3
UNITS = 4
MINORS = 5
CURSOR = 6
PLACES = 7
N_TOTALS = 8

BUCKETS = 2 * YEARS


@passage
def draw_homes(seed: int, base: int, count: int, tables: Any, draft: Any) -> None:
    """Draw what households and places need: by household its size, by place an age at birth.

    There are never more households or places than rows.
    """
    last_gap = len(tables.child_gap_cumulative) - 1
    last_spouse = len(tables.spouse_gap_cumulative) - 1
    for home in lanes(count):
        (
            draft.word_0[home],
            draft.word_1[home],
            draft.word_2[home],
            draft.word_3[home],
        ) = draw(seed, base + home, 0, HOUSEHOLD_SIZE, 0)
    for place in lanes(count):
        draft.word_4[place], draft.word_5[place], draft.minor_word[place], _ = draw(
            seed, base + place, 0, HOUSEHOLD_SIZE, 1
        )
    for home in lanes(count):
        draft.size[home] = 1 + inverted_evenly(
            i64(draft.word_0[home]), tables.size_cumulative, 0, LAST_SIZE
        )
        draft.couple[home] = draft.word_1[home] < tables.chances[COUPLE]
        draft.lone_sex[home] = draft.word_3[home] < tables.chances[LONE_MOTHER]
    for home in lanes(count):
        draft.older[home] = tables.spouse_gap_first[0] + inverted_evenly(
            i64(draft.word_2[home]), tables.spouse_gap_cumulative, 0, last_spouse
        )
    for place in lanes(count):
        draft.gap[place] = tables.child_gap_first[0] + inverted_evenly(
            i64(draft.word_4[place]), tables.child_gap_cumulative, 0, last_gap
        )
        draft.coins[place] = draft.word_5[place] >> 30


@passage
def fill_buckets(draft: Any) -> None:
    """Count the family members and chain those of one sex and year of age, a bucket each."""
    for bucket in range(BUCKETS):
        draft.bucket[bucket] = -1
    family = 0
    minors = 0
    for person in range(draft.totals[PEOPLE]):
        if draft.taken[person] == 0:
            years = draft.months[person] // 12
            bucket = draft.sex[person] * YEARS + years
            draft.chain[person] = draft.bucket[bucket]
            draft.bucket[bucket] = person
            family += 1
            if years < ADULT_YEARS:
                minors += 1
    draft.totals[FAMILY] = family
    draft.totals[MINORS] = minors


@passage
def open_homes(draft: Any) -> None:
    """Open households of the drawn sizes until all family members have a place.

    The last household is cut to what is left, which lowers the mean size by about 1 in 1,700 in a
    community of 2,048 rows.
    """
    family = int(draft.totals[FAMILY])
    home = 0
    start = 0
    places = 0
    while start < family:
        size = min(int(draft.size[home]), family - start)
        couple = int(draft.couple[home]) if size > 1 else 0
        draft.size[home] = size
        draft.couple[home] = couple
        draft.start[home] = start
        draft.seated[home] = 0
        draft.parents[home] = 0
        places += min(size - 1 - couple, PLACES_FOR_MINORS)
        start += size
        home += 1
    draft.totals[HOUSEHOLDS] = home
    draft.totals[PLACES] = places


@kernel
def take_near(
    bucket: Any, chain: Any, taken: Any, sex: int, sexes: int, target: int, low: int, high: int
) -> int:
    """Take somebody of ``low`` .. ``high`` years, as near ``target`` as there is, or give -1.

    ``sexes`` is 2 where the other sex will do as well.
    """
    low = max(low, 0)
    high = min(high, YEARS - 1)
    target = min(max(target, low), high)
    reach = max(target - low, high - target)
    found = -1
    tried = 0
    # Each distance is tried below and above the target, in one sex and maybe in the other.
    while found < 0 and low <= high and tried < 2 * sexes * (reach + 1):
        distance = tried // (2 * sexes)
        rest = tried % (2 * sexes)
        years = target + distance if rest % 2 == 1 else target - distance
        if years >= low and years <= high:
            here = (sex ^ (rest // 2)) * YEARS + years
            person = int(bucket[here])
            # Who was taken elsewhere is passed over.
            while person >= 0 and taken[person] == 1:
                person = int(chain[person])
            bucket[here] = person
            if person >= 0:
                bucket[here] = chain[person]
                taken[person] = 1
                found = person
        tried += 1
    return found


@passage
def take_partner(draft: Any, home: int, person: int, low: int, high: int) -> int:
    """Take a partner of the other sex for a person, or give -1."""
    years = int(draft.months[person]) // 12
    sex = int(draft.sex[person])
    older = int(draft.older[home])
    return take_near(
        draft.bucket,
        draft.chain,
        draft.taken,
        1 - sex,
        1,
        years + older if sex == 1 else years - older,
        max(low, years - SPOUSE_REACH, ADULT_YEARS),
        min(high, years + SPOUSE_REACH),
    )


@passage
def seat_couple(draft: Any, home: int, one: int, other: int) -> None:
    """Seat the elder as head and the other as partner; ``other`` is -1 where there is none."""
    head = one
    partner = other
    if other >= 0 and draft.months[other] > draft.months[one]:
        head = other
        partner = one
    start = int(draft.start[home])
    draft.member[start] = head
    draft.role[head] = HEAD
    draft.couple[home] = 0
    draft.seated[home] = 1
    if partner >= 0:
        draft.member[start + 1] = partner
        draft.role[partner] = PARTNER
        draft.couple[home] = 1
        draft.seated[home] = 2


@passage
def seat_child(draft: Any, home: int, low: int, high: int) -> int:
    """Seat a child of ``low`` .. ``high`` years whom head and partner can be parents of; give 1.

    Gives 0 where there is none.
    """
    start = int(draft.start[home])
    place = start + int(draft.seated[home])
    # The head is the elder.
    elder = int(draft.months[draft.member[start]]) // 12
    younger = int(draft.months[draft.member[start + draft.couple[home]]]) // 12
    person = take_near(
        draft.bucket,
        draft.chain,
        draft.taken,
        draft.coins[place] & 1,
        2,
        younger - int(draft.gap[place]),
        max(low, elder - MOST_GAP),
        min(high, younger - LEAST_GAP),
    )
    if person >= 0:
        draft.member[place] = person
        draft.role[person] = CHILD
        draft.seated[home] += 1
    return 1 if person >= 0 else 0


@passage
def minors_wanted(draft: Any, home: int, minors: int, places: int) -> int:
    """Say how many of the minors left go here: each place with the chance minors / places."""
    first = int(draft.start[home]) + 1 + int(draft.couple[home])
    free = min(int(draft.size[home]) - 1 - int(draft.couple[home]), PLACES_FOR_MINORS)
    wanted = 0
    for index in range(free):
        if below(draft.minor_word[first + index], places - index) < minors - wanted:
            wanted += 1
    return wanted


@passage
def seat_families(draft: Any) -> None:
    """Share the minors out among the places for them and give each household its parents.

    All minors are placed if there is room; a household's first is the next in order of drafting,
    brothers and sisters are chosen by age.
    """
    people = int(draft.totals[PEOPLE])
    minors = int(draft.totals[MINORS])
    places = int(draft.totals[PLACES])
    first = 0
    for home in range(draft.totals[HOUSEHOLDS]):
        couple = int(draft.couple[home])
        wanted = minors_wanted(draft, home, minors, places)
        places -= min(int(draft.size[home]) - 1 - couple, PLACES_FOR_MINORS)
        while (
            wanted > 0
            and first < people
            and (draft.taken[first] == 1 or draft.months[first] >= 12 * ADULT_YEARS)
        ):
            first += 1
        if wanted > 0 and first < people:
            years = int(draft.months[first]) // 12
            youngest = max(years + LEAST_GAP, ADULT_YEARS)
            parent = take_near(
                draft.bucket,
                draft.chain,
                draft.taken,
                1 if couple == 1 else int(draft.lone_sex[home]),
                1 + couple,
                years + int(draft.gap[draft.start[home]]),
                youngest,
                years + MOST_GAP,
            )
            if parent >= 0:
                draft.taken[first] = 1
                other = -1
                if couple == 1:
                    other = take_partner(draft, home, parent, youngest, years + MOST_GAP)
                seat_couple(draft, home, parent, other)
                draft.member[draft.start[home] + draft.seated[home]] = first
                draft.role[first] = CHILD
                draft.seated[home] += 1
                minors -= 1
                for _ in range(1, wanted):
                    minors -= seat_child(draft, home, 0, ADULT_YEARS - 1)
    draft.totals[MINORS] = minors


@passage
def next_person(draft: Any) -> int:
    """Take the next person in order of drafting: likely heads, then any adult, then anybody.

    The order of drafting is chance, so this is a fair draw; -1 when all are taken.
    """
    people = int(draft.totals[PEOPLE])
    cursor = int(draft.totals[CURSOR])
    found = -1
    while found < 0 and cursor < 3 * people:
        turn = cursor // people
        person = cursor - turn * people
        if draft.taken[person] == 0:
            serves = 1
            if turn == 0:
                serves = int(draft.likely_head[person])
            elif turn == 1:
                serves = 1 if draft.months[person] >= 12 * ADULT_YEARS else 0
            if serves == 1:
                found = person
                draft.taken[person] = 1
        cursor += 1
    draft.totals[CURSOR] = cursor
    return found


@passage
def seat_heads(draft: Any) -> None:
    """Give the other households a head, and a partner where a couple is wanted; the single last."""
    draft.totals[CURSOR] = 0
    for alone in range(2):
        for home in range(draft.totals[HOUSEHOLDS]):
            is_alone = 1 if draft.size[home] == 1 else 0
            if draft.seated[home] == 0 and is_alone == alone:
                head = next_person(draft)
                partner = -1
                if draft.couple[home] == 1:
                    partner = take_partner(draft, home, head, 0, YEARS)
                seat_couple(draft, home, head, partner)


@passage
def seat_parent(draft: Any, home: int) -> int:
    """Seat an old parent of the head and give 1; give 0 where there is none or are enough."""
    start = int(draft.start[home])
    place = start + int(draft.seated[home])
    years = int(draft.months[draft.member[start]]) // 12
    person = -1
    if draft.parents[home] < PARENTS_AT_MOST:
        person = take_near(
            draft.bucket,
            draft.chain,
            draft.taken,
            draft.coins[place] & 1,
            2,
            years + int(draft.gap[place]),
            years + LEAST_GAP,
            years + MOST_GAP,
        )
    if person >= 0:
        draft.member[place] = person
        draft.role[person] = PARENT
        draft.parents[home] += 1
        draft.seated[home] += 1
    return 1 if person >= 0 else 0


@passage
def seat_relatives(draft: Any) -> None:
    """Fill the places left: minors with parents, then adult children and old parents."""
    for adults in range(0 if draft.totals[MINORS] > 0 else 1, 2):
        least = adults * ADULT_YEARS
        most = ADULT_YEARS - 1 + adults * YEARS
        for home in range(draft.totals[HOUSEHOLDS]):
            found = 1
            while found == 1 and draft.seated[home] < draft.size[home]:
                # In half of the places an old parent is looked for first, in half a child.
                coin = (draft.coins[draft.start[home] + draft.seated[home]] >> 1) & adults
                found = 0
                for turn in range(1 + adults):
                    if found == 0 and turn == coin:
                        found = seat_child(draft, home, least, most)
                    elif found == 0:
                        found = seat_parent(draft, home)


@passage
def seat_others(draft: Any) -> None:
    """Give the places that nobody's age fitted to whoever is left."""
    draft.totals[CURSOR] = 2 * draft.totals[PEOPLE]
    for home in range(draft.totals[HOUSEHOLDS]):
        while draft.seated[home] < draft.size[home]:
            person = next_person(draft)
            draft.member[draft.start[home] + draft.seated[home]] = person
            draft.role[person] = OTHER
            draft.seated[home] += 1


@passage
def assemble(draft: Any) -> None:
    """Put everybody who is not in collective living into a household; one lane's work."""
    fill_buckets(draft)
    open_homes(draft)
    seat_families(draft)
    seat_heads(draft)
    seat_relatives(draft)
    seat_others(draft)
