"""A run from its experiment to its directory: steps, checkpoints, what is kept, going on."""

from __future__ import annotations

import itertools
import os
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from glasshouse.archive.columns import Columns
from glasshouse.archive.digest import RunDigest
from glasshouse.archive.history import (
    StepKept,
    Thin,
    checkpoint_name,
    read_arrays,
    read_steps,
    stretch_name,
    stretches,
    write_arrays,
    write_institutions,
    write_steps,
)
from glasshouse.archive.kept import is_kept, kept_shard, kept_steps
from glasshouse.archive.opening import read_finished, read_provenance, read_whole
from glasshouse.archive.outcomes import first_listed, part_name, ranges, write_outcomes
from glasshouse.archive.provenance import Parent, identity_of
from glasshouse.archive.reading import Archive
from glasshouse.archive.store import (
    COUNTS,
    DATA,
    INSTITUTIONS,
    OUTCOMES,
    SHARDS,
    WORK,
    RunDirectory,
)
from glasshouse.archive.tables import CountRows
from glasshouse.engine.account import machine_of, options_of, provenance_of
from glasshouse.engine.branching import step_on
from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.estimate import checked_shard, collected, workers_of
from glasshouse.engine.expected import rare_figures
from glasshouse.engine.keeping import shards_of
from glasshouse.engine.noted import Noted
from glasshouse.engine.plan.calendar import date_of
from glasshouse.engine.plan.plan import Plan, make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.stopping import Stop, heeded
from glasshouse.engine.streamed import Given, Streamed, shards_done
from glasshouse.engine.tables import Institutions
from glasshouse.errors import BadUsage, ClusterFailed, DiskFull, Interrupted, Overflowed
from glasshouse.law.library import Library

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from glasshouse.archive.provenance import Provenance
    from glasshouse.engine.cluster.connection import Client
    from glasshouse.engine.simulation import StepRecord
    from glasshouse.law.experiment import Experiment

Progress = Callable[[int, int], None]
"""Called with what is done and what is to be done in all: steps, or for a society in files the
shards of all steps and of the reading at the end."""

Noting = Callable[[int, Noted], None]
"""Called with each step's number and its events, when the step is over."""

Collect = Literal["all", "counts"]

CHECKPOINT_SECONDS = 30.0
"""Work between two checkpoints at least, at the end of a step."""

WORK_A_CHECKPOINT = 9.0
"""Times as long as it takes to write a checkpoint there is at least work before the next one."""


def run_experiment(
    experiment: Experiment,
    out: str | os.PathLike[str] | None = None,
    *,
    threads: int | None = None,
    device: str = "cpu",
    collect: Collect | None = "all",
    progress: Progress | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    memory: int | None = None,
    client: Client | None = None,
    command: tuple[str, ...] | None = None,
    noting: Noting | None = None,
    told: Callable[[str], None] | None = None,
    keep_at: Sequence[dt.date] = (),
    branch: Branch | None = None,
) -> Archive:
    """Run an experiment into a new directory; without one, into one that goes with the archive.

    ``noting`` is told the events of every step as it ends, ``told`` what was damaged and made anew;
    the run is the same one without them.
    ``memory`` is the most bytes that the run may take, all that are free if nobody says; a society
    that does not fit stays in files of the run directory. ``collect`` may be left open: a society
    in files then keeps counts alone. ``client`` is of Dask workers that lead the society instead.
    ``keep_at`` are first days of steps whose state is kept for forks; ``branch`` says where a fork
    begins.
    """
    plan = make_plan(experiment) if branch is None else branch.plan
    for day in keep_at:
        step_on(plan, day)
    workers = workers_of(device, threads)
    shard = _shard(plan, workers, collect, out, memory, client, len(keep_at))
    words = tuple(sys.argv) if command is None else command
    days = tuple(sorted({day.isoformat() for day in keep_at}))
    asked = options_of(device, workers, collected(collect, shard), words, shard, days)
    owner = None
    if out is None:
        owner = tempfile.TemporaryDirectory(prefix="glasshouse-")
        out = Path(owner.name) / "run"
    said = provenance_of(plan, asked)
    if branch is not None:
        said = said.model_copy(update={"parent": branch.parent})
    folder = RunDirectory.create(Path(out), said, experiment.files, is_lasting=owner is None)
    with folder:
        try:
            if branch is not None:
                _begin(branch, plan, folder, workers, progress)
            work = _Work(plan, folder, workers, progress, checkpoint_seconds, noting, told, client)
            done = work.finished()
        except Overflowed:
            folder.discard()  # going on would overflow again
            raise
        except (ClusterFailed, DiskFull, Interrupted) as error:
            if owner is None:
                raise
            owner.cleanup()
            text = str(error).partition(";")[0]
            raise type(error)(f"{text}; the run had no directory, so nothing is kept") from error
    return Archive(done.path, provenance=done.provenance, owner=owner)


