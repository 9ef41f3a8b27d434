"""One file that a user asks for: where it may stand, and that it is whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.archive.document import refuse_file, write_file
from glasshouse.errors import BadInput, OutputExists


def test_a_file_is_written_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    """The folder holds the file alone, with the bytes that were given."""
    found = write_file(tmp_path / "report.html", b"<!doctype html>")
    assert found.read_bytes() == b"<!doctype html>"
    assert list(tmp_path.iterdir()) == [found]


def test_a_file_that_is_there_is_kept_unless_asked(tmp_path: Path) -> None:
    """The message says how it is replaced; a folder and a link never are."""
    place = tmp_path / "report.html"
    place.write_bytes(b"mine")
    with pytest.raises(OutputExists, match="--replace"):
        write_file(place, b"new")
    assert place.read_bytes() == b"mine"
    assert write_file(place, b"new", replace=True).read_bytes() == b"new"
    with pytest.raises(BadInput, match="no file"):
        write_file(tmp_path, b"new", replace=True)
    (tmp_path / "link").symlink_to(place)
    with pytest.raises(BadInput, match="no file"):
        write_file(tmp_path / "link", b"other", replace=True)
    assert place.read_bytes() == b"new"


def test_a_place_that_cannot_be_is_refused_by_name(tmp_path: Path) -> None:
    """No folder, no right to write, a name that is none, or inside a run directory."""
    with pytest.raises(BadInput, match="there is no folder"):
        refuse_file(tmp_path / "none" / "report.html")
    with pytest.raises(BadInput, match="cannot be written"):
        refuse_file(tmp_path / ("x" * 300))
    with pytest.raises(BadInput, match="cannot be written"):
        refuse_file(tmp_path / "a\0b")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text("{}")
    with pytest.raises(BadInput, match="inside the run directory"):
        refuse_file(tmp_path / "run" / "report.html")
