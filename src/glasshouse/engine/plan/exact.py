"""Real numbers to integer thresholds, the same on every machine.

All arithmetic here is decimal with 50 digits and correctly rounded, because a last bit of a
machine's ``exp`` would otherwise decide which threshold a run uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS_A_YEAR = Decimal("365.2425")
_DIGITS = 50
_EXACT = Context(prec=_DIGITS)


def decimal(number: float | Decimal) -> Decimal:
    """Give the decimal that a number of a file was written as."""
    return number if isinstance(number, Decimal) else Decimal(repr(number))


def threshold(probability: float | Decimal, bits: int) -> int:
    """Give ``probability`` x 2**bits to the nearest integer."""
    return int(_EXACT.to_integral_value(_EXACT.multiply(decimal(probability), 1 << bits)))


def level(share: float | Decimal) -> int:
    """Give a share of a 16-bit level, at most 65535."""
    return min(threshold(share, 16), 65535)


def hazard(rate_per_year: float | Decimal, days: int) -> Decimal:
    """Give the probability of at least one event in ``days`` at a yearly rate."""
    with localcontext() as context:
        context.prec = _DIGITS
        return 1 - (-decimal(rate_per_year) * days / DAYS_A_YEAR).exp()


def share_in(share_per_year: float | Decimal, days: int) -> Decimal:
    """Give the share lost in ``days`` when ``share_per_year`` (0 .. 1) is lost in a year."""
    kept = 1 - decimal(share_per_year)
    if kept <= 0:
        return Decimal(1)
    with localcontext() as context:
        context.prec = _DIGITS
        return 1 - (kept.ln() * days / DAYS_A_YEAR).exp()


def poisson_thresholds(mean: Decimal, steps: int) -> list[int]:
    """Give the 32-bit thresholds P(N <= k), k = 0 .. ``steps`` - 1, of a Poisson count."""
    with localcontext() as context:
        context.prec = _DIGITS
        term = (-mean).exp()
        total = Decimal(0)
        thresholds = []
        for count in range(steps):
            total += term
            thresholds.append(threshold(min(total, Decimal(1)), 32))
            term = term * mean / (count + 1)
        return thresholds


def geometric_thresholds(mean: float | Decimal, steps: int) -> list[int]:
    """Give the 32-bit thresholds of a geometric count from 0 with this mean."""
    with localcontext() as context:
        context.prec = _DIGITS
        again = decimal(mean) / (1 + decimal(mean))
        left = Decimal(1)
        thresholds = []
        for _ in range(steps):
            left *= again
            thresholds.append(threshold(1 - left, 32))
        return thresholds


def geometric_gradient(ratio: float | Decimal, steps: int) -> list[Decimal]:
    """Give ``steps`` factors in geometric progression, last over first ``ratio``, mean 1."""
    return list(_geometric_gradient(decimal(ratio), steps))


@lru_cache(maxsize=1024)
def _geometric_gradient(ratio: Decimal, steps: int) -> tuple[Decimal, ...]:
    with localcontext() as context:
        context.prec = _DIGITS
        log = ratio.ln()
        raw = [(log * place / (steps - 1)).exp() for place in range(steps)]
        mean = sum(raw, Decimal(0)) / steps
        return tuple(factor / mean for factor in raw)


def apportioned(weights: Sequence[Decimal], total: int) -> list[int]:
    """Share ``total`` out by weight with largest remainders; the parts sum to ``total``."""
    whole = sum(weights, Decimal(0))
    with localcontext() as context:
        context.prec = _DIGITS
        exact = [weight * total / whole for weight in weights]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return parts


def apportioned_alike(
    weights: Sequence[Decimal], which: NDArray[np.intp], total: int
) -> NDArray[np.int64]:
    """Give :func:`apportioned` of ``weights[which]``, where many places share few weights."""
    whole = sum(map(weights.__getitem__, which.tolist()), Decimal(0))
    with localcontext() as context:
        context.prec = _DIGITS
        exact = [weight * total / whole for weight in weights]
    parts = [int(part) for part in exact]
    behind = [part - fully for part, fully in zip(parts, exact, strict=True)]
    turn = {value: place for place, value in enumerate(sorted(set(behind)))}
    given = np.array(parts, np.int64)[which]
    turns = np.array([turn[value] for value in behind], np.int64)[which]
    given[np.argsort(turns, kind="stable")[: total - int(given.sum())]] += 1
    return given


def alias_table(weights: Sequence[Decimal]) -> tuple[list[int], list[int]]:
    """Give the cuts (32 bits) and the other ends of an alias table (Walker 1977, Vose 1991).

    A column that is full points to itself, so its cut does not matter.
    """
    count = len(weights)
    if sum(weights, Decimal(0)) == 0:
        return [0] * count, list(range(count))
    left = apportioned(weights, count << 32)
    cut, other = [0] * count, list(range(count))
    small = [at for at in range(count) if left[at] < 1 << 32]
    large = [at for at in range(count) if left[at] >= 1 << 32]
    while small:
        low, high = small.pop(), large[-1]
        cut[low], other[low] = left[low], high
        left[high] -= (1 << 32) - left[low]
        if left[high] < 1 << 32:
            small.append(large.pop())
    return cut, other
