"""The state of a run on a day, kept for forks: the steps so far and every community, in shards.

It is a part of the finished run as its tables are: named in run.json with the hash of each file.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from typing import TYPE_CHECKING

from glasshouse.archive.store import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from glasshouse.archive.provenance import Provenance

COMMUNITIES = 128
"""Communities of a shard where the society was held in memory."""

_STEPS = "steps.npz"


def kept_steps(day: dt.date) -> str:
    """Give the name of the file of the steps before a day."""
    return f"{KEPT}/{day.isoformat()}/{_STEPS}"


def kept_shard(day: dt.date, number: int) -> str:
    """Give the name of a shard as it stood at the beginning of a day."""
    return f"{KEPT}/{day.isoformat()}/{number:06}.shard"


def is_kept(name: str) -> bool:
    """Say whether a part belongs to a state that was kept."""
    return name.startswith(f"{KEPT}/")


def days_kept(names: Iterable[str]) -> tuple[dt.date, ...]:
    """Give the days whose state was kept, in order."""
    ends = f"/{_STEPS}"
    found = (name.split("/")[1] for name in names if is_kept(name) and name.endswith(ends))
    return tuple(sorted(map(dt.date.fromisoformat, found)))


def shard_size(said: Provenance) -> int:
    """Give the communities of each shard of a run's kept states; the last may have fewer."""
    return said.options.shard_communities or COMMUNITIES


def link(file: Path, also: Path) -> None:
    """Give a file a second name; where the file system has no such thing, copy it."""
    also.unlink(missing_ok=True)
    try:
        os.link(file, also)
    except OSError:
        shutil.copyfile(file, also)
