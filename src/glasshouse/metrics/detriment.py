"""Detriment set against context and gravity: what Art. 5(1)(c) of the AI Act asks of a score.

All arrays have one value a person unless said otherwise; burdens and gravities are in yuan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

TAU_CONTEXT = (0.1, 0.25, 0.5, 0.75)
"""Shares of burden in unrelated contexts above which a verdict may be given; none is *the* one."""

TAU_PROPORTION = (1.0, 3.0, 10.0, 30.0)
"""Ratios of burden to gravity above which a verdict may be given; none is *the* one."""


class Bounded(NamedTuple):
    """A share that is only known within bounds, and what it is taken to be between them."""

    low: NDArray[np.float64]
    point: NDArray[np.float64]
    high: NDArray[np.float64]


def over_positive(above: ArrayLike, below: ArrayLike) -> NDArray[np.float64]:
    """Give ``above / below`` where ``below`` is positive, and nan elsewhere."""
    under = np.asarray(below, np.float64)
    over = np.asarray(above, np.float64)
    return np.asarray(over / np.where(under > 0, under, np.nan), np.float64)


def unrelated_share(
    unrelated: ArrayLike, without_act: ArrayLike, burden: ArrayLike, guess: ArrayLike
) -> Bounded:
    """Give the share of a burden that falls in contexts unrelated to the act behind it.

    ``unrelated`` is the burden whose act is known and unrelated. Behind ``without_act``, the burden
    of a grade, no single act stands: the bounds take all of it as related, and all as unrelated;
    the point takes the share ``guess`` of it (0 to 1, or nan where nothing is known) as unrelated.
    All are nan where there is no burden. It holds for a person as for any sum over persons.
    """
    known, score = np.asarray(unrelated, np.float64), np.asarray(without_act, np.float64)
    between = np.where(score > 0, score * np.asarray(guess, np.float64), 0.0)
    return Bounded(
        over_positive(known, burden),
        over_positive(known + between, burden),
        over_positive(known + score, burden),
    )


def unrelated_guess(
    lost: ArrayLike, burden: ArrayLike, is_related: ArrayLike
) -> NDArray[np.float64]:
    """Give the share of the burden of grades that is taken to be unrelated, as a guess.

    ``lost[act context]`` weighs the acts whose points made the grades, ``burden[..., counter
    context]`` is what the grades cost there, and ``is_related[act context, counter context]`` says
    which belong together: sum over both of lost x burden x [not related] over sum of lost x burden.
    Each point lost is so held to stand behind each refusal alike. nan where nothing was lost or
    nothing was borne.
    """
    weight, borne = np.asarray(lost, np.float64), np.asarray(burden, np.float64)
    apart = weight @ ~np.asarray(is_related, bool)
    return over_positive(borne @ apart, borne.sum(axis=-1) * weight.sum())


def proportion(burden: ArrayLike, gravity: ArrayLike) -> NDArray[np.float64]:
    """Give the burden a yuan of gravity; infinite without a wrong, nan without a burden."""
    borne, grave = np.asarray(burden, np.float64), np.asarray(gravity, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(borne > 0, borne / grave, np.nan)


def ranks(values: ArrayLike) -> NDArray[np.float64]:
    """Give the rank of each value from 1; equal values share the mean of their ranks."""
    _, place, many = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    last = np.cumsum(many)
    found: NDArray[np.float64] = (last - (many - 1) / 2.0)[place.ravel()]
    return found


def correlation(sums: ArrayLike) -> NDArray[np.float64]:
    """Give Pearson's correlation from sums of 1, x, y, x x, y y and x y on the last axis.

    nan where one of the two does not vary.
    """
    n, x, y, xx, yy, xy = np.moveaxis(np.asarray(sums, np.float64), -1, 0)
    across = n * xx - x * x
    along = n * yy - y * y
    # What is left of a constant's variance is the last bits of its squares.
    varies = (across > 1e-9 * n * xx) & (along > 1e-9 * n * yy)
    below = np.sqrt(np.where(varies, across * along, np.nan))
    return np.asarray(np.clip((n * xy - x * y) / below, -1.0, 1.0), np.float64)


def products(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Give what ``correlation`` sums, a row a person."""
    one, other = np.asarray(x, np.float64), np.asarray(y, np.float64)
    return np.stack([np.ones_like(one), one, other, one * one, other * other, one * other], axis=-1)


def centred(values: ArrayLike) -> NDArray[np.float64]:
    """Give values less their mean, so that sums of squares lose no digits."""
    known = np.asarray(values, np.float64)
    return known - known.mean() if known.size else known


def spearman(x: ArrayLike, y: ArrayLike) -> float:
    """Give Spearman's rank correlation; equal values share a rank; nan where one does not vary."""
    sums = products(centred(ranks(x)), centred(ranks(y))).sum(axis=0)
    return float(correlation(sums))


def verdicts(
    unrelated: ArrayLike,
    proportions: ArrayLike,
    *,
    lasts: bool,
    tau_context: Sequence[float] = TAU_CONTEXT,
    tau_proportion: Sequence[float] = TAU_PROPORTION,
) -> NDArray[np.bool_]:
    """Say by person whether the treatment would be prohibited: [person, tau_context, tau_prop].

    It would where the scheme ``lasts`` over a period and either the person's share of burden in
    unrelated contexts is above the one threshold or the burden over gravity above the other. A
    person without burden (both nan) is not treated at all; a share that is not known (nan) decides
    nothing.
    """
    share = np.asarray(unrelated, np.float64)[:, None, None]
    times = np.asarray(proportions, np.float64)[:, None, None]
    context, grave = np.asarray(tau_context)[:, None], np.asarray(tau_proportion)[None, :]
    with np.errstate(invalid="ignore"):
        found: NDArray[np.bool_] = ((share > context) | (times > grave)) & lasts
    return found
