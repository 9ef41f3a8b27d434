"""Workers at hand: processes of this machine, or those of a scheduler that runs somewhere already.

The workers of this machine listen on loopback alone, have one thread each, and end with us.
"""

from __future__ import annotations

import logging
import multiprocessing
import re
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from glasshouse.engine.cluster.likeness import likeness, refuse_others
from glasshouse.engine.cluster.reach import within_reach
from glasshouse.errors import BadUsage, ClusterFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client as Client  # noqa: PLC0414 - others name it from here
    from distributed import LocalCluster

LOOPBACK = "127.0.0.1"

ANY_PORT = f"{LOOPBACK}:0"

ADDRESS = re.compile(r"(?:tcp|tls)://(?:[^\s/:\[\]]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}")

CONNECT_SECONDS = 20.0
"""How long a scheduler may take to answer."""

WORKER_SECONDS = 120.0
"""How long the first worker may take to come: queues of a cluster are asked for it beforehand."""

PRELOAD = "glasshouse.engine.cluster.heeding"
"""What a worker of this machine loads before anything else."""


@contextmanager
def connected_if_asked(workers: int | None, cluster: str | None) -> Iterator[Client | None]:
    """Give a client as :func:`connected` does, or nothing where nobody asks for workers."""
    if workers is None and cluster is None:
        yield None
    else:
        with connected(workers, cluster) as client:
            yield client


@contextmanager
def connected(workers: int | None = None, cluster: str | None = None) -> Iterator[Client]:
    """Give a client of ``workers`` processes here, or of the scheduler at the address ``cluster``.

    Every worker has been asked whether it is what runs here; one that is not is refused by name.
    """
    _refuse_to_nest()
    if (workers is None) == (cluster is None):
        raise BadUsage("say how many workers to begin here, or where a scheduler runs: one of both")
    try:
        from distributed.utils import silence_logging_cmgr
    except ImportError as error:
        raise BadUsage(
            "workers need Dask, which is not installed; the extra `glasshouse[cluster]` brings it"
        ) from error
    # What goes wrong is said once, in words of our own.
    with silence_logging_cmgr(logging.CRITICAL), _quiet_client():
        if cluster is not None:
            with _client_of(cluster) as client:
                yield client
        else:
            with _begun(workers or 0) as begun, _client_in(begun) as client:
                yield client


@contextmanager
def _client_of(address: str) -> Iterator[Client]:
    """Give a client of a scheduler that runs; it is left running."""
    from distributed import Client

    if ADDRESS.fullmatch(address) is None:
        raise BadUsage(f"`{address[:200]}` is no address of a scheduler; write tcp://HOST:PORT")
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # a missing certificate is a TypeError
        raise ClusterFailed(f"no Dask scheduler answers at {address}: {_first(error)}") from error
    try:
        with within_reach(client):
            _wait_for(client, 1, f"no worker has come to the scheduler at {address}")
            _refuse_unlike(client)
            yield client
    finally:
        with suppress(OSError):  # whatever came of the work stands, also where nobody answers now
            client.close(timeout=CONNECT_SECONDS)


@contextmanager
def _begun(workers: int) -> Iterator[LocalCluster]:
    """Begin worker processes on this machine, and end them."""
    from distributed import LocalCluster

    if workers < 1:
        raise BadUsage(f"{workers} workers are too few: begin at least one")
    with tempfile.TemporaryDirectory(prefix="glasshouse-workers-") as scratch:
        try:
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host=LOOPBACK,
                scheduler_kwargs={"dashboard": False},
                dashboard_address=ANY_PORT,
                worker_dashboard_address=ANY_PORT,
                silence_logs=logging.CRITICAL,
                local_directory=scratch,
                preload=[PRELOAD],
            )
        except (OSError, RuntimeError, TimeoutError) as error:
            raise ClusterFailed(
                f"worker processes could not be begun here: {_first(error)} (a script of one's own"
                ' must ask for workers under `if __name__ == "__main__":`)'
            ) from error
        with cluster:
            yield cluster


@contextmanager
def _client_in(cluster: LocalCluster) -> Iterator[Client]:
    """Give a client of the processes that were begun here."""
    from distributed import Client

    with Client(cluster, timeout=CONNECT_SECONDS, set_as_default=False) as client:
        _wait_for(client, len(cluster.workers), "the worker processes did not begin")
        _refuse_unlike(client)
        yield client


def _wait_for(client: Client, workers: int, otherwise: str) -> None:
    try:
        client.wait_for_workers(workers, timeout=WORKER_SECONDS)
    except TimeoutError as error:
        raise ClusterFailed(f"{otherwise} within {WORKER_SECONDS:.0f} seconds") from error


def _refuse_unlike(client: Client) -> None:
    """Ask every worker what it is, and refuse those that are not what runs here."""
    refuse_others(client.run(likeness, on_error="return"), likeness())


def _refuse_to_nest() -> None:
    """Refuse to begin or to lead workers in a process that is itself being begun as one.

    A script that asks for workers at its top level is read again by each, which would ask in turn.
    """
    if multiprocessing.parent_process() is not None:
        raise BadUsage(
            "a worker process cannot lead workers: put the call of a script under"
            ' `if __name__ == "__main__":`'
        )


@contextmanager
def _quiet_client() -> Iterator[None]:
    """Keep what Dask's client says of a lost scheduler from standing beside our own message."""
    loggers = [logging.getLogger(f"distributed.{name}") for name in ("client", "core", "comm")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _first(error: BaseException) -> str:
    """Give the first line of what an error says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
