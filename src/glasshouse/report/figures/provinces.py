"""By province: a tile each, about where it lies; a sentence where too few communities stand there.

A map of provinces drawn from a handful of communities would show which communities happened to be
drawn, so a tile is filled only where enough of them stand behind it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from glasshouse.report.dots import Dot, Line, Panel
from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.by_group import NO_ROWS, SHARES, Measured
from glasshouse.report.figures.dotted import dotted
from glasshouse.report.figures.said import INTERVAL, between, cell, percent
from glasshouse.report.figures.style import INK, QUIET, drawing
from glasshouse.report.tiles import tiles_of, why_no_map
from glasshouse.report.words import number, of, rounded

if TYPE_CHECKING:
    from glasshouse.report.measured import MetricRow
    from glasshouse.report.tiles import Tile

KEY, TITLE = "by-province", "By province"

CODES = {
    "Heilongjiang": "HL", "Xinjiang": "XJ", "Inner Mongolia": "NM", "Liaoning": "LN",
    "Jilin": "JL", "Gansu": "GS", "Ningxia": "NX", "Shanxi": "SX", "Hebei": "HE",
    "Beijing": "BJ", "Tianjin": "TJ", "Tibet": "XZ", "Qinghai": "QH", "Shaanxi": "SN",
    "Henan": "HA", "Shandong": "SD", "Jiangsu": "JS", "Shanghai": "SH", "Sichuan": "SC",
    "Chongqing": "CQ", "Hubei": "HB", "Anhui": "AH", "Zhejiang": "ZJ", "Yunnan": "YN",
    "Guizhou": "GZ", "Hunan": "HN", "Jiangxi": "JX", "Fujian": "FJ", "Guangxi": "GX",
    "Guangdong": "GD", "Hainan": "HI",
}  # fmt: skip
"""The letters of a province in ISO 3166-2:CN; another society's tiles have its own names."""

SHADES = ("#eff3f8", "#c9d8ea", "#9dbbd9", "#6a97c3", "#386fa4", "#174a7c")
SHOWN = (
    "Each tile is a province, about where it lies, with the share of its persons in per cent; the "
    "darker, the more. A tile without a number has too few communities behind it to say anything."
)
LETTERS = "The letters are those of ISO 3166-2; the table has the names and the intervals."


def by_province(material: Material) -> Figure | Missing:
    """Draw who is listed by province, or who is refused where nobody is listed."""
    if not material.has_rows:
        return Missing(KEY, TITLE, NO_ROWS)
    known = material.observing.experiment
    if known is None:
        return Missing(KEY, TITLE, "A map is left out: the society cannot be read again.")
    last = material.arms[0].last("persons")
    persons = {name: int(n) for name, n in zip(material.arms[0].names.provinces, last, strict=True)}
    titles = {row.province: row.title for row in known.society.provinces}
    stand = (titles, persons, material.archive.provenance.scenario.community_size)
    tiles = {tile.province: tile for tile in tiles_of(*stand)}
    if not tiles:
        return Missing(KEY, TITLE, why_no_map(*stand))
    found = _measured(material)
    if found is None:
        return Missing(KEY, TITLE, "Nobody was on a list and nobody was refused in any arm.")
    measured, rows = found
    said = tuple(_said(arm, measured, some, tiles) for arm, some in rows.items())
    if tiles.keys() <= CODES.keys():
        alt = " ".join(("A map of tiles, one a province.", *said))
        svg = _tiles(measured, rows, tiles, alt)
        words: tuple[str, ...] = (SHOWN, *said, LETTERS)
    else:
        alt = " ".join(("Marks with intervals, a line a province.", *said))
        svg = _lines(material, measured, rows, tiles, alt)
        words = (*said, "This society has no map: its provinces lie nowhere.", INTERVAL)
    return Figure(KEY, TITLE, words, svg, alt, _table(measured, rows, tiles))


