"""A plane of a column as few bytes, and back.

A plane is what one arm and one inner place of a column hold of a community: a number a row, or a
number for each place in use of a pool. It is kept as what it differs by from a base (the arm
before; means from the start of means) and from its usual number, in one of four forms, whichever is
shortest.
"""

from __future__ import annotations

from typing import Any

from glasshouse.engine.packing.bits_kernel import (
    bits_of,
    bytes_of,
    clear,
    eighth_part,
    number_at,
    pack_bits,
    put_number,
    unpack_bits,
)
from glasshouse.kernel import entry, i64, passage

# Forms of a plane, in its first byte.
ALIKE = 0
"""All numbers are the usual one."""
ALL = 1
"""Each number in so many bits."""
FLAGGED = 2
"""A bit for each, then those that are not usual."""
PLACED = 3
"""The places of those that are not usual, then these."""
USUAL = 4
"""Added to a form: the usual difference is not zero, and follows."""

# What the table says of a plane, in this order.
WIDTH = 0
"""Bytes of a number: 1, 2 or 4."""
FIRST = 1
"""Where the plane of the first community begins."""
STEP = 2
"""How much further each next community's begins."""
BASE_FIRST = 3
BASE_STEP = 4
"""The same of the base; zeros stand at 0."""
POOL = 5
"""0: a number a row; 1: a number an open entry; 2: a number an open listing."""
ARM = 6
BASE_PLANE = 7
"""Which plane of the table the base is; NO_PLANE: zeros, or what the table does not name."""
N_SAID = 8

NO_PLANE = -1

MIXED = -1
"""Held by a plane whose numbers are not all alike, or of which nothing is known."""

HEAD_BYTES = 16
"""More than what stands before the numbers of a plane."""

CHUNK = 16
"""Numbers that are passed over at once where all are usual."""


