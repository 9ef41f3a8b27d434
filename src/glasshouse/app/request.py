"""What the page may ask for: names of the house and numbers within their ranges, nothing else.

No request holds a path, a text of its own or a file. Everything that is wrong is said at once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import Field

from glasshouse.errors import BadInput, Problem, nearest
from glasshouse.law.load import Document
from glasshouse.law.validate import Strict, validated
from glasshouse.report.reproduce import command_of, python_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from glasshouse.app.settings import Controls
    from glasshouse.law.scenario import Scenario

LABEL = "request"

MOST_PEOPLE, MOST_YEARS = 20_000, 10
"""What one request may ask for; the command line has no such cap."""

LEAST_PEOPLE = 64

MOST_STUDY_PEOPLE, MOST_STUDY_YEARS, MOST_STUDY_SEEDS = 8_192, 2, 4
"""What one request for a study may ask for: a study is dozens of runs."""

MOST_SEED = 2**53 - 1
"""The largest whole number that every browser holds exactly."""

_DEEPEST = 8

ShortName = Annotated[str, Field(min_length=1, max_length=80)]


class Order(Strict):
    """What the page sends to have a scenario run."""

    scenario: ShortName
    controls: Annotated[dict[ShortName, float | bool], Field(max_length=64)] = Field(
        default_factory=dict
    )
    rulebooks: Annotated[tuple[ShortName | None, ...], Field(max_length=2)] = ()
    """For the first arms that have rulebooks: another one in their place; null leaves them."""
    people: int = 10_000
    years: int = 3
    seed: int = 1


class StudyOrder(Strict):
    """What the page sends to have a study run: fewer and smaller runs than the study's own."""

    people: int = 2_048
    years: int = 1
    seeds: int = 2

    def check(self) -> None:
        """Refuse what would take the page too long."""
        problems = [
            flaw(name, f"{_number(value)} {name} are not run by this page", f"{low} to {most:,}")
            for name, value, low, most in (
                ("people", self.people, LEAST_PEOPLE, MOST_STUDY_PEOPLE),
                ("years", self.years, 1, MOST_STUDY_YEARS),
                ("seeds", self.seeds, 2, MOST_STUDY_SEEDS),
            )
            if not low <= value <= most
        ]
        if problems:
            raise BadInput(problems)


class Settled(NamedTuple):
    """An order whose every value has been checked: what a worker runs, and how to have it again."""

    order: Order
    sets: dict[str, str]
    """Everything but the scenario's name, as ``--set`` takes it."""

    @property
    def command(self) -> str:
        """What to type to have the same run, every arm of it."""
        return command_of(self.order.scenario, self.sets)

    @property
    def python(self) -> str:
        """The same in Python."""
        return python_of(self.order.scenario, self.sets)


