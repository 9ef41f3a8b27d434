"""The state of a society as shards, to be kept for forks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from glasshouse.archive.kept import COMMUNITIES, link
from glasshouse.engine.shards import Lead
from glasshouse.engine.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from glasshouse.engine.streamed import Streamed


def shards_of(simulation: Simulation | Streamed, run: str) -> Iterator[Callable[[Path], None]]:
    """Give what writes every shard of a society as it stands, in order; ``run`` says of which run.

    What is in files already gets a second name, which costs nothing.
    """
    if not isinstance(simulation, Simulation):
        for file in simulation.files:
            yield partial(link, file)
        return
    (columns,) = simulation.columns()
    lead = Lead(simulation.plan, simulation.driver, run)
    for first in range(0, simulation.communities, COMMUNITIES):
        last = min(first + COMMUNITIES, simulation.communities)
        packed = lead.packed(simulation.finished_steps, columns.between(first, last))
        yield partial(_write, packed)


def _write(packed: bytes, file: Path) -> None:
    file.write_bytes(packed)
