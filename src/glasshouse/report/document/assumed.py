"""The assumptions in force: value, range and basis of every one, those that matter first.

There are more than a thousand. What the scenario set itself and what the studies found answers to
hang on comes first, then what holds for everybody, then a line an act, a channel, an office, a
counter. What a number rests on is numbered once and told below: a citation, or `guess` and why.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.law.assumptions import FLAT_BOUNDS
from glasshouse.law.library import Library
from glasshouse.law.quantity import NamedQuantity
from glasshouse.report.document.gathered import Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from glasshouse.law.experiment import ArmRules
    from glasshouse.law.quantity import Quantity


class Line(NamedTuple):
    """What is assumed of one thing: an act, a channel, an office, or a value with a name."""

    path: str
    """As `--set` takes it, behind the room and before the column."""
    title: str
    cells: tuple[str, ...]
    """By column of the room: value, range and the number of what it rests on."""
    more: str
    """What has no column: each with its label."""


class Changed(NamedTuple):
    """A value that an arm has otherwise than the file."""

    path: str
    arm: str
    value: str
    packaged: str
    range: str
    basis: str


class Weighty(NamedTuple):
    """A value that a study varies because answers may hang on it."""

    path: str
    words: str
    value: str
    range: str
    studies: str
    basis: str


class Room(NamedTuple):
    """One file of assumptions."""

    room: str
    title: str
    columns: tuple[str, ...]
    """The ends of the paths that most of its things have; a value with a name has none."""
    has_more: bool
    lines: tuple[Line, ...]
    size: int


class Assumed(NamedTuple):
    """Everything that was assumed."""

    size: int
    guesses: int
    at_zero: int
    """How many are at zero: a rate or a share of nothing, which switches something off."""
    changed: tuple[Changed, ...]
    weighty: tuple[Weighty, ...]
    rooms: tuple[Room, ...]
    bases: tuple[str, ...]
    """What values rest on, numbered from 1: a citation, or `guess` and why."""


LEAST_OF_A_COLUMN = 0.4
"""A label that so many of the things of a room have is a column of its table."""

ROOMS = {
    "response": "How people respond",
    "process": "From an entry to the end of a listing",
    "detection": "What is seen, and of whom",
    "places": "Elsewhere",
    "threats": "What goes wrong on purpose",
    "records": "Offices that write down",
    "counters": "Counters, and what a refusal costs",
    "acts": "What people do: how often, how grave a wrong it is, and who sees it",
}
"""In the order of the report; the longest last."""


def assumed_of(group: Group) -> Assumed:
    """Tell every assumption of a group of runs as its last arm has it."""
    arms = group.experiment.arms
    quantities = arms[-1].assumptions.quantities()
    bases: dict[str, int] = {}
    titles = _titles(arms[-1])
    rooms = tuple(_room(room, title, quantities, titles, bases) for room, title in ROOMS.items())
    return Assumed(
        size=len(quantities),
        guesses=sum(q.guess is not None for q in quantities.values()),
        at_zero=sum(q.number == 0 for q in quantities.values()),
        changed=tuple(_changed(arms)),
        weighty=tuple(_weighty(quantities)),
        rooms=tuple(room for room in rooms if room.size),
        bases=tuple(bases),
    )


def basis_of(quantity: Quantity) -> str:
    """What a number rests on, in a line."""
    if quantity.cite is not None:
        return f"{quantity.cite.source}: {quantity.cite.at}"
    return f"guess: {quantity.guess}"


def _room(
    room: str,
    title: str,
    quantities: Mapping[str, Quantity],
    titles: Mapping[str, str],
    bases: dict[str, int],
) -> Room:
    inside: dict[str, dict[str, Quantity]] = {}
    for path, quantity in quantities.items():
        stem, label = _taken_apart(path)
        if stem.partition(".")[0] == room:
            inside.setdefault(stem, {})[label] = quantity
    labels = Counter(label for some in inside.values() for label in some)
    columns = tuple(label for label, n in labels.items() if n >= len(inside) * LEAST_OF_A_COLUMN)
    lines = []
    for stem, some in inside.items():
        cells = tuple(_cell(some[c], bases) if c in some else "" for c in columns)
        more = [f"{c} {_cell(q, bases)}" for c, q in some.items() if c not in columns]
        lines.append(Line(stem.partition(".")[2], titles.get(stem, ""), cells, "; ".join(more)))
    has_more = any(line.more for line in lines)
    return Room(room, title, columns, has_more, tuple(lines), labels.total())


def _taken_apart(path: str) -> tuple[str, str]:
    """The thing that a path is about, and what of it: `acts.littering` and `per_year`.

    How grave an act is stands in a file of its own, and in the report beside the act.
    """
    room, _, rest = path.partition(".")
    thing, _, label = rest.partition(".")
    if room == "culpability":
        return f"acts.{thing}", f"{room}…{label}"
    return f"{room}.{thing}", label


def _cell(quantity: Quantity, bases: dict[str, int]) -> str:
    number = bases.setdefault(basis_of(quantity), len(bases) + 1)
    return f"{quantity.number:g} ({_range(quantity)}) [{number}]"


def _range(quantity: Quantity) -> str:
    low, high = quantity.range
    return f"{low:g}–{high:g}" if low != high else "fixed"


def _titles(arm: ArmRules) -> dict[str, str]:
    """What the things and the named values of an arm's assumptions are called."""
    assumptions = arm.assumptions
    titles = {f"acts.{act.id}": act.title for act in assumptions.acts}
    titles |= {f"detection.{one.id}": one.title for one in assumptions.channels}
    titles |= {f"records.{one.id}": one.title for one in assumptions.departments}
    titles |= {f"counters.{one.id}": one.title for one in assumptions.counters}
    for room in FLAT_BOUNDS:
        for name, quantity in getattr(assumptions, room).items():
            if isinstance(quantity, NamedQuantity):
                titles[f"{room}.{name}"] = f"{quantity.meaning} ({quantity.unit})"
    return titles


def _changed(arms: Sequence[ArmRules]) -> Iterator[Changed]:
    """The values that an arm has otherwise than the file; one line for all arms that agree."""
    found: dict[tuple[str, float], tuple[Quantity, list[str]]] = {}
    for arm in arms:
        for path, quantity in arm.assumptions.quantities().items():
            if quantity.number != quantity.packaged:
                key = (path, quantity.number)
                found.setdefault(key, (quantity, []))[1].append(arm.name)
    for (path, number), (quantity, names) in found.items():
        who = "all" if len(names) == len(arms) else ", ".join(names)
        yield Changed(
            path, who, f"{number:g}", f"{quantity.packaged:g}", _range(quantity),
            basis_of(quantity),
        )  # fmt: skip


def _weighty(quantities: Mapping[str, Quantity]) -> Iterator[Weighty]:
    """The values that the studies of the house swing, with what they are called there."""
    library = Library()
    found: dict[str, tuple[str, list[str]]] = {}
    for name in library.names("studies"):
        for path, words in library.study(name).change.assumptions.items():
            if path in quantities:
                found.setdefault(path, (words, []))[1].append(name)
    for path, (words, studies) in found.items():
        quantity = quantities[path]
        yield Weighty(
            path, words, f"{quantity.number:g}", _range(quantity), ", ".join(studies),
            basis_of(quantity),
        )  # fmt: skip
