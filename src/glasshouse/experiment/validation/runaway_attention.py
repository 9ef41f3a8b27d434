"""Runaway feedback through the engine: attention that follows the records of the last step.

In the engine each community of a province has attention, 1 on average: next step's is a part
1 - f for everybody alike and a part f in proportion to what was recorded there in this step. What
follows is not the urn's law, for the engine remembers one step and shares attention out instead of
drawing where it goes. With K records in a province they lie as K draws with chances p in proportion
to what happens times attention. So the expected next share of a place is its p, and the expected
sum of squared shares that of p and 1/K of the rest: attention multiplies the odds of a place with
the higher rate in every step, and where rates are equal it drifts until one place has all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from glasshouse.experiment.validation.again import looked_at_again
from glasshouse.experiment.validation.attention_allocation import stream
from glasshouse.experiment.validation.comparison import Comparison, mean_of
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import (
    DAYS_A_YEAR,
    LEAST_CHANCE,
    MOST_ACTS_A_YEAR,
    Act,
    World,
    held,
    rule,
)
from glasshouse.law.validate import Strict, refusal
from glasshouse.stages.detection.detection_kernel import HERE
from glasshouse.stages.detection.fairness_is_not_static_2020 import poisson
from glasshouse.stages.society.society_kernel import ADULT_YEARS, ONLINE, PERSON

FOLLOWS = "detection.attention_follows_records"
AUDIT = "audit"
DRAWS = 500
"""Draws of the law's path for each province: their own error is a small part of the engine's."""


class Parameters(Strict):
    """A world of communities in provinces, what happens there, and how far attention follows."""

    people: Annotated[int, Field(ge=1000, le=2_000_000)]
    community_size: Annotated[int, Field(ge=32, le=16_384)]
    per_year: Annotated[float, Field(gt=0, le=MOST_ACTS_A_YEAR)]
    """Acts of a person who can do them."""
    detection: Annotated[float, Field(ge=LEAST_CHANCE, le=1)]
    """Chance that one is seen where attention is 1."""
    rural_rate: Annotated[float, Field(gt=0, le=1)] = 1.0
    """What happens in the countryside over what does in towns; 1: alike."""
    follows: Annotated[
        tuple[Annotated[float, Field(gt=0, le=1)], ...], Field(min_length=1, max_length=4)
    ] = (1.0,)
    """The parts of attention that follow records; each an arm beside an audit that follows none."""
    years: Annotated[int, Field(ge=1, le=20)] = 1

    @model_validator(mode="after")
    def _stays_in_bounds(self) -> Parameters:
        places = -(-self.people // self.community_size)
        if places > 255 or places < 6:
            raise refusal(f"{places} communities", "6 to 255: people over community_size")
        if self.detection * places > 1:
            what = f"all attention of {places} communities at one of them would see more than all"
            raise refusal(what, f"a detection of at most {1 / places:.4f}")
        return self


class Seen(NamedTuple):
    """What an arm did, step by step; f8 [step, community]."""

    expected: Any
    """Acts to be expected."""
    acts: Any
    records: Any
    attention: Any
    """1 on average."""


class Watched(NamedTuple):
    """A run, arm by arm, and where its communities lie."""

    arms: dict[str, Seen]
    province: Any
    urban: Any


def watched(given: Parameters, seed: int, workshop: Workshop) -> Watched:
    """Run a world and keep what each step did."""
    from glasshouse.engine.plan.plan import make_plan
    from glasshouse.engine.simulation import Simulation

    arms = {AUDIT: {FOLLOWS: 0.0}} | {arm_of(f): {FOLLOWS: f} for f in given.follows}
    world = World(
        [Act("deed", given.per_year, given.detection, who="online")],
        [
            rule("scale", "scale", start=0, floor=None, cap=None),
            rule("points", "worth", acts=["deed"], points=0),
        ],
        {}, given.people, given.years, seed, community_size=given.community_size, arms=arms,
        figures={
            "online_urban": 1.0, "online_rural": given.rural_rate, "online_from_age": 0,
            "online_weight_60_up": 1.0,
        },
        entries_each=4,
    )  # fmt: skip
    plan = make_plan(world.experiment(workshop.empty()))
    run = Simulation(plan, workshop.driver)
    run.begin()
    rows, place = run.world.rows, run.world.place
    done, steps = 0, list[Any]()
    for when in plan.steps:
        record = run.advance()
        grown = (when.age_month - rows.birth_month.astype(int)) // 12 >= ADULT_YEARS
        can = ((rows.kind == PERSON) & grown & ((rows.exposure & ONLINE) != 0)).sum(axis=1)
        so_far = run.world.outcome.acts_culpable.astype(np.int64).sum(axis=2)
        expected = can * given.per_year * (when.end_day - when.first_day) / DAYS_A_YEAR
        records = run.world.opened.recorded_acts.astype(np.int64).copy()
        steps.append(
            (expected, so_far - done, records, record.institutions.attention.T.astype(float) / HERE)
        )
        done = so_far
    found = {
        name: Seen(
            np.array([one[0] for one in steps], float),
            *(np.array([one[part][:, 1 + at] for one in steps], float) for part in (1, 2, 3)),
        )
        for at, name in enumerate(arms)
    }
    return Watched(found, np.array(place.province), np.array(place.urban))


def arm_of(follows: float) -> str:
    """Name the arm in which so much of attention follows records."""
    return f"follows-{round(follows * 1_000_000)}"


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare what the engine does with what one step of memory gives."""

    def take(look: int, times: int) -> list[Comparison]:
        new = [seed + 1_000_003 * (look * 31 + more) for more in range(times) for seed in seeds]
        runs = [watched(given, seed, workshop) for seed in new]
        found = [*audited(given, runs)]
        for follows in dict.fromkeys(given.follows):
            found += followed(given, follows, runs, look)
        return found

    yield from looked_at_again(take)


