"""Runaway feedback: the urn of records against its exact law."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from glasshouse.experiment.validation.again import looked_at_again
from glasshouse.experiment.validation.comparison import Comparison
from glasshouse.experiment.validation.luck import URN_ADDITION, words
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.urn_law import (
    Law,
    beta_limit,
    corrected_moments,
    decay_exponent,
    exact_law,
    share_of_limit_reached,
    true_share,
)
from glasshouse.law.validate import Strict, refusal
from glasshouse.stages.detection.runaway_feedback_2018 import Urn, shares

ROUNDING = 1e-9
"""How far two shares may lie apart that are computed in two ways, and nothing left to chance."""

Balls = Annotated[float, Field(ge=0.01, le=10_000)]
Rate = Annotated[float, Field(gt=0, le=1_000_000)]


class Parameters(Strict):
    """An urn, and how long and how often it is watched."""

    start: Annotated[tuple[Balls, ...], Field(min_length=2, max_length=2)] = (1.0, 1.0)
    """Balls of the two places in the beginning."""
    rates: Annotated[tuple[Rate, ...], Field(min_length=2, max_length=2)]
    """Discoveries a visit at the two places; only their ratio matters."""
    balls_a_discovery: Balls = 1.0
    corrected: bool = False
    """Whether a discovery counts with probability one minus the share of its place."""
    discoveries: Annotated[int, Field(ge=8, le=10_000)] = 400
    replicates: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    """Of each seed, at the first look."""

    @model_validator(mode="after")
    def _is_within_reach(self) -> Parameters:
        if self.discoveries * self.replicates > 10**9:
            what = f"{self.discoveries} discoveries in {self.replicates} replicates take too long"
            raise refusal(what, "a product of at most 1,000,000,000")
        return self

    @property
    def urn(self) -> Urn:
        """The urn of these parameters."""
        (first, other), (here, there) = self.start, self.rates
        return Urn((first, other), (here, there), self.balls_a_discovery, self.corrected)


def stream(seed: int, rows: int, purpose: int, when: int) -> Callable[[int], Any]:
    """Give even numbers between 0 and 1 by the number of a draw; four draws come from a block."""
    block: dict[int, Any] = {}

    def even(number: int) -> Any:
        if number // 4 not in block:
            block.clear()
            drawn = words(seed, rows, purpose, index=number // 4, when=when)
            block[number // 4] = (drawn.astype(float) + 0.5) / 2.0**32
        return block[number // 4][number % 4]

    return even


def run(given: Parameters, seeds: Seeds, _: Workshop) -> Iterator[Comparison]:
    """Compare mean and variance of the share with theory, half way and at the end; the speed."""
    urn, end = given.urn, given.discoveries
    half = end // 2
    laws = exact_law(urn, (half, end))

    def take(look: int, times: int) -> list[Comparison]:
        found = np.concatenate(
            [
                shares(
                    urn, (half, end), given.replicates * times,
                    stream(seed, given.replicates * times, URN_ADDITION, look),
                )
                for seed in seeds
            ],
            axis=1,
        )  # fmt: skip
        if urn.corrected:
            return list(corrected(urn, laws, found, given))
        if urn.rates[0] == urn.rates[1]:
            return list(equal(urn, laws, found, given))
        return list(unequal(urn, laws, found, given))

    yield from looked_at_again(take)


def equal(urn: Urn, laws: Any, found: Any, given: Parameters) -> Iterator[Comparison]:
    """With equal rates: the mean stays, and the variance is on its way to the Beta limit's."""
    mean, variance = beta_limit(urn)
    for law, values, number in zip(
        laws, found, (given.discoveries // 2, given.discoveries), strict=True
    ):
        after = f"after {number} discoveries"
        yield of_mean(f"mean share {after}", law, values, mean)
        reached = share_of_limit_reached(urn, number)
        yield Comparison(
            f"variance of the limit, from the shares {after}",
            float(values.var(ddof=1)) / reached,
            variance,
            law.error_of_variance(len(values)) / reached,
            words=f"{reached:.4f} of the limit's variance is there by then",
        )


def corrected(urn: Urn, laws: Any, found: Any, given: Parameters) -> Iterator[Comparison]:
    """With the correction: the share goes to the true one, from wherever it started."""
    for law, values, number in zip(
        laws, found, (given.discoveries // 2, given.discoveries), strict=True
    ):
        mean, variance = corrected_moments(urn, number)
        after = f"after {number} discoveries counted"
        yield of_mean(
            f"mean share {after}", law, values, mean, f"the true share is {true_share(urn):.4f}"
        )
        yield of_variance(f"variance of the share {after}", law, values, variance)


def unequal(urn: Urn, laws: Any, found: Any, given: Parameters) -> Iterator[Comparison]:
    """With unequal rates: the share runs to the higher rate's place, as fast as theory says."""
    lower = int(np.argmin(urn.rates))
    for law, values, number in zip(
        laws, found, (given.discoveries // 2, given.discoveries), strict=True
    ):
        after = f"after {number} discoveries"
        yield of_mean(
            f"mean share {after}", law, values, law.mean(),
            f"the true share is {true_share(urn):.4f}, the limit {lower}",
        )  # fmt: skip
        yield of_variance(f"variance of the share {after}", law, values, law.moment(2))
    # The lower place's mean share, and by what power of the discoveries it falls: the logarithm to
    # base 2 of its ratio over a doubling. The error follows from those of the two means.
    rest = found if lower == 0 else 1 - found
    expected = [law.mean() if lower == 0 else 1 - law.mean() for law in laws]
    early, late = rest.mean(axis=1)
    span = math.log(given.discoveries / (given.discoveries // 2))
    drawn = rest[0] / early - rest[1] / late
    error = float(drawn.std(ddof=1)) / math.sqrt(rest.shape[1]) / span
    yield Comparison(
        "power by which the mean share of the lower place falls, over the last doubling",
        math.log(early / late) / span,
        math.log(expected[0] / expected[1]) / span,
        error,
        slack=100 * ROUNDING,
        words=f"in the limit, in most runs, {decay_exponent(urn):.4f} = 1 - lower / higher rate",
    )


def of_mean(what: str, law: Law, values: Any, expected: float, more: str = "") -> Comparison:
    """Compare a mean with theory; the error is the theory's own."""
    error = law.error_of_mean(len(values))
    return Comparison(what, float(values.mean()), expected, error, slack=ROUNDING, words=more)


def of_variance(what: str, law: Law, values: Any, expected: float) -> Comparison:
    """Compare a variance with theory; the error comes from the theory's fourth moment."""
    error = law.error_of_variance(len(values))
    return Comparison(what, float(values.var(ddof=1)), expected, error, slack=ROUNDING)


RUNNER = Runner(
    "runaway_urn",
    Parameters,
    run,
    "a stage function beside the engine: the engine's attention follows the records of the last "
    "step, not of all time, and is shared out, not drawn; see the row for it through the engine",
)
