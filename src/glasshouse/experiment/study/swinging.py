"""The swing of a study: one assumption at a time at either end of its range, same people and luck.

It says how far an answer hangs on what nobody knows, which is another thing than chance between
seeds. Where assumptions act together a swing is blind; `sensitivity` is not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.experiment.study.cells import difference, over_seeds, value_of
from glasshouse.experiment.study.loading import quantity_of
from glasshouse.experiment.study.wording import MOST_DECIMALS, UNITS, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.experiment.study.cells import Cell, Key, Number
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.study import Study


class End(NamedTuple):
    """One end of the range of one assumption."""

    path: str
    at: float


class Swung(NamedTuple):
    """A number of the study at both ends of an assumption's range."""

    number: str
    path: str
    words: str
    range: tuple[float, float]
    base_at: float
    """The value of the assumption in the study itself."""
    base: Number
    """Over the seeds of the swing alone."""
    low: Number
    high: Number
    moved: Number
    """At the high end less at the low end, seed by seed."""

    @property
    def width(self) -> float:
        """How far the number moves from end to end, without its sign; 0 where unknown."""
        return 0.0 if math.isnan(self.moved.value) else abs(self.moved.value)


def ends_of(study: Study, experiment: Experiment) -> tuple[End, ...]:
    """Give both ends of the range of every assumption that the study swings, in order."""
    found = []
    for path in study.change.assumptions:
        quantity = quantity_of(experiment, path)
        if quantity is not None:
            found += [End(path, quantity.range[0]), End(path, quantity.range[1])]
    return tuple(found)


def rows_of_table(study: Study, experiment: Experiment) -> list[dict[str, float]]:
    """Give the points of the swing: every assumption at its value but one, at an end."""
    base = {}
    for path in study.change.assumptions:
        quantity = quantity_of(experiment, path)
        base[path] = math.nan if quantity is None else quantity.number
    return [{**base, end.path: end.at} for end in ends_of(study, experiment)]


def swung(
    study: Study,
    experiment: Experiment,
    base: Mapping[Key, Cell],
    by_point: Mapping[int, Mapping[Key, Cell]],
    seeds: int,
) -> tuple[Swung, ...]:
    """Give every number of the swing at the ends of every range, the widest first.

    ``base`` are the cells of the study itself, ``by_point`` those of the points of the swing, which
    have its first ``seeds`` seeds.
    """
    found = []
    fewer = {key: first_seeds(cell, seeds) for key, cell in base.items()}
    for name in study.change.numbers:
        asked = study.number(name)
        middle = value_of(study, asked, fewer)
        for place, (path, words) in enumerate(study.change.assumptions.items()):
            quantity = quantity_of(experiment, path)
            if quantity is None:
                continue
            low, high = (
                value_of(study, asked, by_point.get(2 * place + end, {})) for end in (0, 1)
            )
            if low.by_seed and high.by_seed:
                moved = difference(np.asarray(high.by_seed), np.asarray(low.by_seed))
            else:
                moved = over_seeds(np.full(seeds, math.nan))
            found.append(
                Swung(name, path, words, quantity.range, quantity.number, middle, low, high, moved)
            )
    order = {name: place for place, name in enumerate(study.change.numbers)}
    return tuple(sorted(found, key=lambda one: (order[one.number], -one.width, one.path)))


def first_seeds(cell: Cell, seeds: int) -> Cell:
    """Give the cell with its first seeds alone."""
    return cell._replace(values=cell.values[:seeds], low=cell.low[:seeds], high=cell.high[:seeds])


def sentences(study: Study, found: tuple[Swung, ...]) -> list[str]:
    """Say for each number how far each assumption moves it."""
    said = []
    for name in study.change.numbers:
        asked = study.number(name)
        ours = [one for one in found if one.number == name]
        if not ours:
            continue
        scale, unit = UNITS[asked.show]
        ends = [scale * end.value for one in ours for end in (one.base, one.low, one.high)]
        decimals = decimals_among(ends)
        base = written(scale * ours[0].base.value, decimals) + unit
        said.append(
            f"{asked.words}: {base} over the seeds of the swing. One assumption at a time, at the "
            "ends of its range:"
        )
        for one in ours:
            low, high = (written(scale * end.value, decimals) for end in (one.low, one.high))
            way = f"from {low} to {high}{unit}" + _chance(one)
            if one.moved.value == 0 and one.low.value == one.base.value:
                way = "does not move it"
            ends_of_range = f"{one.range[0]:g} to {one.range[1]:g}, here {one.base_at:g}"
            said.append(f"  {one.words} ({one.path}, {ends_of_range}): {way}.")
    return said


def _chance(one: Swung) -> str:
    return "" if one.moved.side in {"above", "below"} else ", which may be chance"


def decimals_among(values: list[float]) -> int:
    """Give the decimals at which the largest of some numbers has three digits."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest == 0:
        return 0
    return min(MOST_DECIMALS, max(0, 2 - math.floor(math.log10(largest))))
