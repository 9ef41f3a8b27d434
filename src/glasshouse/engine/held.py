"""Named tuples that compiled text hands on by where they lie.

The rules, settings, counts and columns of an arm are five hundred values. Handed over one by one
from function to function they took half the time of compiling; once all is written out in one
function the optimiser finds every part again, and nothing is left of the detour.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    models,
    register_model,
)


class Held(types.Type):
    """The place of a named tuple."""

    def __init__(self, parts: types.NamedTuple) -> None:
        """Take the type of the tuple that lies there."""
        super().__init__(f"Held({parts})")
        self.parts = parts


register_model(Held)(models.OpaqueModel)


@infer_getattr
class _PartTypes(AttributeTemplate):
    """Says of what type a part is."""

    key = Held

    def generic_resolve(self, held: Any, name: str) -> Any:  # type: ignore[override]
        """Give the type of the part of this name."""
        return held.parts.types[held.parts.fields.index(name)]


def _hold(_typing: Any, parts: Any) -> Any:
    """Put a named tuple down in the caller's memory and give its place.

    It lasts as long as the call of whoever holds it: it may be handed down and never back.
    """

    def generated(context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        place = cgutils.alloca_once(builder, _shape(context, parts))
        for number in range(parts.count):
            part = builder.extract_value(values[0], number)
            builder.store(part, cgutils.gep_inbounds(builder, place, 0, number))
        return builder.bitcast(place, cgutils.voidptr_t)

    return Held(parts)(parts), generated


hold: Any = intrinsic(_hold)


def _part(context: Any, builder: Any, held: Held, value: Any, name: str) -> Any:
    """Take a part from its place."""
    place = builder.bitcast(value, _shape(context, held.parts).as_pointer())
    number = held.parts.fields.index(name)
    return builder.load(cgutils.gep_inbounds(builder, place, 0, number))


lower_getattr_generic(Held)(_part)


def _shape(context: Any, parts: Any) -> Any:
    """Give the memory that a named tuple takes."""
    return ir.LiteralStructType([context.get_value_type(part) for part in parts.types])
