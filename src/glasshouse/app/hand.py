"""A worker seen from the server: its process, the line to it, and the thread that listens."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from typing import TYPE_CHECKING, Any

from glasshouse.app.worker import STOP, work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from glasshouse.app.desk import Job
    from glasshouse.app.worker import Task

SECONDS_TO_END = 3.0


class Hand:
    """One worker process; what it says is handed on by a thread that does nothing else."""

    def __init__(self, root: Path, hear: Callable[[Hand, bytes | None], None]) -> None:
        """Begin the process; ``hear`` is called from the thread, with None when it has ended."""
        context = multiprocessing.get_context("spawn")
        self.line, other = context.Pipe()
        self.process = context.Process(target=work, args=(other, str(root)), daemon=True)
        with _without_interrupts():
            self.process.start()
        other.close()
        self.is_ready = False
        self.job: Job | None = None
        self._hear = hear
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def give(self, job: Job, task: Task) -> None:
        """Give it something to do."""
        self.job = job
        self._send(task)

    def stop(self) -> None:
        """Ask it to leave what it has in hand."""
        self._send(STOP)

    def end(self) -> None:
        """End the process, whatever it has in hand."""
        if self.process.is_alive():
            self.process.kill()

    def join(self) -> None:
        """Wait until the process and the thread have ended."""
        self.process.join(SECONDS_TO_END)
        self._thread.join(SECONDS_TO_END)
        self.line.close()

    def _send(self, what: Any) -> None:
        # a process that has just ended is told by the thread that listens
        with contextlib.suppress(OSError):
            self.line.send(what)

    def _listen(self) -> None:
        while True:
            try:
                content = self.line.recv_bytes()
            except (EOFError, OSError):
                self._hear(self, None)
                return
            self._hear(self, content)


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let a process begin deaf to Ctrl-C, which its parent hears: it ends when the parent says."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
