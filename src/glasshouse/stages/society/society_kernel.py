"""Scalar kernels of the society: where a community lies, who a person is, what they can meet.

Ages are months or completed years at the scenario's first month; the tables count persons as they
are at that month, whatever the day of the census. Nothing here is correlated with anything but
age, place and household: no source says how traits go together, so they are drawn apart.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from glasshouse.chance import (
    AGE_AND_SEX,
    COMMUNITY_PLACE,
    ENTERPRISE,
    EXPOSURE,
    MEANS,
    TRAIT,
    below,
    draw,
    inverted,
)
from glasshouse.kernel import kernel, passage

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


@passage
def person_drawn(seed: int, who: int, province: int, tables: Any) -> tuple[int, int, int, int]:
    """Draw the months of age, the sex, and whether in collective living and whether a likely head.

    ``who`` is the address of a draft, not of the row where the person ends up.
    """
    to_cell, to_month, to_collective, to_head = draw(seed, who, 0, AGE_AND_SEX, 0)
    cell = inverted(to_cell, tables.age_sex_cumulative, province * CUTS, LAST_CUT)
    months = (cell // 2) * BAND_MONTHS + below(to_month, BAND_MONTHS)
    years = months // 12
    is_collective = 1 if to_collective < tables.collective[years] else 0
    is_head = 1 if to_head < tables.heads[years] else 0
    return months, cell % 2, is_collective, is_head


@passage
def trait_value(seed: int, who: int, trait: int, tables: Any) -> int:
    """Draw a trait of a row within 0 .. 65535; uniform where the society tabulates none."""
    purpose = MEANS if trait == MEANS_START else TRAIT
    word, _, _, _ = draw(seed, who, 0, purpose, trait)
    length = tables.trait_length[trait]
    value = word >> 16
    if length > 0:
        start = tables.trait_start[trait]
        value = tables.trait_values[
            start + inverted(word, tables.trait_cumulative, start, length - 1)
        ]
    return value


@passage
def has_car(seed: int, household: int, tables: Any) -> int:
    """Say whether a family household has a car; ``household`` is the address of its first row."""
    word, _, _, _ = draw(seed, household, 0, EXPOSURE, 2)
    return 1 if word < tables.chances[CAR] else 0


@passage
def exposure_of(
    seed: int, who: int, household: int, role: int, years: int, urban: int, here: int, tables: Any
) -> int:
    """Give the exposure bits of a person; ``here`` is 1 where a parent lives in the household."""
    to_online, to_drive, to_work, to_borrow = draw(seed, who, 0, EXPOSURE, 0)
    to_parent, to_far, to_office, to_licence = draw(seed, who, 0, EXPOSURE, 1)
    bits = 0
    if to_online < tables.online[urban * YEARS + years]:
        bits += ONLINE
    if role != COLLECTIVE and years >= ADULT_YEARS and years <= 70:
        if to_drive < tables.chances[DRIVES] and has_car(seed, household, tables) == 1:
            bits += DRIVER
    if to_work < tables.employed[years]:
        bits += EMPLOYED
        if to_office < tables.chances[OFFICE]:
            bits += OFFICIAL
        if to_licence < tables.chances[LICENCE]:
            bits += LICENSED
    if to_borrow < tables.borrower[years]:
        bits += BORROWER
    if here == 1:
        bits += PARENT_HERE
    elif to_parent < tables.parent_alive[years]:
        bits += PARENT_FAR if to_far < tables.chances[FAR] else PARENT_NEAR
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
