"""The cells of a study's results: one metric of one arm seed by seed, and numbers made of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.experiment.ensemble import means_of, pairs_of
from glasshouse.experiment.safeguards import Cell as OneCell
from glasshouse.experiment.safeguards import table_of, undominated
from glasshouse.experiment.sweep import Name
from glasshouse.metrics.estimate import ANY, LEVEL, interval, of_sums
from glasshouse.metrics.ranges import within

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from glasshouse.law.study import Choice, Panel, Study, StudyNumber

Key = tuple[str, str, str, str, str]
"""Design, arm, metric, part, group."""


class Cell(NamedTuple):
    """A metric of an arm, over the seeds in order; NaN where it was not defined."""

    values: NDArray[np.float64]
    low: NDArray[np.float64]
    """The interval of each single run, over its communities."""
    high: NDArray[np.float64]
    status: str
    why: str


class Number(NamedTuple):
    """A number of a study with its interval between seeds."""

    value: float
    low: float
    high: float
    error: float
    """The Monte Carlo error: standard error between seeds."""
    seeds: int
    """In how many seeds it is defined."""
    of_seeds: int
    by_seed: tuple[float, ...]
    variance_saved: float = math.nan
    """Of a difference: the variance of an unpaired one over that of the paired one."""
    why: str = ""

    @property
    def is_defined(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    @property
    def side(self) -> str:
        """Where its interval lies: above zero, below it, or covering it; empty if unknown."""
        if not self.is_defined or not self.has_interval:
            return ""
        return "above" if self.low > 0 else "below" if self.high < 0 else "covers"


_ONE, _OTHER = Name("one", ""), Name("other", "")

NOT_THERE = "the run has no such number"


def cells_of(rows: Iterable[Mapping[str, Any]], design: str, seeds: int) -> dict[Key, Cell]:
    """Give the cells of one design from the rows of its sweep, whose seeds are 1, 2, 3, ...

    A seed without a row, such as one whose run failed, is NaN.
    """
    found: dict[Key, Cell] = {}
    for row in rows:
        key = (design, row["arm"], row["metric"], row["part"] or "", row.get("group") or "")
        if key not in found:
            values, low, high = (np.full(seeds, np.nan) for _ in range(3))
            found[key] = Cell(values, low, high, row["status"], row["why"] or "")
        place, cell = int(row["seed"]) - 1, found[key]
        for name, array in (("value", cell.values), ("low", cell.low), ("high", cell.high)):
            if row[name] is not None and math.isfinite(row[name]):
                array[place] = row[name]
        if row["why"] and not found[key].why:
            found[key] = found[key]._replace(why=row["why"])
    return found


def over_seeds(
    values: NDArray[np.float64],
    bounds: tuple[float, float] = ANY,
    arms_compared: int = 1,
) -> Number:
    """Give the mean over the seeds in which it is defined, with Student's t between seeds.

    ``bounds`` is the range of the number, which its interval does not leave. ``arms_compared``
    widens an unbounded interval so that so many of them hold together (Bonferroni).
    """
    (mean,) = means_of(_ONE, values[None, None, :])
    by_seed = tuple(float(value) for value in values)
    number = Number(mean.mean, mean.low, mean.high, mean.error, mean.seeds, len(values), by_seed)
    if not number.is_defined:
        return number._replace(why=NOT_THERE)
    if math.isnan(mean.error):
        return number
    if bounds != ANY:
        low, high, why = interval(mean.mean, mean.error, mean.seeds - 1, bounds)
        return number._replace(low=low, high=high, why=why)
    return _widened(number, arms_compared)


def _widened(number: Number, arms_compared: int) -> Number:
    """Give the interval that holds together with those of other arms."""
    if arms_compared == 1 or not number.has_interval:
        return number
    from scipy.special import stdtrit

    reach = float(stdtrit(number.seeds - 1, 1 - (1 - LEVEL) / 2 / arms_compared)) * number.error
    return number._replace(low=number.value - reach, high=number.value + reach)


def difference(
    one: NDArray[np.float64],
    other: NDArray[np.float64],
    *,
    metric: str = "",
    relative: bool = False,
    arms_compared: int = 1,
) -> Number:
    """Give the paired difference of two cells seed by seed, and what the pairing saves.

    The interval does not leave the differences that values of the ``metric`` can have.

    A relative difference is that of the sums over seeds; its error is by leaving one seed out.
    """
    both = ~(np.isnan(one) | np.isnan(other))
    names = _ONE._replace(metric=metric), _OTHER._replace(metric=metric)
    sides = {names[0]: one[None, None, :], names[1]: other[None, None, :]}
    pair = next(pairs_of(sides, _OTHER.arm))
    saved = pair.variance_saved if math.isfinite(pair.variance_saved) else math.nan
    if relative:
        return _relative(one, other, both)._replace(variance_saved=saved)
    by_seed = tuple(float(value) for value in one - other)
    number = Number(pair.difference, pair.low, pair.high, pair.error, pair.seeds, len(one), by_seed)
    if not number.is_defined:
        return number._replace(why=NOT_THERE)
    return _widened(number, arms_compared)._replace(variance_saved=saved)


def _relative(
    one: NDArray[np.float64], other: NDArray[np.float64], both: NDArray[np.bool_]
) -> Number:
    """Give sum(one) / sum(other) - 1 over the seeds where both are defined."""
    nan = math.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        by_seed = tuple(float(value) for value in np.where(both, one / other - 1, nan))
    if not both.any() or not other[both].sum():
        why = "nothing to compare with"
        return Number(nan, nan, nan, nan, int(both.sum()), len(one), by_seed, why=why)
    sums = np.stack([one[both], other[both]], axis=1)
    value, low, high, error, *_ = of_sums(sums, lambda s: s[..., 0] / s[..., 1] - 1)
    return Number(value, low, high, error, int(both.sum()), len(one), by_seed)


def value_of(study: Study, asked: StudyNumber, cells: Mapping[Key, Cell]) -> Number:
    """Give a number of the study from its cells."""
    design = study.design_of(asked).design
    cell = cells.get((design, asked.arm, asked.metric, asked.part, asked.group))
    if cell is None:
        return _missing()
    against = asked.against
    if against is None:
        number = over_seeds(cell.values, within(asked.metric, cell.values))
        if len(cell.values) == 1 and number.is_defined:
            low, high = float(cell.low[0]), float(cell.high[0])
            number = number._replace(
                low=low, high=high, why="over communities of one run, without the luck of seeds"
            )
        return number if number.is_defined else number._replace(why=cell.why or number.why)
    other = cells.get((
        design,
        against.arm or asked.arm,
        asked.metric,
        asked.part if against.part is None else against.part,
        asked.group if against.group is None else against.group,
    ))  # fmt: skip
    if other is None:
        return _missing()
    number = difference(cell.values, other.values, metric=asked.metric, relative=asked.relative)
    return number if number.is_defined else number._replace(why=cell.why or other.why or number.why)


def _missing() -> Number:
    nan = math.nan
    return Number(nan, nan, nan, nan, 0, 0, (), why=NOT_THERE)


def panel_number(
    study: Study, panel: Panel, cells: Mapping[Key, Cell], arm: str, part: str, group: str
) -> Number:
    """Give what a panel of the figure shows for an arm, a part and a group."""
    design = study.design_of(panel).design
    cell = cells.get((design, arm, panel.metric, part, group))
    if cell is None:
        return _missing()
    if panel.against is None:
        number = over_seeds(cell.values, within(panel.metric, cell.values))
        if len(cell.values) == 1:
            number = number._replace(low=float(cell.low[0]), high=float(cell.high[0]))
        return number
    other = cells.get((design, panel.against, panel.metric, part, group))
    return (
        _missing() if other is None else difference(cell.values, other.values, metric=panel.metric)
    )


def less_harm(
    study: Study, choice: Choice, cells: Mapping[Key, Cell], sign: int
) -> list[tuple[str, Number]]:
    """Give the arms that are better than another beyond chance, the best first.

    ``sign`` is 1 where more of the metric is worse and -1 where less is. The intervals are widened
    so that all arms of the choice hold together.
    """
    design = study.design_of(choice).design
    metric, _, part = choice.metrics[0].partition(" ")
    base = cells.get((design, str(choice.against), metric, part, ""))
    found = []
    for arm in choice.among:
        cell = cells.get((design, arm, metric, part, ""))
        if base is None or cell is None:
            continue
        number = difference(cell.values, base.values, arms_compared=len(choice.among))
        if number.side == ("below" if sign > 0 else "above"):
            found.append((arm, number))
    return sorted(found, key=lambda pair: sign * pair[1].value)


def undominated_arms(
    study: Study, choice: Choice, cells: Mapping[Key, Cell]
) -> tuple[str, ...] | None:
    """Give the arms of a choice that no other dominates; None where chance cannot be told."""
    design = study.design_of(choice).design
    rows = [
        OneCell(seed, arm, name, part, float(value))
        for (where, arm, name, part, group), cell in cells.items()
        if where == design and arm in choice.among and not group
        and f"{name} {part}".strip() in choice.metrics
        for seed, value in enumerate(cell.values)
    ]  # fmt: skip
    table = table_of(rows)
    known = [name for name in choice.metrics if name in table.metrics]
    if len(table.values) < 2 or not known:
        return None
    return undominated(table, known).kept
