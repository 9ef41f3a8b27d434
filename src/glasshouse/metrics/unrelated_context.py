"""Unrelated contexts and disproportion: what Art. 5(1)(c) of the EU AI Act asks of a score.

The Article prohibits evaluating people over a period of time by their conduct or traits where the
score leads to detriment in contexts unrelated to that of the data, or to detriment that is
unjustified or out of proportion to the conduct. A metric is no judgment: the numbers say how far a
scheme would have to be argued for, under contexts and fair fines that are assumptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.metrics.detriment import (
    TAU_CONTEXT,
    TAU_PROPORTION,
    Bounded,
    centred,
    correlation,
    products,
    proportion,
    ranks,
    unrelated_guess,
    unrelated_share,
    verdicts,
)
from glasshouse.metrics.estimate import SHARE, Estimate, NotKnown, ratio, unknown
from glasshouse.metrics.metric import Metric, metric
from glasshouse.metrics.observed import total_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.metrics.observed import Names, Observed

ACT = ("ai-act-2024", "Article 5(1)(c), points (i) and (ii)")
GUIDANCE = ("ai-act-guidelines-2025", "the elements of prohibited social scoring")
OF_ASSUMPTIONS = (
    "Burden is in yuan of assumption (what a refusal costs), gravity a fair fine in yuan "
    "(culpability file), the relation of contexts a file of its own."
)
NO_BURDEN = "nobody bore a burden"


def contexts_of_acts(names: Names) -> tuple[str, ...]:
    """Give the contexts in which acts are done, in the order of the acts."""
    return tuple(dict.fromkeys(act.context for act in names.acts if act.context))


def points_lost_by_context(seen: Observed) -> NDArray[np.float64]:
    """Give by context of the acts what the arm's entries can have cost in points.

    An entry of an act counts the most points that the act can lose; false reports and strays count
    with the act that they say. It is a weight, not a number of points.
    """
    names = seen.names
    entries = total_of(seen.steps, "entries").sum(axis=0).astype(np.float64)
    acts = len(names.acts)
    by_act = entries[: entries.size // acts * acts].reshape(-1, acts).sum(axis=0)
    contexts = contexts_of_acts(names)
    found = np.zeros(len(contexts))
    for act, many in zip(names.acts, by_act, strict=True):
        if act.context:
            found[contexts.index(act.context)] += many * act.points_lost
    return found


def taken_as_unrelated(seen: Observed) -> NDArray[np.float64]:
    """Give by person the share of the burden of grades that is taken to be unrelated, as a guess.

    nan where the person bore nothing, where contexts are not declared, or where no point was lost.
    """
    names = seen.names
    contexts = contexts_of_acts(names)
    if names.related is None or not contexts or "entries" not in seen.steps:
        return np.full(seen.size, np.nan)
    burden = np.stack([seen.row(f"burden_yuan_{one}") for one in names.contexts], axis=1)
    belongs = [[(a, c) in names.related for c in names.contexts] for a in contexts]
    return unrelated_guess(points_lost_by_context(seen), burden, np.array(belongs))


def of_persons(seen: Observed) -> tuple[Bounded, NDArray[np.float64]]:
    """Give by person the share of burden in unrelated contexts, and the burden."""
    burden = seen.summed("burden_yuan")
    score = seen.row("burden_score_yuan")
    guess = taken_as_unrelated(seen)
    return unrelated_share(seen.row("burden_unrelated_yuan"), score, burden, guess), burden


@metric(
    "C1",
    "Burden in unrelated contexts",
    "unrelated context",
    unit="share of the burden",
    harm="more is worse",
    definition="""UCI: sum over persons of the burden in a context unrelated to that of the act
    behind it, over the sum of all burden. A list names the act behind it, so its burden is known
    to be related or not. A grade (or a file too thin to grade) has no single act behind it: `at
    least` takes all that grades cost as related, `at most` all of it as unrelated, and
    `point` takes each point that the arm's entries can have cost to stand behind each refusal
    alike (points lost by context of the act, times burden by context of the counter, times
    the declared relation). Burden in yuan is assumed.""",
    cite=(ACT, GUIDANCE),
    status="assumed",
)
def unrelated_context_share(seen: Observed) -> dict[str, Estimate]:
    """Burden that falls in contexts unrelated to the acts behind it, over all burden."""
    share, burden = of_persons(seen)
    found = {
        part: seen.estimate(
            ratio, np.nan_to_num(side) * burden, burden, within=SHARE, undefined=NO_BURDEN
        )
        for part, side in zip(("at least", "point", "at most"), share, strict=True)
    }
    if (np.isnan(share.point) & (burden > 0)).any():
        why = "what the points behind the grades were lost for is not known: see the two bounds"
        found["point"] = unknown(why)
    return found


@metric(
    "C2",
    "Burden out of proportion",
    "unrelated context",
    unit="share of the burdened",
    harm="more is worse",
    definition=f"""PR of a person is D / H: the burden borne over the fair fine for the culpable
    acts that the person carried out, seen or not. `above 1` and `above 10` are shares of those
    with a burden and a wrong of their own; `no wrong at all` is the share of all with a burden
    whose PR is infinite, because they did no wrong. {OF_ASSUMPTIONS}""",
    cite=(ACT, GUIDANCE),
    status="assumed",
)
def disproportion_share(seen: Observed) -> dict[str, Estimate]:
    """Shares of the burdened whose burden is more than the fair fine, and ten times more."""
    burden = seen.summed("burden_yuan")
    times = proportion(burden, seen.row("gravity_yuan"))
    finite = np.isfinite(times)
    found = {
        f"above {tau}": seen.share(times > tau, finite, "nobody bore a burden and did a wrong")
        for tau in (1, 10)
    }
    found["no wrong at all"] = seen.share(np.isposinf(times), burden > 0, NO_BURDEN)
    return found


@metric(
    "C3",
    "Burden and gravity, rank by rank",
    "unrelated context",
    unit="correlation",
    harm="less is worse",
    definition=f"""Spearman's rho between D and H over persons, equal values sharing a rank: 1 where
    the graver wrong always bears more, about 0 where burden has nothing to do with gravity.
    `burdened` looks only at those with a burden, so that the many with neither do not speak. The
    interval holds the ranks as they are and leaves out groups of communities. {OF_ASSUMPTIONS}""",
    cite=(ACT, ("rank-correlation-1904", "the correlation of ranks")),
    status="assumed",
)
def burden_gravity_rank_correlation(seen: Observed) -> dict[str, Estimate]:
    """Rank correlation of burden and gravity."""
    burden, gravity = seen.summed("burden_yuan"), seen.row("gravity_yuan")
    found = {}
    for part, keep in (("everybody", np.ones(seen.size, bool)), ("burdened", burden > 0)):
        some = seen.where(keep)
        terms = products(centred(ranks(burden[keep])), centred(ranks(gravity[keep])))
        found[part] = some.estimate(
            correlation,
            *terms.T,
            within=(-1.0, 1.0),
            undefined="burden or gravity is the same for all",
        )
    return found


@metric(
    "C4",
    "Unjustified burden",
    "unrelated context",
    unit="share of the burden",
    harm="more is worse",
    definition="""Burden that would protect nobody if it were borne: `by persons without a wrong` is
    the share borne by people who carried out no culpable act in the run, which only a simulator
    knows; `not for their own wrong` is the share whose path is another's listing, an entry that is
    not theirs, an act they could not help, a lawful act, a listing that had ended, or a file too
    thin to judge. Burden in
    yuan is assumed, and so is which acts are culpable.""",
    cite=(ACT, GUIDANCE),
    status="assumed",
)
def unjustified_burden_share(seen: Observed) -> dict[str, Estimate]:
    """Burden on people without a wrong of their own, over all burden."""
    burden = seen.summed("burden_yuan")
    innocent = seen.row("acts_culpable") == 0
    return {
        "by persons without a wrong": seen.estimate(
            ratio, burden * innocent, burden, within=SHARE, undefined=NO_BURDEN
        ),
        "not for their own wrong": _by_path(seen),
    }


UNJUSTIFIED_PATHS = (
    "own_not_theirs", "own_could_not", "own_lawful", "another", "stale_copy", "thin_file",
)  # fmt: skip
"""The paths of burden behind which stands no wrong of the bearer's own."""


