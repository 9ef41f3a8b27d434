"""Whole numbers of a few bits each, as bytes: short loops that a compiler turns to vectors.

A number of, say, 11 bits is taken apart into 8 and 2 and 1, and the like parts of all numbers stand
together: one to a byte, or two, or four, or eight. What shares a byte comes from far apart, so that
neighbours are worked on at once.
"""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import kernel, passage

EIGHT = 8
"""Scratch is zero up to the next multiple of this behind the last number."""


@kernel
def eighth_part(count: int) -> int:
    """Give how many bytes a bit of each of ``count`` numbers takes."""
    return (count + EIGHT - 1) // EIGHT


@kernel
def bits_of(number: int) -> int:
    """Give how many bits a number below 2**32 takes."""
    bits = 0
    while number >> bits != 0:
        bits += 1
    return bits


@kernel
def bytes_of(count: int, width: int) -> int:
    """Give how many bytes ``count`` numbers of ``width`` bits take."""
    return width // EIGHT * count + width % EIGHT * eighth_part(count)


@passage
def clear(numbers: Any, first: int, last: int) -> None:
    """Set the places ``first`` .. ``last`` - 1 to zero."""
    for place in range(first, last):
        numbers[place] = 0


@passage
def pack_bits(numbers: Any, count: int, width: int, out: Any, at: int) -> int:
    """Write the low ``width`` bits of ``count`` numbers to ``out``; give where that ends."""
    clear(numbers, count, EIGHT * eighth_part(count))
    done = 0
    for _ in range(width // EIGHT):
        into = out[at : at + count]
        for place in range(count):
            into[place] = (numbers[place] >> done) & 255
        at += count
        done += EIGHT
    part = EIGHT // 2
    while part > 0:
        if width & part != 0:
            length = part * eighth_part(count)
            into = out[at : at + length]
            clear(into, 0, length)
            for turn in range(EIGHT // part):
                some = numbers[turn * length : turn * length + length]
                for place in range(length):
                    into[place] |= ((some[place] >> done) & ((1 << part) - 1)) << (part * turn)
            at += length
            done += part
        part //= 2
    return at


@passage
def unpack_bits(packed: Any, at: int, count: int, width: int, numbers: Any) -> int:
    """Read ``count`` numbers of ``width`` bits from ``packed``; give where they end."""
    clear(numbers, 0, EIGHT * eighth_part(count))
    done = 0
    for _ in range(width // EIGHT):
        taken = packed[at : at + count]
        for place in range(count):
            numbers[place] |= taken[place] << done
        at += count
        done += EIGHT
    part = EIGHT // 2
    while part > 0:
        if width & part != 0:
            length = part * eighth_part(count)
            taken = packed[at : at + length]
            for turn in range(EIGHT // part):
                some = numbers[turn * length : turn * length + length]
                for place in range(length):
                    some[place] |= ((taken[place] >> (part * turn)) & ((1 << part) - 1)) << done
            at += length
            done += part
        part //= 2
    return at


@passage
def put_number(out: Any, at: int, number: int) -> int:
    """Write 32 bits of a number, the lowest first; give where they end."""
    for place in range(4):
        out[at + place] = (number >> (EIGHT * place)) & 255
    return at + 4


@passage
def number_at(packed: Any, at: int) -> int:
    """Read a number of 32 bits."""
    number = 0
    for place in range(4):
        number |= packed[at + place] << (EIGHT * place)
    return number
