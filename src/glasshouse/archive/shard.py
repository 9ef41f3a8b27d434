"""A shard: what moves of some communities, packed into one file that is checked when it is read.

How communities are packed is their packer's affair (see ``engine.packing``); here they are blocks
of bytes. A shard says of which run, step and communities it is and in which layout of columns, and
ends with a checksum. It also carries the counts of its last step, so that a run that was stopped
within a step goes on with the shards that had not taken it.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.archive.history import Thin
from glasshouse.archive.store import write_aside
from glasshouse.errors import BadInput, DamagedRun, OtherVersion, Problem
from glasshouse.state.columns import REGISTRY
from glasshouse.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MAGIC = b"glasshouse shard 2\n"
SUM_BYTES = 4
LENGTH_BYTES = 4

NARROW = ("u1", "u2", "u4", "i8")


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
    block: int
    """How many of them lie together in a block."""


def layout() -> str:
    """Give the hash of what the registry says of the columns: of another one nothing is read."""
    said = [(column.group, column.name, column.dtype, column.axes) for column in REGISTRY]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


class Content(NamedTuple):
    """What a shard holds."""

    blocks: list[memoryview]
    """Communities, so many to a block, in order."""
    counts: Thin
    """Of its last step."""
    beside: Thin
    """What else is asked for after a step."""


def write_shard(path: Path, packed: bytes) -> None:
    """Write a packed shard aside and put it in its place; refuses what cannot be written there."""
    try:
        write_aside(path, lambda file: file.write_bytes(packed))
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        right = "a file of this run, or nothing, in a folder that may be written to"
        raise BadInput([Problem(str(path), 0, 0, "", what, right)]) from error


def read_shard(path: Path, head: Head) -> Content:
    """Give what a shard holds.

    Raises DamagedRun where the file is missing, cut or altered or belongs elsewhere, OtherVersion
    where another version wrote it.
    """
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise DamagedRun(f"{path} cannot be read: {error.strerror or error}") from error
    return unpacked_shard(packed, head, str(path))


def steps_of(path: Path) -> int:
    """Give how many steps a shard has done by what its file says first; -1 where it says none."""
    try:
        with path.open("rb") as stream:
            begin = stream.read(len(MAGIC) + LENGTH_BYTES)
            text = stream.read(int.from_bytes(begin[len(MAGIC) :], "little"))
            return int(json.loads(text)["step"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def packed_shard(
    head: Head, blocks: Sequence[bytes | memoryview], counts: Thin, beside: Thin
) -> bytes:
    """Give a shard as bytes; the same blocks give the same bytes."""
    cells: list[bytes] = []
    shapes = [_written(thin, cells) for thin in (counts, beside)]
    said = {
        "version": __version__,
        "layout": layout(),
        **head._asdict(),
        "blocks": [len(block) for block in blocks],
        "thin": shapes,
    }
    text = json.dumps(said, separators=(",", ":")).encode()
    pieces = [MAGIC, len(text).to_bytes(LENGTH_BYTES, "little"), text, *blocks, *cells]
    return b"".join([*pieces, _sum(pieces)])


def unpacked_shard(packed: bytes, head: Head, where: str) -> Content:
    """Give what the bytes of a shard hold; ``where`` names the shard in errors."""
    whole = memoryview(packed)[:-SUM_BYTES]
    if _sum([whole]) != packed[-SUM_BYTES:]:
        raise DamagedRun(f"{where} was cut or altered: its checksum is not that of its content")
    said, at = _head_of(whole, where)
    # A shard that does not tell has as many as always.
    if said.setdefault("block", head.block) != head.block:
        raise OtherVersion(
            f"{where} holds {said['block']} communities to a block, and this glasshouse takes"
            f" {head.block}: go on with the one that wrote it, or begin the run again"
        )
    for name, wanted in head._asdict().items():
        if said[name] != wanted:
            raise DamagedRun(f"{where} is not that shard: its {name} is {said[name]}, not {wanted}")
    blocks = []
    for length in said["blocks"]:
        blocks.append(whole[at : at + length])
        at += length
    thin = []
    for shapes in said["thin"]:
        found, at = _read(shapes, whole, at)
        thin.append(found)
    return Content(blocks, *thin)


def _sum(pieces: Sequence[bytes | memoryview]) -> bytes:
    """Give the checksum (CRC-32) of pieces that stand one behind the other."""
    found = 0
    for piece in pieces:
        found = zlib.crc32(piece, found)
    return found.to_bytes(SUM_BYTES, "little")


def _written(thin: Thin, cells: list[bytes]) -> list[Any]:
    """Write thin arrays behind others; give what must be known to read them."""
    said = []
    for name, (shape, places, values) in thin.cells.items():
        # Places in use mostly stand close together.
        steps, numbers = _narrow(np.diff(places, prepend=np.uint32(0))), _narrow(values)
        said.append([name, shape, len(places), steps.dtype.str, numbers.dtype.str])
        cells += [steps.tobytes(), numbers.tobytes()]
    return said


def _read(said: list[Any], whole: memoryview, at: int) -> tuple[Thin, int]:
    """Give thin arrays and where they end."""
    cells = {}
    for name, shape, length, kind_of_steps, kind in said:
        steps = np.frombuffer(whole, kind_of_steps, length, at)
        numbers = np.frombuffer(whole, kind, length, at + steps.nbytes)
        at += steps.nbytes + numbers.nbytes
        places = np.cumsum(steps, dtype=np.uint32)
        cells[name] = (tuple(shape), places, numbers.astype(np.int64))
    return Thin(cells), at


def _narrow(numbers: NDArray[Any]) -> NDArray[Any]:
    """Give whole numbers in the narrowest type that holds them."""
    low, high = (int(numbers.min()), int(numbers.max())) if numbers.size else (0, 0)
    kind = next(k for k in NARROW if np.iinfo(k).min <= low and high <= np.iinfo(k).max)
    return numbers.astype(f"<{kind}")


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
