"""Dynamics: what feeds itself, what stays behind when a rule ends, what wears out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.detriment import over_positive
from glasshouse.metrics.estimate import (
    ANY,
    POSITIVE,
    Estimate,
    NotKnown,
    divided,
    of_sums,
    unknown,
)
from glasshouse.metrics.metric import BY_REGION, Metric, metric
from glasshouse.metrics.series import elasticity, least_squares
from glasshouse.metrics.survival import DAYS_A_YEAR
from glasshouse.metrics.transition import largest_eigenvalue, transition_sums

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from glasshouse.metrics.observed import Observed

OWN = "The formula is the lab's own."
FEWEST_STEPS = 6
"""Below so many steps a transition is not fitted."""


def scores_of_persons(seen: Observed) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the sum of the scores of persons and how many are scored, each [step, province].

    Several instruments that score persons are taken together.
    """
    mine = [n for n, one in enumerate(seen.names.instruments) if one.applies_to == "person"]
    if not mine:
        raise NotKnown("the arm has no score of persons")
    points, many = (seen.steps_of(name)[..., mine] for name in ("score_sum", "scored"))
    return points.sum(axis=-1).astype(np.float64), many.sum(axis=-1).astype(np.float64)


def years_of_steps(seen: Observed) -> NDArray[np.float64]:
    """Give the length of every step in years."""
    if not seen.names.days:
        raise NotKnown("the dates of the steps are not known")
    return np.array([(end - begin) / DAYS_A_YEAR for begin, end in seen.names.days])


