"""Due process: who is told and when, who is heard, how long it takes, what remains afterwards.

All but the silent days are counted by province, so their intervals are over provinces, which are
groups of whole communities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.accuracy import NOBODY_LISTED, listings_by_label
from glasshouse.metrics.estimate import (
    POSITIVE,
    SHARE,
    Estimate,
    NotKnown,
    Statistic,
    divided,
    exact,
    median_of,
    of_sums,
    ratio,
    unknown,
)
from glasshouse.metrics.metric import BY_REGION, Metric, metric
from glasshouse.metrics.observed import Observed
from glasshouse.metrics.recourse import ways_off
from glasshouse.metrics.survival import DAYS_A_WEEK, staying

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARTS = {"wrongly listed": slice(1, None), "rightly listed": slice(0, 1)}
"""Labels of listings by whether anything was wrong with them."""

FREE_WITHIN_DAYS = (91, 364)
"""Lengths, in whole weeks, at which the share that is free is told."""

GDPR_22 = ("gdpr-2016", "Article 22: solely automated decisions")
KAPLAN_MEIER = ("incomplete-observations-1958", "the product-limit estimate")
REMEDY = ("human-rights-covenant-1966", "Article 2(3): an effective remedy")
NO_LISTING = "no listing came into force"
NO_REFUSAL = "nobody was refused"


@metric(
    "B1",
    "First known at a counter",
    "due process",
    unit="share of known listings",
    harm="more is worse",
    definition="""Of the listings that their holders came to know of, the share first known from a
    refusal; then from a notice and from the own file. P(first knowledge = refusal). Interval over
    provinces.""",
    cite=(("spc-list-2017", "notice before and after the decision"),),
    splits=BY_REGION,
)
def first_known_at_counter_share(seen: Observed) -> dict[str, Estimate]:
    """Listings first known in one way over listings known."""
    ways = {
        "": seen.total("known_by_refusal"),
        "from a notice": seen.total("known_by_notice"),
        "from the own file": seen.total("known_by_look"),
    }
    known = np.sum(list(ways.values()), axis=0)
    why = "no listing became known"
    return {part: seen.share_of_counts(count, known, why) for part, count in ways.items()}


@metric(
    "B1a",
    "Never known",
    "due process",
    unit="share of listings",
    harm="more is worse",
    definition="""Listings decided in the run of which their holders had heard nothing by its end,
    over all listings decided. Ours. Those decided shortly before the end may yet become known.
    Interval over provinces.""",
    splits=BY_REGION,
)
def never_known_share(seen: Observed) -> Estimate:
    """Listings not known by the end over listings decided."""
    names = ("known_by_refusal", "known_by_notice", "known_by_look")
    known = np.sum([seen.total(name) for name in names], axis=0)
    decided = seen.total("listed").sum(axis=(1, 2))
    return seen.share_of_counts(decided - known, decided, "no listing was decided")


@metric(
    "B1b",
    "Time until known",
    "due process",
    unit="days from the first day listed, median",
    harm="more is worse",
    definition="""The median time from the first day on a list to the day on which the person knows,
    over listings that became known: the middle of the week in which it falls. Interval over
    provinces, by inverting that of the share not yet told.""",
    cite=(KAPLAN_MEIER,),
    splits=BY_REGION,
)
def days_until_known(seen: Observed) -> Estimate:
    """Median weeks from listing to knowledge."""
    weeks = seen.total("known_after")
    return _median(seen, weeks, np.zeros_like(weeks), "no listing became known")


@metric(
    "B2",
    "Silent share of listed days",
    "due process",
    unit="share of days on lists",
    harm="more is worse",
    definition="""Days on a list before the person knew of it, over all days on lists.""",
    cite=(("spc-list-2017", "notice before and after the decision"),),
)
def silent_day_share(seen: Observed) -> Estimate:
    """Silent days over listed days."""
    return seen.estimate(
        ratio, seen.row("silent_days"), seen.listed_days(), within=SHARE, undefined=NOBODY_LISTED
    )


@metric(
    "B2a",
    "Silent days a listed person",
    "due process",
    unit="days per listed person",
    harm="more is worse",
    definition="""Days on a list before the person knew of it, summed over all persons, over the
    persons with at least a day on a list.""",
    cite=(("spc-list-2017", "notice before and after the decision"),),
)
def silent_days_per_listed(seen: Observed) -> Estimate:
    """Silent days over listed persons."""
    return seen.estimate(
        ratio, seen.row("silent_days"), seen.listed_days() > 0, within=POSITIVE,
        undefined=NOBODY_LISTED,
    )  # fmt: skip


@metric(
    "B3",
    "Contest gap",
    "due process",
    unit="share of listings",
    harm="more is worse",
    definition="""1 - contests filed over listings that came into force, for the wrongly and for the
    rightly listed: who does not contest, for want of notice, of law, of time, or of a contest.
    Interval over provinces.""",
    cite=(("robodebt-report-2023", "few of those wronged appealed"),),
    splits=BY_REGION,
)
def contest_gap(seen: Observed) -> dict[str, Estimate]:
    """Listings not contested over listings."""
    contests, listings = seen.total("contests"), listings_by_label(seen)
    found = {}
    for part, labels in PARTS.items():
        every = listings[:, labels].sum(axis=1)
        silent = every - np.minimum(contests[:, labels].sum(axis=1), every)
        found[part] = seen.share_of_counts(silent, every, f"none was {part}")
    return found


@metric(
    "B3a",
    "Without a hearing, without a way out",
    "due process",
    unit="share of wrong listings in force",
    harm="more is worse",
    definition="""Of the wrong listings in force at the end, the share on lists that nobody can
    contest, and the share that no path leads out of: no contest, no end by itself, and nothing that
    the listed could perform. Read from the law in force. Ours.""",
    splits=BY_REGION,
)
def no_way_out_share(seen: Observed) -> dict[str, Estimate]:
    """Wrong listings in force without hearing, and without exit, over wrong listings in force."""
    if seen.names.rules is None:
        raise NotKnown("the law of the run is not at hand")
    stock = seen.last("stock")
    unheard, closed = ways_off(seen.names.rules, seen.names.lists)
    wrong = stock[:, : len(unheard), 1:]
    every = wrong.sum(axis=(1, 2))
    why = "no wrong listing is in force at the end"
    return {
        "unheard": seen.share_of_counts((wrong * unheard[:, 1:]).sum(axis=(1, 2)), every, why),
        "shut in": seen.share_of_counts((wrong * closed[:, 1:]).sum(axis=(1, 2)), every, why),
    }


@metric(
    "B4",
    "Contests won",
    "due process",
    unit="share of contests",
    harm="neither",
    definition="""P(overturned | wrongly listed) and P(overturned | rightly listed), over contests
    filed; one still open at the end counts as not won. Interval over provinces.""",
    cite=(("robodebt-report-2023", "what became of appeals"),),
    splits=BY_REGION,
)
def contests_won_share(seen: Observed) -> dict[str, Estimate]:
    """Contests won over contests filed."""
    filed, won = seen.total("contests"), seen.total("overturned")
    return {
        part: seen.share_of_counts(
            won[:, at].sum(axis=1), filed[:, at].sum(axis=1), f"nobody {part} contested it"
        )
        for part, at in PARTS.items()
    }


@metric(
    "B4a",
    "What a contest tells apart",
    "due process",
    unit="odds ratio",
    harm="less is worse",
    definition="""The odds that a contest of the wrongly listed is won over the odds that one of the
    rightly listed is. 1 where a contest cannot tell right from wrong. Interval over provinces.""",
    cite=(("robodebt-report-2023", "what became of appeals"),),
    splits=BY_REGION,
)
def contest_odds_ratio(seen: Observed) -> Estimate:
    """Odds of winning of the wrongly over those of the rightly listed."""
    filed, won = seen.total("contests"), seen.total("overturned")

    def odds(counted: NDArray[np.float64]) -> NDArray[np.float64]:
        won_1, filed_1, won_0, filed_0 = (counted[..., n] for n in range(4))
        return divided(won_1 * (filed_0 - won_0), won_0 * (filed_1 - won_1))

    sums = [count[:, at].sum(axis=1) for at in PARTS.values() for count in (won, filed)]
    return seen.of_provinces(odds, *sums, undefined="it needs contests of both, won and lost")


@metric(
    "B5",
    "Time to remedy",
    "due process",
    unit="days from the first day listed, median",
    harm="more is worse",
    definition="""The median time from the first day on a list until it has ended and every copy of
    it is right, by Kaplan and Meier, for the wrongly and for the rightly listed: the middle of the
    week in which it falls. What is not over when the run ends counts as long as it was seen.
    Interval over provinces, by inverting that of the share not yet free.""",
    cite=(KAPLAN_MEIER, REMEDY),
    splits=BY_REGION,
)
def days_to_remedy(seen: Observed) -> dict[str, Estimate]:
    """Median weeks from listing to effective restoration."""
    found = {}
    for part, (ended, opened, why) in lengths(seen).items():
        found[part] = _median(seen, ended, opened, f"nobody was {part}").qualified(why)
    return found


@metric(
    "B5a",
    "Free in time",
    "due process",
    unit="share of listings",
    harm="less is worse",
    definition="""The share of listings that have ended, with every copy of them right, within a
    quarter and within a year of their first day, by Kaplan and Meier. Interval over provinces.""",
    cite=(KAPLAN_MEIER, REMEDY),
    splits=BY_REGION,
)
def free_in_time_share(seen: Observed) -> dict[str, Estimate]:
    """1 less the share still there after so many weeks."""
    found = {}
    for part, (ended, opened, why) in lengths(seen).items():
        sums, weeks = np.concatenate([ended, opened], axis=1), ended.shape[1]
        there = staying(ended.sum(axis=0), opened.sum(axis=0))
        last_seen = max(np.flatnonzero((ended + opened).any(axis=0)).tolist(), default=-1)
        for days in FREE_WITHIN_DAYS:
            week = min(days // DAYS_A_WEEK, weeks) - 1
            name = f"{part}, within {days} days"
            # The last week holds all that is longer; where all have ended before, nothing is.
            if there[week] > 0 and last_seen <= week:
                found[name] = unknown(f"no listing was seen for {days} days")
                continue
            free = _free_by(week, weeks)
            found[name] = of_sums(
                sums.astype(np.float64), free, within=SHARE, sizes=seen.sizes(),
                undefined=f"nobody was {part}",
            ).qualified(why)  # fmt: skip
    return found


@metric(
    "B6",
    "Residual copies",
    "due process",
    unit="share of counters told",
    harm="more is worse",
    definition="""Counters that still refuse for a listing that has ended, over the counters that
    the correction had to reach, so many days after its end. The court rule gives three working
    days. Interval over provinces.""",
    cite=(("spc-list-2017", "deletion within three working days"),),
    splits=BY_REGION,
)
def residual_copy_share(seen: Observed) -> dict[str, Estimate]:
    """Copies still wrong at a lag over copies told of."""
    told, late = seen.total("copies_told"), seen.total("copies_late")
    lags = seen.names.axes.get("lag", tuple(str(n) for n in range(late.shape[1])))
    whole = told if told.ndim == 2 else np.repeat(told[:, None], late.shape[1], axis=1)
    return {
        f"after {lag} days": seen.share_of_counts(
            np.minimum(late[:, n], whole[:, n]), whole[:, n], "no listing ended for long enough"
        )
        for n, lag in enumerate(lags)
    }


@metric(
    "B7",
    "Effective remedy",
    "due process",
    unit="share of wrong listings",
    harm="less is worse",
    definition="""Of the wrong listings that came into force, the share that has ended with every
    copy of it right, and the share that was also compensated. No rulebook in the house compensates
    anybody for a wrong listing, so the second is 0 by the law and not by chance. Interval over
    provinces.""",
    cite=(REMEDY, ("childcare-benefits-report-2020", "what was owed to families wrongly accused")),
    splits=BY_REGION,
)
def effective_remedy_share(seen: Observed) -> dict[str, Estimate]:
    """Wrong listings restored, and restored and compensated, over wrong listings."""
    wrong = listings_by_label(seen)[:, 1:].sum(axis=1)
    nobody = "nobody was wrongly listed"
    found = {"restored": unknown("")}
    try:
        restored = seen.total("restored")[:, 1:].sum(axis=(1, 2))
        found["restored"] = seen.share_of_counts(np.minimum(restored, wrong), wrong, nobody)
    except NotKnown as reason:
        found["restored"] = unknown(str(reason))
    law = "no provision of any rulebook in the house compensates"
    found["restored and compensated"] = exact(0.0, law) if wrong.sum() else unknown(nobody)
    return found


@metric(
    "B8",
    "Human review",
    "due process",
    unit="share of decisions",
    harm="less is worse",
    definition="""Decisions to list that a person looked at before they took effect, over all
    decisions to list: 1 - (decisions that rest on automated processing alone) / (all). A grade is a
    decision too where others draw strongly on it; grades are not counted here and nobody reviews
    them. Interval over provinces.""",
    cite=(GDPR_22, ("schufa-judgment-2023", "a score on which others draw strongly")),
    splits=BY_REGION,
)
def human_review_share(seen: Observed) -> Estimate:
    """Decisions reviewed over decisions."""
    reviewed = seen.total("reviewed").sum(axis=1)
    stopped = seen.total("review_stopped").sum(axis=1)
    decided = seen.total("listed").sum(axis=(1, 2)) + stopped
    return seen.share_of_counts(np.minimum(reviewed, decided), decided, "nothing was decided")


@metric(
    "B9",
    "Explanation fidelity",
    "due process",
    unit="share of refusals",
    harm="less is worse",
    definition="""Refusals for which the stated reason is the cause, over all refusals: take the
    reason away and the refusal is gone. Where another bar would have refused all the same, no
    single reason explains it. Interval over provinces.""",
    cite=(("counterfactual-explanations-2018", "without the reason another decision"),),
    splits=BY_REGION,
)
def explanation_fidelity_share(seen: Observed) -> Estimate:
    """Refusals with one sufficient reason over refusals."""
    refusals = seen.total("refusals").sum(axis=1)
    twice = seen.total("refusals_overdetermined").sum(axis=1)
    return seen.share_of_counts(refusals - np.minimum(twice, refusals), refusals, NO_REFUSAL)


@metric(
    "B10",
    "Window closed before knowledge",
    "due process",
    unit="share of listings",
    harm="more is worse",
    definition="""Listings of which the person learned only when the window for a contest had
    closed, over listings that came into force. Those never known by the end are not among the
    former, so this is the least that it can be; a list that nobody can contest has no window, and
    counts as closed from its second day. Interval over provinces.""",
    cite=(("rail-rules-2018", "seven working days to object"),),
    splits=BY_REGION,
)
def window_closed_share(seen: Observed) -> dict[str, Estimate]:
    """Listings known too late to contest over listings."""
    closed, listings = seen.total("window_closed"), listings_by_label(seen)
    if closed.ndim == 1:
        every = listings.sum(axis=1)
        return {"all listed": seen.share_of_counts(np.minimum(closed, every), every, NO_LISTING)}
    found = {}
    for part, labels in PARTS.items():
        every = listings[:, labels].sum(axis=1)
        late = np.minimum(closed[:, labels].sum(axis=1), every)
        found[part] = seen.share_of_counts(late, every, f"nobody was {part}")
    return found


Spells = dict[str, tuple["NDArray[np.int64]", "NDArray[np.int64]", str]]


def lengths(seen: Observed) -> Spells:
    """Give what ended and what was open by province and week, for the wrongly and rightly listed.

    Where the restoration of copies was not counted, the end of the listing stands for it.
    """
    ended, opened, why = seen.total("spells_ended"), seen.last("spells_open"), ""
    if seen.has("restored"):
        ended, opened = _until_restored(seen.total("restored"), ended, opened)
    else:
        why = "the end of the listing alone: copies were not followed"
    return {
        part: (ended[:, labels].sum(axis=1), opened[:, labels].sum(axis=1), why)
        for part, labels in PARTS.items()
    }


def _until_restored(
    restored: NDArray[np.int64], ended: NDArray[np.int64], opened: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give what was restored by week, and what was not by the weeks for which it was seen.

    A listing that ended while a copy still refuses is not restored. It is counted as seen until the
    week in which it ended, the last of which its length is known.
    """
    waiting = np.cumsum(ended, axis=-1) - np.cumsum(restored, axis=-1)
    # The restored are taken from those who ended first, so the waiting are those who ended last.
    left = np.maximum(waiting[..., -1:], 0)
    after = np.cumsum(ended[..., ::-1], axis=-1)[..., ::-1] - ended
    still = np.clip(left - after, 0, ended)
    return restored, opened + still


def _median(
    seen: Observed, ended: NDArray[np.int64], opened: NDArray[np.int64], undefined: str
) -> Estimate:
    weeks = ended.shape[1]
    sums = np.concatenate([ended, opened], axis=1).astype(np.float64)
    return median_of(
        sums,
        lambda some: staying(some[..., :weeks], some[..., weeks:]),
        lambda week: DAYS_A_WEEK * (week + 0.5),
        sizes=seen.sizes(),
        undefined=undefined,
    )


def _free_by(week: int, weeks: int) -> Statistic:
    def free(some: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1.0 - staying(some[..., :weeks], some[..., weeks:])[..., week]

    return free


METRICS: tuple[Metric, ...] = (
    first_known_at_counter_share,
    never_known_share,
    days_until_known,
    silent_day_share,
    silent_days_per_listed,
    contest_gap,
    no_way_out_share,
    contests_won_share,
    contest_odds_ratio,
    days_to_remedy,
    free_in_time_share,
    residual_copy_share,
    effective_remedy_share,
    human_review_share,
    explanation_fidelity_share,
    window_closed_share,
)
