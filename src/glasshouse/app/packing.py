"""The events of a scene, packed for a page of one file: what follows from another is not repeated.

An act that several arms share is told once. An entry points back at the act behind it. A score is
told by how far it is from what the month's entries are worth. ``static/packed.js`` unpacks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from glasshouse.app.columns import halves, varints, zigzag
from glasshouse.engine import journal
from glasshouse.errors import BadUsage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from glasshouse.app.messages import Events

Carry = Literal["all", "parting"]
"""``all``: every act with its day. ``parting``: by the step, and only those that some arm saw or
that were not done in every arm."""

FEWEST_ALONE = 8
"""Cells with a single entry of a type that it takes to say what the type is worth."""

MOST_ARMS = 31
"""Arms that a page holds: a bit each in a number that a browser shifts."""

MOST_ALIKE = 64
"""Times that somebody may do the same on one day."""


class Flat(NamedTuple):
    """The events of a whole scene; columns of equal length, by row, then step, then as written."""

    row: NDArray[np.int64]
    step: NDArray[np.int64]
    arm: NDArray[np.int64]
    day: NDArray[np.int64]
    what: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    def where(self, keep: NDArray[Any]) -> Flat:
        """Give some of the events, in their order."""
        return Flat(*(column[keep] for column in self))


class Done(NamedTuple):
    """Acts, each once however many arms share it; columns of equal length."""

    row: NDArray[np.int64]
    step: NDArray[np.int64]
    day: NDArray[np.int64]
    act: NDArray[np.int64]
    done: NDArray[np.int64]
    """A bit for every arm in which it was done."""
    seen: NDArray[np.int64]
    """A bit for every arm in which it was seen."""

    def where(self, keep: NDArray[Any]) -> Done:
        """Give some of the acts, in their order."""
        return Done(*(column[keep] for column in self))


class Packed(NamedTuple):
    """Packed events: a document that says how to read them, and the columns by name."""

    head: dict[str, Any]
    columns: dict[str, bytes]


def packed(header: Mapping[str, Any], steps: Iterable[Events], carry: Carry = "all") -> Packed:
    """Pack the events of every step of a scene with this header."""
    every = list(steps)
    found = flat(every, acts=False)
    if len(header["arms"]) > MOST_ARMS:
        raise BadUsage(f"a page holds at most {MOST_ARMS} arms, and the run has more")
    rows, types = int(header["people"]), len(header["acts"])
    days = np.array([step["days"] for step in header["steps"]], np.int64)
    starts = np.concatenate([[0], np.cumsum(days)])
    cells = _Cells(rows, len(days))
    columns: dict[str, bytes] = {}
    done = acts_of(flat(every, acts=True), len(header["arms"]), len(days), types)
    if carry == "parting":
        done = done.where((done.seen != 0) | (done.done != (1 << len(header["arms"])) - 1))
    linked: list[NDArray[np.int64]] = []
    is_linked = np.zeros(len(done.row), bool)
    scores, other = [], found.what != journal.ENTRY
    for arm, about in enumerate(header["arms"]):
        entries = found.where((found.what == journal.ENTRY) & (found.arm == arm))
        behind = acts_behind(entries, done, is_linked, arm, starts, types)
        is_linked[behind[behind >= 0]] = True
        linked.append(behind[behind >= 0])
        columns |= _entry_columns(f"entries.{arm}", entries, behind, done, cells)
        for number, one in enumerate(about["instruments"]):
            is_one = (found.what == journal.SCORE) & (found.arm == arm) & (found.first == number)
            told, worth, pieces = _score_columns(
                found, is_one, entries, one["start"], cells, days, types
            )
            name = f"score.{arm}.{number}"
            columns |= {f"{name}.{key}": piece for key, piece in pieces.items()}
            scores.append({"name": name, "arm": arm, "instrument": number, "start": one["start"],
                           "worth": worth})  # fmt: skip
            other &= ~told
    alone = done.where(~is_linked)
    first = done.where(np.concatenate(linked)) if linked else done.where(np.zeros(0, np.int64))
    states, pieces = _act_columns(first, alone, cells, with_days=carry == "all")
    columns |= pieces | _other_columns(found.where(other), cells)
    head = {
        "carry": carry,
        "rows": rows,
        "types": types,
        "days": days.tolist(),
        "arms": len(header["arms"]),
        "states": states,
        "scores": scores,
        "events": events_carried(done, found),
        "columns": list(columns),
    }
    return Packed(head, columns)


def events_carried(done: Done, others: Flat) -> int:
    """Count the events that are told, each once an arm."""
    bits = sum(
        int(((done.done >> arm) & 1).sum())
        for arm in range(int(done.done.max(initial=0)).bit_length())
    )
    return bits + len(others.row)


def flat(steps: Sequence[Events], *, acts: bool) -> Flat:
    """Put the acts of all steps, or everything else, into one: by row, then step, as written."""
    picked = [(events.what == journal.ACT) == acts for events in steps]
    columns = [
        np.concatenate(
            [np.zeros(0, np.int64)]
            + [events[at][keep] for events, keep in zip(steps, picked, strict=True)]
        ).astype(np.int64)
        for at in range(6)
    ]
    step = np.repeat(np.arange(len(steps)), [int(keep.sum()) for keep in picked])
    found = Flat(columns[0], step, *columns[1:])
    if acts:
        return found
    return found.where(np.argsort(found.row * len(steps) + step, kind="stable"))


def acts_of(acts: Flat, arms: int, steps: int, types: int) -> Done:
    """Put the acts of all arms together: the same act of the same person is one.

    The n-th of several alike in one arm is the n-th in another; those that were seen come first.
    """
    key = ((acts.row * steps + acts.step) * 256 + acts.day) * types + acts.first
    if len(key) and int(key.max()) > np.iinfo(np.int64).max // (4 * arms) // MOST_ALIKE:
        raise ValueError("the page shows too many people for so many steps and types of acts")
    pairs = 2 * arms
    order = np.sort(key * pairs + 2 * acts.arm + (acts.second == 0))
    same, low = np.divmod(order, pairs)
    since = _since(same * arms + low // 2)
    repeat = np.arange(len(order)) - since
    if len(repeat) and int(repeat.max()) >= MOST_ALIKE:
        raise ValueError(f"somebody did the same more than {MOST_ALIKE} times on one day")
    order = np.sort((same * MOST_ALIKE + repeat) * pairs + low)
    one, low = np.divmod(order, pairs)
    is_new = np.ones(len(one), bool)
    is_new[1:] = np.diff(one) != 0
    place = np.cumsum(is_new) - 1
    key = one[is_new] // MOST_ALIKE
    done, seen = (np.zeros(len(key), np.int64) for _ in range(2))
    for arm in range(arms):
        done[place[low // 2 == arm]] |= 1 << arm
        seen[place[low == 2 * arm]] |= 1 << arm
    key, act = np.divmod(key, types)
    cell, day = np.divmod(key, 256)
    row, step = np.divmod(cell, steps)
    return Done(row, step, day, act, done, seen)


def _since(sorted_keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give of every place in sorted keys the first place with the same key."""
    is_new = np.ones(len(sorted_keys), bool)
    is_new[1:] = np.diff(sorted_keys) != 0
    first = np.flatnonzero(is_new)
    return np.repeat(first, np.diff(np.append(first, len(sorted_keys))))


