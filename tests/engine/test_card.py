"""What lies on a card: played here by this machine's own memory, with the text in plain Python."""

from __future__ import annotations

import ctypes
import gc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.archive.shard import unpacked_shard
from glasshouse.engine.card import ALIGNED, WORD, Holdings, grid
from glasshouse.engine.drivers import PythonDriver, plain, turn_of
from glasshouse.engine.institutions import Bureau
from glasshouse.engine.plan.plan import Plan, make_plan
from glasshouse.engine.shards import Lead
from glasshouse.engine.simulation import Simulation, empty_memory
from glasshouse.engine.sweep.beginning import begin_range
from glasshouse.engine.sweep.community import step_range

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.engine.conftest import Lab

BLOCKS = 2


class Room:
    """Memory of this machine, told by its address alone, as a card's is."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._bytes = np.zeros(size, np.uint8)
        self.address = int(self._bytes.ctypes.data)
        self.taken_there = self.brought_home = 0

    def put(self, values: NDArray[Any], offset: int = 0) -> None:
        """Copy an array there."""
        self._bytes[offset : offset + values.nbytes] = values.reshape(-1).view(np.uint8)
        self.taken_there += values.nbytes

    def get(self, values: NDArray[Any], offset: int = 0) -> None:
        """Fill an array from there."""
        values.reshape(-1).view(np.uint8)[:] = self._bytes[offset : offset + values.nbytes]
        self.brought_home += values.nbytes

    def clear(self) -> None:
        """Fill it with zeros."""
        self._bytes[:] = 0

    def total(self, blocks: int, cells: int) -> NDArray[np.int64]:
        """Add up what the blocks have."""
        whole: NDArray[np.int64] = self._bytes[: blocks * cells * WORD].view(np.int64)
        total: NDArray[np.int64] = whole.reshape(blocks, cells).sum(axis=0)
        return total


class PlayedCard:
    """A driver whose columns lie elsewhere; its blocks are run in turn, each on its own space."""

    name, workers, can_note = "played", 1, False

    def __init__(self) -> None:
        self.rooms: list[Room] = []
        self.holdings = Holdings(self._take)

    def _take(self, size: int) -> Room:
        self.rooms.append(Room(size))
        return self.rooms[-1]

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out all communities."""
        self._run(begin_range, (seed, turn_of(0), communities, *arrays, 0))

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lead all communities through a step."""
        self._run(step_range, (seed, turn_of(0), communities, *arrays, 0))

    def _run(self, entry: Any, arguments: tuple[Any, ...]) -> None:
        words = self.holdings.words(arguments, BLOCKS)
        self.holdings.clear_sums(arguments, BLOCKS)
        seed, _, communities, *there, _ = opened(arguments, iter(words))
        for community in range(communities):
            entry(seed, turn_of(community), community + 1, *map(plain, there), community % BLOCKS)
        self.holdings.bring_sums(arguments, BLOCKS)
        self.holdings.is_ahead(arguments)

    def bring_home(self, arrays: Any) -> None:
        """Bring columns home."""
        self.holdings.bring_home(arrays)


def opened(part: Any, words: Any) -> Any:
    """Build nested tuples again from words alone, as a kernel does."""
    if isinstance(part, tuple):
        inner = (opened(one, words) for one in part)
        return type(part)(*inner) if hasattr(part, "_fields") else tuple(inner)
    if not isinstance(part, np.ndarray):
        return next(words)
    begin = next(words)
    strides = (*(next(words) for _ in part.shape[1:]), part.itemsize)
    # Of the blocks' own arrays there are more on the card than here.
    shape = (max(part.shape[0], BLOCKS if part.ndim > 1 else 0), *part.shape[1:])
    reach = sum((axis - 1) * stride for axis, stride in zip(shape, strides, strict=True))
    memory = (ctypes.c_uint8 * (reach + part.itemsize)).from_address(begin)
    return np.ndarray(shape, part.dtype, memory, 0, strides)


@pytest.fixture(scope="module")
def plan(lab: Lab) -> Plan:
    """Three communities under every kind of rule, the last one cut."""
    return make_plan(lab.everything(people=150, community_size=64))


def finished(plan: Plan, driver: Any) -> Simulation:
    """Run some steps."""
    simulation = Simulation(plan, driver)
    simulation.begin()
    for _ in range(5):
        simulation.advance()
    return simulation


def same(one: Simulation, other: Simulation) -> None:
    """Compare columns, pools, tables and counts."""
    theirs = other.snapshot()
    for name, array in one.snapshot().items():
        assert np.array_equal(array, theirs[name]), name
    for mine, yours in zip(one.history, other.history, strict=True):
        for name, count in mine.counts._asdict().items():
            assert np.array_equal(count, getattr(yours.counts, name)), name
    for name, column in one.world.rows._asdict().items():
        assert np.array_equal(column, getattr(other.world.rows, name)), name


def test_columns_on_a_card_give_the_same_bits(plan: Plan) -> None:
    """Told by address and strides, with work space and sums of each block, nothing changes."""
    same(finished(plan, PythonDriver()), finished(plan, PlayedCard()))


def test_columns_stay_on_the_card_between_steps(plan: Plan) -> None:
    """A step takes tables there and brings counts home; columns come when somebody asks."""
    card = PlayedCard()
    simulation = finished(plan, card)
    column = simulation.there._world.state.means
    room = card.holdings._resident[id(column)].room
    assert isinstance(room, Room)
    assert (room.taken_there, room.brought_home) == (column.nbytes, 0)
    assert simulation.world.state.means.any()
    assert (room.taken_there, room.brought_home) == (column.nbytes, column.nbytes)


def test_what_is_changed_here_is_taken_to_the_card(plan: Plan) -> None:
    """A run that takes up a snapshot goes on as the one that it is of."""
    whole, again = finished(plan, PlayedCard()), Simulation(plan, PlayedCard())
    half = Simulation(plan, PlayedCard())
    half.begin()
    for _ in range(2):
        half.advance()
    again.begin()
    again.advance()
    again.restore(2, half.snapshot())
    for _ in range(3):
        again.advance()
    theirs = whole.snapshot()
    for name, array in again.snapshot().items():
        assert np.array_equal(array, theirs[name]), name


def test_a_column_that_nobody_holds_leaves_the_card(plan: Plan) -> None:
    """Memory of a card is little; a society that is gone takes none."""
    card = PlayedCard()
    simulation = Simulation(plan, card)
    simulation.begin()
    assert card.holdings._resident
    del simulation
    gc.collect()
    assert not card.holdings._resident


@pytest.mark.parametrize(
    ("most", "communities", "arms", "expected"),
    [
        (1056, 5000, 2, (1056, 1)),
        (1056, 1000, 2, (1000, 1)),
        (1056, 500, 2, (500, 2)),
        (1056, 1, 3, (1, 3)),
        (2, 1, 2, (1, 2)),
        (1, 4, 2, (1, 1)),
    ],
)
def test_arms_stand_side_by_side_where_blocks_are_idle(
    most: int, communities: int, arms: int, expected: tuple[int, int]
) -> None:
    """No more blocks than there may be, none without a community."""
    assert grid(most, communities, arms) == expected


def test_arrays_begin_where_a_card_reads_them_in_one_go(plan: Plan) -> None:
    """Tables lie in one piece, each at a multiple of what is read at once."""
    card = PlayedCard()
    simulation = Simulation(plan, card)
    simulation.begin()
    few, many = np.arange(3, dtype=np.int32)[None], np.arange(60, dtype=np.uint8)
    many = many.reshape(4, 3, 5)[::2, :, :4]
    words = card.holdings.words((7, few, many), BLOCKS)
    seed, first, second = opened((7, few, many), iter(words))
    assert seed == 7
    assert np.array_equal(first[0], few[0])
    assert np.array_equal(second, many)
    assert (words[3] - words[1]) % ALIGNED == 0


def test_work_space_of_another_society_begins_empty(plan: Plan) -> None:
    """An alarm that one society raised is not heard by the next, and its memory is given back."""
    card = PlayedCard()
    first, second = Simulation(plan, card), Simulation(plan, card)
    for simulation in (first, second):
        simulation.begin()
        simulation.advance()
    raised = [one.there._frames for one in (first, second)]
    keys = [id(frame[0]) for frame in raised]
    assert keys[0] != keys[1]
    rooms = card.holdings._rooms
    assert rooms[keys[0]] is not rooms[keys[1]]
    del first, second, simulation, raised
    gc.collect()
    assert not rooms.keys() & set(keys)


def test_shards_led_on_a_card_are_the_same_bytes(plan: Plan) -> None:
    """What is laid out and filled here goes there, and what a step makes of it comes home."""

    class Card(PlayedCard):
        name = "python"  # so that columns are packed without a compiler

    packed = []
    for device in (PythonDriver(), Card()):
        lead = Lead(plan, device, "a run")
        decided = Bureau(plan).first(empty_memory(plan, np.zeros(plan.communities, np.uint8)))
        content = None
        for step in range(3):
            shard, left = lead.step(step, 0, plan.communities, content, decided, decided)
            content = unpacked_shard(shard, lead.head(step + 1, 0, plan.communities), "")
            packed.append((shard, left.recorded.tobytes(), left.provinces.tobytes()))
    assert packed[:3] == packed[3:]
    assert len(set(packed)) == 3
