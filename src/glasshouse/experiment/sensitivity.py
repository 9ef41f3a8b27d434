"""Which assumptions an answer hangs on: screening by Morris' method, shares of variance by Sobol'.

Everything is done twice, with another draw of the points and another seed of the runs, and the two
rankings are compared: a ranking that does not come out again is no answer. An effect is that of
moving an assumption across its whole declared range (or the range given), so it also says how
little is known of it. Only assumptions are moved, and never the coverage of a channel.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Unpack

import numpy as np

from glasshouse.engine.drivers import PythonDriver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.errors import BadInput, Problem, nearest
from glasshouse.experiment.crew import Crew
from glasshouse.experiment.free import ARMS, Free, is_group
from glasshouse.experiment.indices import (
    morris_effects,
    rank_agreement,
    shared_at_the_top,
    sobol_indices,
)
from glasshouse.experiment.sweep import asked_of, run_asked, sets_of
from glasshouse.experiment.sweep import missing as missing_of
from glasshouse.law.library import Library
from glasshouse.law.read_assumptions import with_values

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from glasshouse.experiment.crew import ByWhom
    from glasshouse.experiment.design import Design
    from glasshouse.experiment.sweep import Asked, Sweep
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.quantity import Quantity

Method = Literal["morris", "sobol"]

TINY = {"people": 64, "community_size": 64, "years": 1}
"""The size of the run that finds what is read."""

SHARES_OF_A_RANGE = (1.0, 0.6, 0.35, 0.2, 0.1, 0.05)
"""How much of the way to an end of its range a group goes, tried one after the other."""

ROUNDS = 2
"""How often everything is done; each round has its own draw of points and its own seed."""

TOP = 5
"""How many assumptions at the top are compared between rounds."""

TRAJECTORIES = 10
ROWS = 64

_TO_A_LIST = ("acts", "detection", "records", "process", "response")
ROOMS_OF: dict[str, tuple[str, ...]] = {
    "accuracy": _TO_A_LIST,
    "behaviour": _TO_A_LIST,
    "unrelated context": (*_TO_A_LIST, "counters", "culpability"),
}
"""Where the assumptions come from that are screened for a family of metrics if nobody says which.

