"""Running the program inside the test, as a user's terminal would see it."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from glasshouse.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Typed = Callable[..., Ended]


def typed_words(*words: str) -> Ended:
    """Type a command and see what comes of it."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(list(words), prog_name="glasshouse")
        except SystemExit as end:
            code = end.code
    return Ended(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Give a program that is typed in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GLASSHOUSE_DEBUG", raising=False)
    return typed_words
