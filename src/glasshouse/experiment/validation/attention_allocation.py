"""Attention among sites that grow unattended: exact expectations, and who misses most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from glasshouse.experiment.validation.again import looked_at_again
from glasshouse.experiment.validation.attention_law import expected_told, expected_uniform
from glasshouse.experiment.validation.comparison import Comparison, mean_of
from glasshouse.experiment.validation.luck import ATTENTION_SENT, words
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.law.validate import Strict, refusal
from glasshouse.stages.detection.fairness_is_not_static_2020 import (
    Allocator,
    Name,
    Tally,
    World,
    simulated,
)

MOST_WORK = 4e9
"""Sums of an exact expectation: about half a minute of them."""

Growth = Annotated[float, Field(ge=0, le=10)]


class Parameters(Strict):
    """Sites, units, how incidents grow, and who is compared."""

    rates: Annotated[
        tuple[Annotated[float, Field(ge=0, le=100)], ...], Field(min_length=2, max_length=50)
    ]
    """Incidents a step at each site in the beginning."""
    units: Annotated[int, Field(ge=1, le=50)]
    growth: Annotated[tuple[Growth, ...], Field(max_length=10)]
    """By how much a rate rises without attention, and falls for a unit of it: the values at which
    the exact expectations are compared."""
    claimed_at: Annotated[tuple[Growth, ...], Field(max_length=10)] = ()
    """The values at which the greedy learner is claimed to catch most and to miss most."""
    against: Annotated[tuple[Name, ...], Field(min_length=1, max_length=3)] = ("uniform",)
    """Whom the greedy learner is compared with there."""
    explores: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Share of the steps in which a learner sends its units out evenly."""
    first_steps: Annotated[int, Field(ge=1, le=10_000)] = 25
    every: Annotated[int, Field(ge=1, le=10_000)] = 10
    window: Annotated[int, Field(ge=1, le=1000)] = 100
    """Steps that a learner looks back on, as if rates never moved."""
    steps: Annotated[int, Field(ge=1, le=5000)] = 1000
    replicates: Annotated[int, Field(ge=10, le=10_000)] = 50
    """Of each seed, at the first look."""

    @model_validator(mode="after")
    def _is_something_else(self) -> Parameters:
        if "greedy" in self.against:
            raise refusal("greedy is compared with itself", "uniform, proportional, told")
        if not self.growth and not self.claimed_at:
            raise refusal("nothing is compared", "a value in `growth` or in `claimed_at`")
        for growth in self.growth:
            if growth > 0 and self.work(growth) > MOST_WORK:
                what = f"at a growth of {growth:g} rates take too many values"
                raise refusal(what, "a larger growth, fewer steps or smaller rates")
        return self

    def work(self, growth: float) -> float:
        """About how many sums the exact expectations take."""
        values = sum(min(rate / growth, self.units * self.steps) for rate in self.rates)
        return values * self.units * self.steps

    def allocator(self, name: Name) -> Allocator:
        """The allocator of this name."""
        return Allocator(name, self.explores, self.first_steps, self.every, self.window)


def stream(seed: int, rows: int, when: int) -> Callable[[int, int], Any]:
    """Give numbers between 0 and 1 by step, the same ones for every allocator."""

    def drawn(step: int, many: int) -> Any:
        blocks = -(-many // 4)
        found = words(seed, rows * blocks, ATTENTION_SENT, index=step, when=when)
        return ((found.astype(float) + 0.5) / 2.0**32).reshape(4 * blocks, rows)[:many]

    return drawn


def run(given: Parameters, seeds: Seeds, _: Workshop) -> Iterator[Comparison]:
    """Compare what is caught and missed with exact expectations, then greedy with the others."""

    def tallied(name: Name, growth: float, look: int, times: int) -> Tally:
        world = World(given.rates, given.units, growth)
        rows = given.replicates * times
        found = [
            simulated(
                world, given.allocator(name), given.steps, rows, stream(seed, rows, look)
            )
            for seed in seeds
        ]  # fmt: skip
        return Tally(*(np.concatenate(part) for part in zip(*found, strict=True)))

    for growth in dict.fromkeys(given.growth):
        yield from looked_at_again(partial(exact, given, tallied, growth))
    for growth in dict.fromkeys(given.claimed_at):
        yield from looked_at_again(partial(signs, given, tallied, growth))


def exact(
    given: Parameters, tallied: Callable[..., Tally], growth: float, look: int, times: int
) -> list[Comparison]:
    """Compare the even and the told allocator with their exact expectations."""
    world, found = World(given.rates, given.units, growth), list[Comparison]()
    laws: tuple[tuple[Name, Any], ...] = (("uniform", expected_uniform), ("told", expected_told))
    for name, law in laws:
        tally = tallied(name, growth, look, times)
        for what, values, expected in zip(
            Tally._fields, tally, law(world, given.steps), strict=True
        ):
            found.append(mean_of(f"{what} incidents, {name}, growth {growth:g}", values, expected))
    return found


def signs(
    given: Parameters, tallied: Callable[..., Tally], growth: float, look: int, times: int
) -> list[Comparison]:
    """Compare the greedy learner with others, replicate by replicate with the same luck."""
    greedy, found = tallied("greedy", growth, look, times), list[Comparison]()
    for name in dict.fromkeys(given.against):
        other = tallied(name, growth, look, times)
        for what, more, less in zip(Tally._fields, greedy, other, strict=True):
            found.append(
                mean_of(
                    f"{what} incidents, greedy less {name}, growth {growth:g}",
                    more - less, 0.0, relation="above",
                    words=f"greedy {more.mean():.0f}, {name} {less.mean():.0f}",
                )
            )  # fmt: skip
    return found


RUNNER = Runner(
    "attention_allocation",
    Parameters,
    run,
    "a stage function beside the engine: units of attention that find one incident each, and rates "
    "that answer to attention, are the paper's, not the engine's",
)
