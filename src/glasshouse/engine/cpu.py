"""The processor as a target: Numba's forms of the primitives, its switches, its cache."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from types import FunctionType
from typing import Any

import glasshouse.kernel as primitive
from glasshouse.engine.shelf import cache_directory, keep

# Numba is told before it is imported: an installation that cannot be written to, with a home that
# cannot either, would otherwise break the import.
os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_directory()))

import numba
import numba.core.config
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.codegen import CPUCodeLibrary
from numba.core.types import unliteral
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array

from glasshouse.engine.held import hold
from glasshouse.engine.rows import Compiler, stretching, taking

numba.core.config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]

OPTIONS: dict[str, Any] = {
    "_nrt": False,
    "nogil": True,
    "error_model": "numpy",
    "boundscheck": False,
}


INNER = {"no_compile": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Nobody calls an inner function from Python: no machine code and no wrapper of its own."""


def switch(dispatcher: Any, **switches: bool) -> None:
    """Turn on compiler switches that Numba has but does not offer.

    ``noalias`` promises that no arrays overlap, which is true: the columns of a world are separate
    arrays. Where a later Numba lacks a switch, the code is slower and gives the same bits.
    """
    compiler = getattr(dispatcher, "_compiler", None)
    if compiler is None or not hasattr(compiler, "_customize_flags"):
        return

    def customized(flags: Any) -> Any:
        for name, value in switches.items():
            if name in type(flags).options:
                setattr(flags, name, value)
        return flags

    compiler._customize_flags = customized  # noqa: SLF001 - guarded above
    typed = dispatcher.get_call_template
    dispatcher.get_call_template = lambda args, kws: typed(tuple(map(unliteral, args)), kws)
    if hasattr(compiler, "compile"):
        compiled = compiler.compile
        compiler.compile = lambda args, gives: _in_our_way(compiled, args, gives)
    if switches.get("no_compile"):
        dispatcher.add_overload = lambda made: _add_inner(dispatcher, made)


def _in_our_way(compiled: Any, args: Any, gives: Any) -> Any:
    """Compile with our own first stage of a library; callees compile while their callers do."""
    given = getattr(CPUCodeLibrary, _FIRST_STAGE, None)
    if given is None or given is _tidy_functions:
        return compiled(args, gives)
    try:
        setattr(CPUCodeLibrary, _FIRST_STAGE, _tidy_functions)
        return compiled(args, gives)
    finally:
        setattr(CPUCodeLibrary, _FIRST_STAGE, given)


_FIRST_STAGE = "_optimize_functions"


def _tidy_functions(library: Any, module: Any) -> None:
    """Simplify the functions of a module lightly: all is optimised when it is linked.

    Numba makes its passes anew for every function, declared ones too, and at the highest level.
    """
    codegen = library._codegen  # noqa: SLF001
    module.data_layout = codegen._data_layout  # noqa: SLF001
    level = min(1, int(numba.core.config.OPT))
    passes, builder = codegen._function_pass_manager(opt=level)  # noqa: SLF001
    for function in module.functions:
        if not function.is_declaration:
            passes.run(function, builder)


def _leave_open(library: Any) -> None:
    """Keep an inner function's library as its own text alone: neither linked nor optimised.

    Numba would link all that it calls into each, optimise the whole and make machine code of it,
    for every function on every floor of the calls. Here the entry links each text once.
    """
    is_known = isinstance(library, CPUCodeLibrary) and all(hasattr(library, p) for p in _PARTS)
    if is_known:
        library._finalized = True  # noqa: SLF001
        library._get_module_for_linking = lambda: _whole(library)  # noqa: SLF001


_PARTS = ("_finalized", "_get_module_for_linking", "_linking_libraries", "_reload_init")


def _whole(library: Any) -> Any:
    """Give an inner function's text with that of all it calls, each once."""
    own = CPUCodeLibrary._get_module_for_linking  # noqa: SLF001
    met, ahead = {library: None}, [library]
    while ahead:
        for called in ahead.pop()._linking_libraries:  # noqa: SLF001
            if called not in met:
                met[called] = None
                ahead.append(called)
    whole = own(library).clone()
    for called in list(met)[1:]:
        library._reload_init.update(called._reload_init)  # noqa: SLF001
        whole.link_in(own(called), preserve=True)
    return whole


def _add_inner(dispatcher: Any, made: Any) -> None:
    """Make a compiled function known to its callers alone; an object stands for its address."""
    _leave_open(made.library)
    made = made._replace(entry_point=object())
    made.target_context.insert_user_function(made.entry_point, made.fndesc, [made.library])
    dispatcher.overloads[tuple(made.signature.args)] = made


def _inlined(function: Any) -> Any:
    dispatcher = numba.njit(forceinline=True, **OPTIONS)(function)
    switch(dispatcher, **INNER)
    return dispatcher


