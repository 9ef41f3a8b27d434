"""`glasshouse report`: a file, or a message that says what would be right."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from glasshouse.session import Run, run

from .conftest import Typed


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One year of a few hundred people."""
    out = tmp_path_factory.mktemp("cli") / "tiny"
    sets = {"community_size": 256}
    return run("pellucid", people=512, years=1, seed=3, set=sets, out=out, device="python")


def test_it_writes_the_file_and_says_what_next(typed: Typed, tiny: Run) -> None:
    """The path alone is the result; the size and what to type next go to stderr."""
    done = typed("report", str(tiny.path), "-o", "report.html")
    assert done.code == 0, done.err
    assert done.out == "report.html\n"
    assert Path("report.html").read_bytes().startswith(b"<!doctype html>")
    assert "kB" in done.err
    assert "glasshouse verify" in done.err


def test_a_file_that_is_there_is_kept(typed: Typed, tiny: Run) -> None:
    """It says how to replace it, and does when asked."""
    Path("report.html").write_text("mine")
    done = typed("report", str(tiny.path), "-o", "report.html")
    assert done.code == 3
    assert "--replace" in done.err
    assert Path("report.html").read_text() == "mine"
    assert typed("report", str(tiny.path), "-o", "report.html", "--replace").code == 0


def test_what_cannot_be_reported_is_said(typed: Typed, tiny: Run, tmp_path: Path) -> None:
    """No run directory, one that is unfinished, a folder that is none: each a clear refusal."""
    (tmp_path / "empty").mkdir()
    done = typed("report", "empty", "-o", "report.html")
    assert done.code == 3
    assert "run.json" in done.err or "glasshouse" in done.err
    shutil.copytree(tiny.path, tmp_path / "half")
    said = json.loads((tmp_path / "half" / "run.json").read_text())
    (tmp_path / "half" / "run.json").write_text(json.dumps({**said, "status": "unfinished"}))
    done = typed("report", "half", "-o", "report.html")
    assert done.code == 3
    assert "glasshouse resume half" in done.err
    done = typed("report", str(tiny.path), "-o", "none/report.html")
    assert done.code == 3
    assert "no folder" in done.err
    done = typed("report", str(tiny.path), str(tiny.path), "-o", "report.html")
    assert done.code == 3
    assert "same run" in done.err
    done = typed("report", str(tiny.path))
    assert done.code == 2
    assert "-o" in done.err
    assert not Path("report.html").exists()
