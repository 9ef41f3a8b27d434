"""From a scenario and ``--set`` values to an experiment, with every check across documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from glasshouse.errors import BadInput, Problem, nearest
from glasshouse.law.dated import (
    AND,
    MARK,
    NONE,
    counted_again,
    gaps_of,
    path_on,
    periods_of,
    replaced_on,
    share_a_province,
    taken_apart,
    within,
)
from glasshouse.law.experiment import ArmRules, Experiment, RulebookInForce
from glasshouse.law.load import Document, parse
from glasshouse.law.read_assumptions import value_problem, with_values
from glasshouse.law.safeguarded import SWITCH, safeguarded, safeguards_on
from glasshouse.law.scenario import Arm, RulebookUse, RunSettings, Scenario
from glasshouse.law.validate import validated
from glasshouse.law.without import flaws_of, names_of_provisions, without

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from glasshouse.law.assumptions import Assumptions
    from glasshouse.law.intake import Intake
    from glasshouse.law.load import KeyPath
    from glasshouse.law.quantity import Quantity
    from glasshouse.law.rulebook import Rulebook
    from glasshouse.law.safeguard import SafeguardRoom
    from glasshouse.law.society import Society

SET_LABEL = "--set"
RULES = "rules."
"""Before ``rulebook.provision`` in a path: the provision is switched on or off."""

RULEBOOK = "rulebook"
"""Behind an arm in a path: the arm has this rulebook and no other, everywhere and as dated."""


@dataclass
class Sets:
    """The ``--set`` values, sorted by what they address."""

    settings: dict[str, Any] = field(default_factory=dict)
    everywhere: dict[str, float] = field(default_factory=dict)
    by_arm: dict[str, dict[str, float]] = field(default_factory=dict)
    rules: dict[str, dict[str, bool]] = field(default_factory=dict)
    """By arm (`` `` for all): provisions, and whether they are on."""
    safeguards: dict[str, dict[str, bool]] = field(default_factory=dict)
    """The same of safeguards."""
    rulebooks: dict[str, str] = field(default_factory=dict)
    """By arm: the one rulebook in the place of its own."""
    dated_rules: dict[str, dict[str, dict[dt.date, bool]]] = field(default_factory=dict)
    """As ``rules``, each with the days on which it changes."""
    dated_rulebooks: dict[str, dict[dt.date, str]] = field(default_factory=dict)
    """By arm: the rulebooks that take the place of all others on a day."""


def sorted_sets(
    sets: Mapping[str, str], arms: tuple[str, ...], assumptions: Assumptions, intake: Intake
) -> Sets:
    """Sort and check ``--set`` values; what is wrong goes to the intake."""
    result, quantities = Sets(), assumptions.quantities()
    for path, text in sets.items():
        try:
            value = _parsed(path, text)
        except (BadInput, UnicodeEncodeError):
            what, right = f"{str(text)[:60]!a} cannot be read", "path=value"
            if text.strip().removeprefix("-").isdecimal():
                what, right = f"{text.strip()[:40]} has too many digits", "at most 18"
            intake.problems.append(_set_problem(path, what, right))
            continue
        if path in RunSettings.model_fields:
            result.settings[path] = value
            continue
        if problem := _not_settable(path, arms):
            intake.problems.append(problem)
            continue
        arm, inner = "", path
        if path.startswith("arms."):
            _, arm, inner = (*path.split(".", 2), "")[:3]
            if arm not in arms:
                what = f"unknown arm `{arm[:60]}`"
                intake.problems.append(_set_problem(path, what, nearest(arm, arms)))
                continue
        if flaw := _sort_in(result, arm, inner, value, quantities):
            intake.problems.append(_set_problem(path, *flaw))
    return result


def _sort_in(
    result: Sets, arm: str, inner: str, value: Any, quantities: Mapping[str, Quantity]
) -> tuple[str, str] | None:
    """Put one value where it belongs (``arm`` empty: all arms), or say what is wrong with it."""
    stem, mark, _ = inner.partition(MARK)
    if stem == RULEBOOK or stem.startswith((RULES, SWITCH)):
        return (
            _sort_dated(result, arm, inner, value) if mark else _sort_law(result, arm, stem, value)
        )
    if mark:
        return "only law changes on a day", "`rulebook` of an arm, or rules.BOOK.PROVISION"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"`{str(value)[:60]}` is not a number", ""
    what, right = value_problem(quantities, inner, float(value))
    if what:
        if inner not in quantities and not arm:
            right = nearest(inner, [*quantities, *RunSettings.model_fields])
        return what, right
    values = result.by_arm.setdefault(arm, {}) if arm else result.everywhere
    values[inner] = float(value)
    return None


def _sort_law(result: Sets, arm: str, inner: str, value: Any) -> tuple[str, str] | None:
    """The same for what is law: the rulebook of an arm, a provision, a safeguard."""
    if inner == RULEBOOK:
        if not arm:
            return "a rulebook is set arm by arm", "arms.ARM.rulebook=NAME"
        if not isinstance(value, str):
            return f"`{str(value)[:60]}` is not the name of a rulebook", "glasshouse rulebook list"
        result.rulebooks[arm] = value
    elif value not in {"on", "off"}:
        return f"`{str(value)[:60]}` is no position of a switch", "on or off"
    elif inner.startswith(RULES):
        rule = inner.removeprefix(RULES).replace(".", "/", 1)
        result.rules.setdefault(arm, {})[rule] = value == "on"
    else:
        name = inner.removeprefix(SWITCH)
        result.safeguards.setdefault(arm, {})[name] = value == "on"
    return None


def _sort_dated(result: Sets, arm: str, path: str, value: Any) -> tuple[str, str] | None:
    """The same for what changes on a day."""
    try:
        inner, day = taken_apart(path)
    except ValueError:
        day = None
    if day is None:
        return f"`{path.partition(MARK)[2][:40]}` is no day", "YYYY-MM or YYYY-MM-DD"
    if inner.startswith(SWITCH):
        return "a safeguard holds from the first day on", inner
    alone = Sets()
    if flaw := _sort_law(alone, arm, inner, value):
        return flaw
    return _put_on(result, arm, alone, day)


def _put_on(result: Sets, arm: str, alone: Sets, day: dt.date) -> tuple[str, str] | None:
    """Take over one value that holds from a day on; a day has one, in whichever spelling."""
    twice = f"two values hold from {day} on", "one of them"
    for name, text in alone.rulebooks.items():
        names = [one.strip() for one in text.split(AND)]
        if names != [NONE] and {"", NONE} & set(names):
            return f"`{text[:60]}` names no rulebooks", "NAME, NAME+NAME, or none alone"
        if result.dated_rulebooks.setdefault(name, {}).setdefault(day, text) != text:
            return twice
    for rule, is_on in alone.rules.get(arm, {}).items():
        days = result.dated_rules.setdefault(arm, {}).setdefault(rule, {})
        if days.setdefault(day, is_on) != is_on:
            return twice
    return None


_FIXED = (Scenario.model_fields.keys() - RunSettings.model_fields.keys()) - {"arms"}
_FIXED_IN_ARM = frozenset(Arm.model_fields)


def _not_settable(path: str, arms: tuple[str, ...]) -> Problem | None:
    """What a scenario states and no value replaces: its words, its society, its arms, its law."""
    first, *rest = path.split(".")
    if first == "arms" and len(rest) < 2:
        what = f"`{path[:60]}` is no value" if rest else "`arms` is no value"
        example = rest[0] if rest and rest[0] in arms else (arms or ("ARM",))[-1]
        right = f"name a value in an arm, as in arms.{example[:60]}.response.aware=0.5"
        return _set_problem(path, what, right)
    inner = path if first != "arms" else ".".join(rest[1:])
    if inner.startswith(SWITCH) and inner != SWITCH:
        return None
    if inner.rstrip(".") == SWITCH.rstrip("."):
        return _set_problem(path, "names no safeguard", f"{inner.rstrip('.')}.NAME=on")
    is_stated = rest[1] in _FIXED_IN_ARM if first == "arms" else first in _FIXED
    if not is_stated or (first == "arms" and rest[0] not in arms):
        return None
    right = "edit a copy of the scenario: glasshouse scenario new NAME --like SCENARIO"
    return _set_problem(path, "cannot be set", right)


def _path_of(provision: str) -> str:
    """The path of a provision's switch, from ``rulebook/provision``."""
    return RULES + provision.replace("/", ".", 1)