def _by_path(seen: Observed) -> Estimate:
    try:
        paths = seen.total("burden_by_path").astype(np.float64)
        wrong = [seen.place("path", path) for path in UNJUSTIFIED_PATHS]
        return seen.of_provinces(
            ratio, paths[:, wrong].sum(axis=1), paths.sum(axis=1), within=SHARE, undefined=NO_BURDEN
        )
    except NotKnown as reason:
        return unknown(str(reason))


@metric(
    "C5",
    "Treatment that the Article would prohibit",
    "unrelated context",
    unit="share of people",
    harm="more is worse",
    definition=f"""prohibited = period and (UCI > tau1 or PR > tau2), by person, over thresholds:
    the text has no number, so neither has the lab, and the table is the result. `period` is met
    where rules are in force for more than a step. UCI is the point value, where it is known (else
    the bound `at least`); PR of whom did no wrong is infinite. `fewest` and `most` are the ends:
    the strictest thresholds with every doubt for the scheme, the loosest with every doubt against
    it. Of all people, burdened or not. {OF_ASSUMPTIONS}""",
    cite=(ACT, GUIDANCE),
    status="assumed",
)
def prohibited_treatment_share(seen: Observed) -> dict[str, Estimate]:
    """Shares of people over the two thresholds."""
    share, burden = of_persons(seen)
    times = proportion(burden, seen.row("gravity_yuan"))
    lasts = is_over_a_period(seen)
    point = np.where(np.isnan(share.point), share.low, share.point)
    everybody = np.ones(seen.size, bool)

    def of(kept: NDArray[np.bool_]) -> Estimate:
        return seen.share(kept, everybody, "there is nobody")

    table = verdicts(point, times, lasts=lasts)
    found = {
        f"UCI > {context:g} or PR > {grave:g}": of(table[:, n, m])
        for n, context in enumerate(TAU_CONTEXT)
        for m, grave in enumerate(TAU_PROPORTION)
    }
    found["fewest"] = of(verdicts(share.low, times, lasts=lasts)[:, -1, -1])
    found["most"] = of(verdicts(share.high, times, lasts=lasts)[:, 0, 0])
    return found


def is_over_a_period(seen: Observed) -> bool:
    """Say whether the rules hold for more than one step; without their dates, the run itself."""
    names = seen.names
    both = [takes + gives > 0 for takes, gives in zip(names.taking, names.giving, strict=True)]
    return (sum(both) if both else len(names.days)) > 1


METRICS: tuple[Metric, ...] = (
    unrelated_context_share,
    disproportion_share,
    burden_gravity_rank_correlation,
    unjustified_burden_share,
    prohibited_treatment_share,
)
