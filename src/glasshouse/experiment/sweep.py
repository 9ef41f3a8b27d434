"""A sweep: every member of a design run by an executor, its results kept as they come.

A member is a point in a society under a seed. What comes of it is written at once to a file of its
own; when all have been tried, one table is made of the files in the order of the design. A sweep
that was stopped, or killed, goes on with the members that are missing, and its table is the same to
the byte.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

import numpy as np

from glasshouse.archive.database import connect, parquet, quoted
from glasshouse.archive.store import DATA
from glasshouse.archive.table import Table
from glasshouse.errors import (
    BadInput,
    BadUsage,
    FinishedInPart,
    Interrupted,
    Problem,
    Unfinished,
)
from glasshouse.experiment.crew import Crew
from glasshouse.experiment.design import SAMPLED, Design, numbered
from glasshouse.experiment.design_file import Stated, checked, read_design, settled
from glasshouse.experiment.free import Free, is_switch
from glasshouse.experiment.member import Outcome, Task, run_member
from glasshouse.experiment.results import write_results
from glasshouse.experiment.sweep_directory import RESULTS, RUNS, SweepDirectory, SweepSaid
from glasshouse.law.library import Library
from glasshouse.law.resolve import SET_LABEL
from glasshouse.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from glasshouse.experiment.crew import ByWhom
    from glasshouse.experiment.design import Member
    from glasshouse.experiment.workers import Ended
    from glasshouse.law.experiment import Experiment


class Failure(NamedTuple):
    """A member that could not be run, and why."""

    number: int
    point: int
    society: int | None
    seed: int
    message: str


class Name(NamedTuple):
    """What a number is of."""

    arm: str
    metric: str
    part: str = ""
    group: str = ""


class Sweep:
    """A sweep directory whose members have all been tried: its results as tables."""

    def __init__(self, path: str | os.PathLike[str], *, owner: object = None) -> None:
        """Open a directory that a sweep has written; foreign, damaged, unfinished ones are refused.

        ``owner`` is what has to live as long as the sweep: a temporary directory.
        """
        self.path = Path(path)
        self._owner = owner
        self._directory = SweepDirectory.read(self.path)
        if not (self.path / RESULTS).is_file():
            left = len(self._directory.missing())
            raise Unfinished(
                f"{self.path} is not finished ({left} of {self.design.size} members are missing);"
                f" `glasshouse resume {self.path}` goes on"
            )

    def __repr__(self) -> str:
        said = self._directory.said
        return f"<sweep of {said.scenario}: {said.kind}, {self.design.size} members>"

    @property
    def design(self) -> Design:
        """What was swept."""
        return self._directory.said.design

    @property
    def scenario(self) -> str:
        """The scenario by its name."""
        return self._directory.said.scenario

    def results(self) -> Table:
        """One row a member, arm, metric, part and group of people, in the order of the design.

        Columns: member, point, society (NULL where it goes with the seed), seed, arm, metric, part,
        group, value, low, high, error, groups, unit, status, why, digest of the run, then one
        column a path of the design. What is not known is NULL.
        """
        files = parquet([self.path / RESULTS])
        return Table(connect().sql(f"SELECT * FROM {files}"), self)  # noqa: S608 - paths are quoted

    def failures(self) -> tuple[Failure, ...]:
        """The members that failed, in order; the others are complete."""
        members = {member.number: member for member in self.design.members()}
        return tuple(
            Failure(o.number, *members[o.number][1:4], o.failure)
            for o in self._directory.outcomes()
            if o.failure
        )

    def values(self, metric: str, arm: str, part: str = "", group: str = "") -> NDArray[np.float64]:
        """Give a metric of an arm as an array [point, society, seed]; nan where it is not known."""
        design = self.design
        shape = (len(design.points), len(design.societies), len(design.seeds))
        found = np.full(shape, np.nan)
        where = 'arm = ? AND metric = ? AND part = ? AND "group" = ? AND value IS NOT NULL'
        query = f"SELECT member, value FROM {parquet([self.path / RESULTS])} WHERE {where}"  # noqa: S608
        with connect(threads=1) as connection:
            for member, value in connection.execute(query, [arm, metric, part, group]).fetchall():
                found.reshape(-1)[member] = value
        return found

    def of(self, name: Name) -> NDArray[np.float64]:
        """Give the values of a number by its name, as an array [point, society, seed]."""
        return self.values(name.metric, name.arm, name.part, name.group)

    def whys(self) -> dict[Name, str]:
        """Why a number is not known, for those that some member does not know: the first reason."""
        rows = f"read_parquet({quoted(str(self.path / RESULTS))})"
        query = (
            f'SELECT arm, metric, part, "group", min_by(why, member) FROM {rows}'  # noqa: S608
            " WHERE value IS NULL GROUP BY ALL"
        )
        with connect(threads=1) as connection:
            return {Name(*row[:4]): row[4] for row in connection.execute(query).fetchall()}

    def by_point(
        self, metric: str, arm: str, part: str = "", group: str = ""
    ) -> NDArray[np.float64]:
        """Give a metric of an arm by point, its mean over societies and seeds; nan if one lacks.

        This is the vector that an analyser from elsewhere takes beside ``design.points``.
        """
        return np.asarray(self.values(metric, arm, part, group).mean(axis=(1, 2)))

    def named(self) -> tuple[Name, ...]:
        """Every arm, metric, part and group that some member gave, in the order of the first."""
        rows = f"read_parquet({quoted(str(self.path / RESULTS))}, file_row_number = true)"
        order = "GROUP BY ALL ORDER BY min(file_row_number)"
        query = f'SELECT arm, metric, part, "group" FROM {rows} {order}'  # noqa: S608 - paths are quoted
        with connect(threads=1) as connection:
            return tuple(Name(*row) for row in connection.execute(query).fetchall())


def sweep(
    scenario: str | Path | None,
    design: Design | Mapping[str, Any] | str | Path,
    out: str | os.PathLike[str] | None = None,
    *,
    metrics: Sequence[str] | None = None,
    by: Sequence[str] = (),
    seeds: int | Sequence[int] | None = None,
    people: int | None = None,
    years: int | None = None,
    set: Mapping[str, float | str] | None = None,  # noqa: A002 - the word of the command line
    keep_runs: bool = False,
    progress: Callable[[int, int], None] | None = None,
    **crew: Unpack[ByWhom],
) -> Sweep:
    """Run every member of a design, or those that are missing in the directory ``out``.

    ``scenario`` is a name or a path, and ``design`` a ``Design``, a design file or the same as a
    mapping; a design file names its scenario, which None leaves as it is. ``metrics`` are names of
    metrics, all without; ``by`` splits them by groups of people as well. ``seeds``, a number
    or a list of them, stand in place of the design's. Without ``out`` the results are kept for as
    long as the ``Sweep`` is. Processes of one thread each run the members; ``workers`` says how
    many, ``executor`` or ``cluster`` who instead, and ``device`` on what (see ``ByWhom``).

    Raises BadInput with all that is wrong with the design, and Interrupted when somebody stops it;
    a member that fails ends nothing and stands in ``failures()``.
    """
    sets = sets_of(people, years, set)
    asked = asked_for(
        scenario, design, metrics=metrics, by=by, seeds=seeds, sets=sets, keep_runs=keep_runs
    )
    with Crew(**crew) as hands:
        return run_asked(asked, out, hands, progress)


def sets_of(
    people: int | None,
    years: int | None,
    others: Mapping[str, float | str] | None,
) -> dict[str, str]:
    """Give everything that replaces a value of the scenario, as ``--set`` takes it."""
    given = {"people": people, "years": years}
    sets = {path: str(value) for path, value in (others or {}).items()}
    return sets | {name: str(value) for name, value in given.items() if value is not None}


def run_asked(
    asked: Asked,
    out: str | os.PathLike[str] | None,
    crew: Crew,
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Run a sweep that has been checked, or what is missing of it in the directory ``out``."""
    _refuse_to_keep(asked.said, crew)
    owner = None
    if out is None:
        owner = tempfile.TemporaryDirectory(prefix="glasshouse-")
        out = Path(owner.name) / "sweep"
    with SweepDirectory.taken(Path(out), asked.said, asked.files) as folder:
        folder.is_lasting = owner is None
        _finish(folder, asked.experiment, crew, progress)
    return Sweep(out, owner=owner)


