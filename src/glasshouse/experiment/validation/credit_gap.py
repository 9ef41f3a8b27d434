"""Loans that move credit: the gap between two groups, with and without equal opportunity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from glasshouse.experiment.validation.again import looked_at_again
from glasshouse.experiment.validation.comparison import Comparison, Relation, mean_of
from glasshouse.experiment.validation.luck import LOAN_APPLICANT, words
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.law.validate import Strict, refusal
from glasshouse.stages.consequence.fairness_is_not_static_2020 import (
    Credit,
    Policy,
    credit_of,
    lent_to,
    simulated,
)

POLICIES: tuple[Policy, ...] = ("reward", "opportunity")
PART = 0.25
"""How far chance among parts can move an expected gap from the path without chance, in parts that a
loan moves: found with many replicates (a tenth at the paper's numbers), not proved."""

Chance = Annotated[float, Field(ge=0, le=1)]
Shares = Annotated[tuple[Chance, ...], Field(min_length=2, max_length=30)]


class Parameters(Strict):
    """Two groups, what a score says, and what a loan does."""

    first: Shares
    """The share of the first group at each score, from the lowest."""
    second: Shares
    repays: Annotated[tuple[Chance, ...], Field(min_length=2, max_length=30)]
    """Probability of repayment at each score."""
    moved: Annotated[float, Field(gt=0, le=0.5)] = 0.01
    """The part of a group that a loan moves."""
    first_applies: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """How likely the next applicant is of the first group."""
    interest: Annotated[float, Field(gt=0, le=100)] = 1.0
    first_steps: Annotated[int, Field(ge=0, le=100_000)] = 1
    """Steps in which everybody gets a loan."""
    steps: Annotated[int, Field(ge=1, le=100_000)] = 1000
    replicates: Annotated[int, Field(ge=20, le=10_000)] = 100
    """Of each seed, at the first look."""
    claimed: Literal["wider", "narrower", "nothing"] = "nothing"
    """The gap under equal opportunity, beside that of lending where it pays."""

    @model_validator(mode="after")
    def _is_whole(self) -> Parameters:
        if not len(self.first) == len(self.second) == len(self.repays):
            raise refusal(
                "`first`, `second` and `repays` differ in length", "a number a score each"
            )
        for name in ("first", "second"):
            parts = np.array(getattr(self, name)) / self.moved
            if (
                np.abs(parts - np.rint(parts)).max() > 1e-6
                or abs(parts.sum() * self.moved - 1) > 1e-9
            ):
                right = f"shares that add up to 1, each a multiple of `moved` ({self.moved:g})"
                raise refusal(f"`{name}` cannot be moved in such parts", right)
        if self.steps * self.replicates > 10**7:
            raise refusal(
                "so many steps and replicates take too long", "at most 10,000,000 together"
            )
        return self

    @property
    def credit(self) -> Credit:
        """The groups and loans of these parameters."""
        parts = [
            tuple(round(share / self.moved) for share in shares)
            for shares in (self.first, self.second)
        ]
        applies = (self.first_applies, 1 - self.first_applies)
        return Credit(tuple(parts), self.repays, applies, self.interest, self.first_steps)


def expected_reward(given: Parameters) -> Any:
    """Give the expected credit of each group where the lender lends where it pays; f8 [group].

    Whom it lends to does not depend on where the groups stand, so the expected shares follow a
    linear recursion: of a group that applies with probability a, a x moved x share leave a score
    that is lent to in a step, upwards with the probability of repayment.
    """
    credit = given.credit
    found = []
    for shares, applies in zip((given.first, given.second), credit.applies, strict=True):
        share, number = np.array(shares), len(shares)
        everybody = np.ones(number)
        gain = np.array(given.repays) * given.interest - (1 - np.array(given.repays))
        for step in range(given.steps):
            lent = everybody if step < given.first_steps else (gain >= 0).astype(float)
            flow = applies * given.moved * share * lent
            up, down = flow * np.array(given.repays), flow * (1 - np.array(given.repays))
            share = share - flow
            share[1:] += up[:-1]
            share[-1] += up[-1]
            share[:-1] += down[1:]
            share[0] += down[0]
        found.append(float(share @ np.array(given.repays)))
    return np.array(found)


def smooth_path(given: Parameters) -> Any:
    """Give each group's credit under equal opportunity if shares moved without chance."""
    credit = given.credit
    shares = np.array([given.first, given.second])[None]
    repays = np.array(given.repays)
    applies = np.array(credit.applies)[:, None] * given.moved
    for step in range(given.steps):
        lent = np.ones_like(shares)
        if step >= given.first_steps:
            lent = lent_to("opportunity", credit, shares)
        flow = applies * shares * lent
        up, down = flow * repays, flow * (1 - repays)
        shares = shares - flow
        shares[..., 1:] += up[..., :-1]
        shares[..., -1] += up[..., -1]
        shares[..., :-1] += down[..., 1:]
        shares[..., 0] += down[..., 0]
    return shares[0] @ repays


def stream(seed: int, rows: int, when: int) -> Callable[[int], Any]:
    """Give four numbers between 0 and 1 a step and replicate, the same for both policies."""

    def drawn(step: int) -> Any:
        found = words(seed, rows, LOAN_APPLICANT, index=step, when=when)
        return (found.astype(float) + 0.5) / 2.0**32

    return drawn


def run(given: Parameters, seeds: Seeds, _: Workshop) -> Iterator[Comparison]:
    """Compare the groups' credit with the recursion, and the gap of the two policies."""
    expected, smooth = expected_reward(given), smooth_path(given)

    def take(look: int, times: int) -> list[Comparison]:
        rows = given.replicates * times
        credit = given.credit
        reward, equal = (
            np.concatenate(
                [
                    credit_of(
                        simulated(policy, credit, given.steps, rows, stream(seed, rows, look)),
                        credit,
                    )
                    for seed in seeds
                ]
            )
            for policy in POLICIES
        )
        return list(compared(given, reward, equal, expected, smooth))

    yield from looked_at_again(take)


def compared(
    given: Parameters, reward: Any, equal: Any, expected: Any, smooth: Any
) -> Iterator[Comparison]:
    """Compare credit by group, and the gap, with what theory gives; f8 [replicate, group]."""
    for at, name in enumerate(("first", "second")):
        what = f"credit of the {name} group, lending where it pays"
        yield mean_of(what, reward[:, at], expected[at])
    gaps = [one[:, 0] - one[:, 1] for one in (reward, equal)]
    yield mean_of(
        "gap in credit, equal opportunity", gaps[1], smooth[0] - smooth[1],
        slack=PART * given.moved, words="expected by the path without chance",
    )  # fmt: skip
    if given.claimed != "nothing":
        relation: Relation = "above" if given.claimed == "wider" else "below"
        yield mean_of(
            "gap in credit, equal opportunity less lending where it pays", gaps[1] - gaps[0], 0.0,
            relation=relation, words=f"{gaps[1].mean():.4f} and {gaps[0].mean():.4f}",
        )  # fmt: skip


RUNNER = Runner(
    "credit_gap",
    Parameters,
    run,
    "a stage function beside the engine: a lender who knows where groups stand and decides anew "
    "with every applicant is the paper's, not the engine's",
)
