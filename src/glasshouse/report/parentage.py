"""Where a fork comes from, in a sentence; and until when a rulebook is on."""

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


def with_end(title: str, until: dt.date | None, end: dt.date) -> str:
    """Give a rulebook's title, with the day before which it is switched off within a run."""
    return title if until is None or until >= end else f"{title} (until {until})"
