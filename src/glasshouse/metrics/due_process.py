"""Due process: who is told, who is heard, how long it takes, what remains."""

from __future__ import annotations

from glasshouse.metrics.metric import Metric

METRICS: tuple[Metric, ...] = ()