def resume(
    path: str | os.PathLike[str],
    *,
    threads: int | None = None,
    device: str | None = None,
    progress: Progress | None = None,
    told: Callable[[str], None] | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    client: Client | None = None,
) -> Archive:
    """Go on with a stopped run, here or with the workers of ``client``, wherever it was begun.

    Its digest is that of a run never stopped.
    ``told`` is called with what was damaged and has been made again, and where the run is finished.
    """
    place = Path(path)
    if read_provenance(place).status == "finished" and not (place / WORK).exists():
        if told is not None:
            told(f"{place} is finished: there is nothing to go on with")
        return Archive(place)
    with RunDirectory.reopen(place, read_whole) as folder:
        before = folder.provenance
        if before.status == "finished":
            return Archive(place, provenance=read_finished(place))
        plan = make_plan(experiment_of(place, before))
        name = device or before.options.driver
        workers = workers_of(name, threads or before.options.threads)
        options = before.options.model_copy(update={"threads": workers, "driver": name})
        folder.provenance = before.model_copy(update={"options": options})
        work = _Work(
            plan, folder, workers, progress, checkpoint_seconds, told=told, client=client
        )  # fmt: skip
        done = work.finished()
    return Archive(done.path, provenance=done.provenance)


def experiment_of(folder: Path, provenance: Provenance) -> Experiment:
    """Settle the experiment of a run directory again, from its own copies of the data."""
    return Library(folder / DATA).resolve(provenance.scenario.scenario, provenance.sets)


def institutions_by_step(archive: Archive) -> list[Institutions]:
    """Give what the institutions had decided for each step, for a replay."""
    arrays = archive.institutions()
    return [
        Institutions(*(arrays[name][step] for name in Institutions._fields))
        for step in range(archive.provenance.steps)
    ]


class Branch(NamedTuple):
    """Where a fork begins: at which run, and with what in its directory."""

    plan: Plan
    parent: Parent
    fill: Callable[[Plan, RunDirectory, int, Progress], None]
    """Called with the plan, the new directory, the number of threads and the progress."""


