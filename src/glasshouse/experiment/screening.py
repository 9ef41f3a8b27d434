"""What is screened if nobody says what: assumptions that are read, and how far they can be moved.

Rates that all stand at the ends of their ranges may be more than the engine draws, or a chance
smaller than it holds; such a run is refused at the door. So the ranges are narrowed beforehand,
until the door lets through every corner of the design that is tried.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from glasshouse.engine.plan import door
from glasshouse.errors import BadInput
from glasshouse.experiment.free import ARMS, Free, is_group
from glasshouse.experiment.reading import read_by
from glasshouse.law.read_assumptions import with_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from glasshouse.experiment.design import Range
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.quantity import Quantity

Declared = Literal["declared"]

SHARES_OF_A_RANGE = (1.0, 0.6, 0.35, 0.2, 0.1, 0.05, 0.0)
"""How much of the way to an end of its range a path goes, tried one after the other."""

_TO_A_LIST = ("acts", "detection", "records", "process", "response")
ROOMS_OF: dict[str, tuple[str, ...]] = {
    "accuracy": _TO_A_LIST,
    "behaviour": _TO_A_LIST,
    "unrelated context": (*_TO_A_LIST, "counters", "culpability"),
}
"""Where the assumptions come from that are screened for a family of metrics if nobody says which.