def audited(given: Parameters, runs: list[Watched]) -> Iterator[Comparison]:
    """Where no attention follows records, the recorded share is the true one."""
    true = seen = acts = 0.0
    for one in runs:
        towns, arm = one.urban == 1, one.arms[AUDIT]
        true += arm.acts[:, towns].sum()
        seen += arm.records[:, towns].sum()
        acts += arm.acts.sum()
    records = sum(one.arms[AUDIT].records.sum() for one in runs)
    share = true / acts
    error = math.sqrt(share * (1 - share) * (1 - given.detection) / records)
    yield Comparison(
        "recorded share of the towns, nothing follows records", seen / records, share, error,
        words="the true share",
    )  # fmt: skip


def followed(
    given: Parameters, follows: float, runs: list[Watched], look: int
) -> Iterator[Comparison]:
    """Where attention follows records: what is seen, what is shared out, where it runs."""
    name = f"{follows:g} of attention follows records"
    arms = [(one, one.arms[arm_of(follows)]) for one in runs]
    yield seen_as_attended(given, name, [arm for _, arm in arms])
    off = max(shared_wrongly(one, arm, follows) for one, arm in arms)
    yield Comparison(
        f"attention off its share by records, at most; {name}", off, 0.0, 0.0, slack=1.0 / HERE,
        words="1/256 is the least there is",
    )  # fmt: skip
    moves = [move for one, arm in arms for move in moves_of(one, arm)]
    share, spread = zip(*((move.share, move.spread) for move in moves), strict=True)
    variance = sum(move.variance for move in moves)
    yield Comparison(
        f"share of the records in towns, less what attention sends there; {name}",
        float(np.mean(share)), 0.0, math.sqrt(variance) / len(moves),
    )  # fmt: skip
    yield Comparison(
        f"sum of squared shares of records, less that of as many draws; {name}",
        float(np.mean(spread)), 0.0, math.sqrt(float(np.square(spread).sum())) / len(moves),
    )  # fmt: skip
    yield from path(given, follows, name, arms, look)


