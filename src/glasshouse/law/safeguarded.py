"""Which safeguards are on in which arm of a scenario, and what they make of the arm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from glasshouse.errors import Problem
from glasshouse.law.amend import amended, facts_of
from glasshouse.law.read_assumptions import value_problem, with_values
from glasshouse.law.safeguard import SafeguardOn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from glasshouse.law.assumptions import Assumptions
    from glasshouse.law.experiment import ArmRules
    from glasshouse.law.intake import Intake
    from glasshouse.law.load import Document, KeyPath
    from glasshouse.law.rulebook import Rulebook
    from glasshouse.law.safeguard import Safeguard, SafeguardRoom
    from glasshouse.law.scenario import Scenario

SWITCH = "safeguards."
"""Before the name of a safeguard in a path: it is switched on or off."""

Switches = Mapping[str, Mapping[str, bool]]
"""By arm (empty for all): safeguards, and whether they are on."""


def safeguards_on(
    document: Document,
    scenario: Scenario,
    switches: Switches,
    room: SafeguardRoom,
    intake: Intake,
) -> tuple[tuple[Safeguard, ...], ...]:
    """The safeguards of every arm, in the order of their names; what is wrong goes to the intake.

    What the scenario says for all holds in every arm that has a rulebook: where nobody is scored
    there is nothing to guard, and a safeguard that such an arm itself asks for is refused.
    """
    intake.add(_name_problems(document, scenario, switches, room))
    named = [
        *scenario.safeguards,
        *(name for arm in scenario.arms for name in arm.safeguards),
        *(name for chosen in switches.values() for name in chosen),
    ]
    # What is named is read even where it is off, so that a run directory holds all that is named.
    read = {name: room.read(name) for name in dict.fromkeys(named) if name in room.names}
    found: list[tuple[Safeguard, ...]] = []
    for index, arm in enumerate(scenario.arms):
        mine = switches.get(arm.arm, {})
        if not arm.rulebooks:
            intake.add(_nothing_to_guard(document, index, arm.safeguards, mine, arm.arm))
            found.append(())
            continue
        said = dict.fromkeys((*scenario.safeguards, *arm.safeguards), True)
        on = {**said, **switches.get("", {}), **mine}
        names = sorted(name for name, is_on in on.items() if is_on)
        found.append(tuple(one for name in names if (one := read.get(name)) is not None))
    return tuple(found)


def _name_problems(
    document: Document, scenario: Scenario, switches: Switches, room: SafeguardRoom
) -> Iterator[Problem]:
    """Names that no file of the room has, and names that stand twice."""
    places: list[tuple[KeyPath, tuple[str, ...]]] = [(("safeguards",), scenario.safeguards)]
    places += [
        (("arms", index, "safeguards"), arm.safeguards) for index, arm in enumerate(scenario.arms)
    ]
    for path, names in places:
        for index, name in enumerate(names):
            if name not in room.names:
                yield document.problem((*path, index), *room.unknown(name))
            elif name in names[:index]:
                yield document.problem((*path, index), f"`{name}` stands twice", "each once")
    for arm, chosen in switches.items():
        for name in chosen:
            if name not in room.names:
                yield Problem("--set", 0, 0, _path(arm, name), *room.unknown(name))


def _nothing_to_guard(
    document: Document, index: int, said: tuple[str, ...], chosen: Mapping[str, bool], arm: str
) -> Iterator[Problem]:
    what, right = "a safeguard where nobody is scored", "safeguards belong to an arm with rulebooks"
    for place in range(len(said)):
        yield document.problem(("arms", index, "safeguards", place), what, right)
    for name, is_on in chosen.items():
        if is_on:
            yield Problem("--set", 0, 0, _path(arm, name), what, right)


def _path(arm: str, name: str) -> str:
    return f"arms.{arm}.{SWITCH}{name}"[:120] if arm else f"{SWITCH}{name}"[:120]


def safeguarded(arm: ArmRules, safeguards: tuple[Safeguard, ...], intake: Intake) -> ArmRules:
    """An arm with these safeguards in its law and its values; the same object without any."""
    if not safeguards:
        return arm
    intake.add(_value_problems(safeguards, arm.assumptions))
    if intake.problems:
        return arm
    facts = facts_of(arm.assumptions)
    numbers = {path: q.number for path, q in arm.assumptions.quantities().items()}
    held = held_values(safeguards, numbers)
    intake.add(_at_odds(safeguards, held, arm.name))
    on = tuple(SafeguardOn(one, (*_amends(arm, one), *_moves(one, numbers))) for one in safeguards)
    return replace(
        arm,
        rulebooks=tuple(
            replace(use, rulebook=amended(use.rulebook, safeguards, facts)) for use in arm.rulebooks
        ),
        assumptions=with_values(arm.assumptions, held),
        safeguards=on,
    )


def held_values(safeguards: Iterable[Safeguard], numbers: Mapping[str, float]) -> dict[str, float]:
    """The values that safeguards move, at the bounds at which they hold them."""
    held: dict[str, float] = {}
    for one in safeguards:
        for path, bound in one.how.values.items():
            number = bound.held(held.get(path, numbers[path]))
            if number != numbers[path]:
                held[path] = number
    return held


def _amends(arm: ArmRules, one: Safeguard) -> Iterator[str]:
    """What of an arm's rulebooks a safeguard changes by itself, each once."""
    facts = facts_of(arm.assumptions)
    changed: dict[str, None] = {}
    for use in arm.rulebooks:
        changed |= dict.fromkeys(_differences(use.rulebook, amended(use.rulebook, (one,), facts)))
    return iter(changed)


def _differences(old: Rulebook, new: Rulebook) -> Iterator[str]:
    if new is old:
        return
    if new.enrolment != old.enrolment:
        yield old.rulebook
    kept = {id(provision) for provision in new.provisions}
    for provision in old.provisions:
        if id(provision) not in kept:
            yield f"{old.rulebook}/{provision.id}"


def _moves(one: Safeguard, numbers: Mapping[str, float]) -> Iterator[str]:
    return iter(held_values((one,), numbers))


def _value_problems(safeguards: Iterable[Safeguard], assumptions: Assumptions) -> Iterator[Problem]:
    """Bounds that no assumption can have."""
    quantities = assumptions.quantities()
    for one in safeguards:
        for path, bound in one.how.values.items():
            number = bound.at_most if bound.at_least is None else bound.at_least
            what, right = value_problem(quantities, path, number or 0.0)
            if what:
                file = f"safeguards/{one.safeguard}.yaml"
                yield Problem(file, 0, 0, f"how.values.{path}", what, right)


def _at_odds(
    safeguards: Iterable[Safeguard], held: Mapping[str, float], arm: str
) -> Iterator[Problem]:
    """Two safeguards that hold a value from both sides, so that the order would decide."""
    for one in safeguards:
        for path, bound in one.how.values.items():
            if path in held and bound.held(held[path]) != held[path]:
                what = f"`{one.safeguard}` and another safeguard of the arm `{arm}` hold it apart"
                yield Problem("safeguards", 0, 0, path, what, "one of them")
