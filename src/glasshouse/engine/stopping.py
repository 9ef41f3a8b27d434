"""Being asked to stop: the step at hand is finished and kept; asked twice, it stops at once."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Whether somebody asked to stop."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.is_asked = False

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Note the first request; a second one does not wait for the step."""
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True


@contextmanager
def heeded() -> Iterator[Stop]:
    """Heed Ctrl-C and SIGTERM between steps, where this thread may do so."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop.ask) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
