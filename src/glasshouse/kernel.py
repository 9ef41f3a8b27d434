"""One source for every device: the decorator, the primitives and the binding.

A *kernel* is plain Python text that also compiles for a processor or a graphics card. To stay so,
a function decorated with :func:`kernel`

* takes and gives integers (a tuple of integers where it must give several);
* may read small tables and the state of its community as one-dimensional rows, got by :func:`row`;
* uses no floats, strings, exceptions, globals that change, closures, comprehensions or classes;
* divides with ``//`` and ``%`` non-negative integers only, where all targets agree;
* keeps every intermediate within 63 bits, because compiled signed arithmetic does not wrap;
* calls other kernels and the primitives of this module, by their bare names.

What differs between devices is kept to the primitives below. The text of a primitive here is its
meaning, and the one that the oracle (plain Python) runs. A *target* replaces the primitives by its
own forms: :func:`bind` walks from a kernel through all it calls and builds the same text again,
once a target. Nothing here imports a compiler.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import CodeType, FunctionType
from typing import Any, NamedTuple, TypeVar

NOTED_FROM = 2
"""Where a journal's first event stands, behind its room and its number of events."""

NOTED_CELLS = 6
"""Cells of an event: slot, arm, day, what, first, second."""

SPREAD = 16
"""Places that a processor writes at once where it spreads owners over their places."""

Function = TypeVar("Function", bound=Callable[..., Any])


class Unsigned(int):
    """A constant that compiled text must see as an unsigned 64-bit integer.

    A signed literal next to an unsigned word would be merged to a float without a warning.
    """


class Target(NamedTuple):
    """What turns the text of a kernel into something that runs.

    ``primitives`` maps a primitive of this module to the target's own form, ``constant`` turns an
    :class:`Unsigned` into the target's number, and ``compiled`` takes a function (with its globals
    already rebound) and gives the callable.
    """

    name: str
    primitives: Mapping[Callable[..., Any], Any]
    constant: Callable[[Unsigned], Any]
    compiled: Callable[[FunctionType], Any]


def kernel(function: Function) -> Function:
    """Mark ``function`` as one-source text (see the module's docstring for its rules)."""
    function.__dict__["is_kernel"] = True
    return function


def passage(function: Function) -> Function:
    """Mark a kernel that is written out where it is called: one that takes or gives many arrays.

    Handing a hundred arrays from function to function would cost a compiler more than the work.
    """
    return kernel(function)


def entry(function: Function) -> Function:
    """Mark a kernel that a driver calls from outside; a target may keep its compiled form."""
    function.__dict__["is_entry"] = True
    return kernel(function)


def is_kernel(value: object) -> bool:
    """Say whether ``value`` is a function marked by :func:`kernel`."""
    return isinstance(value, FunctionType) and "is_kernel" in value.__dict__


# --- primitives: their plain-Python form is their meaning -------------------------------------


def row(columns: Any, index: int) -> Any:
    """Give the ``index``-th row of an array as a view; a plain integer if it has no axis left.

    The last row may be a bare address on a target, so its length cannot be asked for.
    """
    inner = columns[index]
    axes = getattr(inner, "ndim", 0)
    return inner if axes > 1 else memoryview(inner) if axes else int(inner)


def part(columns: Any, index: int) -> Any:
    """Give the ``index``-th row like :func:`row`, but one whose length can be asked."""
    return row(columns, index)


def stretch(cells: Any, begin: int, end: int) -> Any:
    """Give the cells ``begin`` .. ``end`` - 1 of a row as a row; it may be a bare address too."""
    return cells[begin:end]


def hold(parts: Any) -> Any:
    """Give a named tuple as it is; a target may hand on its place instead of all its parts.

    Only for what is handed down, from whoever holds it to what that calls, and never back.
    """
    return parts


def u64(number: int) -> int:
    """Read a non-negative integer below 2**64 as an unsigned word."""
    return number


def i64(word: int) -> int:
    """Read an unsigned word below 2**63 as a signed integer."""
    return word


def lanes(count: int) -> range:
    """Share out ``range(count)`` among the lanes that work on one community."""
    return range(count)


def next_community(turn: Any, _before: int) -> int:
    """Give the next community that no worker has taken; each is given once.

    ``turn`` [1] holds it; ``_before`` is the one that the worker had before, or -1.
    """
    community = int(turn[0])
    turn[0] = community + 1
    return community


