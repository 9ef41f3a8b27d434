"""The library: every document by name or path, checked, and scenarios resolved to experiments."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from glasshouse.errors import BadInput, Problem
from glasshouse.law import rooms
from glasshouse.law.case import Case, read_cases, take_cases
from glasshouse.law.check import check
from glasshouse.law.intake import Intake
from glasshouse.law.mechanism import Mechanism, read_mechanisms, take_mechanisms
from glasshouse.law.published import Figure, read_published
from glasshouse.law.read_assumptions import (
    assumption_documents,
    ids,
    read_assumptions,
    with_values,
)
from glasshouse.law.read_rulebook import Known, read_rulebook, read_sources
from glasshouse.law.read_society import read_society
from glasshouse.law.read_study import read_study
from glasshouse.law.resolve import resolved, sorted_sets
from glasshouse.law.safeguard import Safeguard, SafeguardRoom
from glasshouse.law.safeguarded import SWITCH
from glasshouse.law.scenario import Scenario
from glasshouse.law.second_coding import Finding, FindingsFile
from glasshouse.law.validate import validated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from glasshouse.law.assumptions import Assumptions
    from glasshouse.law.citation import Source
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.load import Document, KeyPath
    from glasshouse.law.rulebook import Rulebook
    from glasshouse.law.society import Society
    from glasshouse.law.study import Study

_T = TypeVar("_T")


class Library:
    """The data rooms of the package, or a folder of the same shape such as a run directory's."""

    def __init__(self, root: Path | str | None = None) -> None:
        """Open the packaged rooms, or those under a folder; nothing is read yet."""
        self.root = rooms.packaged_root() if root is None else Path(root)

    def names(self, room: str) -> tuple[str, ...]:
        """The names in a room (rulebooks, assumptions, societies, sources, scenarios ...)."""
        if room not in rooms.ROOM_NAMES:
            raise ValueError(room)
        return tuple(sorted(self.sources())) if room == "sources" else rooms.listed(self.root, room)

    def sources(self) -> dict[str, Source]:
        """All sources by key."""
        intake = Intake()
        found = self.take_sources(intake)
        intake.settle()
        return found

    def assumptions(self, overrides: Mapping[str, str] | None = None) -> Assumptions:
        """The assumptions, with other values where overrides say so (paths as in ``--set``)."""
        intake = Intake()
        found = self.take_assumptions(intake)
        intake.settle()
        if found is None or not overrides:
            return _there(found)
        sets = sorted_sets(overrides, (), found, intake)
        switches = (f"{SWITCH}{name}" for name in sets.safeguards.get("", {}))
        intake.add(
            Problem("--set", 0, 0, name, "is a value of a scenario, not an assumption")
            for name in (*sets.settings, *switches)
        )
        intake.settle()
        return with_values(found, sets.everywhere)

    def rulebook(self, name_or_path: str | Path) -> Rulebook:
        """A rulebook with all its provisions of all dates."""
        intake = Intake()
        folder = rooms.located(self.root, "rulebooks", str(name_or_path))
        found = read_rulebook(folder, self.known(intake), intake)
        intake.settle()
        return _there(found)

    def second_coding(self, name: str) -> Rulebook:
        """The second coding of a rulebook, by a reader who had not seen the first."""
        intake = Intake()
        folder = rooms.located(self.root, "second_codings", name)
        found = read_rulebook(folder, self.known(intake), intake)
        intake.settle()
        return _there(found)

    def findings(self) -> tuple[Finding, ...]:
        """What was made of every difference between two codings."""
        intake, found = Intake(), list[Finding]()
        for document in intake.room(self.root, "second_codings"):
            file = validated(FindingsFile, document, intake.problems)
            found += file.findings if file else ()
        intake.settle()
        return tuple(found)

    def society(self, name_or_path: str | Path) -> Society:
        """A society with its tables."""
        intake = Intake()
        folder = rooms.located(self.root, "societies", str(name_or_path))
        found = read_society(folder, self.take_sources(intake), intake)
        intake.settle()
        return _there(found)

    def study(self, name_or_path: str | Path) -> Study:
        """A study; whether its metrics and scenarios are there is asked by whoever runs it."""
        intake = Intake()
        folder = rooms.located(self.root, "studies", str(name_or_path))
        found = read_study(folder, self.take_sources(intake), intake)
        intake.settle()
        return _there(found)

    def scenario(self, name_or_path: str | Path) -> Scenario:
        """A scenario as its file states it; ``resolve`` checks it against everything else."""
        intake = Intake()
        _, found = self._take_scenario(str(name_or_path), intake)
        intake.settle()
        return _there(found)

    def resolve(self, scenario: str | Path, sets: Mapping[str, str] | None = None) -> Experiment:
        """Settle a scenario and ``--set`` values into an experiment, or raise all that is wrong."""
        intake = Intake()
        document, found = self._take_scenario(str(scenario), intake)
        known = self.known(intake)
        assumptions = self.take_assumptions(intake)
        near = rooms.located(self.root, "scenarios", str(scenario))
        if document is None or found is None or assumptions is None:
            raise BadInput(intake.problems)
        society = self._take_society(document, found, near, known, intake)
        rulebooks: dict[Path, Rulebook | None] = {}

        def rulebook(reference: str, path: KeyPath) -> Rulebook | None:
            try:
                folder = rooms.located(self.root, "rulebooks", reference, near).resolve()
            except BadInput as error:
                intake.problems.append(_at(document, path, error))
                return None
            if folder not in rulebooks:
                rulebooks[folder] = read_rulebook(folder, known, intake)
            return rulebooks[folder]

        room = SafeguardRoom(self.root, known.sources, intake)
        return resolved(document, found, society, assumptions, rulebook, room, sets or {}, intake)

    def safeguards(self) -> tuple[Safeguard, ...]:
        """The safeguards of the room, by name."""
        intake = Intake()
        room = SafeguardRoom(self.root, self.take_sources(intake), intake)
        found = [room.read(name) for name in room.names]
        intake.settle()
        return tuple(_there(one) for one in found)

    def mechanisms(self, family: str = "*") -> tuple[Mechanism, ...]:
        """The mechanisms of the sources, in order; those of one file where it is named."""
        intake = Intake()
        found = read_mechanisms(self.root, family, self.take_sources(intake), intake)
        intake.settle()
        return tuple(found)

    def published(self) -> tuple[Figure, ...]:
        """The published aggregates, by name and day."""
        intake = Intake()
        found = read_published(self.root, self.take_sources(intake), intake)
        intake.settle()
        return found

    def take_mechanisms(self, document: Document, intake: Intake) -> tuple[Mechanism, ...]:
        """The mechanisms of one file, with problems in the intake."""
        return take_mechanisms(self.root, document, self.take_sources(intake), intake)

    def cases(self) -> tuple[Case, ...]:
        """The worked cases, filed by rule and date."""
        intake = Intake()
        known = self.known(intake)
        found = read_cases(self.root, known, self._books(known, intake), intake)
        intake.settle()
        return tuple(found)

    def take_cases(self, document: Document, intake: Intake) -> tuple[Case, ...]:
        """The cases of one file, with problems in the intake."""
        known = self.known(intake)
        return take_cases(document, known, self._books(known, intake), intake)

    def _books(self, known: Known, intake: Intake) -> Callable[[str], Rulebook | None]:
        """Give a reader of the room's rulebooks that reads each once; None if it is not there."""
        there = frozenset(rooms.listed(self.root, "rulebooks"))

        @cache
        def book(name: str) -> Rulebook | None:
            if name not in there:
                return None
            return read_rulebook(self.root / "rulebooks" / name, known, intake)

        return book

    def check(self, path: str | Path) -> list[Problem]:
        """Everything wrong with a file or folder of any kind; a name of a room serves too."""
        return check(self, path)

    def known(self, intake: Intake) -> Known:
        """The ids of the sources and assumptions; their own problems go to the intake."""
        documents = assumption_documents(self.root / "assumptions", intake)
        sources = frozenset(self.take_sources(intake))
        return Known(sources, ids(documents, "acts"), ids(documents, "counters"))

    def take_sources(self, intake: Intake) -> dict[str, Source]:
        """All sources, with problems in the intake; a key that stands in two files is one."""
        found: dict[str, Source] = {}
        for name in rooms.listed(self.root, "sources"):
            path = self.root / "sources" / f"{name}.yaml"
            document = intake.document(path, f"sources/{name}.yaml")
            if document is None:
                continue
            for key, source in read_sources(document, intake.problems).items():
                if key in found:
                    what = f"the source `{key[:60]}` stands in another file too"
                    intake.problems.append(document.problem((key,), what, key=True))
                found[key] = source
        return found

    def take_assumptions(self, intake: Intake) -> Assumptions | None:
        """The assumptions, with problems in the intake."""
        documents = assumption_documents(self.root / "assumptions", intake)
        return read_assumptions(documents, self.take_sources(intake), intake)

    def _take_scenario(
        self, reference: str, intake: Intake
    ) -> tuple[Document | None, Scenario | None]:
        path = rooms.located(self.root, "scenarios", reference)
        document = intake.document(path, f"scenarios/{path.name}")
        if document is None:
            return None, None
        found = validated(Scenario, document, intake.problems)
        if found is not None and path.name != f"{found.scenario}.yaml":
            what = f"the file is called `{path.name}`, the scenario otherwise"
            right = f"call the file {found.scenario}.yaml"
            intake.problems.append(document.problem(("scenario",), what, right))
        return document, found

    def _take_society(
        self, document: Document, scenario: Scenario, near: Path, known: Known, intake: Intake
    ) -> Society | None:
        try:
            folder = rooms.located(self.root, "societies", scenario.society, near)
        except BadInput as error:
            intake.problems.append(_at(document, ("society",), error))
            return None
        return read_society(folder, known.sources, intake)


def _at(document: Document, path: KeyPath, error: BadInput) -> Problem:
    """The problem of a reference, told at the place that makes the reference."""
    first = error.problems[0]
    return document.problem(path, first.what, first.right)


def _there(found: _T | None) -> _T:
    if found is None:  # settle() has raised if anything was wrong
        raise TypeError(found)
    return found
