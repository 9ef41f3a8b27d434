"""Reads the folder of a rulebook, or one file of provisions, against what is known elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasshouse.errors import nearest
from glasshouse.law.citation import Source
from glasshouse.law.consistency import Placed, consistency_problems
from glasshouse.law.intake import Intake, cite_problems, unknown, yaml_files
from glasshouse.law.load import MAX_PROBLEMS
from glasshouse.law.rulebook import (
    PROVISIONS,
    Announcement,
    Campaign,
    Listing,
    Points,
    Privilege,
    Rulebook,
    RulebookHeader,
)
from glasshouse.law.validate import described, validated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from glasshouse.errors import Problem
    from glasshouse.law.load import Document, KeyPath

HEADER_FILE, SOURCES_FILE = "rulebook.yaml", "sources.yaml"


@dataclass(frozen=True)
class Known:
    """The ids that other rooms define."""

    sources: frozenset[str]
    acts: frozenset[str]
    counters: frozenset[str]


def read_rulebook(folder: Path, known: Known, intake: Intake) -> Rulebook | None:
    """The rulebook of a folder; None, and the problems in the intake, if anything is wrong."""
    before = len(intake.problems)
    room = f"rulebooks/{folder.resolve().name}"
    header: RulebookHeader | None = None
    placed: list[Placed] = []
    topics: list[Document] = []
    sources: dict[str, Source] = {}
    readable = True
    header_document = intake.document(folder / HEADER_FILE, f"{room}/{HEADER_FILE}")
    if header_document is not None:
        header = validated(RulebookHeader, header_document, intake.problems)
        if header is not None and header.rulebook != folder.resolve().name:
            what = f"the folder is called `{folder.resolve().name}`, the rulebook otherwise"
            right = "call both the same"
            intake.problems.append(header_document.problem(("rulebook",), what, right))
    for path in yaml_files(folder, intake.problems):
        if path.name == HEADER_FILE:
            continue
        document = intake.document(path, f"{room}/{path.name}")
        if document is None:
            readable = False
        elif path.name == SOURCES_FILE:
            sources = read_sources(document, intake.problems)
        else:
            topics.append(document)
            placed += read_provisions(document, intake.problems)
    if header_document is not None and not topics and readable:
        what, right = "the rulebook holds no provision", "a file beside it: provisions: [...]"
        intake.problems.append(header_document.problem((), what, right))
    citable = known.sources | sources.keys()
    for document in topics:
        intake.add(cite_problems(document, citable))
    intake.add(unknown_words(placed, known))
    # A provision that was refused may be the very scale or grade that others lean on.
    written = [d.value.get("provisions") for d in topics]
    is_whole = readable and len(placed) == sum(len(w) for w in written if isinstance(w, tuple))
    intake.add(consistency_problems(placed, whole=is_whole))
    if header is not None and header.applies_to == "person":
        intake.add(_nobody_represented(placed))
    if header is None or len(intake.problems) > before:
        return None
    return Rulebook(
        **header.model_dump(),
        provisions=tuple(item.provision for item in placed),
        sources=sources,
    )


def read_sources(document: Document, problems: list[Problem]) -> dict[str, Source]:
    """The sources of a file, by key."""
    sources = {}
    for key in document.value:
        if len(problems) >= MAX_PROBLEMS:
            break
        source = validated(Source, document, problems, (key,))
        if source is not None:
            sources[key] = source
    return sources


def read_provisions(document: Document, problems: list[Problem]) -> list[Placed]:
    """The provisions of a topic file, each with its place; the bad ones are left out."""
    for key in document.value:
        if key != "provisions" and len(problems) < MAX_PROBLEMS:
            right = nearest(key, ["provisions"])
            problems.append(document.problem((key,), f"unknown key `{key[:60]}`", right, key=True))
    items = document.value.get("provisions")
    if not isinstance(items, tuple):
        if "provisions" in document.value:
            what = f"{described(items)} where a list belongs"
            problems.append(document.problem(("provisions",), what))
        else:
            problems.append(document.problem((), "`provisions` is missing", "provisions: [...]"))
        return []
    if not items:
        what = "the file holds no provision"
        problems.append(document.problem(("provisions",), what, "at least one, or no file"))
    placed = []
    for index in range(len(items)):
        if len(problems) >= MAX_PROBLEMS:
            break
        item = _read_provision(document, ("provisions", index), problems)
        if item is not None:
            placed.append(item)
    return placed


def _read_provision(document: Document, path: KeyPath, problems: list[Problem]) -> Placed | None:
    value = document.value[path[0]][path[1]]
    if not isinstance(value, dict):
        problems.append(document.problem(path, f"{described(value)} where a provision belongs"))
        return None
    rule = value.get("rule")
    if not isinstance(rule, str) or rule not in PROVISIONS:
        if "rule" in value:
            what = f"{described(rule)} is no kind of provision"
            right = nearest(str(rule), PROVISIONS)
            problems.append(document.problem((*path, "rule"), what, right))
        else:
            problems.append(document.problem(path, "`rule` is missing", nearest("", PROVISIONS)))
        return None
    provision = validated(PROVISIONS[rule], document, problems, path)
    return None if provision is None else Placed(provision, document, path)


def _nobody_represented(placed: list[Placed]) -> Iterator[Problem]:
    """Measures that reach a representative where persons are listed, who stand for themselves."""
    for item in placed:
        if isinstance(item.provision, Listing):
            for index, measure in enumerate(item.provision.measures):
                if measure.reaches == "representative":
                    what, right = "nobody represents a listed person", "person or household"
                    yield item.problem(("measures", index, "reaches"), what, right)


def unknown_words(placed: list[Placed], known: Known) -> Iterator[Problem]:
    """Acts and counters that a provision names and no assumption defines."""
    for item in placed:
        for inner, word, kind in _foreign_words(item):
            ids = known.acts if kind == "act" else known.counters
            yield from unknown(item.document, (*item.path, *inner), word, kind, ids)


def _foreign_words(item: Placed) -> Iterator[tuple[KeyPath, str, str]]:
    match item.provision:
        case Points(acts=acts) | Campaign(acts=acts) | Announcement(acts=acts):
            for index, act in enumerate(acts):
                yield ("acts", index), act, "act"
        case Privilege(counters=counters):
            for index, counter in enumerate(counters):
                yield ("counters", index), counter, "counter"
        case Listing(grounds=grounds, measures=measures):
            for place, ground in enumerate(grounds):
                for index, act in enumerate(ground.acts or ()):
                    yield ("grounds", place, "acts", index), act, "act"
            for index, measure in enumerate(measures):
                yield ("measures", index, "counter"), measure.counter, "counter"
        case _:
            pass
