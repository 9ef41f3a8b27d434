"""A fork: a finished run continued under other rules from a day on, as if it had branched there.

The run that a fork must equal is written down: the scenario of the parent, with the changes as
values that have a day (``arms.scored.rulebook@2020-07=none``). So a fork is an ordinary run, which
is verified and replayed from its own directory. Where its parent kept the state of the day, the
steps before it are taken over; otherwise they are run again from the seed. The bits are the same.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from glasshouse.archive.columns import columns_of
from glasshouse.archive.history import (
    StepKept,
    Thin,
    checkpoint_name,
    read_steps,
    stretch_name,
    write_arrays,
    write_steps,
)
from glasshouse.archive.kept import days_kept, kept_shard, kept_steps, shard_size
from glasshouse.archive.provenance import Parent, identity_of
from glasshouse.archive.reading import Archive
from glasshouse.archive.shard import Content, packed_shard, read_shard, write_shard
from glasshouse.archive.store import DATA, SHARDS
from glasshouse.engine.branching import refuse_another_past, step_on
from glasshouse.engine.communities import Communities
from glasshouse.engine.drivers import driver as driver_of
from glasshouse.engine.institutions import Bureau
from glasshouse.engine.moving import Move
from glasshouse.engine.plan.calendar import date_of
from glasshouse.engine.plan.plan import Plan, make_plan
from glasshouse.engine.run import CHECKPOINT_SECONDS, Branch, run_experiment
from glasshouse.engine.shards import Lead
from glasshouse.engine.simulation import decided_arrays, empty_memory
from glasshouse.engine.streamed import next_of, shards_done
from glasshouse.engine.tables import Counts, Institutions
from glasshouse.errors import BadUsage, DamagedRun
from glasshouse.law.dated import AND, NONE, days_meant, overlaid, path_on
from glasshouse.law.library import Library
from glasshouse.law.resolve import RULEBOOK
from glasshouse.law.rooms import packaged_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from glasshouse.archive.columns import Columns
    from glasshouse.archive.store import RunDirectory
    from glasshouse.engine.cluster.connection import Client
    from glasshouse.engine.drivers import Driver
    from glasshouse.engine.institutions import Memory
    from glasshouse.engine.run import Progress
    from glasshouse.law.experiment import Experiment

WITHOUT_COLUMNS = ("grade_cut", "silence_reads")
"""Tables of institutions that have a place for every score."""


@dataclass(frozen=True)
class Fork:
    """A fork that has been checked and not yet been run."""

    parent: Archive
    day: dt.date
    changes: Mapping[str, str]
    """What changes on the day, by path."""
    old: Plan
    new: Plan
    step: int
    """The first step under the other rules."""

    @property
    def experiment(self) -> Experiment:
        """What the fork is a run of."""
        return self.new.experiment

    @property
    def move(self) -> Move:
        """From the places of the parent to those of the fork."""
        return Move(self.old, self.new, self.step)

    @property
    def has_kept(self) -> bool:
        """Whether the parent kept the state of the day."""
        return self.day in days_kept(self.parent.provenance.parts)

    @property
    def is_kept(self) -> bool:
        """Whether the parent kept the state of the day, and it can be taken over."""
        return self.has_kept and self.move.is_possible

    @property
    def steps_to_run(self) -> int:
        """How many steps the fork runs itself."""
        return len(self.new.steps) - (self.step if self.is_kept else 0)

    def run(
        self,
        out: str | os.PathLike[str] | None = None,
        *,
        threads: int | None = None,
        device: str = "cpu",
        collect: Literal["all", "counts"] | None = None,
        progress: Progress | None = None,
        checkpoint_seconds: float = CHECKPOINT_SECONDS,
        memory: int | None = None,
        command: tuple[str, ...] | None = None,
        keep_at: Sequence[str | dt.date] = (),
        client: Client | None = None,
        told: Callable[[str], None] | None = None,
    ) -> Archive:
        """Run the fork into a directory of its own; the options are those of any run."""
        days = days_meant(keep_at)
        for day in days:
            if day <= self.day:
                raise BadUsage(f"the state of {day} is the parent's; a fork keeps later ones")
        said = self.parent.provenance
        return run_experiment(
            self.experiment, out, threads=threads, device=device,
            collect=collect or said.options.collect,
            progress=progress, checkpoint_seconds=checkpoint_seconds, memory=memory,
            command=command, keep_at=days, client=client, told=told,
            branch=Branch(self.new, self._parent(replayed=True), self.fill),
        )  # fmt: skip

    def _parent(self, *, replayed: bool) -> Parent:
        """Give what the fork says of its parent."""
        said = self.parent.provenance.scenario
        return Parent(
            digest=self.parent.digest,
            scenario=said.scenario,
            seed=said.seed,
            day=self.day.isoformat(),
            changes=dict(self.changes),
            replayed=replayed,
        )

    def fill(self, plan: Plan, folder: RunDirectory, workers: int, progress: Progress) -> None:
        """Put what the parent kept into the new directory, as if its steps had been run there."""
        if not self.is_kept:
            return
        said = folder.provenance
        society = _Society(self, plan, driver_of(said.options.driver, workers))
        size = said.options.shard_communities
        if size:
            (folder.path / SHARDS).mkdir(exist_ok=True)
            lead = Lead(plan, society.driver, identity_of(said))
            firsts = range(0, plan.communities, size)
            for number, first in enumerate(firsts):
                # Told as the last of the steps that are taken over.
                progress(*shards_done(plan, self.step - 1, number, len(firsts)))
                packed = society.shard(lead, first, min(size, plan.communities - first))
                file = folder.path / SHARDS / f"{number:06}.shard"
                write_shard(next_of(file), packed)  # they count when run.json says so
            decided, memory = society.decided()
            state = decided_arrays(decided, memory) | {
                "memory.exposed": memory.exposed,
                "memory.provinces": memory.provinces,
            }
        else:
            state = society.whole().held()
            state |= decided_arrays(*society.decided())
        folder.write(stretch_name(0, self.step), lambda file: write_steps(file, society.steps))
        folder.write(checkpoint_name(self.step), lambda file: write_arrays(file, state))
        update = {"finished_steps": self.step, "parent": self._parent(replayed=False)}
        folder.commit(folder.provenance.model_copy(update=update))


def forked(path: str | os.PathLike[str], at: dt.date, changes: Mapping[str, str]) -> Fork:
    """Check a fork of a finished run: its day, its changes, and that its past is the parent's."""
    parent = Archive(path)
    if not changes:
        raise BadUsage("a fork changes something: say which arm has which rulebooks from then on")
    old = make_plan(parent.experiment())
    step = step_on(old, at)
    dated = {path_on(name, at): value for name, value in changes.items()}
    with tempfile.TemporaryDirectory(prefix="glasshouse-") as rooms:
        experiment = _with_rooms(parent, Path(rooms), changes).resolve(
            parent.provenance.scenario.scenario, overlaid(parent.provenance.sets, dated)
        )
    new = make_plan(experiment)
    refuse_another_past(old, new, step)
    return Fork(parent, at, dict(changes), old, new, step)