class _Work:
    """The work on one run directory, from where it stands to the end."""

    def __init__(
        self,
        plan: Plan,
        folder: RunDirectory,
        workers: int,
        progress: Progress | None,
        checkpoint_seconds: float,
        noting: Noting | None = None,
        told: Callable[[str], None] | None = None,
        client: Client | None = None,
    ) -> None:
        self.told = told or (lambda _text: None)
        self.plan, self.folder = plan, folder
        self.progress = progress or _silent
        self.checkpoint_seconds = checkpoint_seconds
        self.stop = Stop()
        self.simulation = self._held(workers, client)
        folder.make_room = lambda: (
            isinstance(self.simulation, Streamed) and self.simulation.make_room()
        )
        self.noting = noting
        if noting is not None:
            _in_memory(self.simulation).note_events()
        self.steps: list[StepKept] = []
        self.saved = 0
        """How many steps the directory holds."""
        self.before = folder.provenance.machine.seconds
        self.began = time.monotonic()
        self.last_saved = self.began
        self.saving = 0.0
        """How long the last checkpoint took."""

    def _held(self, workers: int, client: Client | None) -> Simulation | Streamed:
        """Take the society into memory, or leave it in files or with workers."""
        said = self.folder.provenance
        size = said.options.shard_communities
        if size == 0 and client is None:
            return Simulation(self.plan, driver_of(said.options.driver, workers))
        if size == 0:
            raise BadUsage(
                f"{self.folder.path} was begun in the memory of one machine; go on with it there"
            )
        given = Given(
            self.plan, said.options.driver, workers, self.folder.path / SHARDS, identity_of(said),
            size, self._between_shards, self.told, said.options.collect,
        )  # fmt: skip
        if client is None:
            return Streamed(given)
        from glasshouse.engine.cluster.dispatched import Dispatched

        return Dispatched(given._replace(heed=self._say_shards), client)

    def finished(self) -> RunDirectory:
        """Take every step, write every part, and give the finished directory."""
        try:
            with heeded() as self.stop, self._accounted():
                self._start()
                self._step_to_the_end()
                self._write()
        except DiskFull as error:
            raise DiskFull(f"{error}; make room, then {self._go_on()}") from error
        except ClusterFailed as error:
            raise ClusterFailed(f"{error}; {self._kept()}") from error
        except KeyboardInterrupt:
            raise Interrupted(f"stopped at once; {self._kept()}") from None
        finally:
            del self.simulation  # it knows us as we know it, and workers keep what it holds
        return self.folder

    @contextmanager
    def _accounted(self) -> Iterator[None]:
        """Let run.json say how long there was work, also where it is stopped."""
        try:
            yield
        except (ClusterFailed, DiskFull, Interrupted, KeyboardInterrupt):
            with suppress(DiskFull, OSError):  # why it was stopped is what must be told
                self.folder.account(self._machine())
            raise

    def _start(self) -> None:
        said = self.folder.provenance
        if said.finished_steps == 0:
            self.simulation.begin()
            return
        for name in stretches(said.parts):
            self.steps += read_steps(self.folder.path / name)
        self.saved = said.finished_steps
        state = read_arrays(self.folder.path / checkpoint_name(self.saved))
        decided = (Institutions(**step.institutions) for step in self.steps)
        self.simulation.restore(self.saved, state, decided)

    def _step_to_the_end(self) -> None:
        total = len(self.plan.steps)
        if isinstance(self.simulation, Simulation):
            self.progress(self.simulation.finished_steps, total)
        while self.simulation.finished_steps < total:
            self._obey()
            self.steps.append(kept(self.simulation.advance()))
            self.simulation.history.clear()
            if self.noting is not None:
                noted = _in_memory(self.simulation).noted()
                self.noting(self.simulation.finished_steps - 1, noted)
            if isinstance(self.simulation, Simulation):
                self.progress(self.simulation.finished_steps, total)
            self._keep()
            if self._is_due() or self.simulation.is_kept_by_step:
                self._save()
        self._obey()

    def _say_shards(self, done: int, of: int) -> None:
        """Say how far a step is."""
        self.progress(*shards_done(self.plan, self.simulation.finished_steps, done, of))

    def _between_shards(self, done: int, of: int) -> None:
        """Say how far a step is; end here if somebody asked to, with every finished shard kept."""
        self._say_shards(done, of)
        if self.stop.is_asked:
            raise Interrupted(f"stopped; {self._kept()}")

    def _obey(self) -> None:
        """End here if somebody asked to, with everything finished kept."""
        if self.stop.is_asked:
            self._save()
            raise Interrupted(f"stopped; {self._kept()}")

    def _is_due(self) -> bool:
        """Say whether there was work enough for a checkpoint; where nobody waits, every step is."""
        least = self.checkpoint_seconds
        wanted = max(least, WORK_A_CHECKPOINT * self.saving) if least > 0 else 0.0
        return time.monotonic() - self.last_saved >= wanted

    def _save(self) -> None:
        """Write a checkpoint: the new steps, the state, and then the run.json that names them."""
        began = time.monotonic()
        finished = self.simulation.finished_steps
        if finished > self.saved:
            old = checkpoint_name(self.saved)
            fresh = self.steps[self.saved :]
            self.folder.write(
                stretch_name(self.saved, finished), lambda file: write_steps(file, fresh)
            )
            state = self.simulation.snapshot()
            self.folder.write(checkpoint_name(finished), lambda file: write_arrays(file, state))
            self.folder.forget(old)
            update = {"finished_steps": finished, "machine": self._machine()}
            self.folder.commit(self.folder.provenance.model_copy(update=update))
            self.saved = finished
            self.folder.clear_unnamed()
        self.last_saved = time.monotonic()
        self.saving = self.last_saved - began

    def _keep(self) -> None:
        """Keep the state for forks, if this is a day on which somebody asked for it."""
        finished, said = self.simulation.finished_steps, self.folder.provenance
        if finished == len(self.plan.steps):
            return
        day = date_of(self.plan.first_day, self.plan.steps[finished].first_day)
        if day.isoformat() not in said.options.keep_at or kept_steps(day) in said.parts:
            return
        for number, write in enumerate(shards_of(self.simulation, identity_of(said))):
            self.folder.write(kept_shard(day, number), write)
        self.folder.write(kept_steps(day), lambda file: write_steps(file, self.steps))
        if isinstance(self.simulation, Simulation):
            self.folder.commit()  # whoever goes on from a checkpoint before finds it kept
        else:
            self._save()  # files that others see as written must be those of a checkpoint

    def _write(self) -> None:
        """Write the tables and the digest; the run is finished when run.json says so."""
        said = self.folder.provenance
        rows = CountRows(said.legend, self.plan.first_day)
        self.folder.write(COUNTS, lambda file: rows.write(file, self.steps))
        self.folder.write(INSTITUTIONS, lambda file: write_institutions(file, self.steps))
        digest, numbers = RunDigest(said.options.threads), itertools.count()
        people = in_towns = 0
        followed: dict[bool, int | None] = {True: None, False: None}
        for columns in self.simulation.columns():
            people += int(columns.people.sum())
            in_towns += int((columns.people * columns.urban.astype(np.int64)).sum())
            if said.options.collect == "all":
                self._write_outcomes(columns, numbers)
            for wrongly, before in followed.items():
                if before is None and followed[True] is None:
                    followed[wrongly] = first_listed(columns, wrongly=wrongly)
            digest.communities(columns)
            self._obey_while_writing()
        for step in self.steps:
            digest.step(step.first_day, step.end_day, step.counts)
        update: dict[str, Any] = {
            "digest": digest.digest(),
            "digest_by_column": digest.by_column(),
            "finished_steps": len(self.steps),
            "machine": self._machine(),
            "follow": next((one for one in followed.values() if one is not None), 0),
            "rare": rare_figures(self.plan, self.simulation.exposed, in_towns / people),
        }
        self.folder.finish(self.folder.provenance.model_copy(update=update))

    def _write_outcomes(self, columns: Columns, numbers: Iterator[int]) -> None:
        """Write the outcome rows of some communities, a file for each range of them."""
        sizes = self.plan.sizes
        for first, last in ranges(len(columns.people), sizes.slots, sizes.arms):
            some = columns.between(first, last)
            self.folder.write(
                part_name(OUTCOMES, next(numbers)),
                lambda file, some=some: write_outcomes(file, some, self.folder.provenance.legend),  # type: ignore[misc]
            )
            self._obey_while_writing()

    def _obey_while_writing(self) -> None:
        if self.stop.is_asked:
            for name in [n for n in self.folder.provenance.parts if not _is_lasting(n)]:
                self.folder.forget(name)
            self._obey()

    def _machine(self) -> Any:
        said = self.folder.provenance
        started = _time(said.machine.started)
        seconds = self.before + time.monotonic() - self.began
        return machine_of(said.options.driver, started, seconds, said.machine.peak_memory_bytes)

    def _kept(self) -> str:
        return f"{self.saved} of {len(self.plan.steps)} steps are kept; {self._go_on()}"

    def _go_on(self) -> str:
        return f"`glasshouse resume {shlex.quote(str(self.folder.path))}` goes on"


