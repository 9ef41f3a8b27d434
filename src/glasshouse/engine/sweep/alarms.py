"""The alarms that a sweep can raise: a frame or a pool too small for what happened."""

from __future__ import annotations

TOO_MANY_ACTS = 0
TOO_MANY_ENTRIES = 1
TOO_MANY_LISTINGS = 2
ALARMS = 3

WHAT_TO_SET = (
    ("the candidate acts of a community's month", "community_size"),
    ("the open entries of a community", "open_entries_per_person"),
    ("the open listings of a community", "open_listings_per_person"),
)
"""What overflowed and the setting that gives it more room, by alarm."""
