"""Thin drivers: each runs the same sweep on its device; none knows anything of the model.

``python`` is the oracle, ``cpu`` compiles for the processor and shares communities among threads,
``cuda`` is in its own file and is imported only when asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.sweep.beginning import begin_range
from glasshouse.engine.sweep.community import step_range
from glasshouse.errors import BadUsage
from glasshouse.kernel import bind
from glasshouse.threads import Threads


class Driver(Protocol):
    """Runs a range of communities."""

    name: str
    workers: int
    can_note: bool
    """Whether one lane takes a whole community, so that events have an order."""

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out all communities and set the first state."""

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lead all communities through a step."""

    def bring_home(self, arrays: Any) -> None:
        """Bring columns of a world home, where they may be changed until the next call."""


class AtHome:
    """A device that works on the columns as they lie here."""

    def bring_home(self, arrays: Any) -> None:
        """Nothing lies elsewhere."""


def plain(tables: Any) -> Any:
    """Give nested named tuples with one-dimensional arrays as memory views, for plain Python.

    A memory view gives Python's own integers, which never overflow, and refuses to store a number
    that its column cannot hold.
    """
    if isinstance(tables, tuple):
        return type(tables)(*map(plain, tables))
    if isinstance(tables, np.ndarray) and tables.ndim == 1:
        return tables.data
    return tables


def turn_of(community: int) -> NDArray[np.int64]:
    """Give whose turn it is: this community's, then the next one's."""
    return np.array([community], np.int64)


def run_plainly(
    entry: Callable[..., None], seed: int, communities: int, arrays: tuple[Any, ...]
) -> None:
    """Call an entry of the sweep as plain Python, for all communities."""
    entry(seed, turn_of(0), communities, *map(plain, arrays), 0)


class PythonDriver(AtHome):
    """The oracle: the sweep's text as plain Python, one community after the other."""

    name = "python"
    workers = 1
    can_note = True

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out all communities and set the first state."""
        run_plainly(begin_range, seed, communities, arrays)

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lead all communities through a step."""
        run_plainly(step_range, seed, communities, arrays)


@cache
def bound_for_processor(*, timed: bool = False) -> tuple[Any, Any]:
    """Give the compiled entries, the same for all drivers of a process: they are loaded once."""
    from glasshouse.engine.cpu import CPU, TIMED

    target = TIMED if timed else CPU
    return bind(begin_range, target), bind(step_range, target)


class CpuDriver(AtHome):
    """Compiled for the processor; a few threads take one community after the other."""

    name = "cpu"
    can_note = True

    def __init__(self, threads: int, *, timed: bool = False) -> None:
        """Compile nothing yet; ``threads`` workers, each with its own frame and counts.

        ``timed``: with code that measures how long each lap takes, and gives the same bits.
        """
        self.workers = threads
        self._threads = Threads(threads)
        self._begin, self._step = bound_for_processor(timed=timed)

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out all communities and set the first state."""
        self._share(self._begin, seed, communities, arrays)

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lead all communities through a step."""
        self._share(self._step, seed, communities, arrays)

    def _share(
        self, entry: Callable[..., None], seed: int, communities: int, arrays: tuple[Any, ...]
    ) -> None:
        """Let all workers take communities; the sums do not depend on who takes what."""
        self._threads.work(partial(entry, seed, turn_of(0), communities, *arrays))


def driver(name: str, threads: int = 1) -> Driver:
    """Give the driver of a device: ``cpu``, ``python`` or ``cuda``."""
    if name == "python":
        return PythonDriver()
    if name == "cpu":
        return CpuDriver(threads)
    if name == "cuda":
        from glasshouse.engine.cuda import CudaDriver

        return CudaDriver()
    message = f"no device `{name}`: one of cpu, python, cuda"
    raise BadUsage(message)


def is_at_hand() -> bool:
    """Say whether the sweep is already compiled on this machine, so that it is only loaded."""
    from glasshouse.engine.shelf import is_kept

    return all(map(is_kept, (begin_range, step_range)))
