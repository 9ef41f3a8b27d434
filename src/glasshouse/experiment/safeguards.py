"""Which safeguards, or sets of them, no other dominates: on harm metrics alone, beyond chance.

Arms are compared pair by pair over replicates, which share people, acts and luck. One arm
*dominates* another if it does less harm on some metric and more on none, each judged by the paired
difference against its Monte Carlo error (Student's t, 95 %). What chance cannot tell apart is a
tie. Nothing is added up and no weight is asked for, so there is no single best arm.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.errors import BadInput, Problem, nearest
from glasshouse.metrics.registry import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from glasshouse.metrics.metric import Metric

LEVEL = 0.95
"""The share of differences that are found only by chance stays below one minus this, a pair and
metric: several pairs and metrics are not corrected for."""

FEWEST = 2
"""Replicates without which a difference has no error."""

LAST_BITS = 1e-12
"""A difference of this share of a metric is one of rounding."""

AIMS = frozenset(("conduct", "compliance", "revenue", "approval", "obedience"))
"""What a ruler may want. No safeguard is judged by it, whatever a registry says."""


class Cell(NamedTuple):
    """A metric of an arm in one replicate; the same replicate has the same people and luck."""

    replicate: object
    """Whatever tells replicates apart: a seed, or a society and a seed."""
    arm: str
    metric: str
    part: str
    value: float | None
    """None or nan where the metric is not known."""


class Table(NamedTuple):
    """Replicates x arms x metrics."""

    arms: tuple[str, ...]
    metrics: tuple[str, ...]
    """Names of metrics; with the part behind a space where a metric has parts."""
    values: NDArray[np.float64]
    """nan where a metric is not known."""


class Dropped(NamedTuple):
    """An arm that another dominates."""

    arm: str
    by: str
    """An arm that is kept."""
    on: tuple[str, ...]
    """The metrics on which it does less harm."""


class Front(NamedTuple):
    """The arms that no other dominates, and why the others are not among them."""

    kept: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    circles: tuple[tuple[str, ...], ...] = ()
    """Arms that dominate one another around, which chance can bring about; all of them are kept."""


class _Compared(NamedTuple):
    """Every pair of arms: [one, other, metric]."""

    better: NDArray[np.bool_]
    """The one does less harm than the other, beyond chance."""
    dominates: NDArray[np.bool_]
    """[one, other]: less harm on some metric and more on none."""


def table_of(cells: Iterable[Cell]) -> Table:
    """Arrange the metrics of replicates; what a replicate does not say of an arm is nan."""
    found = tuple(cells)
    replicates = {key: n for n, key in enumerate(dict.fromkeys(cell.replicate for cell in found))}
    arms = {key: n for n, key in enumerate(dict.fromkeys(cell.arm for cell in found))}
    metrics = {key: n for n, key in enumerate(dict.fromkeys(_column(cell) for cell in found))}
    values = np.full((len(replicates), len(arms), len(metrics)), np.nan)
    for cell in found:
        at = replicates[cell.replicate], arms[cell.arm], metrics[_column(cell)]
        values[at] = np.nan if cell.value is None else cell.value
    return Table(tuple(arms), tuple(metrics), values)


def _column(cell: Cell) -> str:
    return f"{cell.metric} {cell.part}".strip()


def undominated(
    table: Table, metrics: Sequence[str], *, registry: Sequence[Metric] = METRICS
) -> Front:
    """The arms of a table that no other dominates on these harm metrics.

    An arm is dropped if an arm that is kept dominates it, so of what is kept none dominates another
    (but in a circle, which is told). A metric that is known of fewer than two replicates of a pair
    decides nothing between the two.

    Raises BadInput for a metric that the table lacks, or that is no harm: nothing is chosen by what
    people do, comply with, pay or approve of. So it does for fewer than two replicates.
    """
    signs = _signs(table, metrics, {one.name: one for one in registry})
    if len(table.values) < FEWEST:
        what = f"{len(table.values)} replicate: without a second there is no error to compare with"
        raise BadInput([Problem("replicates", 0, 0, "", what, f"at least {FEWEST} seeds")])
    places = [table.metrics.index(name) for name in metrics]
    compared = _compared(table.values[:, :, places] * signs)
    kept, circles = _kernel(compared.dominates)
    return Front(
        tuple(table.arms[n] for n in kept),
        tuple(_dropped(table, metrics, compared, kept)),
        tuple(tuple(table.arms[n] for n in circle) for circle in circles),
    )


def _signs(
    table: Table, metrics: Sequence[str], known: Mapping[str, Metric]
) -> NDArray[np.float64]:
    """1 where more is worse and -1 where less is; every metric that cannot be asked for is told."""
    problems = [] if metrics else [Problem("metrics", 0, 0, "", "no metric is named", "some harms")]
    signs = []
    for name in dict.fromkeys(metrics):
        one = known.get(name.partition(" ")[0])
        if one is None:
            what, right = f"unknown metric `{name[:60]}`", nearest(name, known)
            problems.append(Problem("metrics", 0, 0, "", what, right))
        elif one.harm == "neither" or AIMS & set(
            re.split(r"[\W_]+", f"{one.name} {one.title}".casefold())
        ):
            what = f"`{one.name}` is no harm, and nothing is chosen by it"
            problems.append(
                Problem("metrics", 0, 0, "", what, "a metric of which more, or less, is worse")
            )
        elif name not in table.metrics:
            what, right = f"the table has no `{name[:60]}`", nearest(name, table.metrics)
            problems.append(Problem("metrics", 0, 0, "", what, right))
        else:
            signs.append(1.0 if one.harm == "more is worse" else -1.0)
    if len(signs) < len(metrics) and not problems:
        problems.append(Problem("metrics", 0, 0, "", "a metric is named twice", "each once"))
    if problems:
        raise BadInput(problems)
    return np.array(signs)


def _compared(harm: NDArray[np.float64]) -> _Compared:
    """Compare every pair of arms over the replicates in which both are known."""
    from scipy import stats

    rest = harm[:, :, None, :] - harm[:, None, :, :]
    there = np.isfinite(rest)
    number = there.sum(axis=0)
    total = np.where(there, rest, 0.0).sum(axis=0)
    mean = total / np.maximum(number, 1)
    spread = np.where(there, (rest - mean) ** 2, 0.0).sum(axis=0)
    degrees = np.maximum(number - 1, 1)
    error = np.sqrt(spread / degrees / np.maximum(number, 1))
    reach = stats.t.ppf((1 + LEVEL) / 2, degrees) * error
    size = np.where(there, np.abs(harm)[:, :, None, :], 0.0).max(axis=0)
    beyond = (number >= FEWEST) & (np.abs(mean) > reach + LAST_BITS * size)
    better, worse = beyond & (mean < 0), beyond & (mean > 0)
    return _Compared(better, better.any(axis=-1) & ~worse.any(axis=-1))


def _kernel(
    dominates: NDArray[np.bool_],
) -> tuple[list[int], list[tuple[int, ...]]]:
    """Keep what nothing dominates, drop what that dominates, and go on with what is left.

    Domination beyond chance is not transitive, so an arm may be dominated by none of those that are
    kept; it is kept then. Where arms dominate one another around, none goes before the others.
    """
    left = set(range(len(dominates)))
    kept: set[int] = set()
    circles = []
    while left:
        free = {n for n in left if not any(dominates[other, n] for other in left)}
        if not free:
            free = _first_circle(dominates, left)
            circles.append(tuple(sorted(free)))
        kept |= free
        left -= free | {n for n in left if any(dominates[one, n] for one in free)}
    return sorted(kept), circles


def _first_circle(dominates: NDArray[np.bool_], left: set[int]) -> set[int]:
    """Arms that dominate one another around, and that none of the others reaches."""
    above = {n: _above(dominates, n, left) for n in left}
    least = min(sorted(left), key=lambda n: len(above[n]))
    return above[least]


def _above(dominates: NDArray[np.bool_], arm: int, left: set[int]) -> set[int]:
    """Whatever dominates an arm, directly or over others; the arm itself if it is in a circle."""
    found: set[int] = set()
    looked = [arm]
    while looked:
        here = looked.pop()
        new = {other for other in left if dominates[other, here]} - found
        found |= new
        looked += new
    return found


def _dropped(
    table: Table, metrics: Sequence[str], compared: _Compared, kept: Sequence[int]
) -> Iterator[Dropped]:
    """Say of every arm that is not kept which kept arm dominates it, and on which metrics."""
    for n in range(len(table.arms)):
        over = [one for one in kept if compared.dominates[one, n]]
        if n in kept or not over:
            continue
        by = max(over, key=lambda one: int(compared.better[one, n].sum()))
        on = tuple(
            name for name, is_on in zip(metrics, compared.better[by, n], strict=True) if is_on
        )
        yield Dropped(table.arms[n], table.arms[by], on)
