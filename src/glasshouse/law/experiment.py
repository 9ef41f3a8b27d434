"""What a scenario resolves to: a society and arms, each with its rulebooks and assumptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from glasshouse.law.assumptions import Assumptions
from glasshouse.law.rulebook import Rulebook
from glasshouse.law.safeguard import SafeguardOn
from glasshouse.law.scenario import Scenario
from glasshouse.law.society import Society

if TYPE_CHECKING:
    from glasshouse.law.rulebook import AnyProvision


@dataclass(frozen=True)
class RulebookInForce:
    """A rulebook in an arm: from which day (None: its own dates decide) and in which provinces."""

    rulebook: Rulebook
    from_date: dt.date | None
    where: tuple[str, ...] | None
    """Province codes; None means everywhere."""
    until_date: dt.date | None = None
    """The first day on which it is no longer switched on; None: its own dates decide."""

    def is_on(self, day: dt.date) -> bool:
        """Whether the arm has switched it on, on this day."""
        return (self.from_date or day) <= day and (self.until_date is None or day < self.until_date)

    def period_of(self, provision: AnyProvision) -> tuple[dt.date, dt.date]:
        """The first day on which the arm has a provision of it, and the first day no longer."""
        begins = max(provision.from_date, self.from_date or dt.date.min)
        return begins, min(provision.until_date or dt.date.max, self.until_date or dt.date.max)


@dataclass(frozen=True)
class ArmRules:
    """One arm, with everything that holds in it."""

    name: str
    rulebooks: tuple[RulebookInForce, ...]
    assumptions: Assumptions
    merge: dt.date | None = None
    """From which day on the files of all places are one; None: never."""
    join_by: Literal["number", "name"] = "number"
    safeguards: tuple[SafeguardOn, ...] = ()
    """The safeguards that are in the rulebooks and the assumptions already, by name."""

    @property
    def is_baseline(self) -> bool:
        """Whether nobody is scored in this arm."""
        return not self.rulebooks


@dataclass(frozen=True)
class Experiment:
    """A scenario with every value settled, and the exact files that it was settled from."""

    scenario: Scenario
    """With people, years, start, step, seed and community_size as finally set."""
    society: Society
    arms: tuple[ArmRules, ...]
    sets: Mapping[str, str] = field(default_factory=dict)
    """The values given by ``--set``; a run directory stores them beside the files."""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Path in the rooms -> content of every data file used; Library(root) reads them back."""
