"""Groups of people: by province, age, sex, town and country, office, means in the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.metrics.estimate import NotKnown
from glasshouse.metrics.observed import KINDS, PERSON, SEXES, Observed

if TYPE_CHECKING:
    from numpy.typing import NDArray

AGES = (0, 18, 30, 45, 60, 75)
"""The first year of every age group; the last is open."""

FIFTHS = ("lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth")
"""Groups of about equal size, by means to pay at the end of the baseline."""


class Group(NamedTuple):
    """Some rows of an arm, and the provinces that they make up, if they do."""

    name: str
    keep: NDArray[np.bool_]
    provinces: tuple[int, ...] = ()


def groups_of(seen: Observed, split: str) -> tuple[Group, ...]:
    """Give the groups of a split; one without rows is left out.

    All splits but `work` make up all persons. `work` has the organisations beside them.
    """
    if not seen.rows:
        raise NotKnown("the run kept counts alone (`--collect counts`) and no outcome rows")
    is_person = np.asarray(seen.rows["kind"] == PERSON)
    return tuple(group for group in _SPLITS[split](seen, is_person) if group.keep.any())


def _by_region(seen: Observed, is_person: NDArray[np.bool_]) -> Iterator[Group]:
    places = np.asarray(seen.rows["province"])
    for number, name in enumerate(seen.names.provinces):
        yield Group(name, is_person & (places == number), (number,))


def _by_age(seen: Observed, is_person: NDArray[np.bool_]) -> Iterator[Group]:
    ages = np.asarray(seen.rows["age_years"])
    for low, above in pairwise(AGES):
        yield Group(f"{low}-{above - 1}", is_person & (ages >= low) & (ages < above))
    yield Group(f"{AGES[-1]} and over", is_person & (ages >= AGES[-1]))
    yield Group("born during the run", is_person & (ages < 0))


def _by_sex(seen: Observed, is_person: NDArray[np.bool_]) -> Iterator[Group]:
    for code, name in enumerate(SEXES):
        yield Group(name, is_person & np.asarray(seen.rows["sex"] == code))


def _by_town(seen: Observed, is_person: NDArray[np.bool_]) -> Iterator[Group]:
    urban = np.asarray(seen.rows["urban"], bool)
    yield Group("town", is_person & urban)
    yield Group("country", is_person & ~urban)


def _by_work(seen: Observed, is_person: NDArray[np.bool_]) -> Iterator[Group]:
    official = np.asarray(seen.rows["official"], bool)
    yield Group("in office", is_person & official)
    yield Group("no office", is_person & ~official)
    for code in range(PERSON + 1, len(KINDS)):
        yield Group(KINDS[code], np.asarray(seen.rows["kind"] == code))


def _by_means(seen: Observed, is_person: NDArray[np.bool_]) -> Iterator[Group]:
    """Equal means stand together, so that the fifths may be unequal where many are alike."""
    means = seen.row("means") if seen.is_baseline else seen.twin_row("means")
    if not is_person.any():
        return
    cuts = np.quantile(means[is_person], [part / len(FIFTHS) for part in range(1, len(FIFTHS))])
    place = np.searchsorted(cuts, means, side="left")
    for number, name in enumerate(FIFTHS):
        yield Group(name, is_person & (place == number))


_SPLITS = {
    "region": _by_region,
    "age": _by_age,
    "sex": _by_sex,
    "urban": _by_town,
    "work": _by_work,
    "means": _by_means,
}
