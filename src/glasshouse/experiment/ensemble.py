"""Replicates of one point: means, the error between seeds, and arms compared pair by pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from glasshouse.experiment.sweep import Sweep


class Mean(NamedTuple):
    """A metric of an arm over the seeds."""

    arm: str
    metric: str
    part: str
    mean: float
    low: float
    """95 % interval of the mean by Student's t over the seeds."""
    high: float
    error: float
    """The Monte Carlo error: the standard error of the mean between seeds."""
    seeds: int
    """How many seeds gave a value."""


class Pair(NamedTuple):
    """One arm less another, seed by seed: both saw the same people, acts and luck."""

    arm: str
    against: str
    metric: str
    part: str
    difference: float
    low: float
    high: float
    error: float
    variance_saved: float
    """Variance of the difference of unpaired runs over that of the paired ones; above 1: saved."""
    seeds: int


class Ensemble(NamedTuple):
    """What the replicates say; the sweep behind them keeps every member."""

    sweep: Sweep
    means: tuple[Mean, ...]
    pairs: tuple[Pair, ...]


def ensemble(
    scenario: str | Path,
    *,
    seeds: int | Sequence[int] = 8,
    metrics: Sequence[str],
    out: str | os.PathLike[str] | None = None,
    people: int | None = None,
    years: int | None = None,
    set: Mapping[str, float | str] | None = None,  # noqa: A002 - the word of the command line
    against: str | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    device: str = "cpu",
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """Run a scenario under several seeds; a number of them means 1, 2, 3, ..."""
    raise NotImplementedError
