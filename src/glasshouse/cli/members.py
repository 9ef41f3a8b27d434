"""What the verbs that run many members have alike: options, the forecast, tables, the ending."""

from __future__ import annotations

import math
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from glasshouse.cli import progress, talk
from glasshouse.cli.run import DEVICE, one_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from glasshouse.experiment.crew import Crew
    from glasshouse.experiment.ensemble import Spread
    from glasshouse.experiment.sweep import Failure, Sweep
    from glasshouse.law.experiment import Experiment

_T = TypeVar("_T")

PEOPLE = click.option("--people", type=click.IntRange(1), help="How many people each run has.")
YEARS = click.option("--years", type=click.IntRange(1), help="How many years to run.")
METRICS = click.option(
    "--metric", "metrics", multiple=True, metavar="NAME",
    help="A metric to take, by name or number; may be given many times. All by default, or those "
    "that the design names.",
)  # fmt: skip
SETS = click.option(
    "--set", "sets", multiple=True, metavar="PATH=VALUE", callback=one_set,
    help="Replace a value of the scenario or an assumption for all members; may be given many "
    "times.",
)  # fmt: skip
WORKERS = click.option(
    "--workers", type=click.IntRange(1, 1024), help="Processes; all processors by default."
)
CLUSTER = click.option(
    "--cluster", metavar="ADDRESS",
    help="Let the workers of a Dask cluster run the members: tcp://HOST:PORT of its scheduler.",
)  # fmt: skip
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


class Wanted(NamedTuple):
    """What every verb that runs many members is asked: values, who runs them, how it is told."""

    sets: dict[str, str]
    people: int | None
    years: int | None
    workers: int | None
    cluster: str | None
    device: Any
    as_json: bool

    @property
    def all_sets(self) -> dict[str, str]:
        """Everything that replaces a value of the scenario."""
        from glasshouse.experiment.sweep import sets_of

        return sets_of(self.people, self.years, self.sets)

    def crew(self) -> Crew:
        """Give who runs the members."""
        from glasshouse.experiment.crew import Crew

        return Crew(workers=self.workers, cluster=self.cluster, device=self.device)


def wanted(command: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options that all of these verbs have; it takes them as one ``Wanted``."""

    @wraps(command)
    def taken(**given: Any) -> None:
        said = Wanted(**{name: given.pop(name, None) for name in Wanted._fields})
        command(**given, wanted=said)

    for option in reversed((PEOPLE, YEARS, SETS, WORKERS, CLUSTER, DEVICE, JSON)):
        taken = option(taken)
    return taken


SHOWN_FAILURES = 5

SWEEPS = Path("sweeps")
"""Where sweeps go that are told no place."""


def plain(value: Any) -> Any:
    """A result as JSON can hold it: what is not known, or has no bound, is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def told_of(metrics: Iterable[str]) -> dict[str, dict[str, str]]:
    """The title, unit and evidence status of each metric by its name."""
    from glasshouse.metrics.registry import METRICS

    wanted = set(metrics)
    return {
        one.name: {"title": one.title, "unit": one.unit, "status": one.status}
        for one in METRICS
        if one.name in wanted
    }


def status_words(metrics: Iterable[str]) -> str:
    """A line that says of each metric what it counts and whether it is measured or assumed."""
    return "; ".join(
        f"{name}: {said['unit']}, {said['status']}" for name, said in told_of(metrics).items()
    )


def led(
    wanted: Wanted,
    title: str,
    experiment: Experiment,
    missing: int,
    run: Callable[[Crew, progress.Progress], _T],
) -> _T:
    """Say what is about to run, let it be run, and show how far it is."""
    with wanted.crew() as crew:
        if not wanted.as_json:
            say_forecast(experiment, missing, crew)
        with progress.shown(title, silent=wanted.as_json, what="members") as told:
            return run(crew, told)


def say_forecast(experiment: Experiment, members: int, crew: Crew) -> None:
    """Say what is about to run, and about how long it takes."""
    from glasshouse.report.words import lasting, of

    settled = experiment.scenario
    arms = ", ".join(arm.name for arm in experiment.arms)
    talk.say(
        f"{settled.scenario}: {of(members, 'run')} of {settled.people:,} people for "
        f"{lasting(settled.months_in_all)}; arms: {arms}"
    )
    if members:
        say_estimate(experiment, members, crew)


def say_estimate(
    experiment: Experiment, members: int, crew: Crew, at_once: int | None = None
) -> None:
    """Time a few steps, and say about how long so many members take and what they need."""
    from glasshouse.experiment.forecast import forecast
    from glasshouse.report.words import of

    def timing() -> None:
        if crew.device != "python":
            talk.say("Timing a few steps; the first time on a machine this also compiles ...")

    said = forecast(experiment, members, crew, timing, at_once)
    if crew.cluster is None:
        by = of(said.workers, "process", "processes")
    else:
        by = f"{of(said.workers, 'thread')} of the cluster, if they are as fast as this machine"
    talk.say(
        f"Estimate: about {progress.duration(said.seconds)} with {by}, "
        f"{progress.size(said.memory_bytes)} of memory"
    )


def number(value: float | str | None) -> str:
    """A number as a table shows it."""
    if value is None or isinstance(value, str):
        return value or ""
    return "-" if math.isnan(value) else f"{value:.4g}"


def show_spreads(spreads: Sequence[Spread]) -> None:
    """Show where the variance of each metric lies, each part apart."""
    rows = [
        (
            one.arm, one.metric, one.part, *(number(math.sqrt(v)) for v in one[4:8]),
        )
        for one in spreads
    ]  # fmt: skip
    if rows:
        talk.show("How far it moves (standard deviation), each apart")
        head = ("arm", "metric", "part", "with the point", "with the society", "with the seed",
                "with two together")  # fmt: skip
        talk.show(talk.table(head, rows))


def end(done: Sweep, failures: Sequence[Failure]) -> None:
    """End with 4 where members failed, and say which and why."""
    from glasshouse.errors import FinishedInPart

    if not failures:
        return
    shown = [
        f"  member {one.number} (point {one.point}, seed {one.seed}): {one.message}"
        for one in failures[:SHOWN_FAILURES]
    ]
    more = len(failures) - SHOWN_FAILURES
    if more > 0:
        shown.append(f"  and {more} more")
    head = f"{len(failures)} of {done.design.size} members failed; the others are in the table"
    raise FinishedInPart("\n".join([head, *shown]))
