"""Where a fork comes from, in a sentence; and from when until when a rulebook is on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glasshouse.archive.provenance import Parent

SHOWN = 12
"""How much of a digest a sentence names."""


def parentage(parent: Parent) -> str:
    """Say of which run a fork is one, from when on, and what changed."""
    changes = "; ".join(f"{path}={value}" for path, value in parent.changes.items())
    return (
        f"A fork of the run with the digest {parent.digest[:SHOWN]} ({parent.scenario}, seed"
        f" {parent.seed}): up to {parent.day} it is that run, and from then on {changes}."
    )


def with_days(
    title: str, begins: dt.date | None, ends: dt.date | None, run: tuple[dt.date, dt.date]
) -> str:
    """Give a rulebook's title, with the days of the run from and until which it is switched on.

    ``run`` is the first day of the run, and the first one behind it.
    """
    first, behind = run
    words = f"from {begins} " if begins is not None and begins > first else ""
    words += f"until {ends}" if ends is not None and ends < behind else ""
    return f"{title} ({words.strip()})" if words else title