def _set_problem(path: str, what: str, right: str = "") -> Problem:
    return Problem(SET_LABEL, 0, 0, path[:120], what, right)


def _parsed(path: str, text: str) -> Any:
    value = parse(str(text).encode(), SET_LABEL).value
    # 1e6 is how people write a million.
    whole = isinstance(value, float) and path in RunSettings.model_fields and value.is_integer()
    return int(value) if whole else value


def resolved_settings(scenario: Scenario, settings: Mapping[str, Any], intake: Intake) -> Scenario:
    """The scenario with its run settings replaced."""
    if not settings:
        return scenario
    current = {name: getattr(scenario, name) for name in RunSettings.model_fields}
    if settings.keys() & {"years", "months"}:
        del current["years"], current["months"]
    else:
        del current["years" if scenario.months is not None else "months"]
    replaced = validated(RunSettings, Document(SET_LABEL, {**current, **settings}), intake.problems)
    if replaced is None:
        return scenario
    return scenario.model_copy(
        update={name: getattr(replaced, name) for name in RunSettings.model_fields}
    )


def resolved(
    document: Document,
    scenario: Scenario,
    society: Society | None,
    assumptions: Assumptions,
    rulebook: Callable[[str, KeyPath], Rulebook | None],
    room: SafeguardRoom,
    sets: Mapping[str, str],
    intake: Intake,
) -> Experiment:
    """Settle every value of a scenario, or raise BadInput with all that is wrong."""
    names = tuple(arm.arm for arm in scenario.arms)
    for index, name in enumerate(names):
        if name in names[:index]:
            path: KeyPath = ("arms", index, "arm")
            intake.problems.append(document.problem(path, f"a second arm `{name}`"))
    chosen = sorted_sets(sets, names, assumptions, intake)
    _check_values(document, ("set",), scenario.set, assumptions, intake)
    arms: list[tuple[Arm, tuple[RulebookInForce, ...]]] = []
    whole: list[RulebookInForce] = []
    scenario = _with_rulebooks(scenario, chosen.rulebooks)
    for index, arm in enumerate(scenario.arms):
        path = ("arms", index)
        _check_values(document, (*path, "set"), arm.set, assumptions, intake)
        before = len(intake.problems)
        uses = _rulebooks_in_force(document, path, arm, society, rulebook, intake)
        if arm.arm in chosen.rulebooks:
            _say_as_set(document, f"arms.{arm.arm}.{RULEBOOK}", before, intake)
        later = chosen.dated_rulebooks.get(arm.arm, {})
        for day, name in sorted(later.items()):
            before = len(intake.problems)
            coming = _coming(name, day, (*path, RULEBOOK), rulebook)
            _say_as_set(document, path_on(f"arms.{arm.arm}.{RULEBOOK}", day), before, intake)
            uses = replaced_on(uses, day, coming)
        named = _naming(arm, {use.rulebook.rulebook for use in uses}) if later else arm
        whole += uses
        arms.append((named, _less(document, path, named, uses, chosen, intake)))
    if not intake.problems:
        _check_switches(chosen, whole, intake)
    guards = safeguards_on(document, scenario, chosen.safeguards, room, intake)
    settled = resolved_settings(scenario, chosen.settings, intake)
    intake.settle()
    _check_days(sets, settled, intake)
    for index, (_, uses) in enumerate(arms):
        for name, day, earlier in dict.fromkeys(counted_again(uses, settled.first_day)):
            what = f"`{name}` reaches back on {day} to what `{earlier}` has counted"
            right = "one time in force, or a provision that does not reach back"
            intake.problems.append(document.problem(("arms", index), what, right))
    rules = []
    for (arm, uses), on in zip(arms, guards, strict=True):
        values = {**scenario.set, **chosen.everywhere, **arm.set, **chosen.by_arm.get(arm.arm, {})}
        less = with_values(assumptions, values)
        ours = ArmRules(arm.arm, uses, less, arm.merge, arm.join_by)
        rules.append(safeguarded(ours, on, intake))
    _check_shared_acts(document, rules, intake)
    intake.settle()
    if society is None:
        raise TypeError(society)
    return Experiment(settled, society, tuple(rules), dict(sets), dict(intake.files))