def _with_rooms(parent: Archive, folder: Path, changes: Mapping[str, str]) -> Library:
    """Give the parent's own data, and beside them the rulebooks that come in and it has not."""
    root = folder / DATA
    shutil.copytree(parent.path / DATA, root)
    for path, value in changes.items():
        coming = value.split(AND) if path.rpartition(".")[2] == RULEBOOK else ()
        for name in map(str.strip, coming):
            if name != NONE:
                _bring(name, root / "rulebooks")
    return Library(root)


def _bring(name: str, room: Path) -> None:
    """Copy a rulebook, by name or path, into a room that has it not; a name means the room's own.

    What is neither is told by whoever looks for it there.
    """
    is_name = Path(name).name == name
    given = packaged_root() / "rulebooks" / name if is_name else Path(name)
    given = given.parent if given.is_file() else given
    there = room / given.name
    if not given.is_dir():
        return
    if not there.exists():
        shutil.copytree(given, there)
    elif not is_name and _files(given) != _files(there):
        raise BadUsage(f"the parent has another rulebook `{given.name}`; give yours its own id")


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.yaml"))}


class _Society:
    """The society of a fork, taken over from the state that its parent kept."""

    def __init__(self, fork: Fork, plan: Plan, driver: Driver) -> None:
        self.fork, self.plan, self.driver = fork, plan, driver
        self._said, self._path = fork.parent.provenance, fork.parent.path
        self._old = Lead(fork.old, driver, identity_of(self._said))
        self._content = -1, Content([], Thin({}), Thin({}))
        """The shard of the parent that was read last."""
        self._part = -1, columns_of(self._old.there.world)
        """The communities of it that lie in memory, from the first on."""
        nowhere = np.zeros(plan.communities, np.uint8)
        self._first_old = Bureau(fork.old).first(empty_memory(fork.old, nowhere))
        self._bureau, self._memory = Bureau(plan), empty_memory(plan, nowhere.copy())
        self._first = self._bureau.first(self._memory)
        self._recorded = np.zeros((plan.communities, plan.sizes.arms), np.int32)
        self._kept = read_steps(self._path / kept_steps(fork.day))
        self.steps: list[StepKept] = []
        """The steps before the day, as the fork counts."""

    def whole(self) -> Communities:
        """Give all communities as the fork has them at the beginning of the day."""
        there = Communities(self.plan, self.driver, 0, self.plan.communities)
        self._fill(there, there.number)
        return there

    def shard(self, lead: Lead, first: int, number: int) -> bytes:
        """Give some communities as a shard of the fork."""
        blocks = []
        for at, some in lead.parts(first, number):
            lead.there.move_to(at, some)
            lead.there.clear()
            self._fill(lead.there, some)
            blocks.append(lead.packer.moving(some, lead.there.world.opened))
        head = lead.head(self.fork.step, first, number)
        return packed_shard(head, blocks, Thin({}), Thin({}))

    def _fill(self, there: Communities, number: int) -> None:
        """Lay communities out and fill what has moved from the parent's."""
        self._memory.exposed += there.begin(self._first)
        into = columns_of(there.world).between(0, number)
        first = at = into.first_community
        while at < first + number:
            held = self._held(at)
            begin = held.first_community
            end = min(first + number, begin + len(held.people))
            self.fork.move.columns(
                held.between(at - begin, end - begin), into.between(at - first, end - first)
            )
            at = end
        here = slice(first, first + number)
        self._recorded[here] = there.world.opened.recorded_acts[:number]
        self._memory.provinces[here] = there.world.place.province[:number]

    def _held(self, community: int) -> Columns:
        """Give the parent's communities around one, as they lie together in its files."""
        size = shard_size(self._said)
        number, first = community // size, community // size * size
        if self._content[0] != number:
            some = min(size, self.plan.communities - first)
            file = self._path / kept_shard(self.fork.day, number)
            head = self._old.head(self.fork.step, first, some)
            self._content = number, read_shard(file, head)
        place = (community - first) // self._old.number
        at = first + place * self._old.number
        if self._part[0] != at:
            some = min(self._old.number, first + size - at, self.plan.communities - at)
            block = self._content[1].blocks[place]
            self._part = at, self._old.brought(at, some, block, None, self._first_old)
        return self._part[1]

    def decided(self) -> tuple[Institutions, Memory]:
        """Let the institutions decide every step again, and the first under the other rules.

        What they had decided for the steps before must come out as it was kept.
        """
        decided = self._first
        for step, (kept, counts) in enumerate(self._told()):
            self._compare(step, kept, decided)
            now = decided._asdict() | {"attention": kept.institutions["attention"]}
            when = self.plan.steps[step]
            self.steps.append(StepKept(kept.step, kept.first_day, kept.end_day, counts, now))
            decided = self._bureau.decide(
                self.plan.steps[step + 1], when, Counts(**counts),
                self._recorded if step + 1 == self.fork.step else None, self._memory,
            )  # fmt: skip
        return decided, self._memory

    def _told(self) -> Iterator[tuple[StepKept, Thin]]:
        return ((kept, self.fork.move.counts(kept.counts)) for kept in self._kept)

    def _compare(self, step: int, kept: StepKept, decided: Institutions) -> None:
        """Refuse a parent whose institutions decided otherwise than its own rules say."""
        names = [name for name in decided._fields if name != "attention"]
        if self.fork.move.is_needed:
            names = [name for name in names if name not in WITHOUT_COLUMNS]
        for name in names:
            if not np.array_equal(getattr(decided, name), kept.institutions[name]):
                day = date_of(self.plan.first_day, self.plan.steps[step].first_day)
                raise DamagedRun(
                    f"{self._path}: {name} of {day} is not what its counts and rules give"
                )