def _flat(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    flat = counts.reshape(*counts.shape[:2], -1).sum(axis=-1)
    return np.asarray(flat, np.float64)


@metric(
    "E3",
    "Spectral test of standing and means",
    "traps",
    unit="largest eigenvalue, a step",
    harm="more is worse",
    definition="""The largest modulus of the eigenvalues of A in x[t + 1] = A x[t] + c, fitted by
    least squares over steps and provinces: x is a standing (`score`: the mean score; `listed`: the
    share of people on lists) and the mean means to pay less those of the baseline, each as its
    deviation from the province's own mean over time; provinces weigh by their people. Above 1 a
    push grows from step to step: a runaway. Short runs pull it down, by about (1 + a) / steps, and
    noise of small provinces pulls it down further; a stock that only fills up gives about 1. """
    + OWN,
    splits=BY_REGION,
)
def transition_eigenvalue_a_step(seen: Observed) -> dict[str, Estimate]:
    """Largest eigenvalue of the fitted transition, for two standings."""
    persons, base = _flat(seen.steps_of("persons")), _flat(seen.twin_steps_of("persons"))
    if len(persons) < FEWEST_STEPS:
        raise NotKnown(f"the run has fewer than {FEWEST_STEPS} steps")
    means = divided(_flat(seen.steps_of("means_sum")), persons)
    means = means - divided(_flat(seen.twin_steps_of("means_sum")), base)
    listed = divided(_flat(seen.steps_of("listed_persons")), persons)
    found = {"listed": _eigenvalue(listed, means, persons[-1])}
    try:
        found["score"] = _eigenvalue(divided(*scores_of_persons(seen)), means, persons[-1])
    except NotKnown as reason:
        found["score"] = unknown(str(reason))
    return found


def _eigenvalue(
    standing: NDArray[np.float64], means: NDArray[np.float64], persons: NDArray[np.float64]
) -> Estimate:
    paths = np.stack([standing, means], axis=-1)
    sums, sizes = [], []
    for province, people in enumerate(persons):
        known = np.isfinite(paths[:, province]).all(axis=1)
        # From the step on from which the standing is known to the end: scores may begin later.
        unknown_at = np.flatnonzero(~known)
        tail = paths[unknown_at[-1] + 1 if unknown_at.size else 0 :, province]
        if people > 0 and len(tail) >= FEWEST_STEPS:
            sums.append(transition_sums(tail[:, None], [people])[0])
            sizes.append(people)
    if not sums:
        return unknown(f"no province has people with such a standing in {FEWEST_STEPS} last steps")
    return of_sums(
        np.stack(sums),
        largest_eigenvalue,
        within=POSITIVE,
        sizes=np.array(sizes),
        undefined="the standing or the means did not move",
    )


@metric(
    "E5",
    "Runaway share",
    "traps",
    unit="share of the records",
    harm="more is worse",
    definition="""How far the places where offences are recorded are from those where they are
    done: half the sum over provinces of |share of the culpable entries - share of the culpable
    acts|, the share of the records that stands in the wrong place. `first half` and `second half`
    are of the run: it runs away where the second is larger. `largest excess` is the largest share
    of records above the share of acts in one province. Few records scatter by themselves, which
    adds to it. It has no interval: provinces are what it compares.""",
    cite=(("runaway-feedback-2018", "the share of attention against the true share"),),
    splits=(),
)
def runaway_share(seen: Observed) -> dict[str, Estimate]:
    """Distance between where offences are recorded and where they are done."""
    culpable = np.array([act.is_culpable for act in seen.names.acts], bool)
    if not culpable.any():
        raise NotKnown("no act is declared culpable")
    entries = seen.steps_of("entries")
    recorded = entries[..., : len(culpable)][..., culpable].sum(axis=-1)
    done = seen.steps_of("acts")[..., culpable].sum(axis=-1)
    half = len(done) // 2
    parts = {
        "whole run": (recorded.sum(axis=0), done.sum(axis=0)),
        "first half": (recorded[:half].sum(axis=0), done[:half].sum(axis=0)),
        "second half": (recorded[half:].sum(axis=0), done[half:].sum(axis=0)),
    }
    why = "no interval: provinces are what it compares"
    found = {part: _known(misplaced(*both), why) for part, both in parts.items()}
    excess = shares(recorded.sum(axis=0)) - shares(done.sum(axis=0))
    found["largest excess"] = _known(float(excess.max()), why)
    return found


def shares(counts: ArrayLike) -> NDArray[np.float64]:
    """Give counts as shares of their sum; nan where there is none."""
    known = np.asarray(counts, np.float64)
    return divided(known, known.sum())


def misplaced(recorded: ArrayLike, done: ArrayLike) -> float:
    """Give the share of the records that stands elsewhere than the acts: 0 to 1, nan without any.

    It is the total variation distance of the two distributions over places.
    """
    return float(np.abs(shares(recorded) - shares(done)).sum() / 2)


def _known(value: float, why: str) -> Estimate:
    if np.isnan(value):
        return unknown("nothing was recorded or nothing was done")
    return Estimate(value, why=why)


@metric(
    "E6",
    "Hysteresis",
    "traps",
    unit="points x years",
    harm="more is worse",
    definition="""What loosening a rule does not give back: the area between the path of the mean
    score after the rules were loosened and the path that the same people have, with the same luck,
    in an arm of the run that never tightened them, positive where they stay below. Whatever else
    moves scores moves both, and so does not count. That arm is the first whose scores are the same
    to the point up to the tightening and whose rules never change from then on. `a year` is the
    area over the years after the loosening, in points. `since before` is the area between the mean
    score before the tightening and its path after the loosening: it needs no other arm, and counts
    a general rise of scores as if the loosening had given it. Rules are tightened at the first step
    with more provisions in force than before that take points or list, loosened at the last step
    with fewer; `area` asks that as many are left as before. Not defined where no rule ends or none
    came in the run. """
    + OWN,
    splits=BY_REGION,
)
def hysteresis_point_years(seen: Observed) -> dict[str, Estimate]:
    """Area between the paths of the mean score with and without the rules that came and went."""
    before, after = tightened_and_loosened(seen.names.taking)
    lengths = years_of_steps(seen)
    mine = scores_of_persons(seen)
    since = _area(seen, mine, (np.stack([each[before]] * len(each)) for each in mine), after)
    try:
        whole = _area(seen, mine, scores_of_persons(never_tightened(seen, before, after)), after)
    except NotKnown as reason:
        whole = unknown(str(reason))
    years = float(lengths[after:].sum())
    return {
        "area": whole,
        "a year": whole._replace(
            value=whole.value / years,
            low=whole.low / years,
            high=whole.high / years,
            error=whole.error / years,
        ),
        "since before": since,
    }


def _area(
    seen: Observed,
    mine: Iterable[NDArray[np.float64]],
    theirs: Iterable[NDArray[np.float64]],
    after: int,
) -> Estimate:
    """Estimate the area by which a path stays below another from a step on.

    Each path is the sum of the scores and how many are scored, as [step, province].
    """
    lengths = years_of_steps(seen)[after:]

    def area(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        points, many, others, of_them = np.split(sums, 4, axis=-1)
        return area_below(divided(points, many), divided(others, of_them), lengths)

    return seen.of_provinces(
        area,
        *(step for count in (*mine, *theirs) for step in count[after:]),
        within=ANY,
        undefined="nobody was scored before or after",
    )


def never_tightened(seen: Observed, before: int, after: int) -> Observed:
    """Give the other arm that is the same up to a step, and whose rules never change from then on.

    Raises `NotKnown` where there is none, or where the rules are not as many as before again.
    """
    mine, scores = seen.names, scores_of_persons(seen)
    if set(mine.taking[after:]) != {mine.taking[before]}:
        raise NotKnown("the rules after the loosening are not as many as before the tightening")
    for other in seen.others:
        names = other.names
        is_still = len(set(names.taking[before:])) == len(set(names.giving[before:])) == 1
        if not is_still or names.instruments != mine.instruments:
            continue
        both = zip(scores, scores_of_persons(other), strict=True)
        if all(np.array_equal(ours[: before + 1], theirs[: before + 1]) for ours, theirs in both):
            return other
    raise NotKnown(
        "no other arm has the same scores up to the tightening and never tightens: `since before` "
        "holds whatever else moved the score, too"
    )


def tightened_and_loosened(provisions: tuple[int, ...]) -> tuple[int, int]:
    """Give the last step before rules were tightened, and the first after they were loosened.

    ``provisions`` counts those in force by step. Raises `NotKnown` where either never happened.
    """
    moves = np.diff(np.asarray(provisions, np.int64))
    up, down = np.flatnonzero(moves > 0), np.flatnonzero(moves < 0)
    if not down.size:
        raise NotKnown("no rule that takes points or lists ends in the run")
    if not up.size or up[0] >= down[-1]:
        raise NotKnown("the rules were in force from the first step: there is no path before them")
    return int(up[0]), int(down[-1]) + 1


def area_below(path: ArrayLike, other: ArrayLike, lengths: ArrayLike) -> NDArray[np.float64]:
    """Give the area by which a path of mean scores stays below another; negative where above.

    The steps stand on the last axis, ``lengths`` are their years. In points x years.
    """
    missing = np.asarray(other, np.float64) - np.asarray(path, np.float64)
    return np.asarray((missing * np.asarray(lengths, np.float64)).sum(axis=-1), np.float64)


@metric(
    "E7",
    "Benefits of the top grade",
    "traps",
    unit="privileges a holder and year",
    harm="neither",
    definition="""Privileges granted over person-years in the top grade, in the first and the last
    quarter of the run; a red listing counts as a holder. What everybody holds is worth little:
    see E7b for how it goes with the number of holders. """
    + OWN,
    splits=BY_REGION,
)
def privileges_a_holder(seen: Observed) -> dict[str, Estimate]:
    """Privileges a holder and year."""
    granted, holders, lengths = _benefits(seen)
    quarter = max(1, len(granted) // 4)
    found = {}
    for part, steps in (
        ("first quarter", slice(None, quarter)),
        ("last quarter", slice(-quarter, None)),
    ):
        time = (holders[steps] * lengths[steps, None]).sum(axis=0)
        found[part] = seen.of_provinces(
            lambda sums: over_positive(sums[..., 0], sums[..., 1]),
            granted[steps].sum(axis=0),
            time,
            undefined="nobody held a top grade",
        )
    return found


@metric(
    "E7b",
    "Dilution and inflation of the top grade",
    "traps",
    unit="see the parts",
    harm="more is worse",
    definition="""`inflation`: the yearly growth of the share of the scored who are in the top
    grade, by a line over the steps, in shares a year. `dilution`: by how many per cent the
    privileges of one holder fall with one per cent more holders, minus d ln (privileges a holder)
    over d ln holders over the steps; 1 where a fixed number is shared out, 0 where each has their
    own. Errors take the steps for independent of one another. """
    + OWN,
    splits=BY_REGION,
)
def top_grade_dilution(seen: Observed) -> dict[str, Estimate]:
    """Growth of the top grade, and what it does to the privileges of one holder."""
    granted, holders, lengths = _benefits(seen)
    top, scored = _top(seen)
    share = divided(top.sum(axis=1), scored.sum(axis=1))
    middle = np.cumsum(lengths) - lengths / 2
    seen_steps = np.isfinite(share)
    fit = least_squares(
        np.stack([np.ones(int(seen_steps.sum())), middle[seen_steps]], axis=1), share[seen_steps]
    )
    slope, error = float(fit.coefficients[1]), float(fit.errors[1])
    each = divided(granted.sum(axis=1), holders.sum(axis=1))
    power = elasticity(holders.sum(axis=1), np.nan_to_num(each))
    return {
        "inflation": Estimate(
            slope, error=error, why="" if np.isfinite(slope) else "nobody is scored"
        ),
        "dilution": Estimate(-power.value, error=power.error, why=power.why),
    }


def _top(seen: Observed) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    grades = seen.steps_of("grades").astype(np.float64)
    mine = [
        (n, len(one.grades) - 1)
        for n, one in enumerate(seen.names.instruments)
        if one.applies_to == "person" and one.grades
    ]
    if not mine:
        raise NotKnown("the arm has no grades of persons")
    top = sum(grades[:, :, n, last] for n, last in mine)
    everybody = sum(grades[:, :, n].sum(axis=-1) for n, _ in mine)
    return np.asarray(top), np.asarray(everybody)


def _benefits(
    seen: Observed,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    top, _ = _top(seen)
    holders = top + _flat(seen.steps_of("honoured_open"))
    return _flat(seen.steps_of("privileges")), holders, years_of_steps(seen)


METRICS: tuple[Metric, ...] = (
    transition_eigenvalue_a_step,
    runaway_share,
    hysteresis_point_years,
    privileges_a_holder,
    top_grade_dilution,
)
