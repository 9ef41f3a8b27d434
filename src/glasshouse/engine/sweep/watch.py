"""Who is watched more closely than the neighbours, and of whom more is falsely reported."""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import barrier, first_lane, i64, lanes, passage
from glasshouse.stages.detection.detection_kernel import HERE, ON_A_MAP, watched_by, watched_closer
from glasshouse.stages.society.society_kernel import LICENSED


@passage
def watch_persons(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Give each row the attention on what it does, on what is said of it, and on strays.

    A licence draws scrutiny and an earlier entry attention; who stands on a map is watched by those
    who live near; and of who stands on any published list those who bear a grudge report more.
    """
    people, settings, listings = here.people, law.settings, arm.listings
    for slot in lanes(people):
        licensed = (i64(here.rows.exposure[slot]) & LICENSED) != 0
        closer = watched_closer(
            licensed, arm.outcome.entries[slot], settings.scrutiny, settings.follows_file
        )
        frame.watch[slot] = closer
        frame.watch[people + slot] = HERE
        frame.watch[2 * people + slot] = 0
    barrier()
    for _ in first_lane():
        for place in range(arm.opened.open_listings[arm.number]):
            slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
            first = here.when.first_day
            on = listings.since_day[place] <= first and listings.leave_day[place] > first
            shames = law.rule.list_published[on_list] != 0 and law.rule.list_red[on_list] == 0
            if on and shames:
                frame.watch[people + slot] = HERE + settings.grudge
                if law.rule.list_display[on_list] == ON_A_MAP:
                    frame.watch[2 * people + slot] = settings.map_watch
    barrier()
    for slot in lanes(people):
        closer = i64(frame.watch[slot]) + i64(frame.watch[2 * people + slot])
        doubt = i64(frame.watch[people + slot])
        frame.watch[slot] = watched_by(law.attention, closer, HERE)
        frame.watch[people + slot] = watched_by(law.attention, closer, doubt)
        frame.watch[2 * people + slot] = law.attention
    barrier()
