"""Progress: a bar with the remaining time on a terminal, plain lines now and then otherwise."""

from __future__ import annotations

import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from glasshouse.cli import talk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Progress = Callable[[int, int], None]

SECONDS_BETWEEN_LINES = 10.0
SECONDS_OF_A_MOMENT = 3.0

LINES_OF_PACE = 6
"""Lines over which the pace is taken: what was read again at the start of a run that goes on was
quicker than what is still to be done."""


@contextmanager
def shown(title: str, *, silent: bool = False, what: str = "steps") -> Iterator[Progress]:
    """Give what is called after each step (or run), with those done and those in all."""
    if silent:
        yield lambda _done, _of: None
    elif talk.is_terminal():
        with _bar(title, what) as progress:
            yield progress
    else:
        yield Lines(title, what=what)


@contextmanager
def _bar(title: str, what: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(what),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


class Lines:
    """Plain lines, seldom: the first step, then one in ten seconds, then the last."""

    def __init__(
        self, title: str, clock: Callable[[], float] = time.monotonic, what: str = "steps"
    ) -> None:
        self.title = title
        self.one = what.removesuffix("s")
        self.clock = clock
        self.began = self.said = clock()
        self.marks: deque[tuple[float, int]] = deque(maxlen=LINES_OF_PACE)
        """When the last lines were said, and what was done then."""

    def __call__(self, done: int, of: int) -> None:
        """Say how far it is, if it is time to."""
        now = self.clock()
        if not self.marks:
            self.marks.append((self.began, done))
        if done < of and now - self.said < SECONDS_BETWEEN_LINES:
            return
        self.said = now
        since, before = self.marks[0]
        self.marks.append((now, done))
        left = ""
        if before < done < of:
            left = f", about {duration((now - since) / (done - before) * (of - done))} left"
        talk.say(
            f"{self.title}: {self.one} {done} of {of} after {duration(now - self.began)}{left}"
        )


def patient(title: str, *, silent: bool = False, what: str = "steps") -> Progress:
    """Give lines that are not worth saying where all is over in a moment."""
    lines = Lines(title, what=what)

    def told(done: int, of: int) -> None:
        if not silent and lines.clock() - lines.began >= SECONDS_OF_A_MOMENT:
            lines(done, of)

    return told


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 1:
        return "less than a second"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"


def size(count: int) -> str:
    """Bytes as people say them."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return (
                f"{amount:.0f} {unit}"
                if amount >= 10 or unit == "bytes"
                else f"{amount:.1f} {unit}"
            )
        amount /= 1000
    return f"{amount:.1f} TB"