def _array(
    context: Any, builder: Any, kind: Any, data: Any, shape: list[Any], strides: list[Any]
) -> Any:
    """Build an array from where it begins and how far apart its rows are."""
    array = make_array(kind)(context, builder)
    element = context.get_data_type(kind.dtype)
    populate_array(
        array,
        data=data,
        shape=cgutils.pack_array(builder, shape),
        strides=cgutils.pack_array(builder, strides),
        itemsize=context.get_constant(types.intp, context.get_abi_sizeof(element)),
        meminfo=None,
    )
    return array._getvalue()  # noqa: SLF001 - Numba's own way to say it


_COMPILER = Compiler(intrinsic, types, cgutils, make_array, _array)


def _next_community(_typing: Any, turn: Any, before: Any) -> Any:
    """Take the next community in one go, since workers meet there."""

    def generated(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        place = make_array(signature.args[0])(context, builder, value=values[0]).data
        return builder.atomic_rmw("add", place, ir.IntType(64)(1), "monotonic")

    return types.int64(turn, before), generated


def _many(_typing: Any, places: Any, _at: Any, _first: Any, _rising: Any) -> Any:
    """Write ``first`` to all places from ``at`` on at once; ``rising``: each one more."""

    def generated(context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        element = context.get_value_type(places.dtype)
        wide = ir.VectorType(element, primitive.SPREAD)
        whole = ir.IntType(32)
        first = builder.trunc(values[2], element)
        numbers = builder.insert_element(ir.Constant(wide, ir.Undefined), first, whole(0))
        same = ir.Constant(ir.VectorType(whole, primitive.SPREAD), [0] * primitive.SPREAD)
        numbers = builder.shuffle_vector(numbers, ir.Constant(wide, ir.Undefined), same)
        step = ir.Constant(wide, list(range(primitive.SPREAD)))
        is_rising = builder.icmp_signed("!=", values[3], values[3].type(0))
        numbers = builder.select(is_rising, builder.add(numbers, step), numbers)
        place = builder.bitcast(builder.gep(values[0], [values[1]]), wide.as_pointer())
        builder.store(numbers, place, align=context.get_abi_sizeof(element))
        return context.get_dummy_value()

    return types.void(places, types.int64, types.int64, types.int64), generated


_write_many: Any = intrinsic(_many)


def _spread(begins: Any, count: int, owners: Any, serials: Any, total: int) -> None:
    """Write a fixed number of places for each owner; what is too much the next one overwrites.

    How many places an owner has is luck: a loop of that length costs a wrong guess for each.
    """
    for index in range(count):
        begin = min(begins[index], total)
        _write_many(owners, begin, index, 0)
        _write_many(serials, begin, 0, 1)
        for place in range(begin + primitive.SPREAD, min(begins[index + 1], total)):
            owners[place] = index
            serials[place] = place - begin


# On a processor one lane takes a whole community, so most primitives are what their text says.
AS_THEY_STAND = (
    primitive.lanes,
    primitive.arms,
    primitive.worker,
    primitive.first_lane,
    primitive.barrier,
    primitive.add,
    primitive.scan,
    primitive.pack,
    primitive.notes,
    primitive.note,
    primitive.mark,
)

PRIMITIVES: dict[Callable[..., Any], Any] = {
    primitive.row: taking(_COMPILER, last=True),
    primitive.part: taking(_COMPILER, last=False),
    primitive.hold: hold,
    primitive.stretch: stretching(_COMPILER),
    primitive.next_community: intrinsic(_next_community),
    primitive.u64: numba.uint64,
    primitive.i64: numba.int64,
    primitive.spread: _inlined(_spread),
    **{function: _inlined(function) for function in AS_THEY_STAND},
}


def _compiled(function: FunctionType) -> Any:
    """Compile lazily: an entry is kept on disk, all that it calls is inlined."""
    if "is_entry" not in function.__dict__:
        return _inlined(function)
    dispatcher = numba.njit(**OPTIONS)(function)
    switch(dispatcher, noalias=True, no_cfunc_wrapper=True)
    keep(dispatcher)
    return dispatcher


def _clock(_typing: Any) -> Any:
    """Give a number that rises with time, evenly; 0 where the processor has none to read.

    A processor other than Intel's kind lets no program read its cycles, but a steady clock.
    """
    name = f"llvm.read{'cycle' if platform.machine() in CYCLES_ARE_READ else 'steady'}counter"

    def generated(_context: Any, builder: Any, _signature: Any, _values: Any) -> Any:
        word = ir.FunctionType(ir.IntType(64), [])
        return builder.call(builder.module.declare_intrinsic(name, (), word), [])

    return types.int64(), generated


_cycles_now: Any = intrinsic(_clock)

CYCLES_ARE_READ = ("x86_64", "AMD64", "i386", "i686")


def _mark(cycles: Any, lap: int) -> None:
    now = _cycles_now()
    cycles[lap] += now - cycles[0]
    cycles[0] = now


CPU = primitive.Target(name="cpu", primitives=PRIMITIVES, constant=np.uint64, compiled=_compiled)

TIMED = CPU._replace(name="timed", primitives=PRIMITIVES | {primitive.mark: _inlined(_mark)})
"""The processor, measuring how long each lap takes: the same bits."""
