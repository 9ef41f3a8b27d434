"""A shard: what moves of some communities, packed into one file that is checked when it is read.

Most of what a society holds is nothing: yuan that nobody lost, lists that nobody is on. So columns
are written plane by plane (one arm, one place on the inner axis), each in the narrowest integers
that hold it, and as one number where it is the same throughout; of a pool only the places in use
are written. A general compressor does the rest.

A shard also carries the counts of its last step, so that a run that was stopped within a step goes
on with the shards that had not taken it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import zstandard

from glasshouse.archive.digest import POOLS
from glasshouse.archive.history import Thin
from glasshouse.archive.store import write_aside
from glasshouse.errors import DamagedRun, OtherVersion
from glasshouse.state.columns import OUTCOME, POOL_SIZES, REGISTRY, STATE
from glasshouse.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from glasshouse.archive.columns import Columns

MAGIC = b"glasshouse shard 1\n"
HASH_BYTES = 32
LENGTH_BYTES = 4
LEVEL = 1
"""Of the compressor: higher levels cost more time than the disk saves."""

NARROW = ("u1", "i1", "u2", "i2", "u4", "i4")

STARTS = {"means": "means_start"}
"""State columns kept as what they differ by from a column that follows from the address."""


class Head(NamedTuple):
    """Which shard of which run a file holds, and how far it has come."""

    run: str
    """What the run is: its files, values and version, hashed."""
    step: int
    """How many steps are done."""
    first: int
    """The first community."""
    number: int
    """How many communities."""


def layout() -> str:
    """Give the hash of what the registry says of the columns: of another one nothing is read."""
    said = [(column.group, column.name, column.dtype, column.axes) for column in REGISTRY]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def write_shard(path: Path, head: Head, columns: Columns, counts: Thin) -> int:
    """Write a shard aside and put it in its place; give its length in bytes."""
    packed = packed_shard(head, columns, counts)
    write_aside(path, lambda file: file.write_bytes(packed))
    return len(packed)


def read_shard(path: Path, head: Head, columns: Columns) -> Thin:
    """Fill what moves of ``columns`` from a shard and give the counts of its last step.

    Raises DamagedRun where the file is missing, cut or altered or belongs elsewhere, OtherVersion
    where another version wrote it.
    """
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise DamagedRun(f"{path} cannot be read: {error.strerror or error}") from error
    return unpack_shard(packed, head, columns, str(path))


def steps_of(path: Path) -> int:
    """Give how many steps a shard has done by what its file says first; -1 where it says none."""
    try:
        with path.open("rb") as stream:
            begin = stream.read(len(MAGIC) + LENGTH_BYTES)
            text = stream.read(int.from_bytes(begin[len(MAGIC) :], "little"))
            return int(json.loads(text)["step"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def packed_shard(head: Head, columns: Columns, counts: Thin) -> bytes:
    """Give a shard as bytes; the same columns give the same bytes."""
    body = _Written()
    for piece in _pieces(columns):
        body.add(piece.taken())
    shapes = []
    for name, (shape, places, values) in counts.cells.items():
        shapes.append([name, *shape])
        body.add_whole(places)
        body.add_whole(values)
    said = {
        "version": __version__,
        "layout": layout(),
        **head._asdict(),
        "counts": shapes,
        "forms": body.forms,
    }
    text = json.dumps(said, separators=(",", ":")).encode()
    whole = b"".join([MAGIC, len(text).to_bytes(LENGTH_BYTES, "little"), text, *body.blocks])
    return whole + hashlib.blake2b(whole, digest_size=HASH_BYTES).digest()


def unpack_shard(packed: bytes, head: Head, columns: Columns, where: str) -> Thin:
    """Fill what moves of ``columns`` from the bytes of a shard and give the counts it carries.

    ``where`` names the shard in errors; nothing is filled before the whole of it is checked.
    """
    whole = memoryview(packed)[:-HASH_BYTES]
    if hashlib.blake2b(whole, digest_size=HASH_BYTES).digest() != packed[-HASH_BYTES:]:
        raise DamagedRun(f"{where} was cut or altered: its hash is not that of its content")
    said, begin = _head_of(whole, where)
    for name, wanted in head._asdict().items():
        if said[name] != wanted:
            raise DamagedRun(f"{where} is not that shard: its {name} is {said[name]}, not {wanted}")
    body = _Read(whole[begin:], said["forms"])
    for piece in _pieces(columns):
        piece.put(body.next())
    return Thin(
        {
            name: (tuple(shape), body.whole(np.uint32), body.whole(np.int64))
            for name, *shape in said["counts"]
        }
    )


def _head_of(whole: memoryview, where: str) -> tuple[dict[str, Any], int]:
    """Give what a shard says of itself and where its blocks begin."""
    at = len(MAGIC) + LENGTH_BYTES
    if bytes(whole[: len(MAGIC)]) != MAGIC:
        raise DamagedRun(f"{where} is no shard")
    begin = at + int.from_bytes(whole[len(MAGIC) : at], "little")
    said: dict[str, Any] = json.loads(bytes(whole[at:begin]))
    if (said["version"], said["layout"]) != (__version__, layout()):
        raise OtherVersion(
            f"{where} was written by glasshouse {said['version']} with other columns; this is"
            f" {__version__}: go on with that version, or begin the run again"
        )
    return said, begin


class _Plane(NamedTuple):
    """One arm and inner place of a column: [community, slot], less a base where it has one."""

    array: NDArray[Any]
    base: NDArray[Any] | None

    def taken(self) -> NDArray[Any]:
        if self.base is None:
            return self.array
        # Differences go around the end and come back the same way; signed, small ones are small.
        behind: NDArray[Any] = self.array - self.base
        return behind.view(self.array.dtype.str.replace("u", "i"))

    def put(self, values: NDArray[Any] | int) -> None:
        self.array[...] = values if isinstance(values, int) else values.reshape(self.array.shape)
        if self.base is not None:
            np.add(self.array, self.base, out=self.array)


class _Used(NamedTuple):
    """The places in use of a column of a pool, in canonical order."""

    flat: NDArray[Any]
    used: NDArray[Any]

    def taken(self) -> NDArray[Any]:
        taken: NDArray[Any] = self.flat[self.used]
        return taken

    def put(self, values: NDArray[Any] | int) -> None:
        self.flat[self.used] = values


def _pieces(columns: Columns) -> Iterator[_Plane | _Used]:
    """Give everything that moves, piece by piece; how full the pools are comes before the pools."""
    for column in (*POOL_SIZES, *STATE, *OUTCOME):
        array = columns.arrays[column.group, column.name]
        base = None
        if column.group == "state" and column.name in STARTS:
            base = columns.arrays["static", STARTS[column.name]]
        for inner in np.ndindex(array.shape[1 : len(column.axes) - (column.axes[-1] == "slot")]):
            yield _Plane(array[(slice(None), *inner)], base)
    for size, pool in POOLS.items():
        opened = columns.arrays["pools", size]
        for column in pool:
            array = columns.arrays[column.group, column.name]
            if column is pool[0]:
                used = np.flatnonzero(np.arange(array.shape[-1]) < opened[..., None])
            yield _Used(array.reshape(-1), used)


class _Written:
    """Blocks of a shard, and what each is: one number, or the type and length of what follows."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.forms: list[int | tuple[str, int]] = []
        self._compressor = zstandard.ZstdCompressor(level=LEVEL)

    def add(self, array: NDArray[Any]) -> None:
        low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
        if low == high:
            self.forms.append(low)
        else:
            self.add_whole(array, low, high)

    def add_whole(self, array: NDArray[Any], low: int | None = None, high: int = 0) -> None:
        if low is None:
            low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
        kind = next(
            (k for k in NARROW if np.iinfo(k).min <= low and high <= np.iinfo(k).max),
            array.dtype.str[1:],
        )
        narrow = np.ascontiguousarray(array, dtype=f"<{kind}")
        block = self._compressor.compress(narrow.reshape(-1).data)
        self.forms.append((kind, len(block)))
        self.blocks.append(block)


class _Read:
    """The same blocks, one after the other."""

    def __init__(self, whole: memoryview, forms: list[Any]) -> None:
        self._whole, self._forms = whole, iter(forms)
        self._at = 0
        self._decompressor = zstandard.ZstdDecompressor()

    def next(self) -> NDArray[Any] | int:
        form = next(self._forms)
        if isinstance(form, int):
            return form
        kind, length = form
        block = self._whole[self._at : self._at + length]
        self._at += length
        return np.frombuffer(self._decompressor.decompress(block), f"<{kind}")

    def whole(self, kind: type[np.integer[Any]]) -> NDArray[Any]:
        return np.asarray(self.next()).astype(kind)
