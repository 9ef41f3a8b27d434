"""Accuracy: how many of the listed did nothing to be listed for, in persons and in days.

Two notions of wrong stand side by side. By *label*: a listing for what was not theirs, what they
could not do, or what is lawful. By *person*: somebody who carried out no culpable act in the whole
run. Which acts are culpable is declared in the assumptions, not in the rulebook.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.estimate import (
    POSITIVE,
    SHARE,
    Estimate,
    NotKnown,
    divided,
    ratio,
    unknown,
)
from glasshouse.metrics.metric import Metric, metric
from glasshouse.metrics.observed import LABELS, WRONG, Instrument, Observed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NOBODY_LISTED = "nobody was listed"
FDR = ("false-discovery-rate-1995", "the expected share of errors among what is found")
ODDS = ("equality-of-opportunity-2016", "equalised odds: rates of true and of false positives")


def precision(base_rate: ArrayLike, sensitivity: ArrayLike, specificity: ArrayLike) -> ArrayLike:
    """Give the share of those whom a test finds who are rightly found, by Bayes' theorem.

    All are shares between 0 and 1: pi se / (pi se + (1 - pi)(1 - sp)); nan where the test finds
    nobody at all.
    """
    pi, se, sp = (np.asarray(one, np.float64) for one in (base_rate, sensitivity, specificity))
    return divided(pi * se, pi * se + (1 - pi) * (1 - sp))


def false_alarms(gallery: ArrayLike, false_match_rate: ArrayLike) -> ArrayLike:
    """Give how many wrong faces one look-up finds: the size of the gallery times the rate."""
    return np.asarray(gallery, np.float64) * np.asarray(false_match_rate, np.float64)


@metric(
    "A0",
    "Listed persons",
    "accuracy",
    unit="share of persons",
    harm="neither",
    definition="""Persons with at least a day on a list, over all persons. Ours: what the shares
    below are shares of.""",
)
def listed_share(seen: Observed) -> Estimate:
    """Persons on a list for a day over persons."""
    listed = seen.listed_days() > 0
    return seen.share(listed, np.ones(seen.size), "there are no persons here")


@metric(
    "A1",
    "Wrongful listing share",
    "accuracy",
    unit="share of the listed",
    harm="more is worse",
    definition="""Of the persons with at least a day on a list, the share with a day on a list for
    what was not theirs, what they could not do or what is lawful; then each sense apart, where one
    person may stand in several. A false discovery rate: #(listed and wrongly) / #listed.""",
    cite=(FDR,),
)
def wrongful_listing_share(seen: Observed) -> dict[str, Estimate]:
    """Wrongly listed persons over listed persons."""
    listed = seen.listed_days() > 0
    senses = {"": WRONG, **{label.replace("_", " "): (label,) for label in WRONG}}
    return {
        part: seen.share(seen.listed_days(labels) > 0, listed, NOBODY_LISTED)
        for part, labels in senses.items()
    }


@metric(
    "A1a",
    "Wrongful share of listings",
    "accuracy",
    unit="share of listings",
    harm="more is worse",
    definition="""Of the listings that came into force, the share with a label other than
    `rightly`; a person listed twice counts twice. Interval over provinces.""",
    cite=(FDR,),
    splits=("region",),
)
def wrongful_share_of_listings(seen: Observed) -> dict[str, Estimate]:
    """Wrong listings over listings that came into force."""
    labels = listings_by_label(seen)
    every = labels.sum(axis=1)
    found = {"": seen.share_of_counts(labels[:, 1:].sum(axis=1), every, "no listing began")}
    for place, label in enumerate(WRONG, start=1):
        part = label.replace("_", " ")
        found[part] = seen.share_of_counts(labels[:, place], every, "no listing began")
    return found


@metric(
    "A2",
    "False-positive rate",
    "accuracy",
    unit="share of those without a culpable act",
    harm="more is worse",
    definition="""Of the persons who carried out no culpable act in the run, the share with at least
    a day on a list: #(listed and innocent) / #innocent.""",
    cite=(ODDS,),
)
def false_positive_rate(seen: Observed) -> Estimate:
    """Listed persons over persons, both without a culpable act."""
    innocent = seen.row("acts_culpable") == 0
    nobody = "everybody carried out a culpable act"
    return seen.share(seen.listed_days() > 0, innocent, nobody)


