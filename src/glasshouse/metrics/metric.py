"""What a metric is: a number with a name, a definition, a source and a status."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from glasshouse.metrics.estimate import Estimate, NotKnown, unknown
from glasshouse.metrics.observed import Observed

Family = Literal[
    "accuracy",
    "due process",
    "unrelated context",
    "discrimination",
    "traps",
    "behaviour",
    "privacy",
]
Harm = Literal["more is worse", "less is worse", "neither"]
Status = Literal["measured", "assumed", "hypothetical"]
Split = Literal["region", "age", "sex", "urban", "work", "means"]

SPLITS: tuple[Split, ...] = ("region", "age", "sex", "urban", "work", "means")
"""By province; age; sex; town or country; office; means in the baseline."""

BY_REGION: tuple[Split, ...] = ("region",)
"""The split of a metric on counts, which are kept by province."""

Found = Estimate | Mapping[str, Estimate]


class Cited(NamedTuple):
    """A place in a source: the key of the source, and where in it."""

    source: str
    at: str


class Metric(NamedTuple):
    """A number that a run can be asked for."""

    id: str
    name: str
    title: str
    family: Family
    unit: str
    harm: Harm
    definition: str
    cite: tuple[Cited, ...]
    """Where the formula comes from; empty where it is our own, which the definition says."""
    status: Status
    """Counted in the run; leaning on an assumption that nobody counts; or hypothetical."""
    splits: tuple[Split, ...]
    of: Callable[[Observed], Found]
    """A number, or numbers by part; never an error: what is not known is nan with the reason."""


def metric(
    number: str,
    title: str,
    family: Family,
    *,
    unit: str,
    harm: Harm,
    definition: str,
    cite: tuple[tuple[str, str], ...] = (),
    status: Status = "measured",
    splits: tuple[Split, ...] = SPLITS,
) -> Callable[[Callable[[Observed], Found]], Metric]:
    """Make a metric of a function, under the function's name.

    ``number`` is its number in the family, ``cite`` are pairs of a key of the room of sources and a
    place in it.
    """

    def made(function: Callable[[Observed], Found]) -> Metric:
        @functools.wraps(function)
        def of(seen: Observed) -> Found:
            try:
                return function(seen)
            except NotKnown as reason:
                return unknown(str(reason))

        return Metric(
            number, function.__name__, title, family, unit, harm, " ".join(definition.split()),
            tuple(Cited(*one) for one in cite), status, splits, of,
        )  # fmt: skip

    return made
