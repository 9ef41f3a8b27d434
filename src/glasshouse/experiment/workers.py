"""Who runs the members of a sweep: here, one after the other, or processes of their own.

Any executor of ``concurrent.futures`` will do; it is handed ``run_member`` and small tasks. Without
one a sweep keeps a pool of processes of its own, with one engine thread each. A process that dies
takes nobody with it: the pool is made anew, the members that were at work are run again one at a
time, and the one that ends its process once more, alone, is the one that failed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, TypeVar

from glasshouse.engine.estimate import SPARE, checked_shard, free_memory, needs
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.stopping import heeded
from glasshouse.errors import BadUsage, FinishedInPart, Interrupted
from glasshouse.experiment.member import Outcome, run_member

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from glasshouse.engine.stopping import Stop
    from glasshouse.experiment.member import Task
    from glasshouse.law.experiment import Experiment

_T = TypeVar("_T")

SECONDS_BETWEEN_LOOKS = 0.25
"""How often it is looked whether somebody asked to stop."""

WINDOW = 256
"""Members handed at a time to an executor that does not say how many workers it has."""

ENDED = (
    "the process that ran it ended: it may have run out of memory (a script of one's own must call"
    ' a sweep under `if __name__ == "__main__":`)'
)


class InProcess(Executor):
    """An executor that calls at once, in this process; nothing is pickled."""

    def submit(self, fn: Callable[..., _T], /, *given: Any, **named: Any) -> Future[_T]:
        """Call, and give a future that is already done."""
        future: Future[_T] = Future()
        try:
            future.set_result(fn(*given, **named))
        except Exception as error:  # noqa: BLE001 - a future carries whatever was raised
            future.set_exception(error)
        return future


class _Pool:
    """Processes of our own, made anew when one of them dies."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._before = {child.pid for child in multiprocessing.active_children()}
        self._executor = processes(self.workers)

    def submit(self, task: Task) -> Future[Outcome]:
        try:
            return self._executor.submit(run_member, task)
        except BrokenProcessPool as error:
            future: Future[Outcome] = Future()
            future.set_exception(error)
            return future

    def renew(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = processes(self.workers)

    def close(self, *, at_once: bool) -> None:
        """Let the processes end; at once means with what they have in hand unfinished."""
        if at_once:
            for child in multiprocessing.active_children():
                if child.pid not in self._before:
                    child.terminate()
        self._executor.shutdown(wait=True, cancel_futures=True)


def processes(workers: int) -> ProcessPoolExecutor:
    """Give so many worker processes, begun when they are needed."""
    # A forked copy of a process with threads may hang, and a spawned one is alike everywhere.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=begin_worker)


def refuse_to_nest() -> None:
    """Refuse to begin processes in a process that is itself being begun as a worker.

    A script that sweeps at its top level is read again by each worker, which would sweep in turn.
    """
    if multiprocessing.parent_process() is not None:
        raise BadUsage(
            "a worker process cannot begin workers: put the sweep of a script under"
            ' `if __name__ == "__main__":`, or give an executor'
        )


def workers_for(experiment: Experiment, device: str, members: int, asked: int | None) -> int:
    """Give how many processes run members at a time: as many as there are processors and memory.

    One where a graphics card computes. Raises TooLarge where not even one member fits.
    """
    plan = make_plan(experiment)
    memory, _ = needs(plan, 1, "all", checked_shard(plan, 1, "all", None, None))
    free = free_memory()
    fit = members if free is None else max(1, int(free * (1 - SPARE)) // memory)
    most = 1 if device == "cuda" else asked or os.cpu_count() or 1
    return max(1, min(most, members, fit))


def begin_worker() -> None:
    """Make a process heed its parent: the parent hears Ctrl-C, and nobody outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    """End at once when the parent has: it may have been killed, and nobody would read on."""
    parent.join()
    os._exit(1)


def run_all(
    tasks: Iterable[Task],
    take: Callable[[Outcome], None],
    *,
    executor: Executor | None,
    workers: int,
) -> None:
    """Run members in whatever order they end, and hand each outcome to ``take`` in this thread.

    A member that raises gives an outcome with its message. Raises Interrupted when somebody asked
    to stop; what was taken stays taken.
    """
    work = _Work(deque(tasks), take)
    with heeded() as stop:
        if executor is not None:
            work.lead(executor, stop)
            return
        pool = _Pool(workers)
        ended = False
        try:
            work.lead_pool(pool, stop)
            ended = True
        finally:
            pool.close(at_once=not ended)


class _Work:
    """Members that wait, and members at work."""

    def __init__(self, waiting: deque[Task], take: Callable[[Outcome], None]) -> None:
        self.waiting, self.take = waiting, take
        self.going: dict[Future[Outcome], Task] = {}
        self.suspects: deque[Task] = deque()

    def lead(self, executor: Executor, stop: Stop) -> None:
        """Lead everything through an executor of the user."""
        try:
            while self.waiting or self.going:
                _obey(stop)
                while self.waiting and len(self.going) < WINDOW:
                    task = self.waiting.popleft()
                    try:
                        future = executor.submit(run_member, task)
                    except BrokenExecutor as error:
                        text = f"the executor broke ({error}); what was finished is kept"
                        raise FinishedInPart(text) from error
                    if future.done():
                        self._heed(future, task)
                        _obey(stop)
                    else:
                        self.going[future] = task
                for future, task in self._ended():
                    self._heed(future, task)
        finally:
            for future in self.going:
                future.cancel()

    def lead_pool(self, pool: _Pool, stop: Stop) -> None:
        """Lead everything through processes of our own, whatever becomes of one of them."""
        while self.waiting or self.going or self.suspects:
            _obey(stop)
            queue, window = self.waiting, 2 * pool.workers
            if self.suspects:
                queue, window = self.suspects, 1
            while queue and len(self.going) < window:
                task = queue.popleft()
                self.going[pool.submit(task)] = task
            is_alone = len(self.going) == 1 and window == 1
            broken = []
            for future, task in self._ended():
                if isinstance(future.exception(), BrokenProcessPool):
                    broken.append(task)
                else:
                    self._heed(future, task)
            if not broken:
                continue
            if is_alone:
                self.take(Outcome(broken[0].number, failure=ENDED))
            else:
                broken += self.going.values()
                self.suspects += sorted(broken)
            self.going.clear()
            pool.renew()

    def _ended(self) -> list[tuple[Future[Outcome], Task]]:
        done, _ = wait(self.going, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
        return [(future, self.going.pop(future)) for future in done]

    def _heed(self, future: Future[Outcome], task: Task) -> None:
        """Take the outcome of a member; a request to stop that reached its run is ours too."""
        error = future.exception()
        if isinstance(error, Interrupted | KeyboardInterrupt):
            raise Interrupted
        if error is not None:
            said = str(error).strip() or "no reason was given"
            kind = type(error).__name__
            self.take(Outcome(task.number, failure=f"{kind}: {said}"[:2000]))
        else:
            self.take(future.result())


def _obey(stop: Stop) -> None:
    if stop.is_asked:
        raise Interrupted
