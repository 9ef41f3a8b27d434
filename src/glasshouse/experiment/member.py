"""One member of a sweep, run where an executor puts it: a run, its metrics, its digest."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from glasshouse.law.library import Library

if TYPE_CHECKING:
    from glasshouse.archive.reading import Archive
    from glasshouse.report.measured import MetricRow


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


def run_member(task: Task) -> Outcome:
    """Run a member with one thread and give its metrics; raises whatever the run raises."""
    from glasshouse.report.measured import metric_rows

    began = time.monotonic()
    archive = _run(task)
    names = task.metrics or None
    arms = [arm.arm for arm in archive.provenance.arms]
    baselines = {arm.arm for arm in archive.provenance.arms if arm.is_baseline}
    # A baseline has only what can be said of an arm in which nobody is scored.
    rows = [
        plain(row)
        for row in metric_rows(archive, names, task.by, arms=arms)
        if row.arm not in baselines or not math.isnan(row.value)
    ]
    return Outcome(task.number, tuple(rows), archive.digest, time.monotonic() - began)


def _run(task: Task) -> Archive:
    from glasshouse.engine.run import resume, run_experiment

    if task.keep and Path(task.keep).exists():
        return resume(task.keep, threads=1, device=task.device)
    experiment = Library(task.data).resolve(task.scenario, task.sets)
    out = task.keep or None
    archive = run_experiment(experiment, out, threads=1, device=task.device, command=())
    archive.settled = experiment
    return archive


def plain(row: MetricRow) -> tuple[Any, ...]:
    """Give a row as JSON can hold it: None for what is not a number."""
    return tuple(None if isinstance(v, float) and math.isnan(v) else v for v in row)
