"""The program `glasshouse`, and the same as `python -m glasshouse`."""

from __future__ import annotations

import os
import signal


def start() -> None:
    """Run a command line; Ctrl-C ends quietly from the first moment on, while it still loads."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # a shell may have told it to ignore Ctrl-C
        signal.signal(signal.SIGINT, _stopped)
    from glasshouse.cli import main

    signal.signal(signal.SIGINT, before)
    main(prog_name="glasshouse")


def _stopped(_number: int, _frame: object) -> None:
    os.write(2, b"stopped before it began\n")
    os._exit(130)


if __name__ == "__main__":
    start()
