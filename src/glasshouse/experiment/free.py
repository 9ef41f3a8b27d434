"""What a design may vary: assumptions, and safeguards on and off; never a rule.

Line 3 of the house: no rulebook, sanction or coverage value is a free parameter. A design whose
points are *drawn* varies assumptions alone, less the coverage of channels. A design whose points
somebody *wrote* (a table, a grid, one point) may also set coverage and safeguards, since it
compares what its author put down and looks for nothing. Rules are compared as arms of a scenario,
where a reader sees both side by side.
"""

from __future__ import annotations

import math
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

from glasshouse.errors import nearest
from glasshouse.law.dated import MARK
from glasshouse.law.library import Library
from glasshouse.law.resolve import RULEBOOK, RULES
from glasshouse.law.scenario import RunSettings, Scenario
from glasshouse.law.validate import described

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from glasshouse.experiment.design import Range, Value
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.quantity import Quantity

SAFEGUARDS = "safeguards."
ARMS = "arms."
SWITCH = ("off", "on")
_AS_IT_IS = 0.5
"""Where a group stands when each of its assumptions has the value of the scenario."""

_COVERAGE = ("covers_urban", "covers_rural")

Flaw = tuple[str, str]
"""What is wrong, and what would be right; two blanks where nothing is."""

FINE: Flaw = ("", "")
"""Nothing is wrong."""

_STANDS_ELSEWHERE = {
    "seed": "replicates stand under `seeds`",
    "society_seed": "draws of the society stand under `societies`",
    "people": "it stands beside the paths: people: 20000",
    "years": "it stands beside the paths: years: 3",
    "months": "how long it lasts stands beside the paths: years: 3",
}


def is_switch(path: str) -> bool:
    """Say whether a path is a safeguard, which is on or off, in all arms or in one."""
    return _inner(path)[1].startswith(SAFEGUARDS)


def is_group(path: str) -> bool:
    """Say whether a path is a pattern, whose assumptions move together.

    0 is the low end of each range, 0.5 what the first arm has, 1 the high end.
    """
    return any(letter in path for letter in "*?[")


def _inner(path: str) -> tuple[str, str]:
    """Take ``arms.ARM.`` off a path: the arm, or nothing, and the rest."""
    if not path.startswith(ARMS):
        return "", path
    _, arm, inner = (*path.split(".", 2), "", "")[:3]
    return arm, inner