def _measured(material: Material) -> tuple[Measured, dict[str, dict[str, MetricRow]]] | None:
    """Give the first of the two shares that anybody has, by arm and province."""
    for measured in SHARES:
        found = {}
        for arm in material.policies:
            rows = material.metric(measured.metric, arm.arm, ("region",))
            by_name = {row.group.removeprefix("region "): row for row in rows if row.group}
            if any(row.value > 0 for row in by_name.values()):
                found[arm.arm] = by_name
        if found:
            return measured, found
    return None


def _tiles(
    measured: Measured, rows: dict[str, dict[str, MetricRow]], tiles: dict[str, Tile], alt: str
) -> str:
    known = [100 * row.value for some in rows.values() for name, row in some.items()
             if tiles[name].is_told]  # fmt: skip
    top = max(known) or 1.0
    with drawing(345.0 * len(rows), len(rows)) as canvas:
        for axis, (arm, some) in zip(canvas.panels, rows.items(), strict=True):
            _draw(axis, some, tiles, top)
            lead = f"Arm {arm}: " if len(rows) > 1 else ""
            axis.set_title(f"{lead}{measured.title.lower() if lead else measured.title}, %")
        return canvas.svg(KEY, alt)


def _draw(axis: Any, rows: dict[str, MetricRow], tiles: dict[str, Tile], top: float) -> None:
    from matplotlib.patches import Rectangle

    left = min(tile.x for tile in tiles.values())
    for name, tile in tiles.items():
        column, line = tile.x - left, tile.y
        row = rows.get(name)
        is_known = tile.is_told and row is not None
        value = 100 * row.value if row is not None else math.nan
        place = min(len(SHADES) - 1, int(len(SHADES) * value / top)) if is_known else 0
        letters = "#ffffff" if is_known and place >= 4 else INK
        axis.add_patch(Rectangle(
            (column + 0.03, line + 0.03), 0.94, 0.94, linewidth=0 if is_known else 0.8,
            facecolor=SHADES[place] if is_known else "#ffffff", edgecolor="#9aa5b1",
            linestyle="-" if is_known else (0, (2, 2)),
        ))  # fmt: skip
        axis.text(column + 0.5, line + (0.34 if is_known else 0.5), CODES[name], fontsize=10,
                  ha="center", va="center", color=letters if is_known else QUIET)  # fmt: skip
        if is_known:
            axis.text(column + 0.5, line + 0.68, rounded(value), ha="center", va="center",
                      fontsize=10.5, fontweight="bold", color=letters)  # fmt: skip
    axis.set_xlim(0, 1 + max(tile.x for tile in tiles.values()) - left)
    axis.set_ylim(1 + max(tile.y for tile in tiles.values()), 0)
    axis.set_aspect("equal")
    axis.axis("off")


def _lines(
    material: Material, measured: Measured, rows: dict[str, dict[str, MetricRow]],
    tiles: dict[str, Tile], alt: str,
) -> str:  # fmt: skip
    lines = tuple(
        Line(name, tuple(Dot(arm, *(100 * x for x in (some[name].value, some[name].low,
                                                      some[name].high)))
                         for arm, some in rows.items() if name in some))
        for name, tile in tiles.items() if tile.is_told
    )  # fmt: skip
    arms = [arm.arm for arm in material.policies]
    return dotted((Panel(measured.title, measured.unit, lines),), arms, KEY, alt)


def _said(arm: str, measured: Measured, rows: dict[str, MetricRow], tiles: dict[str, Tile]) -> str:
    known = {name: row for name, row in rows.items() if tiles[name].is_told}
    most = max(known, key=lambda name: known[name].value)
    least = min(known, key=lambda name: known[name].value)
    return (
        f"{measured.title}, arm {arm}: most in {most} ({percent(known[most])}), least in {least} "
        f"({percent(known[least])}), of {of(len(known), 'province')} with enough communities."
    )


def _table(
    measured: Measured, rows: dict[str, dict[str, MetricRow]], tiles: dict[str, Tile]
) -> FigureTable:
    header = ("province", "arm", "communities", f"{measured.title.lower()}, %", "95 % interval")
    lines = tuple(
        (name, arm, number(tiles[name].communities), cell(row.value, 100), between(row, 100))
        for arm, some in rows.items()
        for name, row in some.items()
    )
    return FigureTable(header, lines)
