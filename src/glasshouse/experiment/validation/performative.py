"""Performative prediction: a rule retrained on what it has made of people."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from glasshouse.experiment.validation.comparison import Comparison
from glasshouse.experiment.validation.luck import PERFORMATIVE_SAMPLE, normals
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.law.validate import Strict, refusal
from glasshouse.stages.response.performative_prediction_2020 import features_under, retrained

MOST_ROUNDS = 20_000
LARGEST = 1e9
"""Beyond this a rule has diverged; no further round is needed."""

NEAR = 1e-9
MOST_DRAWS = 200_000_000

SURE = 10.0
"""Standard errors of sampling that a distance must exceed to be claimed to have grown."""


class Parameters(Strict):
    """The mean without a rule, how strongly people answer to a rule, and the first rule."""

    mu: Annotated[float, Field(ge=-1e6, le=1e6)]
    epsilon: Annotated[float, Field(ge=-10, le=10)]
    """How far the mean moves for a unit of the rule; the rule settles only within -1 .. 1."""
    first_rule: Annotated[float, Field(ge=-1e6, le=1e6)] = 0.0
    noise: Annotated[float, Field(ge=0, le=1e6)] = 1.0
    """Standard deviation of the features."""
    people: Annotated[int, Field(ge=2, le=1_000_000)] = 2_000
    """Whose features are looked at in every round."""

    @model_validator(mode="after")
    def _ends_in_time(self) -> Parameters:
        drawn = rounds_of(self) * self.people
        if drawn > MOST_DRAWS:
            right = f"at most {MOST_DRAWS // rounds_of(self):,} people with so many rounds"
            raise refusal(f"{rounds_of(self):,} rounds of {self.people:,} people", right)
        return self


def run(given: Parameters, seeds: Seeds, _: Workshop) -> Iterator[Comparison]:
    """Compare where retraining leads with mu / (1 - eps), or show that it leads nowhere.

    Every round adds the chance of its sample, so that the rule wanders about its course with
    variance (noise squared / people) x (1 + eps squared + eps to the fourth ...).
    """
    rounds = rounds_of(given)
    ends = [retraining(given, seed, rounds) for seed in seeds]
    value = sum(ends) / len(seeds)
    sampling = given.noise**2 / given.people / len(seeds)
    error = math.sqrt(sampling * sum(given.epsilon ** (2 * back) for back in range(rounds)))
    rounding = 1e-12 * (1 + abs(given.mu) + abs(course(given, rounds)))
    slack = rounding * (rounds if abs(given.epsilon) >= 1 else 1)
    where = course(given, rounds)
    yield Comparison(
        f"rule after {rounds:,} rounds", value, where, error, slack=slack,
        words=outlook(given, where),
    )  # fmt: skip
    if abs(given.epsilon) > 1:
        fixed = given.mu / (1 - given.epsilon)
        # Who begins at the fixed point leaves it by chance alone: of that nothing is claimed.
        if abs(where - fixed) > SURE * error and given.first_rule != fixed:
            yield Comparison(
                "distance from mu / (1 - eps) at the end, larger than at first",
                abs(value - fixed), abs(given.first_rule - fixed), error, "above",
            )  # fmt: skip


def rounds_of(given: Parameters) -> int:
    """Give how many rounds bring the rule near its fixed point, or far enough from it."""
    strength = abs(given.epsilon)
    if strength in {0.0, 1.0}:
        return 2 if strength == 0 else 50
    wanted = abs(math.log(NEAR if strength < 1 else LARGEST) / math.log(strength))
    return max(2, min(math.ceil(wanted), MOST_ROUNDS))


def course(given: Parameters, rounds: int) -> float:
    """Give the mean of the rule after k rounds: eps^k theta + mu (1 + eps + ... + eps^(k-1))."""
    if given.epsilon == 1:
        return given.first_rule + rounds * given.mu
    power = given.epsilon**rounds
    return power * given.first_rule + given.mu * (1 - power) / (1 - given.epsilon)


def outlook(given: Parameters, where: float) -> str:
    """Say whether the rule settles, and where; or in what way it does not."""
    if given.epsilon == 1:
        return "does not settle: no fixed point; every round moves it by mu, and chance adds up"
    if given.epsilon == -1:
        return "does not settle: it swings between two values for ever"
    fixed = given.mu / (1 - given.epsilon)
    if abs(given.epsilon) > 1:
        return f"diverges: every round leaves mu / (1 - eps) = {fixed:.6g} further behind"
    return f"converges to mu / (1 - eps) = {fixed:.6g}; {abs(where - fixed):.1g} is left"


def retraining(given: Parameters, seed: int, rounds: int) -> float:
    """Give the rule after so many rounds of answering and retraining."""
    rule, pairs = given.first_rule, -(-given.people // 2)
    for number in range(rounds):
        drawn = normals(seed, pairs, PERFORMATIVE_SAMPLE, when=number).ravel()[: given.people]
        rule = retrained(features_under(rule, given.mu, given.epsilon, given.noise * drawn))
    return rule


RUNNER = Runner(
    "performative",
    Parameters,
    run,
    "a stage function beside the engine: no rule of the engine is retrained, and none is tuned",
)