def _with_rulebooks(scenario: Scenario, chosen: Mapping[str, str]) -> Scenario:
    """The scenario with one rulebook in some arms; what they left out of others goes with those."""
    if not chosen:
        return scenario
    arms = []
    for arm in scenario.arms:
        name = chosen.get(arm.arm)
        if name is not None:
            update = {"rulebooks": (RulebookUse(rulebook=name),)}
            arms.append(_naming(arm.model_copy(update=update), {name}))
        else:
            arms.append(arm)
    return scenario.model_copy(update={"arms": tuple(arms)})


def _naming(arm: Arm, books: Collection[str]) -> Arm:
    """An arm whose provisions that are left out or suspended are of these rulebooks alone."""
    kept = [name for name in arm.without if name.partition("/")[0] in books]
    off = [one for one in arm.suspended if one.provision.partition("/")[0] in books]
    return arm.model_copy(update={"without": tuple(kept), "suspended": tuple(off)})


def _check_days(sets: Mapping[str, str], scenario: Scenario, intake: Intake) -> None:
    """A value that would hold only after the run's end changes nothing, which nobody means."""
    for path in sets:
        _, day = taken_apart(path)
        if day is not None and day >= scenario.end_day:
            what = f"{day} is behind the end of the run"
            right = f"a day before {scenario.end_day}"
            intake.problems.append(_set_problem(path, what, right))