@metric(
    "A2a",
    "Refused without a culpable act",
    "accuracy",
    unit="share of those without a culpable act",
    harm="more is worse",
    definition="""Of the persons who carried out no culpable act in the run, the share that was
    refused at a counter at least once. Ours: listed or not, this is what they meet.""",
)
def refused_innocent_share(seen: Observed) -> Estimate:
    """Refused persons over persons, both without a culpable act."""
    innocent = seen.row("acts_culpable") == 0
    return seen.share(seen.row("refusals") > 0, innocent, "everybody carried out a culpable act")


@metric(
    "A3",
    "Wrongful person-days",
    "accuracy",
    unit="days per 1,000 persons and year",
    harm="more is worse",
    definition="""Days on lists for what was not theirs, what they could not do or what is lawful,
    summed over all persons, for 1,000 persons and a year; then each sense apart. A person on two
    lists has two days a day.""",
    cite=(("robodebt-report-2023", "harm is counted in debts raised, and in how long they stood"),),
)
def wrongful_person_days(seen: Observed) -> dict[str, Estimate]:
    """Wrongly listed days over person-years."""
    years = seen.names.years
    if not years > 0:
        raise NotKnown("how long the run lasted is not known")
    person_years = np.full(seen.size, years / 1000)
    senses = {"": WRONG, **{label.replace("_", " "): (label,) for label in WRONG}}
    return {
        part: seen.estimate(
            ratio, seen.listed_days(labels), person_years, within=POSITIVE,
            undefined="there are no persons here",
        )
        for part, labels in senses.items()
    }  # fmt: skip


@metric(
    "A3a",
    "Wrongful share of listed days",
    "accuracy",
    unit="share of days on lists",
    harm="more is worse",
    definition="""Of all days on lists, the share on a list wrongly in any of the three senses.
    Ours: A1 in days, so that long wrongs weigh more than short ones.""",
)
def wrongful_day_share(seen: Observed) -> Estimate:
    """Wrongly listed days over listed days."""
    days = seen.listed_days(), seen.listed_days(WRONG)
    return seen.estimate(ratio, days[1], days[0], within=SHARE, undefined=NOBODY_LISTED)


@metric(
    "A4",
    "Listing as a test",
    "accuracy",
    unit="share",
    harm="less is worse",
    definition="""Listing read as a test for having carried out a culpable act in the run: the base
    rate pi (persons with such an act), the sensitivity se (of them, those listed), the specificity
    sp (of the others, those not listed), and the precision pi se / (pi se + (1 - pi)(1 - sp)) by
    Bayes' theorem. The last part is the precision of a test as good where one in a thousand does
    it.""",
    cite=(("south-wales-faces-2018", "2,297 of 2,470 alerts among 170,000 visitors were false"),),
)
def listing_as_a_test(seen: Observed) -> dict[str, Estimate]:
    """Base rate, sensitivity, specificity, precision."""
    culpable = seen.row("acts_culpable") > 0
    listed = seen.listed_days() > 0
    everybody = np.ones(seen.size)
    nobody = "there are no persons here"
    sums = (culpable, culpable & listed, ~culpable & listed, everybody)

    def at_a_thousandth(counted: NDArray[np.float64]) -> NDArray[np.float64]:
        done, hit, alarm, every = (counted[..., n] for n in range(4))
        innocent = every - done
        return np.asarray(precision(0.001, divided(hit, done), divided(innocent - alarm, innocent)))

    return {
        "base rate": seen.share(culpable, everybody, nobody),
        "sensitivity": seen.share(listed, culpable, "nobody carried out a culpable act"),
        "specificity": seen.share(~listed, ~culpable, "everybody carried out a culpable act"),
        "precision": seen.share(culpable, listed, NOBODY_LISTED),
        "precision at one in a thousand": seen.estimate(
            at_a_thousandth, *sums, within=SHARE,
            undefined="it needs both people with and without a culpable act, and somebody listed",
        ),
    }  # fmt: skip


@metric(
    "A5",
    "Wrong faces per probe",
    "accuracy",
    unit="faces per probe",
    harm="more is worse",
    definition="""Faces falsely taken for the one in view, for one act seen by a channel that
    compares faces with a gallery: its expectation is the size of the gallery times the rate of
    false matches. Interval over provinces.""",
    cite=(("south-wales-faces-2018", "2,297 of 2,470 alerts among 170,000 visitors were false"),),
    splits=("region",),
)
def wrong_faces_per_probe(seen: Observed) -> Estimate:
    """Wrong faces over probes."""
    probes, wrong = seen.total("face_probes"), seen.total("wrong_faces")
    return seen.of_provinces(ratio, wrong, probes, undefined="no channel compares faces")


