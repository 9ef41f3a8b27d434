"""Image scoring: helping those who help lasts only if scores are known often enough.

In the game with two strategies (who discriminates, who defects) and images of the last deed, the
share of discriminators with a good image follows g' = (1 - q) + q x g, and they do better than
defectors by b q x g - c g' a round. Where nearly all discriminate (x near 1) that is positive if
and only if q > c / b: below it any defector does better, and cooperation ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from glasshouse.experiment.validation.comparison import Comparison, mean_of
from glasshouse.experiment.validation.luck import IMAGE_KNOWN, IMAGE_PAIRS, uniforms
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.law.validate import Strict, refusal
from glasshouse.stages.response.image_scoring_1998 import helps

GENERATIONS = 100
SELECTION = 4.0
"""How strongly payoffs move the shares in a generation, of the largest difference there can be."""

MOST_DEEDS = 1_000_000
GONE, ALL = 0.02, 0.98

GAMES = 24
"""Games a seed by which the gain at first is judged."""

GAMES_A_GENERATION = 4
CLEAR = 3.0
"""Standard deviations of one game by which a gain must differ from 0 for its sign to be claimed."""


class Parameters(Strict):
    """What helping costs and brings, how often a score is known, and the game's size."""

    cost: Annotated[float, Field(gt=0, le=1e6)]
    benefit: Annotated[float, Field(gt=0, le=1e6)]
    known: Annotated[float, Field(ge=0, le=1)]
    """q: the chance that a donor knows the recipient's image."""
    discriminators: Annotated[float, Field(ge=0.5, lt=1)] = 0.95
    """Share of discriminators at first; the others defect."""
    people: Annotated[int, Field(ge=100, le=200_000)] = 2_000
    rounds: Annotated[int, Field(ge=2, le=1000)] = 20
    """Rounds a generation; everybody is asked once a round."""

    @model_validator(mode="after")
    def _can_be_played(self) -> Parameters:
        if self.people * self.rounds > MOST_DEEDS:
            what = f"{self.people:,} people asked {self.rounds:,} times a generation"
            raise refusal(what, f"at most {MOST_DEEDS:,} deeds a generation")
        if not 0 < self.number() < self.people:
            what = f"a share of {self.discriminators:g} of {self.people} people leaves no defector"
            raise refusal(what, "at least one of each")
        return self

    def number(self) -> int:
        """Discriminators at first."""
        return round(self.discriminators * self.people)


def run(given: Parameters, seeds: Seeds, _: Workshop) -> Iterator[Comparison]:
    """Compare the gain of discriminators in the game with the formula, and its sign with q > c/b.

    The first: payoffs of simulated games, in which pairs and who knows whom are drawn, against the
    course of g. The second: what becomes of the shares when the better strategy grows, generation
    by generation; where chance in the game hides which one that is, nothing is claimed.
    """
    share = given.number() / given.people
    gains = [gain(given, given.number(), seed, game) for seed in seeds for game in range(GAMES)]
    edge = expected_gain(given, share)
    # Nobody asks oneself, so that everybody meets one less of the own kind.
    slack = 2 * (given.benefit + given.cost) / given.people
    yield mean_of(
        "gain of discriminators over defectors a round", gains, edge, slack=slack,
        words=f"q {given.known:g}, c/b {given.cost / given.benefit:.3g}",
    )  # fmt: skip
    scatter = float(np.std(gains, ddof=1))
    if abs(edge) > max(slack, CLEAR * scatter):
        last = [share_after(given, seed) for seed in seeds]
        moved = min(last) - share if edge > 0 else max(last) - share
        yield Comparison(
            "share of discriminators at the end less that at first", moved, 0.0, 0.0,
            "above" if edge > 0 else "below", words=fate(given),
        )  # fmt: skip


def fate(given: Parameters) -> str:
    """Say what becomes of cooperation and why."""
    if given.known <= given.cost / given.benefit:
        return "cooperation ends: q is not above c/b"
    if expected_gain(given, given.number() / given.people) > 0:
        return "cooperation lasts: q is above c/b"
    return "cooperation ends: q is above c/b, but too few discriminate at first"


def expected_gain(given: Parameters, share: float) -> float:
    """Give the mean gain a round of discriminators over defectors in an endless population.

    At first every image is what its owner is known for: good of discriminators, bad of defectors.
    """
    good, total = 1.0, 0.0
    for _ in range(given.rounds):
        after = (1 - given.known) + given.known * share * good
        total += given.benefit * share * given.known * good - given.cost * after
        good = after
    return total / given.rounds


def gain(given: Parameters, number: int, seed: int, game: int) -> float:
    """Give the mean payoff of discriminators less that of defectors a round, in one game."""
    discriminates = np.arange(given.people) < number
    good = discriminates.copy()
    payoff = np.zeros(given.people)
    for turn in range(given.rounds):
        when = game * given.rounds + turn
        to = recipients(uniforms(seed, given.people, IMAGE_PAIRS, when=when)[0])
        knows = uniforms(seed, given.people, IMAGE_KNOWN, when=when)[0] < given.known
        helped = helps(discriminates, knows, good[to])
        payoff -= given.cost * helped
        payoff += given.benefit * np.bincount(to[helped], minlength=given.people)
        good = helped
    mean = payoff[discriminates].mean() - payoff[~discriminates].mean()
    return float(mean) / given.rounds


def recipients(words: Any) -> Any:
    """Give everybody somebody else, each of the others alike."""
    people = len(words)
    return (np.arange(people) + 1 + np.floor(words * (people - 1)).astype(int)) % people


def share_after(given: Parameters, seed: int) -> float:
    """Give the share of discriminators when the better strategy has grown for generations."""
    share, largest = given.number() / given.people, given.benefit + given.cost
    for generation in range(GENERATIONS):
        number = min(max(round(share * given.people), 1), given.people - 1)
        first = GAMES + generation * GAMES_A_GENERATION
        games = range(first, first + GAMES_A_GENERATION)
        won = float(np.mean([gain(given, number, seed, game) for game in games])) / largest
        share += SELECTION * share * (1 - share) * won
        if not GONE < share < ALL:
            break
    return share


RUNNER = Runner(
    "image_scoring",
    Parameters,
    run,
    "a stage function beside the engine: nobody in the engine helps a stranger at a cost because "
    "of a score",
)
