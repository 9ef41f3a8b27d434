"""Threads that work together on one thing, whoever asks for it among them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait


class Threads:
    """Some threads; they are begun when they are first needed and end with this object."""

    def __init__(self, number: int) -> None:
        """Keep ``number`` threads, that of the caller included."""
        self.number = number
        self._others = ThreadPoolExecutor(max(1, number - 1))

    def work(self, work: Callable[[int], None]) -> None:
        """Let each of them do the work, which is given the thread's number, from 0.

        Waits until all are through, also where one fails, and raises what went wrong.
        """
        helping = [self._others.submit(work, number) for number in range(1, self.number)]
        try:
            work(0)
        finally:
            wait(helping)
        for each in helping:
            each.result()