def _coming(
    names: str, day: dt.date, path: KeyPath, rulebook: Callable[[str, KeyPath], Rulebook | None]
) -> list[RulebookInForce]:
    """The rulebooks, by name, that an arm has everywhere from a day on."""
    if names == NONE:
        return []
    found = (rulebook(name.strip(), path) for name in names.split(AND))
    return [RulebookInForce(book, day, None) for book in found if book is not None]


def _say_as_set(document: Document, where: str, before: int, intake: Intake) -> None:
    """Lay the newest problems of a scenario at the door of the value that made them."""
    intake.problems[before:] = [
        _set_problem(where, one.what, one.right) if one.file == document.file else one
        for one in intake.problems[before:]
    ]


def _check_values(
    document: Document,
    path: KeyPath,
    values: Mapping[str, float],
    assumptions: Assumptions,
    intake: Intake,
) -> None:
    quantities = assumptions.quantities() if values else {}
    for name, number in values.items():
        if intake.is_full:
            break
        what, right = value_problem(quantities, name, number)
        if what:
            is_key = name not in quantities
            intake.problems.append(document.problem((*path, name), what, right, key=is_key))


def _rulebooks_in_force(
    document: Document,
    path: KeyPath,
    arm: Arm,
    society: Society | None,
    rulebook: Callable[[str, KeyPath], Rulebook | None],
    intake: Intake,
) -> tuple[RulebookInForce, ...]:
    uses: list[RulebookInForce] = []
    for index, use in enumerate(arm.rulebooks):
        here = (*path, "rulebooks", index)
        where = None if isinstance(use.where, str) else use.where
        if where is not None and not where:
            what, right = "no province is named, so it would hold nowhere", "all, or some provinces"
            intake.problems.append(document.problem((*here, "where"), what, right))
        provinces = [row.province for row in society.provinces] if society else None
        for number, code in enumerate(where or ()):
            if provinces is not None and code not in provinces and not intake.is_full:
                what, right = f"unknown province `{code}`", nearest(code, provinces)
                intake.problems.append(document.problem((*here, "where", number), what, right))
        found = rulebook(use.rulebook, (*here, "rulebook"))
        if found is None:
            continue
        coming = RulebookInForce(found, use.from_date, where, use.until_date)
        for other in uses:
            if other.rulebook.rulebook == found.rulebook and _meet(other, coming):
                what = f"the rulebook `{found.rulebook}` is used twice in the same place"
                intake.problems.append(document.problem((*here, "rulebook"), what))
        uses.append(coming)
    return tuple(uses)


