"""Who has a file with an instrument at all: the right kind of row, exposed to what it covers."""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import i64, passage
from glasshouse.stages.scoring.scoring_kernel import is_covered


@passage
def has_file(here: Any, law: Any, instrument: int, slot: int) -> bool:
    """Say whether a row has a score under an instrument."""
    right_kind = here.rows.kind[slot] == law.rule.applies_kind[instrument]
    covered: bool = right_kind & is_covered(here.rows.exposure[slot], law.rule.covers[instrument])
    return covered


@passage
def thin_bars_of(here: Any, law: Any, slot: int) -> int:
    """Give the counters of an instrument's lists to a row of its kind of which it has no file."""
    rule, closed = law.rule, 0
    on = i64(rule.instruments_on[here.province])
    for instrument in range(here.sizes.instruments):
        same_kind = here.rows.kind[slot] == rule.applies_kind[instrument]
        if (on >> instrument) & 1 and same_kind and not has_file(here, law, instrument, slot):
            closed |= i64(rule.thin_bars[instrument])
    return closed
