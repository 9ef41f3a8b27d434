"""A small finished run and its scene, made once by the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from glasshouse.app.messages import Message, read
from glasshouse.app.scene import scene_of
from glasshouse.session import Run, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a year of a small country; each province is some communities."""
    out: Path = tmp_path_factory.mktemp("app") / "small"
    sets = {"community_size": 16}
    return run("pellucid", people=640, years=1, seed=3, set=sets, out=out, device="python")


@pytest.fixture(scope="session")
def scene(small: Run) -> list[Message]:
    """Give the messages of the run's scene."""
    return list(read(scene_of(small.archive, small.experiment, device="python")))
