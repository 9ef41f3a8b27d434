"""A society on Dask workers: each step of each shard is a task on the shard's last result.

A shard stays on the worker that led it there, as the bytes of its file; what comes back to the
leader are counts, and what goes out are the institutions' tables. A checkpoint writes the shards
down, and the next step begins from the files. So a task's history reaches back to the last
checkpoint: what a dead worker held is led from there again by others, and nothing else is.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from glasshouse.archive.shard import steps_of, unpacked_shard, write_shard
from glasshouse.engine.cluster.asked import Asked
from glasshouse.engine.cluster.at_work import (
    Order,
    Stepped,
    handed,
    led,
    left_by,
    packed_of,
    seen,
    taken,
    written,
)
from glasshouse.engine.cluster.likeness import likeness
from glasshouse.engine.replay import between
from glasshouse.engine.streamed import Streamed, next_of, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from distributed import Client, Future

    from glasshouse.archive.shard import Content
    from glasshouse.engine.shards import Lead, Left
    from glasshouse.engine.streamed import Given, Shard
    from glasshouse.engine.tables import Institutions
    from glasshouse.errors import DamagedRun

AT_A_TIME = 8
"""Shards on their way to the leader at once."""


class Dispatched(Streamed):
    """A society and its arms, from the first step to the last, on the workers of a client.

    It is used as :class:`glasshouse.engine.streamed.Streamed` is, and gives the same bits. Its
    files hold the last checkpoint, from which either of the two goes on.
    """

    is_kept_by_step = False

    def __init__(self, given: Given, client: Client) -> None:
        """Take memory here, too, where the shards are looked into when all is over."""
        # Workers elsewhere begin in folders of their own.
        given = given._replace(folder=given.folder.resolve())
        super().__init__(given)
        self._folder = given.folder
        self._run, self._device, self._size = given.run, given.device, self._shards[0].number
        # Another run of the same experiment may be on the same workers.
        token = hashlib.sha256(f"{given.run} {given.folder}".encode()).hexdigest()[:16]
        self._asked = Asked(client, token)
        self._held: list[Future[Any] | None] = [None] * len(self._shards)
        """The last result of each shard; nothing where it begins from its file."""
        self._base = 0
        """How many steps the files hold."""
        self._led = 0
        """How many steps the last results have."""
        self._written = -1
        """How many steps the shards have that lie beside the files, if any do."""
        self._from_seed: set[int] = set()
        """Shards whose files of the last checkpoint are damaged."""
        self._is_shared = True
        """Whether the workers see the files."""

    def begin(self) -> None:
        """Find out whether the workers see the folder, and tell them what they work on."""
        super().begin()
        self._is_shared = self._is_seen()
        self._order = self._ordered()

    def _ordered(self) -> Future[Any]:
        """Hand out what workers must know of the run."""
        order = Order(self._run, self._device, self.plan.experiment, self._first, likeness())
        return self._asked.ask("order", 0, 0, handed, order)

    def _is_seen(self) -> bool:
        """Let every worker leave a file in the folder, and look for them here."""
        mark = f"seen-{secrets.token_hex(4)}-"
        asked = self._asked.everywhere(seen, str(self._folder), mark)
        found = list(self._folder.glob(f"{mark}*"))
        for place in found:
            place.unlink()
        return len(found) == len(asked)

    def restore(
        self, finished_steps: int, arrays: dict[str, Any], decided: Iterable[Institutions]
    ) -> None:
        """Go on from a snapshot and from the shards as they lie there."""
        super().restore(finished_steps, arrays, decided)
        self._base = self._led = finished_steps

    # --- a step ---------------------------------------------------------------------------------

    def _each(self) -> Iterator[Left]:
        """Ask for the step at hand of every shard, and give what each left as it comes."""
        step, of = self.finished_steps, len(self._shards)
        if self._written == step:
            settle(self._shards, step)
            self._base, self._held = step, [None] * of
            self._from_seed.clear()
        tables = self._tables(step)
        for number in range(of):
            before = self._last(number) or self._lying(number)
            self._held[number] = self._stepped(number, step, before, tables)
        self._led = step + 1
        self.heed(0, of)
        for done, (_, left) in enumerate(self._answers("left", left_by, range(of))):
            yield left
            self.heed(done + 1, of)

    def _stepped(
        self, number: int, step: int, before: Future[Any] | Path | None, tables: Future[Any]
    ) -> Future[Any]:
        """Ask for a step of a shard."""
        shard = self._shards[number]
        own = between(self._decided(step), shard.first, shard.first + shard.number).attention
        given = (self._order, shard, step, before, tables, own)
        return self._asked.ask("step", step, number, led, *given)

    def _decided(self, step: int) -> Institutions:
        return self.decided[step] if step < self.finished_steps else self._next

    def _tables(self, step: int) -> Future[Any]:
        """Hand out what the institutions had decided for a step, but for what is a shard's own."""
        return self._asked.ask("tables", step, 0, handed, between(self._decided(step), 0, 0))

    def _lying(self, number: int) -> Future[Any] | Path | None:
        """Give a shard as the last checkpoint left it; before the first step there is nothing."""
        shard = self._shards[number]
        if self._is_shared:
            return shard.file
        lying = taken(shard, self._base)
        return None if lying is None else self._asked.hand_out(lying)

    def _answers(
        self,
        what: str,
        function: Callable[[Stepped], Any],
        numbers: Iterable[int],
        window: int | None = None,
    ) -> Iterator[tuple[int, Any]]:
        """Give what a function says of the last results of shards, as it comes, by number."""

        def ask(number: int) -> Future[Any]:
            return self._asked.ask(what, self._led, number, function, self._last(number))

        def again(number: int, damage: DamagedRun | None) -> Future[Any]:
            self._lead_again(number, damage)
            return ask(number)

        yield from self._asked.given(((n, ask(n)) for n in numbers), again, window)

    def _last(self, number: int) -> Future[Any] | None:
        """Give the last result of a shard; one of which nothing is known any more is led again."""
        last = self._held[number]
        if last is not None and last.cancelled():
            self._lead_again(number, None)
        return self._held[number]

    def _lead_again(self, number: int, damage: DamagedRun | None) -> None:
        """Ask for all steps of a shard since the checkpoint; since its seed where that is damaged.

        A worker that dies loses nothing that others cannot make again by themselves. This is for
        what Dask knows no way to: what the leader had handed out, and what cannot be read.
        """
        self._asked.once_more()
        if self._order.cancelled():  # the scheduler was out of reach for a while
            self._order = self._ordered()
        if damage is not None:
            if number in self._from_seed:
                raise damage
            self.told(f"{damage}; made again from its seed")
            self._from_seed.add(number)
        is_new = number in self._from_seed
        last = None if is_new else self._lying(number)
        for step in range(0 if is_new else self._base, self._led):
            last = self._held[number] = self._stepped(number, step, last, self._tables(step))

    # --- a checkpoint, and the end --------------------------------------------------------------

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of all shards as they stand, in order; they are written down for it."""
        self._write_down()
        return tuple(next_of(shard.file) for shard in self._shards)

    def snapshot(self) -> dict[str, Any]:
        """Write the shards beside those of the last checkpoint; give what else is needed."""
        self._write_down()
        return super().snapshot()

    def _write_down(self) -> None:
        if self._written == self._led:
            return
        lacking = list(range(len(self._shards)))
        if self._is_shared:
            # Writing is never taken for done: its key is used once.
            once = secrets.token_hex(4)
            for _ in self._answers(f"written_{once}", written, lacking):
                pass
            # A worker that came later may not see the folder, or may have no room there.
            lacking = [n for n in lacking if steps_of(self._beside(n)) != self._led]
        for number, packed in self._answers("packed", packed_of, lacking, AT_A_TIME):
            write_shard(self._beside(number), packed)
        self._written = self._led

    def _beside(self, number: int) -> Path:
        return next_of(self._shards[number].file)

    def _read(self, lead: Lead, shard: Shard, steps: int) -> Content:
        """Give what a shard holds, from where it lies: on a worker, or in its file."""
        number = shard.first // self._size
        if self._held[number] is None:
            return super()._read(lead, shard, steps)
        ((_, packed),) = self._answers("packed", packed_of, [number])
        head = lead.head(steps, shard.first, shard.number)
        return unpacked_shard(packed, head, str(shard.file))
