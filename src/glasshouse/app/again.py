"""The events of a finished run's communities, step by step, from a replay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.engine.replay import replay

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from glasshouse.engine.plan.plan import Plan
    from glasshouse.engine.tables import Institutions


class Noted(NamedTuple):
    """The events of one step: columns of equal length, community by community, each as written."""

    row: Any
    arm: Any
    day: Any
    what: Any
    first: Any
    second: Any


def noted_steps(
    plan: Plan,
    institutions_by_step: Sequence[Institutions],
    first: int = 0,
    number: int = 0,
    *,
    device: str = "cpu",
) -> Iterator[Noted]:
    """Run ``number`` communities from ``first`` on again and give each step's events."""
    del device
    found = []
    for community in range(first, first + number):
        events = np.array(replay(plan, institutions_by_step, community), np.int64).reshape(-1, 7)
        events[:, 1] += community * plan.sizes.slots
        found.append(events)
    every = np.concatenate(found)
    for step in range(len(institutions_by_step)):
        some = every[every[:, 0] == step]
        yield Noted(*(some[:, column] for column in range(1, 7)))
