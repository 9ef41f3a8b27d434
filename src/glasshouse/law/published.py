"""Published aggregates: what authorities and the press gave as totals, each dated and cited.

The only targets that anything is ever fitted to. A figure says what it counts; refusals are
tickets, names are entries, and neither is people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from glasshouse.law.citation import Cite, Day, Evidence, Text
from glasshouse.law.intake import cite_problems
from glasshouse.law.validate import Strict, validated

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from pathlib import Path

    from glasshouse.law.intake import Intake
    from glasshouse.law.load import Document

ROOM = "published"

Unit = Literal["entries", "refusals", "persons"]


class Figure(Strict):
    """One published number: what it is of, on which day, how much, of what."""

    figure: Text
    on: Day
    value: Annotated[int, Field(ge=1)]
    unit: Unit
    bound: Literal["at_least"] | None = None
    """`at_least`: the text gives a lower bound."""
    cite: Cite
    evidence: Evidence
    qualified: Text | None = None
    lists: tuple[Text, ...] = ()
    """Lists of rulebooks, each as `rulebook/list`, whose new names it counts."""
    acts: tuple[Text, ...] = ()
    """Acts, whose entries it counts."""


class FiguresFile(Strict):
    """One file of the room."""

    figures: Annotated[tuple[Figure, ...], Field(min_length=1)]


def read_published(root: Path, sources: Collection[str], intake: Intake) -> tuple[Figure, ...]:
    """All figures of the room by name and day; a day given twice goes to the intake."""
    found: dict[tuple[str, dt.date], Figure] = {}
    for document in intake.room(root, ROOM):
        for index, one in enumerate(take_published(document, sources, intake)):
            if (one.figure, one.on) in found:
                what = f"a second `{one.figure}` on {one.on}"
                intake.problems.append(document.problem(("figures", index, "on"), what))
            found[one.figure, one.on] = one
    return tuple(found[key] for key in sorted(found))


def take_published(
    document: Document, sources: Collection[str], intake: Intake
) -> tuple[Figure, ...]:
    """The figures of one file, with problems in the intake."""
    intake.add(cite_problems(document, sources))
    file = validated(FiguresFile, document, intake.problems)
    return file.figures if file else ()
