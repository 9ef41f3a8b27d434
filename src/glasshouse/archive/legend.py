"""What the numbers of a run stand for: the names of its arms, acts, counters, lists, provinces."""

from __future__ import annotations

import math
from typing import Literal

from glasshouse.law.rulebook import DISPLAYS
from glasshouse.law.validate import Strict
from glasshouse.state.counts import LAGS_DAYS, PATHS

PRAISED = ("rewarded", "reporting", "afforded")
"""How acts answer that rules praise."""


class ActName(Strict):
    """An act type: its domain, whether it is declared culpable, whether a rule names it."""

    act: str
    title: str
    domain: Literal["administrative", "commercial", "social", "law_enforcement"]
    response: Literal[
        "deterred", "chilled", "rewarded", "reporting", "strained", "unmoved", "afforded"
    ]
    context: str
    is_culpable: bool
    is_ruled: bool
    """Whether some arm gives points for it or lists for it."""


class InstrumentName(Strict):
    """An instrument with a score: its rulebook, whom it scores, its grades from the lowest up."""

    rulebook: str
    applies_to: Literal["person", "enterprise", "court", "government"]
    where: tuple[str, ...] | None
    """Provinces; None means everywhere."""
    grades: tuple[str, ...]


class ArmNames(Strict):
    """The names that belong to one arm, in the order of its codes."""

    arm: str
    is_baseline: bool
    instruments: tuple[InstrumentName, ...]
    lists: tuple[str, ...]


class Legend(Strict):
    """The names behind the codes, each in the order of its codes."""

    arms: tuple[ArmNames, ...]
    acts: tuple[ActName, ...]
    counters: tuple[str, ...]
    counter_contexts: tuple[str, ...]
    """Of every counter, the context in which it stands."""
    contexts: tuple[str, ...]
    """The contexts in which some counter stands."""
    origins: tuple[str, ...]
    """What a refusal may stem from: every context of acts, then a score, then no ground."""
    related: tuple[tuple[str, str], ...]
    """Pairs of different contexts that are declared to be related, in both directions."""
    departments: tuple[str, ...]
    provinces: tuple[str, ...]
    labels: tuple[str, ...]
    reasons: tuple[str, ...]
    extents: dict[str, int]
    """The length of every axis of the counts."""

    def codes(self, axis: str, arm: int, before: int = 0) -> tuple[str, ...]:
        """Give the names along an axis of an arm's count; a number where a code has none.

        ``before`` is the code on the axis before: grades are named instrument by instrument.
        """
        acts = tuple(act.act for act in self.acts)
        instruments = self.arms[arm].instruments
        known: dict[str, tuple[str, ...]] = {
            "type": acts,
            "row": acts + tuple(f"{kind}:{act}" for kind in ("false", "stray") for act in acts),
            "label": self.labels,
            "department": self.departments,
            "counter": self.counters,
            "reason": self.reasons,
            "list": self.arms[arm].lists,
            "display": DISPLAYS,
            "context": self.contexts,
            "origin": self.origins,
            "path": PATHS,
            "lag": tuple(map(str, LAGS_DAYS)),
            "instrument": tuple(named.rulebook for named in instruments),
            "grade": instruments[before].grades if before < len(instruments) else (),
        }
        length = self.extents[axis]
        if axis == "move":
            grades = _filled(known["grade"], math.isqrt(length))
            return tuple(f"{one}>{other}" for one in grades for other in grades)
        return _filled(known.get(axis, ()), length)


def _filled(names: tuple[str, ...], length: int) -> tuple[str, ...]:
    """Give as many names as there are codes; a number where a code has none."""
    return names[:length] + tuple(str(number) for number in range(len(names), length))
