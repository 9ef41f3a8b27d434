"""The columns of a range of communities, as the archive takes them from whoever ran them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from glasshouse.state.columns import ENTRY_POOL, LISTING_POOL, OUTCOME, POOL_SIZES, STATE, STATIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

GROUPS = {
    "rows": STATIC,
    "state": STATE,
    "outcome": OUTCOME,
    "entries": ENTRY_POOL,
    "listings": LISTING_POOL,
    "opened": POOL_SIZES,
}
"""The registry's groups by the field that holds them in a world of columns."""


class Columns(NamedTuple):
    """Consecutive communities; every array has the community as its first axis."""

    first_community: int
    people: NDArray[Any]
    province: NDArray[Any]
    county: NDArray[Any]
    urban: NDArray[Any]
    arrays: Mapping[tuple[str, str], NDArray[Any]]
    """By group and name, with the axes that the registry says."""

    def between(self, first: int, last: int) -> Columns:
        """The communities ``first`` .. ``last`` - 1 of these, as views."""
        return Columns(
            self.first_community + first,
            self.people[first:last],
            self.province[first:last],
            self.county[first:last],
            self.urban[first:last],
            {key: array[first:last] for key, array in self.arrays.items()},
        )


def columns_of(world: Any) -> Columns:
    """Take the columns of a world, whose fields are named as in the registry."""
    arrays = {
        (column.group, column.name): getattr(getattr(world, field), column.name)
        for field, group in GROUPS.items()
        for column in group
    }
    place = world.place
    return Columns(
        int(world.first_community), place.people, place.province, place.county, place.urban, arrays
    )
