"""The honour board: who stands on a published red list is an example to those who live near."""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import barrier, i64, lanes, passage
from glasshouse.stages.conduct.conduct_kernel import REWARDED
from glasshouse.stages.response.response_kernel import raised_towards
from glasshouse.state.bits import NEWS_HONOURED


@passage
def look_up_to(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Raise praised acts by the friends and the neighbour who were on display in the last step."""
    settings, rows, people = law.settings, here.rows, here.people
    if settings.honour_moves != 0:
        for slot in lanes(people):
            examples = 0
            for tie in (
                i64(rows.friend_before[slot]),
                i64(rows.friend_after[slot]),
                i64(rows.neighbour[slot]),
            ):
                if tie < people and tie != slot:
                    examples += (i64(arm.state.news[tie]) & NEWS_HONOURED) != 0
            frame.factor[REWARDED * people + slot] = raised_towards(
                i64(frame.factor[REWARDED * people + slot]),
                settings.rewarded_top,
                examples * settings.honour_moves,
            )
        barrier()
