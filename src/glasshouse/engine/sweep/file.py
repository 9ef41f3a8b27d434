"""The own file: who reads it, and what a later rule makes of it."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import OWN_FILE_READ, draw
from glasshouse.engine.sweep.days import day_drawn
from glasshouse.kernel import i64, passage
from glasshouse.stages.record.record_kernel import PERSON_READS
from glasshouse.stages.standing.standing_kernel import NEVER


@passage
def day_of_look(here: Any, law: Any, slot: int, since: int) -> int:
    """Give the day of the step, from ``since`` on, on which a row reads its own file, or NEVER."""
    when, looks = here.when, law.settings.looks
    found = NEVER
    if looks != 0 and i64(law.rule.file_access[here.province]) & PERSON_READS != 0:
        word, _, _, _ = draw(here.seed, here.base + slot, when.month, OWN_FILE_READ, 0)
        day = day_drawn(when, word, looks, max(since, when.first_day))
        found = day if day >= 0 else NEVER
    return found