def _begin(
    branch: Branch, plan: Plan, folder: RunDirectory, workers: int, progress: Progress | None
) -> None:
    """Put into a fork's directory what it begins with; whatever goes wrong, none is left."""
    try:
        branch.fill(plan, folder, workers, progress or _silent)
    except BaseException as error:
        folder.discard()
        if isinstance(error, KeyboardInterrupt):
            raise Interrupted("stopped before the first step; nothing is kept") from None
        raise


def _shard(
    plan: Plan,
    workers: int,
    collect: Collect | None,
    out: str | os.PathLike[str] | None,
    memory: int | None,
    client: Client | None,
    keeps: int,
) -> int:
    """Give the communities of a shard; 0 where the society is held in the memory of this machine.

    Refuses what does not fit.
    """
    if client is None:
        return checked_shard(plan, workers, collect, out, memory, keeps)
    from glasshouse.engine.cluster.share import shard_among

    return shard_among(plan, client, collected(collect, 1), out, keeps)


def _in_memory(simulation: Simulation | Streamed) -> Simulation:
    """Give a simulation that can tell its events; a society in files is too large to be told."""
    if isinstance(simulation, Streamed):
        raise BadUsage("events are told of a society held in memory; ask for fewer people")
    return simulation


def kept(record: StepRecord) -> StepKept:
    """Take over what a finished step left behind."""
    counts = Thin.of(record.counts._asdict())
    institutions: dict[str, NDArray[Any]] = record.institutions._asdict()
    when = record.when
    return StepKept(when.step, when.first_day, when.end_day, counts, institutions)


def _silent(_done: int, _of: int) -> None:
    """Tell nobody how far it is."""


def _is_lasting(name: str) -> bool:
    """Say whether a part belongs to an unfinished run."""
    return name.startswith((f"{WORK}/", f"{DATA}/")) or is_kept(name)


def _time(text: str) -> dt.datetime:
    import datetime as dt

    return dt.datetime.fromisoformat(text)
