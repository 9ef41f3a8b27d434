"""Fitting: runs asked for, their distance to the figures, and what comes of the best of them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from glasshouse.errors import BadUsage, ForeignRun
from glasshouse.experiment.calibration import approximate
from glasshouse.experiment.calibration.member import SEED_STRIDE, Task, run_member
from glasshouse.experiment.calibration.place import MEMBERS, RESULT, keep_json
from glasshouse.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from glasshouse.experiment.calibration.approximate import Points, Population
    from glasshouse.experiment.calibration.document import Calibration, Target
    from glasshouse.experiment.calibration.place import Place
    from glasshouse.experiment.crew import Crew
    from glasshouse.experiment.workers import Ended
    from glasshouse.law.experiment import Experiment

Method = Literal["abc", "optuna"]

POPULATION = 24
"""Parameter sets of a population."""

SHARES = (0.05, 0.5, 0.95)
"""The quantiles that a result gives of parameters, fits and predictions."""


def at_once(method: Method) -> int:
    """Give how many runs are known at a time: a population, or the next that a search asks for."""
    return POPULATION if method == "abc" else 1


class Narrowed(NamedTuple):
    """A free parameter, before the figures and after."""

    path: str
    packaged: float
    prior: tuple[float, float]
    low: float
    middle: float
    high: float
    told: float
    """By how much the figures narrowed the prior's middle nine tenths, 0 to 1."""


class Held(NamedTuple):
    """A published number beside what the fitted runs say."""

    target: Target
    low: float
    middle: float
    high: float

    @property
    def factor(self) -> float:
        """What the middle of the runs is of the published number."""
        return self.middle / self.target.value

    @property
    def is_inside(self) -> bool:
        """Whether the published number lies in the runs' interval; a lower bound, not above it."""
        low = -np.inf if self.target.is_bound else self.low
        return bool(low <= self.target.value <= self.high)


class Fit(NamedTuple):
    """What a calibration found."""

    method: Method
    asked: int
    """How many runs were made."""
    kept: int
    """How many of them make up the result."""
    misfit: float
    """The largest root mean square of log(run / published) among the runs kept."""
    parameters: tuple[Narrowed, ...]
    rows: tuple[Held, ...]
    failed: tuple[tuple[int, str], ...]
    """Runs that could not be made, by number, and why."""

    @property
    def predicted(self) -> tuple[Held, ...]:
        """The figures that were dated after the cut."""
        return tuple(row for row in self.rows if not row.target.is_fitted)


def misfit_of(values: Sequence[float], targets: Sequence[Target], least: float) -> float:
    """Give the root mean square of log(run / published) over the fitted targets.

    ``least`` is added to both: half of what one row of the run stands for, so that nothing seen
    is not infinitely far. A bound counts where the run is below it.
    """
    logs = []
    for value, target in zip(values, targets, strict=True):
        if target.is_fitted:
            apart = float(np.log((value + least) / (target.value + least)))
            logs.append(min(apart, 0.0) if target.is_bound else apart)
    return float(np.sqrt(np.mean(np.square(logs))))


