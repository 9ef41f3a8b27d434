"""Accuracy: how many of the listed did nothing to be listed for, in persons and in days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.metrics.metric import Metric, metric
from glasshouse.metrics.observed import WRONG

if TYPE_CHECKING:
    from glasshouse.metrics.estimate import Estimate
    from glasshouse.metrics.observed import Observed


@metric(
    "A1",
    "Wrongful listing share",
    "accuracy",
    unit="share of the listed",
    harm="more is worse",
    definition="""Of the persons who spent a day on a list, the share with at least a day on a list
    for what was not theirs, what they could not do, or what is lawful. A false discovery rate over
    persons.""",
)
def wrongful_listing_share(seen: Observed) -> Estimate:
    """Wrongly listed persons over listed persons."""
    listed = seen.listed_days() > 0
    return seen.share(seen.listed_days(WRONG) > 0, listed, "nobody was listed")


METRICS: tuple[Metric, ...] = (wrongful_listing_share,)
