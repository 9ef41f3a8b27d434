"""Cannot pay taken for will not pay: debtors whom a test of ability is to keep off a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from glasshouse.experiment.validation.comparison import Comparison, share
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import Act, World, black_list, by_label, held
from glasshouse.law.validate import Strict, refusal

Share = Annotated[float, Field(ge=0, le=1)]


class Parameters(Strict):
    """How many debtors cannot pay, and how often a test tells them from those who can."""

    cannot_share: Share
    """Share of debtors who cannot pay."""
    sensitivity: Share
    """Share of those who can pay that the test finds able."""
    specificity: Share
    """Share of those who cannot that it finds unable."""
    people: Annotated[int, Field(ge=1000, le=2_000_000)] = 131_072
    debts_per_year: Annotated[float, Field(ge=0.001, le=0.5)] = 0.1
    """A year of an adult; few, so that hardly anybody is in the count twice."""

    @model_validator(mode="after")
    def _lists_somebody(self) -> Parameters:
        if self.cannot_share * (1 - self.specificity) + self.can_listed() == 0:
            raise refusal("nobody would be listed", "a sensitivity above 0 or a specificity below")
        return self

    def can_listed(self) -> float:
        """Debtors who can pay and are listed, as a share of all."""
        return (1 - self.cannot_share) * self.sensitivity

    def wrongful(self, cannot_share: float) -> float:
        """The share of the listed who cannot pay."""
        wrong = cannot_share * (1 - self.specificity)
        return wrong / (wrong + (1 - cannot_share) * self.sensitivity)


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare the wrongful share of a list with u(1 - spec) / (u(1 - spec) + (1 - u)sens).

    Means are spread evenly, so those below u are a share u. Whether somebody can pay is one draw
    for all debts of a person: the few who have several make the count a little more uneven than a
    binomial one, by at most the mean number of debts.
    """
    sets = {
        "process.cannot_pay_below": given.cannot_share,
        "process.ability_sensitivity": given.sensitivity,
        "process.ability_specificity": given.specificity,
    }
    acts = [Act("debt", given.debts_per_year, 1.0, debt=True)]
    rules = [black_list("debtors", "debt", ability_test=True)]
    wrong = everybody = 0
    for seed in seeds:
        world = World(acts, rules, sets, given.people, 1, seed)
        labels = by_label(workshop.finished(world.experiment(workshop.empty())))
        wrong += labels[2]
        everybody += sum(labels)
    expected = given.wrongful(given.cannot_share)
    inside = given.wrongful(held(given.cannot_share))
    yield share(
        "wrongful share of the list", wrong, everybody, expected,
        crowding=given.debts_per_year, slack=abs(inside - expected),
    )  # fmt: skip


RUNNER = Runner("cannot_pay", Parameters, run, "the engine")
