"""Signs through the engine: two arms of a scenario, the same people and luck, a number of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from glasshouse.errors import BadInput, Problem, nearest
from glasshouse.experiment.validation.comparison import Comparison
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.law.citation import Id, Text
from glasshouse.law.intake import label
from glasshouse.law.library import Library
from glasshouse.law.scenario import People, Years
from glasshouse.law.validate import Strict, refusal
from glasshouse.metrics.estimate import of_sums

if TYPE_CHECKING:
    from glasshouse.engine.simulation import Simulation

Trait = Literal["honesty", "altruism", "outspokenness", "literacy", "means_start"]
Column = Literal[
    "acts_culpable", "acts_lawful", "acts_praised", "entries", "entries_not_theirs", "listings",
    "refusals", "privileges", "waits", "friendless_days", "silent_days", "paid_yuan",
]  # fmt: skip
PERSON = 1
FULL = 65536.0


class Claim(Strict):
    """A number of one arm that is claimed to be larger than the same number of another.

    `mean` is a column's mean over all persons. `correlation` is that of a column with a trait, from
    person to person: how far the one tells the other. `held_by` is the mean trait (0 to 1) of those
    who hold what the column counts, each as often as they hold it. `graded_apart` is the share of
    persons whose grade is another than in the arm ``base``.
    """

    what: Text
    reading: Literal["mean", "correlation", "held_by", "graded_apart"]
    column: Column | None = None
    trait: Trait | None = None
    base: Id | None = None
    more: Id
    less: Id

    @model_validator(mode="after")
    def _says_what_it_reads(self) -> Claim:
        needs = {
            "mean": ("column",), "correlation": ("column", "trait"),
            "held_by": ("column", "trait"), "graded_apart": ("base",),
        }[self.reading]  # fmt: skip
        for name in ("column", "trait", "base"):
            if (getattr(self, name) is None) == (name in needs):
                raise refusal(
                    f"a {self.reading} with{'out' * (name in needs)} `{name}`", str(needs)
                )
        if self.more == self.less:
            raise refusal("an arm is compared with itself", "two arms")
        return self

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms it names."""
        return (self.more, self.less) if self.base is None else (self.more, self.less, self.base)


class Parameters(Strict):
    """A scenario and what is claimed of its arms."""

    scenario: Text
    """Path of the scenario's file, from the row's folder."""
    people: People
    years: Years
    set: dict[str, float] = Field(default_factory=dict)
    """Values for all arms, as `--set` takes them."""
    claims: Annotated[tuple[Claim, ...], Field(min_length=1, max_length=50)]

    def sets(self, seed: int) -> dict[str, str]:
        """The scenario's values that are replaced."""
        size = {"seed": str(seed), "people": str(self.people), "years": str(self.years)}
        return size | {path: repr(value) for path, value in self.set.items()}


def refused(given: Any, row: Path) -> list[Problem]:
    """Give what is wrong with the scenario, and which arms it does not have."""
    path = row / given.scenario
    try:
        experiment = Library().resolve(path, given.sets(1))
    except BadInput as error:
        return error.problems
    arms = [arm.name for arm in experiment.arms]
    return [
        Problem(label(path), 0, 0, "", f"no arm `{name}`", nearest(name, arms))
        for name in dict.fromkeys(name for claim in given.claims for name in claim.arms)
        if name not in arms
    ]


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Give each claim's difference between its arms, paired by community, over all seeds."""
    sums: dict[int, list[Any]] = {place: [] for place in range(len(given.claims))}
    for seed in seeds:
        experiment = Library().resolve((workshop.row or Path()) / given.scenario, given.sets(seed))
        finished = workshop.finished(experiment)
        for place, claim in enumerate(given.claims):
            sums[place].append(
                np.concatenate(
                    [read(finished, claim, arm) for arm in (claim.more, claim.less)], axis=1
                )
            )
    for place, claim in enumerate(given.claims):
        every = np.concatenate(sums[place])
        value = VALUES[claim.reading]
        half = every.shape[1] // 2
        whole = every.sum(axis=0)
        found = of_sums(every, partial(difference, value, half))
        yield Comparison(
            claim.what, found.value, 0.0, found.error, "above", freedom=float(found.groups - 1),
            words=f"{claim.more} {float(value(whole[:half])):.5g}, "
            f"{claim.less} {float(value(whole[half:])):.5g}",
        )  # fmt: skip


def difference(value: Callable[[Any], Any], half: int, sums: Any) -> Any:
    """Give a value of the first half of the sums less that of the other half."""
    return value(sums[..., :half]) - value(sums[..., half:])


def read(run: Simulation, claim: Claim, arm: str) -> Any:
    """Give a claim's sums by community; f8 [community, sum]."""
    names = run.plan.names.arms
    rows = run.world.rows
    person = rows.kind == PERSON
    one = person.astype(float)
    if claim.base is not None:
        grades = run.world.state.grade
        here, there = grades[:, names.index(arm)], grades[:, names.index(claim.base)]
        apart = (here != there).any(axis=1) & person
        return np.stack([apart.sum(axis=1), one.sum(axis=1)], axis=1).astype(float)
    counted = getattr(run.world.outcome, str(claim.column))[:, names.index(arm)] * one
    if claim.trait is None:
        return np.stack([counted.sum(axis=1), one.sum(axis=1)], axis=1)
    trait = getattr(rows, claim.trait) / FULL * one
    parts = (one, counted, trait, counted**2, trait**2, counted * trait)
    return np.stack([part.sum(axis=1) for part in parts], axis=1)


def ratio(sums: Any) -> Any:
    """Give a sum over another."""
    return sums[..., 0] / sums[..., 1]


def correlation(sums: Any) -> Any:
    """Give a correlation from number, two sums, two sums of squares and the sum of products."""
    n, x, y, xx, yy, xy = (sums[..., part] for part in range(6))
    return (n * xy - x * y) / np.sqrt((n * xx - x * x) * (n * yy - y * y))


def held(sums: Any) -> Any:
    """Give the mean of the second where each counts as often as the first says."""
    return sums[..., 5] / sums[..., 1]


VALUES: dict[str, Callable[[Any], Any]] = {
    "mean": ratio,
    "graded_apart": ratio,
    "correlation": correlation,
    "held_by": held,
}

RUNNER = Runner("arms_apart", Parameters, run, "the engine", refused)
