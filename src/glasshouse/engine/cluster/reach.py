"""Whether the scheduler can still be reached, which is asked wherever something fails."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from glasshouse.errors import ClusterFailed, GlasshouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client

HEARD_SECONDS = 1.0
"""How long a client may take to hear that a connection which broke was the scheduler's own."""


@contextmanager
def within_reach(client: Client) -> Iterator[None]:
    """Say that the scheduler has gone where that is why something failed."""
    try:
        yield
    except GlasshouseError:
        raise
    except Exception as error:
        until = time.monotonic() + HEARD_SECONDS
        while isinstance(error, OSError) and not has_gone(client) and time.monotonic() < until:
            time.sleep(HEARD_SECONDS / 20)
        refuse_to_be_alone(client)
        raise


def refuse_to_be_alone(client: Client) -> None:
    """Refuse to go on without a scheduler."""
    if has_gone(client):
        raise ClusterFailed("the Dask scheduler has gone away")


def has_gone(client: Client) -> bool:
    """Say whether a client has lost its scheduler, and not found it again."""
    return bool(client.status != "running")
