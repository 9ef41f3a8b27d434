"""The registry of metrics: every number that a run can be asked for, family by family."""

from __future__ import annotations

from glasshouse.metrics import (
    accuracy,
    appearance,
    behaviour,
    discrimination,
    distribution,
    due_process,
    dynamics,
    privacy,
    traps,
    unrelated_context,
)
from glasshouse.metrics.metric import BY_REGION, SPLITS, Cited, Family, Metric, metric
from glasshouse.metrics.readings import READINGS

__all__ = ["BY_REGION", "FAMILIES", "METRICS", "SPLITS", "Cited", "Family", "Metric", "metric"]

METRICS: tuple[Metric, ...] = (
    *accuracy.METRICS,
    *due_process.METRICS,
    *unrelated_context.METRICS,
    *discrimination.METRICS,
    *distribution.METRICS,
    *traps.METRICS,
    *dynamics.METRICS,
    *behaviour.METRICS,
    *appearance.METRICS,
    *privacy.METRICS,
)
"""Every metric once, in the order of the families. There is no total of them, and never will be."""

CITED_BY_INTERVALS = frozenset({"jackknife-review-1974", "binomial-limits-1934"})
"""Where the intervals of all metrics come from."""

FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(one.family for one in METRICS))


def cited_sources() -> frozenset[str]:
    """Give the keys of the sources that formulas and readings come from."""
    formulas = frozenset(cite.source for one in METRICS for cite in one.cite)
    read = frozenset(cite.source for one in READINGS for cite in one.cite)
    return formulas | read | CITED_BY_INTERVALS
