"""Scalar kernels of the society: where a community lies, who a person is, what they can meet.

Ages are months or completed years at the scenario's first month; the tables count persons as they
are at that month, whatever the day of the census. Nothing here is correlated with anything but
age, place and household: no source says how traits go together, so they are drawn apart.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from glasshouse.chance import (
    COMMUNITY_PLACE,
    ENTERPRISE,
    EXPOSURE,
    MEANS,
    TRAIT,
    below,
    draw,
    inverted,
)
from glasshouse.kernel import i64, kernel, passage

# What a row is.
NOBODY = 0
PERSON = 1
FIRM = 2
COURT = 3
GOVERNMENT = 4

# Place in the household (column `role`).
HEAD = 0
PARTNER = 1
CHILD = 2
PARENT = 3
OTHER = 4
COLLECTIVE = 5
ROLE_OF_BODY = 6

# What a person is exposed to (bits of column `exposure`).
ONLINE = 1
DRIVER = 2
EMPLOYED = 4
BORROWER = 8
PARENT_NEAR = 16
PARENT_FAR = 32
OFFICIAL = 64
PARENT_HERE = 128
LICENSED = 256

# Activity classes: who can do what at all.
CLASS_NONE = 0
CLASS_MINOR = 1
CLASS_FIRM = 2
CLASS_ADULT = 3
CLASS_COURT = 35
CLASS_GOVERNMENT = 36
N_CLASSES = 37
PARENT_ELSEWHERE = 16

YEARS = 105
"""Ages in completed years run from 0 to 104; the last band of a table ends there."""

BAND_YEARS = 5
ADULT_YEARS = 18
ADULT_MONTHS = 12 * ADULT_YEARS
MINOR_MONTHS = 12 * 14
MONTHS_OF_BODY = 1200
"""The age of a body: an enterprise, a court, a government."""

LARGEST_HOUSEHOLD = 12
LAST_SIZE = LARGEST_HOUSEHOLD - 1
CUTS = 42
"""Cells of age and sex: 21 bands of five years, male before female in each."""

LAST_CUT = CUTS - 1
BAND_MONTHS = 12 * BAND_YEARS

LAST_DRIVING_YEAR = 70

# Traits, in the order of their columns; the last is drawn under its own purpose.
HONESTY = 0
ALTRUISM = 1
OUTSPOKENNESS = 2
LITERACY = 3
MEANS_START = 4
N_TRAITS = 5

# Places in SocietyTables.chances.
COUPLE = 0
LONE_MOTHER = 1
CAR = 2
DRIVES = 3
FAR = 4
OFFICE = 5
FIRMS = 6
COURTS = 7
GOVERNMENTS = 8
LICENCE = 9
N_CHANCES = 10


class SocietyTables(NamedTuple):
    """A society as small integer tables (all ``int64``, one-dimensional).

    Thresholds are 32-bit: an event happens where its word is below. Cumulative tables end with
    2**32, which no word reaches.
    """

    province_cumulative: Any  # [province]
    county_first: Any  # [province + 1] counties are numbered through
    urban: Any  # [province] threshold
    age_sex_cumulative: Any  # [province, band, sex]
    size_cumulative: Any  # [household size - 1]
    collective: Any  # [year of age] threshold
    heads: Any  # [year of age] threshold: looks for a household of their own
    online: Any  # [rural or urban, year of age] threshold
    employed: Any  # [year of age] threshold
    borrower: Any  # [year of age] threshold
    parent_alive: Any  # [year of age] threshold, of those with no parent in the household
    chances: Any  # [N_CHANCES] thresholds
    child_gap_cumulative: Any  # parent's age at birth
    child_gap_first: Any  # [1] years of the first gap
    spouse_gap_cumulative: Any  # age of the man less age of the woman
    spouse_gap_first: Any  # [1] years of the first gap, may be negative
    workplace_cumulative: Any  # [employed persons in it - 1]
    trait_start: Any  # [N_TRAITS] first place in the two tables below
    trait_length: Any  # [N_TRAITS] 0: uniform
    trait_values: Any  # at least one place, even if no trait is tabulated
    trait_cumulative: Any


@passage
def place_of_community(seed: int, community: int, tables: Any) -> tuple[int, int, int]:
    """Give the province, the county (numbered through) and 1 for urban, 0 for rural.

    The place follows from the community's own address, so a larger society contains the smaller.
    """
    to_province, to_county, to_urban, _ = draw(seed, community, 0, COMMUNITY_PLACE, 0)
    last = len(tables.province_cumulative) - 1
    province = inverted(to_province, tables.province_cumulative, 0, last)
    first = tables.county_first[province]
    county = first + below(to_county, tables.county_first[province + 1] - first)
    urban = 1 if to_urban < tables.urban[province] else 0
    return province, county, urban


@passage
def bodies_of_community(seed: int, community: int, rows: int, tables: Any) -> tuple[int, int, int]:
    """Give the numbers of enterprises, courts and governments among ``rows``.

    Each is right in expectation; one row stays free.
    """
    to_firm, to_court, to_government, _ = draw(seed, community, 0, ENTERPRISE, 0)
    free = rows - 1
    firms = min((rows * tables.chances[FIRMS] + to_firm) >> 32, free)
    courts = min((rows * tables.chances[COURTS] + to_court) >> 32, free - firms)
    governments = min(
        (rows * tables.chances[GOVERNMENTS] + to_government) >> 32, free - firms - courts
    )
    return firms, courts, governments


@kernel
def uniform_trait(word: int) -> int:
    """Give a trait within 0 .. 65535 from a word, where the society tabulates none."""
    return word >> 16


@passage
def tabulated_trait(word: int, trait: int, tables: Any) -> int:
    """Give a trait within 0 .. 65535 from a word, as the society tabulates it."""
    start = tables.trait_start[trait]
    place = inverted(word, tables.trait_cumulative, start, tables.trait_length[trait] - 1)
    return i64(tables.trait_values[start + place])


@kernel
def purpose_of_trait(trait: int) -> int:
    """Give the purpose under which a trait is drawn."""
    return MEANS if trait == MEANS_START else TRAIT


@passage
def car_word(seed: int, household: int) -> int:
    """Draw the word for a household's car; ``household`` is the address of its first row."""
    word, _, _, _ = draw(seed, household, 0, EXPOSURE, 2)
    return word


