"""The desk: who asked for what, who waits, and which worker has it in hand.

At most so many tasks run as there are workers; the others wait in the order in which they came and
are told how many are ahead. Whoever goes away, or asks to stop, frees the worker at once; one that
does not heed is ended and another begun in its place.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
from collections import OrderedDict, deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from glasshouse.app.hand import Hand
from glasshouse.app.messages import Kind, document
from glasshouse.app.worker import Said, Task

if TYPE_CHECKING:
    from glasshouse.app.request import Settled

KEPT = 12
"""Finished runs whose directories are kept for downloads; the oldest goes first."""

MOST_OPEN = 64
"""Requests that may wait or run; beyond it the page is told to wait. So many may also have been
made without a listener; of those the oldest is forgotten."""

MOST_STILLBORN = 3
"""Workers in a row that may end before they are warm; then the page says that none begins."""

PATIENCE_SECONDS = 2.0
"""How long a worker may take to heed a request to stop before it is ended."""

State = Literal["ordered", "waiting", "running", "done", "failed", "stopped"]


class Job:
    """One thing that somebody asked for: a run, a study, or a file made from a run."""

    def __init__(self, task: Task, settled: Settled | None = None) -> None:
        """Begin as ordered: nothing waits or runs until somebody listens."""
        self.id = secrets.token_urlsafe(12)
        self.task = task
        self.settled = settled
        self.state: State = "ordered"
        self.messages: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.over = asyncio.Event()
        self.said: dict[str, Any] = {}
        """How it ended, as the worker says it."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in {"done", "failed", "stopped"}

    def tell(self, kind: Kind, said: dict[str, Any]) -> None:
        """Say something to whoever listens."""
        self.messages.put_nowait(document(kind, said))

    def end(self, state: State, said: dict[str, Any]) -> None:
        """Be over: the last message has been sent."""
        if not self.is_over:
            self.state, self.said = state, said
            self.messages.put_nowait(None)
            self.over.set()


