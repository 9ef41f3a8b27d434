"""Which assumptions an answer hangs on: screening by Morris' method, shares of variance by Sobol'.

Everything is done twice, with another draw of the points and another seed of the runs, and the two
rankings are compared: a ranking that does not come out again is no answer. An effect is that of
moving an assumption across its whole declared range (or the range given), so it also says how
little is known of it. Only assumptions are moved, and never the coverage of a channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Unpack

import numpy as np

from glasshouse.errors import BadInput, Problem, nearest
from glasshouse.experiment.crew import Crew
from glasshouse.experiment.free import Free
from glasshouse.experiment.indices import (
    morris_effects,
    rank_agreement,
    shared_at_the_top,
    sobol_indices,
)
from glasshouse.experiment.screening import screened, that_can_be_run
from glasshouse.experiment.sweep import asked_of, run_asked, sets_of
from glasshouse.experiment.sweep import missing as missing_of
from glasshouse.law.library import Library

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from glasshouse.experiment.crew import ByWhom
    from glasshouse.experiment.design import Design
    from glasshouse.experiment.sweep import Asked, Sweep

Method = Literal["morris", "sobol"]

ROUNDS = 2
"""How often everything is done; each round has its own draw of points and its own seed."""

TOP = 5
"""How many assumptions at the top are compared between rounds."""

TRAJECTORIES = 10
ROWS = 64


class Effect(NamedTuple):
    """What an assumption, or a group of them, does to the metric."""

    path: str
    assumptions: int
    """How many assumptions move together under this path."""
    size: float
    """Morris: mu*, in units of the metric. Sobol: the total index, a share of the variance."""
    low: float
    """95 % interval of the size."""
    high: float
    direction: float
    """Morris: mu, the mean effect with its sign. Sobol: the first index."""
    spread: float
    """Morris: sigma, how far other assumptions change the effect. Sobol: total less first."""
    sizes: tuple[float, ...]
    """The size in each round."""
    ranks: tuple[int, ...]
    """The rank in each round, from 1."""


class Sensitivity(NamedTuple):
    """Which assumptions a metric of an arm hangs on, the first first."""

    metric: str
    arm: str
    method: Method
    effects: tuple[Effect, ...]
    agreement: float
    """Spearman's rank correlation of the first two rounds."""
    shared: int
    """How many of the first ``top`` stand there in both rounds."""
    top: int
    runs: int
    left_out: int
    """Trajectories (Morris) or rows (Sobol) with a run that failed or gave no value."""
    sweeps: tuple[Sweep, ...]
    narrowed: tuple[str, ...] = ()
    """Paths whose ranges were narrowed, since the engine cannot run all of them to their ends."""


def sensitivity(
    scenario: str | Path,
    *,
    metric: str = "wrongful_listing_share",
    arm: str | None = None,
    paths: Sequence[str] | Mapping[str, tuple[float, float] | Literal["declared"]] | None = None,
    method: Method = "morris",
    number: int | None = None,
    out: str | os.PathLike[str] | None = None,
    people: int | None = None,
    years: int | None = None,
    set: Mapping[str, float | str] | None = None,  # noqa: A002 - the word of the command line
    progress: Callable[[int, int], None] | None = None,
    **crew: Unpack[ByWhom],
) -> Sensitivity:
    """Rank assumptions by what they do to a metric of an arm (the first policy arm without one).

    ``paths`` are assumptions or patterns of them, or a mapping from these to ranges; a pattern
    moves everything that it matches together. Without them, see ``ROOMS_OF``. ``number`` is how
    many trajectories (10) or rows (64) a round has: a round takes number x (paths + 1) runs for
    Morris and number x (paths + 2) for Sobol. ``out`` is a folder for the sweep of each round.
    ``executor``, ``workers``, ``cluster`` and ``device`` say who runs it, as for ``sweep``. Raises
    BadInput for what cannot be varied, and what ``sweep`` raises.
    """
    rounds = rounds_for(
        scenario, metric=metric, arm=arm, paths=paths, method=method, number=number,
        sets=sets_of(people, years, set),
    )  # fmt: skip
    with Crew(**crew) as hands:
        return run_rounds(rounds, out, hands, progress)


