"""Forks in the hands of a user: check one, run one; the command line is a thin skin over these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.archive.store import refuse_place
from glasshouse.session import Progress, Run, at_hand

if TYPE_CHECKING:
    from glasshouse.engine.fork import Fork


def forked(
    path: str | Path,
    *,
    at: str | dt.date,
    arms: Mapping[str, str] | None = None,
    set: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
) -> Fork:
    """Check a fork of a run, or say all that is wrong with it; nothing is run yet."""
    from glasshouse.engine.fork import forked as checked
    from glasshouse.law.dated import days_meant
    from glasshouse.law.resolve import RULEBOOK

    rulebooks = {f"arms.{arm}.{RULEBOOK}": books for arm, books in (arms or {}).items()}
    (day,) = days_meant([at])
    return checked(path, day, {**rulebooks, **(set or {})})


def fork(
    path: str | Path,
    *,
    at: str | dt.date,
    arms: Mapping[str, str] | None = None,
    set: Mapping[str, str] | None = None,  # noqa: A002 - the word of the command line
    out: str | Path | None = None,
    memory: int | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Run:
    """Continue a finished run under other rules from a day on, as if it had branched there.

    ``arms`` names the rulebooks (``"none"``, ``"one"``, ``"one+another"``) that an arm has from
    then on and no others; ``set`` switches provisions (``rules.BOOK.PROVISION``: ``"off"``). Where
    the run kept its state of the day (``keep_at``), the steps before are taken over; otherwise they
    are run again. The other options are those of ``run``.
    """
    if out is not None:
        refuse_place(Path(out))
    checked = forked(path, at=at, arms=arms, set=set)
    with at_hand(workers, cluster, memory) as client:
        return Run(checked.run(out, memory=memory, client=client, progress=progress, **options))