class Desk:
    """Workers, the queue before them, and the runs that are kept."""

    def __init__(self, root: Path, workers: int, threads: int = 1) -> None:
        """Keep runs below ``root``; workers begin with ``open``."""
        self.root, self.threads = root, threads
        self.number = workers
        self.hands: list[Hand] = []
        self.jobs: OrderedDict[str, Job] = OrderedDict()
        self.queue: deque[Job] = deque()
        self.is_open = False
        self.stillborn = 0

    async def open(self) -> None:
        """Begin the workers; they get warm while the page loads."""
        self.loop = asyncio.get_running_loop()
        self.is_open = True
        self.hands = [self._hand() for _ in range(self.number)]

    async def close(self) -> None:
        """End every worker; nobody is left behind."""
        self.is_open = False
        for job in self.jobs.values():
            job.end("stopped", {"ended": "stopped"})
        hands, self.hands = self.hands, []
        for hand in hands:
            hand.end()
        for hand in hands:
            await asyncio.to_thread(hand.join)

    def _hand(self) -> Hand:
        def hear(hand: Hand, content: bytes | None) -> None:
            try:
                self.loop.call_soon_threadsafe(self._heard, hand, content)
            except RuntimeError:  # the loop has ended, and so has everything else
                return

        return Hand(self.root, hear)

    def order(self, what: Any, name: str, sets: dict[str, str], settled: Settled | None) -> Job:
        """Take a request for a run or a study; it waits for somebody to listen."""
        self._forget()
        job = Job(Task(what, "", name, sets, self.threads), settled)
        folder = self.root / job.id
        job.task = job.task._replace(folder=str(folder))
        self.jobs[job.id] = job
        return job

    def is_full(self) -> bool:
        """Whether so many wait or run that nobody else is let in."""
        open_jobs = [job for job in self.jobs.values() if job.state in {"waiting", "running"}]
        return len(open_jobs) >= MOST_OPEN

    def begin(self, job: Job) -> None:
        """Let a job wait its turn, or begin at once where a worker is free."""
        job.state = "waiting"
        folder = Path(job.task.folder)
        folder.mkdir(mode=0o700, exist_ok=True)
        self.queue.append(job)
        self._dispatch()

    async def file(self, run: Job, what: Any) -> dict[str, Any]:
        """Have a file made from a finished run, and give what the worker says of it."""
        job = Job(Task(what, run.task.folder, run.task.name, dict(run.task.sets), self.threads))
        self.begin(job)
        try:
            await job.over.wait()
        finally:
            self.stop(job)
        return job.said

    def stop(self, job: Job) -> None:
        """Nobody wants the job any more: it leaves the queue, or its worker is told."""
        if job.is_over:
            return
        if job.state == "running":
            hand = next(one for one in self.hands if one.job is job)
            hand.stop()
            self.loop.call_later(PATIENCE_SECONDS, self._lose_patience, hand, job)
        elif job in self.queue:
            self.queue.remove(job)
            self._tell_queue()
        job.end("stopped", {"ended": "stopped"})
        if job.task.what in {"run", "study"} and job.id in self.jobs:
            del self.jobs[job.id]
            if not any(hand.job is job for hand in self.hands):
                self._clear(job)

    def _lose_patience(self, hand: Hand, job: Job) -> None:
        if hand.job is job and hand in self.hands:
            hand.end()

    def _dispatch(self) -> None:
        while self.queue and not self.hands:
            self._fail(self.queue.popleft(), "no worker process can begin on this machine")
        for hand in self.hands:
            if not self.queue:
                break
            if hand.is_ready and hand.job is None:
                job = self.queue.popleft()
                job.state = "running"
                job.tell(Kind.STATE, {"state": "running", "ahead": 0})
                hand.give(job, job.task)
        self._tell_queue()

    def _tell_queue(self) -> None:
        """Tell everybody who waits how many are ahead, and what for."""
        busy = sum(hand.job is not None for hand in self.hands)
        cold = not any(hand.is_ready for hand in self.hands)
        for place, job in enumerate(self.queue):
            said = {"state": "waiting", "ahead": place + busy, "warming": cold}
            job.tell(Kind.STATE, said)

    def _heard(self, hand: Hand, content: bytes | None) -> None:
        """Take what a worker says; nothing at all means that its process has ended."""
        if not self.is_open or hand not in self.hands:
            return
        if content is None:
            self._lost(hand)
            return
        said, rest = Said(content[0]), content[1:]
        if said is Said.READY:
            hand.is_ready = True
        elif said is Said.SCENE:
            if hand.job is not None and not hand.job.is_over:
                hand.job.messages.put_nowait(rest)
            return
        else:
            job, hand.job = hand.job, None
            self._ended(job, json.loads(rest))
        self._dispatch()

    def _lost(self, hand: Hand) -> None:
        """Another worker takes the place of one whose process has ended."""
        job, hand.job = hand.job, None
        self.stillborn = 0 if hand.is_ready else self.stillborn + 1
        self.hands.remove(hand)
        hand.end()
        if self.stillborn < MOST_STILLBORN:
            self.hands.append(self._hand())
        if job is not None and not job.is_over:
            self._fail(job, "the process that ran it ended: it may have run out of memory")
        elif job is not None:
            self._ended(job, {"ended": "stopped"})
        self._dispatch()

    def _fail(self, job: Job, what: str) -> None:
        """Tell whoever listens that a job cannot be done here."""
        problems = [{"where": "", "what": what, "right": "", "message": what}]
        job.tell(Kind.FAILURE, {"problems": problems})
        self._ended(job, {"ended": "failed", "problems": problems})

    def _ended(self, job: Job | None, said: dict[str, Any]) -> None:
        if job is None:
            return
        was_over = job.is_over
        job.end(said["ended"], said)
        if job.task.what in {"run", "study"} and (was_over or said["ended"] != "done"):
            self._clear(job)

    def _clear(self, job: Job) -> None:
        """Remove the directory of a job that nobody will ask for again."""
        if self.is_open:
            self.loop.run_in_executor(None, shutil.rmtree, job.task.folder, True)

    def _forget(self) -> None:
        """Keep the newest finished runs, and the newest requests that nobody listens to yet."""
        ordered = [job for job in self.jobs.values() if job.state == "ordered"]
        for job in ordered[: max(0, len(ordered) - MOST_OPEN + 1)]:
            del self.jobs[job.id]
        over = [job for job in self.jobs.values() if job.is_over]
        for job in over[: max(0, len(over) - KEPT + 1)]:
            del self.jobs[job.id]
            self._clear(job)
