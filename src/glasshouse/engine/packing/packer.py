"""What moves of some communities as bytes, and back: every plane of every column in use."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.engine.drivers import plain
from glasshouse.engine.packing.planes_kernel import (
    HEAD_BYTES,
    MIXED,
    N_SAID,
    NO_PLANE,
    POOL,
    WIDTH,
    pack_planes,
    unpack_planes,
)
from glasshouse.kernel import bind
from glasshouse.state.columns import ENTRY_POOL, LISTING_POOL, OUTCOME, STATE, STATIC

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.engine.packing.arena import Arena
    from glasshouse.engine.tables import Open, Sizes
    from glasshouse.state.columns import Column

STARTS = {"means": "means_start"}
"""State columns that differ little from a column that follows from the address."""

SLOTS = ("household_first", "neighbour", "colleague")
"""Static columns that differ little from the row's own slot."""

MADE = ("honesty", "altruism", "outspokenness", "literacy", "means_start", "friend_before")
"""Static columns that are made again sooner than read: chance cannot be packed."""

MARGIN = 64
"""Scratch behind the longest plane."""

Plane = tuple[int, ...]
"""What the table says of a plane."""


class Packer:
    """Packs the communities that lie in an arena, as far as they move or as far as they do not."""

    def __init__(self, sizes: Sizes, arena: Arena, *, is_compiled: bool) -> None:
        """Take scratch for planes; the columns themselves are packed where they lie."""
        self._sizes, self._arena = sizes, arena
        entries: tuple[Any, Any] = compiled() if is_compiled else (_plainly_pack, _plainly_unpack)
        self._pack, self._unpack = entries
        self._moving = _table(_moving(sizes, arena))
        self._lasting = _table(_lasting(sizes, arena))
        longest = max(sizes.slots, sizes.entries, sizes.listings) + MARGIN
        self._scratch = (
            np.zeros(longest, np.int64), np.zeros(longest, np.uint32), np.zeros(longest, np.uint32)
        )  # fmt: skip
        self._room = max(_room(sizes, table) for table in (self._moving, self._lasting))
        self._out = np.zeros(0, np.uint8)
        self._held = np.zeros(0, np.int64)
        """What each plane of what moves holds throughout, as it was packed or unpacked last."""

    def forget(self) -> None:
        """Take nothing to lie there already: it was changed otherwise than by unpacking."""
        self._held.fill(MIXED)

    def moving(self, communities: int, opened: Open) -> bytes:
        """Give what a step changes of the first ``communities``."""
        counts = [column[:communities].tobytes() for column in opened]
        return b"".join([*counts, self._packed(communities, opened, self._moving)])

    def lasting(self, communities: int, opened: Open) -> bytes:
        """Give what a step does not change and is not made again."""
        return bytes(self._packed(communities, opened, self._lasting))

    def take_moving(self, packed: memoryview, communities: int, opened: Open) -> None:
        """Fill what a step changes."""
        at = 0
        for column in opened:
            length = column[:communities].nbytes
            column[:communities] = np.frombuffer(packed[at : at + length], column.dtype).reshape(
                communities, -1
            )
            at += length
        self._unpacked(packed[at:], communities, opened, self._moving)

    def take_lasting(self, packed: memoryview, communities: int, opened: Open) -> None:
        """Fill what a step does not change and is not made again."""
        self._unpacked(packed, communities, opened, self._lasting)

    def _packed(self, communities: int, opened: Open, table: NDArray[Any]) -> memoryview:
        """Pack into memory that the next packing takes again."""
        if len(self._out) < self._room * communities:
            self._out = np.zeros(self._room * communities, np.uint8)
        length = self._pack(*self._given(communities, opened, table), self._out)
        return self._out[:length].data

    def _unpacked(
        self, packed: memoryview, communities: int, opened: Open, table: NDArray[Any]
    ) -> None:
        self._unpack(*self._given(communities, opened, table), np.frombuffer(packed, np.uint8))

    def _given(self, communities: int, opened: Open, table: NDArray[Any]) -> tuple[Any, ...]:
        sizes, of = self._sizes, self._arena.of
        held = np.full(communities * len(table), MIXED)
        if table is self._moving:
            if len(self._held) < len(held):
                self._held = held
            held = self._held
        return (
            communities, sizes.arms, sizes.slots, table.reshape(-1), of[1], of[2], of[4],
            opened.open_entries.reshape(-1), opened.open_listings.reshape(-1), held,
            *self._scratch,
        )  # fmt: skip


@cache
def compiled() -> tuple[Any, Any]:
    """Give the compiled entries, the same for all packers of a process."""
    from glasshouse.engine.cpu import CPU

    return bind(pack_planes, CPU), bind(unpack_planes, CPU)


def _plainly_pack(*arrays: Any) -> int:
    return pack_planes(*map(plain, arrays))


def _plainly_unpack(*arrays: Any) -> int:
    return unpack_planes(*map(plain, arrays))


def _room(sizes: Sizes, table: NDArray[Any]) -> int:
    """Give the bytes that the planes of a community take at most: all their numbers as they are.

    Memory that is never written to is never taken.
    """
    numbers = np.array([sizes.slots, sizes.entries, sizes.listings])[table[:, POOL]]
    return int((table[:, WIDTH] * numbers + HEAD_BYTES).sum())


def _table(planes: list[Plane]) -> NDArray[np.int64]:
    return np.array(planes, np.int64).reshape(-1, N_SAID)


def _moving(sizes: Sizes, arena: Arena) -> list[Plane]:
    """Say where the planes lie that a step changes."""
    planes: list[Plane] = []
    for column in (*STATE, *OUTCOME):
        column_first, width = arena.first(column.group, column.name), int(column.dtype[1])
        by_community = arena.column(column.group, column.name)[0].size
        by_arm = by_community // sizes.arms
        for arm in range(sizes.arms):
            for start in range(
                column_first + arm * by_arm, column_first + (arm + 1) * by_arm, sizes.slots
            ):
                base, base_plane = (0, 0), NO_PLANE
                if arm > 0:
                    base = (start - by_arm, by_community)
                    base_plane = len(planes) - by_arm // sizes.slots
                elif column.name in STARTS:
                    base = (arena.first("static", STARTS[column.name]), sizes.slots)
                planes.append((width, start, by_community, *base, 0, arm, base_plane))
    for pool, columns in enumerate((ENTRY_POOL, LISTING_POOL), 1):
        planes += _pool_planes(pool, columns, sizes.arms, arena)
    return planes


def _pool_planes(pool: int, columns: tuple[Column, ...], arms: int, arena: Arena) -> list[Plane]:
    planes: list[Plane] = []
    for column in columns:
        first, width = arena.first(column.group, column.name), int(column.dtype[1])
        places = arena.column(column.group, column.name).shape[-1]
        planes += [
            (width, first + arm * places, arms * places, 0, 0, pool, arm, NO_PLANE)
            for arm in range(arms)
        ]
    return planes


def _lasting(sizes: Sizes, arena: Arena) -> list[Plane]:
    """Say where the planes lie that no step changes, but those that are made again."""
    planes: list[Plane] = []
    for column in STATIC:
        if column.name not in MADE:
            base = arena.counting if column.name in SLOTS else 0
            first, width = arena.first(column.group, column.name), int(column.dtype[1])
            planes.append((width, first, sizes.slots, base, 0, 0, 0, NO_PLANE))
    return planes
