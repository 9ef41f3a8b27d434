"""Bytes a person: fixed columns, pools as allocated and as used, what each worker needs."""

from __future__ import annotations

from typing import Any

from glasshouse.bench.society import laid_out, scenario_of, warm
from glasshouse.engine.plan.memory import extents
from glasshouse.state.columns import ENTRY_POOL, LISTING_POOL, bytes_each

PEOPLE = 102_400
MONTHS = 36


def bytes_a_person() -> dict[str, float]:
    """Give the bytes by group; pools as used are those after three years."""
    simulation = warm(laid_out(scenario_of(PEOPLE)), MONTHS)
    plan = simulation.plan
    sizes, needed = plan.sizes, plan.bytes_needed()
    rows = plan.communities * sizes.slots
    each = rows * sizes.arms
    opened: Any = simulation.world.opened
    length = extents(sizes)
    entries = bytes_each(ENTRY_POOL, length)
    listings = bytes_each(LISTING_POOL, length)
    return {
        "static_a_person": needed["static"] / rows,
        "state_a_person_and_arm": needed["state"] / each,
        "outcome_a_person_and_arm": needed["outcome"] / each,
        "entries_allocated_a_person_and_arm": entries * sizes.entries / sizes.slots,
        "entries_used_a_person_and_arm": entries * float(opened.open_entries.sum()) / each,
        "listings_allocated_a_person_and_arm": listings * sizes.listings / sizes.slots,
        "listings_used_a_person_and_arm": listings * float(opened.open_listings.sum()) / each,
        "frame_a_worker": float(needed["frame"]),
        "counts_a_worker": float(needed["counts"]),
    }
