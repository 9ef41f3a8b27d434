"""A number with its interval: the jackknife that leaves out one group of communities at a time.

Persons of one community share a street, its officials and its neighbours, so they are not so many
independent cases. What is left out and put back is therefore a group of whole communities (or a
province, for counts): Miller 1974, The jackknife, a review; Student's t with one degree of freedom
less than there are groups. The interval says how far the number would move with other communities
of the same society. It does not hold how far another seed would move it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Statistic = Callable[["NDArray[np.float64]"], "NDArray[np.float64]"]
"""A number from sums: the sums stand on the last axis, the axes before it are kept."""

LEVEL = 0.95
"""The share of intervals that hold the truth, over many societies."""

FEW_GROUPS = 8
"""Below so many groups of communities an interval is said to be a rough one."""

ONE_GROUP = "one group of communities alone, so there is no interval"
ONE_PROVINCE = "counts are kept by province, and all are in one: no interval"
TOO_FEW = "without one of the groups it is not defined: no interval"
SHARE = (0.0, 1.0)
POSITIVE = (0.0, math.inf)
ANY = (-math.inf, math.inf)

_HALF = 0.5 + 1e-12
"""Halves are exact in binary, products of shares are not: the last bits are allowed for."""


class NotKnown(Exception):
    """Why a run does not say a number; a metric that meets it gives `nan` and the reason."""


class Estimate(NamedTuple):
    """A number and how sure it is; ``nan`` where it is not defined, never 0 for nothing over 0."""

    value: float
    low: float = math.nan
    """The lower end of the 95 % interval over groups of communities; nan where there is none."""
    high: float = math.nan
    error: float = math.nan
    """The standard error; nan where there is none."""
    groups: int = 0
    """How many groups of communities stand behind the interval."""
    why: str = ""
    """Why the value is nan or has no interval, or what qualifies it."""

    def qualified(self, why: str) -> Estimate:
        """The same with one more qualification."""
        return self._replace(why="; ".join(part for part in (self.why, why) if part))


def unknown(why: str) -> Estimate:
    """Give the estimate of what is not defined or not known, with the reason."""
    return Estimate(math.nan, why=why)


def exact(value: float, why: str = "") -> Estimate:
    """Give a number that no other community could move: a closed form, a rule in force."""
    return Estimate(float(value), float(value), float(value), 0.0, 0, why)


def of_sums(
    sums: NDArray[np.float64],
    statistic: Statistic,
    *,
    within: tuple[float, float] = ANY,
    cut: bool = False,
    sizes: NDArray[np.float64] | None = None,
    undefined: str = "nothing to divide by",
) -> Estimate:
    """Estimate a statistic of sums by the jackknife that leaves out one group at a time.

    ``sums[group, k]`` are sums over each group; a group of nothing but zeros is no group.
    ``within`` is the range of the statistic: a share is put on the logistic scale and a ratio
    without upper end on the logarithmic one, so that no interval leaves the range; ``cut`` keeps
    the interval symmetric and cuts it at the range, for gaps, which may well be none. ``sizes`` are
    the sizes of very unequal groups (provinces): Student's t then has the degrees of freedom of as
    many equal groups as these are worth, (sum n)² / sum n². ``undefined`` says why a value is nan.
    """
    sums = np.asarray(sums, np.float64)
    value = float(_taken(statistic, sums.sum(axis=0)))
    groups = int((sums != 0).any(axis=1).sum())
    if math.isnan(value):
        return Estimate(math.nan, groups=groups, why=undefined)
    if math.isinf(value):
        return Estimate(value, groups=groups, why="infinite: something over nothing")
    found = spread(sums, statistic, sizes)
    if found is None:
        why = ONE_GROUP if sizes is None else ONE_PROVINCE
        return Estimate(value, groups=groups, why=why)
    error, freedom = float(found[0]), found[1]
    if not math.isfinite(error):
        return Estimate(value, groups=groups, why=TOO_FEW)
    low, high, why = interval(value, error, freedom, within, cut=cut)
    return Estimate(value, low, high, error, groups, why)


def spread(
    sums: NDArray[np.float64], statistic: Statistic, sizes: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], float] | None:
    """Give the standard error of a statistic by the jackknife, and Student's degrees of freedom.

    The statistic may have axes of its own behind the group. It is not finite where the statistic is
    not defined without one of the groups, and None where there are no two groups.
    """
    there = (sums != 0).any(axis=1)
    kept = np.asarray(sums, np.float64)[there]
    groups = len(kept)
    if groups < 2:
        return None
    without = _taken(statistic, kept.sum(axis=0) - kept)
    with np.errstate(invalid="ignore"):
        apart = ((without - without.mean(axis=0)) ** 2).sum(axis=0)
    worth = float(groups)
    if sizes is not None:
        size = np.asarray(sizes, np.float64)[there]
        worth = float(size.sum() ** 2 / (size**2).sum()) if size.any() else worth
    return np.sqrt((groups - 1) / groups * apart), max(1.0, worth - 1.0)


def share_of(
    sums: NDArray[np.float64], *, sizes: NDArray[np.float64] | None = None, undefined: str
) -> Estimate:
    """Estimate a share from ``sums[group, (part, whole)]``, where the whole counts single things.

    Where none or all of the whole have it, no group differs and the jackknife is silent; the open
    end is then that of Clopper and Pearson 1934 over single things, which is said.
    """
    sums = np.asarray(sums, np.float64)
    found = of_sums(sums, ratio, within=SHARE, sizes=sizes, undefined=undefined)
    whole = float(sums[:, 1].sum())
    if found.value not in SHARE or whole <= 0:
        return found
    edge = ((1 - LEVEL) / 2) ** (1 / whole)
    ends = (0.0, 1 - edge) if found.value == 0 else (edge, 1.0)
    word = "none" if found.value == 0 else "all"
    why = f"{word} of them: the open end takes every case as one for itself"
    return found._replace(low=ends[0], high=ends[1], error=math.nan, why=why)


def median_of(
    sums: NDArray[np.float64],
    staying: Statistic,
    days: Callable[[int], float],
    *,
    sizes: NDArray[np.float64] | None = None,
    undefined: str = "there was nothing that could last",
) -> Estimate:
    """Estimate how long half last, from ``staying``: the share still there after each step.

    ``staying`` gives its shares on the last axis; ``days`` turns a place there into a length. The
    interval is that of Brookmeyer and Crowley 1982: all lengths at which the share still there may
    be one half, by the jackknife of that share. The last place holds all that is longer, so a half
    that is not reached before it is not known. No standard error is given: that of a median over
    weeks is not what the interval rests on.
    """
    sums = np.asarray(sums, np.float64)
    shares = _taken(staying, sums.sum(axis=0))[..., :-1]
    groups = int((sums != 0).any(axis=1).sum())
    if np.isnan(shares).any():
        return Estimate(math.nan, groups=groups, why=undefined)
    reached = shares <= _HALF
    if not reached.any():
        why = f"fewer than half were off by the end: {100 * (1 - shares[-1]):.3g} % were"
        return Estimate(math.nan, groups=groups, why=why)
    value = days(int(np.argmax(reached)))
    found = spread(sums, lambda some: staying(some)[..., :-1], sizes)
    if found is None:
        why = ONE_GROUP if sizes is None else ONE_PROVINCE
        return Estimate(value, groups=groups, why=why)
    errors, freedom = found
    if not np.isfinite(errors).all():
        return Estimate(value, groups=groups, why=TOO_FEW)
    ends = [
        interval(float(share), float(error), freedom, SHARE) if error > 0 else (share, share, "")
        for share, error in zip(shares, errors, strict=True)
    ]
    first = next((place for place, (low, _, _) in enumerate(ends) if low <= _HALF), 0)
    last = next((place for place, (_, high, _) in enumerate(ends) if high <= _HALF), None)
    if last is None:
        why = "how long it may be at most is not known: the run ends before"
        return Estimate(value, days(first), math.inf, math.nan, groups, why)
    return Estimate(value, days(first), days(last), math.nan, groups)


def ratio(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the first sum over the second; nan where the second is zero."""
    return divided(sums[..., 0], sums[..., 1])


