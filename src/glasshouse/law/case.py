"""Worked cases: what a told person did, filed by rule and date, and what each rulebook makes of it.

A case is a type and never a person: no name, no employer, no town, no day. What is expected of a
rulebook is written down beside it, and a test compares it with what the engine does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from glasshouse.errors import nearest
from glasshouse.law.citation import Cite, Evidence, Id, Name, Text
from glasshouse.law.intake import Intake, cite_problems, unknown
from glasshouse.law.rulebook import Days, Grade, Listing, PointsValue
from glasshouse.law.scenario import FIRST_YEAR, LAST_YEAR
from glasshouse.law.validate import Strict, refusal, validated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from glasshouse.errors import Problem
    from glasshouse.law.load import Document, KeyPath
    from glasshouse.law.read_rulebook import Known
    from glasshouse.law.rulebook import Rulebook

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class Deed(Strict):
    """One act of a case, so many days after the first."""

    act: Id
    day: Annotated[int, Field(ge=0, le=3650)] = 0


class Outcome(Strict):
    """What one rulebook makes of the conduct, if every act is written down."""

    under: Id
    rules: tuple[Id, ...] = ()
    """The provisions that decide; none where the rulebook has nothing to say."""
    points: PointsValue | None = None
    range: tuple[PointsValue, PointsValue] | None = None
    grade: Name | None = None
    lists: tuple[Id, ...] = ()
    days: Days | None = None
    """How long the longest listing lasts; left out where it has no term in days."""
    refused: tuple[Id, ...] = ()
    refused_household: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _is_one_worth(self) -> Outcome:
        if self.points is not None and self.range is not None:
            raise refusal("`points` and `range` given", "one of them; neither where none is kept")
        if (self.refused or self.refused_household or self.days) and not self.lists:
            raise refusal("something is refused and no list is named", "lists: [...]")
        return self


class Case(Strict):
    """A worked case: who, what, when, what the told rules make of it, what others make of it."""

    id: Id
    title: Text
    year: Year
    cite: Cite
    also: tuple[Cite, ...] = ()
    evidence: Evidence
    qualified: Text | None = None
    who: Literal[
        "adult", "driver", "online", "employed", "borrower", "minor", "parent_elsewhere",
        "enterprise",
    ]  # fmt: skip
    story: Text
    conduct: Annotated[tuple[Deed, ...], Field(min_length=1)]
    told: Outcome
    elsewhere: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    differs: Text
    """What the other rulebooks make different, in words."""
    beyond: Text | None = None
    """What of the story no rule of the laboratory says."""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What every rulebook named makes of it, the told one first."""
        return (self.told, *self.elsewhere)

    @property
    def filed(self) -> tuple[str, str, int, str]:
        """Where it is filed: the rulebook and rule that decide, then the year."""
        return self.told.under, self.told.rules[0], self.year, self.id

    @model_validator(mode="after")
    def _is_filed(self) -> Case:
        if not self.told.rules:
            raise refusal(
                "no rule of the told rulebook decides", "rules: [...], the first files it"
            )
        return self


class CasesFile(Strict):
    """One file of the room."""

    cases: Annotated[tuple[Case, ...], Field(min_length=1)]


def read_cases(
    root: Path, known: Known, book: Callable[[str], Rulebook | None], intake: Intake
) -> list[Case]:
    """All cases of the room, filed by rule and date, with problems in the intake."""
    found: dict[str, Case] = {}
    for document in intake.room(root, "cases"):
        for index, one in enumerate(take_cases(document, known, book, intake)):
            if one.id in found:
                what = f"a second case `{one.id}`"
                intake.problems.append(document.problem(("cases", index, "id"), what))
            found[one.id] = one
    return sorted(found.values(), key=lambda one: one.filed)


def take_cases(
    document: Document, known: Known, book: Callable[[str], Rulebook | None], intake: Intake
) -> tuple[Case, ...]:
    """The cases of one file, with problems in the intake."""
    file = validated(CasesFile, document, intake.problems)
    intake.add(cite_problems(document, known.sources))
    for index, one in enumerate(file.cases if file else ()):
        for place, deed in enumerate(one.conduct):
            here: KeyPath = ("cases", index, "conduct", place, "act")
            intake.add(unknown(document, here, deed.act, "act", known.acts))
        places: list[KeyPath] = [("told",), *(("elsewhere", n) for n in range(len(one.elsewhere)))]
        for inner, outcome in zip(places, one.outcomes, strict=True):
            intake.add(_problems(document, ("cases", index, *inner), one.year, outcome, book))
    return file.cases if file else ()


def _problems(
    document: Document,
    path: KeyPath,
    year: int,
    outcome: Outcome,
    book: Callable[[str], Rulebook | None],
) -> Iterator[Problem]:
    """Names of a rulebook's provisions, grades, lists and counters that are not there that year."""
    found = book(outcome.under)
    if found is None:
        yield document.problem((*path, "under"), f"no rulebook `{outcome.under}`")
        return
    there = [
        provision
        for provision in found.provisions
        if provision.from_date.year <= year
        and (provision.until_date is None or provision.until_date.year >= year)
    ]
    lists = [provision for provision in there if isinstance(provision, Listing)]
    named = [one for one in lists if one.list_id in outcome.lists]
    measures = [(measure.reaches, measure.counter) for one in named for measure in one.measures]
    words = {
        "rules": [provision.id for provision in there],
        "lists": [one.list_id for one in lists],
        "refused": [counter for reaches, counter in measures if reaches == "person"],
        "refused_household": [counter for reaches, counter in measures if reaches == "household"],
    }
    for name, known in words.items():
        for place, word in enumerate(getattr(outcome, name)):
            if word not in known:
                what = f"`{word}` is not in `{outcome.under}` in {year}"
                yield document.problem((*path, name, place), what, nearest(word, known))
    grades = {provision.grade for provision in there if isinstance(provision, Grade)}
    if outcome.grade is not None and outcome.grade not in grades:
        what = f"unknown grade `{outcome.grade}`"
        yield document.problem((*path, "grade"), what, nearest(outcome.grade, grades))
