"""Shares as 32-bit thresholds, and the integer tables that words are compared with.

Only sums, products and quotients of floats are used, one after the other, because they round alike
on every machine; exponentials and library sums may not.
"""

from __future__ import annotations

from collections.abc import Sequence

WORDS = 1 << 32


def threshold(share: float) -> int:
    """Give the number of 32-bit words below which an event of this share happens."""
    return min(max(int(share * WORDS + 0.5), 0), WORDS)


def cumulative(weights: Sequence[float]) -> list[int]:
    """Give rising thresholds, one a weight; the last is 2**32, which no word reaches."""
    total = 0.0
    for weight in weights:
        total += weight
    running = 0.0
    thresholds = []
    for weight in weights:
        running += weight
        thresholds.append(threshold(running / total))
    # What follows the last weight above zero must not be reached through a rounding error.
    for index in reversed(range(len(weights))):
        thresholds[index] = WORDS
        if weights[index] > 0.0:
            break
    return thresholds


def triangular(least: int, mode: int, most: int) -> list[float]:
    """Give the weights of ``least`` .. ``most``, rising evenly to ``mode`` and falling after."""
    rise, fall = mode - least + 1, most - mode + 1
    return [
        (value - least + 1) / rise if value <= mode else (most - value + 1) / fall
        for value in range(least, most + 1)
    ]


def tilted(weights: Sequence[float], values: Sequence[int], mean: float) -> list[float]:
    """Give shares near ``weights`` whose mean is ``mean``: each weight times a power of its value.

    ``mean`` lies between the least and the greatest value that has a weight.
    """
    low, high = 1e-6, 1e6
    shares: list[float] = []
    for _ in range(200):
        # Bisection on the scale of ratios, without a logarithm.
        base = low * 2.0 if low * 4.0 < high else (low + high) / 2.0
        shares = _powered(weights, values, base)
        if _mean(shares, values) < mean:
            low = base
        else:
            high = base
    return shares


def _powered(weights: Sequence[float], values: Sequence[int], base: float) -> list[float]:
    powered = []
    for weight, value in zip(weights, values, strict=True):
        power = 1.0
        for _ in range(value - values[0]):
            power *= base
        powered.append(weight * power)
    total = 0.0
    for weight in powered:
        total += weight
    return [weight / total for weight in powered]


def _mean(shares: Sequence[float], values: Sequence[int]) -> float:
    total = 0.0
    for share, value in zip(shares, values, strict=True):
        total += share * value
    return total
