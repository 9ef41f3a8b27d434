"""What lies on a graphics card: columns that stay there, work space, sums, and where each begins.

A kernel of a card takes numbers only, and not many. So every array is told as where it begins and
how far apart its rows are: one number an axis. Nothing here knows of CUDA: whoever gives out
memory with an address is a card, the machine itself included.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.tables import Frame, Sums, Tally, World
from glasshouse.stages.society.layout_kernel import Draft

READ, STAYS, WORK, SUM = range(4)
"""What an array is for: read in one call, kept from call to call, worked in, or added up in."""

ROLES = {World: STAYS, Frame: WORK, Draft: WORK, Sums: SUM, Tally: SUM}
"""What the arrays of a named tuple are for; those of any other are read."""

ALIGNED = 256
"""Bytes to a multiple of which an array begins."""

WORD = 8
"""Bytes of a number that is added up."""


class Room(Protocol):
    """Memory of a card."""

    address: int
    size: int

    def put(self, values: NDArray[Any], offset: int = 0) -> None:
        """Copy an array there."""

    def get(self, values: NDArray[Any], offset: int = 0) -> None:
        """Fill an array from there."""

    def clear(self) -> None:
        """Fill it with zeros."""

    def total(self, blocks: int, cells: int) -> NDArray[np.int64]:
        """Add up the numbers of 64 bits of all blocks; they lie there block by block."""


def grid(most: int, communities: int, arms: int) -> tuple[int, int]:
    """Give how many communities and how many arms are worked on at once, by at most so many blocks.

    Arms stand side by side where there are fewer communities than blocks: each draws the candidate
    acts for itself, which would be work done twice where every block has its hands full.
    """
    side_by_side = max(1, min(arms, most // communities))
    return max(1, min(communities, most // side_by_side)), side_by_side


class _Resident(NamedTuple):
    """A column that stays on the card."""

    room: Room
    array: weakref.ref[NDArray[Any]]


class Holdings:
    """What of a world's arrays a card holds, and which of the two copies is the newer."""

    def __init__(self, take: Callable[[int], Room]) -> None:
        """Hold nothing yet; ``take`` gives so many bytes of the card, all zero."""
        self._take = take
        self._resident: dict[int, _Resident] = {}
        self._newer_there: set[int] = set()
        self._at_home: set[int] = set()
        self._rooms: dict[Any, Room] = {}

    def words(self, arguments: tuple[Any, ...], blocks: int) -> list[int]:
        """Take to the card what it lacks, and tell where everything lies.

        Work space and sums are made for so many blocks, whatever the arrays here are made for.
        """
        read = [leaf for role, leaf in _leaves(arguments) if role == READ and _is_array(leaf)]
        places = iter(self._tables(read))
        own = self._own(arguments, blocks)
        words: list[int] = []
        for role, leaf in _leaves(arguments):
            if not _is_array(leaf):
                words.append(int(leaf))
            elif role == READ:
                words += [next(places), *_strides(leaf)]
            elif role == STAYS:
                words += [self._kept(leaf).address, *leaf.strides[:-1]]
            else:
                words += [*own[id(leaf)], *leaf.strides[1:-1]]
        return words

    def _tables(self, arrays: list[Any]) -> list[int]:
        """Take all tables to the card in one piece; give where each begins."""
        offsets, total = _one_after_another([array.nbytes for array in arrays])
        packed = np.zeros(total, np.uint8)
        for offset, array in zip(offsets, arrays, strict=True):
            packed[offset : offset + array.nbytes].view(array.dtype)[:] = array.reshape(-1)
        room = self._room(None, total)
        room.put(packed)
        return [room.address + offset for offset in offsets]

    def _kept(self, array: NDArray[Any]) -> Room:
        """Give the room of a column, taken there where it is new or may have changed here."""
        key = id(array)
        if key not in self._resident:
            room = self._take(max(1, array.nbytes))
            gone = weakref.ref(array, lambda _: self._forget(key))
            self._resident[key] = _Resident(room, gone)
            self._at_home.add(key)
        room = self._resident[key].room
        if key in self._at_home:
            room.put(array)
            self._at_home.discard(key)
        return room

    def _forget(self, key: int) -> None:
        self._resident.pop(key, None)
        self._newer_there.discard(key)
        self._at_home.discard(key)

    def _own(self, arguments: tuple[Any, ...], blocks: int) -> dict[int, tuple[int, int]]:
        """Give where each array of the blocks' own begins, and how far apart two blocks' are."""
        own: dict[int, tuple[int, int]] = {}
        for role in (WORK, SUM):
            for group in _groups(arguments, role):
                offsets, _ = _layout(role, group, blocks)
                room, apart = self._room_of(role, group, blocks)
                for offset, array in zip(offsets, group, strict=True):
                    own[id(array)] = room.address + offset, apart or array[0].nbytes
        return own

    def _room_of(self, role: int, group: Any, blocks: int) -> tuple[Room, int]:
        """Give the room of the blocks' own arrays, and how far apart two blocks' sums are."""
        _, size = _layout(role, group, blocks)
        if role == SUM:
            return self._room(type(group), size * blocks), size
        # Work space begins as zeros for each society: what is left in it may say something.
        key = id(group[0])
        if key not in self._rooms:
            weakref.finalize(group[0], self._rooms.pop, key, None).atexit = False
        return self._room(key, size), 0

    def _room(self, key: Any, size: int) -> Room:
        """Give room that is used again and again, a larger one where it has become too small."""
        if key not in self._rooms or self._rooms[key].size < size:
            self._rooms.pop(key, None)
            self._rooms[key] = self._take(max(1, size))
        return self._rooms[key]

    def clear_sums(self, arguments: tuple[Any, ...], blocks: int) -> None:
        """Set all that is added up in to zero."""
        for group in _groups(arguments, SUM):
            self._room_of(SUM, group, blocks)[0].clear()

    def bring_sums(self, arguments: tuple[Any, ...], blocks: int) -> None:
        """Bring home what all blocks have added up, and which alarms they raised."""
        for group in _groups(arguments, SUM):
            offsets, apart = _layout(SUM, group, blocks)
            room, _ = self._room_of(SUM, group, blocks)
            total = room.total(blocks, apart // WORD)
            for offset, array in zip(offsets, group, strict=True):
                cells = total[offset // WORD :][: array[0].size]
                array[0] += cells.reshape(array[0].shape)
        for group in _groups(arguments, WORK):
            if isinstance(group, Frame):
                offsets, _ = _layout(WORK, group, blocks)
                raised = np.zeros((blocks, group.alarm.shape[1]), group.alarm.dtype)
                room, _ = self._room_of(WORK, group, blocks)
                room.get(raised, offsets[Frame._fields.index("alarm")])
                group.alarm[0] |= np.bitwise_or.reduce(raised, axis=0)

    def is_ahead(self, arrays: Any) -> None:
        """Hear that a kernel has written into columns: they are newer there than here."""
        for role, leaf in _leaves(arrays):
            if role == STAYS and _is_array(leaf):
                self._newer_there.add(id(leaf))

    def bring_home(self, arrays: Any) -> None:
        """Bring columns home, and take them to the card again when they are used next."""
        for _, leaf in _leaves(arrays):
            if id(leaf) in self._newer_there:
                self._resident[id(leaf)].room.get(leaf)
                self._newer_there.discard(id(leaf))
            if id(leaf) in self._resident:
                self._at_home.add(id(leaf))


def _is_array(leaf: Any) -> bool:
    return isinstance(leaf, np.ndarray)


def _leaves(part: Any, role: int = READ) -> Iterator[tuple[int, Any]]:
    """Give every array and number of nested tuples, with what it is for."""
    if isinstance(part, tuple):
        role = ROLES.get(type(part), role)
        for inner in part:
            yield from _leaves(inner, role)
    else:
        yield role, part


def _strides(array: NDArray[Any]) -> list[int]:
    """Give how far apart rows are once they are written one behind the other, axis by axis."""
    return [array.itemsize * math.prod(array.shape[axis:]) for axis in range(1, array.ndim)]


def _groups(part: Any, role: int) -> Iterator[Any]:
    """Give the named tuples whose arrays are for this."""
    if isinstance(part, tuple):
        if ROLES.get(type(part)) == role:
            yield part
        else:
            for inner in part:
                yield from _groups(inner, role)


def _layout(role: int, group: Any, blocks: int) -> tuple[list[int], int]:
    """Give where each array of the blocks' own begins, and the bytes of all of them.

    Sums lie block by block, so that they are added up in one go; work space array by array.
    """
    if role == SUM:
        return _one_after_another([array[0].nbytes for array in group])
    return _one_after_another([array[0].nbytes * blocks for array in group])


def _one_after_another(sizes: list[int]) -> tuple[list[int], int]:
    """Give where each of some arrays begins, and where the last one ends."""
    offsets, end = [], 0
    for size in sizes:
        offsets.append(end)
        end += -(-size // ALIGNED) * ALIGNED
    return offsets, end
