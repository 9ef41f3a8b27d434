"""The numbers of a report: of one run with its interval, of replicates with their spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.metrics.estimate import FEW_GROUPS, student
from glasshouse.metrics.ranges import is_share, within
from glasshouse.metrics.registry import METRICS
from glasshouse.report.measured import MetricRow, metric_rows, rows_of
from glasshouse.report.words import of, rounded, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.report.document.gathered import Group
    from glasshouse.report.observing import Observing

NAN = math.nan

MOST_DECIMALS = 6


class Number(NamedTuple):
    """One metric of one arm: of a run, or over replicates."""

    arm: str
    metric: str
    part: str
    value: float
    low: float
    """The 95 % interval: between groups of communities, or of the mean between seeds."""
    high: float
    error: float
    least: float
    """The lowest and the highest seed; nan for a single run."""
    most: float
    unit: str
    status: str
    why: str

    @property
    def is_known(self) -> bool:
        """Whether there is a number at all."""
        return math.isfinite(self.value)

    @property
    def has_interval(self) -> bool:
        """Whether anything says how far chance moves it."""
        return math.isfinite(self.low) and not math.isnan(self.high)


Key = tuple[str, str, str]
"""Arm, metric, part."""


def numbers_of(group: Group, first: Observing) -> dict[Key, Number]:
    """Give every metric of every policy arm, by arm, metric and part.

    ``first`` is what has been read of the first run.
    """
    every = [row for arm in group.policies for row in rows_of(first.arm(arm), METRICS)]
    runs = [{_key(row): row for row in every}]
    runs += [{_key(row): row for row in metric_rows(archive)} for archive in group.archives[1:]]
    if len(runs) == 1:
        return {key: _alone(row) for key, row in runs[0].items()}
    keys = dict.fromkeys(key for rows in runs for key in rows)
    return {key: _replicated([rows[key] for rows in runs if key in rows], len(runs))
            for key in keys}  # fmt: skip


def _key(row: MetricRow) -> Key:
    return row.arm, row.metric, row.part


def _alone(row: MetricRow) -> Number:
    why = row.why
    if not math.isnan(row.low) and 0 < row.groups < FEW_GROUPS:
        few = f"the interval is from {of(row.groups, 'group')} alone, and so a rough one"
        why = f"{why}; {few}" if why else few
    return Number(
        row.arm, row.metric, row.part, row.value, row.low, row.high, row.error, NAN, NAN,
        row.unit, row.status, why,
    )  # fmt: skip


def _replicated(rows: Sequence[MetricRow], seeds: int) -> Number:
    """The mean over seeds, its Student interval, its Monte Carlo error, and the range."""
    first = rows[0]
    values = np.array([row.value for row in rows if math.isfinite(row.value)])
    stem = (first.arm, first.metric, first.part)
    tail = (first.unit, first.status)
    if not len(values):
        return Number(*stem, NAN, NAN, NAN, NAN, NAN, NAN, *tail, first.why)
    why = "" if len(values) == seeds else f"defined under {len(values)} of {seeds} seeds"
    mean = float(values.mean())
    if len(values) < 2:
        alone = "; ".join(word for word in (why, "one seed alone has it: no interval") if word)
        return Number(*stem, mean, NAN, NAN, NAN, mean, mean, *tail, alone)
    error = float(values.std(ddof=1) / math.sqrt(len(values)))
    reach = student(len(values) - 1) * error
    bottom, top = within(first.metric, values)
    low, high = max(bottom, mean - reach), min(top, mean + reach)
    return Number(
        *stem, mean, low, high, error, float(values.min()), float(values.max()), *tail, why
    )


def between(low: float, high: float) -> str:
    """An interval, where there is one."""
    return "" if math.isnan(low) else f"{shown(low)} to {shown(high)}"


def scale_of(unit: str) -> tuple[float, str]:
    """By how much a number is multiplied in a sentence, and what stands behind it."""
    if is_share(unit) or unit == "share of the baseline":
        return 100.0, " %"
    return 1.0, ""


def in_words(number: Number, *, size: bool = False) -> tuple[str, str]:
    """A number as a sentence says it, and its interval in brackets.

    Both have as many decimals as show two digits of the number, so that it is the one that the
    figures and the tables have, and the first digit of half the interval. ``size`` leaves the sign
    out: the sentence says which way it went.
    """
    scale, unit = scale_of(number.unit)
    value, low, high = (scale * each for each in (number.value, number.low, number.high))
    if size and value < 0:
        value, low, high = -value, -high, -low
    if not math.isfinite(value):
        return "unknown", ""
    half = (high - low) / 2
    if value == 0 and number.has_interval and half > 0:
        places = min(MOST_DECIMALS, max(0, -math.floor(math.log10(half))))
        return f"0{unit}", f"({_fixed(low, places)} to {_fixed(high, places)})"
    if not number.has_interval or not math.isfinite(half) or half <= 0:
        # Without an interval two digits are as much as anybody could mean.
        return f"{rounded(value, 2)}{unit}", ""
    told = 1 - math.floor(math.log10(abs(value)))
    decimals = min(MOST_DECIMALS, max(0, -math.floor(math.log10(half)), told))
    ends = f"{_fixed(low, decimals)} to {_fixed(high, decimals)}"
    return f"{_fixed(value, decimals)}{unit}", f"({ends})"


def _fixed(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text
