"""Numbers as bytes that deflate well: a byte a symbol, small numbers first, each column alone.

Most columns are luck, in which no pattern repeats: they are packed by how often each byte comes and
not by what came before, whichever is shorter.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RAW = -15
"""Deflate without a frame, as the browser's ``deflate-raw``."""

_STRATEGIES = (zlib.Z_HUFFMAN_ONLY, zlib.Z_FILTERED, zlib.Z_DEFAULT_STRATEGY)
_SAMPLE = 1 << 16

_LETTERS = bytes(code for code in range(33, 127) if chr(code) not in "<>&")
"""The 91 letters that stand in a page as themselves."""

_PAIR_BITS = 13
"""Bits that two of 91 letters hold: a fifth more letters than bytes, where base64 takes a third."""

WHOLE = -1
"""Said of a column of which no byte is left out."""


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


class Block(NamedTuple):
    """A column, deflated: whole, or as which bytes are not the usual one and what those are."""

    length: int
    usual: int
    """The byte left out, or WHOLE."""
    pieces: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """The bytes it takes."""
        return sum(map(len, self.pieces))


def block(content: bytes) -> Block:
    """Give a column the shorter way."""
    whole = Block(len(content), WHOLE, (deflated(content),))
    if not content:
        return whole
    symbols = np.frombuffer(content, np.uint8)
    usual = int(np.bincount(symbols, minlength=256).argmax())
    is_other = symbols != usual
    if 2 * int(is_other.sum()) > len(symbols):
        return whole
    pieces = (deflated(np.packbits(is_other).tobytes()), deflated(symbols[is_other].tobytes()))
    return min(whole, Block(len(content), usual, pieces), key=lambda one: one.size)


def deflated(content: bytes) -> bytes:
    """Deflate by how often each byte comes, or by patterns too where a sample says it pays."""
    sample = content[:_SAMPLE]
    best = min(_STRATEGIES, key=lambda strategy: len(_deflated(sample, strategy)))
    return _deflated(content, best)


def _deflated(content: bytes, strategy: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW, 9, strategy)
    return packer.compress(content) + packer.flush()


def lettered(content: bytes) -> str:
    """Give bytes as letters of a page, thirteen bits a pair, the low letter first.

    What is left of the last pair is zero; whoever reads knows the length.
    """
    bits = np.unpackbits(np.frombuffer(content, np.uint8))
    pairs = np.zeros(-(-len(bits) // _PAIR_BITS) * _PAIR_BITS, np.uint8)
    pairs[: len(bits)] = bits
    values = pairs.reshape(-1, _PAIR_BITS) @ (1 << np.arange(_PAIR_BITS)[::-1])
    high, low = np.divmod(values, len(_LETTERS))
    places = np.stack([low, high], axis=1).reshape(-1)
    letters: bytes = np.frombuffer(_LETTERS, np.uint8)[places].tobytes()
    return letters.decode()
