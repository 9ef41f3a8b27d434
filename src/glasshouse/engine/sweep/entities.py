"""Scored bodies beside persons: what an enterprise's, court's or government's listing reaches."""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import barrier, first_lane, i64, passage
from glasshouse.stages.society.society_kernel import FIRM, PERSON

LARGEST_RING = 256
"""No workplace is larger, so a walk round its ring ends."""


@passage
def bear_costs(here: Any, law: Any, frame: Any, owner: int) -> None:
    """Lower the means of an enterprise's owner and of all who work with the owner."""
    worker = owner
    for _ in range(LARGEST_RING):
        if worker >= 0:
            if worker < here.people:
                frame.means_lost[worker] += law.settings.enterprise_costs
            following = i64(here.rows.colleague[worker])
            worker = -1 if following == owner else following


@passage
def reach_representatives(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Close counters to the adults who stand for bodies that are on a list, and count the cost."""
    listings, rule, rows = arm.listings, law.rule, here.rows
    if law.settings.has_bodies:
        for _ in first_lane():
            for place in range(arm.opened.open_listings[arm.number]):
                slot, on_list = i64(listings.slot[place]), i64(listings.on_list[place])
                owner = i64(rows.colleague[slot])
                since = i64(listings.since_day[place])
                if rows.kind[slot] > PERSON and since <= here.when.first_day and owner != slot:
                    if owner < here.people:
                        frame.bars[owner] = i64(frame.bars[owner]) | i64(
                            rule.list_represents[on_list]
                        )
                    if rows.kind[slot] == FIRM and law.settings.enterprise_costs > 0:
                        bear_costs(here, law, frame, owner)
        barrier()
