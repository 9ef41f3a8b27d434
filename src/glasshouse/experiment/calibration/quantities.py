"""What the laboratory counts for a published figure, at the size of the whole society."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from glasshouse.law.published import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

Kind = Literal["so far", "in force", "in the year", "since"]

COURT_LIST = "court-list-as-documented/"


class Quantity(NamedTuple):
    """A count of a run that stands for a published figure."""

    counted: str
    unit: Unit
    kind: Kind
    item: str
    """The beginning of the names that are summed along the count's first axis."""
    item_2: str = ""
    """The same along its second axis; empty for all."""
    since: dt.date | None = None
    said: str = ""
    """What the two do not have in common."""


QUANTITIES: Mapping[str, Quantity] = {
    "court list: names so far": Quantity("listed", "entries", "so far", COURT_LIST),
    "court list: names in force": Quantity("stock", "entries", "in force", COURT_LIST),
    "court list: entries in the year": Quantity("listed", "entries", "in the year", COURT_LIST),
    "court list: removals in the year": Quantity("left", "entries", "in the year", COURT_LIST),
    "court list: complied after listing": Quantity(
        "left", "entries", "so far", COURT_LIST, "performed"
    ),
    "refused by air so far": Quantity("refusals", "refusals", "so far", "flight"),
    "refused by rail so far": Quantity("refusals", "refusals", "so far", "fast_rail"),
    "refused by air since 2014-07-01": Quantity(
        "refusals", "refusals", "since", "flight", since=dt.date(2014, 7, 1)
    ),
    "people refused by air since 2014-07-01": Quantity(
        "attempts", "persons", "since", "flight", since=dt.date(2014, 7, 1),
        said="first tries of a month: somebody refused in two months would count twice",
    ),
}  # fmt: skip
"""By the name of the published figure; figures that are not here are not counted in a run."""


class Series(NamedTuple):
    """A count of one arm by step, at the size of the whole society."""

    ends: NDArray[np.float64]
    """The first day after each step, in days from the first day of the run."""
    values: NDArray[np.float64]
    first_day: dt.date

    def until(self, day: dt.date) -> float:
        """The sum to the end of a day; inside a step it grows evenly."""
        total = np.concatenate([[0.0], np.cumsum(self.values)])
        at = (day - self.first_day).days + 1
        return float(np.interp(at, np.concatenate([[0.0], self.ends]), total))

    def at(self, day: dt.date) -> float:
        """The level at the end of a day; between the ends of steps it moves evenly."""
        at = (day - self.first_day).days + 1
        known = np.concatenate([[0.0], self.values])
        return float(np.interp(at, np.concatenate([[0.0], self.ends]), known))


def value_of(quantity: Quantity, series: Series, on: dt.date) -> float:
    """Give what a run says for a figure on a day."""
    if quantity.kind == "in force":
        return series.at(on)
    if quantity.kind == "so far":
        return series.until(on)
    before = quantity.since or on.replace(year=on.year - 1)
    if quantity.since is not None:
        before -= dt.timedelta(days=1)
    return series.until(on) - series.until(before)


def places_of(
    quantity: Quantity, first: Sequence[str], second: Sequence[str] | None
) -> NDArray[np.bool_]:
    """Mark the cells of a count's flat axis that belong to a quantity.

    ``first`` names the count's first axis and ``second`` the one behind it, if there is one.
    """
    one = np.array([name.startswith(quantity.item) for name in first])
    if second is None:
        return one
    two = np.array([not quantity.item_2 or name == quantity.item_2 for name in second])
    return np.asarray(one[:, None] & two[None, :]).ravel()
