"""Discrimination and distribution: whom it hits, and who bears what others did.

A gap between groups compares the largest with the smallest, so that chance alone opens it, the more
so the smaller the groups are. Groups of fewer than 30 are left out of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.concentration import gini_of, mobility
from glasshouse.metrics.estimate import (
    POSITIVE,
    SHARE,
    Estimate,
    NotKnown,
    Statistic,
    divided,
    ratio,
    unknown,
)
from glasshouse.metrics.groups import groups_of
from glasshouse.metrics.metric import BY_REGION, SPLITS, Metric, metric
from glasshouse.metrics.observed import GROUPS, Observed
from glasshouse.metrics.official_gap import gap_of_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray


FEWEST = 30
"""A group of fewer people is left out of a gap between groups."""

FOUR_FIFTHS = 0.8
"""Below it a selection ratio is flagged."""

SCORE_BINS = 5
NO_BURDEN = "nobody bore a burden"
FEW_GROUPS = f"fewer than two groups have {FEWEST} cases"
ODDS = ("equality-of-opportunity-2016", "equalised odds: the gap of both error rates")
RULE = ("four-fifths-rule-1978", "§ 1607.4 D: under four fifths of the highest rate")
CANNOT = ("unenforceable-cases-2018", "four in ten who do not pay cannot")
GINI = ("variability-and-mutability-1912", "the coefficient of concentration")

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
    "D0",
    "Refused persons",
    "discrimination",
    unit="share of persons",
    harm="more is worse",
    definition="""Persons refused at a counter at least once, over all persons. Ours: refusals are
    tickets and not people.""",
)
def refused_share(seen: Observed) -> Estimate:
    """Refused persons over persons."""
    return seen.share(seen.row("refusals") > 0, np.ones(seen.size), "there are no persons here")


@metric(
    "D0a",
    "Refusals a person refused",
    "discrimination",
    unit="refusals per person refused",
    harm="more is worse",
    definition="""Refusals at counters, repeated tries included, over the persons refused at least
    once. A published number of refusals divided by it is a number of people.""",
    cite=(("refusals-2018-04", "refusals and persons, counted in one window"),),
)
def refusals_per_person_refused(seen: Observed) -> Estimate:
    """Refusals over persons refused."""
    refusals = seen.row("refusals")
    return seen.estimate(
        ratio, refusals, refusals > 0, within=POSITIVE, undefined="nobody was refused"
    )


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
    "D1",
    "Selection ratio of privileges",
    "discrimination",
    unit="ratio of shares",
    harm="less is worse",
    definition="""The smallest over the largest share of persons of a group who were granted a
    privilege at least once: min P(benefit | g) / max P(benefit | g), for the groups of each split.
    Below 0.8 it is flagged, by the four-fifths rule of employment law.""",
    cite=(RULE,),
    splits=(),
)
def privilege_selection_ratio(seen: Observed) -> dict[str, Estimate]:
    """Smallest over largest share with a privilege."""
    return _selection(seen, seen.row("privileges") > 0, "nobody was granted a privilege")


@metric(
    "D1a",
    "Selection ratio of being let through",
    "discrimination",
    unit="ratio of shares",
    harm="less is worse",
    definition="""The same for the benefit of never having been on a list nor refused at a counter:
    the share of the group that is spared least over that of the group that is spared most.""",
    cite=(RULE,),
    splits=(),
)
def spared_selection_ratio(seen: Observed) -> dict[str, Estimate]:
    """Smallest over largest share that was neither listed nor refused."""
    spared = (seen.listed_days() == 0) & (seen.row("refusals") == 0)
    return _selection(seen, spared, "nobody was spared")


def _selection(seen: Observed, benefit: NDArray[np.bool_], nobody: str) -> dict[str, Estimate]:
    def least_over_most(rates: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        return divided(rates[0].min(axis=-1), rates[0].max(axis=-1))

    found = _between(seen, [(benefit, np.ones(seen.size))], least_over_most, nobody)
    return {part: _flagged(one) for part, one in found.items()}


def _flagged(found: Estimate) -> Estimate:
    if found.value < FOUR_FIFTHS:
        return found.qualified("flagged: below four fifths")
    return found


@metric(
    "D2",
    "Equalised-odds gap",
    "discrimination",
    unit="difference of shares",
    harm="more is worse",
    definition="""How far groups differ in being listed among those who carried out a culpable act
    (true-positive rates) and among those who did not (false-positive rates): the larger of the two
    differences between the highest and the lowest group.""",
    cite=(ODDS,),
    splits=(),
)
def equalised_odds_gap(seen: Observed) -> dict[str, Estimate]:
    """The larger of the gaps of true and of false positives."""
    culpable, listed = seen.row("acts_culpable") > 0, seen.listed_days() > 0
    odds: list[Rate] = [(listed & culpable, culpable), (listed & ~culpable, ~culpable)]

    def widest(rates: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        gaps = [one.max(axis=-1) - one.min(axis=-1) for one in rates]
        return np.asarray(np.maximum(*gaps), np.float64)

    return _between(seen, odds, widest, "it needs people with and without a culpable act")


@metric(
    "D3",
    "Calibration gap",
    "discrimination",
    unit="difference of shares",
    harm="more is worse",
    definition="""How far a score says another thing of one group than of all: the largest
    difference between P(culpable act | fifth of the score, group) and the same over all groups.
    For every score of the arm; cells of fewer than 30 people are left out. The score is that at the
    end of the run, the acts those of the whole run.""",
    cite=(("calibration-trade-offs-2017", "calibration within groups"),),
    splits=(),
)
def calibration_gap(seen: Observed) -> dict[str, Estimate]:
    """Largest difference of a group's rate in a fifth of the score from everybody's."""
    books = [book.rulebook for book in seen.scores()]
    if not books:
        return {"": unknown("the arm keeps no score")}
    found = {}
    for book in books:
        points = seen.row(f"score_points_{book}")
        for split in SPLITS:
            found[f"{split}: {book}"] = _calibration(seen, points, split)
    return found


def _calibration(seen: Observed, points: NDArray[np.float64], split: str) -> Estimate:
    is_scored = ~np.isnan(points)
    try:
        groups = groups_of(seen, split)
    except NotKnown as reason:
        return unknown(str(reason))
    if not is_scored.any():
        return unknown("nobody has this score")
    cuts = np.unique(np.quantile(points[is_scored], np.arange(1, SCORE_BINS) / SCORE_BINS))
    bins = np.searchsorted(cuts, np.nan_to_num(points), side="left")
    culpable = seen.row("acts_culpable") > 0
    columns: list[NDArray[np.bool_]] = []
    pooled = []
    for bin_number in range(len(cuts) + 1):
        in_bin = is_scored & (bins == bin_number)
        cells = [in_bin & group.keep for group in groups if (in_bin & group.keep).sum() >= FEWEST]
        for cell in cells:
            columns += [cell & culpable, cell, in_bin & culpable, in_bin]
            pooled.append(bin_number)
    if not columns:
        return unknown(f"no cell of {FEWEST} people")

    def furthest(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        rates = divided(sums[..., 0::2], sums[..., 1::2])
        apart = np.abs(rates[..., 0::2] - rates[..., 1::2])
        found: NDArray[np.float64] = apart.max(axis=-1)
        return found

    return seen.estimate(
        furthest, *columns, within=SHARE, cut=True, undefined="a cell became empty"
    )


@metric(
    "D4",
    "Recorded over true",
    "discrimination",
    unit="ratio of ratios",
    harm="more is worse",
    definition="""Entries for acts of their own, over acts of their own that are culpable, praised
    or lawfully sensitive, in the group where most of it is recorded over the group where least is:
    max (rec/v) / min (rec/v). 1 where everybody is watched alike and does alike. Groups that do
    other acts differ without anybody watching them more; by region, and for each act type alone, it
    is attention.""",
    cite=(("runaway-feedback-2018", "what is recorded follows where one looks"),),
    splits=(),
)
def recorded_over_true_disparity(seen: Observed) -> dict[str, Estimate]:
    """Largest over smallest ratio of recorded to true acts."""
    own = seen.row("entries") - seen.row("entries_not_theirs")
    acts = np.sum([seen.row(f"acts_{sort}") for sort in ("culpable", "lawful", "praised")], axis=0)

    def most_over_least(rates: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        return divided(rates[0].max(axis=-1), rates[0].min(axis=-1))

    nothing = "nothing was done or nothing recorded"
    return _between(seen, [(own, acts)], most_over_least, nothing, within=(1.0, np.inf))


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
    cite=(("worse-than-you-think-2019", "families share what befalls one of them"),),
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
    cite=(("worse-than-you-think-2019", "families share what befalls one of them"),),
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
    unit="Shorrocks index",
    harm="less is worse",
    definition="""(k - trace) / (k - 1) of the shares of persons who go from one grade to another
    within the time that a move is counted over, among k grades in which anybody stood: 0 where
    nobody ever moves, 1 where the grade after says nothing of the grade before. Interval over
    provinces.""",
    cite=(("measurement-of-mobility-1978", "the index of the trace"),),
    splits=BY_REGION,
)
def grade_mobility(seen: Observed) -> dict[str, Estimate]:
    """Shorrocks' index of the moves between grades of every score."""
    moves = seen.total("grade_moves")
    cells = moves.shape[-1]
    size = round(cells**0.5)
    found = {}
    for number, book in enumerate(seen.names.instruments):
        if len(book.grades) < 2:
            continue
        found[book.rulebook] = seen.of_provinces(
            mobility(size), *np.moveaxis(moves[:, number], 1, 0), within=POSITIVE,
            undefined="fewer than two grades had anybody in them",
        )  # fmt: skip
    return found or {"": unknown("no score of the arm has two grades")}


