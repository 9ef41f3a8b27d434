"""A small finished run, computed once by the oracle."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.session import Run, run


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give two years of a small country under its three instruments."""
    out: Path = tmp_path_factory.mktemp("report") / "small"
    sets = {"community_size": 256}
    return run("pellucid", people=1536, years=2, seed=3, set=sets, out=out, device="python")
