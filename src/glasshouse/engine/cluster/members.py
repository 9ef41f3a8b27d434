"""Whole runs handed to the workers of a cluster, with the documents that they are settled from.

A worker needs to see no folder of ours: it is sent the documents once and keeps them for as long
as it lives. A worker that dies loses the run that it had in hand, which the scheduler gives to
another; a run that ends one worker after the other has failed.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
import time
from concurrent.futures import CancelledError, Executor, Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from glasshouse.engine.cluster.asked import PATIENCE_SECONDS
from glasshouse.engine.cluster.likeness import Likeness, differences, likeness
from glasshouse.engine.cluster.reach import has_gone
from glasshouse.errors import ClusterFailed, FinishedInPart

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WINDOW = 256
"""Runs handed out at a time at least: a stop lets go of those that no worker has begun."""

LOOK_SECONDS = 2.0
"""How often it is asked whether any worker is there."""


class Sent(NamedTuple):
    """What every worker is sent before its first run."""

    leader: Likeness
    """What the leader is; a worker that came later has not been asked yet."""
    documents: Mapping[str, bytes]


class Members:
    """The workers of a cluster as hands for whole runs."""

    def __init__(self, client: Any) -> None:
        """Take the client of a scheduler whose workers are what runs here."""
        self._client = client
        self._address = self._client.scheduler.address
        self._executor: Executor = self._client.get_executor(pure=False)
        self._sent: dict[str, Any] = {}
        self._looked = self._seen = time.monotonic()
        self._at_work = self.threads

    @property
    def window(self) -> int:
        """How many runs are handed out at a time: two a thread, one at work and one that waits."""
        return max(WINDOW, 2 * self._at_work)

    @property
    def threads(self) -> int:
        """How many runs the cluster makes at a time."""
        return int(sum(self._client.nthreads().values()))

    def submit(self, call: Callable[[Any], Any], task: Any) -> Future[Any]:
        """Hand a run out."""
        from distributed.client import ClosedClientError

        future: Future[Any]
        try:
            future = self._executor.submit(run_there, self._what_is_sent(task.data), call, task)
        except (OSError, RuntimeError, ClosedClientError) as error:  # the client has closed itself
            future = Future()
            future.set_exception(CancelledError(str(error)))
        return future

    def has_lost(self, error: BaseException) -> bool:
        """Say whether the scheduler let go of a run, or gave it to a worker that is another."""
        return isinstance(error, CancelledError | ClusterFailed)

    def renew(self, error: BaseException) -> None:
        """Say that nobody is there any more, or nobody who could go on."""
        if isinstance(error, ClusterFailed):
            raise FinishedInPart(f"{error}; what was finished is kept") from error
        text = f"the scheduler at {self._address} went away; what was finished is kept"
        raise FinishedInPart(text) from error

    def look(self) -> None:
        """Refuse to wait for workers that do not come; the queue of a cluster may bring others."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        # A scheduler that has gone says so with every run that it had.
        if has_gone(self._client) or self._is_anyone_there():
            self._seen = now
        elif now - self._seen > PATIENCE_SECONDS:
            raise FinishedInPart(
                f"no worker has been at the scheduler {self._address} for"
                f" {PATIENCE_SECONDS:.0f} seconds; what was finished is kept"
            )

    def _is_anyone_there(self) -> bool:
        try:
            self._at_work = self.threads
        except OSError:  # it does not answer, and may do so again
            return False
        return self._at_work > 0

    def why(self, error: BaseException) -> str:
        """Say why a run failed."""
        from distributed.scheduler import KilledWorker

        if isinstance(error, KilledWorker):
            return "every worker that ran it ended: it may have run out of memory"
        return ""

    def _what_is_sent(self, folder: str) -> Any:
        """Send the documents of a folder, once: the result of a task, made anew if lost."""
        if folder not in self._sent:
            root = Path(folder)
            documents = {
                path.relative_to(root).as_posix(): path.read_bytes()
                for path in sorted(root.rglob("*"))
                if path.is_file()
            }
            ours = likeness()
            # Another leader on the same workers may be another program.
            key = f"glasshouse-documents-{digest_of(documents | {'': repr(ours).encode()})}"
            self._sent[folder] = self._client.submit(Sent, ours, documents, key=key)
        return self._sent[folder]


def digest_of(documents: Mapping[str, bytes]) -> str:
    """Give a hash of documents by their names."""
    digest = hashlib.sha256()
    for name, content in sorted(documents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def run_there(sent: Sent, call: Callable[[Any], Any], task: Any) -> Any:
    """Run a task in this process, a worker, from the documents that it was sent."""
    found = differences(likeness(), sent.leader)
    if found:
        raise ClusterFailed(
            "a worker that came later is not what leads it, so its results would not be the same:"
            f" it has {'; '.join(found)}"
        )
    return call(task._replace(data=laid_out(sent.documents)))


_laid: dict[str, tempfile.TemporaryDirectory[str]] = {}
_laying = threading.Lock()


def laid_out(documents: Mapping[str, bytes]) -> str:
    """Give the folder in which documents lie; it is made once and goes with the worker."""
    name = digest_of(documents)
    with _laying:
        if name not in _laid:
            folder = tempfile.TemporaryDirectory(prefix="glasshouse-documents-", dir=_scratch())
            for path, content in documents.items():
                target = Path(folder.name) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            _laid[name] = folder
    return _laid[name].name


def _scratch() -> str | None:
    """Give the folder of this worker, which Dask clears away however the worker ends."""
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:  # this is no worker
        return None
