"""A number of a run beside the number it should be, and the verdict on the two.

A runner gives comparisons; how far apart the two may lie is the row's tolerance, and the chance of
a false alarm is shared out evenly among the comparisons of the row.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import Field, model_validator

from glasshouse.law.validate import Strict, refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

Relation = Literal["equal", "above", "below"]


class Comparison(NamedTuple):
    """What a runner found beside what the formula gives."""

    what: str
    """What is compared, with its unit."""
    value: float
    """What the run gave."""
    expected: float
    """What the formula gives from the parameters; for a sign, the border (usually 0)."""
    error: float
    """Standard error of ``value`` about ``expected``, computed from the run; 0 where exact."""
    relation: Relation = "equal"
    """`above` and `below`: only the side of ``expected`` is claimed."""
    slack: float = 0.0
    """How far apart they may lie beside chance: a bound on rounding, in the unit of ``value``."""
    freedom: float = math.inf
    """Degrees of freedom of ``error`` where it comes from a few replicates (Student's t)."""
    chance: float = math.nan
    """Exact chance of a value this far off if the formula holds, where its law is known."""
    words: str = ""
    """What else a reader should know: where the engine ends, what the slack bounds."""


class Outcome(NamedTuple):
    """The verdict on a comparison."""

    what: str
    value: float
    expected: float
    error: float
    tolerance: float
    """The largest distance that holds, in the unit of ``value``; nan where an exact test decides
    by itself."""
    distance: float
    """(value - expected) / error; nan where there is no error."""
    holds: bool
    relation: Relation
    words: str


class Tolerance(Strict):
    """How far a value may lie from what is expected.

    `monte-carlo`: as far as chance takes it, a false alarm being as rare as `false_alarm` for the
    whole row. `standard-errors`: at most so many standard errors. `factor`: between expected /
    factor and expected x factor, widened by chance. `sign`: on the claimed side of the border by
    more than chance, for what is claimed to be above or below.
    """

    rule: Literal["monte-carlo", "standard-errors", "factor", "sign"]
    false_alarm: Annotated[float, Field(gt=0, le=0.1)] = 1e-4
    at_most: Annotated[float, Field(gt=0, le=10)] | None = None
    factor: Annotated[float, Field(gt=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Tolerance:
        for name, rule in (("at_most", "standard-errors"), ("factor", "factor")):
            if (getattr(self, name) is None) == (self.rule == rule):
                raise refusal(f"`{name}` and the rule {rule} belong together", f"{name}: a number")
        return self

    @property
    def text(self) -> str:
        """The rule in a few words."""
        if self.rule == "standard-errors":
            return f"at most {self.at_most:g} standard errors"
        alarm = f"false alarm {self.false_alarm:g} a row"
        return {
            "monte-carlo": f"Monte Carlo error, {alarm}",
            "factor": f"a factor of {self.factor or 0:g}, widened by chance ({alarm})",
            "sign": f"the sign, beyond chance ({alarm})",
        }[self.rule]


def judged(found: Sequence[Comparison], by: Tolerance) -> tuple[Outcome, ...]:
    """Give the verdict on all comparisons of a row."""
    rate = by.false_alarm / max(len(found), 1)
    return tuple(_judge(one, by, rate) for one in found)


def _judge(one: Comparison, by: Tolerance, rate: float) -> Outcome:
    sigmas = by.at_most if by.at_most is not None else far(rate, one)
    reach = sigmas * one.error if one.error > 0 else 0.0
    tolerance = reach + one.slack
    gap = one.value - one.expected
    if not (math.isfinite(one.value) and math.isfinite(one.expected)):
        holds = one.value == one.expected  # both diverge alike
    elif one.relation == "above":
        holds = gap > tolerance
    elif one.relation == "below":
        holds = gap < -tolerance
    elif by.factor is not None:
        low, high = sorted((one.expected / by.factor, one.expected * by.factor))
        holds = low - tolerance <= one.value <= high + tolerance
        tolerance += max(one.expected - low, high - one.expected)
    else:
        holds = abs(gap) <= tolerance
        if not math.isnan(one.chance) and by.at_most is None:
            holds = holds or one.chance >= rate
    distance = gap / one.error if one.error > 0 else math.nan
    return Outcome(
        one.what, one.value, one.expected, one.error, tolerance, distance, holds, one.relation,
        one.words,
    )  # fmt: skip


def far(rate: float, one: Comparison) -> float:
    """Give how many standard errors off chance takes a value no more often than ``rate``."""
    from scipy import stats

    sides = 2 if one.relation == "equal" else 1
    if math.isinf(one.freedom):
        return float(stats.norm.isf(rate / sides))
    return float(stats.t.isf(rate / sides, one.freedom))


def share(
    what: str, hits: int, trials: int, expected: float, *, crowding: float = 0.0, **more: Any
) -> Comparison:
    """Compare independent hits among trials with their probability, by the exact binomial law.

    ``crowding`` is by how much the variance exceeds the binomial one where trials come in clumps;
    the test is then that of so many fewer trials.
    """
    from scipy import stats

    if trials < 1:
        return Comparison(what, math.nan, expected, 0.0, words="nothing to count")
    error = math.sqrt(max(expected * (1 - expected), 0.0) * (1 + crowding) / trials)
    fewer = max(1, round(trials / (1 + crowding)))
    of_fewer = min(round(hits / (1 + crowding)), fewer)
    exact = stats.binomtest(of_fewer, fewer, min(max(expected, 0.0), 1.0)).pvalue
    return Comparison(what, hits / trials, expected, error, chance=float(exact), **more)


def poisson(what: str, found: int, mean: float, **more: Any) -> Comparison:
    """Compare a count of independent events with its mean, by the exact Poisson law."""
    from scipy import stats

    law = stats.poisson(mean)
    exact = min(1.0, 2 * min(float(law.cdf(found)), float(law.sf(found - 1))))
    return Comparison(what, float(found), mean, math.sqrt(mean), chance=exact, **more)


def mean_of(what: str, values: Any, expected: float, **more: Any) -> Comparison:
    """Compare the mean of independent values with what it should be (Student's t).

    One value alone has no error: the comparison then has none and does not hold.
    """
    import numpy as np

    values = np.asarray(values, float).ravel()
    error = float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else math.nan
    freedom = float(len(values) - 1)
    return Comparison(what, float(values.mean()), expected, error, freedom=freedom, **more)
