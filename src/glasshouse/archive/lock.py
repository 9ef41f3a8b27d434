"""A directory that one process holds at a time."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import TYPE_CHECKING

from glasshouse.errors import Unfinished

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self


def locked(file: Path, taken: str) -> int:
    """Take a lock by its file; the system lets go of it when the process ends.

    Raises Unfinished with what ``taken`` says where another process holds it.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
            raise
        raise Unfinished(taken) from error
    return handle


class Locked:
    """Whoever holds a lock until it is closed; below zero is no lock."""

    _lock: int = -1

    def close(self) -> None:
        """Let go of the lock."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
