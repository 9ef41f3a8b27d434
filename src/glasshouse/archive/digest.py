"""The digest of a run: the same on every device, with any number of threads, in any order.

Every column of the registry has its own SHA-256, fed person by person (community, slot, then arm
and the inner axes), of the slots that exist, as little-endian integers; a pool's columns are fed in
the pool's canonical order, of the places in use. The counts have one, fed step by step in registry
order. The digest is the SHA-256 of these hashes in registry order, each behind its name.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.state.columns import (
    ENTRY_POOL,
    LISTING_POOL,
    OUTCOME,
    POOL_SIZES,
    STATE,
    STATIC,
    Column,
)
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from glasshouse.archive.columns import Columns

POOLS: dict[str, tuple[Column, ...]] = {"open_entries": ENTRY_POOL, "open_listings": LISTING_POOL}

COUNTED = "counts"

FED_BYTES = 1 << 20
"""About how much of a column is fed at once: it stays in the processor's cache."""


class RunDigest:
    """Feeds on the columns of ranges of communities, in order, and on the counts step by step."""

    def __init__(self) -> None:
        """Begin with nothing fed."""
        persons = (*STATIC, *STATE, *OUTCOME, *POOL_SIZES, *ENTRY_POOL, *LISTING_POOL)
        self._hashes = {_key(column): hashlib.sha256() for column in persons}
        self._hashes[COUNTED] = hashlib.sha256()

    def communities(self, columns: Columns) -> None:
        """Feed the columns of the next communities."""
        for column in (*STATIC, *STATE, *OUTCOME):
            self._feed_persons(column, columns)
        for size in POOL_SIZES:
            opened = columns.arrays[size.group, size.name]
            self._hashes[_key(size)].update(_bytes(opened, size.dtype))
            pool = POOLS.get(size.name, ())
            places = columns.arrays[pool[0].group, pool[0].name].shape[-1] if pool else 0
            is_used = np.arange(places) < opened[..., None]
            for column in pool:
                array = columns.arrays[column.group, column.name]
                self._hashes[_key(column)].update(_bytes(array[is_used], column.dtype))

    def step(self, first_day: int, end_day: int, counts: Mapping[str, NDArray[Any]]) -> None:
        """Feed the counts of the next step."""
        into = self._hashes[COUNTED]
        into.update(_bytes(np.array([first_day, end_day]), "i8"))
        for count in COUNTS:
            into.update(_bytes(counts[count.name], "i8"))

    def by_column(self) -> dict[str, str]:
        """Give the SHA-256 of every column and of the counts, of what was fed so far."""
        return {name: found.hexdigest() for name, found in self._hashes.items()}

    def digest(self) -> str:
        """Give the digest of what was fed so far."""
        return digest_of(self.by_column())

    def _feed_persons(self, column: Column, columns: Columns) -> None:
        into = self._hashes[_key(column)]
        array = columns.arrays[column.group, column.name]
        slots, number = array.shape[-1], len(columns.people)
        stride = max(1, FED_BYTES // array[0].nbytes)
        for first in range(0, number, stride):
            people = columns.people[first : first + stride]
            rows = np.moveaxis(array[first : first + stride], -1, 1)
            if (people == slots).all():
                into.update(_bytes(rows, column.dtype))
                continue
            for some, number_of_rows in zip(rows, people.tolist(), strict=True):
                into.update(_bytes(some[:number_of_rows], column.dtype))


def digest_of(by_column: Mapping[str, str]) -> str:
    """Give the digest of the hashes of columns, which come in registry order."""
    whole = hashlib.sha256()
    for name, found in by_column.items():
        whole.update(f"{name} {found}\n".encode())
    return whole.hexdigest()


def _key(column: Column) -> str:
    return f"{column.group}.{column.name}"


def _bytes(array: NDArray[Any], dtype: str) -> memoryview:
    # memoryview of an empty multi-dimensional array cannot be hashed, hence the one axis.
    return np.ascontiguousarray(array, dtype=f"<{dtype}").reshape(-1).data