def arms(count: int) -> range:
    """Share out the arms of a run: what they share they only read, until all are through."""
    return range(count)


def worker(number: int) -> int:
    """Give the number of the worker that is running: which frame and which counts are its own."""
    return number


def first_lane() -> range:
    """Loop body to be run once a community, by one lane, in order."""
    return range(1)


def barrier() -> None:
    """Wait until all lanes of a community are here and see one another's writes."""


def add(totals: Any, index: int, amount: int) -> None:
    """Add ``amount`` to ``totals[index]``; lanes may meet there."""
    totals[index] += amount


def scan(counts: Any, count: int) -> None:
    """Turn ``counts[:count]`` into its running sums from 0; the total goes to ``counts[count]``.

    The first lane does it; the caller sets a barrier before and behind, unless it is alone.
    """
    total = 0
    for index in range(count):
        here = counts[index]
        counts[index] = total
        total += here
    counts[count] = total


def spread(begins: Any, count: int, owners: Any, serials: Any, total: int) -> None:
    """Write to every place below ``total`` whose it is, and the how-manieth of its owner's.

    Owner ``index`` has the places ``begins[index]`` .. ``begins[index + 1]`` - 1. The arrays hold
    :data:`SPREAD` places more, in which a target may leave anything.
    """
    for index in range(count):
        begin = begins[index]
        for place in range(begin, min(begins[index + 1], total)):
            owners[place] = index
            serials[place] = place - begin


def pack(keep: Any, count: int, kept: Any, last: int) -> None:
    """Write the indices with a non-zero ``keep`` to ``kept`` in order, their number to ``last``.

    The first lane does it; the caller sets a barrier before and behind, unless it is alone.
    """
    found = 0
    for index in range(count):
        kept[found] = index
        found += keep[index] != 0
    kept[last] = found


def notes(journal: Any) -> bool:
    """Say whether a journal takes anything down: asked where it would cost to know what."""
    has_room: bool = journal[0] != 0
    return has_room


def note(journal: Any, what: int, slot: int, arm: int, day: int, first: int, second: int) -> None:
    """Write an event to a community's journal; where that has no room nothing is noted.

    A journal begins with how many events it has room for and how many there were; what finds no
    room is counted all the same. Only where one lane takes a whole community, so that events stand
    in the order in which they were written.
    """
    room = journal[0]
    if room != 0:
        found = journal[1]
        journal[1] = found + 1
        if found < room:
            place = NOTED_FROM + NOTED_CELLS * found
            journal[place] = slot
            journal[place + 1] = arm
            journal[place + 2] = day
            journal[place + 3] = what
            journal[place + 4] = first
            journal[place + 5] = second


def mark(_cycles: Any, _lap: int) -> None:
    """Say that what ran since the last mark was a lap; a target that measures adds its time.

    ``_cycles[0]`` holds when the last mark was, ``_cycles[lap]`` what a lap has taken so far.
    """


# --- binding -----------------------------------------------------------------------------------


def bind(function: Callable[..., Any], target: Target) -> Any:
    """Build ``function`` and all kernels that it calls again for ``target``.

    The same function bound twice to equal targets gives the same behaviour; the caller keeps the
    result, since compiling is slow.
    """
    return _bound(function, target, {})


def _bound(function: Callable[..., Any], target: Target, done: dict[Any, Any]) -> Any:
    if not isinstance(function, FunctionType) or not is_kernel(function):
        message = f"{function!r} is not a kernel"
        raise TypeError(message)
    if function not in done:
        names = {
            name: _for_target(function.__globals__[name], target, done)
            for name in names_used(function.__code__)
            if name in function.__globals__
        }
        module = {"__name__": function.__module__, "__builtins__": __builtins__, **names}
        again = FunctionType(function.__code__, module, function.__name__, function.__defaults__)
        again.__qualname__ = f"{function.__qualname__}_{target.name}"
        again.__module__ = function.__module__
        again.__dict__.update(function.__dict__, text=function)
        done[function] = target.compiled(again)
    return done[function]


def _for_target(value: Any, target: Target, done: dict[Any, Any]) -> Any:
    if isinstance(value, Unsigned):
        return target.constant(value)
    if is_kernel(value):
        return _bound(value, target, done)
    if isinstance(value, FunctionType):
        return target.primitives.get(value, value)
    return value


def names_used(code: CodeType) -> set[str]:
    """Give the names that a function's text uses, those inside it included."""
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(names_used, inner))
