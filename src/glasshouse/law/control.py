"""Controls: what a page lets a hand move, as documents with words, a path, a range and a unit.

A control states no value: it moves assumptions within their declared ranges, or switches a
safeguard. No rule can be named in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from glasshouse.errors import Problem, nearest
from glasshouse.law.citation import Id, Text
from glasshouse.law.safeguarded import SWITCH
from glasshouse.law.validate import Strict, refusal, validated

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path as FilePath

    from glasshouse.law.intake import Intake
    from glasshouse.law.load import Document
    from glasshouse.law.quantity import Quantity

ROOM = "controls"

Path = Annotated[str, Field(min_length=1, max_length=200)]
Paths = Annotated[tuple[Path, ...], Field(min_length=1, max_length=24)]


class Control(Strict):
    """One control: a slider that sets or multiplies assumptions, or the switch of a safeguard."""

    id: Id
    title: Text
    words: Text
    set: Paths | None = None
    """The assumptions that get the number."""
    times: Paths | None = None
    """The assumptions that are multiplied by it, each held within its own declared range."""
    safeguard: Id | None = None
    range: tuple[float, float] | None = None
    step: Annotated[float, Field(gt=0)] | None = None
    unit: Text | None = None

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Control:
        if sum(one is not None for one in (self.set, self.times, self.safeguard)) != 1:
            raise refusal("it moves one kind of thing", "one of set, times, safeguard")
        scale = (self.range, self.step, self.unit)
        if self.safeguard is None and not all(one is not None for one in scale):
            raise refusal("a slider without a scale", "range: [low, high], step and unit")
        if self.safeguard is not None and any(one is not None for one in scale):
            raise refusal("a switch has no scale", "leave range, step and unit out")
        if self.range is not None and self.range[0] >= self.range[1]:
            raise refusal("the range is empty", "range: [low, high]")
        return self

    @property
    def kind(self) -> Literal["number", "factor", "switch"]:
        """What the page shows."""
        if self.safeguard is not None:
            return "switch"
        return "number" if self.set is not None else "factor"

    @property
    def paths(self) -> tuple[str, ...]:
        """What it moves, as ``--set`` says it."""
        if self.safeguard is not None:
            return (f"{SWITCH}{self.safeguard}",)
        return self.set or self.times or ()


class ControlsFile(Strict):
    """A file of the room: a group of controls under one heading."""

    group: Text
    order: Annotated[int, Field(ge=1, le=99)]
    """Where the group stands among the others."""
    controls: Annotated[tuple[Control, ...], Field(min_length=1)]


def read_controls(
    root: FilePath, quantities: Mapping[str, Quantity], safeguards: Collection[str], intake: Intake
) -> tuple[ControlsFile, ...]:
    """Read the room of controls; what is wrong goes to the intake."""
    taken = [
        take_controls(document, quantities, safeguards, intake)
        for document in intake.room(root, ROOM)
    ]
    found = tuple(sorted(filter(None, taken), key=lambda one: (one.order, one.group)))
    _refuse_rivals(found, intake)
    return found


def take_controls(
    document: Document,
    quantities: Mapping[str, Quantity],
    safeguards: Collection[str],
    intake: Intake,
) -> ControlsFile | None:
    """Read one file of the room, and check that what it moves is there and can be moved so far."""
    found = validated(ControlsFile, document, intake.problems)
    if found is not None:
        _check(document, found, quantities, safeguards, intake)
    return found


def _check(
    document: Document,
    found: ControlsFile,
    quantities: Mapping[str, Quantity],
    safeguards: Collection[str],
    intake: Intake,
) -> None:
    for index, control in enumerate(found.controls):
        here = ("controls", index)
        if control.safeguard is not None and control.safeguard not in safeguards:
            what = f"no safeguard `{control.safeguard}`"
            intake.add([document.problem(here, what, nearest(control.safeguard, safeguards))])
            continue
        for path in control.paths if control.safeguard is None else ():
            if path not in quantities:
                what = f"`{path}` is no assumption"
                intake.add([document.problem(here, what, nearest(path, quantities))])
            elif control.set is not None and control.range is not None:
                low, high = quantities[path].range
                if not low <= control.range[0] < control.range[1] <= high:
                    what = f"the range is wider than that of `{path}`"
                    intake.add([document.problem(here, what, f"within {low:g} to {high:g}")])


def _refuse_rivals(groups: tuple[ControlsFile, ...], intake: Intake) -> None:
    """Two controls of one name, or that move one thing, would undo each other."""
    seen: dict[str, str] = {}
    for control in (one for group in groups for one in group.controls):
        for what in (control.id, *control.paths):
            other = seen.setdefault(what, control.title)
            if other != control.title:
                both = f"`{other}` and `{control.title}` both move or are called `{what}`"
                intake.add([Problem(ROOM, 0, 0, "", both, "one control for each")])