What stands between an act and a list moves who is listed; what a counter costs, or how grave an
act is, moves what is made of it. A choice, and a pattern of one's own replaces it.
"""
_ROOMS_OF_OTHERS = (*_TO_A_LIST, "counters")
_WHERE_SWITCHED = ("places", "threats")
"""Rooms that take part where the scenario turns something of them on, or joins files."""


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
    return ranked(sweeps, rounds.metric, rounds.arm, rounds.method, rounds.moved)


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
    if paths is None:
        paths = that_can_be_run(experiment, screened(experiment, asked.family))
    said = dict(paths) if isinstance(paths, dict) else dict.fromkeys(paths, "declared")
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
    return Rounds(tuple(rounds), asked.name, arm or policies[0], method, moved)


def screened(
    experiment: Experiment, family: str, read: frozenset[str] | None = None
) -> dict[str, Literal["declared"]]:
    """Give the assumptions to screen for a family of metrics, those of many alike in groups.

    An assumption takes part if the run reads it, its range has a width, and it is on: one whose
    value is 0 stays off. Those of a type (of every act, channel, department, counter) move together
    under a pattern, the others one by one. ``read`` are the paths that the run reads, where that
    is known already.
    """
    free = Free(experiment, drawn=True)
    rooms = list(ROOMS_OF.get(family, _ROOMS_OF_OTHERS))
    packaged = all(quantity.number == quantity.packaged for quantity in _of_switched(experiment))
    if not packaged or any(arm.merge for arm in experiment.arms):
        rooms += _WHERE_SWITCHED
    read = read_by(experiment) if read is None else read
    found: dict[str, Literal["declared"]] = {}
    for name, quantity in free.quantities.items():
        path = _in_its_group(name)
        low, high = quantity.range
        if name.split(".", maxsplit=1)[0] in rooms and name in read and low < high and path:
            on = [arm for arm in experiment.arms if arm.assumptions.quantities()[name].number]
            for chosen in _as_the_arms_have_it(experiment, path) if on else ():
                if free.flaw_of_path(chosen) == ("", ""):
                    found.setdefault(chosen, "declared")
    return found


def that_can_be_run(
    experiment: Experiment, paths: Mapping[str, Literal["declared"]]
) -> dict[str, tuple[float, float] | Literal["declared"]]:
    """Give the paths with the ranges of groups narrowed until both far corners can be run.

    A hundred rates that all stand at the end of their ranges may be more than the engine draws, or
    a chance smaller than it holds; such a run is refused at the door. What all paths at their low
    ends and all at their high ends allow, every point between allows.
    """
    free = Free(experiment, drawn=True)
    groups = [path for path in paths if is_group(path)]
    ends: dict[int, dict[str, float]] = {}
    for high in (0, 1):
        rest = {path: free.range(path)[high] for path in paths if path not in groups}
        shares = dict.fromkeys(groups, 1.0)
        suspects = {path for path in groups if path.startswith("acts.")}  # the door counts acts
        for share in SHARES_OF_A_RANGE:
            corner = {path: _end(high, shares[path]) for path in groups}
            if _runs(experiment, free, rest | corner):
                break
            for path in sorted(suspects):  # only what cannot go so far by itself goes less far
                if _runs(experiment, free, rest | {path: _end(high, share)}):
                    suspects.discard(path)
                else:
                    later = [other for other in SHARES_OF_A_RANGE if other < share]
                    shares[path] = later[0] if later else 0.0
        ends[high] = {path: _end(high, share) for path, share in shares.items()}
    found: dict[str, tuple[float, float] | Literal["declared"]] = {}
    for path in paths:
        group = (ends[0].get(path, 0.0), ends[1].get(path, 1.0))
        found[path] = "declared" if group == (0.0, 1.0) else group
    return {path: range_ for path, range_ in found.items() if range_ != (0.5, 0.5)}


def _end(high: int, share: float) -> float:
    """Give where a group stands that goes so far towards an end: 0.5 is what the scenario has."""
    return 0.5 + (share if high else -share) / 2


def _runs(experiment: Experiment, free: Free, point: Mapping[str, float]) -> bool:
    """Say whether a point passes the door."""
    moved = {
        name: text for path, value in point.items() for name, text in free.sets(path, value).items()
    }
    values = {name: float(text) for name, text in moved.items()}
    arms = []
    for arm in experiment.arms:
        stem = f"{ARMS}{arm.name}."
        own = {n.removeprefix(stem): v for n, v in values.items() if n.startswith(stem)}
        everywhere = {n: v for n, v in values.items() if not n.startswith(ARMS)}
        arms.append(replace(arm, assumptions=with_values(arm.assumptions, everywhere | own)))
    scenario = experiment.scenario.model_copy(update=TINY)
    try:
        simulation = Simulation(
            make_plan(replace(experiment, scenario=scenario, arms=tuple(arms))), PythonDriver()
        )
        simulation.begin()
    except BadInput:
        return False
    return True


def _of_switched(experiment: Experiment) -> Iterator[Quantity]:
    for arm in experiment.arms:
        for name, quantity in arm.assumptions.quantities().items():
            if name.startswith(tuple(f"{room}." for room in _WHERE_SWITCHED)):
                yield quantity


def _in_its_group(name: str) -> str:
    """Give the pattern of all assumptions alike, or the name of one that has none."""
    room, *rest = name.split(".")
    if len(rest) < 2:
        return name
    return f"{room}.*.{rest[1]}" + (".*" if len(rest) > 2 else "")


def _as_the_arms_have_it(experiment: Experiment, path: str) -> list[str]:
    """Give a path, or that of each arm which sets it itself."""
    own = [arm.arm for arm in experiment.scenario.arms if path in arm.set]
    return [f"{ARMS}{arm}.{path}" for arm in own] if own and not is_group(path) else [path]


def read_by(experiment: Experiment) -> frozenset[str]:
    """Give the assumptions that a small run of the same arms reads."""
    scenario = experiment.scenario.model_copy(update=TINY)
    small = replace(experiment, scenario=scenario)
    simulation = Simulation(make_plan(small), PythonDriver())
    simulation.begin()
    for _ in range(2):  # institutions read some only between steps
        simulation.advance()
    idle = [frozenset(arm.assumptions.unread()) for arm in small.arms]
    everything = small.arms[0].assumptions.quantities()
    return frozenset(path for path in everything if not all(path in one for one in idle))


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
