"""The digest of a run: the same on every device, with any number of threads, in any order.

Every column of the registry has its own SHA-256, fed person by person (community, slot, then arm
and the inner axes), of the slots that exist, as little-endian integers; a pool's columns are fed in
the pool's canonical order, of the places in use. The counts have one, fed step by step in registry
order. The digest is the SHA-256 of these hashes in registry order, each behind its name.
"""

from __future__ import annotations

import hashlib
from functools import partial
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
from glasshouse.threads import Threads

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

    def __init__(self, threads: int = 1) -> None:
        """Begin with nothing fed; so many threads share the columns, which have a hash each."""
        persons = (*STATIC, *STATE, *OUTCOME, *POOL_SIZES, *ENTRY_POOL, *LISTING_POOL)
        self._hashes = {_key(column): hashlib.sha256() for column in persons}
        self._hashes[COUNTED] = hashlib.sha256()
        self._threads = Threads(threads)

    def communities(self, columns: Columns) -> None:
        """Feed the columns of the next communities."""
        feeds = iter(
            [
                *(partial(self._feed_persons, column) for column in (*STATIC, *STATE, *OUTCOME)),
                *(partial(self._feed_pool, size) for size in POOL_SIZES),
            ]
        )

        def take(_number: int) -> None:
            for feed in feeds:
                feed(columns)

        # Whoever has fed a column takes the next that nobody has taken.
        self._threads.work(take)

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
            rows = _by_person(array[first : first + stride], column.dtype)
            if (people == slots).all():
                into.update(rows.reshape(-1).data)
                continue
            for some, number_of_rows in zip(rows, people.tolist(), strict=True):
                into.update(some[:number_of_rows].reshape(-1).data)

    def _feed_pool(self, size: Column, columns: Columns) -> None:
        """Feed how full a pool is, and its columns as far as they are in use."""
        opened = columns.arrays[size.group, size.name]
        self._hashes[_key(size)].update(_bytes(opened, size.dtype))
        pool = POOLS.get(size.name, ())
        places = columns.arrays[pool[0].group, pool[0].name].shape[-1] if pool else 0
        is_used = np.arange(places) < opened[..., None]
        for column in pool:
            array = columns.arrays[column.group, column.name]
            self._hashes[_key(column)].update(_bytes(array[is_used], column.dtype))


def _by_person(array: NDArray[Any], dtype: str) -> NDArray[Any]:
    """Give [community, slot, arm, ...] of an array whose slots are the last axis.

    Plane by plane, since NumPy's own copy goes along the shortest axis; what is all zero, as most
    outcomes are, needs no order.
    """
    planes = array.shape[1:-1]
    shape = (len(array), array.shape[-1], *planes)
    if not array.any():
        return np.zeros(shape, f"<{dtype}")
    rows = np.empty(shape, f"<{dtype}")
    for inner in np.ndindex(planes):
        rows[(slice(None), slice(None), *inner)] = array[(slice(None), *inner)]
    return rows


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
