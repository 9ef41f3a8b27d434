"""Numba's CUDA: the forms that its compiler needs of the primitives, and the card that runs them.

A kernel is given one number an axis and a number a scalar, and builds the named tuples of the text
from them: handed over as Numba's arrays they would take more room than a kernel's arguments have.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from cuda.pathfinder import DynamicLibNotFoundError
from llvmlite import ir
from numba import cuda
from numba.cuda import cgutils, types
from numba.cuda.cudadrv.driver import CudaAPIError, device_memset
from numba.cuda.cudadrv.error import NvvmSupportError
from numba.cuda.cudadrv.nvvm import ADDRSPACE_SHARED
from numba.cuda.extending import intrinsic
from numba.cuda.np.arrayobj import make_array, populate_array
from numba.cuda.np.numpy_support import from_dtype
from numpy.typing import NDArray

import glasshouse.kernel as primitive
from glasshouse.engine.card import WORD, Holdings, grid
from glasshouse.engine.rows import Compiler, stretching, taking
from glasshouse.errors import BadUsage, TooLarge
from glasshouse.kernel import Target

jit: Any = cuda.jit

BLOCKS_A_PROCESSOR = 8
"""Blocks for each multiprocessor of a card: so many warps of 255 registers a thread find room."""


def _array(
    context: Any, builder: Any, kind: Any, data: Any, shape: list[Any], strides: list[Any]
) -> Any:
    """Build an array from where it begins and how far apart its rows are."""
    array = make_array(kind)(context, builder)
    size = context.get_constant(types.intp, kind.dtype.bitwidth // 8)
    populate_array(array, data, shape, strides, size, None)
    return array._getvalue()  # noqa: SLF001 - Numba's own way to say it


_COMPILER = Compiler(intrinsic, types, cgutils, make_array, _array)


@intrinsic
def _add(_typing: Any, totals: Any, _index: Any, _amount: Any) -> Any:
    """Add where lanes may meet; numbers of 32 and of 64 bits can be added to so."""

    def generated(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        builder.atomic_rmw("add", builder.gep(values[0], [values[1]]), values[2], "monotonic")

    if not isinstance(totals, types.CPointer) or totals.dtype.bitwidth < 32:
        return None
    return types.none(totals, types.int64, totals.dtype), generated


def cells_of(lanes: int) -> Any:
    """Make the intrinsic that gives a number of 64 bits for each lane, which all lanes see.

    The memory is the module's own: Numba's form of it can be in one place of a kernel only.
    """

    @intrinsic
    def cells(_typing: Any) -> Any:
        def generated(_context: Any, builder: Any, _signature: Any, _values: Any) -> Any:
            name, kind = "cells_of_lanes", ir.ArrayType(ir.IntType(64), lanes)
            memory = builder.module.globals.get(name) or cgutils.add_global_variable(
                builder.module, kind, name, ADDRSPACE_SHARED
            )
            memory.linkage, memory.align = "internal", 8
            memory.initializer = ir.Constant(kind, ir.Undefined)
            first = builder.gep(memory, [ir.Constant(ir.IntType(32), 0)] * 2)
            return builder.addrspacecast(first, ir.PointerType(ir.IntType(64)), "generic")

        return types.CPointer(types.int64)(), generated

    return cells


def _kind(part: Any) -> Any:
    """Give Numba's type of an argument, however its array lies here."""
    if isinstance(part, tuple):
        named = type(part) if hasattr(part, "_fields") else None
        return types.BaseTuple.from_types([_kind(inner) for inner in part], named)
    if isinstance(part, np.ndarray):
        return types.Array(from_dtype(part.dtype), part.ndim, "C")
    return types.int64