def resumed(
    out: str | os.PathLike[str],
    *,
    progress: Callable[[int, int], None] | None = None,
    **crew: Unpack[ByWhom],
) -> Sweep:
    """Go on with a sweep that was stopped, as it was begun; failed members are tried again."""
    with SweepDirectory.reopened(Path(out)) as folder, Crew(**crew) as hands:
        said = folder.said
        _refuse_to_keep(said, hands)
        experiment = Library(folder.path / DATA).resolve(said.scenario, said.sets)
        _finish(folder, experiment, hands, progress)
    return Sweep(out)


def _refuse_to_keep(said: SweepSaid, crew: Crew) -> None:
    """Refuse to keep run directories on machines that may not see ours."""
    if said.keep_runs and crew.cluster is not None:
        raise BadUsage(
            "the run directories of members are kept where they run, and the workers of a cluster"
            " may not see this machine's folders; leave out --keep-runs, or --cluster"
        )


class Asked(NamedTuple):
    """A sweep that has been checked and not begun."""

    said: SweepSaid
    files: Mapping[str, bytes]
    experiment: Experiment
    """The scenario as it stands before any point changes it."""


def asked_for(
    scenario: str | Path | None,
    design: Design | Mapping[str, Any] | str | Path,
    *,
    metrics: Sequence[str] | None = None,
    by: Sequence[str] = (),
    seeds: int | Sequence[int] | None = None,
    sets: Mapping[str, str] | None = None,
    keep_runs: bool = False,
) -> Asked:
    """Check a sweep without beginning it, or raise BadInput with all that is wrong."""
    from glasshouse.report.measured import asked_for as metrics_asked_for

    stated = None
    if not isinstance(design, Design):
        stated = read_design(design, scenario=scenario, seeds=seeds)
    elif seeds is not None:
        design = design._replace(seeds=numbered(seeds))
    sets = {**(stated.sets if stated else {}), **(sets or {})}
    for name in ("seed", "society_seed"):
        if name in sets:
            where = "seeds" if name == "seed" else "societies"
            what = f"`{name}` is set, and a sweep has {where}"
            raise BadInput([Problem("design", 0, 0, "set", what, f"{where}: [{sets[name]}]")])
    wanted = scenario if scenario is not None else (stated.scenario if stated else None)
    if wanted is None:
        raise BadInput([Problem("design", 0, 0, "", "no scenario is named", "scenario: as-told")])
    try:
        experiment = Library().resolve(wanted, sets)
    except BadInput as error:
        raise BadInput([_in_its_file(one, stated) for one in error.problems]) from error
    made = settled(stated, experiment) if stated else checked(design, experiment)  # type: ignore[arg-type]
    chosen = tuple(metrics or (stated.said.metrics if stated else ()))
    known = metrics_asked_for(chosen or None, by=by)
    files = dict(experiment.files)
    _settle_switches(made, str(wanted), sets, files, stated)
    return asked_of(
        experiment, made, sets, files, metrics=[one.name for one in known] if chosen else (),
        by=by, keep_runs=keep_runs,
    )  # fmt: skip


