"""A small finished run of the fictional country, made once, and copies of it to spoil."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from glasshouse.archive.reading import Archive
from glasshouse.engine.run import run_experiment
from glasshouse.law.library import Library

SMALL = {"people": "150", "community_size": "64", "years": "1", "seed": "3"}


@pytest.fixture(scope="session")
def kept_run(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Give a finished run that no test may change."""
    out = tmp_path_factory.mktemp("runs") / "small"
    return run_experiment(Library().resolve("pellucid", SMALL), out, device="python", command=())


@dataclass(frozen=True)
class Spoilt:
    """A copy of the run to spoil."""

    path: Path

    def said(self) -> dict[str, Any]:
        """Give run.json as plain values."""
        found: dict[str, Any] = json.loads((self.path / "run.json").read_text(encoding="utf-8"))
        return found

    def say(self, **values: Any) -> None:
        """Change values of run.json."""
        text = json.dumps({**self.said(), **values})
        (self.path / "run.json").write_text(text, encoding="utf-8")


@pytest.fixture
def spoilt(kept_run: Archive, tmp_path: Path) -> Spoilt:
    """Give a copy of the run."""
    copy = tmp_path / "copy"
    shutil.copytree(kept_run.path, copy)
    return Spoilt(copy)
