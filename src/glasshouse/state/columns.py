"""The registry of columns: each declared once, with its type, unit, range, meaning and one writer.

Axes: ``community`` and ``slot`` place a row (a person or a body) in its community; ``arm``
tells the arms of a run apart; ``instrument`` the scores that apply to one row at once; ``cell`` the
ledger's cells (instrument, calendar year in the ring, label); ``cause`` the four labels of a
listing; ``context`` the contexts of life in which a counter stands; ``place`` a place in a pool.
"""

from __future__ import annotations

from typing import NamedTuple

PERSON = ("community", "slot")
ARM = ("community", "arm", "slot")
POOL = ("community", "arm", "place")

NEVER = 1 << 30
"""A day that does not come."""


class Column(NamedTuple):
    """One column: where it stands, what it holds, who alone writes it."""

    name: str
    group: str
    dtype: str
    axes: tuple[str, ...]
    unit: str
    low: int
    high: int
    meaning: str
    writer: str


def _static(name: str, dtype: str, unit: str, low: int, high: int, meaning: str) -> Column:
    return Column(name, "static", dtype, PERSON, unit, low, high, meaning, "stages.society")


STATIC: tuple[Column, ...] = (
    _static(
        "kind",
        "u1",
        "code",
        0,
        4,
        "0 nobody, 1 person, 2 enterprise, 3 court, 4 government",
    ),
    _static("sex", "u1", "code", 0, 1, "0 male, 1 female; 0 for a body"),
    _static(
        "birth_month", "i2", "months", -1440, 1200, "month of birth, counted from the first month"
    ),
    _static("role", "u1", "code", 0, 6, "place in the household (see stages.society)"),
    _static("household_first", "u2", "slot", 0, 16383, "first slot of the household"),
    _static("household_size", "u1", "rows", 1, 32, "rows of the household, in a run of slots"),
    _static("neighbour", "u2", "slot", 0, 16383, "somebody next door; oneself where there is none"),
    _static(
        "colleague",
        "u2",
        "slot",
        0,
        16383,
        "next at work; who stands for a body; or oneself",
    ),
    _static("friend_before", "u2", "slot", 0, 16383, "the friend before in the ring of friends"),
    _static("friend_after", "u2", "slot", 0, 16383, "the friend after in the ring of friends"),
    _static("honesty", "u2", "1/65536", 0, 65535, "disposition to keep rules nobody watches"),
    _static("altruism", "u2", "1/65536", 0, 65535, "disposition to give time and money"),
    _static("outspokenness", "u2", "1/65536", 0, 65535, "disposition to speak, ask and petition"),
    _static("literacy", "u2", "1/65536", 0, 65535, "knowledge of law and procedure"),
    _static("means_start", "u2", "1/65536", 0, 65535, "means to pay at the start"),
    _static("exposure", "u2", "bits", 0, 65535, "what the row is exposed to (see stages.society)"),
)


def _state(
    name: str, dtype: str, axes: tuple[str, ...], unit: str, low: int, high: int, meaning: str
) -> Column:
    return Column(name, "state", dtype, axes, unit, low, high, meaning, "engine.sweep")


INSTRUMENT = ("community", "arm", "instrument", "slot")
CELL = ("community", "arm", "cell", "slot")

