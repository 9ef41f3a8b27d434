"""Traps: how one comes off a list, and what being listed does to means and to conduct."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.estimate import Estimate, divided, ratio, unknown
from glasshouse.metrics.metric import BY_REGION, Metric, metric
from glasshouse.metrics.survival import DAYS_A_WEEK, half_life_days, hazard_a_year, km_median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.metrics.observed import Observed

LEVEL = 65536.0
"""The whole of a level (means, trust) as the columns hold it."""

STAYS = 0
"""The reason that is none: the listing goes on."""

NOBODY_LISTED = "nobody was listed"
OWN = "The formula is the lab's own reading of a trap."
HAZARD = ("competing-risks-1978", "cause-specific hazards and their sum")


def exits(seen: Observed) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    """Give the exits by reason and `any`, and the days on lists, each by province."""
    left = seen.total("left").sum(axis=1).astype(np.float64)
    days = seen.total("listed_days").sum(axis=1).astype(np.float64)
    found = {
        reason: left[:, n] for n, reason in enumerate(seen.names.reasons[: left.shape[1]]) if n
    }
    return {"any": left[:, STAYS + 1 :].sum(axis=1), **found}, days


@metric(
    "E1",
    "Exit from lists",
    "traps",
    unit="exits a year on a list",
    harm="less is worse",
    definition="""h: listings that ended over years spent on lists, by what ended them (a contest
    won, performance, the end of the term, a grade that recovered); the causes compete and their
    hazards add up to `any`. Nobody dies in a run, so death is no way off. A constant hazard is
    assumed by the formula, not by the model: where terms are fixed, hazards rise with time.""",
    cite=(HAZARD,),
    splits=BY_REGION,
)
def exit_hazard_a_year(seen: Observed) -> dict[str, Estimate]:
    """Exits a year at risk, by reason."""
    by_reason, days = exits(seen)
    return {
        reason: seen.of_provinces(
            lambda sums: hazard_a_year(sums[..., 0], sums[..., 1]),
            many,
            days,
            undefined=NOBODY_LISTED,
        )
        for reason, many in by_reason.items()
    }


@metric(
    "E1b",
    "Half-life on a list",
    "traps",
    unit="days",
    harm="more is worse",
    definition="""`if the hazard is constant` is ln 2 / h with h of E1; infinite where nobody came
    off. `Kaplan-Meier` is the last day of the week in which half of the listings were off, those
    still open counted as long as they were seen; the two differ where hazards change with time.
    `Kaplan-Meier, wrongly listed` is the same for listings that were wrong.""",
    cite=(("incomplete-observations-1958", "the product-limit estimate"), HAZARD),
    splits=BY_REGION,
)
def trap_half_life_days(seen: Observed) -> dict[str, Estimate]:
    """Days until half are off."""
    by_reason, days = exits(seen)
    constant = seen.of_provinces(
        lambda sums: half_life_days(hazard_a_year(sums[..., 0], sums[..., 1])),
        by_reason["any"],
        days,
        undefined=NOBODY_LISTED,
    )
    if np.isinf(constant.value):
        constant = constant._replace(why="nobody came off a list in the run")
    ended, opened = seen.total("spells_ended").sum(axis=0), seen.last("spells_open").sum(axis=0)
    return {
        "if the hazard is constant": constant,
        "Kaplan-Meier": _half_off(ended.sum(axis=0), opened.sum(axis=0)),
        "Kaplan-Meier, wrongly listed": _half_off(ended[1:].sum(axis=0), opened[1:].sum(axis=0)),
    }


def _half_off(ended: NDArray[np.int64], opened: NDArray[np.int64]) -> Estimate:
    if not ended.sum() + opened.sum():
        return unknown("no such listing")
    week = float(km_median(ended, opened))
    if np.isnan(week):
        return unknown("fewer than half were off by the longest time seen")
    return Estimate(
        week * DAYS_A_WEEK + DAYS_A_WEEK - 1, why="a median by whole weeks, without an interval"
    )


@metric(
    "E1c",
    "Ways off a list",
    "traps",
    unit="share of the exits",
    harm="neither",
    definition="""Competing risks: of the listings that ended, the share that each reason ended.
    With constant hazards it is the chance that the reason comes first, h of the reason over h.""",
    cite=(HAZARD,),
    splits=BY_REGION,
)
def exit_share_by_reason(seen: Observed) -> dict[str, Estimate]:
    """Shares of the reasons among the exits."""
    by_reason, _ = exits(seen)
    whole = by_reason.pop("any")
    return {
        reason: seen.share_of_counts(many, whole, "no listing ended")
        for reason, many in by_reason.items()
    }


@metric(
    "E2",
    "Feedback gain",
    "traps",
    unit="culpable acts a person and year",
    harm="more is worse",
    definition="""G = E[y with the scheme] - E[y without], y the culpable acts of the same person in
    the run, by twins. `listed` are persons with a day on a list, `never listed` the others, whom
    the scheme moves by fear and example alone. The listed do more to begin with, so the same fear
    spares more of their acts: `beyond the others` is y of the listed less y0 of the listed times
    y / y0 of the others. Above 0 listing makes the conduct that it punishes. Acts before the
    listing count on both sides and cancel. Who does more under the scheme is likelier listed, so
    the gain leans upwards. """
    + OWN,
    cite=(("runaway-feedback-2018", "records that feed what is recorded"),),
)
def feedback_gain(seen: Observed) -> dict[str, Estimate]:
    """Culpable acts more than in the baseline, of the listed and of the others."""
    with_it, without = seen.row("acts_culpable"), seen.twin_row("acts_culpable")
    years = seen.names.years
    listed = seen.listed_days() > 0
    more = with_it - without

    def beyond(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        people, mine, mine_before, theirs, theirs_before = np.moveaxis(sums, -1, 0)
        as_the_others = mine_before * divided(theirs, theirs_before)
        return divided(mine - as_the_others, people * years)

    def gain(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return ratio(sums) / years

    return {
        "listed": seen.estimate(gain, more * listed, listed, undefined=NOBODY_LISTED),
        "never listed": seen.estimate(
            gain, more * ~listed, ~listed, undefined="everybody was listed"
        ),
        "beyond the others": seen.estimate(
            beyond, listed, with_it * listed, without * listed, with_it * ~listed,
            without * ~listed, undefined="one of the two groups is empty or did nothing",
        ),
    }  # fmt: skip


@metric(
    "E4",
    "Means lost while listed",
    "traps",
    unit="share of full means",
    harm="more is worse",
    definition="""Means to pay at the end in the baseline less those under the scheme, of the same
    persons: of the `listed` (a day on a list), of the `never listed`, and by how much the listed
    lost more. Means are an index (1 is full); what a refusal costs them is an assumption. """
    + OWN,
    status="assumed",
)
def means_lost(seen: Observed) -> dict[str, Estimate]:
    """Mean fall of the means against the baseline."""
    lost = (seen.twin_row("means") - seen.row("means")) / LEVEL
    listed = seen.listed_days() > 0

    def more(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return ratio(sums[..., :2]) - ratio(sums[..., 2:])

    of_listed, of_others = (lost * listed, listed), (lost * ~listed, ~listed)
    return {
        "listed": seen.estimate(ratio, *of_listed, undefined=NOBODY_LISTED),
        "never listed": seen.estimate(ratio, *of_others, undefined="everybody was listed"),
        "listed more than others": seen.estimate(
            more, *of_listed, *of_others, undefined="one of the two groups is empty"
        ),
    }


@metric(
    "E4b",
    "Listed whom the list made less able to pay",
    "traps",
    unit="share of the listed",
    harm="more is worse",
    definition="""Of the persons with a day on a list, the share whose means to pay at the end are
    below those of their twin in the baseline: the restriction lowered the chance that they pay,
    which in the model goes with means. """
    + OWN,
    status="assumed",
)
def less_able_share_of_listed(seen: Observed) -> Estimate:
    """The share of the listed whose means fell below their twin's."""
    return seen.share(
        seen.row("means") < seen.twin_row("means"), seen.listed_days() > 0, NOBODY_LISTED
    )


METRICS: tuple[Metric, ...] = (
    exit_hazard_a_year,
    trap_half_life_days,
    exit_share_by_reason,
    feedback_gain,
    means_lost,
    less_able_share_of_listed,
)
