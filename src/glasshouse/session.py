"""A run in the hands of a user: start one, open one, ask it what it says.

The names of ``import glasshouse``; the command line is a thin skin over the same functions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from glasshouse.archive.reading import Archive
from glasshouse.archive.store import refuse_place
from glasshouse.errors import BadUsage
from glasshouse.law.library import Library

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from glasshouse.app.packing import Carry
    from glasshouse.app.playable import Playable
    from glasshouse.app.widget import View
    from glasshouse.archive.provenance import Provenance
    from glasshouse.archive.reading import Table
    from glasshouse.engine.cluster.connection import Client
    from glasshouse.engine.estimate import Estimate
    from glasshouse.engine.verify import Verdict
    from glasshouse.law.experiment import Experiment
    from glasshouse.report.life import Event, Life
    from glasshouse.report.summary import Summary

Progress = Callable[[int, int], None]
"""Called with the steps that are done and the steps in all."""

RUNS = Path("runs")
"""Where a run without a directory of its own is put."""

MORE_RUNS = 10_000


class Run:
    """A finished run: its tables, its lives, its summary, and where it comes from."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def __repr__(self) -> str:
        from glasshouse.report.words import lasting

        said = self.provenance.scenario
        arms = ", ".join(arm.arm for arm in self.provenance.arms)
        lasts = lasting(said.months_in_all)
        return f"<run of {said.scenario}: {said.people:,} people, {lasts}, arms {arms}>"

    @property
    def path(self) -> Path:
        """The run directory."""
        return self.archive.path

    @property
    def provenance(self) -> Provenance:
        """Where the run comes from: run.json, checked."""
        return self.archive.provenance

    @property
    def digest(self) -> str:
        """SHA-256 of all that came out; the same on every machine and device."""
        return str(self.provenance.digest)

    @cached_property
    def experiment(self) -> Experiment:
        """The scenario as it was run, settled again from the files in the run directory."""
        return self.archive.experiment()

    def months(self) -> Table:
        """The counts by step and arm."""
        return self.archive.months()

    def counts(self) -> Table:
        """Every count by step, arm, province and its own axes."""
        return self.archive.counts()

    def outcomes(self) -> Table:
        """One row a person and arm: days listed by cause, refusals, acts, burden."""
        return self.archive.outcomes()

    def effects(self) -> Table:
        """What the rules did to each person: each arm's outcomes less those of the baseline."""
        return self.archive.effects()

    def life(self, person: int, *, progress: Progress | None = None) -> Life:
        """One synthetic life, day by day, its arms side by side."""
        people = self.provenance.people
        if not 0 <= person < people:
            raise BadUsage(f"person {person}: a person is a number from 0 to {people - 1}")
        return life_of(self.archive, self.experiment, person, progress)

    def draw_life(
        self,
        person: int,
        path: str | os.PathLike[str],
        *,
        replace: bool = False,
        progress: Progress | None = None,
    ) -> Path:
        """Write one synthetic life as a page (``.html``) or as the picture alone (``.svg``)."""
        from glasshouse.archive.document import refuse_file, write_file
        from glasshouse.report.life_page import drawn, refuse_ending

        ending = refuse_ending(path)
        refuse_file(path, replace=replace)
        content = drawn(self.life(person, progress=progress), self.archive, self.experiment, ending)
        return write_file(path, content, replace=replace)

    def worth_following(self) -> int:
        """The address of a life to look at: somebody wrongly listed, else anybody listed, or 0."""
        return self.provenance.follow

    def metrics(
        self,
        chosen: Sequence[str] | None = None,
        *,
        by: Sequence[str] | str = (),
        arms: Sequence[str] | None = None,
        families: Sequence[str] | None = None,
    ) -> Table:
        """The metrics of the run as a table: one row a number, with its interval and its status.

        ``chosen`` are names or numbers of metrics, ``by`` splits such as ``age`` or ``means``; what
        is not known is NULL, and ``why`` says why. Intervals are over groups of communities and
        leave out how far another seed would move a number.
        """
        from glasshouse.report.measured import metric_rows
        from glasshouse.report.metric_table import table_of

        splits = (by,) if isinstance(by, str) else by
        return table_of(metric_rows(self.archive, chosen, splits, arms=arms, families=families))

    def playable(
        self,
        path: str | Path,
        *,
        communities: int | None = None,
        carry: Carry | None = None,
        replace: bool = False,
        progress: Progress | None = None,
    ) -> Playable:
        """Write the run as one HTML file that opens from the disk, and say what it holds.

        ``communities`` whole communities are shown, from the first on. ``carry`` is ``"all"`` for
        every act with its day, or ``"parting"`` for those that some arm saw or that were not done
        in every arm, by the month; without it the size of the page decides.
        """
        from glasshouse.app.playable import playable_of
        from glasshouse.archive.document import refuse_file, write_file

        refuse_file(path, replace=replace)
        made = playable_of(
            self.archive, self.experiment, communities=communities, carry=carry, progress=progress
        )
        write_file(path, made.html, replace=replace)
        return made

    def view(self, communities: int | None = None) -> View:
        """The run as a drawing in a notebook: dots, time, one life in its arms, figures, a table.

        Shown are ``communities`` whole communities from the first on, without it as many as the
        cap of the page holds; the drawing says how many of how many people it shows. Where no
        widget can live a still picture stands. It needs the extra `glasshouse[notebook]`.
        """
        try:
            from glasshouse.app.widget import view_of
        except ImportError as error:
            raise BadUsage(
                f"this needs {error.name or 'anywidget'}, which is not installed; the extra"
                " `glasshouse[notebook]` brings it"
            ) from error
        return view_of(self.archive, self.experiment, communities)

    def summary(self) -> Summary:
        """What the run says, in sentences; ``print`` it, or ask it for ``plain()`` values."""
        from glasshouse.report.summary import summary_of

        return summary_of(self.archive, self.experiment)

    def report(
        self,
        path: str | Path,
        *,
        replace: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Path:
        """Write what the run says as one HTML file that opens from disk; give its path."""
        return reported([self], path, replace=replace, progress=progress)


def run(
    scenario: str | Path,
    *,
    people: int | Literal["all"] | None = None,
    years: int | None = None,
    months: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    step: Literal["month", "week", "day"] | None = None,
    out: str | Path | None = None,
    set: Mapping[str, float | str] | None = None,  # noqa: A002 - the word of the command line
    collect: Literal["all", "counts"] | None = None,
    device: Literal["cpu", "python", "cuda"] = "cpu",
    memory: int | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    keep_at: Sequence[str | dt.date] = (),
    progress: Progress | None = None,
) -> Run:
    """Run a scenario, by name or path; what is not given is as the scenario says.

    ``people`` may be ``"all"``: everybody of the published tables. ``memory`` is the most bytes
    that the run may take, all that are free if not given; a society that does not fit stays in
    files of the run directory, and its results are the same bit for bit. ``collect`` is ``"all"``
    or ``"counts"``; without it everything is kept, and counts alone of a society in files.
    ``workers`` are Dask processes to begin on this machine, or ``cluster`` is the address of a Dask
    scheduler, ``"tcp://HOST:PORT"``, whose workers are to lead the society.

    ``out`` is the run directory, which must not exist; without it the run is kept for as long as
    the ``Run`` is. On the days of ``keep_at`` the whole state is kept there, for forks.
    """
    experiment = settled(
        scenario, people=people, years=years, months=months, seed=seed, step=step, set=set
    )
    if out is not None:
        refuse_place(Path(out))
    with at_hand(workers, cluster, memory) as client:
        return run_settled(
            experiment, out=out, threads=threads, collect=collect, device=device, memory=memory,
            keep_at=keep_at, client=client, progress=progress,
        )  # fmt: skip


def at_hand(
    workers: int | None, cluster: str | None, memory: int | None = None
) -> AbstractContextManager[Client | None]:
    """Workers to lead a society, for as long as they are needed; nothing where nobody asks."""
    from glasshouse.engine.cluster.connection import connected_if_asked

    if memory is not None and (workers is not None or cluster is not None):
        raise BadUsage("a limit of memory is for a society on this machine; workers have their own")
    return connected_if_asked(workers, cluster)


def settled(
    scenario: str | Path,
    *,
    people: int | Literal["all"] | None = None,
    years: int | None = None,
    months: int | None = None,
    seed: int | None = None,
    step: str | None = None,
    set: Mapping[str, float | str] | None = None,  # noqa: A002 - the word of the command line
) -> Experiment:
    """Settle a scenario and everything that replaces its values, or say all that is wrong."""
    given = {"people": people, "years": years, "months": months, "seed": seed, "step": step}
    sets = {path: str(value) for path, value in (set or {}).items()}
    for name, value in given.items():
        if value is None:
            continue
        if name in sets:
            raise BadUsage(f"`{name}` is given twice: as an option and with set")
        sets[name] = str(value)
    library = Library()
    if people == "all":
        del sets["people"]
        sets["people"] = str(library.resolve(scenario, sets).society.persons)
    return library.resolve(scenario, sets)


def run_settled(
    experiment: Experiment,
    *,
    out: str | Path | None = None,
    threads: int | None = None,
    collect: Literal["all", "counts"] | None = None,
    device: Literal["cpu", "python", "cuda"] = "cpu",
    memory: int | None = None,
    client: Client | None = None,
    keep_at: Sequence[str | dt.date] = (),
    progress: Progress | None = None,
    told: Callable[[str], None] | None = None,
) -> Run:
    """Run what has been settled, here or with the workers of ``client``."""
    from glasshouse.engine.run import run_experiment
    from glasshouse.law.dated import days_meant

    return Run(
        run_experiment(
            experiment,
            out,
            threads=threads,
            collect=collect,
            device=device,
            memory=memory,
            client=client,
            keep_at=days_meant(keep_at),
            progress=progress,
            told=told,
        )
    )


def estimated(
    experiment: Experiment,
    *,
    threads: int | None = None,
    collect: Literal["all", "counts"] | None = None,
    device: Literal["cpu", "python", "cuda"] = "cpu",
    memory: int | None = None,
    out: str | Path | None = None,
    client: Client | None = None,
    keeps: int = 0,
    before_timing: Callable[[], None] | None = None,
) -> Estimate:
    """How long a run will take and how much it needs; refuses what cannot fit.

    ``before_timing`` is called when nothing stands against the run and its steps are to be timed.
    """
    if client is not None:
        from glasshouse.engine.cluster.share import estimate_among

        return estimate_among(
            experiment, client, threads=threads, collect=collect, device=device, out=out,
            before_timing=before_timing, keeps=keeps,
        )  # fmt: skip
    from glasshouse.engine.estimate import estimate

    return estimate(
        experiment, threads=threads, collect=collect, device=device, out=out, memory=memory,
        keeps=keeps, before_timing=before_timing,
    )  # fmt: skip


def resumed(
    path: str | Path,
    *,
    threads: int | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    told: Callable[[str], None] | None = None,
) -> Run:
    """Go on with a run that was stopped; its digest is that of a run never stopped.

    ``workers`` and ``cluster`` are as in :func:`run`, whatever the run was begun with.
    ``told`` is called with what was damaged and has been made again.
    """
    from glasshouse.engine.run import resume

    with at_hand(workers, cluster) as client:
        return Run(resume(path, threads=threads, client=client, progress=progress, told=told))


def is_in_files(path: str | Path) -> bool:
    """Say whether the society of a run stays in files, or stayed there while it ran."""
    from glasshouse.archive.opening import read_provenance

    return read_provenance(Path(path)).options.shard_communities > 0


def verified(
    path: str | Path,
    *,
    threads: int | None = None,
    memory: int | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Run it again from its provenance and compare digests.

    ``memory`` is the most bytes to take; what does not fit is in files below the system's folder
    for temporary ones.
    """
    from glasshouse.engine.verify import verify

    return verify(path, threads=threads, memory=memory, progress=progress)


def open_run(path: str | Path) -> Run:
    """Open a run directory; one that is damaged, foreign or unfinished is refused by name."""
    return Run(Archive(Path(path)))


def reported(
    runs: Sequence[Run],
    path: str | Path,
    *,
    replace: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write one report of several runs: seeds of one scenario as replicates, others side by side.

    A file that is there is kept unless ``replace`` is true. Gives the path.
    """
    from glasshouse.archive.document import refuse_file, write_file
    from glasshouse.report.html import report_of

    refuse_file(path, replace=replace)
    return write_file(path, report_of([run.archive for run in runs], progress), replace=replace)


def place_of(experiment: Experiment, out: str | Path | None) -> Path:
    """Where a run of the command line goes: where it is told to, if nothing is there yet.

    Otherwise the first of ``runs/<scenario>-<seed>``, ``runs/<scenario>-<seed>-2`` ... that is
    free.
    """
    if out is not None:
        place = Path(out)
        refuse_place(place)
        return place
    base = f"{experiment.scenario.scenario}-{experiment.scenario.seed}"
    for number in range(1, MORE_RUNS):
        place = RUNS / (base if number == 1 else f"{base}-{number}")
        if not os.path.lexists(place):
            refuse_place(place)
            return place
    raise BadUsage(f"{RUNS} holds {MORE_RUNS} runs of {base}; say where with --out")


def life_of(
    archive: Archive, experiment: Experiment, person: int, progress: Progress | None = None
) -> Life:
    """Replay a person's community and take that person's events."""
    from glasshouse.engine.plan.plan import make_plan
    from glasshouse.engine.replay import quickest, replay
    from glasshouse.engine.run import institutions_by_step
    from glasshouse.report.life import Life

    community, slot = divmod(person, archive.provenance.scenario.community_size)
    plan = make_plan(experiment)
    decided = institutions_by_step(archive)
    found = replay(plan, decided, community, slot=slot, device=quickest(plan), progress=progress)
    totals = archive.outcome(person) if archive.has_outcomes else []
    return Life(
        person=person,
        events=events_of(found, slot, plan.first_day),
        totals=tuple(totals),
        legend=archive.provenance.legend,
    )


def events_of(
    found: Iterable[tuple[int, int, int, int, int, int, int]], slot: int, first_day: dt.date
) -> tuple[Event, ...]:
    """Turn the journal's events of one slot into dated events with words for what happened."""
    from datetime import timedelta

    from glasshouse.engine import journal
    from glasshouse.report.life import ORDER, Event

    dated = [
        Event(
            first_day + timedelta(days=int(day)),
            int(arm),
            journal.MEANINGS[what].word,
            int(first),
            int(second),
        )
        for _, at, arm, day, what, first, second in found
        if at == slot
    ]
    return tuple(sorted(dated, key=lambda event: (event.day, ORDER.index(event.what), event.arm)))
