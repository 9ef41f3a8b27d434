"""Two workers that all tests of this folder share: beginning them takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from glasshouse.engine.cluster.connection import connected

if TYPE_CHECKING:
    from distributed import Client


@pytest.fixture(scope="session")
def two_workers() -> Iterator[Client]:
    """Give the client of two worker processes of this machine."""
    with connected(workers=2) as client:
        yield client
