"""The digest: of what came out, person by person, and of nothing else."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from glasshouse.archive.columns import Columns
from glasshouse.archive.digest import RunDigest, digest_of
from glasshouse.state.columns import ENTRY_POOL, LISTING_POOL, OUTCOME, POOL_SIZES, STATE, STATIC
from glasshouse.state.counts import COUNTS

LENGTHS = {"arm": 2, "instrument": 2, "cell": 3, "cause": 4, "context": 2, "slot": 5, "place": 7}
PEOPLE = [5, 5, 3]


@pytest.fixture
def columns() -> Columns:
    """Give three small communities of noise, the last one cut."""
    noise = np.random.default_rng(7)
    arrays = {}
    for column in (*STATIC, *STATE, *OUTCOME, *ENTRY_POOL, *LISTING_POOL, *POOL_SIZES):
        shape = [len(PEOPLE), *(LENGTHS[axis] for axis in column.axes[1:])]
        arrays[column.group, column.name] = noise.integers(0, 100, shape).astype(column.dtype)
    for name in ("open_entries", "open_listings"):
        arrays["pools", name] %= 7
    place = np.zeros(len(PEOPLE), np.int32)
    return Columns(0, np.array(PEOPLE, np.int32), place, place, place, arrays)


def of(*some: Columns) -> RunDigest:
    """Give the digest of communities fed in pieces."""
    digest = RunDigest()
    for columns in some:
        digest.communities(columns)
    return digest


def test_a_column_is_hashed_person_by_person(columns: Columns) -> None:
    """Community, slot, arm, inner axes; little-endian; only the slots that exist."""
    array = columns.arrays["state", "score_points"]
    expected = hashlib.sha256()
    for community, people in enumerate(PEOPLE):
        for slot in range(people):
            for arm in range(2):
                for instrument in range(2):
                    points = int(array[community, arm, instrument, slot])
                    expected.update(points.to_bytes(2, "little", signed=True))
    assert of(columns).by_column()["state.score_points"] == expected.hexdigest()


def test_columns_may_be_shared_among_threads(columns: Columns) -> None:
    """Each has a hash of its own; what is all zero is hashed like anything else."""
    columns.arrays["outcome", "burden_yuan"][:] = 0
    shared = RunDigest(threads=3)
    shared.communities(columns)
    assert shared.by_column() == of(columns).by_column()
    zeros = columns.arrays["outcome", "burden_yuan"]
    rows = sum(PEOPLE) * zeros[0].size // zeros.shape[-1] * zeros.itemsize
    assert shared.by_column()["outcome.burden_yuan"] == hashlib.sha256(bytes(rows)).hexdigest()


def test_a_pool_is_hashed_in_its_own_order(columns: Columns) -> None:
    """Only the places in use count."""
    expected = hashlib.sha256()
    for community in range(3):
        for arm in range(2):
            for place in range(int(columns.arrays["pools", "open_entries"][community, arm])):
                day = int(columns.arrays["entry", "due_day"][community, arm, place])
                expected.update(day.to_bytes(4, "little", signed=True))
    assert of(columns).by_column()["entry.due_day"] == expected.hexdigest()


def test_the_pieces_do_not_matter(columns: Columns) -> None:
    """Fed at once, or community by community, the digest is one."""
    pieces = [columns.between(at, at + 1) for at in range(3)]
    assert of(*pieces).digest() == of(columns).digest()


def test_another_order_is_another_digest(columns: Columns) -> None:
    """Whose row is whose is part of what came out."""
    pieces = [columns.between(at, at + 1) for at in (1, 0, 2)]
    assert of(*pieces).digest() != of(columns).digest()


def test_what_does_not_exist_does_not_enter(columns: Columns) -> None:
    """Slots behind the last person and places behind the last item may hold anything."""
    before = of(columns).digest()
    columns.arrays["state", "means"][2, :, 3:] = 9
    columns.arrays["pools", "open_listings"][0, 0] = 2
    changed = of(columns).digest()
    columns.arrays["listing", "slot"][0, 0, 2:] = 9
    assert of(columns).digest() == changed
    columns.arrays["state", "means"][2, 0, 2] += 1
    assert of(columns).digest() not in {before, changed}


def test_every_column_and_count_enters(columns: Columns) -> None:
    """A change of any column changes its own hash and the digest; so does a count."""
    before = of(columns)
    for key in columns.arrays:
        columns.arrays[key][0, 0, ...] += 1
        after = of(columns).by_column()
        differing = {name for name, found in before.by_column().items() if after[name] != found}
        assert f"{key[0]}.{key[1]}" in differing
        columns.arrays[key][0, 0, ...] -= 1
    counts = {count.name: np.zeros((2, 3, 4), np.int64) for count in COUNTS}
    one, other = of(columns), of(columns)
    one.step(0, 31, counts)
    counts["persons"][1, 2, 3] = 1
    other.step(0, 31, counts)
    assert len({before.digest(), one.digest(), other.digest()}) == 3


def test_the_digest_is_that_of_the_columns(columns: Columns) -> None:
    """Whoever has the hashes of run.json can check the digest."""
    digest = of(columns)
    assert digest.digest() == digest_of(digest.by_column())
