"""The sources of a run, by kind, each with the reason why it is cited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.archive.store import DATA
from glasshouse.law.library import Library
from glasshouse.metrics.registry import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from glasshouse.law.citation import Source
    from glasshouse.report.document.gathered import Group

KINDS = {
    "law": "Law",
    "official": "Official texts",
    "research": "Research",
    "statistics": "Statistics",
    "press": "Press",
    "company": "Companies",
}

_ADDRESS = re.compile(r"https?:[^\s\"'<>]+")
"""What is shown as a link that a reader may follow; anything else is plain text."""


class Work(NamedTuple):
    """A work as the list shows it."""

    key: str
    title: str
    by: str
    date: str
    why: str
    address: str
    """Where a reader finds it; empty where there is no address on the web."""


class Kind(NamedTuple):
    """The works of one kind."""

    title: str
    works: tuple[Work, ...]


def works_of(groups: Sequence[Group], more: Iterable[str] = ()) -> list[Kind]:
    """The sources that a report stands on, by kind: of the runs' data, and those named besides."""
    known: dict[str, Source] = {}
    keys: dict[str, None] = {}
    for group in groups:
        known |= Library(group.first.path / DATA).sources()
        for arm in group.experiment.arms:
            for use in arm.rulebooks:
                known |= use.rulebook.sources
        keys |= dict.fromkeys(group.said.cites)
    return _by_kind([*keys, *more], known)


def formulas(metrics: Iterable[str]) -> list[str]:
    """The sources of the formulas of these metrics, each once, in order."""
    wanted = set(metrics)
    keys = {cite.source for one in METRICS if one.name in wanted for cite in one.cite}
    return sorted(keys)


def _by_kind(keys: Iterable[str], known: dict[str, Source]) -> list[Kind]:
    packaged = Library().sources()
    found = {key: known.get(key) or packaged.get(key) for key in dict.fromkeys(keys)}
    kinds = []
    for kind, title in KINDS.items():
        works = tuple(
            _work(key, source)
            for key, source in sorted(found.items())
            if source is not None and source.kind == kind
        )
        if works:
            kinds.append(Kind(title, works))
    return kinds


def _work(key: str, source: Source) -> Work:
    address = source.address or ""
    return Work(
        key, source.title, source.by, source.date or "no date", source.why,
        address if _ADDRESS.fullmatch(address) else "",
    )  # fmt: skip
