"""Replicates: means, the error between seeds, arms compared seed by seed, and where variance lies.

The arms of a run share people, acts and luck (common random numbers), so the difference of two arms
is taken within each seed; what that saves is the variance of a difference of independent runs over
the variance of the paired one. What differs between seeds is one thing and what differs with the
assumptions another: ``spreads_of`` keeps them apart and never adds them up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Unpack

import numpy as np

from glasshouse.errors import BadInput, Problem, nearest
from glasshouse.experiment.crew import Crew
from glasshouse.experiment.design import numbered, one
from glasshouse.experiment.sweep import Name, asked_for, run_asked, sets_of
from glasshouse.metrics.estimate import ANY
from glasshouse.metrics.ranges import within

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from glasshouse.experiment.crew import ByWhom
    from glasshouse.experiment.sweep import Asked, Sweep
    from glasshouse.law.experiment import Experiment

LEVEL = 0.95
"""The share of intervals that hold the mean over all seeds."""

NAN = math.nan

_NOISE = 1e-12
"""Numbers that differ by less than this part of themselves differ by their last bits alone."""


class Mean(NamedTuple):
    """A metric of an arm at a point, over the seeds."""

    point: int
    arm: str
    metric: str
    part: str
    group: str
    mean: float
    low: float
    """95 % interval of the mean by Student's t over the seeds."""
    high: float
    error: float
    """The Monte Carlo error: the standard error of the mean between seeds."""
    seeds: int
    """How many runs gave a value: seeds, times draws of the society where there are several."""
    why: str = ""
    """Why there is no interval, or under how many seeds there was no value."""


class Pair(NamedTuple):
    """One arm less another, seed by seed: both saw the same people, acts and luck."""

    point: int
    arm: str
    against: str
    metric: str
    part: str
    group: str
    difference: float
    low: float
    high: float
    error: float
    variance_saved: float
    """Variance of the difference of independent runs over that of paired ones; above 1: saved."""
    seeds: int
    why: str = ""


class Spread(NamedTuple):
    """How much of a metric's variance lies where, over all points of a design.

    Variance components of a balanced design by the method of moments, each at least 0; nan for what
    the design does not vary. They are shown side by side because they mean different things: what
    is not known (points), who happens to live there (societies), what happens to them (seeds).
    """

    arm: str
    metric: str
    part: str
    group: str
    between_points: float
    between_societies: float
    between_seeds: float
    together: float
    """What is left: what two of them do together."""
    points: int
    """Points with a value under every seed; the others are left out."""


class Ensemble(NamedTuple):
    """What the replicates say; the sweep behind them keeps every member."""

    sweep: Sweep
    means: tuple[Mean, ...]
    pairs: tuple[Pair, ...]
    spreads: tuple[Spread, ...]


def ensemble(
    scenario: str | Path,
    *,
    seeds: int | Sequence[int] = 8,
    societies: int | Sequence[int] | None = None,
    metrics: Sequence[str] | None = None,
    by: Sequence[str] = (),
    out: str | os.PathLike[str] | None = None,
    people: int | None = None,
    years: int | None = None,
    set: Mapping[str, float | str] | None = None,  # noqa: A002 - the word of the command line
    against: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    **crew: Unpack[ByWhom],
) -> Ensemble:
    """Run a scenario under several seeds; a number of them means 1, 2, 3, ...

    Without ``societies`` every seed draws its own society; with them each draw of the society meets
    the luck of every seed, and the two are kept apart. Arms are compared with ``against``, or with
    the first arm that has a value. ``executor``, ``workers``, ``cluster`` and ``device`` say who
    runs it, as for ``sweep``, which also says what is raised.
    """
    asked = asked_for_seeds(
        scenario, seeds, societies, metrics=metrics, by=by, sets=sets_of(people, years, set),
        against=against,
    )  # fmt: skip
    with Crew(**crew) as hands:
        return ensemble_of(run_asked(asked, out, hands, progress), against)


def asked_for_seeds(
    scenario: str | Path,
    seeds: int | Sequence[int],
    societies: int | Sequence[int] | None,
    *,
    metrics: Sequence[str] | None = None,
    by: Sequence[str] = (),
    sets: Mapping[str, str] | None = None,
    against: str | None = None,
) -> Asked:
    """Check an ensemble without beginning it, or raise BadInput with all that is wrong."""
    draws: tuple[int | None, ...] = (None,) if societies is None else numbered(societies)
    design = one(seeds=numbered(seeds), societies=draws)
    asked = asked_for(scenario, design, metrics=metrics, by=by, sets=sets)
    refuse_unknown_arm(asked.experiment, against)
    return asked


def ensemble_of(done: Sweep, against: str | None = None) -> Ensemble:
    """Give what the replicates of a sweep say, at each of its points."""
    names = done.named()
    values = {name: done.of(name) for name in names}
    whys = done.whys()
    return Ensemble(
        done,
        tuple(
            mean
            for name in names
            for mean in means_of(
                name,
                values[name],
                whys.get(name, ""),
                within=within(name.metric, values[name]),
            )
        ),
        tuple(pairs_of(values, against)),
        tuple(spread_of(name, values[name]) for name in names),
    )