STATE: tuple[Column, ...] = (
    _state("ledger_points", "i2", CELL, "points", -32000, 32000, "points kept, by year and label"),
    _state("score_points", "i2", INSTRUMENT, "points", -32000, 32000, "the published score"),
    _state("grade", "u1", INSTRUMENT, "code", 0, 15, "the grade, 0 the lowest"),
    _state(
        "held_grade",
        "u1",
        INSTRUMENT,
        "code",
        0,
        63,
        "an override: the highest grade allowed, and 16 x the label of the entry behind it",
    ),
    _state("held_until_month", "i2", INSTRUMENT, "months", -1, 32000, "the override's last month"),
    _state("means", "u2", ARM, "1/65536", 0, 65535, "means to pay"),
    _state("caution", "u2", ARM, "1/65536", 0, 65535, "fear of detection"),
    _state("silence", "u2", ARM, "1/65536", 0, 65535, "lawful acts left undone for fear"),
    _state("gaming", "u2", ARM, "1/65536", 0, 65535, "acting for points"),
    _state("habit", "u2", ARM, "1/65536", 0, 65535, "caution become custom"),
    _state("trust", "u2", ARM, "1/65536", 0, 65535, "trust in the authority"),
    _state("crowded", "u2", ARM, "1/65536", 0, 65535, "goodness for its own sake crowded out"),
    _state("strangers", "u2", ARM, "1/65536", 0, 65535, "trust in strangers"),
    _state("aware", "u1", ARM, "bit", 0, 1, "knows of the scheme"),
    _state(
        "news",
        "u1",
        ARM,
        "bits",
        0,
        7,
        "published in the last step: 1 put on a public list, or in the lowest grade that all see;"
        " 2 on a public red list; 4 in the lowest grade that neighbours see",
    ),
    _state(
        "bits",
        "u1",
        ARM,
        "bits",
        0,
        255,
        "1 gone, 2 has left a scheme that may be left, 4 has not consented, 8 discloses the score",
    ),
    _state("listed", "u2", ARM, "bits", 0, 65535, "the lists that the row is on or will be put on"),
)


def _outcome(
    name: str, dtype: str, unit: str, high: int, meaning: str, axes: tuple[str, ...] = ARM
) -> Column:
    return Column(name, "outcome", dtype, axes, unit, 0, high, meaning, "engine.sweep")


CAUSE = ("community", "arm", "cause", "slot")
CONTEXT = ("community", "arm", "context", "slot")

OUTCOME: tuple[Column, ...] = (
    _outcome("listed_days", "u2", "days", 65535, "days on lists, by cause", CAUSE),
    _outcome("silent_days", "u2", "days", 65535, "days on a list before knowing of it"),
    _outcome("listings", "u2", "count", 65535, "times put on a list"),
    _outcome("refusals", "u2", "count", 65535, "refusals at counters, repeated tries included"),
    _outcome("privileges", "u2", "count", 65535, "privileges granted at counters"),
    _outcome("burden_yuan", "u4", "yuan", 2**32 - 1, "burden of refusals, by context", CONTEXT),
    _outcome(
        "burden_unrelated_yuan",
        "u4",
        "yuan",
        2**32 - 1,
        "burden for a listing whose act is of a context unrelated to the counter's",
    ),
    _outcome(
        "burden_score_yuan",
        "u4",
        "yuan",
        2**32 - 1,
        "burden for a grade, a score or a thin file, with no single act behind",
    ),
    _outcome(
        "burden_for_others_yuan",
        "u4",
        "yuan",
        2**32 - 1,
        "burden for the listing of somebody else: of the household, or a body represented",
    ),
    _outcome("waits", "u2", "turns", 65535, "turns waited for those who went first"),
    _outcome("places_lost", "u4", "count", 2**32 - 1, "a child's places refused to a parent"),
    _outcome("stranded_days", "u2", "days", 65535, "days away from home after a refusal"),
    _outcome("paid_yuan", "u4", "yuan", 2**32 - 1, "fines, and prices of points"),
    _outcome("friendless_days", "u2", "days", 65535, "days left by every friend for the grade"),
    _outcome("acts_culpable", "u4", "count", 2**32 - 1, "culpable acts carried out"),
    _outcome(
        "gravity_yuan", "u4", "yuan", 2**32 - 1, "fair fines of the culpable acts carried out"
    ),
    _outcome("acts_lawful", "u4", "count", 2**32 - 1, "lawful sensitive acts carried out"),
    _outcome("acts_praised", "u4", "count", 2**32 - 1, "praised acts carried out"),
    _outcome("entries", "u2", "count", 65535, "entries recorded against or for the row"),
    _outcome("entries_not_theirs", "u2", "count", 65535, "entries without an act of the row's own"),
)


