"""A society on Dask workers comes out as one in memory, whoever dies on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from glasshouse.archive.reading import Archive
from glasshouse.engine.cluster import share
from glasshouse.engine.run import resume, run_experiment
from glasshouse.errors import Interrupted
from glasshouse.law.library import Library
from tests.engine.test_streamed import SMALL, stop_after

if TYPE_CHECKING:
    from distributed import Client


@pytest.fixture(scope="module")
def held() -> Archive:
    """Give the run that is held in memory."""
    return run_experiment(Library().resolve("pellucid", SMALL), device="python", command=())


@pytest.fixture
def dispatched(two_workers: Client) -> Callable[..., Archive]:
    """Give what runs the same society on two workers, a community a shard."""

    def run(out: Path | None = None, **options: Any) -> Archive:
        experiment = Library().resolve("pellucid", SMALL)
        given = {"device": "python", "client": two_workers, "command": ()} | options
        return run_experiment(experiment, out, **given)

    return run


def test_two_workers_give_the_same_digest(
    held: Archive, dispatched: Callable[..., Archive]
) -> None:
    """Every column, every count and every row, with a checkpoint at each step and without one."""
    run = dispatched(collect="all")
    assert run.provenance.options.shard_communities == 1
    assert run.provenance.digest_by_column == held.provenance.digest_by_column
    assert run.outcomes().rows() == held.outcomes().rows()
    assert not (run.path / "unfinished").exists()
    assert dispatched(checkpoint_seconds=0).digest == held.digest
