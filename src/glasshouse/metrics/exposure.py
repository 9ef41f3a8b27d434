"""What a published list gives away: how many people a masked entry can only mean one of.

A *token* is what a level of publication shows of somebody: codes of synthetic attributes, such as
a province, a year of birth and a sex. Nothing here holds or forms a name, a number or a face; a
level is only the set of attributes that a blurred identity number or a map would give away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LEVELS: dict[str, tuple[str, ...]] = {
    "case": ("province",),
    "blurred": ("province", "birth_year", "sex"),
    "county": ("province", "county", "birth_year", "sex"),
    "birth_month": ("province", "county", "birth_month", "sex"),
}
"""What each level shows: a case number with its court, an identity number with its middle blurred,
the same with its office, and with the month of birth."""


class Exposure(NamedTuple):
    """How exposed the published are at one level."""

    published: int
    unique: int
    """Of them, those whose token nobody else of the society has."""
    among_ten: int
    """Those whose token at most ten people have, themselves included."""

    @property
    def share_unique(self) -> float:
        """The share of the published that a token points out."""
        return self.unique / self.published if self.published else 0.0


def tokens(attributes: Sequence[ArrayLike]) -> NDArray[np.int64]:
    """Give every person the number of their token, from 0; equal attributes have one number."""
    number = np.zeros(np.asarray(attributes[0]).size, np.int64)
    for attribute in attributes:
        # One attribute after the other: sorting numbers is much faster than sorting rows.
        values, place = np.unique(np.asarray(attribute).ravel(), return_inverse=True)
        number = number * len(values) + place.ravel()
        number = np.unique(number, return_inverse=True)[1].ravel()
    return number


def token_sizes(attributes: Sequence[ArrayLike]) -> NDArray[np.int64]:
    """Give for every person how many people of the society have the same token."""
    number = tokens(attributes)
    sizes: NDArray[np.int64] = np.bincount(number)[number] if number.size else number
    return sizes


def exposure(
    attributes: Mapping[str, ArrayLike],
    published: ArrayLike | None = None,
    levels: Mapping[str, tuple[str, ...]] = LEVELS,
) -> dict[str, Exposure]:
    """Give the exposure at every level; ``published`` marks who is (without it everybody).

    A token is judged against the whole society, published or not: that is whom a reader knows.
    """
    found = {}
    for level, shown in levels.items():
        sizes = token_sizes([attributes[name] for name in shown])
        if published is not None:
            sizes = sizes[np.asarray(published, dtype=bool).ravel()]
        found[level] = Exposure(len(sizes), int((sizes == 1).sum()), int((sizes <= 10).sum()))
    return found


def attributes_of(
    province: ArrayLike, county: ArrayLike, birth_month: ArrayLike, sex: ArrayLike
) -> dict[str, NDArray[Any]]:
    """Give the attributes of the levels from columns; places are given by community.

    ``birth_month`` and ``sex`` have the axes community and slot, the places only community. Months
    are counted from the first month of a run, so a year of birth is one of twelve months there.
    """
    months = np.asarray(birth_month, np.int64)
    shape = months.shape
    return {
        "province": np.broadcast_to(np.asarray(province)[:, None], shape),
        "county": np.broadcast_to(np.asarray(county)[:, None], shape),
        "birth_month": months,
        "birth_year": months // 12,
        "sex": np.asarray(sex),
    }


def expected_share_unique(people: int, shares: Sequence[float]) -> float:
    """Give the expected share of unique people where each has token ``t`` with chance shares[t].

    Somebody with a token of share p is alone with it with the chance (1 - p) ** (people - 1).
    """
    chances = np.asarray(shares, float)
    return float((chances * (1.0 - chances) ** (people - 1)).sum())