@dataclass(frozen=True)
class Rules:
    """What there is to ask for."""

    scenarios: Mapping[str, Scenario]
    rulebooks: Mapping[str, str]
    """Names and hashes."""
    controls: Controls

    def settled(self, order: Order) -> Settled:
        """Check an order against what there is, or raise BadInput with all that is wrong."""
        problems = list(self._flaws(order))
        if problems:
            raise BadInput(problems)
        scenario = self.scenarios[order.scenario]
        sets = self.controls.sets(scenario, order.controls)
        for arm, name in zip(open_arms(scenario), order.rulebooks, strict=False):
            if name is not None:
                sets[f"arms.{arm}.rulebook"] = name
        sizes = {name: str(getattr(order, name)) for name in ("people", "years", "seed")}
        return Settled(order, {**sizes, **sets})

    def in_force(self, order: Order) -> dict[str, str]:
        """Give the rulebooks that an order puts in force, and the hash of each."""
        scenario = self.scenarios[order.scenario]
        instead = dict(zip(open_arms(scenario), order.rulebooks, strict=False))
        names = {
            name
            for arm in scenario.arms
            for name in ([instead[arm.arm]] if instead.get(arm.arm) else _of(arm.rulebooks))
        }
        return {name: self.rulebooks[name] for name in sorted(filter(None, names))}

    def _flaws(self, order: Order) -> Iterator[Problem]:
        if order.scenario not in self.scenarios:
            what = f"no scenario `{order.scenario[:60]}`"
            yield flaw("scenario", what, nearest(order.scenario, self.scenarios))
        for name, value in order.controls.items():
            found = self.controls.flaw(name, value)
            if found:
                yield flaw(f"controls.{name[:60]}", *found)
        yield from self._flaws_of_rulebooks(order)
        again = "the command line runs more: glasshouse run SCENARIO --people N --years N"
        if not LEAST_PEOPLE <= order.people <= MOST_PEOPLE:
            right = f"{LEAST_PEOPLE} to {MOST_PEOPLE:,}; {again}"
            yield flaw("people", f"{_number(order.people)} people are not run by this page", right)
        if not 1 <= order.years <= MOST_YEARS:
            right = f"1 to {MOST_YEARS}; {again}"
            yield flaw("years", f"{_number(order.years)} years are not run by this page", right)
        if not 0 <= order.seed <= MOST_SEED:
            yield flaw("seed", "the seed is out of range", f"0 to {MOST_SEED}")

    def _flaws_of_rulebooks(self, order: Order) -> Iterator[Problem]:
        for index, name in enumerate(order.rulebooks):
            if name is not None and name not in self.rulebooks:
                what = f"no rulebook `{name[:60]}`"
                yield flaw(f"rulebooks.{index}", what, nearest(name, self.rulebooks))
        scenario = self.scenarios.get(order.scenario)
        places = len(open_arms(scenario)) if scenario else len(order.rulebooks)
        if any(name is not None for name in order.rulebooks[places:]):
            what = f"the scenario has {places} scored arm{'' if places == 1 else 's'}"
            right = "the scenario two-rulebooks compares any two"
            yield flaw("rulebooks", what, right)


def open_arms(scenario: Scenario) -> tuple[str, ...]:
    """Give the arms whose rulebooks the page can replace: the first two that have any."""
    return tuple(arm.arm for arm in scenario.arms if arm.rulebooks)[:2]


def _of(uses: Any) -> list[str]:
    return [use.rulebook for use in uses]


def flaw(where: str, what: str, right: str = "") -> Problem:
    """Give a problem of what the page sent."""
    return Problem(LABEL, 0, 0, where, what, right)


def _number(value: int) -> str:
    """Give a number as one reads it; a very long one is cut."""
    return f"{value:,}" if abs(value) < 10**18 else "so many"


def order_of(content: bytes) -> Order:
    """Read what the page sent, or raise BadInput with all that is wrong with it."""
    order: Order = read_as(Order, content)
    return order


def read_as(kind: type[Any], content: bytes) -> Any:
    """Read one JSON document as a strict type; what has another shape is refused."""
    value = plain_of(content)
    problems: list[Problem] = []
    found = validated(kind, Document(LABEL, value), problems)
    if found is None:
        raise BadInput(problems)
    return found


def plain_of(content: bytes) -> dict[str, Any]:
    """Give the JSON object in some bytes, its lists as tuples, or refuse it in words."""
    try:
        value = json.loads(
            content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse_constant
        )
        value = _frozen(value, 0)
    except BadInput:
        raise
    except (ValueError, RecursionError) as error:
        what = "is no JSON that can be read"
        raise BadInput([flaw("", what, str(error)[:120])]) from None
    if not isinstance(value, dict):
        raise BadInput([flaw("", "is no JSON object", '{"scenario": "as-told", ...}')])
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadInput([flaw("", "a name stands twice in one object", "each once")])
    return found


def _refuse_constant(name: str) -> Any:
    raise BadInput([flaw("", f"`{name}` is no number", "a finite number")])


def _frozen(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise BadInput([flaw("", "is nested too deeply")])
    if isinstance(value, list):
        return tuple(_frozen(one, depth + 1) for one in value)
    if isinstance(value, dict):
        return {name: _frozen(one, depth + 1) for name, one in value.items()}
    return value