@metric(
    "D8",
    "Official gap",
    "discrimination",
    unit="ratio of chances",
    harm="more is worse",
    definition="""P(sanction | culpable act) of persons without office over that of persons in
    office, with a sanction read as an entry of their own and as a listing. 1 is no gap.""",
    cite=(("worse-than-you-think-2019", "who holds office is spared"),),
    splits=("region", "age", "sex", "urban", "means"),
)
def official_gap_ratio(seen: Observed) -> dict[str, Estimate]:
    """Sanctions an act without office over sanctions an act in office."""
    official = seen.row("official") > 0
    acts = seen.row("acts_culpable")
    sanctions = {
        "entries": seen.row("entries") - seen.row("entries_not_theirs"),
        "listings": seen.row("listings"),
    }
    return {
        part: seen.estimate(
            gap_of_sums, many * ~official, acts * ~official, many * official, acts * official,
            within=POSITIVE, undefined="it needs culpable acts and sanctions on both sides",
        )
        for part, many in sanctions.items()
    }  # fmt: skip


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


Rate = tuple["NDArray[np.float64] | NDArray[np.bool_]", "NDArray[np.float64] | NDArray[np.bool_]"]
"""A part and a whole, row by row."""

Compared = Callable[[list["NDArray[np.float64]"]], "NDArray[np.float64]"]
"""One number from rates by group: an array for each rate, the group on its last axis."""