@kernel
def has_car(to_car: int, chances: Any) -> bool:
    """Say whether a family household has a car."""
    return to_car < i64(chances[CAR])


@passage
def exposure_of(
    first: tuple[int, int, int, int], second: tuple[int, int, int, int], to_car: int,
    role: int, years: int, urban: int, here: int, tables: Any,
) -> int:  # fmt: skip
    """Give the exposure bits of a person from two blocks and the household's word for a car.

    ``here`` is 1 where a parent lives in the household. Tables are read whatever the answer.
    """
    to_online, to_drive, to_work, to_borrow = first
    to_parent, to_far, to_office, to_licence = second
    chances = tables.chances
    may_drive = (role != COLLECTIVE) & (years >= ADULT_YEARS) & (years <= LAST_DRIVING_YEAR)
    is_driver = may_drive & (to_drive < chances[DRIVES]) & has_car(to_car, chances)
    works = to_work < tables.employed[years]
    has_elsewhere = (here == 0) & (to_parent < tables.parent_alive[years])
    is_far = to_far < chances[FAR]
    bits: int = (
        ONLINE * (to_online < tables.online[urban * YEARS + years])
        + DRIVER * is_driver
        + EMPLOYED * works
        + OFFICIAL * (works & (to_office < chances[OFFICE]))
        + LICENSED * (works & (to_licence < chances[LICENCE]))
        + BORROWER * (to_borrow < tables.borrower[years])
        + PARENT_HERE * (here == 1)
        + PARENT_FAR * (has_elsewhere & is_far)
        + PARENT_NEAR * (has_elsewhere & (to_far >= chances[FAR]))
    )
    return bits


@kernel
def age_years(birth_month: int, month: int) -> int:
    """Give the completed years of age in ``month``, counted from the scenario's first month.

    Nobody is born after the first month, and ``month`` is not before it.
    """
    return (month - birth_month) // 12


@kernel
def is_grown(birth_month: int, month: int) -> bool:
    """Say whether somebody is an adult in ``month``: as by :func:`age_years`, without division."""
    return month - birth_month >= ADULT_MONTHS


@kernel
def activity_class(kind: int, birth_month: int, exposure: int, month: int) -> int:
    """Give the class of rows that can do the same things, 0 .. N_CLASSES - 1.

    0 does nothing (nobody, or under 14), 1 is a minor of 14 to 17, 2 an enterprise, 3 to 34 an
    adult, by online 1, driver 2, employed 4, borrower 8 and a parent who lives elsewhere 16; 35 is
    a court, 36 a government.
    """
    months = month - birth_month
    found = CLASS_ADULT + (exposure & (ONLINE | DRIVER | EMPLOYED | BORROWER))
    found += PARENT_ELSEWHERE if exposure & (PARENT_NEAR | PARENT_FAR) != 0 else 0
    if not is_grown(birth_month, month):
        found = CLASS_MINOR if months >= MINOR_MONTHS else CLASS_NONE
    found = found if kind == PERSON else CLASS_NONE
    found = CLASS_FIRM if kind == FIRM else found
    found = CLASS_COURT if kind == COURT else found
    return CLASS_GOVERNMENT if kind == GOVERNMENT else found