@metric(
    "A6",
    "Entries without an act of one's own",
    "accuracy",
    unit="share of entries",
    harm="more is worse",
    definition="""Entries written down for somebody without an act of their own behind them, over
    all entries; then, over provinces, those that belong to another person (the wrong number, name
    or face) and those that nobody did (a false report).""",
    cite=(
        ("name-alike-apology", "a court listed another person of the same name for two years"),
        ("account-frozen-eleven-months", "eleven months under somebody else's debt"),
    ),
)
def misattributed_entry_share(seen: Observed) -> dict[str, Estimate]:
    """Entries that are not theirs over entries."""
    nothing = "nothing was written down"
    found = {
        "": seen.estimate(
            ratio, seen.row("entries_not_theirs"), seen.row("entries"), within=SHARE,
            undefined=nothing,
        )
    }  # fmt: skip
    try:
        types = len(seen.names.acts)
        entries, labels = seen.total("entries"), seen.total("entries_by_label")
        false = entries[:, types : 2 * types].sum(axis=1)
        not_theirs, every = labels[:, LABELS.index("not_theirs")], labels.sum(axis=1)
        found["of another person"] = seen.share_of_counts(not_theirs - false, every, nothing)
        found["of nobody"] = seen.share_of_counts(false, every, nothing)
    except NotKnown as reason:
        found |= {part: unknown(str(reason)) for part in ("of another person", "of nobody")}
    return found


@metric(
    "A7",
    "Listed in some arms and not in others",
    "accuracy",
    unit="share of those listed in any arm",
    harm="neither",
    definition="""Of the persons who are listed in at least one policy arm of the run, the share who
    are not listed in every one, though they did, had and met the same. With arms that are meant to
    find the same people it is arbitrariness; with arms of another reach it is only difference.""",
    cite=(("model-multiplicity-2022", "equally accurate rules decide differently on persons"),),
)
def listed_apart_share(seen: Observed) -> Estimate:
    """Persons listed in some but not in all policy arms over persons listed in any."""
    if not seen.others:
        return unknown("the run has one policy arm, so there is none to compare with")
    listed = np.stack([one.listed_days() > 0 for one in (seen, *seen.others)])
    return seen.share(~listed.all(axis=0), listed.any(axis=0), NOBODY_LISTED)


@metric(
    "A7a",
    "Graded apart",
    "accuracy",
    unit="share of those graded twice",
    harm="more is worse",
    definition="""Of the persons to whom two scores with the same words for their grades apply at
    the end of the run (two companies or cities in one arm; or two policy arms), the share whose
    grades differ, though the history behind them is one.""",
    cite=(
        ("model-multiplicity-2022", "equally accurate rules decide differently on persons"),
        ("algorithmic-leviathan-2022", "one arbitrary rule for all is another wrong than many"),
    ),
)
def graded_apart_share(seen: Observed) -> dict[str, Estimate]:
    """Persons with different grades over persons with two grades of one vocabulary."""
    here = [(seen, one) for one in seen.scores()]
    there = [(other, one) for other in seen.others for one in other.scores()]
    return {
        "within the arm": _apart(seen, list(combinations(here, 2))),
        "across arms": _apart(seen, [(a, b) for a in here for b in there]),
    }


Scored = tuple[Observed, Instrument]


def _apart(seen: Observed, pairs: list[tuple[Scored, Scored]]) -> Estimate:
    """Compare the grades of pairs of scores that share their words for grades."""
    alike = [
        (one, other)
        for one, other in pairs
        if one[1].grades == other[1].grades and len(one[1].grades) > 1
    ]
    if not alike:
        return unknown("no two scores share their words for grades")
    twice = np.zeros(seen.size, bool)
    apart = np.zeros(seen.size, bool)
    for one, other in alike:
        first, second = (arm.row(f"grade_{book.rulebook}") for arm, book in (one, other))
        both = (first >= 0) & (second >= 0)
        twice |= both
        apart |= both & (first != second)
    return seen.share(apart, twice, "nobody has two such grades")


def listings_by_label(seen: Observed) -> NDArray[np.int64]:
    """Give the listings that came into force by province and label, ended or still open.

    ``listed`` counts decisions, some of which come into force after the run.
    """
    ended, stock = seen.total("spells_ended").sum(axis=2), seen.last("stock").sum(axis=1)
    found: NDArray[np.int64] = ended + stock
    return found


METRICS: tuple[Metric, ...] = (
    listed_share,
    wrongful_listing_share,
    wrongful_share_of_listings,
    false_positive_rate,
    refused_innocent_share,
    wrongful_person_days,
    wrongful_day_share,
    listing_as_a_test,
    wrong_faces_per_probe,
    misattributed_entry_share,
    listed_apart_share,
    graded_apart_share,
)
