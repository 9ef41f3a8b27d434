"""By province: a tile each, about where it lies; a sentence where too few communities stand there.

A map of provinces drawn from a handful of communities would show which communities happened to be
drawn, so a tile is filled only where enough of them stand behind it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.report.dots import Dot, Line, Panel
from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.by_group import NO_ROWS, SHARES, Measured
from glasshouse.report.figures.dotted import dotted
from glasshouse.report.figures.said import INTERVAL, between, cell, percent
from glasshouse.report.figures.style import INK, QUIET, drawing
from glasshouse.report.words import number, of

if TYPE_CHECKING:
    from glasshouse.report.measured import MetricRow

KEY, TITLE = "by-province", "By province"
FEWEST_COMMUNITIES = 3
"""Behind a tile; fewer say more of themselves than of a province."""
FEWEST_TILES = 5
MOST_LINES = 12
"""Provinces of a society without a layout of tiles are drawn as so many lines at most."""

TILES = {
    "Heilongjiang": ("HL", 7, 0), "Xinjiang": ("XJ", 0, 1), "Inner Mongolia": ("NM", 4, 1),
    "Liaoning": ("LN", 6, 1), "Jilin": ("JL", 7, 1), "Gansu": ("GS", 2, 2),
    "Ningxia": ("NX", 3, 2), "Shanxi": ("SX", 4, 2), "Hebei": ("HE", 5, 2),
    "Beijing": ("BJ", 6, 2), "Tianjin": ("TJ", 7, 2), "Tibet": ("XZ", 0, 3),
    "Qinghai": ("QH", 1, 3), "Shaanxi": ("SN", 3, 3), "Henan": ("HA", 4, 3),
    "Shandong": ("SD", 5, 3), "Jiangsu": ("JS", 6, 3), "Shanghai": ("SH", 7, 3),
    "Sichuan": ("SC", 2, 4), "Chongqing": ("CQ", 3, 4), "Hubei": ("HB", 4, 4),
    "Anhui": ("AH", 5, 4), "Zhejiang": ("ZJ", 6, 4), "Yunnan": ("YN", 2, 5),
    "Guizhou": ("GZ", 3, 5), "Hunan": ("HN", 4, 5), "Jiangxi": ("JX", 5, 5),
    "Fujian": ("FJ", 6, 5), "Guangxi": ("GX", 3, 6), "Guangdong": ("GD", 4, 6),
    "Hainan": ("HI", 4, 7),
}  # fmt: skip
"""The code of a province (ISO 3166-2:CN), and the column and the row of its tile."""

SHADES = ("#eff3f8", "#c9d8ea", "#9dbbd9", "#6a97c3", "#386fa4", "#174a7c")
SHOWN = (
    "Each tile is a province, about where it lies, with the share of its persons in per cent; the "
    "darker, the more. A hatched tile has too few communities behind it to say anything."
)
CODES = "The letters are those of ISO 3166-2; the table has the names."


def by_province(material: Material) -> Figure | Missing:
    """Draw who is listed by province, or who is refused where nobody is listed."""
    if not material.has_rows:
        return Missing(KEY, TITLE, NO_ROWS)
    stand = _communities(material)
    enough = [name for name, many in stand.items() if many >= FEWEST_COMMUNITIES]
    needed = min(FEWEST_TILES, len(material.observing.legend.provinces))
    if len(enough) < needed:
        return Missing(KEY, TITLE, _too_few(material, stand, len(enough)))
    found = _measured(material)
    if found is None:
        return Missing(KEY, TITLE, "Nobody was on a list and nobody was refused in any arm.")
    measured, rows = found
    said = tuple(_said(arm, measured, some, stand) for arm, some in rows.items())
    if set(stand) <= set(TILES):
        alt = " ".join(("A map of tiles, one a province.", *said))
        svg = _tiles(measured, rows, stand, alt)
        words: tuple[str, ...] = (SHOWN, *said, CODES, INTERVAL)
    elif len(enough) <= MOST_LINES:
        alt = " ".join(("Marks with intervals, a line a province.", *said))
        svg = _lines(material, measured, rows, enough, alt)
        words = (*said, "This society has no map: its provinces lie nowhere.", INTERVAL)
    else:
        return Missing(KEY, TITLE, "A map is left out: this society has no layout of tiles.")
    return Figure(KEY, TITLE, words, svg, alt, _table(measured, rows, stand))


def _communities(material: Material) -> dict[str, int]:
    """Give how many communities of the run stand in each province that has any."""
    arm = material.arms[0]
    places = np.unique(
        np.stack([arm.row("province"), arm.row("community")], axis=1).astype(np.int64), axis=0
    )
    many = np.bincount(places[:, 0], minlength=len(arm.names.provinces))
    return {name: int(n) for name, n in zip(arm.names.provinces, many, strict=True) if n}


def _too_few(material: Material, stand: dict[str, int], enough: int) -> str:
    """Say why there is no map, and what would make one."""
    provinces = len(material.observing.legend.provinces)
    have = "none has" if not enough else "1 has" if enough == 1 else f"{enough} have"
    return (
        f"A map is left out: of {provinces} provinces {have} {FEWEST_COMMUNITIES} communities or "
        f"more in this run (the most is {max(stand.values(), default=0)}), and fewer say more of "
        "themselves than of a province. Run more people, or smaller communities "
        "(`--set community_size=256`)."
    )


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
    measured: Measured, rows: dict[str, dict[str, MetricRow]], stand: dict[str, int], alt: str
) -> str:
    known = [100 * row.value for some in rows.values() for name, row in some.items()
             if stand.get(name, 0) >= FEWEST_COMMUNITIES]  # fmt: skip
    top = max(known) or 1.0
    with drawing(345.0 * len(rows), len(rows)) as canvas:
        for axis, (arm, some) in zip(canvas.panels, rows.items(), strict=True):
            _draw(axis, some, stand, top)
            lead = f"Arm {arm}: " if len(rows) > 1 else ""
            axis.set_title(lead + (measured.title if not lead else measured.title.lower()))
        return canvas.svg(KEY, alt)


def _draw(axis: Any, rows: dict[str, MetricRow], stand: dict[str, int], top: float) -> None:
    from matplotlib.patches import Rectangle

    for name, (code, column, line) in TILES.items():
        row = rows.get(name)
        is_known = stand.get(name, 0) >= FEWEST_COMMUNITIES and row is not None
        value = 100 * row.value if row is not None else math.nan
        place = min(len(SHADES) - 1, int(len(SHADES) * value / top)) if is_known else 0
        letters = "#ffffff" if is_known and place >= 3 else INK
        axis.add_patch(Rectangle(
            (column + 0.03, line + 0.03), 0.94, 0.94, linewidth=0 if is_known else 0.8,
            facecolor=SHADES[place] if is_known else "#ffffff", edgecolor="#9aa5b1",
            hatch=None if is_known else "//",
        ))  # fmt: skip
        if not is_known:
            axis.add_patch(Rectangle((column + 0.22, line + 0.3), 0.56, 0.4, facecolor="#ffffff",
                                     linewidth=0))  # fmt: skip
        axis.text(column + 0.5, line + (0.34 if is_known else 0.5), code, ha="center", va="center",
                  fontsize=10, color=letters if is_known else QUIET)  # fmt: skip
        if is_known:
            axis.text(column + 0.5, line + 0.68, cell(value), ha="center", va="center",
                      fontsize=10.5, fontweight="bold", color=letters)  # fmt: skip
    axis.set_xlim(0, 8)
    axis.set_ylim(8, 0)
    axis.set_aspect("equal")
    axis.axis("off")


def _lines(
    material: Material, measured: Measured, rows: dict[str, dict[str, MetricRow]],
    enough: list[str], alt: str,
) -> str:  # fmt: skip
    lines = tuple(
        Line(name, tuple(Dot(arm, *(100 * x for x in (some[name].value, some[name].low,
                                                      some[name].high)))
                         for arm, some in rows.items() if name in some))
        for name in enough
    )  # fmt: skip
    arms = [arm.arm for arm in material.policies]
    return dotted((Panel(measured.title, measured.unit, lines),), arms, KEY, alt)


def _said(arm: str, measured: Measured, rows: dict[str, MetricRow], stand: dict[str, int]) -> str:
    known = {name: row for name, row in rows.items() if stand.get(name, 0) >= FEWEST_COMMUNITIES}
    most = max(known, key=lambda name: known[name].value)
    least = min(known, key=lambda name: known[name].value)
    return (
        f"{measured.title}, arm {arm}: most in {most} ({percent(known[most])}), least in {least} "
        f"({percent(known[least])}), of {of(len(known), 'province')} with enough communities."
    )


def _table(
    measured: Measured, rows: dict[str, dict[str, MetricRow]], stand: dict[str, int]
) -> FigureTable:
    header = ("province", "arm", "communities", f"{measured.title.lower()}, %", "95 % interval")
    lines = tuple(
        (name, arm, number(stand.get(name, 0)), cell(row.value, 100), between(row, 100))
        for arm, some in rows.items()
        for name, row in some.items()
    )
    return FigureTable(header, lines)
