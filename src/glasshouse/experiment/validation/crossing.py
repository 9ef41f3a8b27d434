"""The board at one crossing: how many adults the lab's own rates would need to fill it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from glasshouse.experiment.validation.comparison import Comparison
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import Act, World, adult_years, black_list, packaged
from glasshouse.experiment.validation.world import total as summed
from glasshouse.law.validate import Strict

ACT = "jaywalking"


class Parameters(Strict):
    """What a board showed, and how many adults the city has."""

    displayed: Annotated[int, Field(ge=1)]
    months: Annotated[int, Field(ge=1, le=120)]
    city_adults: Annotated[int, Field(ge=1)]
    """Adults of the whole city: an order, not a count."""
    people: Annotated[int, Field(ge=1000, le=2_000_000)] = 65_536


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Work out how many adults would have to be seen to show so many, and compare with the city.

    The packaged rate of crossing where it is not allowed, and of a camera in town that sees it.
    """
    said = next(one for one in packaged("acts")["acts"] if one["id"] == ACT)
    camera = next(one for one in packaged("detection")["channels"] if one["id"] == "camera")
    seen = said["seen_by"]["camera"]["value"] * camera["covers_urban"]["value"]
    acts = [Act(ACT, float(said["per_year"]["value"]), float(seen))]
    entries, lived = 0, 0.0
    for seed in seeds:
        world = World(acts, [black_list("shown", ACT)], {}, given.people, 1, seed)
        found = workshop.finished(world.experiment(workshop.empty()))
        entries += summed(found, "entries")
        lived += adult_years(found)
    needed = given.displayed * 12 / given.months / (entries / lived)
    yield Comparison(
        "adults whose every such act would fill the board", needed, float(given.city_adults),
        needed / math.sqrt(entries), "below",
        words="how many cross there is not published, so only the order can be wrong: the board of "
        "one crossing must need fewer adults than the city has",
    )  # fmt: skip


RUNNER = Runner("crossing", Parameters, run, "the engine")
