"""What is packed comes back, whatever it is, in few bytes where there is little to say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.engine.packing.arena import Arena
from glasshouse.engine.packing.bits_kernel import bytes_of, pack_bits, unpack_bits
from glasshouse.engine.packing.packer import MADE, Packer
from glasshouse.engine.tables import Open
from glasshouse.state.columns import (
    ENTRY_POOL,
    LISTING_POOL,
    OUTCOME,
    POOL_SIZES,
    STATE,
    STATIC,
)

LENGTHS = {"arm": 2, "instrument": 2, "cell": 3, "cause": 4, "context": 2, "slot": 37, "place": 21}
COMMUNITIES = 2
SIZES: Any = SimpleNamespace(arms=2, slots=37, entries=21, listings=21)
MOVING = (*STATE, *OUTCOME, *ENTRY_POOL, *LISTING_POOL)


class Some:
    """Communities of columns and how full their pools are."""

    def __init__(self, *, is_compiled: bool = False) -> None:
        """Hold nothing."""
        self.arena = Arena(
            [
                (column, (COMMUNITIES, *(LENGTHS[axis] for axis in column.axes[1:])))
                for column in (*STATIC, *MOVING)
            ],
            37,
        )
        self.opened = Open(*(np.zeros((COMMUNITIES, 2), np.int32) for _ in POOL_SIZES))
        self.packer = Packer(SIZES, self.arena, is_compiled=is_compiled)

    def column(self, column: Any) -> Any:
        """Give a column to read or to write."""
        return self.arena.column(column.group, column.name)

    def fill(self, seed: int) -> None:
        """Fill all with noise: of any number, of small numbers, of few numbers among the usual."""
        noise = np.random.default_rng(seed)
        for column in (*STATIC, *MOVING):
            array, about = self.column(column), np.iinfo(column.dtype)
            drawn = noise.integers(about.min, about.max, array.shape, column.dtype, endpoint=True)
            usual = noise.integers(about.min, about.max, dtype=column.dtype, endpoint=True)
            share, few = noise.choice([0, 0.3, 0.7, 0.97, 1]), noise.integers(0, 8)
            array[:] = np.where(noise.random(array.shape) < share, usual, drawn >> few)
        for array in self.opened:
            array[:] = noise.integers(0, 22, array.shape)

    def in_use(self) -> dict[str, Any]:
        """Give everything that means something, by name; pools as lists of the places in use."""
        found: dict[str, Any] = {"opened": [array.tolist() for array in self.opened]}
        for column in (*STATE, *OUTCOME):
            found[column.name] = self.column(column).tolist()
        for opened, pool in (
            (self.opened.open_entries, ENTRY_POOL),
            (self.opened.open_listings, LISTING_POOL),
        ):
            for column in pool:
                array = self.column(column)
                found[f"{column.group} {column.name}"] = [
                    array[at][: int(opened[at])].tolist() for at in np.ndindex(*opened.shape)
                ]
        return found


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "compiled"])
def some(request: pytest.FixtureRequest) -> tuple[Some, Some]:
    """Give communities to pack and others to unpack them into."""
    return Some(is_compiled=request.param), Some(is_compiled=request.param)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_what_goes_in_comes_out(some: tuple[Some, Some], seed: int) -> None:
    """Every column in use, whatever it holds and whatever stood there before."""
    before, after = some
    before.fill(seed)
    after.fill(seed + 1)
    lasting = memoryview(before.packer.lasting(COMMUNITIES, before.opened))
    after.packer.take_lasting(lasting, COMMUNITIES, after.opened)
    for column in STATIC:
        if column.name in MADE:
            after.column(column)[:] = before.column(column)
        assert (after.column(column) == before.column(column)).all(), column.name
    moving = memoryview(before.packer.moving(COMMUNITIES, before.opened))
    after.packer.forget()
    after.packer.take_moving(moving, COMMUNITIES, after.opened)
    assert after.in_use() == before.in_use()


def test_what_lies_there_already_is_not_written_again(some: tuple[Some, Some]) -> None:
    """One society after the other comes back, whoever lay there before."""
    before, after = some
    after.packer.forget()
    for column in STATIC:
        after.column(column)[:] = before.column(column)
    for seed in (1, 1, 2, 3, 2):
        before.fill(seed)
        for column in STATIC:
            before.column(column)[:] = after.column(column)
        moving = memoryview(before.packer.moving(COMMUNITIES, before.opened))
        after.packer.take_moving(moving, COMMUNITIES, after.opened)
        assert after.in_use() == before.in_use()


def test_compiled_and_plain_give_the_same_bytes() -> None:
    """So a society in files may go from one device to the other."""
    one, other = Some(is_compiled=True), Some()
    for held in (one, other):
        held.fill(5)
    assert one.packer.moving(2, one.opened) == other.packer.moving(2, other.opened)
    assert one.packer.lasting(2, one.opened) == other.packer.lasting(2, other.opened)


def test_what_lies_unused_in_a_pool_does_not_show() -> None:
    """The same columns give the same bytes."""
    one, other = Some(), Some()
    for held in (one, other):
        held.fill(5)
    for column in ENTRY_POOL:
        array = other.column(column)
        array[np.arange(21) >= other.opened.open_entries[..., None]] = 1
    assert one.packer.moving(2, one.opened) == other.packer.moving(2, other.opened)


def test_some_of_the_communities_alone() -> None:
    """The last shard of a society may hold fewer; the others are left as they are."""
    one, other = Some(), Some()
    one.fill(5)
    other.packer.take_moving(memoryview(one.packer.moving(1, one.opened)), 1, other.opened)
    for column in STATE:
        taken, given_ = other.column(column), one.column(column)
        if column.name != "means":
            assert (taken[0] == given_[0]).all()
            assert not taken[1].any()


def test_nothing_takes_next_to_no_room() -> None:
    """A plane whose numbers are all alike is a byte, or five."""
    some = Some()
    planes = sum(len(some.column(column)[0].reshape(-1, 37)) for column in (*STATE, *OUTCOME))
    opened = COMMUNITIES * len(some.opened) * 2 * 4
    assert len(some.packer.moving(COMMUNITIES, some.opened)) == opened + COMMUNITIES * planes


@pytest.mark.parametrize("name", ["burden_yuan", "entries", "ledger_points"])
def test_few_among_many_take_little_room(name: str) -> None:
    """A number that is not usual costs its bits and those of its place."""
    some = Some()
    nothing = len(some.packer.moving(COMMUNITIES, some.opened))
    (column,) = [column for column in (*STATE, *OUTCOME) if column.name == name]
    some.column(column).reshape(-1)[[3, 9]] = 7
    # The second arm says that it differs from the first.
    assert len(some.packer.moving(COMMUNITIES, some.opened)) - nothing < 2 * 25


@given(
    numbers=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=40), width=st.integers(1, 32)
)
def test_numbers_of_any_width_come_back(numbers: list[int], width: int) -> None:
    """Their low bits, in the bytes that were said."""
    count = len(numbers)
    given_ = np.array([*numbers, *[9] * 8], np.uint32)
    taken, out = np.full(count + 8, 9, np.uint32), np.zeros(200, np.uint8)
    end = 5 + bytes_of(count, width)
    assert pack_bits(given_.data, count, width, out.data, 5) == end
    assert unpack_bits(out.data, 5, count, width, taken.data) == end
    assert taken[:count].tolist() == [number & ((1 << width) - 1) for number in numbers]
    assert not out[:5].any()
    assert not out[end:].any()
