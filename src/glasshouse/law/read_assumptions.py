"""Reads the files of assumptions together, and puts other values in on request."""

from __future__ import annotations

from collections import Counter as Tally
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from glasshouse.errors import Problem, nearest
from glasshouse.law.assumptions import (
    FLAT_BOUNDS,
    ROOMS,
    ActsFile,
    Assumptions,
    CountersFile,
    CulpabilityFile,
    DetectionFile,
    PlacesFile,
    ProcessFile,
    RecordsFile,
    ResponseFile,
    ThreatsFile,
)
from glasshouse.law.contexts import Contexts
from glasshouse.law.intake import Intake, cite_problems, label, unknown
from glasshouse.law.quantity import Quantity
from glasshouse.law.validate import validated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from glasshouse.law.load import Document, KeyPath

AnyFile = (
    ActsFile
    | CulpabilityFile
    | DetectionFile
    | RecordsFile
    | ProcessFile
    | CountersFile
    | ResponseFile
    | PlacesFile
    | ThreatsFile
    | Contexts
)

FILES: dict[str, type[AnyFile]] = {
    "acts": ActsFile,
    "culpability": CulpabilityFile,
    "detection": DetectionFile,
    "records": RecordsFile,
    "process": ProcessFile,
    "counters": CountersFile,
    "response": ResponseFile,
    "places": PlacesFile,
    "threats": ThreatsFile,
    "contexts": Contexts,
}
_LISTS = {
    "acts": "acts",
    "culpability": "acts",
    "detection": "channels",
    "records": "departments",
    "counters": "counters",
    "contexts": "contexts",
}
_ModelT = TypeVar("_ModelT", bound=BaseModel)


def assumption_documents(folder: Path, intake: Intake) -> dict[str, Document]:
    """The files of the room that could be read, by room."""
    documents = {}
    for room in ROOMS:
        path = folder / f"{room}.yaml"
        if folder.is_dir() and not path.exists():
            what, right = "is missing", "rooms of an earlier version lack it: copy the package's"
            intake.add([Problem(label(path), 0, 0, "", what, right)])
            continue
        document = intake.document(path, f"assumptions/{room}.yaml")
        if document is not None:
            documents[room] = document
    return documents


def ids(documents: Mapping[str, Document], room: str) -> frozenset[str]:
    """The ids that a file of the room lists, whatever else is wrong with it."""
    document = documents.get(room)
    items = document.value.get(_LISTS[room]) if document is not None else ()
    key = "act" if room == "culpability" else "id"
    found = [i.get(key) for i in items if isinstance(i, dict)] if isinstance(items, tuple) else []
    return frozenset(i for i in found if isinstance(i, str))


def read_assumptions(
    documents: Mapping[str, Document], sources: Collection[str], intake: Intake
) -> Assumptions | None:
    """The assumptions of these files; None, and the problems in the intake, if any is wrong."""
    before = len(intake.problems)
    files: dict[type[AnyFile], AnyFile] = {}
    for room, document in documents.items():
        file = validated(FILES[room], document, intake.problems)
        if file is not None:
            files[type(file)] = file
        intake.add(cite_problems(document, sources))
        intake.add(_file_problems(room, document, file))
    intake.add(_cross_problems(documents))
    if len(intake.problems) > before or len(files) < len(FILES):
        return None
    detection = _of(files, DetectionFile)
    return Assumptions(
        acts=_of(files, ActsFile).acts,
        culpability=_of(files, CulpabilityFile).acts,
        channels=detection.channels,
        attention=detection.attention,
        departments=_of(files, RecordsFile).departments,
        process=_of(files, ProcessFile).root,
        counters=_of(files, CountersFile).counters,
        response=_of(files, ResponseFile).root,
        places=_of(files, PlacesFile).root,
        threats=_of(files, ThreatsFile).root,
        contexts=_of(files, Contexts),
    ).watch()


def _of(files: Mapping[type[AnyFile], AnyFile], kind: type[_ModelT]) -> _ModelT:
    file = files[kind]  # type: ignore[index]  # keyed by its own type, which mypy cannot say
    if not isinstance(file, kind):
        raise TypeError(kind)
    return file


def _file_problems(room: str, document: Document, file: AnyFile | None) -> Iterator[Problem]:
    """What one file says that its types do not catch: repeated ids, names of a flat file."""
    if room in _LISTS:
        yield from _repeated(room, document)
        return
    bounds = FLAT_BOUNDS[room]
    for name in document.value:
        yield from unknown(document, (name,), name, "name", bounds)
    for name in bounds:
        if name not in document.value:
            yield document.problem((), f"`{name}` is missing", "every name of the file is needed")
    if isinstance(file, ProcessFile | ResponseFile | PlacesFile | ThreatsFile):
        for path, what, right in file.flaws():
            yield document.problem(path, what, right)


