"""What a leader has asked of its workers, and how the answers come in whatever happens to them."""

from __future__ import annotations

import time
from concurrent.futures import CancelledError
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias

from distributed import KilledWorker

from glasshouse.engine.cluster.reach import refuse_to_be_alone, within_reach
from glasshouse.errors import ClusterFailed, DamagedRun

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from distributed import Client, Future

LOOK_SECONDS = 2.0
"""How long nothing may come before it is asked whether anybody is at work."""

PATIENCE_SECONDS = 120.0
"""How long there may be no worker at all; the queue of a cluster may bring others."""

BATCH = 64
"""Answers fetched at a time at most."""

Again: TypeAlias = "Callable[[int, DamagedRun | None], Future[Any]]"
"""Gives a new future for the number of one whose answer was lost, or whose file was damaged."""


class Asked:
    """Tasks of one run, under keys that say what they are."""

    def __init__(self, client: Client, token: str) -> None:
        """Ask the workers of ``client``; ``token`` tells this run's keys from all others."""
        self.client, self.token = client, token
        self._times = 0
        """How often something has been asked for once more, under keys of its own."""
        self._alone_since = 0.0

    def once_more(self) -> None:
        """Let everything that is asked from here on have keys that were not used before."""
        self._times += 1

    def ask(
        self, what: str, step: int, number: int, function: Callable[..., Any], *given: Any
    ) -> Future[Any]:
        """Ask for a task, unless it has been asked for already; futures may be among ``given``."""
        key = (f"glasshouse_{what}-{self.token}-{step}-{self._times}", number)
        with within_reach(self.client):
            asked: Future[Any] = self.client.submit(function, *given, key=key)
        return asked

    def hand_out(self, value: Any) -> Future[Any]:
        """Put something into the memory of a worker; nobody can make it again if it is lost."""
        with within_reach(self.client):
            futures: list[Future[Any]] = self.client.scatter([value], hash=False)
        return futures[0]

    def everywhere(self, function: Callable[..., Any], *given: Any) -> dict[str, Any]:
        """Ask every worker at once, outside of all tasks; one that goes meanwhile says nothing."""
        with within_reach(self.client):
            said: dict[str, Any] = self.client.run(function, *given, on_error="ignore")
        return said

    def given(
        self, asked: Iterable[tuple[int, Future[Any]]], again: Again, window: int | None = None
    ) -> Iterator[tuple[int, Any]]:
        """Give the answers with their numbers, as they come; at most ``window`` are under way."""
        still = iter(asked)
        waiting: dict[int, Future[Any]] = {}
        ended: SimpleQueue[int] = SimpleQueue()

        def watch(number: int, future: Future[Any]) -> None:
            waiting[number] = future
            future.add_done_callback(lambda _: ended.put(number))

        while True:
            for number, future in islice(still, None if window is None else window - len(waiting)):
                watch(number, future)
            if not waiting:
                return
            there = []
            for number in self._next(ended):
                trouble = self._trouble(waiting[number])
                if trouble is None:
                    there.append((number, waiting.pop(number)))
                else:
                    watch(
                        number, again(number, trouble if isinstance(trouble, DamagedRun) else None)
                    )
            try:
                with within_reach(self.client):
                    answers = self.client.gather([future for _, future in there])
            except CancelledError:  # lost on its way, which the look at each will find
                for number, future in there:
                    watch(number, future)
            else:
                yield from zip((number for number, _ in there), answers, strict=True)

    def _next(self, ended: SimpleQueue[int]) -> list[int]:
        """Give what has ended; where nothing has for a while, see whether anybody is at work."""
        try:
            found = [ended.get(timeout=LOOK_SECONDS)]
        except Empty:
            self._look()
            return []
        self._alone_since = 0.0
        while len(found) < BATCH and not ended.empty():
            found.append(ended.get())
        return found

    def _trouble(self, future: Future[Any]) -> Exception | None:
        """Say what became of an answer that was lost or that never will be; raise what is final."""
        if future.status in {"cancelled", "lost"}:
            refuse_to_be_alone(self.client)
            return ClusterFailed("lost")
        if future.status != "error":
            return None
        with within_reach(self.client):
            error = future.exception()
        if isinstance(error, DamagedRun):
            return error
        if isinstance(error, KilledWorker):
            raise ClusterFailed(
                "the workers that took a shard have ended, one after the other: they may lack the"
                " memory for it"
            ) from error
        raise error

    def _look(self) -> None:
        """Refuse to wait for workers that do not come."""
        refuse_to_be_alone(self.client)
        try:
            with within_reach(self.client):
                is_alone = not self.client.nthreads()
        except OSError as error:
            raise ClusterFailed("the Dask scheduler does not answer any more") from error
        now = time.monotonic()
        if not is_alone:
            self._alone_since = 0.0
        elif self._alone_since == 0.0:
            self._alone_since = now
        elif now - self._alone_since > PATIENCE_SECONDS:
            raise ClusterFailed(f"no worker has been there for {PATIENCE_SECONDS:.0f} seconds")
