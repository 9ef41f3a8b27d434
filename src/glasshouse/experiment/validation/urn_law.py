"""What is known of the urn of records: its exact law after any number of additions.

The law comes from a recursion over how many additions went to the first place; where there is a
closed form, it is given beside it and the tests hold the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.stages.detection.runaway_feedback_2018 import Urn


class Law(NamedTuple):
    """The law of the first place's share after some additions."""

    shares: NDArray[np.float64]
    """Every value that it can have."""
    chances: NDArray[np.float64]

    def mean(self) -> float:
        """The expected share."""
        return float(self.chances @ self.shares)

    def moment(self, order: int) -> float:
        """The central moment of this order; 2 is the variance."""
        return float(self.chances @ (self.shares - self.mean()) ** order)

    def error_of_mean(self, replicates: int) -> float:
        """The standard error of the mean of independent replicates."""
        return float((self.moment(2) / replicates) ** 0.5)

    def error_of_variance(self, replicates: int) -> float:
        """The standard error of the (unbiased) variance of independent replicates."""
        rest = (replicates - 3) / (replicates - 1) * self.moment(2) ** 2
        return float((max(self.moment(4) - rest, 0.0) / replicates) ** 0.5)


def exact_law(urn: Urn, additions: tuple[int, ...]) -> tuple[Law, ...]:
    """Give the law after each of these numbers of additions (they rise).

    With i of k additions at the first place it holds a + c i balls, the other b + c (k - i). An
    addition goes to the first with probability w / (w + v): without correction w is its balls times
    its rate; with it, w and v are the two rates, for the shares cancel.
    """
    (a, b), c = urn.start, urn.balls
    chances: NDArray[np.float64] = np.ones(1)
    found, made = list[Law](), 0
    for until in additions:
        for number in range(made, until):
            at_first = np.arange(number + 1)
            if urn.corrected:
                weights = np.full(number + 1, urn.rates[0]), np.full(number + 1, urn.rates[1])
            else:
                weights = (
                    (a + c * at_first) * urn.rates[0],
                    (b + c * (number - at_first)) * urn.rates[1],
                )
            to_first = chances * weights[0] / (weights[0] + weights[1])
            chances = np.append(chances - to_first, 0.0) + np.append(0.0, to_first)
        made = until
        shares: NDArray[np.float64] = (a + c * np.arange(until + 1.0)) / (a + b + c * until)
        found.append(Law(shares, chances))
    return tuple(found)


def beta_limit(urn: Urn) -> tuple[float, float]:
    """Give mean and variance of the limit with equal rates: Beta(a / c, b / c) of start and balls.

    The law of the share in the limit of an urn of Pólya (Eggenberger and Pólya 1923).
    """
    first, other = (balls / urn.balls for balls in urn.start)
    total = first + other
    return first / total, first * other / (total**2 * (total + 1))


def share_of_limit_reached(urn: Urn, additions: int) -> float:
    """Give what part of the limit's variance is there after n additions: n / (n + (a + b) / c)."""
    return additions / (additions + sum(urn.start) / urn.balls)


def corrected_moments(urn: Urn, additions: int) -> tuple[float, float]:
    """Give mean and variance with the correction: n draws at the true share p join the start.

    Mean (a + c n p) / (a + b + c n), variance n p (1 - p) (c / (a + b + c n))**2.
    """
    true, total = true_share(urn), sum(urn.start) + urn.balls * additions
    mean = (urn.start[0] + urn.balls * additions * true) / total
    return mean, additions * true * (1 - true) * (urn.balls / total) ** 2


def true_share(urn: Urn) -> float:
    """Give the first place's share of what happens."""
    return urn.rates[0] / sum(urn.rates)


def decay_exponent(urn: Urn) -> float:
    """Give how fast the share of the place with the lower rate falls: as n ** -(1 - low / high).

    Each place's balls grow as a Yule process of its rate; the lower is the higher's to the power
    low / high, times something random.
    """
    return 1 - min(urn.rates) / max(urn.rates)