class Fitting:
    """The work on one calibration; every finished run is kept where a directory is given."""

    def __init__(
        self,
        calibration: Calibration,
        experiment: Experiment,
        place: Place,
        crew: Crew,
        progress: Callable[[int, int], None],
    ) -> None:
        """Take a settled calibration, its scenario, where it is kept and who runs it."""
        self.calibration, self.experiment, self.place = calibration, experiment, place
        self.crew, self.progress = crew, progress
        self.values: dict[int, list[float]] = {}
        self.failed: dict[int, str] = {}
        self.points: dict[int, NDArray[np.float64]] = {}
        self.asked = asked_of(calibration, experiment)
        self.least = 0.5 * experiment.society.persons / experiment.scenario.people

    def fit(self, method: Method, budget: int) -> Fit:
        """Make up to ``budget`` runs, and give what the kept ones say."""
        if budget < 2:
            raise BadUsage(f"{budget} runs fit nothing; ask for at least 2")
        self.budget = budget
        numbers, weights = self._by_abc() if method == "abc" else self._by_optuna()
        return self._told(method, numbers, weights)

    def _by_abc(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        last: Population | None = None
        size = min(POPULATION, self.budget)
        for population in approximate.populations(
            self.distances, len(self.calibration.free), size=size, budget=self.budget,
            seed=self.calibration.file.seed,
        ):  # fmt: skip
            last = population
        if last is None:
            raise self._nothing()
        return last.numbers, last.weights

    def _by_optuna(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        try:
            import optuna
        except ImportError as error:
            raise BadUsage(
                "this needs optuna, which is not installed; the extra"
                " `glasshouse[calibration]` brings it"
            ) from error
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        names = [free.path for free in self.calibration.free]
        sampler = optuna.samplers.TPESampler(seed=self.calibration.file.seed % 2**32)
        study = optuna.create_study(sampler=sampler)
        found: list[float] = []
        for number in range(self.budget):
            trial = study.ask()
            point = np.array([[trial.suggest_float(name, 0.0, 1.0) for name in names]])
            apart = float(self.distances(point, number)[0])
            found.append(apart)
            if np.isfinite(apart):
                study.tell(trial, apart)
            else:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
        order = np.argsort(found, kind="stable")
        best = order[np.isfinite(np.array(found)[order])][: max(2, self.budget // 10)]
        if not len(best):
            raise self._nothing()
        return best.astype(np.int64), np.full(len(best), 1 / len(best))

    def distances(self, points: Points, first: int) -> NDArray[np.float64]:
        """Run some parameter sets, the first of them numbered ``first``, and give their misfits."""
        tasks = []
        for number, point in enumerate(points, first):
            self.points[number] = point
            self.values.update(self._kept(number))
            if number not in self.values:
                tasks.append(self._task(number))
        self._tell()
        self.crew.run(self.experiment, run_member, tasks, self._heed)
        return np.array([self._misfit(first + offset) for offset in range(len(points))])

    def _heed(self, ended: Ended) -> None:
        """Take what a run gave, and keep it; one failing run does not end the others."""
        if ended.failure:
            self.failed[ended.number] = ended.failure
        else:
            self.values[ended.number] = ended.result
            self._keep(ended.number)
        self._tell()

    def _tell(self) -> None:
        self.progress(len(self.values) + len(self.failed), self.budget)

    def _misfit(self, number: int) -> float:
        if number not in self.values:
            return float("inf")
        return misfit_of(self.values[number], self.calibration.targets, self.least)

    def _task(self, number: int) -> Task:
        free = self.calibration.free
        point = self.points[number]
        sets = dict(self.calibration.sets)
        sets["seed"] = str(self.calibration.file.seed + SEED_STRIDE * number)
        sets |= {one.path: repr(one.at(float(x))) for one, x in zip(free, point, strict=True)}
        said = self.calibration
        return Task(
            number, str(self.place.data), self.experiment.scenario.scenario, said.file.arm, sets,
            said.targets, self.crew.device,
        )  # fmt: skip

    def _kept(self, number: int) -> dict[int, list[float]]:
        path = self._file(number)
        if path is None or not path.is_file():
            return {}
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            return {}  # cut short or overwritten: run again
        mine = {"asked": self.asked, "point": self.points[number].tolist()}
        if {key: said.get(key) for key in mine} != mine:
            raise ForeignRun(
                f"{path} is of other people, seeds or data, or of another version; begin in a new"
                " place with --out"
            )
        return {number: said["values"]}

    def _keep(self, number: int) -> None:
        path = self._file(number)
        if path is not None:
            point = self.points[number].tolist()
            values = self.values[number]
            keep_json(path, {"asked": self.asked, "point": point, "values": values})

    def _file(self, number: int) -> Path | None:
        return None if self.out is None else self.out / MEMBERS / f"{number:06}.json"

    @property
    def out(self) -> Path | None:
        """The directory of the user, if there is one."""
        return self.place.out

    def _nothing(self) -> BadUsage:
        reason = next(iter(self.failed.values()), "no run was made")
        return BadUsage(f"no run could be made; the first said: {reason}")

    def _told(
        self, method: Method, numbers: NDArray[np.int64], weights: NDArray[np.float64]
    ) -> Fit:
        points = np.array([self.points[int(number)] for number in numbers])
        values = np.array([self.values[int(number)] for number in numbers])
        parameters = []
        for place, free in enumerate(self.calibration.free):
            low, middle, high = approximate.quantiles(points[:, place], weights, SHARES)
            told = 1 - (high - low) / (SHARES[2] - SHARES[0])
            parameters.append(
                Narrowed(
                    free.path, free.packaged, (free.low, free.high),
                    free.at(low), free.at(middle), free.at(high), max(told, 0.0),
                )
            )  # fmt: skip
        rows = [
            Held(target, *approximate.quantiles(values[:, place], weights, SHARES))
            for place, target in enumerate(self.calibration.targets)
        ]
        worst = max(self._misfit(int(number)) for number in numbers)
        failed = tuple(sorted(self.failed.items()))
        fit = Fit(
            method, len(self.points), len(numbers), worst, tuple(parameters), tuple(rows), failed
        )
        if self.out is not None:
            keep_json(self.out / RESULT, plain(fit, self.calibration))
        return fit


def asked_of(calibration: Calibration, experiment: Experiment) -> str:
    """Give a digest of all that a run depends on besides its parameter set.

    That is the version, the arm, the size and seed asked for, and every file of data.
    """
    said = [__version__, calibration.file.arm, sorted(calibration.sets.items())]
    digest = hashlib.sha256(json.dumps(said).encode())
    for name, content in sorted(experiment.files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def plain(fit: Fit, calibration: Calibration) -> dict[str, Any]:
    """Give a fit as plain values, for JSON."""
    return {
        "calibration": calibration.file.calibration,
        "version": __version__,
        "scenario": calibration.file.scenario,
        "arm": calibration.file.arm,
        "cut": str(calibration.file.cut),
        "people": calibration.file.people,
        "seed": calibration.file.seed,
        "method": fit.method,
        "asked": fit.asked,
        "kept": fit.kept,
        "misfit": fit.misfit,
        "parameters": [one._asdict() for one in fit.parameters],
        "figures": [
            {
                **row.target._asdict(),
                "on": str(row.target.on),
                "since": row.target.since and str(row.target.since),
                "low": row.low, "middle": row.middle, "high": row.high, "factor": row.factor,
                "is_inside": row.is_inside,
            }
            for row in fit.rows
        ],
        "outside": list(calibration.outside),
        "failed": [{"number": number, "message": said} for number, said in fit.failed],
    }  # fmt: skip
