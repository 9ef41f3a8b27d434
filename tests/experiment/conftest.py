"""Tiny worlds for designs and sweeps: the fictional country, in plain Python, in this process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, ClassVar

import pytest

from glasshouse.experiment.member import Outcome, Task
from glasshouse.experiment.sweep import Sweep, sweep
from glasshouse.experiment.workers import InProcess
from glasshouse.law.experiment import Experiment
from glasshouse.law.library import Library
from glasshouse.report.measured import MetricRow

METRIC = "wrongful_listing_share"

TINY: dict[str, Any] = {"people": 24, "years": 1, "set": {"community_size": 24}}
"""A world that runs in a second."""

DESIGN: dict[str, Any] = {
    "design": "notice",
    "scenario": "pellucid",
    "kind": "grid",
    "values": {"process.notice_reaches": (0.3, 0.9)},
    "seeds": 2,
    "metrics": ("wrongful_listing_share",),
}


class Remembering(InProcess):
    """Runs every member once and from then on remembers what came of it: a run has no moods."""

    known: ClassVar[dict[tuple[Any, ...], Outcome]] = {}

    def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Call, or give what the same call gave before, under the number of this one."""
        task: Task = given[0]
        key = (task.scenario, tuple(sorted(task.sets.items())), task.metrics, task.by)
        if key not in self.known or task.keep:
            future = super().submit(fn, *given, **named)
            if future.exception() is not None:
                return future
            self.known[key] = future.result()
        remembered: Future[Any] = Future()
        remembered.set_result(self.known[key]._replace(number=task.number))
        return remembered


class Made(InProcess):
    """Makes the metric of a member from what it sets instead of running it."""

    def __init__(self, made: Callable[[dict[str, float]], float], arm: str = "scored") -> None:
        self.made = made
        self.arm = arm

    def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Give the outcome of a task."""
        del fn, named
        task: Task = given[0]
        value = self.made({n: float(v) for n, v in task.sets.items() if n != "step"})
        row = MetricRow(
            self.arm, METRIC, "", "", value, value, value, 0.0, 1, "share", "measured", ""
        )
        future: Future[Any] = Future()
        future.set_result(Outcome(task.number, (tuple(row),), "d" * 64))
        return future


@pytest.fixture(scope="session")
def pellucid() -> Experiment:
    """Give the scenario of the fictional country, settled."""
    return Library().resolve("pellucid")


@pytest.fixture(scope="session")
def told() -> Experiment:
    """Give the scenario `as-told`, whose arm sets an assumption of its own."""
    return Library().resolve("as-told")


def swept(out: Path | None = None, **changed: Any) -> Sweep:
    """Run the tiny design here, with what is changed of it."""
    said = {**DESIGN, **changed}
    return sweep(None, said, out, executor=Remembering(), device="python", **TINY)


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """Give the tiny design, run once."""
    return swept(tmp_path_factory.mktemp("swept") / "sweep")
