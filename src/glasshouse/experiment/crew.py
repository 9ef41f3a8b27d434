"""Who runs the members of a sweep, an ensemble, a sensitivity, a study or a calibration.

Processes of our own, one thread each, unless the user gives an executor or names a cluster. Members
are the same runs whoever runs them, and what comes of them is written here, so the results are too.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from glasshouse.engine.estimate import SPARE, checked_shard, free_memory, needs
from glasshouse.engine.plan.plan import make_plan
from glasshouse.errors import BadUsage
from glasshouse.experiment.workers import Given, Processes, refuse_to_nest, run_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from types import TracebackType
    from typing import Self

    from glasshouse.engine.cluster.members import Members
    from glasshouse.experiment.workers import Ended, Hands
    from glasshouse.law.experiment import Experiment

Device = Literal["cpu", "python", "cuda"]


class ByWhom(TypedDict, total=False):
    """Who runs members, and on what; whatever is chosen, the results are the same."""

    executor: Executor | None
    """Any executor of ``concurrent.futures`` whose workers see the directory of the results.
    ``workers.InProcess()`` runs here, one after the other, with nothing pickled."""
    workers: int | None
    """Processes of our own; as many as there are processors and memory, if nobody says."""
    cluster: str | None
    """A Dask scheduler's address, ``tcp://HOST:PORT``; its workers need see no file of ours."""
    device: Device
    """What computes: ``cpu``, ``python`` or ``cuda``."""


class Crew:
    """Who runs members, for as long as it is held: whoever is begun or connected is kept."""

    def __init__(
        self,
        *,
        executor: Executor | None = None,
        workers: int | None = None,
        cluster: str | None = None,
        device: Device = "cpu",
    ) -> None:
        """Say who; nobody is begun yet, and no connection made."""
        asked = {"an executor": executor, "a number of workers": workers, "a cluster": cluster}
        said = [word for word, value in asked.items() if value is not None]
        if len(said) > 1:
            raise BadUsage(f"{' and '.join(said)} are asked for; say one of them")
        if workers is not None and workers < 1:
            raise BadUsage(f"{workers} workers are too few: begin at least one")
        self.executor, self.workers, self.cluster, self.device = executor, workers, cluster, device
        self._own: Processes | None = None
        self._sized_for = 0
        """Bytes of memory that a member may take by which our processes were counted."""
        self._stack = ExitStack()
        self._members: Members | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._own is not None:
            self._own.close(at_once=kind is not None)
            self._own = None
        self._members = None
        self._stack.__exit__(kind, error, trace)  # a scheduler that has gone may be why

    def at_a_time(self, experiment: Experiment, members: int) -> int:
        """Give how many members are run at a time; raises TooLarge where not even one fits here.

        As many as there are processors and memory, one where a graphics card computes; in a cluster
        as many as it has threads, and what fits there is for it to know.
        """
        if self.executor is not None:
            return 1
        if self.cluster is not None:
            return max(1, min(self._elsewhere().threads, members))
        return max(1, min(self._fitting(_memory(experiment)), members))

    def _fitting(self, memory: int) -> int:
        """Give how many processes of our own there may be if a member takes so much memory."""
        free = free_memory()
        most = 1 if self.device == "cuda" else self.workers or os.cpu_count() or 1
        return most if free is None else min(most, max(1, int(free * (1 - SPARE)) // memory))

    def run(
        self,
        experiment: Experiment,
        call: Callable[[Any], Any],
        tasks: list[Any],
        take: Callable[[Ended], None],
    ) -> None:
        """Run tasks of an experiment, and hand what comes of each to ``take`` (see ``run_all``)."""
        if tasks:
            run_all(call, tasks, take, self._hands(experiment))

    def _hands(self, experiment: Experiment) -> Hands:
        """Give who runs members of an experiment; processes that are there already go on."""
        if self.executor is not None:
            return Given(self.executor)
        if self.cluster is not None:
            return self._elsewhere()
        refuse_to_nest()
        memory = _memory(experiment)
        if self._own is None or memory > self._sized_for:
            if self._own is not None:
                self._own.close(at_once=False)
            self._own, self._sized_for = Processes(self._fitting(memory)), memory
        return self._own

    def _elsewhere(self) -> Members:
        """Give the workers of the cluster, to which a connection is made once."""
        if self._members is None:
            from glasshouse.engine.cluster.connection import connected
            from glasshouse.engine.cluster.members import Members

            self._members = Members(self._stack.enter_context(connected(cluster=self.cluster)))
        return self._members


def _memory(experiment: Experiment) -> int:
    """Give the bytes that a member takes; raises TooLarge where it does not fit."""
    plan = make_plan(experiment)
    return needs(plan, 1, "all", checked_shard(plan, 1, "all", None, None))[0]
