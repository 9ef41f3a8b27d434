"""Workers are reached, or it is said in one sentence why not."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from glasshouse.engine.cluster import connection
from glasshouse.engine.cluster.connection import connected
from glasshouse.errors import BadUsage, ClusterFailed

if TYPE_CHECKING:
    from distributed import Client


def address_of(client: Client) -> str:
    """Give where the scheduler of a client listens."""
    return str(client.scheduler_info(n_workers=0)["address"])


def test_workers_of_this_machine_are_processes_on_loopback(two_workers: Client) -> None:
    """Each has one thread, and everything that it says goes over the loopback."""
    workers = two_workers.scheduler_info(n_workers=-1)["workers"]
    assert [worker["nthreads"] for worker in workers.values()] == [1, 1]
    assert all(
        where.startswith("tcp://127.0.0.1:") for where in (address_of(two_workers), *workers)
    )
    heard = two_workers.run(signal.getsignal, signal.SIGINT)
    assert set(heard.values()) == {signal.SIG_IGN}


def test_a_scheduler_that_runs_is_joined_and_left_running(two_workers: Client) -> None:
    """Its workers do what an executor is asked, and go on when this client has gone."""
    with connected(cluster=address_of(two_workers)) as client:
        executor = client.get_executor(pure=False)
        assert list(executor.map(abs, [-1, -2])) == [1, 2]
    assert two_workers.submit(abs, -3).result() == 3


@pytest.mark.parametrize("given", [{}, {"workers": 1, "cluster": "tcp://127.0.0.1:1"}])
def test_one_of_both_is_asked_for(given: dict[str, object]) -> None:
    """Either workers are begun here, or some run elsewhere."""
    with pytest.raises(BadUsage, match="one of both"), connected(**given):  # type: ignore[arg-type]
        pass


@pytest.mark.parametrize("address", ["", "here", "tcp://", "tcp://a", "http://a:1", "tcp://a:b"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """The message says how one is written."""
    with pytest.raises(BadUsage, match="tcp://HOST:PORT"), connected(cluster=address):
        pass


def test_no_workers_are_too_few() -> None:
    """Nothing would ever be done."""
    with pytest.raises(BadUsage, match="at least one"), connected(workers=0):
        pass


def test_an_address_where_nobody_answers_is_said(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """After a while, by its name, and nothing of Dask's own log stands beside it."""
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as held:
        address = f"tcp://127.0.0.1:{held.getsockname()[1]}"
    said = f"no Dask scheduler answers at {address}"
    with pytest.raises(ClusterFailed, match=said), connected(cluster=address):
        pass
    assert capfd.readouterr().err == ""


def test_a_scheduler_without_workers_is_said(
    monkeypatch: pytest.MonkeyPatch, two_workers: Client
) -> None:
    """Waiting has an end."""
    monkeypatch.setattr(connection, "WORKER_SECONDS", 0.3)
    with pytest.raises(ClusterFailed, match=r"too few.*within 0 seconds"):
        connection._wait_for(two_workers, 3, "too few workers have come")


def test_a_worker_does_not_begin_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script without its guard would begin processes without end."""
    monkeypatch.setattr(multiprocessing, "parent_process", multiprocessing.current_process)
    with pytest.raises(BadUsage, match="__main__"), connected(workers=1):
        pass


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing and what brings it."""
    monkeypatch.setitem(sys.modules, "distributed.utils", None)
    with pytest.raises(BadUsage, match=r"glasshouse\[cluster\]"), connected(workers=1):
        pass
