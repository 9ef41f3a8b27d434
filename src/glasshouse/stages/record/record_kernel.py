"""From a seen act to a department's entry."""

from __future__ import annotations

from glasshouse.kernel import i64, kernel

# Labels of an entry and of a listing: what stands behind it.
RIGHTLY = 0
NOT_THEIRS = 1
COULD_NOT = 2
LAWFUL_ACT = 3
N_LABELS = 4

# Bits of who has access to a file.
PERSON_READS = 1
FOLLOWS_MOVES = 2

# To whose file an entry of another place is joined.
IS_THEIRS = 0
IS_UNJOINED = 1
IS_ELSEWHERE = 2


@kernel
def label_of(whose: int, is_false: int, could_not: int, is_lawful: int) -> int:
    """Say what stands behind an entry; the sense named first wins."""
    label = LAWFUL_ACT if is_lawful else RIGHTLY
    label = COULD_NOT if could_not else label
    return NOT_THEIRS if whose or is_false else label


@kernel
def is_lost(word: int, loss: int) -> bool:
    """Say whether the department loses the entry (16 bits)."""
    return word < loss


@kernel
def joined_as(word: int, missed: int, mistaken: int) -> int:
    """Say how an entry of another place is joined to a file (32-bit word and chances)."""
    found = IS_UNJOINED if word < missed else IS_THEIRS
    return IS_ELSEWHERE if word >= 4294967296 - mistaken else found


@kernel
def due_day_of(act_day: int, word: int, delay_span: int, backlog_days: int) -> int:
    """Give the day of writing down: uniform over ``delay_span`` days, later by the backlog."""
    return act_day + ((i64(word) * delay_span) >> 16) + backlog_days


@kernel
def ring_year(year: int, ring: int, for_good: int) -> int:
    """Give the ledger's ring place of a calendar year; permanent points all share place 0.

    It does not depend on how long points are kept, so a law may change that during a run.
    """
    return 0 if for_good else year % ring


@kernel
def ledger_cell(instrument: int, year: int, label: int, ring: int) -> int:
    """Give the column of the ledger for an instrument, a place of its ring and a label."""
    return (instrument * ring + year) * N_LABELS + label


@kernel
def points_cell(instrument: int, label: int, slot: int, people: int) -> int:
    """Give where the points that a step brings a row stand: by instrument, label and row."""
    return (instrument * N_LABELS + label) * people + slot


@kernel
def year_of(ordinal: int) -> int:
    """Give the year of the proleptic Gregorian calendar; day 1 is the first of January of year 1.

    The year is counted from March, so that leap days end it, and corrected at both ends.
    """
    days = ordinal + 305
    year = (10000 * days + 14780) // 3652425
    within = days - (365 * year + year // 4 - year // 100 + year // 400)
    year = year - 1 if within < 0 else year
    within = days - (365 * year + year // 4 - year // 100 + year // 400)
    return year + ((100 * within + 52) // 3060 + 2) // 12