def acts_behind(
    entries: Flat,
    done: Done,
    is_taken: NDArray[np.bool_],
    arm: int,
    starts: NDArray[np.int64],
    types: int,
) -> NDArray[np.int64]:
    """Give of every entry an act of the same person and type that was seen before, or -1.

    Each act stands behind one entry: the last that is not taken yet.
    """
    behind = np.full(len(entries.row), -1, np.int64)
    own = np.flatnonzero(entries.first < types)
    free = np.flatnonzero(((done.seen >> arm) & 1).astype(bool) & ~is_taken)
    who = np.concatenate([done.row[free] * types + done.act[free],
                          entries.row[own] * types + entries.first[own]])  # fmt: skip
    when = np.concatenate([starts[done.step[free]] + done.day[free],
                           starts[entries.step[own]] + entries.day[own]])  # fmt: skip
    is_entry = np.repeat([0, 1], [len(free), len(own)])
    place = np.concatenate([free, own])
    span = 2 * (int(starts[-1]) + 256)
    order = np.argsort(who * span + 2 * when + is_entry)
    waiting: list[int] = []
    last = -1
    for key, entry, at in zip(
        who[order].tolist(), is_entry[order].tolist(), place[order].tolist(), strict=True
    ):
        if key != last:
            waiting, last = [], key
        if not entry:
            waiting.append(at)
        elif waiting:
            behind[at] = waiting.pop()
    return behind


class _Cells(NamedTuple):
    """A cell for every row and step, row by row."""

    rows: int
    steps: int

    def of(self, some: Any) -> NDArray[np.int64]:
        found: NDArray[np.int64] = some.row * self.steps + some.step
        return found

    def counted(self, some: Any) -> bytes:
        return varints(np.bincount(self.of(some), minlength=self.rows * self.steps))


