"""One member of a sweep, run where an executor puts it: a run, its metrics, its digest."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from glasshouse.errors import Overflowed
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from glasshouse.archive.reading import Archive
    from glasshouse.report.measured import MetricRow


ROOM, MOST_PLACES = ("open_entries_per_person", "open_listings_per_person"), 16
"""What a run that overflows may have more of, and how many places a person at most."""


class Task(NamedTuple):
    """What a worker needs to know of a member; small, and plain enough for any executor."""

    number: int
    data: str
    """The sweep's own copy of the data rooms; every worker must see this folder."""
    scenario: str
    sets: dict[str, str]
    metrics: tuple[str, ...]
    """Names of metrics; none means all."""
    by: tuple[str, ...]
    """Splits of the metrics by groups of people."""
    device: str
    keep: str
    """Where the run directory is kept; empty: it goes as soon as its metrics are taken."""


class Outcome(NamedTuple):
    """What came of a member."""

    number: int
    rows: tuple[tuple[Any, ...], ...] = ()
    """Rows of ``MetricRow``, with None for what is not known."""
    digest: str = ""
    """The digest of the run, by which it can be made again and compared."""
    seconds: float = 0.0
    failure: str = ""
    """Why there is no row; empty where all went well."""
    room: tuple[tuple[str, str], ...] = ()
    """What it set besides, to have room for all that was on record."""


def run_member(task: Task) -> Outcome:
    """Run a member with one thread and give its metrics; raises whatever the run raises."""
    from glasshouse.report.measured import metric_rows

    began = time.monotonic()
    archive, room = _run(task)
    names = task.metrics or None
    arms = [arm.arm for arm in archive.provenance.arms]
    baselines = {arm.arm for arm in archive.provenance.arms if arm.is_baseline}
    # A baseline has only what can be said of an arm in which nobody is scored.
    rows = [
        plain(row)
        for row in metric_rows(archive, names, task.by, arms=arms)
        if row.arm not in baselines or not math.isnan(row.value)
    ]
    seconds = time.monotonic() - began
    return Outcome(task.number, tuple(rows), archive.digest, seconds, room=tuple(room.items()))


def _run(task: Task) -> tuple[Archive, dict[str, str]]:
    """Run a member; one without room for what is on record is run again with twice the room.

    How much room there is changes nothing else: the results are those of a run that had it at once.
    """
    from glasshouse.engine.run import resume, run_experiment

    if task.keep and Path(task.keep).exists():
        return resume(task.keep, threads=1, device=task.device), {}
    room: dict[str, str] = {}
    while True:
        experiment = Library(task.data).resolve(task.scenario, task.sets | room)
        try:
            archive = run_experiment(
                experiment, task.keep or None, threads=1, device=task.device, command=()
            )
        except Overflowed as error:
            places = getattr(experiment.scenario, error.setting)
            if error.setting not in ROOM or places >= MOST_PLACES:
                raise
            room[error.setting] = str(min(2 * places, MOST_PLACES))
        else:
            archive.settled = experiment
            return archive, room


def plain(row: MetricRow) -> tuple[Any, ...]:
    """Give a row as JSON can hold it: None for what is not a number."""
    return tuple(None if isinstance(v, float) and math.isnan(v) else v for v in row)