def _repeated(room: str, document: Document) -> Iterator[Problem]:
    items, key = document.value.get(_LISTS[room]), "act" if room == "culpability" else "id"
    if not isinstance(items, tuple):
        return
    seen: Tally[str] = Tally()
    for index, item in enumerate(items):
        name = item.get(key) if isinstance(item, dict) else None
        if isinstance(name, str):
            seen[name] += 1
            if seen[name] == 2:
                path = (_LISTS[room], index, key)
                yield document.problem(path, f"`{name[:60]}` stands twice", "each id once")


def _cross_problems(documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Words of one file that another must define."""
    acts = documents.get("acts")
    if acts is not None and isinstance(acts.value.get("acts"), tuple):
        channels = ids(documents, "detection")
        for index, act in enumerate(acts.value["acts"]):
            if not isinstance(act, dict):
                continue
            department, seen_by = act.get("department"), act.get("seen_by")
            if isinstance(department, str) and "records" in documents:
                known = ids(documents, "records")
                here: KeyPath = ("acts", index, "department")
                yield from unknown(acts, here, department, "department", known)
            counter = act.get("needs_counter")
            if isinstance(counter, str) and "counters" in documents:
                here = ("acts", index, "needs_counter")
                yield from unknown(acts, here, counter, "counter", ids(documents, "counters"))
            if not isinstance(seen_by, dict) or "detection" not in documents:
                continue
            for channel in seen_by:
                here = ("acts", index, "seen_by", channel)
                yield from unknown(acts, here, channel, "channel", channels)
    yield from _culpability_problems(documents)
    yield from _context_problems(documents)


def _context_problems(documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Contexts that contexts.yaml does not define, and pairs that stand twice."""
    contexts = documents.get("contexts")
    if contexts is None:
        return
    known = ids(documents, "contexts")
    for room in ("acts", "counters"):
        for index, item in enumerate(_items(documents.get(room), room)):
            word = item.get("context") if isinstance(item, dict) else None
            if isinstance(word, str):
                yield from unknown(
                    documents[room], (room, index, "context"), word, "context", known
                )
    seen = set()
    for index, item in enumerate(_items(contexts, "related")):
        pair = item.get("pair") if isinstance(item, dict) else None
        if not isinstance(pair, tuple) or not all(isinstance(word, str) for word in pair):
            continue
        for place, word in enumerate(pair):
            yield from unknown(contexts, ("related", index, "pair", place), word, "context", known)
        if frozenset(pair) in seen:
            what = f"the pair {', '.join(word[:60] for word in pair)} stands twice"
            yield contexts.problem(("related", index, "pair"), what, "each pair once, in any order")
        seen.add(frozenset(pair))


def _items(document: Document | None, key: str) -> tuple[Any, ...]:
    items = document.value.get(key) if document is not None else ()
    return items if isinstance(items, tuple) else ()


def _culpability_problems(documents: Mapping[str, Document]) -> Iterator[Problem]:
    culpability = documents.get("culpability")
    if culpability is None or "acts" not in documents:
        return
    known, judged = ids(documents, "acts"), ids(documents, "culpability")
    items = culpability.value.get("acts")
    for index, item in enumerate(items if isinstance(items, tuple) else ()):
        name = item.get("act") if isinstance(item, dict) else None
        if isinstance(name, str):
            yield from unknown(culpability, ("acts", index, "act"), name, "act", known)
    for name in sorted(known - judged):
        right = "every act stands once in culpability.yaml"
        yield culpability.problem(("acts",), f"the act `{name}` is missing", right)


def with_values(assumptions: Assumptions, values: Mapping[str, float]) -> Assumptions:
    """A copy with these quantities at other values, and nothing read yet.

    The paths and the ranges must have been checked by ``value_problem``.
    """
    numbers = {id(q): values[p] for p, q in assumptions.quantities().items() if p in values}
    fields = {n: _copied(getattr(assumptions, n), numbers) for n in Assumptions.model_fields}
    return Assumptions(**fields).watch()


def _copied(value: Any, numbers: Mapping[int, float]) -> Any:
    """Copy what holds quantities, with other numbers; the rest never changes and is shared."""
    if isinstance(value, Quantity):
        return value.at(numbers.get(id(value), value.number))
    if isinstance(value, tuple):
        return tuple(_copied(item, numbers) for item in value)
    if isinstance(value, dict):
        return {key: _copied(item, numbers) for key, item in value.items()}
    if isinstance(value, BaseModel):
        copied = {
            name: _copied(one, numbers)
            for name, one in value.__dict__.items()
            if isinstance(one, _HOLDERS)
        }
        return value.model_copy(update=copied) if copied else value
    return value


_HOLDERS = (BaseModel, tuple, dict)


def value_problem(quantities: Mapping[str, Quantity], path: str, number: float) -> tuple[str, str]:
    """What is wrong with setting a path to a number, and what would be right; or two blanks."""
    quantity = quantities.get(path)
    if quantity is None:
        return f"unknown path `{path[:80]}`", nearest(path, quantities)
    low, high = quantity.range
    if not low <= number <= high:
        return f"{number:g} is outside the declared range", f"between {low:g} and {high:g}"
    return "", ""
