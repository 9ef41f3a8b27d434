"""A run from its experiment to its directory: steps, checkpoints, what is kept, going on."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from glasshouse.archive.columns import columns_of
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
from glasshouse.archive.opening import read_finished, read_provenance, read_whole
from glasshouse.archive.outcomes import part_name, ranges, write_outcomes
from glasshouse.archive.reading import Archive
from glasshouse.archive.store import COUNTS, DATA, INSTITUTIONS, OUTCOMES, WORK, RunDirectory
from glasshouse.archive.tables import CountRows
from glasshouse.engine.account import machine_of, options_of, provenance_of
from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.estimate import refuse_too_large, workers_of
from glasshouse.engine.noted import Noted
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.stopping import Stop, heeded
from glasshouse.engine.tables import Institutions
from glasshouse.errors import DiskFull, Interrupted, Overflowed
from glasshouse.law.library import Library

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from glasshouse.archive.provenance import Provenance
    from glasshouse.engine.plan.plan import Plan
    from glasshouse.engine.simulation import StepRecord
    from glasshouse.law.experiment import Experiment

Progress = Callable[[int, int], None]
"""Called with the steps that are done and the steps in all."""

Noting = Callable[[int, Noted], None]
"""Called with each step's number and its events, when the step is over."""

Collect = Literal["all", "counts"]

CHECKPOINT_SECONDS = 30.0
"""Work between two checkpoints, at the end of a step."""


def run_experiment(
    experiment: Experiment,
    out: str | os.PathLike[str] | None = None,
    *,
    threads: int | None = None,
    device: str = "cpu",
    collect: Collect = "all",
    progress: Progress | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    command: tuple[str, ...] | None = None,
    noting: Noting | None = None,
) -> Archive:
    """Run an experiment into a new directory; without one, into one that goes with the archive.

    ``noting`` is told the events of every step as it ends; the run is the same one without it.
    """
    plan = make_plan(experiment)
    workers = workers_of(device, threads)
    refuse_too_large(plan, workers, collect, out)
    asked = options_of(device, workers, collect, tuple(sys.argv) if command is None else command)
    owner = None
    if out is None:
        owner = tempfile.TemporaryDirectory(prefix="glasshouse-")
        out = Path(owner.name) / "run"
    folder = RunDirectory.create(Path(out), provenance_of(plan, asked), experiment.files)
    with folder:
        try:
            work = _Work(plan, folder, workers, progress, checkpoint_seconds, noting)
            done = work.finished()
        except Overflowed:
            folder.discard()  # going on would overflow again
            raise
        except (Interrupted, DiskFull) as error:
            if owner is None:
                raise
            owner.cleanup()
            said = str(error).partition(";")[0]
            raise type(error)(f"{said}; the run had no directory, so nothing is kept") from error
    return Archive(done.path, provenance=done.provenance, owner=owner)