def divided(part: Any, whole: Any) -> NDArray[np.float64]:
    """Give part / whole; nan for nothing over nothing, infinite for something over nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = np.true_divide(part, whole)
    return found


def interval(
    value: float,
    error: float,
    freedom: float,
    within: tuple[float, float] = ANY,
    *,
    cut: bool = False,
) -> tuple[float, float, str]:
    """Give the ends of the 95 % interval around a value, inside the range of the number.

    Inside a range with two ends the interval is symmetric on the logistic scale, above a lower end
    on the logarithmic one, with the error carried over by the slope there; at an end of the range,
    where the slope is none, or where ``cut`` asks for it, it is symmetric and cut at the range.
    Without any error at an end of the range nothing is known of it.
    """
    bottom, top = within
    reach = student(freedom) * error
    at_an_end = value <= bottom or value >= top
    if at_an_end and error == 0:
        return math.nan, math.nan, "at the end of its range in every group: no interval"
    if cut or at_an_end or math.isinf(bottom):
        return min(value, max(bottom, value - reach)), max(value, min(top, value + reach)), ""
    if math.isinf(top):
        width = min(reach / (value - bottom), 300.0)
        high = bottom + (value - bottom) * math.exp(width)
        return bottom + (value - bottom) * math.exp(-width), high, ""
    part = (value - bottom) / (top - bottom)
    width = min(reach / (top - bottom) / (part * (1 - part)), 300.0)
    odds = part / (1 - part)
    low, high = (odds * math.exp(sign * width) for sign in (-1, 1))
    span = top - bottom
    return bottom + span * low / (1 + low), bottom + span * high / (1 + high), ""


def student(freedom: float) -> float:
    """Give the two-sided 95 % quantile of Student's t; infinite freedom gives the normal one."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1 - (1 - LEVEL) / 2))


def _taken(statistic: Statistic, sums: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(statistic(sums), np.float64)
