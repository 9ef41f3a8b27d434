"""Distribution: what the burden is, who bears it, for whose act, and how far people can move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.concentration import gini_of, mobility
from glasshouse.metrics.estimate import POSITIVE, SHARE, Estimate, NotKnown, ratio, unknown
from glasshouse.metrics.groups import groups_of
from glasshouse.metrics.metric import BY_REGION, Metric, metric
from glasshouse.metrics.observed import GROUPS, Observed
from glasshouse.metrics.official_gap import gap_of_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_BURDEN = "nobody bore a burden"
CANNOT = ("unenforceable-cases-2018", "four in ten who do not pay cannot")
GINI = ("variability-and-mutability-1912", "the coefficient of concentration")
FAMILIES = ("worse-than-you-think-2019", "families share what befalls one of them")

PATHS = {
    "own act": ("own_rightly",),
    "own act, could not": ("own_could_not",),
    "own lawful act": ("own_lawful",),
    "not theirs": ("own_not_theirs",),
    "another's listing": ("another",),
    "a grade or a score": ("score",),
    "a stale copy": ("stale_copy",),
    "a thin file": ("thin_file",),
}
"""What led to a burden, by the path counted."""


@metric(
    "D0b",
    "Burden",
    "discrimination",
    unit="yuan per person and year",
    harm="more is worse",
    definition="""The burden of refusals in yuan, over persons and years. What a refusal costs at
    each counter is an assumption. Ours.""",
    status="assumed",
)
def burden_per_person_year(seen: Observed) -> Estimate:
    """Burden over person-years."""
    years = seen.names.years
    if not years > 0:
        raise NotKnown("how long the run lasted is not known")
    return seen.estimate(
        ratio, seen.summed("burden_yuan"), np.full(seen.size, years), within=POSITIVE,
        undefined="there are no persons here",
    )  # fmt: skip


@metric(
    "D5",
    "Burden of bystanders",
    "discrimination",
    unit="share of the burden",
    harm="more is worse",
    definition="""The share of the burden in yuan that persons without a culpable act of their own
    bear; then, over provinces, the shares by what led to it: their own act, what was not theirs
    (a namesake's), another's listing (family, or who represents a body), a grade, a copy that was
    not corrected, a thin file.""",
    cite=(FAMILIES,),
    status="assumed",
)
def bystander_burden_share(seen: Observed) -> dict[str, Estimate]:
    """Burden of those without a culpable act over burden."""
    burden = seen.summed("burden_yuan")
    innocent = seen.row("acts_culpable") == 0
    found = {"": seen.estimate(ratio, burden * innocent, burden, within=SHARE, undefined=NO_BURDEN)}
    try:
        paths = seen.total("burden_by_path")
        every = paths.sum(axis=1)
        for part, names in PATHS.items():
            some = paths[:, [seen.place("path", name) for name in names]].sum(axis=1)
            found[part] = seen.of_provinces(ratio, some, every, within=SHARE, undefined=NO_BURDEN)
    except NotKnown as reason:
        found["by path"] = unknown(str(reason))
    return found


@metric(
    "D6",
    "Spill-over multiplier",
    "discrimination",
    unit="ratio",
    harm="more is worse",
    definition="""(direct + indirect burden) / direct burden. Indirect is what stems from another's
    listing, through a household or through representing a body. 1 where nobody bears what another
    is listed for.""",
    cite=(FAMILIES,),
    status="assumed",
)
def spill_over_multiplier(seen: Observed) -> Estimate:
    """Burden over burden that is not for others."""
    burden, for_others = seen.summed("burden_yuan"), seen.row("burden_for_others_yuan")
    found = seen.estimate(
        ratio, burden, burden - for_others, within=(1.0, np.inf), undefined=NO_BURDEN
    )
    if found.value == 1.0 and not for_others.any():
        return found._replace(low=1.0, high=1.0, error=0.0, why="nobody bore it for another")
    return found


@metric(
    "D7",
    "Concentration",
    "discrimination",
    unit="Gini coefficient",
    harm="more is worse",
    definition="""Gini's coefficient over persons, of the burden in yuan and of every score: the
    mean difference of two persons over twice the mean. 0 is all alike. Beyond 2,048 different
    values neighbours are taken together. A score that goes below zero has none.""",
    cite=(GINI,),
    status="assumed",
)
def concentration(seen: Observed) -> dict[str, Estimate]:
    """Gini of the burden and of the scores."""
    groups = seen.communities()
    found = {"burden": gini_of(groups, seen.summed("burden_yuan"), GROUPS, NO_BURDEN)}
    for book in seen.scores():
        points = seen.row(f"score_points_{book.rulebook}")
        has = ~np.isnan(points)
        why = "nobody has this score, or all stand at zero"
        found[f"score: {book.rulebook}"] = gini_of(groups[has], points[has], GROUPS, why)
    return found


@metric(
    "D7a",
    "Mobility between grades",
    "discrimination",
    unit="Shorrocks index of a step",
    harm="less is worse",
    definition="""(k - trace) / (k - 1) of the shares of persons who go from one grade to another
    from the end of a step to the end of the next, all steps together, among the k grades in which
    anybody stood: 0 where nobody ever moves, 1 where the grade after says nothing of the grade
    before. A longer step moves more. Interval over provinces.""",
    cite=(("measurement-of-mobility-1978", "the index of the trace"),),
    splits=BY_REGION,
)
def grade_mobility(seen: Observed) -> dict[str, Estimate]:
    """Shorrocks' index of the moves between grades of every score."""
    moves, standing = seen.steps_of("grade_moves"), seen.steps_of("grades")
    size = round(moves.shape[-1] ** 0.5)
    found = {}
    for number, book in enumerate(seen.names.instruments):
        if len(book.grades) < 2:
            continue
        every = moved(moves[:, :, number], standing[:, :, number, :size])
        # Shares stay between 0 and 1, so the trace does between 0 and the number of grades.
        stood = int(every.sum(axis=0).reshape(size, size).any(axis=1).sum())
        found[book.rulebook] = seen.of_provinces(
            mobility(size),
            *np.moveaxis(every, 1, 0),
            within=(0.0, stood / max(1, stood - 1)),
            undefined="fewer than two grades had anybody in them",
        )
    return found or {"": unknown("no score of the arm has two grades")}


def moved(moves: NDArray[np.int64], standing: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give by province how many went from each grade to each, those who stayed among them.

    ``moves`` are changes in a step [step, province, from x to], ``standing`` persons by grade at
    its end [step, province, grade]. Who stood in a grade at the end of a step and did not leave it
    in the next has stayed.
    """
    steps, provinces, size = standing.shape
    changed = moves.reshape(steps, provinces, size, size).copy()
    places = np.arange(size)
    changed[:, :, places, places] = 0
    stayed = np.maximum(standing[:-1] - changed[1:].sum(axis=-1), 0)
    every = changed[1:].sum(axis=0)
    every[:, places, places] = stayed.sum(axis=0)
    found: NDArray[np.int64] = every.reshape(provinces, size * size)
    return found


@metric(
    "D9",
    "Burden by ability",
    "discrimination",
    unit="yuan per person",
    harm="more is worse",
    definition="""The burden in yuan of a person, by fifths of their means to pay in the baseline,
    where nobody is scored.""",
    cite=(CANNOT,),
    status="assumed",
    splits=("region", "age", "sex", "urban", "work"),
)
def burden_by_ability(seen: Observed) -> dict[str, Estimate]:
    """Burden a person by fifth of means."""
    burden = seen.summed("burden_yuan")
    return {
        group.name: seen.estimate(ratio, burden * group.keep, group.keep, within=POSITIVE)
        for group in groups_of(seen, "means")
    }


@metric(
    "D9a",
    "Ability gap",
    "discrimination",
    unit="ratio of yuan per person",
    harm="more is worse",
    definition="""The burden in yuan of a person of the lowest fifth of means in the baseline over
    that of a person of the highest. Above 1 the stick hits those who are least able.""",
    cite=(CANNOT,),
    status="assumed",
    splits=("region", "age", "sex", "urban", "work"),
)
def ability_gap_ratio(seen: Observed) -> Estimate:
    """Burden a person of the lowest over that of the highest fifth of means."""
    burden, groups = seen.summed("burden_yuan"), groups_of(seen, "means")
    if len(groups) < 2:
        return unknown("all have the same means")
    low, high = groups[0].keep, groups[-1].keep
    return seen.estimate(
        gap_of_sums, burden * low, low, burden * high, high, within=POSITIVE, undefined=NO_BURDEN
    )


METRICS: tuple[Metric, ...] = (
    burden_per_person_year,
    bystander_burden_share,
    spill_over_multiplier,
    concentration,
    grade_mobility,
    burden_by_ability,
    ability_gap_ratio,
)
