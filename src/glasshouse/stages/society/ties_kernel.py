"""Ties inside a community: rings of friends of like age, rings of colleagues at workplaces."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import below, inverted
from glasshouse.kernel import kernel, passage, scan
from glasshouse.stages.society.society_kernel import BAND_MONTHS, EMPLOYED, PERSON

BANDS = 17
"""Bands of age among whom friends are made: 0-4, 5-9, ... and 80 and above."""


@kernel
def friends_band(birth_month: int) -> int:
    """Give the band of age in which somebody makes friends."""
    band = -birth_month // BAND_MONTHS
    return band if band < BANDS else BANDS - 1


@passage
def tie_friends(rows: Any, draft: Any) -> None:
    """Close the persons of each band of age into one ring, in random order."""
    found = 0
    for band in range(BANDS + 1):
        draft.band[band] = 0
    for slot in range(len(rows.kind)):
        if rows.kind[slot] == PERSON:
            other = below(draft.friend_word[found], found + 1)
            draft.ring[found] = draft.ring[other]
            draft.ring[other] = slot
            draft.band[friends_band(int(rows.birth_month[slot]))] += 1
            found += 1
    scan(draft.band, BANDS)
    for place in range(found):
        slot = int(draft.ring[place])
        band = friends_band(int(rows.birth_month[slot]))
        draft.by_band[draft.band[band]] = slot
        draft.band[band] += 1
    # Each band's place has moved to its end, which is the start of the next.
    start = 0
    for band in range(BANDS):
        end = int(draft.band[band])
        for place in range(start, end):
            after = draft.by_band[place + 1 if place + 1 < end else start]
            rows.friend_after[draft.by_band[place]] = after
        start = end


@passage
def tie_colleagues(tables: Any, rows: Any, draft: Any) -> None:
    """Put the employed in random order into workplaces of drawn sizes, a ring in each."""
    found = 0
    for slot in range(len(rows.kind)):
        if rows.kind[slot] == PERSON and (rows.exposure[slot] & EMPLOYED) != 0:
            other = below(draft.work_word[found], found + 1)
            draft.ring[found] = draft.ring[other]
            draft.ring[other] = slot
            found += 1
    last = len(tables.workplace_cumulative) - 1
    start = 0
    while start < found:
        size = 1 + inverted(draft.group_word[start], tables.workplace_cumulative, 0, last)
        end = min(start + size, found)
        for place in range(start, end):
            rows.colleague[draft.ring[place]] = draft.ring[place + 1 if place + 1 < end else start]
        start = end


@passage
def tie_up(tables: Any, rows: Any, draft: Any) -> None:
    """Write the ties of a laid-out community; one lane's work."""
    tie_friends(rows, draft)
    tie_colleagues(tables, rows, draft)
