"""How long it takes until a listed person is free, those still on a list at the end included."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.metrics.due_process import FREE_WITHIN_DAYS, lengths
from glasshouse.metrics.estimate import SHARE, interval, spread
from glasshouse.metrics.survival import DAYS_A_WEEK, staying
from glasshouse.report.figure import Figure, FigureTable, Material, Missing
from glasshouse.report.figures.said import between, cell, percent, rough
from glasshouse.report.figures.style import beside, drawing
from glasshouse.report.words import number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.metrics.observed import Observed

KEY, TITLE = "days-to-freedom", "How long until they are free"
SHOWN = (
    "Of the listings that came into force, the share not yet free after so many days: still on "
    "the list, or off it while a counter still refuses for an old copy. It is the estimate of "
    "Kaplan and Meier."
)
CENSORED = (
    "Listings still open when the run ends count for as long as they were seen, so nobody is taken "
    "to be free because the run was short. A line stops at the longest time seen; beyond it "
    "nothing is known."
)
BAND = "Bands are 95 % intervals over provinces."
LOOK = {"wrongly listed": ("#b45309", "-"), "rightly listed": ("#52606d", (0, (5, 2)))}
CITE = ("incomplete-observations-1958",)


class Curve(NamedTuple):
    """The share not yet free after every week, of listings of one part in one arm."""

    part: str
    listings: int
    still: int
    """Listings not free when the run ended."""
    days: NDArray[np.float64]
    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def days_to_freedom(material: Material) -> Figure | Missing:
    """Draw the shares not yet free, wrongly and rightly listed, a panel an arm."""
    found = {arm.arm: _curves(arm) for arm in material.policies}
    found = {arm: curves for arm, curves in found.items() if curves}
    if not found:
        return Missing(KEY, TITLE, "No listing came into force in any arm.")
    said = tuple(_said(material, arm, curve) for arm, curves in found.items() for curve in curves)
    alt = " ".join(("Falling lines with bands, days on a list along the foot.", *said))
    has_band = False
    with drawing(200.0 * len(found) + 20, len(found)) as canvas:
        for axis, (arm, curves) in zip(canvas.panels, found.items(), strict=True):
            _draw(axis, curves)
            axis.set_title(f"Arm {arm}: not yet free" if len(found) > 1 else "Not yet free")
            has_band |= any(np.isfinite(curve.low).any() for curve in curves)
        svg = canvas.svg(KEY, alt)
    rows = [row for arm in found for row in material.metric("free_in_time_share", arm)]
    words = (SHOWN, *said, CENSORED, *((BAND,) if has_band else ()), *rough(rows))
    return Figure(KEY, TITLE, words, svg, alt, _table(material, found), CITE)


def _curves(arm: Observed) -> list[Curve]:
    found = []
    for part, (ended, opened, _) in lengths(arm).items():
        seen = (ended + opened).sum(axis=0)
        if not seen.any():
            continue
        weeks = int(np.flatnonzero(seen)[-1]) + 1
        shares = staying(ended.sum(axis=0), opened.sum(axis=0))[:weeks]
        low, high = _band(arm, ended, opened, shares)
        found.append(Curve(
            part, int(seen.sum()), int(opened.sum()),
            DAYS_A_WEEK * np.arange(weeks + 1.0), *(
                np.concatenate([[1.0], each]) for each in (shares, low, high)
            ),
        ))  # fmt: skip
    return found


def _band(
    arm: Observed, ended: NDArray[np.int64], opened: NDArray[np.int64], shares: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the ends of the interval of every share; nan where there is none."""
    weeks, wide = len(shares), ended.shape[1]
    low, high = np.full(weeks, math.nan), np.full(weeks, math.nan)
    sums = np.concatenate([ended, opened], axis=1).astype(np.float64)
    apart = spread(
        sums, lambda some: staying(some[..., :wide], some[..., wide:])[..., :weeks], arm.sizes()
    )
    if apart is None:
        return low, high
    errors, freedom = apart
    for week, (share, error) in enumerate(zip(shares, errors, strict=True)):
        if math.isfinite(error):
            low[week], high[week], _ = interval(float(share), float(error), freedom, SHARE)
    return low, high


def _draw(axis: Any, curves: list[Curve]) -> None:
    labels = []
    for curve in curves:
        colour, stroke = LOOK[curve.part]
        days, shares, low, high = _thinned(curve)
        axis.fill_between(days, 100 * low, 100 * high, step="post", color=colour, alpha=0.15,
                          linewidth=0)  # fmt: skip
        axis.step(days, 100 * shares, where="post", color=colour, linewidth=1.9, linestyle=stroke)
        axis.plot(days[-1], 100 * shares[-1], marker="|", color=colour, markersize=9,
                  markeredgewidth=1.9)  # fmt: skip
        labels.append((float(100 * shares[-1]), f"{curve.part}\n({number(curve.listings)})",
                       colour))  # fmt: skip
    longest = max(float(curve.days[-1]) for curve in curves)
    axis.set_ylim(0, 103)
    axis.set_xlim(0, longest)
    axis.axhline(50, color="#9aa5b1", linewidth=0.9)
    for limit in FREE_WITHIN_DAYS:
        if limit < longest:
            axis.axvline(limit, color="#cbd2d9", linewidth=0.9, linestyle=(0, (2, 2)))
    axis.set_ylabel("% of listings")
    axis.set_xlabel("days since the listing began")
    axis.locator_params(axis="x", nbins=6)
    axis.set_yticks([0, 25, 50, 75, 100])
    beside(axis, labels, 0.17)


def _thinned(curve: Curve) -> tuple[NDArray[np.float64], ...]:
    """Give about forty points of a curve, the first and the last among them."""
    stride = max(1, len(curve.days) // 40)
    chosen = np.unique(np.append(np.arange(0, len(curve.days), stride), len(curve.days) - 1))
    return tuple(each[chosen] for each in (curve.days, curve.share, curve.low, curve.high))


def _said(material: Material, arm: str, curve: Curve) -> str:
    quarter, year = (material.one("free_in_time_share", arm, f"{curve.part}, within {n} days")
                     for n in FREE_WITHIN_DAYS)  # fmt: skip
    known = [f"{percent(row)} were free within {days} days"
             for row, days in zip((quarter, year), FREE_WITHIN_DAYS, strict=True)
             if not math.isnan(row.value)]  # fmt: skip
    of = (
        f"{curve.part.capitalize()} in arm {arm}: of {number(curve.listings)} listings "
        f"{number(curve.still)} were not free when the run ended"
    )
    return "; ".join((of, *known)) + "."


def _table(material: Material, found: dict[str, list[Curve]]) -> FigureTable:
    header = ("arm", "listings", "what", "value", "95 % interval", "note")
    rows = []
    for arm, curves in found.items():
        for curve in curves:
            rows.append((arm, curve.part, "listings", number(curve.listings), "", ""))
            rows.append((arm, curve.part, "not free at the end", number(curve.still), "", ""))
            for days in FREE_WITHIN_DAYS:
                row = material.one("free_in_time_share", arm, f"{curve.part}, within {days} days")
                rows.append((arm, curve.part, f"free within {days} days, %",
                             cell(row.value, 100), between(row, 100), row.why))  # fmt: skip
            row = material.one("days_to_remedy", arm, curve.part)
            rows.append((arm, curve.part, "days until half are free", cell(row.value),
                         between(row), row.why))  # fmt: skip
    return FigureTable(header, tuple(rows))
