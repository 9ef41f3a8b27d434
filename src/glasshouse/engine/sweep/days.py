"""The day of a step on which something that may come once a month comes."""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import passage
from glasshouse.stages.consequence.consequence_kernel import attempt_day


@passage
def day_drawn(when: Any, word: int, hazard: int, begin: int) -> int:
    """Give the day of the step that a word draws (32 bits, as the chance in the month), or -1.

    Days before ``begin``, which is no earlier than the step, are none.
    """
    offset = attempt_day(word, hazard, when.month_days)
    day = when.month_first + offset
    return day if offset >= 0 and day >= begin and day < when.end_day else -1
