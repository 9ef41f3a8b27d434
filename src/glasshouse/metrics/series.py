"""Series of counts: a break in a trend, with or without a control, and an elasticity.

Both are what somebody outside could estimate, without the twin that a simulation has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FEWEST_STEPS = 3
"""On each side of the break: fewer make no trend."""


class Fit(NamedTuple):
    """A line by least squares: its coefficients, their standard errors, what is left over."""

    coefficients: NDArray[np.float64]
    errors: NDArray[np.float64]
    """nan where no observation is left over."""
    degrees: int
    """Observations less coefficients."""


def least_squares(columns: ArrayLike, values: ArrayLike) -> Fit:
    """Fit values by columns [observation, coefficient]; nan where the columns do not part them."""
    design, y = np.asarray(columns, np.float64), np.asarray(values, np.float64)
    observations, unknown = design.shape
    nothing = np.full(unknown, np.nan)
    degrees = observations - unknown
    if degrees < 0 or np.linalg.matrix_rank(design) < unknown:
        return Fit(nothing, nothing, degrees)
    inverse = np.linalg.inv(design.T @ design)
    found = inverse @ (design.T @ y)
    if degrees == 0:
        return Fit(found, nothing, 0)
    rest = y - design @ found
    errors = np.sqrt(np.diag(inverse) * float(rest @ rest) / degrees)
    return Fit(found, errors, degrees)


class Break(NamedTuple):
    """What an interruption did to a series, in logarithms of the counts."""

    chill: float
    """The share by which the level fell at the break: 1 - exp(level); less than 0 is a rise."""
    chill_error: float
    level: float
    slope: float
    """How much the trend changed, a step."""
    slope_error: float
    degrees: int
    why: str = ""
    """Why there is no answer, where there is none."""


def no_break(why: str) -> Break:
    """Give the answer where there is none, with the reason."""
    nan = float("nan")
    return Break(nan, nan, nan, nan, nan, 0, why)


def interrupted_series(y: ArrayLike, at: int, control: ArrayLike | None = None) -> Break:
    """Estimate ln y[t] = a + b1 t + b2 Post + b3 (t - at) Post, Post from the step ``at`` on.

    ``chill`` is 1 - exp(b2) and ``slope`` b3. With a ``control``, counts that the interruption does
    not touch, y stands for y / control (a difference in differences). The errors are those of least
    squares: they take the steps for independent of one another.
    """
    counts = np.asarray(y, np.float64)
    others = np.ones_like(counts) if control is None else np.asarray(control, np.float64)
    if not FEWEST_STEPS <= at <= len(counts) - FEWEST_STEPS:
        return no_break(
            f"fewer than {FEWEST_STEPS} steps before or after the rules came into force"
        )
    if (counts <= 0).any() or (others <= 0).any():
        return no_break("a step without such an act has no logarithm")
    step = np.arange(len(counts), dtype=np.float64)
    post = (step >= at).astype(np.float64)
    columns = np.stack([np.ones_like(step), step, post, (step - at) * post], axis=1)
    fit = least_squares(columns, np.log(counts / others))
    level, slope = float(fit.coefficients[2]), float(fit.coefficients[3])
    return Break(
        chill=float(-np.expm1(level)),
        chill_error=float(np.exp(level) * fit.errors[2]),
        level=level,
        slope=slope,
        slope_error=float(fit.errors[3]),
        degrees=fit.degrees,
    )


class Elasticity(NamedTuple):
    """By how many per cent something moves with one per cent of a lever."""

    value: float
    error: float
    """Standard error of least squares; nan where two points leave nothing to judge by."""
    points: int
    why: str = ""


def elasticity(lever: ArrayLike, outcome: ArrayLike) -> Elasticity:
    """Estimate d ln outcome / d ln lever over the points of a sweep or over several arms.

    Points where either is not positive have no logarithm and are left out. nan with a reason where
    fewer than two points differ in the lever.
    """
    x, y = np.asarray(lever, np.float64), np.asarray(outcome, np.float64)
    keep = (x > 0) & (y > 0)
    points = int(keep.sum())
    if points < 2 or np.ptp(np.log(x[keep])) == 0:
        nan = float("nan")
        return Elasticity(nan, nan, points, "fewer than two points differ in it")
    columns = np.stack([np.ones(points), np.log(x[keep])], axis=1)
    fit = least_squares(columns, np.log(y[keep]))
    return Elasticity(float(fit.coefficients[1]), float(fit.errors[1]), points)
