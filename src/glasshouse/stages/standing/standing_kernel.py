"""One listing's life: ground, notice, contest, performance, expiry. All days are absolute."""

from __future__ import annotations

from glasshouse.kernel import i64, kernel

NEVER = 1 << 30
N_LISTS = 16

STAYS = 0
OVERTURNED = 1
PERFORMED = 2
EXPIRED = 3
GRADE_RECOVERED = 4
N_REASONS = 5


@kernel
def is_found_able(word: int, cannot: int, sensitivity: int, specificity: int) -> bool:
    """Say whether the ability test finds a person able to pay (32-bit word and chances).

    Of those who can, ``sensitivity`` are found able; of those who cannot, all but ``specificity``.
    """
    return word >= specificity if cannot else word < sensitivity


@kernel
def chance_of_stopping(
    label: int, rightly: int, not_theirs: int, could_not: int, lawful: int
) -> int:
    """Give the chance (32 bits) that review stops a listing, by the label of what stands behind it.

    The labels are 0 rightly, 1 not theirs, 2 could not, 3 lawful.
    """
    found = rightly if label == 0 else not_theirs
    found = could_not if label == 2 else found
    return lawful if label == 3 else found


@kernel
def notice_day_of(word: int, reaches: int, since: int, late_word: int, delay_span: int) -> int:
    """Give the day the notice arrives, or NEVER; the delay is uniform over ``delay_span`` days."""
    arrives = since + ((i64(late_word) * delay_span) >> 32)
    return arrives if word < reaches else NEVER


@kernel
def may_contest(known: int, since: int, window: int, from_knowledge: int) -> bool:
    """Say whether the window is still open on the day the person knows."""
    return bool(from_knowledge) or known - since <= window


@kernel
def contest_chance(literacy: int, lowest: int, highest: int, trust: int, moves: int) -> int:
    """Give the chance (32 bits) to contest: by literacy, lowered by distrust.

    ``literacy`` and ``trust`` are 0 .. 65535; ``moves`` (16 bits) is the share lost at no trust.
    """
    chance = lowest + (((highest - lowest) >> 16) * i64(literacy))
    return chance - (chance >> 16) * (((65535 - i64(trust)) * moves) >> 16)


@kernel
def week_of(days: int, weeks: int) -> int:
    """Give the whole week that a length in days falls in; the last one holds all that is longer."""
    return min(days // 7, weeks - 1)


@kernel
def black_lists(red_lists: int) -> int:
    """Give the lists, a bit each, that are no red ones."""
    return 65535 - red_lists


@kernel
def days_within(first: int, end: int, begin: int, stop: int) -> int:
    """Give how many days of begin .. stop - 1 lie in first .. end - 1."""
    return max(min(end, stop) - max(first, begin), 0)


@kernel
def working_day(first: int) -> int:
    """Give the first working day from ``first`` on: no weekend (ordinal 1 was a Monday)."""
    weekday = (first + 6) % 7
    return first + 7 - weekday if weekday >= 5 else first


@kernel
def publication_day(decided: int, start_ordinal: int) -> int:
    """Give the first working day of a month from ``decided`` on; holidays are not known.

    Days count from ``start_ordinal``. The year is counted from March, so that leap days end it.
    """
    ordinal = start_ordinal + decided
    days = ordinal + 305
    year = (10000 * days + 14780) // 3652425
    year = year - 1 if days < 365 * year + year // 4 - year // 100 + year // 400 else year
    begins = 365 * year + year // 4 - year // 100 + year // 400
    ends = 365 * (year + 1) + (year + 1) // 4 - (year + 1) // 100 + (year + 1) // 400
    month = (100 * (days - begins) + 52) // 3060
    this = begins + (306 * month + 5) // 10 - 305
    after = (ends if month == 11 else begins + (306 * (month + 1) + 5) // 10) - 305
    found = working_day(this)
    return (found if found >= ordinal else working_day(after)) - start_ordinal