def _opening(kind: Any) -> Any:
    """Make the intrinsic that builds nested tuples of arrays from the words that tell of them."""

    @intrinsic
    def opening(_typing: Any, words: Any) -> Any:
        def generated(context: Any, builder: Any, _signature: Any, values: Any) -> Any:
            left = iter(cgutils.unpack_tuple(builder, values[0], words.count))

            def built(kind: Any) -> Any:
                if isinstance(kind, types.BaseTuple):
                    parts = [built(inner) for inner in kind.types]
                    return context.make_tuple(builder, kind, parts)
                if not isinstance(kind, types.Array):
                    return next(left)
                begin = next(left)
                size = context.get_constant(types.intp, kind.dtype.bitwidth // 8)
                strides = [*(next(left) for _ in range(kind.ndim - 1)), size]
                # A row's length follows from how far apart rows are; of the first axis nobody asks.
                pairs = itertools.pairwise(strides)
                lengths = (builder.udiv(outer, inner) for outer, inner in pairs)
                shape = [context.get_constant(types.intp, 0), *lengths]
                pointer = context.get_value_type(types.CPointer(kind.dtype))
                data = builder.inttoptr(begin, pointer)
                return _array(context, builder, kind, data, shape, strides)

            return built(kind)

        return kind(words), generated

    return opening


def _on_card(function: Any) -> Any:
    """Compile what an entry calls: written out where it is called, once for all literal numbers."""
    dispatcher = jit(device=True, forceinline=True)(function)
    typed = dispatcher.get_call_template
    dispatcher.get_call_template = lambda args, kws: typed(tuple(map(types.unliteral, args)), kws)
    return dispatcher


def target_of(forms: Mapping[Callable[..., Any], Any]) -> Target:
    """Give the card as a target, with these forms of what differs in its text alone."""
    primitives: dict[Callable[..., Any], Any] = {
        **{name: _on_card(form) for name, form in forms.items()},
        primitive.row: taking(_COMPILER, last=True),
        primitive.part: taking(_COMPILER, last=False),
        primitive.add: _add,
        primitive.stretch: stretching(_COMPILER),
        primitive.u64: np.uint64,
        primitive.i64: np.int64,
    }
    return Target("cuda", primitives, constant=np.uint64, compiled=_on_card)


def opened(entry: Any, arguments: tuple[Any, ...]) -> tuple[Callable[[Any], None], Any]:
    """Give an entry bound for a card as a kernel that takes words alone, and their type."""
    kind = _kind(arguments)
    opening = _opening(kind)

    def kernel(words):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        entry(*opening(words))

    return kernel, types.UniTuple(types.int64, _words_in(kind))


def _words_in(kind: Any) -> int:
    if isinstance(kind, types.BaseTuple):
        return sum(map(_words_in, kind.types))
    return int(kind.ndim) if isinstance(kind, types.Array) else 1


class _Room:
    """Memory of the card, zero to begin with."""

    def __init__(self, size: int) -> None:
        """Take it; say how much there is where it is too much."""
        try:
            self._there = cuda.device_array(size, np.uint8)
        except CudaAPIError as error:
            free, whole = cuda.current_context().get_memory_info()
            message = (
                f"the graphics card has {free / 1e9:,.1f} of its {whole / 1e9:,.1f} GB free and"
                f" {size / 1e9:,.1f} GB more are needed; use fewer people or --device cpu"
            )
            raise TooLarge(message) from error
        self.size = size
        self.address: int = self._there.__cuda_array_interface__["data"][0]
        self.clear()

    def put(self, values: NDArray[Any], offset: int = 0) -> None:
        """Copy an array there."""
        raw = values.reshape(-1).view(np.uint8)
        if raw.size:
            self._there[offset : offset + raw.size].copy_to_device(raw)

    def get(self, values: NDArray[Any], offset: int = 0) -> None:
        """Fill an array from there."""
        raw = values.reshape(-1).view(np.uint8)
        if raw.size:
            self._there[offset : offset + raw.size].copy_to_host(raw)

    def clear(self) -> None:
        """Fill it with zeros."""
        device_memset(self._there, 0, self.size)

    def total(self, blocks: int, cells: int) -> NDArray[np.int64]:
        """Add up the cells of all blocks."""
        whole, total = _Room(cells * WORD), np.zeros(cells, np.int64)
        _sum[-(-cells // 128), 128](self._numbers(), whole._numbers(), blocks)
        whole.get(total)
        return total

    def _numbers(self) -> Any:
        return self._there.view(np.int64)


@jit  # type: ignore[untyped-decorator]
def _sum(each: Any, whole: Any, blocks: int) -> None:
    """Add up a cell of all blocks, a thread a cell."""
    cell = cuda.grid(1)
    if cell < whole.size:
        total = 0
        for block in range(blocks):
            total += each[block * whole.size + cell]
        whole[cell] = total


def refuse_what_will_not_do() -> None:
    """Refuse a machine without a card, or without the compiler for it."""
    instead = "; --device cpu gives the same results"
    if not cuda.is_available():
        raise BadUsage("no graphics card that CUDA can use was found on this machine" + instead)
    try:
        cuda.compile_ptx_for_current_device(lambda: None, ())
    except (NvvmSupportError, DynamicLibNotFoundError) as error:
        message = (
            "CUDA's compiler was not found: `pip install 'numba-cuda[cu13]'` brings it, or"
            " [cu12] for a driver of CUDA 12"
        )
        raise BadUsage(message + instead) from error


class Graphics:
    """A card, what it holds, and the entries compiled for it."""

    workers = 1
    """Arrays of this machine are made for one; those of the blocks are on the card alone."""

    def __init__(self, lanes: int, entries: Mapping[Any, Any]) -> None:
        """Compile nothing yet; ``entries`` are those of the sweep, bound for a card."""
        self._lanes, self._entries = lanes, entries
        self._most = BLOCKS_A_PROCESSOR * cuda.get_current_device().MULTIPROCESSOR_COUNT
        self._holdings = Holdings(_Room)
        self._kernels: dict[Any, Any] = {}

    def run(self, entry: Any, arguments: tuple[Any, ...], communities: int, arms: int) -> None:
        """Run an entry for so many communities and arms, and bring home what it added up."""
        shape = grid(self._most, communities, arms)
        blocks = shape[0] * shape[1]
        words = self._holdings.words(arguments, blocks)
        self._holdings.clear_sums(arguments, blocks)
        self._kernel(entry, arguments)[shape, self._lanes](tuple(words))
        cuda.synchronize()
        self._holdings.bring_sums(arguments, blocks)
        self._holdings.is_ahead(arguments)

    def _kernel(self, entry: Any, arguments: tuple[Any, ...]) -> Any:
        key = entry, _kind(arguments)
        if key not in self._kernels:
            kernel, words = opened(self._entries[entry], arguments)
            self._kernels[key] = jit(types.void(words))(kernel)
        return self._kernels[key]

    def bring_home(self, arrays: Any) -> None:
        """Bring columns home, where they may be changed until the next run."""
        self._holdings.bring_home(arrays)
