"""A report: one HTML file without a script, the same bytes on every build, that opens from disk.

Everything in it comes from run directories and the rooms of this version: no clock, no path, no
machine.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from glasshouse.errors import BadInput, BadUsage, Problem
from glasshouse.report.document.answer import Answer, answer_of, drawn_arms, side_by_side
from glasshouse.report.document.assumed import Assumed, assumed_of
from glasshouse.report.document.evidence import (
    SafeguardRow,
    StatusGroup,
    evidence_words,
    mechanisms_on,
    safeguards_on,
)
from glasshouse.report.document.gathered import Group, gathered, told_together
from glasshouse.report.document.limits import limits_of
from glasshouse.report.document.metric_tables import FamilyTable, tables_of
from glasshouse.report.document.numbers import numbers_of
from glasshouse.report.document.works import formulas, works_of
from glasshouse.report.figure import Figure, Material, Missing
from glasshouse.report.figures import FIGURES
from glasshouse.report.metric_table import INTERVALS, NO_SUM, STATUS_MEANS
from glasshouse.report.rendering import rendered, rendered_figure
from glasshouse.report.reproduce import Reproduce, reproduce

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from glasshouse.archive.reading import Archive
    from glasshouse.report.document.numbers import Key, Number

    Progress = Callable[[int, int], None]

MOST_BYTES = 500_000
"""No report is larger; figures that would make it so are left out, which is said.

Words, metrics and sources give way to nothing. Where those of several scenarios are too much for
one file, fewer are to be told together.
"""

ROOM_TO_SPARE = 4_000

_NAMES = re.compile(r'(\bid="|\bhref="#|url\(#)')


class Chapter(NamedTuple):
    """What is told of one group of runs."""

    mark: str
    """Before its anchors: empty where the report has one chapter."""
    group: Group
    numbers: Mapping[Key, Number]
    answer: Answer
    figures: tuple[Figure, ...]
    arms_drawn: tuple[str, ...]
    """The policy arms in the figures; not all, where there are many."""
    missing: tuple[Missing, ...]
    tables: tuple[FamilyTable, ...]
    evidence: tuple[str, ...]
    mechanisms: tuple[StatusGroup, ...]
    safeguards: tuple[SafeguardRow, ...]
    assumed: Assumed
    limits: tuple[str, ...]
    reproduce: tuple[Reproduce, ...]
    """Of every run."""


def report_of(archives: Sequence[Archive], progress: Progress | None = None) -> bytes:
    """Write the report of one run, of replicates, or of scenarios side by side.

    ``progress`` is called with the parts that are done and the parts in all.
    """
    if not archives:
        raise BadUsage("a report is of at least one run")
    groups = gathered(archives)
    told = _Told(progress, len(groups) * (len(FIGURES) + 2) + 1)
    chapters = [_chapter(group, n, len(groups), told) for n, group in enumerate(groups, start=1)]
    content = _fitted(chapters)
    told.one_more()
    return content


class _Told:
    """How far the report is, for whoever asked."""

    def __init__(self, progress: Progress | None, of: int) -> None:
        self.progress, self.of, self.done = progress, of, 0

    def one_more(self) -> None:
        """Say that one part more is done."""
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.of)


def _chapter(group: Group, number: int, chapters: int, told: _Told) -> Chapter:
    material = Material(group.first)
    numbers = numbers_of(group, material.observing)
    told.one_more()
    mark = f"g{number}-" if chapters > 1 else ""
    arms = drawn_arms(group.policies, numbers)
    if len(arms) < len(group.policies):
        material.only = arms
    drawn = list(_drawn(material, mark, told))
    assumed = assumed_of(group)
    chapter = Chapter(
        mark=mark,
        group=group,
        numbers=numbers,
        answer=answer_of(group, numbers),
        figures=tuple(one for one in drawn if isinstance(one, Figure)),
        arms_drawn=arms,
        missing=tuple(one for one in drawn if isinstance(one, Missing)),
        tables=tuple(tables_of(group, numbers)),
        evidence=tuple(evidence_words(group)),
        mechanisms=tuple(mechanisms_on(group)),
        safeguards=tuple(safeguards_on(group)),
        assumed=assumed,
        limits=tuple(limits_of(group, numbers, assumed)),
        reproduce=tuple(reproduce(archive.provenance) for archive in group.archives),
    )
    told.one_more()
    return chapter


def _drawn(material: Material, mark: str, told: _Told) -> Iterator[Figure | Missing]:
    """Draw the figures of the first seed, with anchors that no other chapter has."""
    for draw in FIGURES:
        found = draw(material)
        if isinstance(found, Figure) and mark:
            found = found._replace(key=mark + found.key, svg=_NAMES.sub(rf"\1{mark}", found.svg))
        yield found
        told.one_more()


def _fitted(chapters: Sequence[Chapter]) -> bytes:
    """Render with as many figures as there is room for, in order; what is left out is said."""
    words = _words(chapters)
    shown: set[str] = set()
    size = len(rendered({**words, "shown": shown}).encode())
    if size > MOST_BYTES and len(chapters) > 1:
        what = (
            f"{len(chapters)} scenarios take {size // 1000:,} kB without a single figure, and no "
            f"report is larger than {MOST_BYTES // 1000:,} kB"
        )
        raise BadInput([Problem("report", 0, 0, "", what, "fewer of them in one report")])
    for place in range(max(len(one.figures) for one in chapters)):
        for chapter in chapters:
            for figure in chapter.figures[place : place + 1]:
                more = len(rendered_figure(figure, chapter.mark).encode())
                if size + more <= MOST_BYTES - ROOM_TO_SPARE:
                    shown.add(figure.key)
                    size += more
    return rendered({**words, "shown": shown}).encode()


def _told_before(chapters: Sequence[Chapter]) -> dict[str, str]:
    """By the anchor of a table of assumptions: that of the same table in an earlier chapter."""
    first: dict[tuple[object, ...], str] = {}
    found: dict[str, str] = {}
    for chapter in chapters:
        for room in chapter.assumed.rooms:
            here = f"{chapter.mark}{room.room}"
            before = first.setdefault((room, chapter.assumed.bases), here)
            if before != here:
                found[here] = before
    return found


def _words(chapters: Sequence[Chapter]) -> dict[str, Any]:
    metrics = [line.name for one in chapters for t in one.tables for line in t.lines if line.name]
    cited = [key for one in chapters for figure in one.figures for key in figure.cite]
    cited += [row.source for one in chapters for row in one.safeguards]
    groups = [chapter.group for chapter in chapters]
    return {
        "chapters": chapters,
        "together": told_together(groups),
        "beside": side_by_side([(one.group, one.numbers) for one in chapters]),
        "told_before": _told_before(chapters),
        "works": works_of(groups, cited),
        "formulas": works_of((), formulas(metrics)),
        "title": " · ".join(dict.fromkeys(one.group.said.scenario.title for one in chapters)),
        "version": groups[0].said.glasshouse_version,
        "intervals": INTERVALS,
        "no_sum": NO_SUM,
        "statuses": STATUS_MEANS,
    }
