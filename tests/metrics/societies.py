"""Societies of a few people, by hand: an `Observed` from lists."""

from __future__ import annotations

from typing import Any

import numpy as np

from glasshouse.metrics.estimate import Estimate
from glasshouse.metrics.metric import Metric
from glasshouse.metrics.observed import Act, Names, Observed

YEAR = ((0, 183), (183, 365))
"""Two steps of a year that is a little short."""

THEFT = Act(
    "theft", is_culpable=True, response="deterred", context="finance", is_punished=True,
    points_lost=10.0,
)  # fmt: skip
HONKING = Act("honking", is_culpable=True, response="deterred", context="traffic")
PETITION = Act("petition", response="chilled", context="speech")
GIVING = Act("giving", response="rewarded", context="welfare", is_rewarded=True)
DIAPERS = Act("diapers", response="rewarded", context="family", is_rewarded=True, is_worthless=True)
WALKING = Act("walking", response="unmoved", context="health")
ACTS = (THEFT, HONKING, PETITION, GIVING, DIAPERS, WALKING)


def people(many: int, **columns: Any) -> dict[str, np.ndarray]:
    """Rows of so many adults who did nothing and had nothing done to them, with some columns set.

    Every person lives in a community of their own.
    """
    rows: dict[str, Any] = {
        "community": np.arange(many),
        "kind": np.ones(many, int),
        "province": np.zeros(many, int),
        "sex": np.zeros(many, int),
        "age_years": np.full(many, 30),
    }
    nothing = (
        "listed_days_rightly listed_days_not_theirs listed_days_could_not listed_days_lawful "
        "burden_yuan_finance burden_yuan_travel burden_unrelated_yuan burden_score_yuan "
        "gravity_yuan acts_culpable acts_lawful acts_praised refusals aware"
    ).split()
    rows |= {name: np.zeros(many, int) for name in nothing}
    rows |= {name: np.full(many, 65535) for name in ("means", "trust")}
    rows |= columns
    return {name: np.asarray(values) for name, values in rows.items()}


def seen(
    rows: dict[str, np.ndarray] | None = None,
    twin: dict[str, np.ndarray] | None = None,
    counts: dict[str, Any] | None = None,
    twin_counts: dict[str, Any] | None = None,
    **names: Any,
) -> Observed:
    """An arm as metrics see it; counts are nested lists [step, province, axes]."""
    said: dict[str, Any] = {
        "acts": ACTS,
        "contexts": ("finance", "travel"),
        "days": YEAR,
        "provinces": ("east", "west"),
        "taking": (1, 1),
        "giving": (1, 1),
    }
    steps = {name: np.asarray(count) for name, count in (counts or {}).items()}
    base = None
    if twin_counts is not None:
        base = {name: np.asarray(count) for name, count in twin_counts.items()}
    return Observed(
        arm="watched",
        rows=people(0) if rows is None else rows,
        twin=twin,
        steps=steps,
        twin_steps=base,
        names=Names(**(said | names)),
    )


def parts(metric: Metric, arm: Observed) -> dict[str, Estimate]:
    """The parts of a metric; a metric without parts has the one part "", as has one not known."""
    found = metric.of(arm)
    return {"": found} if isinstance(found, Estimate) else dict(found)


def values(metric: Metric, arm: Observed) -> dict[str, float]:
    """The values of the parts of a metric."""
    return {part: found.value for part, found in parts(metric, arm).items()}
