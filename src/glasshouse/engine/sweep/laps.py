"""The laps that the sweep is measured by: what each mark in its text says has just run."""

from __future__ import annotations

START = 0
"""Nothing yet: the time until here is nobody's."""

# Laying out.
LAY_OUT = 1
FIRST_STATE = 2

# What all arms share.
CANDIDATES_COUNTED = 3
CANDIDATES_PLACED = 4
CANDIDATES_DRAWN = 5
CANDIDATES_SCREENED = 6
CANDIDATES_GATHERED = 7

# Arm by arm.
COUNTERS_CLOSED = 8
RESPONSES_WEIGHED = 9
WATCH = 10
CARRIED_OUT = 11
LOOKED_AROUND = 12
WENT_TO_COUNTERS = 13
KEPT_WAITING = 14
FATES_DRAWN = 15
REACHED_BACK = 16
RECORDED = 17
THREATS = 18
SCORED = 19
FRIENDS_LEFT = 20
LISTINGS_LIVED = 21
RESPONDED = 22
ENROLMENT = 23
TRUSTED = 24
COUNTED = 25

LAPS: tuple[str, ...] = tuple(
    name.lower()
    for name, _ in sorted(
        ((name, value) for name, value in list(globals().items()) if type(value) is int),
        key=lambda pair: pair[1],
    )
)
"""The names by number."""
