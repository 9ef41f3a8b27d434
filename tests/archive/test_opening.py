"""What is not ours, not whole or not finished is refused by name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from glasshouse.archive.opening import read_whole
from glasshouse.archive.reading import Archive
from glasshouse.errors import DamagedRun, ForeignRun, OtherVersion, Unfinished
from glasshouse.version import __version__

if TYPE_CHECKING:
    from tests.archive.conftest import Spoilt


def test_a_whole_run_opens(spoilt: Spoilt) -> None:
    """A copy of a finished run is as good as the run."""
    assert Archive(spoilt.path).digest == spoilt.said()["digest"]


@pytest.mark.parametrize(
    "name", ["counts.parquet", "outcomes/00000.parquet", "data/assumptions/acts.yaml"]
)
def test_an_altered_byte_is_found(spoilt: Spoilt, name: str) -> None:
    """One bit of one part is enough, and the part is named."""
    file = spoilt.path / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(DamagedRun, match=f"{name} is not what was written"):
        Archive(spoilt.path)


def test_a_truncated_part_is_found(spoilt: Spoilt) -> None:
    """A table cut off in the middle is named, not read."""
    os.truncate(spoilt.path / "counts.parquet", 100)
    with pytest.raises(DamagedRun, match=r"counts\.parquet is not what was written"):
        Archive(spoilt.path)


def test_a_missing_part_is_found(spoilt: Spoilt) -> None:
    """What run.json names has to be there."""
    (spoilt.path / "institutions.npz").unlink()
    with pytest.raises(DamagedRun, match=r"institutions\.npz is missing"):
        Archive(spoilt.path)


@pytest.mark.parametrize("name", ["persons.csv", "data/rulebooks/x/rulebook.yaml", ".hidden"])
def test_an_extra_file_is_found(spoilt: Spoilt, name: str) -> None:
    """Nothing may be slipped into a run directory."""
    (spoilt.path / name).parent.mkdir(parents=True, exist_ok=True)
    (spoilt.path / name).write_text("a", encoding="utf-8")
    with pytest.raises(DamagedRun, match=f"{name} does not stand in run.json"):
        Archive(spoilt.path)


def test_a_link_is_not_followed(spoilt: Spoilt, tmp_path: Path) -> None:
    """A part that points elsewhere is refused even if what it points to is right."""
    file, elsewhere = spoilt.path / "counts.parquet", tmp_path / "elsewhere"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    with pytest.raises(DamagedRun, match=r"counts\.parquet is a link"):
        Archive(spoilt.path)


def test_a_folder_that_is_a_link_is_not_followed(spoilt: Spoilt, tmp_path: Path) -> None:
    """The same holds for a folder of parts."""
    (spoilt.path / "data").rename(tmp_path / "elsewhere")
    (spoilt.path / "data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DamagedRun, match="data is a link"):
        Archive(spoilt.path)


def test_a_pipe_keeps_nobody_waiting(spoilt: Spoilt) -> None:
    """A pipe in the place of a part is refused and not read."""
    (spoilt.path / "counts.parquet").unlink()
    os.mkfifo(spoilt.path / "counts.parquet")
    with pytest.raises(DamagedRun, match=r"counts\.parquet is not a file"):
        Archive(spoilt.path)
    (spoilt.path / "run.json").unlink()
    os.mkfifo(spoilt.path / "run.json")
    with pytest.raises(DamagedRun, match=r"run\.json is not a file"):
        Archive(spoilt.path)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../b", "a//b", "run.json", ""])
def test_no_name_leads_out_of_the_directory(spoilt: Spoilt, name: str) -> None:
    """run.json cannot name a file outside its directory."""
    spoilt.say(parts={**spoilt.said()["parts"], name: {"sha256": "0" * 64, "bytes": 1}})
    with pytest.raises(DamagedRun, match=r"run\.json is damaged: parts"):
        Archive(spoilt.path)


def test_a_folder_without_run_json_is_foreign(tmp_path: Path) -> None:
    """A folder of somebody's files, no folder at all, and a file are not run directories."""
    for place in (tmp_path, tmp_path / "nowhere", Path(__file__)):
        with pytest.raises(ForeignRun):
            Archive(place)


@pytest.mark.parametrize("text", ["{}", "[]", "3", '{"format": "another program", "digest": "x"}'])
def test_json_of_others_is_foreign(tmp_path: Path, text: str) -> None:
    """A run.json that somebody else wrote is not taken for ours."""
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(ForeignRun, match="not written by glasshouse"):
        Archive(tmp_path)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"format": 1e'])
def test_broken_json_is_damage(tmp_path: Path, text: bytes) -> None:
    """What is not JSON ends in a message and not in a traceback."""
    (tmp_path / "run.json").write_bytes(text)
    with pytest.raises(DamagedRun, match=r"run\.json is damaged"):
        Archive(tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [("steps", -1), ("steps", "12"), ("digest", "abc"), ("arms", None), ("unknown", 1)],
)
def test_a_schema_is_kept_to(spoilt: Spoilt, key: str, value: object) -> None:
    """A wrong type, a value out of range and an unknown key are each named."""
    spoilt.say(**{key: value})
    with pytest.raises(DamagedRun, match=f"is damaged: {key}"):
        Archive(spoilt.path)


def test_another_version_is_refused_by_name(spoilt: Spoilt) -> None:
    """The message names the version that wrote the run and the one that reads it."""
    spoilt.say(glasshouse_version="0.0.7", arms=None)
    with pytest.raises(OtherVersion) as refused:
        Archive(spoilt.path)
    assert "0.0.7" in str(refused.value)
    assert __version__ in str(refused.value)


def test_another_form_of_the_directory_is_refused(spoilt: Spoilt) -> None:
    """So is a directory laid out by other rules."""
    spoilt.say(format_version=2)
    with pytest.raises(OtherVersion, match="version 2"):
        Archive(spoilt.path)


def test_an_unfinished_run_says_how_to_go_on(spoilt: Spoilt) -> None:
    """It is not read, and the message is what to type."""
    spoilt.say(status="unfinished")
    with pytest.raises(Unfinished, match=f"glasshouse resume {spoilt.path}"):
        Archive(spoilt.path)


def test_an_unfinished_run_tolerates_what_a_stopped_process_leaves(spoilt: Spoilt) -> None:
    """Files under the names that a run writes may lie about; those of others may not."""
    spoilt.say(status="unfinished")
    (spoilt.path / "unfinished").mkdir()
    for name in ("unfinished/lock", "unfinished/.x.aside", "outcomes/00009.parquet"):
        (spoilt.path / name).write_bytes(b"")
    assert read_whole(spoilt.path).status == "unfinished"
    (spoilt.path / "notes.txt").write_bytes(b"")
    with pytest.raises(DamagedRun, match=r"notes\.txt"):
        read_whole(spoilt.path)
