"""Discrimination: whom it hits, and how far groups are apart.

A gap between groups compares the largest with the smallest, so that chance alone opens it, the more
so the smaller the groups are. Groups of fewer than 30 are left out of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

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
from glasshouse.metrics.metric import SPLITS, Metric, metric
from glasshouse.metrics.observed import Observed
from glasshouse.metrics.official_gap import gap_of_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray


FEWEST = 30
"""A group of fewer people is left out of a gap between groups."""

FOUR_FIFTHS = 0.8
"""Below it a selection ratio is flagged."""

SCORE_BINS = 5
FEW_GROUPS = f"fewer than two groups have {FEWEST} cases"
ODDS = ("equality-of-opportunity-2016", "equalised odds: the gap of both error rates")
RULE = ("four-fifths-rule-1978", "§ 1607.4 D: under four fifths of the highest rate")


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
        ratio, refusals, refusals > 0, within=(1.0, np.inf), undefined="nobody was refused"
    )


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
    privilege_selection_ratio,
    spared_selection_ratio,
    equalised_odds_gap,
    calibration_gap,
    recorded_over_true_disparity,
    official_gap_ratio,
)
