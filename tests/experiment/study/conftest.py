"""A study of a tiny country, and what stands in for the sweeps of a large one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from glasshouse.experiment.design import Design, one, table
from glasshouse.experiment.study.loading import swing_design
from glasshouse.experiment.study.swinging import rows_of_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from glasshouse.experiment.study.running import Asked
    from glasshouse.law.study import Study

TINY = """\
study: tiny
title: How many does a small country list?
question: Who comes onto a list of a country that does not exist?
why:
  - {text: Tests ask it., cite: {source: pellucid-gazette, at: "everywhere"}}
people: 64
years: 1
seeds: 2
designs:
  - design: only
    scenario: pellucid
    arms: {scored: the three instruments}
    metrics: [listed_share, conduct_change, days_to_remedy, never_known_share]
    by: [sex]
    set: {community_size: 32}
numbers:
  - {number: listed, words: Listed, metric: listed_share, arm: scored, show: percent}
  - {number: punished, words: Punished acts, metric: conduct_change, part: punished, arm: scored,
     show: percent}
  - {number: gap, words: Men less women, metric: listed_share, group: sex male, arm: scored,
     against: {group: sex female}, show: points}
  - {number: remedy, words: Days to remedy, metric: days_to_remedy, part: wrongly listed,
     arm: scored, show: days}
answer:
  - says: Of all people {listed} are listed.
    unknown: Nobody can be listed.
  - decides: gap
    above: Men more, by {gap.size}.
    below: Women more, by {gap.size}.
    covers: No difference beyond chance ({gap}).
    unknown: No men or no women.
  - says: Half are free after {remedy}.
    unknown: It cannot be said how long it takes.
figure:
  words: Who is listed.
  panels:
    - {title: Listed, metric: listed_share, show: percent}
    - {title: By sex, metric: listed_share, show: percent, over: group, groups: sex}
change:
  numbers: [listed]
  seeds: 1
  assumptions: {process.pursued: an office follows up}
cannot: [Anything of a real country.]
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Give a writer of the folder of the tiny study, with texts replaced."""

    def write(*changes: tuple[str, str], name: str = "tiny") -> Path:
        text = TINY
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        folder = tmp_path / name
        folder.mkdir()
        (folder / "study.yaml").write_text(text, encoding="utf-8")
        return folder

    return write


class Rows(NamedTuple):
    """What stands in for the table of a sweep."""

    found: list[dict[str, Any]]

    def rows(self) -> list[dict[str, Any]]:
        """Give the rows."""
        return self.found


class Stand(NamedTuple):
    """What stands in for a sweep."""

    design: Design
    found: list[dict[str, Any]]

    def results(self) -> Rows:
        """Give the table."""
        return Rows(self.found)


def stands(what: Asked, values: Callable[[str, str, str, str, int], float | None]) -> Any:
    """Give sweeps of a study whose values are made by a function of the cell and the seed."""
    study = what.loaded.study
    found = {}
    for design in study.designs:
        seeds = range(1, what.seeds + 1)
        cells = list(cells_asked(study, design.design))
        rows = [row(cell, seed, 0, values(*cell, seed)) for seed in seeds for cell in cells]
        found[design.design, "answer"] = Stand(one(seeds=seeds), rows)
    swung = swing_design(study).design
    points = rows_of_table(study, what.experiments[swung])
    cells = list(cells_asked(study, swung))
    seeds = range(1, what.swing_seeds + 1)
    rows = [
        row(cell, seed, point, values(*cell, seed))
        for point in range(len(points))
        for seed in seeds
        for cell in cells
    ]
    found[swung, "swing"] = Stand(table(points, seeds=seeds), rows)
    return found


def row(cell: tuple[str, str, str, str], seed: int, point: int, value: float | None) -> Any:
    """Give a row of a sweep as its table has it."""
    arm, metric, part, group = cell
    known = value is not None
    return {
        "point": point, "seed": seed, "arm": arm, "metric": metric, "part": part, "group": group,
        "value": value, "low": value, "high": value, "status": "measured",
        "why": "" if known else "nobody was listed",
    }  # fmt: skip


def cells_asked(study: Study, design: str) -> Iterator[tuple[str, str, str, str]]:
    """Give every cell that the numbers, choices and panels of a design name, each once."""
    cells: dict[tuple[str, str, str, str], None] = {}
    stated = next(each for each in study.designs if each.design == design)
    for number in study.numbers:
        if study.design_of(number).design == design:
            cells[number.arm, number.metric, number.part, number.group] = None
            other = number.against
            if other is not None:
                cells[
                    other.arm or number.arm,
                    number.metric,
                    number.part if other.part is None else other.part,
                    number.group if other.group is None else other.group,
                ] = None
    for choice in study.choices:
        if study.design_of(choice).design == design:
            for text in choice.metrics:
                metric, _, part = text.partition(" ")
                arms = (*choice.among, *([choice.against] if choice.against else []))
                cells |= dict.fromkeys((arm, metric, part, "") for arm in arms)
    for panel in study.figure.panels:
        if study.design_of(panel).design == design:
            parts = panel.parts or {panel.part: ""}
            groups = [f"{panel.groups} {n}" for n in "ab"] if panel.groups else [""]
            for arm in stated.arms:
                cells |= dict.fromkeys(
                    (arm, panel.metric, part, group) for part in parts for group in groups
                )
    yield from cells
