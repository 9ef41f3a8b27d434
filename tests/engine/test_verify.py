"""Running again from a run directory alone tells a true result from a false one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from glasshouse.archive.database import connect, parquet
from glasshouse.archive.reading import Archive
from glasshouse.archive.store import hash_of
from glasshouse.engine.run import run_experiment
from glasshouse.engine.verify import same_arrays, verify
from glasshouse.errors import DamagedRun
from glasshouse.law.library import Library

SMALL = {"people": "80", "community_size": "40", "years": "1", "seed": "5"}


@pytest.fixture
def kept(tmp_path: Path) -> Archive:
    """Give a finished run that may be spoilt."""
    experiment = Library().resolve("pellucid", SMALL)
    return run_experiment(experiment, tmp_path / "run", device="python", command=())


def say(archive: Archive, name: str, **values: str) -> None:
    """Make run.json vouch for a part as it is now, and say other values."""
    file = archive.path / "run.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    said["parts"][name] = hash_of(archive.path / name).model_dump()
    file.write_text(json.dumps({**said, **values}), encoding="utf-8")


def test_a_true_run_is_verified(kept: Archive) -> None:
    """Everything comes out again."""
    verdict = verify(kept.path)
    assert verdict.matches
    assert verdict.digest_again == kept.digest
    assert "same again" in verdict.words()


def test_a_false_digest_is_found(kept: Archive) -> None:
    """A claim that the data do not bear out, although every part is as run.json says."""
    say(kept, "counts.parquet", digest="0" * 64)
    verdict = verify(kept.path)
    assert not verdict.matches
    assert verdict.plain()["digest"] == "0" * 64


def test_a_changed_table_is_found_and_named(kept: Archive) -> None:
    """Whoever changes a number and its hash is found by running again."""
    file = kept.path / "counts.parquet"
    rows = parquet([file])
    with connect() as connection:
        connection.execute(f"CREATE TABLE t AS FROM {rows}")
        connection.execute("UPDATE t SET value = value + 1 WHERE count = 'acts' AND step = 3")
        file.unlink()
        connection.execute(f"COPY t TO '{file}' (FORMAT parquet)")
    with pytest.raises(DamagedRun):
        verify(kept.path)
    say(kept, "counts.parquet")
    verdict = verify(kept.path)
    assert verdict.digest == verdict.digest_again
    assert verdict.differing == ("counts.parquet",)
    assert "counts.parquet" in verdict.words()


def test_other_bytes_with_the_same_rows_are_the_same(kept: Archive) -> None:
    """Another version of the embedded engine may pack a table otherwise."""
    file = kept.path / "counts.parquet"
    with connect() as connection:
        connection.execute(f"CREATE TABLE t AS FROM {parquet([file])}")
        file.unlink()
        connection.execute(f"COPY t TO '{file}' (FORMAT parquet, COMPRESSION uncompressed)")
    say(kept, "counts.parquet")
    assert verify(kept.path).matches


def test_the_directory_s_own_data_are_run_again(kept: Archive) -> None:
    """Verifying reads no other files: a remark in a copy stays in it and changes no result."""
    file = kept.path / "data" / "assumptions" / "process.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\n# a remark changes no result\n", encoding="utf-8")
    say(kept, "data/assumptions/process.yaml")
    assert verify(kept.path).matches


def test_arrays_are_compared_by_content(tmp_path: Path) -> None:
    """Names, types and values count, the packing does not."""
    one, other = tmp_path / "one.npz", tmp_path / "other.npz"
    np.savez(one, a=np.arange(3), b=np.arange(2, dtype=np.int16))
    np.savez_compressed(other, a=np.arange(3), b=np.arange(2, dtype=np.int16))
    assert same_arrays(one, other)
    np.savez(other, a=np.arange(3), b=np.arange(2, dtype=np.int32))
    assert not same_arrays(one, other)
    np.savez(other, a=np.arange(3))
    assert not same_arrays(one, other)
