"""The price of getting round a bar: what a refused trip costs in the lab, and on a market."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, model_validator

from glasshouse.errors import nearest
from glasshouse.experiment.validation.comparison import Comparison
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import Act, World, black_list, packaged, total
from glasshouse.law.validate import Strict, refusal


class Parameters(Strict):
    """What agents asked above the fare, and the counter that they sold a way round."""

    premium_yuan: Annotated[float, Field(gt=0)]
    counter: str = "flight"
    people: Annotated[int, Field(ge=1000, le=1_000_000)] = 16_384

    @model_validator(mode="after")
    def _is_a_counter(self) -> Parameters:
        if self.counter not in counters():
            raise refusal(f"no counter `{self.counter[:60]}`", nearest(self.counter, counters()))
        return self


def counters() -> dict[str, Any]:
    """Give the packaged counters by their ids."""
    return {one["id"]: one for one in packaged("counters")["counters"]}


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare the burden of a trip refused with the premium that spared it.

    Who pays a premium holds the trip to be worth at least so much more than the way instead.
    """
    rules = [black_list("barred", "debt", term={"days": 36_525}, measures=[
        {"counter": given.counter, "reaches": "person"},
    ])]  # fmt: skip
    acts = [Act("debt", 2.0, 1.0, debt=True)]
    burden = tries = refusals = 0
    for seed in seeds:
        world = World(acts, rules, {}, given.people, 2, seed, counters=[counters()[given.counter]])
        found = workshop.finished(world.experiment(workshop.empty()))
        burden += total(found, "burden_yuan")
        tries += total(found, "attempts")
        refusals += total(found, "refusals")
    yield Comparison(
        "burden of a trip refused, yuan", burden / tries, given.premium_yuan, 0.0,
        words=f"{refusals / tries:.2f} refusals a trip; the burden is a guess of the lab, and who "
        "paid are those to whom a trip is worth most",
    )  # fmt: skip


RUNNER = Runner("evasion_price", Parameters, run, "the engine")