def _pool(group: str, name: str, dtype: str, unit: str, high: int, meaning: str) -> Column:
    return Column(name, group, dtype, POOL, unit, 0, high, meaning, "engine.sweep")


ENTRY_POOL: tuple[Column, ...] = (
    _pool("entry", "slot", "u2", "slot", 16383, "whom the entry is written down for"),
    _pool("entry", "act", "u2", "code", 4095, "act type; false reports stand above the types"),
    _pool("entry", "label", "u1", "code", 3, "0 rightly, 1 not theirs, 2 could not, 3 lawful"),
    _pool("entry", "officer", "u2", "1/65536", 65535, "the word that picks the officer"),
    _pool("entry", "act_day", "i4", "day", NEVER, "day of the act"),
    _pool("entry", "due_day", "i4", "day", NEVER, "day on which the department writes it down"),
)

LISTING_POOL: tuple[Column, ...] = (
    _pool("listing", "slot", "u2", "slot", 16383, "who is listed"),
    _pool("listing", "act", "u2", "code", 65535, "act type that grounds it; 65535 for a grade"),
    _pool("listing", "label", "u1", "code", 3, "0 rightly, 1 not theirs, 2 could not, 3 lawful"),
    _pool("listing", "on_list", "u1", "code", 15, "which list"),
    _pool("listing", "officer", "u2", "1/65536", 65535, "the entry's officer word"),
    _pool("listing", "act_day", "i4", "day", NEVER, "day of the act that grounds it"),
    _pool("listing", "since_day", "i4", "day", NEVER, "first day on the list"),
    _pool("listing", "notice_day", "i4", "day", NEVER, "day on which notice arrives"),
    _pool("listing", "known_day", "i4", "day", NEVER, "day on which the person knows"),
    _pool("listing", "decision_day", "i4", "day", NEVER, "day on which a contest is decided"),
    _pool("listing", "leave_day", "i4", "day", NEVER, "first day off the list"),
    _pool("listing", "copies", "u4", "bits", 2**32 - 1, "counters that refuse though it has ended"),
    _pool("listing", "leave_reason", "u1", "code", 4, "1 overturned 2 performed 3 expired 4 grade"),
)

POOL_SIZES: tuple[Column, ...] = (
    Column(
        "announced", "pools", "i4", ("community", "arm"), "bits", 0, 65535,
        "1 once some rulebook of the arm has come into force here; 2 once consent was asked;"
        " 256 and above: a bit for every score that has been made here",
        "engine.sweep",
    ),
    Column(
        "open_entries", "pools", "i4", ("community", "arm"), "count", 0, 2**31 - 1,
        "entries in the pool", "engine.sweep",
    ),
    Column(
        "open_listings", "pools", "i4", ("community", "arm"), "count", 0, 2**31 - 1,
        "listings in the pool", "engine.sweep",
    ),
    Column(
        "breaches", "pools", "i4", ("community", "arm"), "count", 0, 2**31 - 1,
        "breaches of trust among strangers in the last step", "engine.sweep",
    ),
    Column(
        "good_records", "pools", "i4", ("community", "arm"), "count", 0, 2**31 - 1,
        "rows whose published score stood at the start or above at the end of the last step",
        "engine.sweep",
    ),
    Column(
        "recorded_acts", "pools", "i4", ("community", "arm"), "count", 0, 2**31 - 1,
        "acts and false reports seen in the last step", "engine.sweep",
    ),
)  # fmt: skip

REGISTRY: tuple[Column, ...] = STATIC + STATE + OUTCOME + ENTRY_POOL + LISTING_POOL + POOL_SIZES


def bytes_each(columns: tuple[Column, ...], extents: dict[str, int]) -> int:
    """Give the bytes that ``columns`` need for one slot (and arm, or place in a pool).

    ``extents`` gives the length of every inner axis: instrument, cell, cause, context.
    """
    total = 0
    for column in columns:
        inner = 1
        for axis in column.axes:
            inner *= extents.get(axis, 1)
        total += int(column.dtype[1]) * inner
    return total
