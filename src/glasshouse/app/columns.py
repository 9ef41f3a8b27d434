"""Numbers as bytes that deflate well: a byte a symbol, small numbers first, each column alone.

Most columns are luck, in which no pattern repeats: they are packed by how often each byte comes and
not by what came before, whichever is shorter.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RAW = -15
"""Deflate without a frame, as the browser's ``deflate-raw``."""


def zigzag(values: NDArray[Any]) -> NDArray[np.int64]:
    """Give small numbers of either sign as small numbers without one."""
    wide = np.asarray(values, np.int64)
    return (wide << 1) ^ (wide >> 63)


def varints(values: NDArray[Any]) -> bytes:
    """Give numbers from 0 up by seven bits a byte, the lowest first; the eighth says go on."""
    rest = np.asarray(values, np.int64)
    if not len(rest):
        return b""
    if rest.min() < 0:
        raise ValueError("a number below zero has no varint")
    planes: list[NDArray[np.uint8]] = []
    more: list[NDArray[np.bool_]] = [np.ones(len(rest), bool)]
    while True:
        low, rest = rest & 127, rest >> 7
        goes_on = rest > 0
        planes.append((low | (goes_on << 7)).astype(np.uint8))
        if not goes_on.any():
            break
        more.append(goes_on)
    return np.stack(planes, axis=1)[np.stack(more, axis=1)].tobytes()


def halves(values: NDArray[Any]) -> tuple[bytes, bytes]:
    """Give 16-bit numbers as their low bytes and their high bytes."""
    wide = np.asarray(values, np.int64)
    if len(wide) and not 0 <= int(wide.min()) <= int(wide.max()) < 65_536:
        raise ValueError("a number does not fit 16 bits")
    return (wide & 255).astype(np.uint8).tobytes(), (wide >> 8).astype(np.uint8).tobytes()


def deflated(content: bytes) -> bytes:
    """Give the shorter of deflate with patterns, with few patterns and without any."""
    found = []
    for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY):
        packer = zlib.compressobj(9, zlib.DEFLATED, _RAW, 9, strategy)
        found.append(packer.compress(content) + packer.flush())
    return min(found, key=len)


def inflated(packed: bytes) -> bytes:
    """Give what was deflated."""
    return zlib.decompress(packed, _RAW)
