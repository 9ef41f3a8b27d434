"""What the controls of the page make of a scenario: where each stands in it, and what it sets.

A control is data (``law.control``): it moves assumptions within their declared ranges or switches a
safeguard. It has no way to reach a rule, and nothing here looks for a best value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from glasshouse.errors import nearest
from glasshouse.law.control import read_controls as read_room
from glasshouse.law.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from glasshouse.law.control import Control, ControlsFile
    from glasshouse.law.library import Library
    from glasshouse.law.quantity import Quantity
    from glasshouse.law.scenario import Scenario

Setting = float | bool
"""A number for a slider; on or off for a safeguard."""


@dataclass(frozen=True)
class Controls:
    """All controls, and the assumptions and safeguards that they move."""

    groups: tuple[ControlsFile, ...]
    quantities: Mapping[str, Quantity]
    evidence: Mapping[str, str]
    """The evidence status of each safeguard."""

    @cached_property
    def by_id(self) -> dict[str, Control]:
        """Every control by its id."""
        return {one.id: one for group in self.groups for one in group.controls}

    def status(self, control: Control) -> str:
        """Say how far what it moves is known: as the weakest of the assumptions behind it."""
        if control.safeguard is not None:
            return self.evidence[control.safeguard]
        guessed = any(self.quantities[path].guess for path in control.paths)
        return "guess" if guessed else "cited"

    def flaw(self, name: str, value: object) -> tuple[str, str] | None:
        """Say what is wrong with a setting, and what would be right; nothing if it can be made."""
        control = self.by_id.get(name)
        if control is None:
            return f"no control `{name[:60]}`", nearest(name, self.by_id)
        if control.range is None:
            return None if isinstance(value, bool) else ("is a switch", "true or false")
        low, high = control.range
        right = f"a number from {low:g} to {high:g}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "is no number", right
        if not low <= value <= high:
            return f"{value:g} is outside the declared range", right
        return None

    def value_in(self, control: Control, scenario: Scenario) -> Setting:
        """Give where a control stands in a scenario as it is: in the last arm that is scored."""
        scored = [arm for arm in scenario.arms if arm.rulebooks]
        last = scored[-1] if scored else scenario.arms[-1]
        if control.safeguard is not None:
            return control.safeguard in {*scenario.safeguards, *last.safeguards}
        if control.times is not None:
            return 1.0
        path = control.paths[0]
        there = {**scenario.set, **last.set}
        return there.get(path, self.quantities[path].number)

    def sets(self, scenario: Scenario, settings: Mapping[str, Setting]) -> dict[str, str]:
        """Give what settings set, as ``--set`` takes it, in all arms that have the assumption.

        An arm that states a value of its own would keep it, so it is told by name.
        """
        found: dict[str, str] = {}
        for name in self.by_id:
            if name in settings:
                found.update(self._sets_of(self.by_id[name], scenario, settings[name]))
        return found

    def _sets_of(
        self, control: Control, scenario: Scenario, value: Setting
    ) -> Iterator[tuple[str, str]]:
        for path in control.paths:
            if control.safeguard is not None:
                yield path, "on" if value else "off"
                continue
            yield path, self._moved(control, path, scenario.set.get(path), value)
            for arm in scenario.arms:
                if path in arm.set:
                    own = self._moved(control, path, arm.set[path], value)
                    yield f"arms.{arm.arm}.{path}", own

    def _moved(self, control: Control, path: str, stated: float | None, value: Setting) -> str:
        if control.times is None:
            return written(float(value))
        quantity = self.quantities[path]
        low, high = quantity.range
        now = quantity.number if stated is None else stated
        return written(min(high, max(low, now * float(value))))


def written(number: float) -> str:
    """Give a number as a command has it: short, and the same number when it is read again."""
    if math.isfinite(number) and number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return repr(round(number, 12))


def read_controls(library: Library) -> Controls:
    """Read the room of controls, or raise BadInput with all that is wrong in it."""
    intake = Intake()
    evidence = {one.safeguard: one.evidence for one in library.safeguards()}
    quantities = library.assumptions().quantities()
    groups = read_room(library.root, quantities, evidence, intake)
    intake.settle()
    return Controls(groups, quantities, evidence)
