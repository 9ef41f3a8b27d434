"""Reads a packed scene again, written from what the format says and not from the packer."""

from __future__ import annotations

import zlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.app.packing import Packed

Told = tuple[int, int, int, int, int, int, int]
"""row, step, arm, day, what, first, second"""

ACT, ENTRY, SCORE = 1, 2, 12

NO_DAY = 255
"""The day of an act that is told by its step alone."""


def inflated(packed: bytes) -> bytes:
    """Give the bytes that were deflated, without a head of zlib's."""
    return zlib.decompress(packed, -15)


def numbers(content: bytes) -> Iterator[int]:
    """Numbers of seven bits a byte."""
    value = shift = 0
    for byte in content:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value
            value = shift = 0


def bytes_of(text: str) -> bytes:
    """The bytes that letters hold, thirteen bits a pair, the low letter first."""
    letters = [chr(code) for code in range(33, 127) if chr(code) not in "<>&"]
    value = {letter: place for place, letter in enumerate(letters)}
    known = [value[letter] for letter in text if letter in value]
    pairs = zip(known[::2], known[1::2], strict=True)
    bits = "".join(f"{low + 91 * high:013b}" for low, high in pairs)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))


def signed(value: int) -> int:
    """A number of either sign."""
    return -(value + 1) // 2 if value % 2 else value // 2


def kinds(columns: dict[str, bytes], name: str) -> list[int]:
    """Numbers of two bytes from their halves."""
    pairs = zip(columns[f"{name}.low"], columns[f"{name}.high"], strict=True)
    return [low + 256 * high for low, high in pairs]


def placed(columns: dict[str, bytes], name: str) -> list[int]:
    """The cell of everything that is counted by cell."""
    counts = enumerate(numbers(columns[f"{name}.count"]))
    return [cell for cell, count in counts for _ in range(count)]


def unpacked(given: Packed) -> list[Told]:
    """Every event that a packed scene holds, in no order."""
    head, columns = given
    steps = len(head["days"])
    found: list[Told] = []
    linked: list[tuple[int, int, int]] = []
    sums: dict[str, dict[int, int]] = {one["name"]: defaultdict(int) for one in head["scores"]}
    for arm in range(head["arms"]):
        name = f"entries.{arm}"
        what, cells = kinds(columns, name), placed(columns, name)
        by_type = sorted(range(len(what)), key=lambda e: what[e])
        labels = dict(zip(by_type, columns[f"{name}.label"], strict=True))
        back = list(numbers(columns[f"{name}.back"]))
        for e, cell in enumerate(cells):
            row, step = divmod(cell, steps)
            found.append((row, step, arm, columns[f"{name}.day"][e], ENTRY, what[e], labels[e]))
            if back[e]:
                linked.append((row, step - back[e] + 1, what[e]))
            for one in head["scores"]:
                if one["arm"] == arm:
                    sums[one["name"]][cell] += one["worth"][what[e]]
    for one in head["scores"]:
        found += scores(head, columns, one, sums[one["name"]])
    found += acts(head, columns, linked)
    return found + others(columns, steps)


def scores(
    head: dict[str, Any], columns: dict[str, bytes], one: dict[str, Any], sums: dict[int, int]
) -> Iterator[Told]:
    """The scores of an instrument."""
    mask, left = columns[f"{one['name']}.mask"], numbers(columns[f"{one['name']}.left"])
    for row in range(head["rows"]):
        points = one["start"]
        for step, days in enumerate(head["days"]):
            cell = row * len(head["days"]) + step
            change = sums[cell]
            if mask[cell // 8] & (128 >> cell % 8):
                change += signed(next(left))
            if change:
                points += change
                yield row, step, one["arm"], days - 1, SCORE, one["instrument"], points


def acts(
    head: dict[str, Any], columns: dict[str, bytes], linked: list[tuple[int, int, int]]
) -> Iterator[Told]:
    """The acts behind entries, then the others."""
    steps = len(head["days"])
    cells = placed(columns, "acts")
    alone = [(*divmod(cell, steps), act)
             for cell, act in zip(cells, kinds(columns, "acts"), strict=True)]  # fmt: skip
    for name, some in (("linked", linked), ("acts", alone)):
        days = columns.get(f"{name}.day", b"\xff" * len(some))
        states = kinds(columns, f"{name}.state")
        for (row, step, act), state, day in zip(some, states, days, strict=True):
            done, seen = head["states"][state]
            for arm in range(head["arms"]):
                if done >> arm & 1:
                    yield row, step, arm, day, ACT, act, seen >> arm & 1


def others(columns: dict[str, bytes], steps: int) -> list[Told]:
    """Everything else."""
    found, cell = [], 0
    for gap, arm, day, what, first, second in zip(
        numbers(columns["other.gap"]), columns["other.arm"], columns["other.day"],
        columns["other.what"], kinds(columns, "other"), numbers(columns["other.second"]),
        strict=True,
    ):  # fmt: skip
        cell += gap
        found.append((*divmod(cell, steps), arm, day, what, first, signed(second)))
    return found