What stands between an act and a list moves who is listed; what a counter costs, or how grave an
act is, moves what is made of it. A choice, and a pattern of one's own replaces it.
"""
_ROOMS_OF_OTHERS = (*_TO_A_LIST, "counters")
_WHERE_SWITCHED = ("places", "threats")
"""Rooms that take part where the scenario turns something of them on, or joins files."""


def screened(
    experiment: Experiment, family: str, read: frozenset[str] | None = None
) -> dict[str, Declared]:
    """Give the assumptions to screen for a family of metrics, those of many alike in groups.

    An assumption takes part if the run reads it, its range has a width, and it is on: one whose
    value is 0 stays off. Those of a type (of every act, channel, department, counter) move together
    under a pattern, the others one by one. ``read`` are the paths that the run reads, where that
    is known already.
    """
    free = Free(experiment, drawn=True)
    rooms = list(ROOMS_OF.get(family, _ROOMS_OF_OTHERS))
    packaged = all(quantity.number == quantity.packaged for quantity in _of_switched(experiment))
    if not packaged or any(arm.merge for arm in experiment.arms):
        rooms += _WHERE_SWITCHED
    read = read_by(experiment) if read is None else read
    found: dict[str, Declared] = {}
    for name, quantity in free.quantities.items():
        path = _in_its_group(name)
        low, high = quantity.range
        if name.split(".", maxsplit=1)[0] in rooms and name in read and low < high and path:
            on = [arm for arm in experiment.arms if arm.assumptions.quantities()[name].number]
            for chosen in _as_the_arms_have_it(experiment, path) if on else ():
                if free.flaw_of_path(chosen) == ("", ""):
                    found.setdefault(chosen, "declared")
    return found


class Spans:
    """How far each path goes from what the scenario has towards the two ends of its range."""

    def __init__(self, experiment: Experiment, paths: Sequence[str]) -> None:
        """Let every path go all the way."""
        self.experiment, self.paths = experiment, tuple(paths)
        self.free = Free(experiment, drawn=True)
        self.steps: dict[tuple[str, int], int] = {}
        """Places in ``SHARES_OF_A_RANGE``, by path and end (0 low, 1 high)."""

    def at(self, path: str, end: int, share: float) -> float:
        """Give where a path stands that goes a share of the way to an end."""
        ends = self.free.range(path)
        now = 0.5 if is_group(path) else self._now(path)
        return ends[end] if share == 1 else now + share * (ends[end] - now)

    def range(self, path: str) -> Range:
        """Give the range of a path as far as it goes."""
        return self.at(path, 0, self._share(path, 0)), self.at(path, 1, self._share(path, 1))

    @property
    def narrowed(self) -> frozenset[str]:
        """The paths that go less than all the way to some end."""
        return frozenset(path for path, _ in self.steps)

    def _share(self, path: str, end: int) -> float:
        return SHARES_OF_A_RANGE[self.steps.get((path, end), 0)]

    def _now(self, path: str) -> float:
        arms = [arm for arm in self.experiment.arms if path.startswith(f"{ARMS}{arm.name}.")]
        arm = (arms or list(self.experiment.arms))[0]
        return arm.assumptions.quantities()[_plain(path)].number

    def narrow(self, ends: Mapping[str, int]) -> None:
        """Narrow the paths until the door lets through the corner that takes these ends."""
        while not self._passes(ends):
            culprits = [path for path in self._movable(ends) if self._passes(ends, without=path)]
            # Where no path alone is to blame, all of them go less far.
            movable = culprits or self._movable(ends)
            if not movable:
                return  # what the scenario itself has is refused, which the runs will say
            for path in movable:
                self.steps[path, ends[path]] = self.steps.get((path, ends[path]), 0) + 1

    def _movable(self, ends: Mapping[str, int]) -> list[str]:
        """Give the paths that still go some of the way; groups first, since they are many rates."""
        going = [path for path in self.paths if self._share(path, ends[path]) > 0]
        return [path for path in going if is_group(path)] or going

    def _passes(self, ends: Mapping[str, int], without: str = "") -> bool:
        """Say whether a corner passes the door, with one path left where it is."""
        values = {
            name: float(text)
            for path in self.paths
            if path != without
            for name, text in self._sets(path, ends[path]).items()
        }
        return passes(self.experiment, values)

    def _sets(self, path: str, end: int) -> dict[str, str]:
        return self.free.sets(path, self.at(path, end, self._share(path, end)))


def that_can_be_run(
    experiment: Experiment, paths: Mapping[str, Declared]
) -> dict[str, Range | Declared]:
    """Give the paths with ranges narrowed until the door lets corners of the design through.

    The corners are the two far ones and a two-level array in which any two paths take all four
    pairs of their ends; what is asked at the door goes up or down with each path, so its worst is
    at a corner. Paths of which the door asks nothing go all the way.
    """
    free, asked = Free(experiment, drawn=True), read_at_the_door(experiment)
    some = [path for path in paths if any(_plain(one) in asked for one in free.moved_by(path))]
    spans = Spans(experiment, some)
    for row in corners(len(some)):
        spans.narrow(dict(zip(some, row.tolist(), strict=True)))
    return {
        path: spans.range(path) if path in spans.narrowed else "declared"
        for path in paths
        if path not in spans.narrowed or spans.range(path)[0] < spans.range(path)[1]
    }


def _plain(path: str) -> str:
    """Give a path without the arm that it is of."""
    return path.split(".", 2)[2] if path.startswith(ARMS) else path


def read_at_the_door(experiment: Experiment) -> frozenset[str]:
    """Give the assumptions that decide whether an experiment is let in."""
    arms = tuple(
        replace(arm, assumptions=with_values(arm.assumptions, {})) for arm in experiment.arms
    )
    with suppress(BadInput):
        door.enter(replace(experiment, arms=arms))
    unread = [frozenset(arm.assumptions.unread()) for arm in arms]
    everything = arms[0].assumptions.quantities()
    return frozenset(path for path in everything if not all(path in one for one in unread))


def corners(paths: int) -> NDArray[np.int64]:
    """Give all ends low, all high, and an array in which any two columns have every pair alike.

    Sylvester's matrix: row i and column j have the parity of the bits that i and j share.
    """
    size = 1 << paths.bit_length()
    shared = np.arange(size)[:, None] & np.arange(1, paths + 1)[None, :]
    parity = np.array([[one.bit_count() % 2 for one in row] for row in shared.tolist()])
    return np.concatenate([parity[:1], 1 - parity[:1], parity[1:]])


def passes(experiment: Experiment, values: Mapping[str, float]) -> bool:
    """Say whether the door lets the experiment through with these values."""
    everywhere = {name: value for name, value in values.items() if not name.startswith(ARMS)}
    arms = []
    for arm in experiment.arms:
        stem = f"{ARMS}{arm.name}."
        own = {n.removeprefix(stem): v for n, v in values.items() if n.startswith(stem)}
        arms.append(replace(arm, assumptions=with_values(arm.assumptions, everywhere | own)))
    try:
        door.enter(replace(experiment, arms=tuple(arms)))
    except BadInput:
        return False
    return True


def _of_switched(experiment: Experiment) -> Iterator[Quantity]:
    for arm in experiment.arms:
        for name, quantity in arm.assumptions.quantities().items():
            if name.startswith(tuple(f"{room}." for room in _WHERE_SWITCHED)):
                yield quantity


def _in_its_group(name: str) -> str:
    """Give the pattern of all assumptions alike, or the name of one that has none."""
    room, *rest = name.split(".")
    if len(rest) < 2:
        return name
    return f"{room}.*.{rest[1]}" + (".*" if len(rest) > 2 else "")


def _as_the_arms_have_it(experiment: Experiment, path: str) -> list[str]:
    """Give a path, or that of each arm which sets it itself."""
    own = [arm.arm for arm in experiment.scenario.arms if path in arm.set]
    return [f"{ARMS}{arm}.{path}" for arm in own] if own and not is_group(path) else [path]
