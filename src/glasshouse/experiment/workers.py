"""Leading many runs: handed out, taken as they end, made good where a worker dies.

Whoever runs them (see ``crew``) is handed a function and small tasks, and gives a future for each.
A worker that dies takes nobody with it: what was at work in a pool of processes is run again one at
a time, and the run that ends its process once more, alone, is the one that failed.
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
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from glasshouse.engine.stopping import heeded
from glasshouse.errors import BadUsage, FinishedInPart, Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from glasshouse.engine.stopping import Stop

_T = TypeVar("_T")

SECONDS_BETWEEN_LOOKS = 0.25
"""How often it is looked whether somebody asked to stop."""

WINDOW = 256
"""Runs handed at a time to an executor that does not say how many workers it has."""

ENDED = (
    "the process that ran it ended: it may have run out of memory (a script of one's own must call"
    ' this under `if __name__ == "__main__":`)'
)


class Task(Protocol):
    """What a run is told; plain enough to be sent anywhere."""

    @property
    def number(self) -> int:
        """Its place among the runs."""

    @property
    def data(self) -> str:
        """The folder of the data rooms that the run is settled from."""


class Ended(NamedTuple):
    """A run that has ended: what it gave, or why it gave nothing."""

    number: int
    result: Any = None
    failure: str = ""


class Hands(Protocol):
    """Who runs what is handed out."""

    @property
    def window(self) -> int:
        """How many runs are handed out at a time."""

    def submit(self, call: Callable[[Any], Any], task: Task) -> Future[Any]:
        """Hand a run out."""

    def has_lost(self, error: BaseException) -> bool:
        """Say whether this is no error of the run: whoever ran it is gone."""

    def renew(self, error: BaseException) -> None:
        """Begin anew after a loss, or raise FinishedInPart where nobody here can."""

    def look(self) -> None:
        """Raise FinishedInPart where nobody is at work any more, and nobody can be begun."""

    def why(self, error: BaseException) -> str:
        """Say why a run failed, where its error does not say it plainly."""


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
    """An executor as hands, of which nothing more is known than what its futures say."""

    executor: Executor

    def submit(self, call: Callable[[Any], Any], task: Task) -> Future[Any]:
        """Hand a run out."""
        try:
            return self.executor.submit(call, task)
        except BrokenExecutor as error:
            return failed(error)

    def look(self) -> None:
        """Trust that somebody is at work."""

    def why(self, error: BaseException) -> str:
        """Leave it to the error."""
        del error
        return ""


class Given(_Pool):
    """An executor of the user, which nobody but the user can make anew."""

    window = WINDOW

    def __init__(self, executor: Executor) -> None:
        """Take any executor of ``concurrent.futures``."""
        self.executor = executor

    def has_lost(self, error: BaseException) -> bool:
        """Say whether the executor broke, or let go of the run."""
        return isinstance(error, BrokenExecutor | CancelledError)

    def renew(self, error: BaseException) -> None:
        """Say that the executor is of no use any more."""
        text = f"the executor broke ({error}); what was finished is kept"
        raise FinishedInPart(text) from error


class Processes(_Pool):
    """Processes of our own, made anew when one of them dies."""

    def __init__(self, workers: int) -> None:
        """Begin so many when they are needed."""
        self.workers = workers
        self._before = {child.pid for child in multiprocessing.active_children()}
        self.executor = processes(workers)

    @property
    def window(self) -> int:
        """Two a process: one at work and one that waits."""
        return 2 * self.workers

    def has_lost(self, error: BaseException) -> bool:
        """Say whether a process died."""
        return isinstance(error, BrokenExecutor)

    def renew(self, error: BaseException) -> None:
        """Begin with new processes; one that died takes the others of its pool along."""
        del error
        self.executor.shutdown(wait=True, cancel_futures=True)
        self.executor = processes(self.workers)

    def close(self, *, at_once: bool) -> None:
        """Let the processes end; at once means with what they have in hand unfinished."""
        if at_once:
            for child in multiprocessing.active_children():
                if child.pid not in self._before:
                    child.terminate()
        self.executor.shutdown(wait=True, cancel_futures=True)


def processes(workers: int) -> ProcessPoolExecutor:
    """Give so many worker processes, begun when they are needed."""
    # A forked copy of a process with threads may hang, and a spawned one is alike everywhere.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=begin_worker)


def failed(error: BaseException) -> Future[Any]:
    """Give a future that has failed already."""
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


def refuse_to_nest() -> None:
    """Refuse to begin processes in a process that is itself being begun as a worker.

    A script that sweeps at its top level is read again by each worker, which would sweep in turn.
    """
    if multiprocessing.parent_process() is not None:
        raise BadUsage(
            "a worker process cannot begin workers: put the sweep of a script under"
            ' `if __name__ == "__main__":`, or give an executor'
        )


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
    call: Callable[[Any], Any], tasks: Iterable[Task], take: Callable[[Ended], None], hands: Hands
) -> None:
    """Run tasks in whatever order they end, and hand what comes of each to ``take`` in this thread.

    A run that raises ends with its message. Raises Interrupted when somebody asked to stop, and
    FinishedInPart where nobody is left to run the rest; what was taken stays taken.
    """
    with heeded() as stop:
        _Work(call, deque(tasks), take).lead(hands, stop)


class _Work:
    """Runs that wait, and runs at work."""

    def __init__(
        self, call: Callable[[Any], Any], waiting: deque[Task], take: Callable[[Ended], None]
    ) -> None:
        self.call, self.waiting, self.take = call, waiting, take
        self.going: dict[Future[Any], Task] = {}
        self.suspects: deque[Task] = deque()

    def lead(self, hands: Hands, stop: Stop) -> None:
        """Lead everything to its end, whatever becomes of a worker."""
        try:
            while self.waiting or self.going or self.suspects:
                _obey(stop)
                hands.look()
                is_alone = bool(self.suspects)
                self._hand_out(hands, 1 if is_alone else hands.window)
                lost = None
                broken = []
                for future, task in self._ended():
                    error = _error(future)
                    if error is not None and hands.has_lost(error):
                        lost = error
                        broken.append(task)
                    else:
                        self._heed(task, error, future, hands)
                if lost is not None:
                    self._make_good(hands, lost, broken, is_alone=is_alone)
        finally:
            for future in self.going:
                future.cancel()

    def _hand_out(self, hands: Hands, window: int) -> None:
        """Hand out what there is room for; those whose process died are tried one at a time."""
        queue = self.suspects or self.waiting
        while queue and len(self.going) < window:
            task = queue.popleft()
            future = hands.submit(self.call, task)
            self.going[future] = task
            if future.done():
                return

    def _make_good(
        self, hands: Hands, error: BaseException, broken: list[Task], *, is_alone: bool
    ) -> None:
        """Run again what was at work when a worker died, unless it died twice and alone."""
        hands.renew(error)
        if is_alone:
            self.take(Ended(broken[0].number, failure=ENDED))
        else:
            broken += self.going.values()
            self.suspects += sorted(broken, key=lambda task: task.number)
        self.going.clear()

    def _ended(self) -> list[tuple[Future[Any], Task]]:
        done, _ = wait(self.going, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
        return [(future, self.going.pop(future)) for future in done]

    def _heed(
        self, task: Task, error: BaseException | None, future: Future[Any], hands: Hands
    ) -> None:
        """Take what came of a run; a request to stop that reached it is ours too."""
        if isinstance(error, Interrupted | KeyboardInterrupt):
            raise Interrupted
        if error is None:
            self.take(Ended(task.number, future.result()))
            return
        said = str(error).strip() or "no reason was given"
        why = hands.why(error) or f"{type(error).__name__}: {said}"
        self.take(Ended(task.number, failure=why[:2000]))


def _error(future: Future[Any]) -> BaseException | None:
    """Give what went wrong with a run, if anything did."""
    if future.cancelled():
        return CancelledError("it let go of the run")
    return future.exception()


def _obey(stop: Stop) -> None:
    if stop.is_asked:
        raise Interrupted
