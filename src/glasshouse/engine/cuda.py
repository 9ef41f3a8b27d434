"""A graphics card as a target: a block takes a community, its threads are the lanes.

Imported only when the device is asked for. Without a card, ``NUMBA_ENABLE_CUDASIM=1`` runs the same
text in Numba's simulator, thread by thread; that is how it is checked where no card is.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

import glasshouse.kernel as primitive
from glasshouse.engine.sweep.beginning import begin_range
from glasshouse.engine.sweep.community import step_range
from glasshouse.errors import BadUsage
from glasshouse.kernel import Target, bind

try:
    from numba import cuda
    from numba.core.config import ENABLE_CUDASIM
except ImportError as missing:
    words = "the device cuda needs a package that the extra `glasshouse[cuda]` brings"
    raise BadUsage(words) from missing


class _Running:
    """In the simulator, the card as the running thread sees it."""

    def __getattr__(self, name: str) -> Any:
        """Give what the simulator's kernel context has under this name."""
        from numba.cuda.simulator.kernel import _get_kernel_context

        return getattr(_get_kernel_context(), name)


card: Any = _Running() if ENABLE_CUDASIM else cuda

LANES = 4 if ENABLE_CUDASIM else 256
BLOCKS = 2 if ENABLE_CUDASIM else 264


def _row(columns: Any, index: int) -> Any:
    return columns[index]


def _lanes(count: int) -> Any:
    return range(card.threadIdx.x, count, card.blockDim.x)


def _communities(first: int, last: int) -> Any:
    return range(first + card.blockIdx.x, last, card.gridDim.x)


def _worker(_number: int) -> Any:
    return card.blockIdx.x


def _first_lane() -> Any:
    return range(card.threadIdx.x, 1, card.blockDim.x)


def _barrier() -> None:
    card.syncthreads()


def _add(totals: Any, index: int, amount: int) -> None:
    card.atomic.add(totals, index, amount)


def _scan(counts: Any, count: int) -> None:
    if card.threadIdx.x == 0:
        total = 0
        for index in range(count):
            here = counts[index]
            counts[index] = total
            total += here
        counts[count] = total


def _pack(keep: Any, count: int, kept: Any, last: int) -> None:
    if card.threadIdx.x == 0:
        found = 0
        for index in range(count):
            kept[found] = index
            found += keep[index] != 0
        kept[last] = found


def _notes(_journal: Any) -> bool:
    return False


def _note(journal: Any, what: int, slot: int, arm: int, day: int, first: int, second: int) -> None:
    pass


SHARED_OUT: dict[Callable[..., Any], Any] = {
    primitive.lanes: _lanes,
    primitive.communities: _communities,
    primitive.worker: _worker,
    primitive.first_lane: _first_lane,
    primitive.barrier: _barrier,
    primitive.add: _add,
    primitive.scan: _scan,
    primitive.pack: _pack,
    primitive.notes: _notes,
    primitive.note: _note,
    primitive.mark: primitive.mark,
}


def _target() -> Target:
    """Give the card, or in the simulator plain Python whose lanes are threads."""

    def compiled(function: FunctionType) -> Any:
        return cuda.jit(function) if "is_entry" in function.__dict__ else function

    if ENABLE_CUDASIM:
        return Target("simulated", SHARED_OUT, constant=int, compiled=compiled)

    def on_card(function: Any) -> Any:
        return cuda.jit(device=True)(function)

    def compiled_on_card(function: FunctionType) -> Any:
        return cuda.jit(function) if "is_entry" in function.__dict__ else on_card(function)

    typed: dict[Callable[..., Any], Any] = {primitive.u64: np.uint64, primitive.i64: np.int64}
    rows = {primitive.row: on_card(_row), primitive.part: on_card(_row)}
    device = {name: on_card(function) for name, function in SHARED_OUT.items()}
    return Target("cuda", device | rows | typed, constant=np.uint64, compiled=compiled_on_card)


class CudaDriver:
    """Carries a world to the card, runs a range of communities there, carries it back."""

    name = "cuda"
    workers = BLOCKS
    can_note = False

    def __init__(self) -> None:
        """Refuse where there is no card."""
        if not ENABLE_CUDASIM and not cuda.is_available():
            message = "no graphics card that CUDA can use was found; use --device cpu"
            raise BadUsage(message)
        target = _target()
        self._begin = bind(begin_range, target)
        self._step = bind(step_range, target)

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out all communities and set the first state."""
        self._launch(self._begin, seed, communities, arrays)

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lead all communities through a step."""
        self._launch(self._step, seed, communities, arrays)

    @staticmethod
    def _launch(entry: Any, seed: int, communities: int, arrays: tuple[Any, ...]) -> None:
        carried: list[tuple[Any, Any]] = []
        there = tuple(_carried(part, carried) for part in arrays)
        entry[BLOCKS, LANES](seed, 0, communities, *there, 0)
        cuda.synchronize()
        for here, device in carried:
            device.copy_to_host(here)


def _carried(part: Any, carried: list[tuple[Any, Any]]) -> Any:
    """Give an argument with its arrays on the card, noting each pair; the simulator needs none."""
    if ENABLE_CUDASIM:
        return part
    if isinstance(part, tuple):
        return type(part)(*(_carried(inner, carried) for inner in part))
    if isinstance(part, np.ndarray):
        device = cuda.to_device(part)
        carried.append((part, device))
        return device
    return part
