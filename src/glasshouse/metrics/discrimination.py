"""Discrimination and distribution: whom it hits, and who bears what others did."""

from __future__ import annotations

from glasshouse.metrics.metric import Metric

METRICS: tuple[Metric, ...] = ()