def asked_of(
    experiment: Experiment,
    design: Design,
    sets: Mapping[str, str],
    files: Mapping[str, bytes],
    *,
    metrics: Sequence[str],
    by: Sequence[str] = (),
    keep_runs: bool = False,
) -> Asked:
    """Put a sweep together of what has been checked: a design of an experiment with these sets."""
    said = SweepSaid(
        glasshouse_version=__version__,
        scenario=experiment.scenario.scenario,
        sets=dict(sets),
        metrics=tuple(metrics),
        by=tuple(by),
        kind=design.kind,
        paths=design.paths,
        points=design.points,
        seeds=design.seeds,
        societies=design.societies,
        ranges=design.ranges,
        draw=design.draw,
        data={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        keep_runs=keep_runs,
    )
    return Asked(said, files, experiment)


def _in_its_file(problem: Problem, stated: Stated | None) -> Problem:
    """Tell a problem of a value at its place in the design file, if it stands there."""
    if stated is not None and problem.file == SET_LABEL and problem.where in stated.said.set:
        at = ("set", problem.where)
        return stated.document.problem(at, problem.what, problem.right)
    return problem


def _settle_switches(
    design: Design,
    scenario: str,
    sets: dict[str, str],
    files: dict[str, bytes],
    stated: Stated | None,
) -> None:
    """Settle the scenario once for every combination of switches: they bring files and flaws."""
    columns = [n for n, path in enumerate(design.paths) if is_switch(path)]
    combinations = {tuple(point[n] for n in columns) for point in design.points} if columns else ()
    problems: list[Problem] = []
    for values in sorted(combinations, key=str):
        switched = {design.paths[n]: str(v) for n, v in zip(columns, values, strict=True)}
        try:
            files |= Library().resolve(scenario, sets | switched).files
        except BadInput as error:
            label = stated.document.file if stated else "design"
            problems += [replace(one, file=label) for one in error.problems]
    if problems:
        raise BadInput(problems)


def missing(out: str | os.PathLike[str], asked: Asked) -> int:
    """Give how many members are still to be run in a directory, which may not be there yet."""
    if not os.path.lexists(out):
        return asked.said.design.size
    folder = SweepDirectory.read(Path(out))
    folder.refuse_another(asked.said)
    return len(folder.missing())


def tasks_of(folder: SweepDirectory, experiment: Experiment, device: str) -> Iterator[Task]:
    """Give the tasks of the members that are missing, in order."""
    said = folder.said
    missing = frozenset(folder.missing())
    free = Free(experiment, drawn=said.kind in SAMPLED)
    data = str((folder.path / DATA).resolve())
    runs = (folder.path / RUNS).resolve()
    for member in said.design.members():
        if member.number in missing:
            sets = member_sets(said, free, member)
            keep = str(runs / f"{member.number:06}") if said.keep_runs else ""
            yield Task(
                member.number, data, said.scenario, sets, said.metrics, said.by, device, keep
            )  # fmt: skip


def member_sets(said: SweepSaid, free: Free, member: Member) -> dict[str, str]:
    """Give everything that a member sets, as ``--set`` takes it."""
    sets = dict(said.sets) | {"seed": str(member.seed)}
    if member.society is not None:
        sets["society_seed"] = str(member.society)
    for path, value in zip(said.paths, member.values, strict=True):
        sets |= free.sets(path, value)
    return sets


def _finish(
    folder: SweepDirectory,
    experiment: Experiment,
    crew: Crew,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Run what is missing, then make the table of all."""
    tasks = {task.number: task for task in tasks_of(folder, experiment, crew.device)}
    size = folder.said.design.size
    done = size - len(tasks)
    told = progress or (lambda _done, _of: None)
    told(done, size)

    def take(ended: Ended) -> None:
        nonlocal done
        outcome = ended.result or Outcome(ended.number, failure=ended.failure)
        folder.keep(outcome, tasks[ended.number].sets)
        done += 1
        told(done, size)

    if tasks:
        (folder.path / RESULTS).unlink(missing_ok=True)
    again = f"`glasshouse resume {shlex.quote(str(folder.path))}` goes on"
    try:
        crew.run(experiment, run_member, list(tasks.values()), take)
    except (Interrupted, KeyboardInterrupt):
        raise Interrupted(f"stopped; {done} of {size} members are kept; {again}") from None
    except FinishedInPart as error:
        raise FinishedInPart(f"{error}: {done} of {size} members; {again}") from error
    if not (folder.path / RESULTS).is_file():
        write_results(folder)
