"""Strategic response to a threshold: accuracy when all within reach of it move over it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from pydantic import Field

from glasshouse.experiment.validation.comparison import Comparison, share
from glasshouse.experiment.validation.luck import STRATEGIC_FEATURE, normals
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.law.validate import Strict
from glasshouse.stages.response.strategic_classification_2016 import features_after


class Parameters(Strict):
    """Two groups of equal size whose features are normal with variance 1, and a threshold."""

    reach: Annotated[float, Field(ge=0, le=100)]
    """How far everybody moves if it pays: 1 over the cost of a unit."""
    qualified_mean: Annotated[float, Field(ge=-20, le=20)] = 1.0
    unqualified_mean: Annotated[float, Field(ge=-20, le=20)] = -1.0
    threshold: Annotated[float, Field(ge=-20, le=20)] = 0.0
    people: Annotated[int, Field(ge=100, le=10_000_000)] = 100_000
    """Of each group and seed."""


def run(given: Parameters, seeds: Seeds, _: Workshop) -> Iterator[Comparison]:
    """Compare the accuracy of the threshold after everybody's response with the formula."""
    from scipy.stats import norm

    edge = given.threshold - given.reach
    accepted = norm.sf(edge - given.qualified_mean)
    refused = norm.cdf(edge - given.unqualified_mean)
    right = 0
    for seed in seeds:
        drawn = normals(seed, given.people, STRATEGIC_FEATURE)
        for group, mean in enumerate((given.qualified_mean, given.unqualified_mean)):
            after = features_after(drawn[group] + mean, given.threshold, given.reach)
            over = int(np.count_nonzero(after >= given.threshold))
            right += over if group == 0 else given.people - over
    trials = 2 * given.people * len(seeds)
    # Not one binomial but two of equal size: their mean has less variance, so the test is safe.
    yield share("accuracy after the response", right, trials, float(accepted + refused) / 2)


RUNNER = Runner(
    "strategic_response",
    Parameters,
    run,
    "a stage function beside the engine: nobody in the engine knows a threshold and a cost of "
    "moving one's own feature",
)