class Free:
    """What may vary in an experiment, and how far."""

    def __init__(self, experiment: Experiment, *, drawn: bool) -> None:
        """Take the scenario as settled; ``drawn`` says that the points are not written by hand."""
        self.experiment = experiment
        self.drawn = drawn
        self._arms = {arm.arm: arm for arm in experiment.scenario.arms}

    @cached_property
    def quantities(self) -> Mapping[str, Quantity]:
        """The assumptions of the first arm by path; every arm has the same paths and ranges."""
        return self.experiment.arms[0].assumptions.quantities()

    @cached_property
    def safeguards(self) -> tuple[str, ...]:
        """The names of the safeguards in the house."""
        return Library().names("safeguards")

    def flaw_of_path(self, path: str) -> Flaw:
        """Say why a path is no parameter of a design, and what would be."""
        return next(self._flaws_of_path(path), FINE)

    def _flaws_of_path(self, path: str) -> Iterator[Flaw]:
        """Give what stands against a path, the most telling first."""
        arm, inner = _inner(path)
        if path.startswith(ARMS) and arm not in self._arms:
            yield f"unknown arm `{arm[:60]}`", nearest(arm, self._arms)
        yield from self._of_the_scenario(inner)
        if inner.startswith(SAFEGUARDS):
            name = inner.removeprefix(SAFEGUARDS)
            if name not in self.safeguards:
                yield f"no safeguard `{name[:60]}`", nearest(name, self.safeguards)
            if self.drawn:
                yield "a safeguard is on or off and is not drawn", "a table or a grid of on and off"
            return
        if is_group(inner):
            if not self.members(path):
                what = f"no assumption that can vary matches `{path[:80]}`"
                yield what, nearest(path, {f"{name.split('.')[0]}.*" for name in self.quantities})
            return
        if inner not in self.quantities:
            yield f"unknown path `{path[:80]}`", nearest(inner, self.quantities)
            return
        if self.drawn and inner.endswith(_COVERAGE):
            what = "coverage is no free parameter, so it is never drawn"
            yield what, "write the values down in a table or a grid"
        if arm and inner.startswith("acts."):
            yield "acts are shared by all arms", f"`{inner}`, for all arms"
        own = [name for name, one in self._arms.items() if inner in one.set]
        if own and not arm:
            right = " and ".join(f"`{ARMS}{name}.{inner}`" for name in own)
            yield f"the arm `{own[0]}` sets it itself, so nothing would vary there", right
        low, high = self.quantities[inner].range
        if low == high:
            yield f"its declared range is the one value {low:g}", "a path that can vary"

    @staticmethod
    def _of_the_scenario(inner: str) -> Iterator[Flaw]:
        """Give why what is no assumption is refused: rules, settings, what a scenario states."""
        first = inner.partition(".")[0].partition(MARK)[0]
        if first in {RULES.rstrip("."), RULEBOOK, "rulebooks", "without"}:
            right = "put the rival rules beside one another as arms of a scenario (`without`)"
            yield "a rule is no parameter of a design", right
        elif first in RunSettings.model_fields:
            right = _STANDS_ELSEWHERE.get(first, "an assumption; the scenario states this")
            yield f"`{first}` is a setting of the run and no parameter of a design", right
        elif first in Scenario.model_fields.keys() - {"arms", "safeguards"}:
            yield f"`{first[:60]}` is stated by the scenario and no parameter", "an assumption"

    def flaw_of_value(self, path: str, value: object) -> Flaw:
        """Say why a value cannot stand under a path that is fine itself."""
        if is_switch(path):
            if value in SWITCH:
                return FINE
            return f"{described(value)} is no position of a switch", "on or off"
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"{described(value)} is not a number", ""
        if not math.isfinite(value):
            return f"{value} is not a finite number", ""
        low, high = self.range(path)
        if low <= value <= high:
            return FINE
        return f"{value:g} is outside the declared range", f"between {low:g} and {high:g}"

    def flaw_of_range(self, path: str, low: float, high: float) -> Flaw:
        """Say why a path cannot be drawn from a range."""
        found = [self.flaw_of_value(path, end) for end in (low, high)]
        flaw = next((flaw for flaw in found if flaw != FINE), FINE)
        if flaw[0].endswith("number"):
            return flaw
        if low > high:
            return f"the range [{low:g}, {high:g}] is upside down", f"[{high:g}, {low:g}]"
        if flaw != FINE:
            return flaw
        if low == high:
            return (
                f"the range [{low:g}, {high:g}] is one value",
                "set it for all points under `set`",
            )
        return FINE

    def range(self, path: str) -> Range:
        """Give the range of a path: as declared, or 0 to 1 for a group of assumptions."""
        if is_group(path):
            return (0.0, 1.0)
        return self.quantities[_inner(path)[1]].range

    def members(self, path: str) -> tuple[str, ...]:
        """Give the assumptions that a pattern moves: those that can vary and no arm sets itself.

        Coverage is left out where points are drawn.
        """
        arm, inner = _inner(path)
        own = {name for one in self._arms.values() for name in one.set}
        return tuple(
            f"{ARMS}{arm}.{name}" if arm else name
            for name, quantity in self.quantities.items()
            if fnmatchcase(name, inner)
            and quantity.range[0] < quantity.range[1]
            and not (self.drawn and name.endswith(_COVERAGE))
            and (name not in own if not arm else not name.startswith("acts."))
        )

    def moved_by(self, path: str) -> tuple[str, ...]:
        """Give what a path of a design sets: itself, or the members of a group."""
        return self.members(path) if is_group(path) else (path,)

    def sets(self, path: str, value: Value) -> dict[str, str]:
        """Give what a value under a path sets, as ``--set`` takes it."""
        if not is_group(path):
            return {path: str(value)}
        share = float(value)
        found = {}
        for name in self.members(path):
            low, high = self.quantities[_inner(name)[1]].range
            now = self.quantities[_inner(name)[1]].number
            end = low if share < _AS_IT_IS else high
            moved = now + abs(share / _AS_IT_IS - 1.0) * (end - now)
            found[name] = str(min(high, max(low, moved)))
        return found
