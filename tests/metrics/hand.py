"""Tiny societies written by hand, as metrics see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from glasshouse.metrics.estimate import Estimate
from glasshouse.metrics.metric import Metric
from glasshouse.metrics.observed import LABELS, Act, Names, Observed

PLAIN = (
    "slot", "province", "sex", "silent_days", "listings", "refusals", "privileges",
    "burden_yuan_travel", "burden_yuan_school", "burden_for_others_yuan", "acts_culpable",
    "acts_lawful", "acts_praised", "entries", "entries_not_theirs", "means",
)  # fmt: skip
ACTS = (Act("debt", is_culpable=True), Act("petition", response="chilled"))
NAMES = Names(
    acts=ACTS, provinces=("North", "South"), days=((0, 365), (365, 731)), lists=("book/list",),
    axes={"label": LABELS, "lag": ("3", "30", "180"), "type": ("debt", "petition"),
          "path": ("own_rightly", "own_not_theirs", "own_could_not", "own_lawful", "another",
                   "score", "stale_copy", "thin_file")},
)  # fmt: skip
"""Two years (731 days are 2.0014 of 365.25), two provinces, one list."""


def rows(people: int, **columns: Any) -> dict[str, np.ndarray[Any, Any]]:
    """Give so many persons to whom nothing happened but what the columns say."""
    found: dict[str, np.ndarray[Any, Any]] = {name: np.zeros(people, int) for name in PLAIN}
    found |= {f"listed_days_{label}": np.zeros(people, int) for label in LABELS}
    found |= {
        "community": np.arange(people) % 4, "kind": np.ones(people, int),
        "age_years": np.full(people, 40), "urban": np.ones(people, bool),
        "official": np.zeros(people, bool),
    }  # fmt: skip
    return found | {name: np.asarray(values) for name, values in columns.items()}


def steps(**counts: Any) -> dict[str, np.ndarray[Any, Any]]:
    """Give counts of one step, each as [province, axes]; persons are a hundred a province."""
    found = {name: np.asarray(array)[None] for name, array in counts.items()}
    return {"persons": np.array([[100, 100]]), **found}


def seen(
    people: int = 8,
    counts: Mapping[str, np.ndarray[Any, Any]] | None = None,
    names: Names = NAMES,
    twin: Mapping[str, np.ndarray[Any, Any]] | None = None,
    **columns: Any,
) -> Observed:
    """Give one arm over a tiny society."""
    return Observed("on", rows(people, **columns), twin=twin, steps=counts or {}, names=names)


def parts_of(metric: Metric, observed: Observed) -> dict[str, Estimate]:
    """Give what a metric says, by part; one without parts under the empty name."""
    found = metric.of(observed)
    return {"": found} if isinstance(found, Estimate) else dict(found)


def values_of(metric: Metric, observed: Observed) -> dict[str, float]:
    """Give the values of a metric by part."""
    return {part: one.value for part, one in parts_of(metric, observed).items()}


def value_of(metric: Metric, observed: Observed) -> float:
    """Give the value of a metric without parts, or of its whole."""
    return values_of(metric, observed)[""]
