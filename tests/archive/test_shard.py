"""A shard comes back as it went in, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.archive import shard
from glasshouse.archive.columns import Columns
from glasshouse.archive.history import Thin
from glasshouse.archive.shard import Head, packed_shard, read_shard, unpack_shard, write_shard
from glasshouse.errors import DamagedRun, OtherVersion
from glasshouse.state.columns import ENTRY_POOL, LISTING_POOL, OUTCOME, POOL_SIZES, STATE, STATIC

LENGTHS = {"arm": 2, "instrument": 2, "cell": 3, "cause": 4, "context": 2, "slot": 5, "place": 7}
COMMUNITIES = 3
HEAD = Head("a run", 4, 6, COMMUNITIES)
COUNTS = Thin.of({"entries": np.array([[0, 5], [1 << 40, 0]]), "strays": np.zeros((2, 3), int)})


def columns(seed: int, *, filled: bool = True) -> Columns:
    """Give small communities of noise over the whole range of every type, or of nothing.

    What follows from the address is noise either way.
    """
    noise = np.random.default_rng(seed)
    arrays = {}
    for column in (*STATIC, *STATE, *OUTCOME, *ENTRY_POOL, *LISTING_POOL, *POOL_SIZES):
        shape = [COMMUNITIES, *(LENGTHS[axis] for axis in column.axes[1:])]
        about = np.iinfo(column.dtype)
        drawn = noise.integers(about.min, about.max, shape, dtype=column.dtype, endpoint=True)
        # Planes of one number, of small numbers and of any number all occur.
        drawn = drawn if noise.random() < 0.4 else drawn * noise.integers(0, 2, [*shape[1:-1], 1])
        keep = filled or column.group == "static"
        arrays[column.group, column.name] = (drawn if keep else 0 * drawn).astype(column.dtype)
    for name in ("open_entries", "open_listings"):
        arrays["pools", name] = abs(arrays["pools", name]) % LENGTHS["place"]
    place = np.zeros(COMMUNITIES, np.int32)
    return Columns(6, np.full(COMMUNITIES, 5, np.int32), place, place, place, arrays)


def in_use(columns: Columns) -> dict[str, Any]:
    """Give everything that means something, by name; pools as lists of the places in use."""
    found: dict[str, Any] = {}
    for column in (*STATE, *OUTCOME, *POOL_SIZES):
        found[column.name] = columns.arrays[column.group, column.name].tolist()
    for size, pool in (("open_entries", ENTRY_POOL), ("open_listings", LISTING_POOL)):
        opened = columns.arrays["pools", size]
        for column in pool:
            array = columns.arrays[column.group, column.name]
            found[f"{column.group} {column.name}"] = [
                array[at][: int(opened[at])].tolist() for at in np.ndindex(*opened.shape)
            ]
    return found


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_what_goes_in_comes_out(seed: int) -> None:
    """Every column in use, whatever it holds, and the counts; whatever stood there before."""
    before, after = columns(seed), columns(seed + 1)
    for name in [column.name for column in STATIC]:
        after.arrays["static", name][:] = before.arrays["static", name]
    counts = unpack_shard(packed_shard(HEAD, before, COUNTS), HEAD, after, "here")
    assert in_use(after) == in_use(before)
    assert {name: counts[name].tolist() for name in counts} == {
        name: COUNTS[name].tolist() for name in COUNTS
    }


def test_the_same_columns_give_the_same_bytes() -> None:
    """What lies unused in a pool does not show."""
    one, other = columns(1), columns(1)
    opened = other.arrays["pools", "open_entries"]
    for column in ENTRY_POOL:
        array = other.arrays[column.group, column.name]
        array[np.arange(LENGTHS["place"]) >= opened[..., None]] = 1
    assert packed_shard(HEAD, one, COUNTS) == packed_shard(HEAD, other, COUNTS)


def test_nothing_takes_next_to_no_room() -> None:
    """Columns of one number throughout are one number in the file."""
    empty = packed_shard(HEAD, columns(1, filled=False), Thin({}))
    assert len(empty) < len(packed_shard(HEAD, columns(1), Thin({})))
    assert b'"forms":[0,0' in empty


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_shard_is_refused(share: float) -> None:
    """Wherever it ends, nothing of it is taken."""
    packed, into = packed_shard(HEAD, columns(1), COUNTS), columns(2)
    before = in_use(into)
    with pytest.raises(DamagedRun, match="cut or altered"):
        unpack_shard(packed[: int(share * len(packed))], HEAD, into, "here")
    assert in_use(into) == before


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=50, deadline=None)
def test_one_altered_bit_is_refused(place: float, bit: int) -> None:
    """Anywhere in the file."""
    packed = bytearray(packed_shard(HEAD, columns(1), COUNTS))
    packed[int(place * len(packed))] ^= 1 << bit
    with pytest.raises(DamagedRun, match="cut or altered"):
        unpack_shard(bytes(packed), HEAD, columns(2), "here")


@pytest.mark.parametrize("other", [{"run": "another"}, {"step": 5}, {"first": 7}, {"number": 4}])
def test_a_shard_of_something_else_is_refused(other: dict[str, Any]) -> None:
    """Of another run, step or place, and it is said which."""
    packed = packed_shard(HEAD, columns(1), COUNTS)
    with pytest.raises(DamagedRun, match=f"its {next(iter(other))} is"):
        unpack_shard(packed, HEAD._replace(**other), columns(2), "here")


def test_a_shard_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both versions are named, and what to do."""
    packed = packed_shard(HEAD, columns(1), COUNTS)
    monkeypatch.setattr(shard, "__version__", "9.9")
    with pytest.raises(OtherVersion, match=r"0\.1\.0.*9\.9.*go on with that version"):
        unpack_shard(packed, HEAD, columns(2), "here")


def test_a_file_takes_its_place_whole(tmp_path: Path) -> None:
    """A shard is read from where it was written; a missing one is named."""
    place = tmp_path / "one.shard"
    length = write_shard(place, HEAD, columns(1), COUNTS)
    assert [file.name for file in tmp_path.iterdir()] == ["one.shard"]
    assert place.stat().st_size == length
    into = columns(2)
    for name in [column.name for column in STATIC]:
        into.arrays["static", name][:] = columns(1).arrays["static", name]
    read_shard(place, HEAD, into)
    assert in_use(into) == in_use(columns(1))
    with pytest.raises(DamagedRun, match=r"two\.shard"):
        read_shard(tmp_path / "two.shard", HEAD, into)
