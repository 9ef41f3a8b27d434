"""Whoever waits for workers is told when there is nothing to wait for."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, cast

import pytest
from distributed import KilledWorker

from glasshouse.engine.cluster import asked, reach
from glasshouse.engine.cluster.asked import Asked
from glasshouse.engine.cluster.reach import within_reach
from glasshouse.errors import ClusterFailed, DamagedRun, Overflowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed import Client, Future


class Deserted:
    """Stands for a client whose scheduler has no worker."""

    status = "running"

    def nthreads(self) -> dict[str, int]:
        """Give the threads of each worker."""
        return {}

    def submit(self, *_: object, **__: object) -> None:
        """Fail as a client does that has been closed."""
        raise RuntimeError


class Done:
    """Stands for a future whose answer is there."""

    status = "finished"

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        """Call at once."""
        call(self)


class Forgetful(Deserted):
    """Stands for a client that loses an answer on its way."""

    lost: Done | None = None

    def gather(self, futures: list[Done]) -> list[str]:
        """Give what the futures say, but for the one that is lost."""
        if self.lost in futures:
            self.lost.status = "cancelled"
            raise CancelledError
        return ["what it says" for _ in futures]


class Ended:
    """Stands for a future that has come to nothing."""

    def __init__(self, status: str, error: Exception | None = None) -> None:
        self.status = status
        self._error = error

    def exception(self) -> Exception | None:
        """Give what was raised."""
        return self._error


def asking(status: str = "running") -> Asked:
    """Give what asks a client that nobody answers."""
    client = Deserted()
    client.status = status
    return Asked(cast("Client", client), "0")


def trouble(of: Asked, status: str, error: Exception | None = None) -> Any:
    """Ask what became of a future."""
    return of._trouble(cast("Future[Any]", Ended(status, error)))


def test_nobody_waits_for_ever_for_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a while another may come; then it is said."""
    monkeypatch.setattr(asked, "PATIENCE_SECONDS", 0.0)
    one = asking()
    one._look()
    with pytest.raises(ClusterFailed, match="no worker has been there for 0 seconds"):
        one._look()


def test_a_scheduler_that_has_gone_is_what_is_said_of_all_that_follows() -> None:
    """Whatever it is that fails then."""
    for call in (
        lambda: asking("closed").ask("step", 0, 0, abs),
        lambda: asking("connecting")._look(),
        lambda: trouble(asking("closed"), "cancelled"),
    ):
        with pytest.raises(ClusterFailed, match="the Dask scheduler has gone away"):
            call()
    with pytest.raises(RuntimeError):
        asking().ask("step", 0, 0, abs)


def test_a_scheduler_that_does_not_answer_is_no_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its machine is off, and nothing says that the connection is broken."""

    def wait_in_vain(_: Deserted) -> dict[str, int]:
        raise TimeoutError

    monkeypatch.setattr(Deserted, "nthreads", wait_in_vain)
    monkeypatch.setattr(reach, "HEARD_SECONDS", 0.0)
    with pytest.raises(ClusterFailed, match="does not answer any more"):
        asking()._look()


def test_a_broken_connection_is_heard_of_a_moment_later() -> None:
    """Until the client has heard that it was the scheduler's, it says that it is running."""
    client = Deserted()

    def hang_up() -> None:
        client.status = "connecting"

    threading.Timer(0.05, hang_up).start()
    with pytest.raises(ClusterFailed, match="gone away"), within_reach(cast("Client", client)):
        raise OSError


def test_what_is_lost_on_its_way_is_asked_for_again() -> None:
    """An answer was there, and its worker ended before it was fetched."""
    client = Forgetful()
    here: list[Done] = []

    def again(number: int, damage: DamagedRun | None) -> Any:
        assert (number, damage) == (0, None)
        here.append(Done())
        return here[-1]

    first = Done()
    client.lost = first
    asking = Asked(cast("Client", client), "0")
    found = list(asking.given([(0, cast("Future[Any]", first))], again))
    assert found == [(0, "what it says")]
    assert len(here) == 1


def test_a_shard_that_ends_every_worker_is_said() -> None:
    """It would end the next one, too."""
    with pytest.raises(ClusterFailed, match="may lack the memory"):
        trouble(asking(), "error", KilledWorker("step", cast("Any", None), 3))


def test_what_can_be_asked_once_more_is_no_end() -> None:
    """What was lost, and what was damaged; everything else is raised as it was."""
    assert isinstance(trouble(asking(), "cancelled"), ClusterFailed)
    assert isinstance(trouble(asking(), "error", DamagedRun("cut")), DamagedRun)
    assert trouble(asking(), "finished") is None
    with pytest.raises(Overflowed):
        trouble(asking(), "error", Overflowed("a pool", "a setting"))
