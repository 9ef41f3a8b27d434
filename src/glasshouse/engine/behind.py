"""Files read ahead of the computation and written behind it: it does not wait for a disk."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType


class Behind:
    """Writes in a thread of its own, in order; leaving waits for all that is written."""

    def __init__(self, most: int) -> None:
        """Let at most ``most`` files wait to be written: they are held in memory."""
        self._room = BoundedSemaphore(most)
        self._pool = ThreadPoolExecutor(1)
        self._failed: BaseException | None = None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        """Wait for what is still to be written, and raise what went wrong if nothing else did."""
        self._pool.shutdown()
        if kind is None:
            self.check()

    def write(self, write: Callable[[], None]) -> None:
        """Write when it is its turn; wait here while too much waits."""
        self.check()
        self._room.acquire()
        self._pool.submit(self._write, write)

    def check(self) -> None:
        """Raise what went wrong with anything that was to be written."""
        if self._failed is not None:
            raise self._failed

    def _write(self, write: Callable[[], None]) -> None:
        try:
            if self._failed is None:
                write()
        except BaseException as error:  # noqa: BLE001 - raised where the computation is
            self._failed = error
        finally:
            self._room.release()


def foresee(files: Iterable[Path]) -> None:
    """Tell the system that files will soon be read; it may bring them into memory by then."""
    if not hasattr(os, "posix_fadvise"):
        return
    for file in files:
        try:
            handle = os.open(file, os.O_RDONLY)
        except OSError:
            continue
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_WILLNEED)
        finally:
            os.close(handle)