def seen_as_attended(given: Parameters, name: str, arms: list[Seen]) -> Comparison:
    """Compare records with acts times attention times the chance at attention 1."""
    chance = held(given.detection)
    weight = sum(float((arm.acts * arm.attention).sum()) for arm in arms)
    likely = [np.minimum(chance * arm.attention, 1.0) for arm in arms]
    variance = sum(
        float((arm.acts * q * (1 - q)).sum()) for arm, q in zip(arms, likely, strict=True)
    )
    cut = sum(float(arm.acts.sum()) for arm in arms) / 65536 / weight  # what 16 bits cut off
    return Comparison(
        f"records over acts times attention; {name}",
        sum(float(arm.records.sum()) for arm in arms) / weight, chance,
        math.sqrt(variance) / weight, slack=cut,
    )  # fmt: skip


def shared_wrongly(one: Watched, arm: Seen, follows: float) -> float:
    """Give how far attention is, at most, from (1 - f) + f x communities x share of records."""
    off = 0.0
    for province in np.unique(one.province):
        here = one.province == province
        for records, after in zip(arm.records[:-1, here], arm.attention[1:, here], strict=True):
            if records.sum() > 0:
                right = (1 - follows) + follows * here.sum() * records / records.sum()
                off = max(off, float(np.abs(after - right).max()))
    return off


class Move(NamedTuple):
    """A province in one step: what its records were beyond what was to be expected."""

    share: float
    """Of the towns' share."""
    variance: float
    spread: float
    """Of the sum of squared shares."""


def moves_of(one: Watched, arm: Seen) -> Iterator[Move]:
    """Give every step of every province."""
    for province in np.unique(one.province):
        here = one.province == province
        towns = one.urban[here] == 1
        for expected, records, attention in zip(
            arm.expected[:, here], arm.records[:, here], arm.attention[:, here], strict=True
        ):
            number, weight = records.sum(), expected * attention
            if number > 0:
                p, found = weight / weight.sum(), records / number
                at = float(p[towns].sum())
                draws = float((p**2).sum())
                yield Move(
                    float(found[towns].sum()) - at,
                    at * (1 - at) / number,
                    float((found**2).sum()) - draws - (1 - draws) / number,
                )


def path(
    given: Parameters, follows: float, name: str, arms: list[tuple[Watched, Seen]], look: int
) -> Iterator[Comparison]:
    """Compare where the towns' share of attention is in the end with the law's own draws of it."""
    ends, expected = list[float](), list[float]()
    for number, (one, arm) in enumerate(arms):
        for province in np.unique(one.province):
            here = one.province == province
            towns = one.urban[here] == 1
            if 0 < towns.sum() < len(towns):
                last = drawn_by_law(
                    arm.expected[:-1, here], given.detection, follows,
                    stream(number, DRAWS, int(province) * 32 + look),
                )  # fmt: skip
                expected.append(float(last[:, towns].sum() / last.sum()))
                ends.append(float(arm.attention[-1, here][towns].sum() / len(towns)))
    if len(ends) > 1:
        true = [
            float(arm.expected[:, one.urban == 1].sum() / arm.expected.sum()) for one, arm in arms
        ]
        compared = mean_of(
            f"towns' share of attention in the last step; {name}",
            np.array(ends) - np.array(expected), 0.0,
        )  # fmt: skip
        yield compared._replace(
            value=float(np.mean(ends)), expected=float(np.mean(expected)),
            words=f"the towns' true share is {np.mean(true):.4f}",
        )  # fmt: skip


def drawn_by_law(
    expected: Any, detection: float, follows: float, luck: Callable[[int, int], Any]
) -> Any:
    """Draw what attention comes to by its law alone, with no engine; f8 [draw, community].

    Records are Poisson about what is to be expected times attention times the chance of being seen;
    where none is made, attention is even.
    """
    number = expected.shape[1]
    attention = np.ones((DRAWS, number))
    for step, likely in enumerate(expected):
        records = poisson(luck(step, number).T, likely * attention * detection)
        total = records.sum(axis=1, keepdims=True)
        share = np.where(total > 0, records / np.maximum(total, 1), 1 / number)
        attention = (1 - follows) + follows * number * share
    return attention


RUNNER = Runner("runaway_attention", Parameters, run, "the engine")
