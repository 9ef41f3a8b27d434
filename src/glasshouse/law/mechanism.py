"""The mechanisms that the sources describe: what each is, how far it is known, where it lives.

A mechanism *runs* when a switch turns it on in a run and a test shows what it moves; it is
*checked* when it is a figure, a structure or a worked case with a test of its own; it is *context*
when it is cited and nothing more.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from glasshouse.errors import Problem
from glasshouse.law.citation import Cite, Day, Evidence, Text
from glasshouse.law.scenario import Month, Reference, SetValues
from glasshouse.law.validate import Strict, refusal, validated
from glasshouse.law.without import names_of_provisions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from glasshouse.law.experiment import ArmRules
    from glasshouse.law.intake import Intake
    from glasshouse.law.load import Document, KeyPath
    from glasshouse.law.quantity import Quantity

NUMBER = 132
CONTEXT = ("M75", "M103", "M104", "M115", "M119", "M132")

TOLD = ("national-score-as-told",)
"""The rulebooks of an arm that names none."""

TOLD_AWARE = 0.9
"""Share of people who know of the scheme, as in the scenario `as-told`."""

MechanismId = Annotated[str, Field(pattern=r"^M[0-9]{2,3}$")]


class ArmChange(Strict):
    """How an arm is changed: its rulebooks, values of assumptions, provisions that are left out."""

    rulebooks: tuple[Reference, ...] | None = None
    set: SetValues = Field(default_factory=dict)
    without: tuple[Text, ...] = ()
    merge: Day | None = None
    join_by: Literal["number", "name"] | None = None


class Switch(Strict):
    """Two arms that differ by the mechanism alone; what is not said is the told arm's."""

    off: ArmChange
    on: ArmChange
    start: Month = "2018-01"
    """First month of a run that shows it."""


class Mechanism(Strict):
    """One row of the mission."""

    id: MechanismId
    mechanism: Text
    sources: Annotated[tuple[Cite, ...], Field(min_length=1)]
    evidence: Evidence
    qualified: Text | None = None
    status: Literal["runs", "checked", "context"]
    said: Text
    scholars: Text
    scholars_cite: tuple[Cite, ...] = ()
    lab: Text
    assumed: Text
    where: tuple[Text, ...] = ()
    switch: Switch | None = None
    rare: Text | None = None
    """Why the switch moves no number in a run of the demonstration's size."""
    test: Text | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Mechanism:
        if (self.status == "context") != (self.id in CONTEXT):
            raise refusal(f"{self.id} is {self.status}", f"context are {', '.join(CONTEXT)}")
        if self.status != "context" and self.test is None:
            raise refusal("it names no test", "test: tests/…::test_…")
        if self.status == "runs" and self.switch is None:
            raise refusal("it runs and names no switch", "switch: {off: …, on: …}")
        return self

    @property
    def number(self) -> int:
        """The place in the mission, from 1."""
        return int(self.id[1:])

    @property
    def switch_words(self) -> str:
        """What turns it on, as one would type or write it."""
        if self.switch is None:
            return ""
        on, words = self.switch.on, []
        if on.rulebooks is not None:
            words.append("rulebooks: " + ", ".join(on.rulebooks))
        words += [f"--set {path}={value:g}" for path, value in on.set.items()]
        words += [f"merge: {on.merge}"] if on.merge else []
        words += [f"join_by: {on.join_by}"] if on.join_by else []
        words += [f"with {name}" for name in self.switch.off.without if name not in on.without]
        words += [f"without {name}" for name in on.without]
        off = self.switch.off.set
        words += [f"--set {path} away from {value:g}" for path, value in off.items()
                  if path not in on.set]  # fmt: skip
        return "; ".join(words)


class MechanismsFile(Strict):
    """One file of the room."""

    mechanisms: tuple[Mechanism, ...]


def read_mechanisms(
    root: Path, family: str, sources: Collection[str], intake: Intake
) -> list[Mechanism]:
    """The mechanisms of a file (``*``: of the room) by their ids, with problems in the intake."""
    found: dict[str, Mechanism] = {}
    for document in intake.room(root, "mechanisms", family):
        for index, one in enumerate(take_mechanisms(root, document, sources, intake)):
            if one.id in found:
                what = f"{one.id} stands in another place too"
                intake.problems.append(document.problem(("mechanisms", index, "id"), what))
            found[one.id] = one
    return sorted(found.values(), key=lambda one: one.number)