def refuse_unknown_arm(experiment: Experiment, against: str | None) -> None:
    """Refuse to compare with an arm that the scenario lacks."""
    names = [arm.name for arm in experiment.arms]
    if against is not None and against not in names:
        what = f"no arm `{against[:60]}`"
        raise BadInput([Problem("against", 0, 0, "", what, nearest(against, names))])


def means_of(
    name: Name,
    values: NDArray[np.float64],
    reason: str = "",
    *,
    within: tuple[float, float] = ANY,
) -> Iterator[Mean]:
    """Give the mean of a metric at each point, of values [point, society, seed].

    ``reason`` is why some of them are not known. An interval is cut at the ends of the range
    ``within`` which no mean can leave.
    """
    for point, at in enumerate(values):
        mean, error, low, high, seeds, why = _mean(at, reason)
        ends = float(np.maximum(low, within[0])), float(np.minimum(high, within[1]))
        yield Mean(point, *name, mean, *ends, error, seeds, why)


def pairs_of(values: Mapping[Name, NDArray[np.float64]], against: str | None) -> Iterator[Pair]:
    """Give each arm less the one it is compared with, point by point."""
    for name, ours in values.items():
        rivals = [other for other in values if other[1:] == name[1:] and other.arm != name.arm]
        earlier = [other for other in values if other[1:] == name[1:]]
        base = next((o for o in rivals if o.arm == against), None) if against else earlier[0]
        if base is None or base == name:
            continue
        for point, (one_arm, other) in enumerate(zip(ours, values[base], strict=True)):
            difference = one_arm - other
            mean, error, low, high, seeds, why = _mean(difference)
            kept = np.isnan(difference)
            apart = sum(_variance(np.where(kept, np.nan, side))[0] for side in (one_arm, other))
            paired = _variance(difference)[0]
            saved = apart / paired if paired > 0 else (math.inf if apart > 0 else NAN)
            bottom, top = within(name.metric, ours)  # two shares differ by 1 at most
            low, high = float(np.maximum(low, bottom - top)), float(np.minimum(high, top - bottom))
            yield Pair(
                point, name.arm, base.arm, *name[1:], mean, low, high, error, saved, seeds, why
            )


def _mean(at: NDArray[np.float64], reason: str = "") -> tuple[float, float, float, float, int, str]:
    """Give mean, error, interval and number of values [society, seed]; the error within societies.

    Each draw of the society has its own mean, which is no error of the seeds.
    """
    from scipy.stats import t

    seeds, undefined = int((~np.isnan(at)).sum()), int(np.isnan(at).sum())
    why = f"not known in {undefined} of {at.size} runs" if undefined else ""
    why += f": {reason}" if why and reason else ""
    if not seeds:
        return NAN, NAN, NAN, NAN, 0, why
    mean = float(np.nanmean(at))
    variance, freedom = _variance(at)
    if not freedom:
        alone = "one seed alone: no interval over seeds"
        return mean, NAN, NAN, NAN, seeds, "; ".join(filter(None, (why, alone)))
    error = math.sqrt(variance / seeds)
    half = float(t.ppf((1 + LEVEL) / 2, freedom)) * error
    return mean, error, mean - half, mean + half, seeds, why


def _variance(at: NDArray[np.float64]) -> tuple[float, int]:
    """Give the variance between seeds, pooled over societies, and its degrees of freedom."""
    total, freedom = 0.0, 0
    for row in at:
        kept = row[~np.isnan(row)]
        if len(kept) > 1:
            total += float(((kept - kept.mean()) ** 2).sum())
            freedom += len(kept) - 1
    return (total / freedom, freedom) if freedom else (NAN, 0)


def spread_of(name: Name, values: NDArray[np.float64]) -> Spread:
    """Split the variance of values [point, society, seed] by what they differ in.

    The same seeds and societies stand at every point, so the effects are crossed: each mean square
    less the residual one, over the number of values behind a mean.
    """
    whole = values[~np.isnan(values).any(axis=(1, 2))]
    points = len(whole)
    found = [NAN] * 3
    left = NAN
    if points and whole.size > 1:
        grand = whole.mean()
        squares, freedoms = [], []
        fitted = np.full(whole.shape, grand)
        for axis in range(3):
            others = tuple(other for other in range(3) if other != axis)
            effect = whole.mean(axis=others, keepdims=True) - grand
            fitted = fitted + effect
            freedoms.append(whole.shape[axis] - 1)
            squares.append(float((effect**2).sum()) * whole.size / whole.shape[axis])
        freedom = whole.size - 1 - sum(freedoms)
        if freedom:
            left = float(((whole - fitted) ** 2).sum()) / freedom
        for axis in range(3):
            if freedoms[axis]:
                behind = whole.size // whole.shape[axis]
                residual = left if freedom else 0.0
                found[axis] = max(0.0, (squares[axis] / freedoms[axis] - residual) / behind)
        floor = (_NOISE * float(np.abs(whole).max())) ** 2
        *found, left = (0.0 if one < floor else one for one in (*found, left))
    return Spread(*name, found[0], found[1], found[2], left, points)
