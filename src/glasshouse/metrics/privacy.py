"""Privacy: what is shown of the listed, whom a masked entry can only mean, what a breach reads.

Nothing here holds or forms an identity: an attribute is a code of a synthetic person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.estimate import Estimate, ratio, unknown
from glasshouse.metrics.exposure import expected_share_unique, token_sizes, tokens
from glasshouse.metrics.metric import BY_REGION, Metric, metric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.metrics.observed import Observed

SHOWN: dict[str, tuple[str, ...]] = {
    "province": ("province",),
    "masked": ("province", "age_years", "sex"),
    "map": ("community", "age_years", "sex"),
}
"""What is shown, as columns of the rows: a case with its court; a number with its middle masked,
which leaves place, year of birth and sex; the same with a street or a village on a map."""

OWN = "The formula is the lab's own."
MAP = ("debtor-map-2019", "debtors shown within 500 metres")


def _flat(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(counts.reshape(len(counts), -1).sum(axis=1), np.float64)


@metric(
    "F12",
    "Exposed days",
    "privacy",
    unit="days a person and year",
    harm="more is worse",
    definition="""Days on published lists over person-years, by what is shown of a name, and in
    `all`. One person on two lists counts twice. Times the audience it would be exposure; how many
    read such lists is not known, so it is days. """
    + OWN,
    cite=(MAP,),
    splits=BY_REGION,
)
def exposed_days_a_person_year(seen: Observed) -> dict[str, Estimate]:
    """Exposed person-days, by display."""
    days = seen.total("exposed_days").astype(np.float64)
    people = _flat(seen.last("persons")) * seen.names.years
    names = seen.names.axes.get("display", tuple(map(str, range(days.shape[1]))))
    found = {"all": seen.of_provinces(ratio, days.sum(axis=1), people, undefined="nobody is there")}
    for place, name in enumerate(names):
        found[name] = seen.of_provinces(ratio, days[:, place], people, undefined="nobody is there")
    return found


@metric(
    "F12b",
    "People whom a masked entry can only mean",
    "privacy",
    unit="share",
    harm="more is worse",
    definition="""The share whose shown attributes nobody else of the society has: `province` shows
    that alone, `masked` province, year of birth and sex, `map` community, year of birth and sex;
    `of the listed` among those with a day on a list, `of all` among all. A reader knows the whole
    society, so everybody hides everybody. A society smaller than the published one has fewer to
    hide among: `masked, at full size` is sum over tokens of p (1 - p)^(n - 1) with the shares p of
    this run and the n of the published tables. Listed people are counted whether or not their list
    is published. """
    + OWN,
    cite=(MAP,),
    splits=BY_REGION,
)
def unique_share(seen: Observed) -> dict[str, Estimate]:
    """Shares of people who are alone with what is shown."""
    listed = seen.listed_days() > 0
    everybody = np.ones(seen.size, bool)
    found: dict[str, Estimate] = {}
    for level, shown in SHOWN.items():
        sizes = token_sizes([seen.row(name) for name in shown])
        found[f"{level}, of the listed"] = seen.share(sizes == 1, listed, "nobody was listed")
        found[f"{level}, of all"] = seen.share(sizes == 1, everybody, "there is nobody")
    found["masked, at full size"] = _at_full_size(seen)
    return found


def _at_full_size(seen: Observed) -> Estimate:
    if not np.isfinite(seen.names.stands_for):
        return unknown("how many persons a row stands for is not known")
    if not seen.size or seen.group:
        return unknown("known for the whole society only")
    many = np.bincount(tokens([seen.row(name) for name in SHOWN["masked"]]))
    people = round(seen.size * seen.names.stands_for)
    share = expected_share_unique(people, list(many / many.sum()))
    return Estimate(share, why="by formula, from the shares of this run; without an interval")


@metric(
    "F12c",
    "Breach",
    "privacy",
    unit="a thousand people",
    harm="more is worse",
    definition="""What an outsider read, over all people: `people` whose file was read, `records` in
    those files, `scores altered`, each for a thousand people. The breach comes in a month that the
    scenario sets (`threats.breach_month`) or not at all: whether it comes is no result, and a
    yearly chance p makes the expected records p times these. """
    + OWN,
    status="hypothetical",
    splits=BY_REGION,
)
def breach_per_thousand(seen: Observed) -> dict[str, Estimate]:
    """Files, entries and scores that an outsider reached, for a thousand people."""
    people = _flat(seen.last("persons")) / 1000.0
    counts = (
        ("people", "people_exposed"),
        ("records", "records_breached"),
        ("scores altered", "people_altered"),
    )
    return {
        part: seen.of_provinces(ratio, _flat(seen.total(name)), people, undefined="nobody is there")
        for part, name in counts
    }


METRICS: tuple[Metric, ...] = (exposed_days_a_person_year, unique_share, breach_per_thousand)
