"""How long things last: Kaplan and Meier's estimate from counts by weeks, and a constant hazard.

Whatever is still open when a run ends counts as long as it was seen; without that the long ones
would be left out and everybody would seem to be free soon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

DAYS_A_WEEK = 7
DAYS_A_YEAR = 365.25

HALF = 0.5 + 1e-12
"""Halves are exact in binary, products of shares are not: the last bits are allowed for."""


def staying(ended: ArrayLike, opened: ArrayLike) -> NDArray[np.float64]:
    """Give the share still there after each week, by Kaplan and Meier; the week is the last axis.

    ``ended`` counts what ended and ``opened`` what was still open at the end, by whole weeks of
    length. Within a week those who leave are taken to leave before those who are lost sight of.
    It is nan where there was nothing at all.
    """
    off = np.asarray(ended, np.float64)
    seen = off + np.asarray(opened, np.float64)
    at_risk = np.cumsum(seen[..., ::-1], axis=-1)[..., ::-1]
    stays = np.where(at_risk > 0, 1.0 - off / np.where(at_risk > 0, at_risk, 1.0), 1.0)
    shares = np.asarray(np.cumprod(stays, axis=-1), np.float64)
    return np.where(at_risk[..., :1] > 0, shares, np.nan)


def km_median(ended: ArrayLike, opened: ArrayLike) -> NDArray[np.float64]:
    """Give the week of length in which half are off, by Kaplan and Meier; nan where none is known.

    The last week holds all that is longer, so a median there is not known and not reached.
    """
    with np.errstate(invalid="ignore"):
        is_off = staying(ended, opened)[..., :-1] <= HALF
    first = np.argmax(is_off, axis=-1).astype(np.float64)
    return np.where(is_off.any(axis=-1), first, np.nan)


def hazard_a_year(exits: ArrayLike, days: ArrayLike) -> NDArray[np.float64]:
    """Give exits a year at risk, from exits and the days that were spent at risk.

    It is the maximum-likelihood estimate of a hazard that does not change; nan without a day.
    """
    at_risk = np.asarray(days, np.float64)
    rate = np.asarray(exits, np.float64) * DAYS_A_YEAR / np.where(at_risk > 0, at_risk, np.nan)
    return np.asarray(rate, np.float64)


def half_life_days(hazard: ArrayLike) -> NDArray[np.float64]:
    """Give the days after which half are gone, ln 2 / h, of a constant hazard a year.

    It is infinite where nobody leaves.
    """
    rate = np.asarray(hazard, np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(2.0) * DAYS_A_YEAR / rate, np.float64)