def run_rounds(
    rounds: Rounds,
    out: str | os.PathLike[str] | None,
    crew: Crew,
    progress: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Run rounds that have been checked, or what is missing of them below ``out``, and rank."""
    sweeps: list[Sweep] = []
    for place, asked in enumerate(rounds.asked, start=1):
        folder = None if out is None else Path(out) / f"round-{place}"
        before = sum(one.design.size for one in sweeps)
        told = None if progress is None else _counted_on(progress, before, rounds.size)
        sweeps.append(run_asked(asked, folder, crew, told))
    found = ranked(sweeps, rounds.metric, rounds.arm, rounds.method, rounds.moved)
    return found._replace(narrowed=rounds.narrowed)


def missing(out: str | os.PathLike[str], rounds: Rounds) -> int:
    """Give how many runs are still to be made below a folder, which may not be there yet."""
    return sum(
        missing_of(Path(out) / f"round-{place}", asked)
        for place, asked in enumerate(rounds.asked, start=1)
    )


def _counted_on(
    progress: Callable[[int, int], None], before: int, size: int
) -> Callable[[int, int], None]:
    """Give what tells the members done of all rounds."""
    return lambda done, _: progress(before + done, size)


class Rounds(NamedTuple):
    """The sweep of each round, checked and not begun, and what they move."""

    asked: tuple[Asked, ...]
    metric: str
    arm: str
    method: Method
    moved: dict[str, int]
    """How many assumptions each path moves."""
    narrowed: tuple[str, ...]
    """Paths that do not go to the ends of their declared ranges."""

    @property
    def designs(self) -> tuple[Design, ...]:
        """The design of each round."""
        return tuple(one.said.design for one in self.asked)

    @property
    def size(self) -> int:
        """How many runs all rounds have."""
        return sum(one.size for one in self.designs)


def rounds_for(
    scenario: str | Path,
    *,
    metric: str,
    arm: str | None = None,
    paths: Sequence[str] | Mapping[str, tuple[float, float] | Literal["declared"]] | None = None,
    method: Method = "morris",
    number: int | None = None,
    sets: Mapping[str, str] | None = None,
) -> Rounds:
    """Give the sweep of each round, or raise BadInput with all that is wrong."""
    from glasshouse.experiment.design_file import read_design, settled
    from glasshouse.report.measured import asked_for

    (asked,) = asked_for([metric])
    sets = sets or {}
    experiment = Library().resolve(scenario, sets)
    policies = [one.name for one in experiment.arms if not one.is_baseline]
    if arm is not None and arm not in policies:
        raise BadInput([Problem("arm", 0, 0, "", f"no arm `{arm[:60]}`", nearest(arm, policies))])
    narrowed: tuple[str, ...] = ()
    if paths is None:
        paths = that_can_be_run(experiment, screened(experiment, asked.family))
        narrowed = tuple(path for path, range_ in paths.items() if range_ != "declared")
    said = dict(paths) if isinstance(paths, Mapping) else dict.fromkeys(paths, "declared")
    key = "trajectories" if method == "morris" else "points"
    many = (TRAJECTORIES if method == "morris" else ROWS) if number is None else number
    rounds = []
    for place in range(1, ROUNDS + 1):
        text = {
            "design": "sensitivity", "scenario": str(scenario), "paths": said, key: many,
            "kind": "morris" if method == "morris" else "saltelli", "draw": place, "seeds": [place],
        }  # fmt: skip
        design = settled(read_design(text), experiment)
        rounds.append(asked_of(experiment, design, sets, experiment.files, metrics=[asked.name]))
    free = Free(experiment, drawn=True)
    moved = {path: len(free.moved_by(path)) for path in said}
    return Rounds(tuple(rounds), asked.name, arm or policies[0], method, moved, narrowed)


def ranked(
    sweeps: Sequence[Sweep], metric: str, arm: str, method: Method, moved: Mapping[str, int]
) -> Sensitivity:
    """Rank the paths of some rounds of a design by what the metric of an arm makes of them."""
    paths = sweeps[0].design.paths
    rounds = [_round(one, one.by_point(metric, arm), method) for one in sweeps]
    sizes = np.array([each.size for each in rounds])
    ranks = [_ranks(each) for each in sizes]
    together = _together(sweeps, metric, arm, method)
    order = sorted(range(len(paths)), key=lambda n: (-np.nan_to_num(together.size[n]), n))
    effects = tuple(
        Effect(
            paths[n], moved.get(paths[n], 1), float(together.size[n]), float(together.low[n]),
            float(together.high[n]), float(together.direction[n]), float(together.spread[n]),
            tuple(float(each[n]) for each in sizes), tuple(int(each[n]) for each in ranks),
        )
        for n in order
    )  # fmt: skip
    top = min(TOP, len(paths))
    return Sensitivity(
        metric, arm, method, effects, rank_agreement(sizes[0], sizes[-1]),
        shared_at_the_top(sizes[0], sizes[-1], top), top, sum(one.design.size for one in sweeps),
        sum(each.left_out for each in rounds), tuple(sweeps),
    )  # fmt: skip


class _Round(NamedTuple):
    """What one round, or all of them together, say of each path."""

    size: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    direction: NDArray[np.float64]
    spread: NDArray[np.float64]
    left_out: int


def _ranks(sizes: NDArray[np.float64]) -> NDArray[np.int64]:
    order = np.argsort(-np.nan_to_num(sizes), kind="stable")
    ranks = np.empty(len(sizes), np.int64)
    ranks[order] = np.arange(1, len(sizes) + 1)
    return ranks


def unit_points(design: Design) -> NDArray[np.float64]:
    """Give the points of a drawn design as positions within the ranges, from 0 to 1."""
    low, high = np.array(design.ranges, float).T
    return np.asarray((np.array(design.points, float) - low) / (high - low))


def _round(done: Sweep, results: NDArray[np.float64], method: Method) -> _Round:
    design = done.design
    if method == "morris":
        return _of_morris(unit_points(design), results)
    return _of_sobol(results, len(design.paths))


def _of_morris(points: NDArray[np.float64], results: NDArray[np.float64]) -> _Round:
    found = morris_effects(points, results)
    asked = len(points) // (points.shape[1] + 1)
    return _Round(
        found.mu_star, found.low, found.high, found.mu, found.sigma, asked - found.trajectories
    )


def _of_sobol(results: NDArray[np.float64], paths: int) -> _Round:
    found = sobol_indices(results, paths)
    return _Round(
        found.total, found.total_low, found.total_high, found.first, found.total - found.first,
        len(results) // (paths + 2) - found.rows,
    )  # fmt: skip


def _together(sweeps: Sequence[Sweep], metric: str, arm: str, method: Method) -> _Round:
    """Take the rounds together: all trajectories, or the rows of all rounds behind one another."""
    results = [one.by_point(metric, arm) for one in sweeps]
    if method == "morris":
        points = np.concatenate([unit_points(one.design) for one in sweeps])
        return _of_morris(points, np.concatenate(results))
    paths = len(sweeps[0].design.paths)
    blocks = np.concatenate([each.reshape(paths + 2, -1) for each in results], axis=1)
    return _of_sobol(blocks.reshape(-1), paths)
