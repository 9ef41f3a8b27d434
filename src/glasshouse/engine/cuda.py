"""A graphics card as a target: a block takes a community, its threads are the lanes.

Imported only when the device is asked for. Without a card, ``NUMBA_ENABLE_CUDASIM=1`` runs the same
text in Numba's simulator, thread by thread; that is how it is checked where no card is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from types import FunctionType
from typing import Any

import numpy as np
from numba import cuda
from numba.core.config import ENABLE_CUDASIM

import glasshouse.kernel as primitive
from glasshouse.engine.card import grid
from glasshouse.engine.drivers import AtHome, turn_of
from glasshouse.engine.sweep.beginning import begin_range
from glasshouse.engine.sweep.community import step_range
from glasshouse.engine.tables import Sizes
from glasshouse.errors import BadUsage
from glasshouse.kernel import Target, bind


class _Running:
    """In the simulator, the card as the running thread sees it."""

    def __getattr__(self, name: str) -> Any:
        """Give what the simulator's kernel context has under this name."""
        from numba.cuda.simulator.kernel import _get_kernel_context

        return getattr(_get_kernel_context(), name)


card: Any = _Running() if ENABLE_CUDASIM else cuda

LANES = 4 if ENABLE_CUDASIM else 32
"""Threads of a block: one warp, since much of a step is done by one of them while others wait."""

SIMULATED_BLOCKS = 2


def _lanes(count: int) -> Any:
    return range(card.threadIdx.x, count, card.blockDim.x)


def _next_community(turn: Any, before: int) -> Any:
    return int(turn[0]) + card.blockIdx.x if before < 0 else before + card.gridDim.x


def _arms(count: int) -> Any:
    return range(card.blockIdx.y, count, card.gridDim.y)


def _worker(_number: int) -> Any:
    return card.blockIdx.x * card.gridDim.y + card.blockIdx.y


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


def _spread(begins: Any, count: int, owners: Any, serials: Any, total: int) -> None:
    for index in range(card.threadIdx.x, count, card.blockDim.x):
        begin = begins[index]
        for place in range(begin, min(begins[index + 1], total)):
            owners[place] = index
            serials[place] = place - begin


def packing(cells: Callable[[], Any]) -> Any:
    """Make the form of ``pack`` in which all lanes take part; ``cells`` gives a cell for each.

    Each lane counts its own stretch, and writes behind what the lanes before it have found.
    """

    def pack(keep: Any, count: int, kept: Any, last: int) -> None:
        found_by = cells()
        lane = card.threadIdx.x
        stretch = (count + LANES - 1) // LANES
        begin = min(lane * stretch, count)
        end = min(begin + stretch, count)
        found = 0
        for index in range(begin, end):
            found += keep[index] != 0
        found_by[lane] = found
        card.syncthreads()
        place = 0
        for before in range(lane):
            place += found_by[before]
        for index in range(begin, end):
            if keep[index] != 0:
                kept[place] = index
                place += 1
        if lane == LANES - 1:
            kept[last] = place

    return pack


def _notes(_journal: Any) -> bool:
    return False


def _note(journal: Any, what: int, slot: int, arm: int, day: int, first: int, second: int) -> None:
    pass


SHARED_OUT: dict[Callable[..., Any], Any] = {
    primitive.lanes: _lanes,
    primitive.next_community: _next_community,
    primitive.arms: _arms,
    primitive.worker: _worker,
    primitive.first_lane: _first_lane,
    primitive.barrier: _barrier,
    primitive.scan: _scan,
    primitive.spread: _spread,
    primitive.notes: _notes,
    primitive.note: _note,
    primitive.mark: primitive.mark,
    primitive.hold: primitive.hold,
}


def _simulated() -> Target:
    """Give plain Python whose lanes are the simulator's threads."""

    def compiled(function: FunctionType) -> Any:
        return cuda.jit(function) if "is_entry" in function.__dict__ else function

    cells = lambda: card.shared.array(LANES, np.int64)  # noqa: E731 - one for each block
    forms = SHARED_OUT | {primitive.add: _add, primitive.pack: packing(cells)}
    return Target("simulated", forms, constant=int, compiled=compiled)


def bound(target: Target) -> dict[Any, Any]:
    """Give the entries of the sweep as a target has them."""
    return {
        begin_range: bind(begin_range, target),
        step_range: bind(step_range, target),
    }


class _Simulator(AtHome):
    """Runs the text in Numba's simulator, on the arrays as they lie here."""

    workers = SIMULATED_BLOCKS

    def __init__(self) -> None:
        """Compile nothing: the simulator is Python."""
        self._bound = bound(_simulated())

    def run(self, entry: Any, arguments: tuple[Any, ...], communities: int, arms: int) -> None:
        """Run an entry for so many communities and arms."""
        self._bound[entry][grid(SIMULATED_BLOCKS, communities, arms), LANES](*arguments)


@cache
def _at_hand() -> Any:
    """Give what runs the text here: the simulator, or the card of this machine.

    All societies of a process share it, so that the text is compiled once.
    """
    if ENABLE_CUDASIM:
        return _Simulator()
    # What Numba itself still has of CUDA is old and compiles nothing of this.
    if find_spec("numba_cuda") is None:
        message = (
            "the device cuda needs a package that is not installed, and a graphics card:"
            " `pip install 'glasshouse[cuda]'`; --device cpu gives the same results"
        )
        raise BadUsage(message)
    from glasshouse.engine.graphics import Graphics, refuse_what_will_not_do

    refuse_what_will_not_do()
    return Graphics(LANES, bound(on_card()))


def on_card() -> Target:
    """Give a card as a target."""
    from glasshouse.engine.graphics import cells_of, target_of

    return target_of(SHARED_OUT | {primitive.pack: packing(cells_of(LANES))})


class CudaDriver:
    """Runs all communities on a card, where their columns stay from step to step."""

    name = "cuda"
    can_note = False

    def __init__(self) -> None:
        """Refuse where there is no card."""
        self._card = _at_hand()
        self.workers: int = self._card.workers

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out all communities and set the first state."""
        self._card.run(begin_range, (seed, turn_of(0), communities, *arrays, 0), communities, 1)

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lead all communities through a step."""
        arms = next(part for part in arrays if isinstance(part, Sizes)).arms
        self._card.run(step_range, (seed, turn_of(0), communities, *arrays, 0), communities, arms)

    def bring_home(self, arrays: Any) -> None:
        """Bring columns home, where they may be changed until the next call."""
        self._card.bring_home(arrays)
