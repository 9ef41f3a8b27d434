"""What ``check`` does: finds out what kind of document a path holds, and reads it strictly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.errors import BadInput, Problem
from glasshouse.law import rooms
from glasshouse.law.assumptions import FLAT_BOUNDS
from glasshouse.law.calibration import CalibrationFile
from glasshouse.law.consistency import consistency_problems
from glasshouse.law.control import take_controls
from glasshouse.law.intake import Intake, cite_problems, label
from glasshouse.law.load import Document, read_document
from glasshouse.law.published import take_published
from glasshouse.law.read_assumptions import assumption_documents, read_assumptions
from glasshouse.law.read_rulebook import (
    read_provisions,
    read_rulebook,
    read_sources,
    unknown_words,
)
from glasshouse.law.read_society import read_society
from glasshouse.law.read_study import STUDY_FILE, read_study
from glasshouse.law.safeguard import ROOM as SAFEGUARDS
from glasshouse.law.safeguard import take_safeguard
from glasshouse.law.second_coding import FindingsFile
from glasshouse.law.validate import validated

if TYPE_CHECKING:
    from glasshouse.law.library import Library


def check(library: Library, path: str | Path) -> list[Problem]:
    """Everything wrong with a document of any kind, by path or by the name in a room."""
    try:
        return sorted(set(_check(library, Path(_from_name(library, str(path))))))
    except BadInput as error:
        return error.problems


def _from_name(library: Library, reference: str) -> Path:
    path = Path(reference)
    if path.exists():
        return path
    for room in ("rulebooks", "scenarios", "societies", "studies"):
        if reference in rooms.listed(library.root, room):
            return rooms.located(library.root, room, reference)
    for room in _OF_FILES:
        if reference in rooms.listed(library.root, room):
            return library.root / room / f"{reference}.yaml"
    raise BadInput([Problem(reference[:200], 0, 0, "", "does not exist", "a name or a path")])


def _check(library: Library, path: Path) -> list[Problem]:
    intake = Intake()
    if path.is_dir():
        if (path / "society.yaml").is_file():
            read_society(path, library.take_sources(intake), intake)
        elif (path / "rulebook.yaml").is_file():
            read_rulebook(path, library.known(intake), intake)
        elif (path / STUDY_FILE).is_file():
            read_study(path, library.take_sources(intake), intake)
        else:
            what = "is a folder that holds neither rulebook.yaml nor society.yaml nor study.yaml"
            here = label(path) if path.name else str(path.resolve())
            return [Problem(here, 0, 0, "", what, "a scenario is a file NAME.yaml")]
        return intake.problems
    document = read_document(path, label(path))
    if not isinstance(document.value, dict):
        return [document.problem((), "the file must be a mapping", "key: value")]
    return _check_file(library, path, document, intake)


def _check_file(library: Library, path: Path, document: Document, intake: Intake) -> list[Problem]:
    kind = kind_of(path, document.value)
    if kind == "design":
        what = "is a design, and designs are checked by what runs them"
        return [document.problem((), what, "glasshouse sweep FILE, which checks it first")]
    if kind == "scenario":
        try:
            library.resolve(path)
        except BadInput as error:
            return error.problems
    elif kind in {"rulebook", "provisions"}:
        return _check_law(library, path, document, intake)
    elif kind in _TAKEN:
        _TAKEN[kind](library, path, document, intake)
    elif kind:
        documents = assumption_documents(library.root / "assumptions", Intake())
        documents[kind] = document
        read_assumptions(documents, library.take_sources(intake), intake)
        return [p for p in intake.problems if p.file == document.file]
    else:
        right = "a key of: " + ", ".join((*_KEYS, "acts"))
        return [document.problem((), "is no document that glasshouse knows", right)]
    return intake.problems


_OF_FILES = (
    "assumptions", "mechanisms", "cases", "safeguards", "calibrations", "published", "controls",
)  # fmt: skip
"""Rooms of single files, in the order in which a name is looked for."""

_TAKEN: dict[str, Callable[[Library, Path, Document, Intake], object]] = {
    "society": lambda library, path, _, intake: read_society(
        path.parent, library.take_sources(intake), intake
    ),
    "study": lambda library, path, _, intake: read_study(
        path.parent, library.take_sources(intake), intake
    ),
    "sources": lambda _, __, document, intake: read_sources(document, intake.problems),
    "findings": lambda _, __, document, intake: validated(FindingsFile, document, intake.problems),
    "cases": lambda library, _, document, intake: library.take_cases(document, intake),
    "mechanisms": lambda library, _, document, intake: library.take_mechanisms(document, intake),
    "calibration": lambda _, __, document, intake: validated(
        CalibrationFile, document, intake.problems
    ),
    "published": lambda library, _, document, intake: take_published(
        document, library.take_sources(intake), intake
    ),
    "controls": lambda library, _, document, intake: _take_controls(library, document, intake),
    "safeguard": lambda library, _, document, intake: take_safeguard(
        document, library.take_sources(intake), intake
    ),
}
"""How documents that stand by themselves are read, by their kind."""


def _take_controls(library: Library, document: Document, intake: Intake) -> None:
    """A file of controls against the assumptions and safeguards of the house."""
    safeguards = rooms.listed(library.root, SAFEGUARDS)
    take_controls(document, library.assumptions().quantities(), safeguards, intake)


def _check_law(library: Library, path: Path, document: Document, intake: Intake) -> list[Problem]:
    """A file of a rulebook: within its folder where it has one, by itself otherwise."""
    known = library.known(intake)
    if (path.parent / "rulebook.yaml").is_file():
        read_rulebook(path.parent, known, intake)
        if path.name == "rulebook.yaml":
            return intake.problems
        return [p for p in intake.problems if p.file == document.file]
    placed = read_provisions(document, intake.problems)
    intake.add(cite_problems(document, known.sources))
    intake.add(unknown_words(placed, known))
    intake.add(consistency_problems(placed, whole=False))
    return intake.problems


_KEYS = {
    "provisions": "provisions",
    "cases": "cases",
    "mechanisms": "mechanisms",
    "findings": "findings",
    "study": "study",
    "calibration": "calibration",
    "design": "design",
    "scenario": "scenario",
    "safeguard": "safeguard",
    "society": "society",
    "rulebook": "rulebook",
    "channels": "detection",
    "departments": "records",
    "counters": "counters",
    "contexts": "contexts",
    "figures": "published",
    "controls": "controls",
}


def kind_of(path: Path, value: dict[str, Any]) -> str:
    """The kind of a document by its keys, then by its name; empty if it is none."""
    # A scenario names a society and a society file has tables, so the order matters.
    for key, kind in _KEYS.items():
        if key in value:
            return kind
    if "acts" in value:
        items = value["acts"] if isinstance(value["acts"], tuple) else ()
        judged = any(isinstance(item, dict) and "act" in item for item in items)
        return "culpability" if judged or path.stem == "culpability" else "acts"
    for kind, names in FLAT_BOUNDS.items():
        if path.stem == kind or len(names.keys() & value.keys()) > 2:
            return kind
    described = any(isinstance(item, dict) and "title" in item for item in value.values())
    return "sources" if described or path.parent.name == "sources" else ""