def _less(
    document: Document,
    path: KeyPath,
    arm: Arm,
    uses: tuple[RulebookInForce, ...],
    chosen: Sets,
    intake: Intake,
) -> tuple[RulebookInForce, ...]:
    """The rulebooks of an arm less the provisions that it, or ``--set``, leaves out or suspends."""
    books = tuple(use.rulebook for use in uses)
    there = names_of_provisions(books)
    everywhere = {n: on for n, on in chosen.rules.get("", {}).items() if n in there}
    switches = {**everywhere, **chosen.rules.get(arm.arm, {})}
    gone = [name for name in arm.without if not switches.get(name)]
    gone += [name for name, is_on in switches.items() if not is_on and name not in gone]
    dated = {n: on for n, on in chosen.dated_rules.get("", {}).items() if n in there}
    for name, days in chosen.dated_rules.get(arm.arm, {}).items():
        dated[name] = {**dated.get(name, {}), **days}
    suspended = [one.provision for one in arm.suspended]
    missing = dict.fromkeys(
        (*gone, *suspended, *(n for n, on in dated.items() if False in on.values()))
    )
    flaws = list(flaws_of(dict.fromkeys((*missing, *switches, *dated)), missing, books))
    for_good = [name for name in gone if name not in dated]
    periods = {
        name: periods_of(
            dated.get(name, {}),
            [one.period for one in arm.suspended if one.provision == name],
            is_on=name not in gone,
        )
        for name in {*dated, *suspended}
    }
    cut = [within(without(book, for_good), periods) for book in books]
    if not flaws:
        pairs = zip(books, cut, strict=True)
        flaws = list(dict.fromkeys(flaw for pair in pairs for flaw in gaps_of(*pair)))
    for name, what, right in flaws:
        if name in arm.without:
            here = (*path, "without", arm.without.index(name))
            intake.problems.append(document.problem(here, what, right))
        elif name in suspended:
            here = (*path, "suspended", suspended.index(name), "provision")
            intake.problems.append(document.problem(here, what, right))
        else:
            intake.problems.append(_set_problem(_path_of(name), what, right))
    return tuple(replace(use, rulebook=book) for use, book in zip(uses, cut, strict=True))


def _check_switches(chosen: Sets, used: Iterable[RulebookInForce], intake: Intake) -> None:
    """A switch for all arms must be for a provision of some arm."""
    there = names_of_provisions(use.rulebook for use in used)
    for name in (*chosen.rules.get("", {}), *chosen.dated_rules.get("", {})):
        if name not in there:
            what = f"no arm has the provision `{name[:120]}`"
            intake.problems.append(_set_problem(_path_of(name), what, nearest(name, there)))


def _meet(one: RulebookInForce, other: RulebookInForce) -> bool:
    """Say whether two rulebooks of an arm are switched on in one place on one day."""
    begins = max(use.from_date or dt.date.min for use in (one, other))
    ends = min(use.until_date or dt.date.max for use in (one, other))
    return begins < ends and share_a_province(one, other)


def _check_shared_acts(document: Document, arms: list[ArmRules], intake: Intake) -> None:
    """Acts come from one envelope for all arms, so their rates may not differ between arms."""
    for index, arm in enumerate(arms[1:], 1):
        for ours, first in zip(arm.assumptions.acts, arms[0].assumptions.acts, strict=True):
            for name in ("who", "per_year", "varies_with"):
                if getattr(ours, name) != getattr(first, name):
                    what = f"acts.{ours.id}.{name} differs from the arm `{arms[0].name}`"
                    right = "acts are shared by all arms: set it for the scenario"
                    path: KeyPath = ("arms", index, "set")
                    intake.problems.append(document.problem(path, what, right))
