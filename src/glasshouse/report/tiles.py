"""Provinces as tiles: one square each, roughly where it lies; no border is drawn.

A province says something of itself only where enough communities of the run stand for it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.report.words import number, of

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_COMMUNITIES = 8
"""Communities that have to stand for a province; with fewer, an interval is a rough one too."""

CHINA = {
    "Heilongjiang": (8, 0), "Inner Mongolia": (5, 1), "Jilin": (8, 1),
    "Xinjiang": (1, 2), "Gansu": (2, 2), "Ningxia": (3, 2), "Shanxi": (4, 2), "Hebei": (5, 2),
    "Beijing": (6, 2), "Liaoning": (7, 2),
    "Qinghai": (2, 3), "Shaanxi": (3, 3), "Henan": (4, 3), "Shandong": (5, 3), "Tianjin": (6, 3),
    "Tibet": (1, 4), "Sichuan": (2, 4), "Chongqing": (3, 4), "Hubei": (4, 4), "Anhui": (5, 4),
    "Jiangsu": (6, 4), "Shanghai": (7, 4),
    "Guizhou": (3, 5), "Hunan": (4, 5), "Jiangxi": (5, 5), "Zhejiang": (6, 5),
    "Yunnan": (2, 6), "Guangxi": (3, 6), "Guangdong": (4, 6), "Fujian": (5, 6),
    "Hainan": (4, 7),
}  # fmt: skip
"""Column and row, from the north-west."""


class Tile(NamedTuple):
    """One province: where its tile stands, and how many communities stand for it."""

    province: str
    title: str
    x: int
    y: int
    communities: int

    @property
    def is_told(self) -> bool:
        """Whether enough communities stand for it to say something of it."""
        return self.communities >= LEAST_COMMUNITIES


def places_of(provinces: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """Give every province a place: on the map that is known, else row by row in a square."""
    if set(provinces) <= CHINA.keys():
        return {name: CHINA[name] for name in provinces}
    wide = max(1, math.ceil(math.sqrt(len(provinces))))
    return {name: (at % wide, at // wide) for at, name in enumerate(provinces)}


def tiles_of(
    titles: Mapping[str, str], persons: Mapping[str, int], community_size: int
) -> tuple[Tile, ...]:
    """Give the tiles of a run with so many rows by province; none where too few are told.

    ``titles`` are those of all provinces of the society. A map wants half of them told.
    """
    places = places_of(tuple(titles))
    tiles = tuple(
        Tile(name, title, *places[name], round(persons.get(name, 0) / community_size))
        for name, title in titles.items()
    )
    told = sum(tile.is_told for tile in tiles)
    return tiles if len(tiles) > 1 and 2 * told >= len(tiles) else ()


def why_no_map(titles: Mapping[str, str], persons: Mapping[str, int], community_size: int) -> str:
    """Say why there is no map of provinces; empty where there is one."""
    if tiles_of(titles, persons, community_size):
        return ""
    if len(titles) == 1:
        return "There is no map of provinces: the society has one province."
    stand = math.ceil(sum(persons.values()) / community_size)
    told = sum(round(rows / community_size) >= LEAST_COMMUNITIES for rows in persons.values())
    have = "no province has" if told == 0 else f"only {of(told, 'province')} have"
    return (
        f"There is no map of provinces: {of(stand, 'community', 'communities')} "
        f"{'stands' if stand == 1 else 'stand'} for {len(titles)} provinces. A province needs "
        f"{number(LEAST_COMMUNITIES)}, and "
        f"{have} as many."
    )
