"""The alarms that a sweep can raise: a frame or a pool too small for what happened."""

from __future__ import annotations

TOO_MANY_ACTS = 0
TOO_MANY_ENTRIES = 1
TOO_MANY_LISTINGS = 2
ALARMS = 3

WHAT_TO_SET = (
    "more candidate acts in a community's month than its frame holds: lower the rates of acts",
    "more open entries in a community than its pool holds: raise `pool_entries` in the scenario",
    "more open listings in a community than its pool holds: raise `pool_listings` in the scenario",
)