def resume(
    path: str | os.PathLike[str],
    *,
    threads: int | None = None,
    device: str | None = None,
    progress: Progress | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> Archive:
    """Go on with a stopped run; its digest is that of a run never stopped."""
    place = Path(path)
    if read_provenance(place).status == "finished" and not (place / WORK).exists():
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
        done = _Work(plan, folder, workers, progress, checkpoint_seconds).finished()
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
    ) -> None:
        self.plan, self.folder = plan, folder
        self.progress = progress or (lambda _done, _of: None)
        self.checkpoint_seconds = checkpoint_seconds
        self.simulation = Simulation(plan, driver_of(folder.provenance.options.driver, workers))
        self.noting = noting
        if noting is not None:
            self.simulation.note_events()
        self.steps: list[StepKept] = []
        self.saved = 0
        """How many steps the directory holds."""
        self.before = folder.provenance.machine.seconds
        self.began = time.monotonic()
        self.last_saved = self.began

    def finished(self) -> RunDirectory:
        """Take every step, write every part, and give the finished directory."""
        try:
            with heeded() as stop:
                self._start()
                self._step_to_the_end(stop)
                self._write(stop)
        except DiskFull as error:
            raise DiskFull(f"{error}; make room, then {self._go_on()}") from error
        except KeyboardInterrupt:
            raise Interrupted(f"stopped at once; {self._kept()}") from None
        return self.folder

    def _start(self) -> None:
        said = self.folder.provenance
        if said.finished_steps == 0:
            self.simulation.begin()
            return
        for name in stretches(said.parts):
            self.steps += read_steps(self.folder.path / name)
        self.saved = said.finished_steps
        state = read_arrays(self.folder.path / checkpoint_name(self.saved))
        self.simulation.restore(self.saved, state)

    def _step_to_the_end(self, stop: Stop) -> None:
        total = len(self.plan.steps)
        self.progress(self.simulation.finished_steps, total)
        while self.simulation.finished_steps < total:
            self._obey(stop)
            self.steps.append(kept(self.simulation.advance()))
            self.simulation.history.clear()
            if self.noting is not None:
                self.noting(self.simulation.finished_steps - 1, self.simulation.noted())
            self.progress(self.simulation.finished_steps, total)
            if time.monotonic() - self.last_saved >= self.checkpoint_seconds:
                self._save()
        self._obey(stop)

    def _obey(self, stop: Stop) -> None:
        """End here if somebody asked to, with everything finished kept."""
        if stop.is_asked:
            self._save()
            raise Interrupted(f"stopped; {self._kept()}")

    def _save(self) -> None:
        """Write a checkpoint: the new steps, the state, and then the run.json that names them."""
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

    def _write(self, stop: Stop) -> None:
        """Write the tables and the digest; the run is finished when run.json says so."""
        said = self.folder.provenance
        rows = CountRows(said.legend, self.plan.first_day)
        self.folder.write(COUNTS, lambda file: rows.write(file, self.steps))
        self.folder.write(INSTITUTIONS, lambda file: write_institutions(file, self.steps))
        columns = columns_of(self.simulation.world)
        sizes = self.plan.sizes
        parts = ranges(self.plan.communities, sizes.slots, sizes.arms)
        for number, (first, last) in enumerate(parts):
            if said.options.collect == "all":
                some = columns.between(first, last)
                self.folder.write(
                    part_name(OUTCOMES, number),
                    lambda file, some=some: write_outcomes(file, some, said.legend),  # type: ignore[misc]
                )
            self._obey_while_writing(stop)
        digest = RunDigest()
        digest.communities(columns)
        for step in self.steps:
            digest.step(step.first_day, step.end_day, step.counts)
        update: dict[str, Any] = {
            "digest": digest.digest(),
            "digest_by_column": digest.by_column(),
            "finished_steps": len(self.steps),
            "machine": self._machine(),
        }
        self.folder.finish(self.folder.provenance.model_copy(update=update))

    def _obey_while_writing(self, stop: Stop) -> None:
        if stop.is_asked:
            for name in [n for n in self.folder.provenance.parts if not _is_lasting(n)]:
                self.folder.forget(name)
            self._obey(stop)

    def _machine(self) -> Any:
        said = self.folder.provenance
        started = _time(said.machine.started)
        seconds = self.before + time.monotonic() - self.began
        return machine_of(said.options.driver, started, seconds)

    def _kept(self) -> str:
        return f"{self.saved} of {len(self.plan.steps)} steps are kept; {self._go_on()}"

    def _go_on(self) -> str:
        return f"`glasshouse resume {shlex.quote(str(self.folder.path))}` goes on"


def kept(record: StepRecord) -> StepKept:
    """Take over what a finished step left behind."""
    counts = Thin.of(record.counts._asdict())
    institutions: dict[str, NDArray[Any]] = record.institutions._asdict()
    when = record.when
    return StepKept(when.step, when.first_day, when.end_day, counts, institutions)


def _is_lasting(name: str) -> bool:
    """Say whether a part belongs to an unfinished run."""
    return name.startswith((f"{WORK}/", f"{DATA}/"))


def _time(text: str) -> dt.datetime:
    import datetime as dt

    return dt.datetime.fromisoformat(text)