def _between(
    seen: Observed,
    rates: list[Rate],
    compared: Compared,
    undefined: str,
    within: tuple[float, float] = SHARE,
) -> dict[str, Estimate]:
    """Compare rates of groups, split by split; a rate is a part over a whole, summed over rows.

    Groups whose whole is below 30 are left out of a rate.
    """
    found: dict[str, Estimate] = {}
    for split in SPLITS:
        try:
            groups = groups_of(seen, split)
        except NotKnown as reason:
            found[split] = unknown(str(reason))
            continue
        pairs = [
            [(part * group.keep, whole * group.keep) for group in groups
             if (whole * group.keep).sum() >= FEWEST]
            for part, whole in rates
        ]  # fmt: skip
        if min(len(one) for one in pairs) < 2:
            found[split] = unknown(FEW_GROUPS)
            continue
        columns = [value for one in pairs for pair in one for value in pair]
        found[split] = seen.estimate(
            _comparing(compared, [len(one) for one in pairs]), *columns, within=within,
            cut=True, undefined=undefined,
        )  # fmt: skip
    return found


def _comparing(compared: Compared, groups: list[int]) -> Statistic:
    ends = np.cumsum(groups)[:-1].tolist()

    def of(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return compared(np.split(divided(sums[..., 0::2], sums[..., 1::2]), ends, axis=-1))

    return of


METRICS: tuple[Metric, ...] = (
    refused_share,
    refusals_per_person_refused,
    burden_per_person_year,
    privilege_selection_ratio,
    spared_selection_ratio,
    equalised_odds_gap,
    calibration_gap,
    recorded_over_true_disparity,
    bystander_burden_share,
    spill_over_multiplier,
    concentration,
    grade_mobility,
    official_gap_ratio,
    burden_by_ability,
    ability_gap_ratio,
)