def _entry_columns(
    name: str, entries: Flat, behind: NDArray[np.int64], done: Done, cells: _Cells
) -> dict[str, bytes]:
    low, high = halves(entries.first)
    by_type = np.argsort(entries.first, kind="stable")
    has_act = behind >= 0
    steps_back = np.zeros(len(behind), np.int64)
    steps_back[has_act] = entries.step[has_act] - done.step[behind[has_act]] + 1
    return {
        f"{name}.count": cells.counted(entries),
        f"{name}.low": low,
        f"{name}.high": high,
        f"{name}.day": entries.day.astype(np.uint8).tobytes(),
        # Type by type, most labels are alike.
        f"{name}.label": entries.second[by_type].astype(np.uint8).tobytes(),
        f"{name}.back": varints(steps_back),
    }


def _score_columns(
    found: Flat,
    is_one: NDArray[np.bool_],
    entries: Flat,
    start: int,
    cells: _Cells,
    days: NDArray[np.int64],
    types: int,
) -> tuple[NDArray[np.bool_], list[int], dict[str, bytes]]:
    """Give which events are told here, what every type of entry is worth, and the columns."""
    told = is_one & (found.day == days[found.step] - 1)
    cell = cells.of(found.where(told))
    # A second score in a step, or one that changes nothing, is told as any other event.
    fresh = np.ones(len(cell), bool)
    fresh[1:] = np.diff(cell) != 0
    told[np.flatnonzero(told)[~fresh]] = False
    scores = found.where(told)
    before = np.full(len(scores.row), start, np.int64)
    same = np.diff(scores.row) == 0
    before[1:][same] = scores.second[:-1][same]
    moved = scores.second - before
    told[np.flatnonzero(told)[moved == 0]] = False
    scores, moved = scores.where(moved != 0), moved[moved != 0]
    change = np.zeros(cells.rows * cells.steps, np.int64)
    change[cells.of(scores)] = moved
    cell = cells.of(entries)
    worth = worths(entries.first, change[cell], np.bincount(cell, minlength=len(change))[cell],
                   3 * types)  # fmt: skip
    expected = np.zeros(len(change), np.int64)
    np.add.at(expected, cell, worth[entries.first])
    left = change - expected
    mask = np.packbits(left != 0).tobytes()
    return told, worth.tolist(), {"mask": mask, "left": varints(zigzag(left[left != 0]))}


def worths(
    kinds: NDArray[np.int64], moved: NDArray[np.int64], beside: NDArray[np.int64], number: int
) -> NDArray[np.int64]:
    """Give by type what the score most often did in a step that had this entry alone."""
    found = np.zeros(number, np.int64)
    alone = beside == 1
    for kind in np.unique(kinds[alone]):
        values, times = np.unique(moved[alone & (kinds == kind)], return_counts=True)
        if times.sum() >= FEWEST_ALONE:
            found[kind] = values[times.argmax()]
    return found


def _act_columns(
    linked: Done, alone: Done, cells: _Cells, *, with_days: bool
) -> tuple[list[list[int]], dict[str, bytes]]:
    """Give the states that an act may be in, and the columns of the acts."""
    both = np.stack([np.concatenate(pair) for pair in zip(linked, alone, strict=True)])
    codes, state = np.unique(both[4] << 32 | both[5], return_inverse=True)
    behind, free = state[: len(linked.row)], state[len(linked.row) :]
    low, high = halves(alone.act)
    columns = {
        "acts.count": cells.counted(alone),
        "acts.low": low,
        "acts.high": high,
    }
    for name, some in (("linked", behind), ("acts", free)):
        columns[f"{name}.state.low"], columns[f"{name}.state.high"] = halves(some)
    if with_days:
        columns["linked.day"] = linked.day.astype(np.uint8).tobytes()
        columns["acts.day"] = alone.day.astype(np.uint8).tobytes()
    return [[code >> 32, code & (1 << 32) - 1] for code in codes.tolist()], columns


def _other_columns(events: Flat, cells: _Cells) -> dict[str, bytes]:
    low, high = halves(events.first)
    return {
        "other.gap": varints(np.diff(cells.of(events), prepend=0)),
        "other.arm": events.arm.astype(np.uint8).tobytes(),
        "other.day": events.day.astype(np.uint8).tobytes(),
        "other.what": events.what.astype(np.uint8).tobytes(),
        "other.low": low,
        "other.high": high,
        "other.second": varints(zigzag(events.second)),
    }
