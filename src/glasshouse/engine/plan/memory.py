"""How much memory a run takes, said before it starts."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.engine.sweep.alarms import ALARMS
from glasshouse.engine.sweep.closing import HISTOGRAMS
from glasshouse.engine.sweep.laps import LAPS
from glasshouse.engine.tables import Frame, Sizes
from glasshouse.kernel import SPREAD
from glasshouse.law.rulebook import DISPLAYS
from glasshouse.stages.conduct.conduct_kernel import N_RESPONSES
from glasshouse.stages.record.record_kernel import N_LABELS
from glasshouse.stages.scoring.scoring_kernel import N_GRADES
from glasshouse.stages.standing.standing_kernel import N_REASONS
from glasshouse.state.columns import (
    ENTRY_POOL,
    LISTING_POOL,
    OUTCOME,
    STATE,
    STATIC,
    bytes_each,
)
from glasshouse.state.counts import COUNTS, LAGS_DAYS, PATHS

if TYPE_CHECKING:
    from numpy.typing import NDArray

INTEGER = 8


def extents(sizes: Sizes) -> dict[str, int]:
    """Give the length of every inner axis of the columns and counts."""
    return {
        "instrument": sizes.instruments,
        "cell": sizes.instruments * sizes.ring * N_LABELS,
        "cause": N_LABELS,
        "label": N_LABELS,
        "context": sizes.contexts,
        "origin": sizes.origins,
        "path": len(PATHS),
        "lag": len(LAGS_DAYS),
        "move": sizes.grades**2,
        "type": sizes.types,
        "row": sizes.rows,
        "department": sizes.departments,
        "counter": sizes.counters,
        "list": sizes.lists,
        "reason": N_REASONS,
        "week": sizes.weeks,
        "bin": sizes.bins,
        "grade": N_GRADES,
        "display": len(DISPLAYS),
    }


def count_shapes(sizes: Sizes) -> dict[str, tuple[int, ...]]:
    """Give the shape of every count behind its arm and province; a single number has length 1."""
    length = extents(sizes)
    shapes: dict[str, tuple[int, ...]] = {}
    for count in COUNTS:
        total = 1
        for axis in count.axes:
            total *= length[axis]
        shapes[count.name] = (total,)
    return shapes


@lru_cache(maxsize=8)
def begins_of_counts(sizes: Sizes) -> NDArray[np.int64]:
    """Give where each count begins among the cells of an arm and province; last, where all end."""
    lengths = [length for (length,) in count_shapes(sizes).values()]
    return np.cumsum([0, *lengths])


@lru_cache(maxsize=8)
def stretches_of_counts(sizes: Sizes) -> tuple[Any, ...]:
    """Give which cells of [arm, province, cell] are each count's."""
    begins = begins_of_counts(sizes).tolist()
    return tuple(np.s_[:, :, begin:end] for begin, end in pairwise(begins))


def bytes_needed(sizes: Sizes, communities: int, provinces: int) -> dict[str, int]:
    """Give the bytes by group, for one worker's frame and one step's counts."""
    length = extents(sizes)
    rows = communities * sizes.slots
    pools = bytes_each(ENTRY_POOL, length) * sizes.entries
    pools += bytes_each(LISTING_POOL, length) * sizes.listings
    return {
        "static": bytes_each(STATIC, length) * rows,
        "state": bytes_each(STATE, length) * rows * sizes.arms,
        "outcome": bytes_each(OUTCOME, length) * rows * sizes.arms,
        "pools": pools * communities * sizes.arms,
        "frame": sum(length for _, length in frame_bytes(sizes)),
        "counts": int(begins_of_counts(sizes)[-1]) * provinces * sizes.arms * INTEGER,
    }


def frame_shapes(sizes: Sizes) -> dict[str, tuple[str, int]]:
    """Give the type and the length of every work array."""
    slots, acts = sizes.slots, sizes.acts
    by_slot = {
        "count": ("i4", slots + 1),
        "traits": ("i4", slots),
        "kinds": ("i8", sizes.rows),
        "kind_factors": ("i4", sizes.rows),
        "kind_chance": ("u2", sizes.rows),
        "weight": ("i8", sizes.rows),
        "deeds": ("i8", slots),
        "factor": ("u2", N_RESPONSES * slots),
        "watch": ("u2", 3 * slots),
        "new_points": ("i4", sizes.instruments * N_LABELS * slots),
        "known_entries": ("u1", slots),
        "known_speech": ("u1", slots),
        "breaches_before": ("i8", 1),
        "known_lost": ("i4", slots),
        "known_gained": ("i4", slots),
        "refused_day": ("i4", slots),
        "refused_at": ("u4", slots),
        "refused_times": ("u2", slots),
        "means_lost": ("i4", slots),
        "learned": ("u1", slots),
        "fear": ("u2", slots),
        "ties": ("u1", slots),
        "sees_listed": ("u1", slots),
        "shortfall": ("i2", sizes.instruments * slots),
        "short_before": ("i8", sizes.instruments * slots + 1),
        "stale": ("u4", slots),
        "bars": ("u4", slots),
        "jumped": ("u4", slots),
        "gifts": ("u4", slots),
        "first_listing": ("i4", slots),
        "next_listing": ("i4", sizes.listings),
        "grade_ground": ("u1", slots),
        "grounded": ("i4", slots + 1),
        "points": ("i4", slots),
        "reached": ("u1", slots),
        "bin": ("u2", slots),
        "histogram": ("i4", HISTOGRAMS * sizes.bins),
        "alarm": ("i4", ALARMS),
        "cycles": ("i8", len(LAPS)),
    }
    by_act = dict.fromkeys(("act_factor", "chance", "slot", "type", "gradient"), ("u2", acts))
    by_act |= dict.fromkeys(("act", "possible"), ("i8", acts))
    by_act |= dict.fromkeys(("act_slot", "act_serial"), ("u2", acts + SPREAD))
    words = ("word_0", "word_1", "word_2", "word_3", "luck", "fate_0", "fate_1")
    by_act |= dict.fromkeys(words, ("u4", acts))
    by_act |= dict.fromkeys(("keep", "done", "channel", "entry_label"), ("u1", acts))
    by_act |= dict.fromkeys(("kept", "recorded", "probes"), ("i4", acts + 1))
    by_act |= dict.fromkeys(("entry_slot", "entry_day", "entry_due"), ("i4", acts))
    either = sizes.entries + acts
    by_act |= dict.fromkeys(("told_slot", "told_act", "leaning", "heard"), ("u2", either))
    by_act |= {"entry_act": ("u2", acts), "told_day": ("i4", either)}
    shapes = by_slot | by_act
    return {name: shapes[name] for name in Frame._fields}


def frame_bytes(sizes: Sizes) -> list[tuple[str, int]]:
    """Give the bytes of every work array."""
    return [(name, int(kind[1]) * size) for name, (kind, size) in frame_shapes(sizes).items()]
