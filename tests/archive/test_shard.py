"""A shard comes back as it went in, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.archive import shard
from glasshouse.archive.history import Thin
from glasshouse.archive.shard import Head, packed_shard, read_shard, unpacked_shard, write_shard
from glasshouse.errors import BadInput, DamagedRun, OtherVersion

HEAD = Head("a run", 4, 6, 3, 2)
BLOCKS = [b"two communities", b"", b"another"]
COUNTS = {"entries": np.array([[0, 5], [1 << 40, -3]]), "strays": np.zeros((2, 3), int)}
BESIDE = {"recorded": np.arange(600)[::-1]}


def packed() -> bytes:
    """Give a shard."""
    return packed_shard(HEAD, BLOCKS, Thin.of(COUNTS), Thin.of(BESIDE))


def test_what_goes_in_comes_out() -> None:
    """Blocks as they are, counts and what stands beside them as whole numbers."""
    content = unpacked_shard(packed(), HEAD, "here")
    assert [bytes(block) for block in content.blocks] == BLOCKS
    for thin, arrays in ((content.counts, COUNTS), (content.beside, BESIDE)):
        assert {name: thin[name].tolist() for name in thin} == {
            name: array.tolist() for name, array in arrays.items()
        }


@given(
    numbers=st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-300, 300) | st.just(0)),
)
@settings(max_examples=50, deadline=None)
def test_counts_of_any_size_come_back(numbers: list[int]) -> None:
    """Narrow where they can be, and no narrower."""
    thin = Thin.of({"any": np.array(numbers, np.int64)})
    content = unpacked_shard(packed_shard(HEAD, [], thin, Thin({})), HEAD, "here")
    assert content.counts["any"].tolist() == numbers


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_shard_is_refused(share: float) -> None:
    """Wherever it ends, nothing of it is taken."""
    with pytest.raises(DamagedRun, match="cut or altered"):
        unpacked_shard(packed()[: int(share * len(packed()))], HEAD, "here")


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=50, deadline=None)
def test_one_altered_bit_is_refused(place: float, bit: int) -> None:
    """Anywhere in the file."""
    altered = bytearray(packed())
    altered[int(place * len(altered))] ^= 1 << bit
    with pytest.raises(DamagedRun, match="cut or altered"):
        unpacked_shard(bytes(altered), HEAD, "here")


@pytest.mark.parametrize("other", [{"run": "another"}, {"step": 5}, {"first": 7}, {"number": 4}])
def test_a_shard_of_something_else_is_refused(other: dict[str, Any]) -> None:
    """Of another run, step or place, and it is said which."""
    with pytest.raises(DamagedRun, match=f"its {next(iter(other))} is"):
        unpacked_shard(packed(), HEAD._replace(**other), "here")


def test_a_shard_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both versions are named, and what to do."""
    before = packed()
    monkeypatch.setattr(shard, "__version__", "9.9")
    with pytest.raises(OtherVersion, match=r"0\.1\.0.*9\.9.*go on with that version"):
        unpacked_shard(before, HEAD, "here")


def test_a_shard_of_other_blocks_is_refused() -> None:
    """It is whole, so it is not made again; its blocks would be taken for others."""
    with pytest.raises(OtherVersion, match=r"holds 2 communities to a block.* takes 4"):
        unpacked_shard(packed(), HEAD._replace(block=4), "here")


def test_a_file_takes_its_place_whole(tmp_path: Path) -> None:
    """A shard is read from where it was written; a missing one is named."""
    place = tmp_path / "one.shard"
    write_shard(place, packed())
    assert [file.name for file in tmp_path.iterdir()] == ["one.shard"]
    assert [bytes(block) for block in read_shard(place, HEAD).blocks] == BLOCKS
    with pytest.raises(DamagedRun, match=r"two\.shard"):
        read_shard(tmp_path / "two.shard", HEAD)


def test_what_no_file_can_replace_is_named(tmp_path: Path) -> None:
    """A folder in the place of a shard is damage to a reader, and no place to a writer."""
    place = tmp_path / "one.shard"
    place.mkdir()
    with pytest.raises(DamagedRun, match=r"one\.shard cannot be read: Is a directory"):
        read_shard(place, HEAD)
    with pytest.raises(BadInput, match=r"one\.shard: cannot be written: Is a directory"):
        write_shard(place, packed())
    assert list(tmp_path.iterdir()) == [place]