def take_mechanisms(
    root: Path, document: Document, sources: Collection[str], intake: Intake
) -> tuple[Mechanism, ...]:
    """The mechanisms of one file, with problems in the intake."""
    file = validated(MechanismsFile, document, intake.problems)
    for index, one in enumerate(file.mechanisms if file else ()):
        intake.add(_problems(root, document, index, one, sources))
    return file.mechanisms if file else ()


def _problems(
    root: Path, document: Document, index: int, one: Mechanism, sources: Collection[str]
) -> Iterator[Problem]:
    for name in ("sources", "scholars_cite"):
        for place, cite in enumerate(getattr(one, name)):
            if cite.source not in sources:
                here: KeyPath = ("mechanisms", index, name, place, "source")
                yield document.problem(here, f"unknown source `{cite.source[:60]}`")
    for place, where in enumerate(one.where):
        if not (root / where).exists():
            here = ("mechanisms", index, "where", place)
            yield document.problem(here, f"`{where[:120]}` is not there", "a path below data/")


def is_on(one: Mechanism, arm: ArmRules) -> bool:
    """Whether a mechanism is on in an arm: everything that its switch turns on is there."""
    return bool(those_on((one,), arm))


def those_on(mechanisms: Iterable[Mechanism], arm: ArmRules) -> tuple[Mechanism, ...]:
    """The mechanisms that are on in an arm."""
    if arm.is_baseline:
        return ()
    quantities = arm.assumptions.quantities()
    return tuple(one for one in mechanisms if one.switch and _is_on(one.switch, arm, quantities))


def _is_on(switch: Switch, arm: ArmRules, quantities: Mapping[str, Quantity]) -> bool:
    on, off = switch.on, switch.off
    books = [use.rulebook for use in arm.rulebooks]
    named, there = {book.rulebook for book in books}, names_of_provisions(books)
    shared = {path for path, value in on.set.items() if off.set.get(path) == value}
    asked = [
        quantities[path].number != off.set.get(path, quantities[path].packaged)
        or (path not in off.set and quantities[path].number == on.set[path])
        for path in {**off.set, **on.set}
        if path in quantities and path not in shared
    ]
    asked += [book in named for book in set(on.rulebooks or ()) - set(off.rulebooks or ())]
    asked += [name in there for name in off.without if name not in on.without]
    asked += [
        name not in there
        for name in on.without
        if name not in off.without and name.partition("/")[0] in named
    ]
    if on.merge != off.merge:
        asked.append(arm.merge == on.merge)
    if on.join_by != off.join_by:
        asked.append(arm.join_by == (on.join_by or "number"))
    # What both arms set is what the mechanism needs to be seen at all.
    is_there = all(quantities[path].number != 0 or on.set[path] == 0 for path in shared)
    return is_there and bool(asked) and all(asked)


def scenario_of(one: Mechanism) -> str:
    """A scenario file in which two arms differ by the mechanism alone.

    Raises ValueError where the mechanism has no switch.
    """
    if one.switch is None:
        message = f"{one.id} has no switch"
        raise ValueError(message)
    lines = [
        f"# {one.id}: the same people, acts and luck, without the mechanism and with it.",
        f"scenario: {one.id.lower()}",
        f"title: {json.dumps(f'{one.id}: {one.mechanism}')}",
        'question: "What does this mechanism change, and what does it leave alone?"',
        "society: china-2020",
        "people: 50000",
        f"start: {one.switch.start}",
        "years: 3",
        "seed: 1",
        "open_entries_per_person: 4",
        "open_listings_per_person: 2",
        "arms:",
        "  - {arm: nothing, rulebooks: []}",
    ]
    for name, change in (("off", one.switch.off), ("on", one.switch.on)):
        books = TOLD if change.rulebooks is None else change.rulebooks
        lines.append(f"  - arm: {name}")
        lines.append("    rulebooks:" if books else "    rulebooks: []")
        lines += [f"      - {{rulebook: {book}}}" for book in books]
        if change.without:
            lines.append("    without: [" + ", ".join(change.without) + "]")
        lines += [f"    merge: {change.merge}"] if change.merge else []
        lines += [f"    join_by: {change.join_by}"] if change.join_by else []
        values = {"response.aware": TOLD_AWARE, **change.set}
        lines.append("    set:")
        lines += [f"      {path}: {value!r}" for path, value in values.items()]
    return "\n".join([*lines, ""])
