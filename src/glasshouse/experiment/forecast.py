"""How much a sweep will take, said before it starts."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.engine.estimate import estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from glasshouse.experiment.crew import Crew
    from glasshouse.law.experiment import Experiment

# Roughly what a member costs beside its run (settling its scenario, taking its metrics), and a
# worker before its first member.
SECONDS_A_MEMBER, SECONDS_TO_START = 0.5, 3.0


class Forecast(NamedTuple):
    """What a sweep will need."""

    members: int
    workers: int
    seconds: float
    memory_bytes: int
    """Of all workers at a time."""

    def plain(self) -> dict[str, float]:
        """Give the numbers by name."""
        return self._asdict() | {"seconds": round(self.seconds, 1)}


def forecast(
    experiment: Experiment,
    members: int,
    crew: Crew,
    before_timing: Callable[[], None] | None = None,
    at_once: int | None = None,
) -> Forecast:
    """Time a few steps of the scenario, which also compiles, and scale them up to all members.

    ``at_once`` are known at a time at most, where one depends on another. Raises TooLarge where one
    member does not fit.
    """
    many = crew.at_a_time(experiment, max(1, min(members, at_once or members)))
    alone = estimate(experiment, threads=1, device=crew.device, before_timing=before_timing)
    rounds = ceil(members / many)
    seconds = SECONDS_TO_START + rounds * (alone.seconds + SECONDS_A_MEMBER) if members else 0.0
    return Forecast(members, many, seconds, many * alone.memory_bytes)
