"""Rows of arrays as a compiler sees them: the same text for the processor's Numba and the card's.

The two have types, tools and arrays of their own, alike in what is used here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Compiler(NamedTuple):
    """What one of the two brings."""

    intrinsic: Any
    types: Any
    cgutils: Any
    make_array: Any
    array: Callable[..., Any]
    """Builds an array, as (context, builder, its type, where it begins, its shape, its strides)."""


def taking(compiler: Compiler, *, last: bool) -> Any:
    """Make the intrinsic that takes a row; ``last``: the last axis becomes a bare pointer.

    A pointer is one value where Numba's array is seven, which is what a community's two hundred
    columns cost at every call; and it has no branch for negative places.
    """
    types, cgutils = compiler.types, compiler.cgutils

    def taken(_typing: Any, columns: Any, _index: Any) -> Any:
        axes, element = columns.ndim, columns.dtype
        bare = last and axes == 2
        smaller = types.CPointer(element) if bare else columns.copy(ndim=axes - 1)
        given = element if axes == 1 else smaller

        def generated(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            source = compiler.make_array(signature.args[0])(context, builder, value=values[0])
            strides = cgutils.unpack_tuple(builder, source.strides, axes)
            place = cgutils.pointer_add(builder, source.data, builder.mul(values[1], strides[0]))
            if axes == 1:
                return context.unpack_value(builder, element, place)
            if bare:
                return place
            shape = cgutils.unpack_tuple(builder, source.shape, axes)
            return compiler.array(context, builder, given, place, shape[1:], strides[1:])

        return given(columns, types.int64), generated

    return compiler.intrinsic(taken)


def stretching(compiler: Compiler) -> Any:
    """Make the intrinsic that gives a row within a row: a bare pointer too."""
    integer = compiler.types.int64

    def stretched(_typing: Any, cells: Any, _begin: Any, _end: Any) -> Any:
        def generated(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
            return builder.gep(values[0], [values[1]])

        return cells(cells, integer, integer), generated

    return compiler.intrinsic(stretched)