@passage
def usual_of(values: Any, base: Any, count: int, mask: int) -> int:
    """Give the usual difference: what two of three places agree on, or that of the first."""
    first = (i64(values[0]) - i64(base[0])) & mask
    middle = (i64(values[count // 2]) - i64(base[count // 2])) & mask
    last = (i64(values[count - 1]) - i64(base[count - 1])) & mask
    return middle if middle == last else first


@passage
def take_apart(
    values: Any, base: Any, count: int, width: int, apart: Any
) -> tuple[int, int, int, int]:
    """Write what each number differs by; give the usual, the lowest, the highest, how many differ.

    Differences go around the end of their width and come back the same way; small ones are small.
    """
    mask = (1 << (8 * width)) - 1
    sign = 1 << (8 * width - 1)
    usual = usual_of(values, base, count, mask)
    differs = 0
    for place in range(count):
        differs |= i64(values[place]) - i64(base[place]) - usual
    low, high, found = 0, 0, 0
    if differs & mask != 0:
        for place in range(count):
            number = (((i64(values[place]) - i64(base[place]) - usual) & mask) ^ sign) - sign
            apart[place] = number
            low = min(low, number)
            high = max(high, number)
            found += number != 0
    return usual, low, high, found


@passage
def find_places(apart: Any, count: int, places: Any) -> None:
    """Write the places of the numbers that are not usual; they are few."""
    clear(apart, count, (count + CHUNK - 1) // CHUNK * CHUNK)
    found = 0
    for chunk in range((count + CHUNK - 1) // CHUNK):
        some = apart[CHUNK * chunk : CHUNK * chunk + CHUNK]
        differs = 0
        for place in range(CHUNK):
            differs |= some[place]
        if differs != 0:
            for place in range(CHUNK):
                places[found] = CHUNK * chunk + place
                found += some[place] != 0


@passage
def keep_those(apart: Any, count: int, low: int, numbers: Any) -> None:
    """Write the numbers that are not usual, less ``low``, one behind the other."""
    found = 0
    for place in range(count):
        numbers[found] = (apart[place] - low) & 0xFFFFFFFF
        found += apart[place] != 0


@passage
def write_plane(
    count: int, usual: int, low: int, high: int, found: int, apart: Any, numbers: Any, places: Any,
    out: Any, at: int,
) -> int:  # fmt: skip
    """Write a plane in its shortest form; give where it ends."""
    width = bits_of(high - low)
    place_width = bits_of(count - 1)
    form = ALIKE
    if found > 0:
        some = bytes_of(found, width)
        form = ALL
        least = bytes_of(count, width)
        if eighth_part(count) + some < least:
            form = FLAGGED
            least = eighth_part(count) + some
        if bytes_of(found, place_width) + some < least:
            form = PLACED
    out[at] = form + (USUAL if usual != 0 else 0)
    at += 1
    if usual != 0:
        at = put_number(out, at, usual)
    if form != ALIKE:
        out[at] = width
        at = put_number(out, at + 1, low)
        if form == ALL:
            for place in range(count):
                numbers[place] = apart[place] - low
            at = pack_bits(numbers, count, width, out, at)
        else:
            at = put_number(out, at, found)
            if form == FLAGGED:
                for place in range(count):
                    numbers[place] = 1 if apart[place] != 0 else 0
                at = pack_bits(numbers, count, 1, out, at)
                keep_those(apart, count, low, numbers)
            else:
                find_places(apart, count, places)
                at = pack_bits(places, found, place_width, out, at)
                for place in range(found):
                    numbers[place] = apart[places[place]] - low
            at = pack_bits(numbers, found, width, out, at)
    return at


@passage
def read_plane(packed: Any, at: int, count: int, apart: Any, numbers: Any, places: Any) -> int:
    """Write what each number of a plane differs by from its base; give where the plane ends."""
    form = i64(packed[at])
    at += 1
    usual = 0
    if form >= USUAL:
        form -= USUAL
        usual = number_at(packed, at)
        at += 4
    if form == ALL:
        width = i64(packed[at])
        low = number_at(packed, at + 1)
        at = unpack_bits(packed, at + 5, count, width, numbers)
        for place in range(count):
            apart[place] = (numbers[place] + low + usual) & 0xFFFFFFFF
    else:
        for place in range(count):
            apart[place] = usual
    if form == FLAGGED or form == PLACED:
        width = i64(packed[at])
        more = number_at(packed, at + 1) + usual
        found = number_at(packed, at + 5)
        at += 9
        if form == PLACED:
            at = unpack_bits(packed, at, found, bits_of(count - 1), places)
        else:
            at = unpack_bits(packed, at, count, 1, numbers)
            reached = 0
            for place in range(count):
                places[reached] = place
                reached += i64(numbers[place])
        at = unpack_bits(packed, at, found, width, numbers)
        for place in range(found):
            apart[places[place]] = (numbers[place] + more) & 0xFFFFFFFF
    return at


@passage
def put_together(values: Any, base: Any, count: int, width: int, apart: Any) -> None:
    """Write the numbers of a plane from its base and what they differ by."""
    mask = (1 << (8 * width)) - 1
    for place in range(count):
        values[place] = (i64(base[place]) + apart[place]) & mask


@passage
def alike_in(said: Any, held: Any, usual: int, differs: int) -> int:
    """Give the number that a plane holds throughout, or MIXED; ``held`` is the community's.

    Of a pool nothing is said: another community may have more in use.
    """
    base = MIXED
    if said[BASE_PLANE] != NO_PLANE:
        base = i64(held[said[BASE_PLANE]])
    elif said[BASE_FIRST] == 0 and said[BASE_STEP] == 0:
        base = 0
    found = MIXED
    if base != MIXED and differs == 0 and said[POOL] == 0:
        found = (base + usual) & ((1 << (8 * said[WIDTH])) - 1)
    return found


@passage
def plane_of(
    table: Any, plane: int, community: int, arms: int, rows: int, open_entries: Any,
    open_listings: Any,
) -> tuple[Any, int, int, int]:  # fmt: skip
    """Give what a table says of a plane, and of a community's plane where it lies.

    That is how many numbers it holds, where they begin, and where those of its base do.
    """
    said = table[N_SAID * plane : N_SAID * plane + N_SAID]
    place = community * arms + said[ARM]
    count = rows
    if said[POOL] == 1:
        count = i64(open_entries[place])
    elif said[POOL] > 1:
        count = i64(open_listings[place])
    first = said[FIRST] + community * said[STEP]
    base = said[BASE_FIRST] + community * said[BASE_STEP]
    return said, count, first, base


@entry
def pack_planes(
    communities: int, arms: int, rows: int, table: Any, of_1: Any, of_2: Any, of_4: Any,
    open_entries: Any, open_listings: Any, held: Any, apart: Any, numbers: Any, places: Any,
    out: Any,
) -> int:  # fmt: skip
    """Write the planes of some communities that a table names to ``out``; give how many bytes.

    ``of_1``, ``of_2`` and ``of_4`` hold all columns of numbers of that many bytes; they begin with
    zeros. ``held`` is told what each plane of each community holds throughout.
    """
    at = 0
    planes = len(table) // N_SAID
    for community in range(communities):
        here = held[planes * community : planes * community + planes]
        for plane in range(planes):
            said, count, first, base = plane_of(
                table, plane, community, arms, rows, open_entries, open_listings
            )
            if count > 0:
                if said[WIDTH] == 1:
                    usual, low, high, found = take_apart(
                        of_1[first : first + count], of_1[base : base + count], count, 1, apart
                    )
                elif said[WIDTH] == 2:
                    usual, low, high, found = take_apart(
                        of_2[first : first + count], of_2[base : base + count], count, 2, apart
                    )
                else:
                    usual, low, high, found = take_apart(
                        of_4[first : first + count], of_4[base : base + count], count, 4, apart
                    )
                here[plane] = alike_in(said, here, usual, found)
                at = write_plane(count, usual, low, high, found, apart, numbers, places, out, at)
    return at


@entry
def unpack_planes(
    communities: int, arms: int, rows: int, table: Any, of_1: Any, of_2: Any, of_4: Any,
    open_entries: Any, open_listings: Any, held: Any, apart: Any, numbers: Any, places: Any,
    packed: Any,
) -> int:  # fmt: skip
    """Fill the planes of some communities that a table names; give how many bytes were read.

    What ``held`` says that a plane holds already is not written again.
    """
    at = 0
    planes = len(table) // N_SAID
    for community in range(communities):
        here = held[planes * community : planes * community + planes]
        for plane in range(planes):
            said, count, first, base = plane_of(
                table, plane, community, arms, rows, open_entries, open_listings
            )
            if count > 0:
                alike = MIXED
                if packed[at] == ALIKE:
                    alike = alike_in(said, here, 0, 0)
                elif packed[at] == ALIKE + USUAL:
                    alike = alike_in(said, here, number_at(packed, at + 1), 0)
                is_there = alike != MIXED and alike == here[plane]
                here[plane] = alike
                if is_there:
                    at += 1 if packed[at] == ALIKE else 5
                else:
                    at = read_plane(packed, at, count, apart, numbers, places)
                    if said[WIDTH] == 1:
                        put_together(
                            of_1[first : first + count], of_1[base : base + count], count, 1, apart
                        )
                    elif said[WIDTH] == 2:
                        put_together(
                            of_2[first : first + count], of_2[base : base + count], count, 2, apart
                        )
                    else:
                        put_together(
                            of_4[first : first + count], of_4[base : base + count], count, 4, apart
                        )
    return at
