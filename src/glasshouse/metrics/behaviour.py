"""Behaviour: who is deterred, who falls silent, what only moves elsewhere, what does not last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.metrics.detriment import over_positive
from glasshouse.metrics.estimate import (
    ANY,
    POSITIVE,
    Estimate,
    NotKnown,
    interval,
    ratio,
    unknown,
)
from glasshouse.metrics.metric import BY_REGION, Metric, metric
from glasshouse.metrics.series import Break, interrupted_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from glasshouse.metrics.observed import Act, Observed

ABOVE_NONE = (-1.0, float("inf"))
"""The range of a change against the baseline, as a share of it."""

ADULT_YEARS = 18
HALF_TRUST = 32768
"""Half of the level of trust, as the column holds it."""

OWN = "The formula is the lab's own."
REVIEW = ("criminal-deterrence-review-2017", "elasticities to police and to severity (unverified)")
CHILLING = ("chilling-effects-2016", "interrupted time series of sensitive and neutral articles")


class Prior(NamedTuple):
    """What is believed of an elasticity before a run, and how firmly."""

    mean: float
    deviation: float


PRIORS = {"detection": Prior(-0.35, 0.15), "severity": Prior(-0.08, 0.06)}
"""Of offences, by per cent of the chance to be seen and of the sanction: priors (unverified)."""


def groups_of_acts(acts: Sequence[Act]) -> dict[str, list[int]]:
    """Give the act types by what an arm's provisions make of them, as places in the list of acts.

    ``unrecorded`` are culpable acts that no provision names; ``lawful`` acts are sensitive ones.
    """
    return {
        "punished": [n for n, act in enumerate(acts) if act.is_punished],
        "praised": [n for n, act in enumerate(acts) if act.is_rewarded and not act.is_punished],
        "unrecorded": [
            n
            for n, act in enumerate(acts)
            if act.is_culpable and not act.is_punished and not act.is_rewarded
        ],
        "lawful": [n for n, act in enumerate(acts) if act.is_lawful_sensitive],
    }


def changed(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the first sum over the second, less one: the change as a share of the second."""
    return ratio(sums) - 1.0


def _acts_of(seen: Observed, places: Sequence[int]) -> tuple[NDArray[np.float64], ...]:
    """Give the acts of some types in the arm and in the baseline, by province."""
    mine, theirs = seen.total("acts"), seen.twin_total("acts")
    return tuple(
        np.asarray(counts[:, list(places)].sum(axis=1), np.float64) for counts in (mine, theirs)
    )


@metric(
    "F1",
    "Deterrence elasticity",
    "behaviour",
    unit="per cent a per cent",
    harm="neither",
    definition=f"""eps = d ln offences / d ln lever, the lever the chance that an act is seen
    (`detection`) or what it costs (`severity`). One run has one of each, so it says nothing; a
    sweep over either does, by a line through the logarithms of the lever and of F1a
    (`metrics.series.elasticity`). Priors
    to set it beside, not to fit it to: detection {PRIORS["detection"].mean} with standard deviation
    {PRIORS["detection"].deviation}, severity {PRIORS["severity"].mean} with
    {PRIORS["severity"].deviation} (unverified).""",
    cite=(REVIEW,),
    status="hypothetical",
    splits=(),
)
def deterrence_elasticity(seen: Observed) -> dict[str, Estimate]:
    """Not known from one run, and why."""
    return {
        lever: unknown(f"one arm ({seen.arm}) has one {lever}: sweep over it and fit a line")
        for lever in PRIORS
    }


@metric(
    "F1a",
    "Acts a person and year",
    "behaviour",
    unit="acts a person and year",
    harm="neither",
    definition="""Acts carried out over person-years, recorded or not: `culpable`, `lawful`
    sensitive and `praised`. A sweep over detection or severity sets it against its lever. """
    + OWN,
)
def acts_a_person_year(seen: Observed) -> dict[str, Estimate]:
    """Rates of three kinds of acts."""
    years = seen.names.years
    everybody = np.ones(seen.size)
    return {
        kind: seen.estimate(
            lambda sums: ratio(sums) / years,
            seen.row(f"acts_{kind}"),
            everybody,
            within=POSITIVE,
            undefined="there is nobody",
        )
        for kind in ("culpable", "lawful", "praised")
    }


@metric(
    "F1b",
    "Conduct against the baseline",
    "behaviour",
    unit="share of the baseline",
    harm="neither",
    definition="""Acts under the scheme over acts of the same people without it, less one: of acts
    that its provisions `punish`, that they `praise` and do not punish, of culpable acts that no
    provision names (`unrecorded`), and of `lawful` sensitive acts (petitions, complaints, comments,
    faith). By twins: chance is the same on both sides. The formula is the
    lab's own.""",
    splits=BY_REGION,
)
def conduct_change(seen: Observed) -> dict[str, Estimate]:
    """Change of four kinds of acts against the twin."""
    return {
        kind: seen.of_provinces(
            changed, *_acts_of(seen, places), within=ABOVE_NONE, undefined="none in the baseline"
        )
        for kind, places in groups_of_acts(seen.names.acts).items()
    }


@metric(
    "F2",
    "Chilling of lawful acts",
    "behaviour",
    unit="share of the baseline",
    harm="more is worse",
    definition="""chill = 1 - y / y of the twin: the share of the lawful sensitive acts of the same
    people that is left undone under the scheme. Only a simulation has the twin; F2b is what
    somebody could estimate who has not.""",
    cite=(CHILLING,),
)
def chilling_share(seen: Observed) -> Estimate:
    """Lawful sensitive acts left undone, by twins."""
    return seen.estimate(
        lambda sums: 1.0 - ratio(sums),
        seen.row("acts_lawful"),
        seen.twin_row("acts_lawful"),
        undefined="no lawful sensitive act in the baseline",
    )


@metric(
    "F2b",
    "Chilling as a break in a series",
    "behaviour",
    unit="share; a step for the slopes",
    harm="more is worse",
    definition="""Interrupted time series: ln y[t] = a + b1 t + b2 Post + b3 (t - T) Post, T the
    first step with rules in force; `chill` = 1 - exp(b2), `slope` = b3. y are lawful sensitive
    acts: `alone`, over lawful acts that nothing moves and no provision names (`neutral control`, a
    difference in differences), and over the same acts of the twin (`twin as control`, which is F2
    by step). Errors are of least squares and take steps for independent. Not defined where rules
    are in force from the first step.""",
    cite=(CHILLING,),
    splits=BY_REGION,
)
def chilling_break(seen: Observed) -> dict[str, Estimate]:
    """The break in the series of lawful acts, by three controls."""
    acts = seen.names.acts
    places = groups_of_acts(acts)["lawful"]
    neutral = [n for n, act in enumerate(acts) if is_neutral(act)]
    counted = seen.steps_of("acts").sum(axis=1)
    lawful, quiet = counted[:, places].sum(axis=1), counted[:, neutral].sum(axis=1)
    at = beginning_of_rules(seen)
    found = _parts("alone", interrupted_series(lawful, at))
    found |= _parts("neutral control", interrupted_series(lawful, at, quiet))
    try:
        twin = seen.twin_steps_of("acts").sum(axis=1)[:, places].sum(axis=1)
        found |= _parts("twin as control", interrupted_series(lawful, at, twin))
    except NotKnown as reason:
        found["twin as control: chill"] = unknown(str(reason))
    return found


def is_neutral(act: Act) -> bool:
    """Say whether an act is lawful, answers to nothing and is named by no provision of the arm."""
    named = act.is_punished or act.is_rewarded
    return act.response == "unmoved" and not act.is_culpable and not named


def beginning_of_rules(seen: Observed) -> int:
    """Give the first step with rules in force that take or give anything."""
    for step, (takes, gives) in enumerate(zip(seen.names.taking, seen.names.giving, strict=True)):
        if takes or gives:
            return step
    raise NotKnown("no rule of the arm is in force in the run")


def _parts(control: str, found: Break) -> dict[str, Estimate]:
    known = (("chill", found.chill, found.chill_error), ("slope", found.slope, found.slope_error))
    return {f"{control}: {part}": _fitted(value, error, found) for part, value, error in known}


def _fitted(value: float, error: float, found: Break) -> Estimate:
    if np.isnan(value):
        return unknown(found.why)
    if np.isnan(error):
        return Estimate(value)
    low, high, _ = interval(value, error, found.degrees)
    return Estimate(value, low, high, error, why="the interval is over steps")


@metric(
    "F3",
    "Spiral of silence",
    "behaviour",
    unit="difference of shares",
    harm="less is worse",
    definition="""P(speaks | holds the opinion of the few, watched) - P(speaks | the same,
    unwatched). An occasion to speak is a lawful sensitive act that a person does unscored, so the
    second chance is 1 and the first is y / y of the twin. Opinions are not in the model;
    `distrusting` are adults whose trust in the authority ends below half under the scheme,
    `others` the rest, and `difference` is how much more the distrusting fall silent. Trust falls
    with refusals, so the distrusting are mostly those who were hit.""",
    cite=(("spiral-of-silence-2016", "willingness to speak after a prime of surveillance"),),
    status="hypothetical",
)
def spiral_of_silence(seen: Observed) -> dict[str, Estimate]:
    """Change of the chance to speak, of those who distrust and of the others."""
    speaks, spoke = seen.row("acts_lawful"), seen.twin_row("acts_lawful")
    is_adult = seen.row("age_years") >= ADULT_YEARS
    few = (seen.row("trust") < HALF_TRUST) & is_adult
    rest = ~few & is_adult

    def more(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return changed(sums[..., :2]) - changed(sums[..., 2:])

    some, others = (speaks * few, spoke * few), (speaks * rest, spoke * rest)
    return {
        "distrusting": seen.estimate(
            changed, *some, undefined="nobody who speaks unscored distrusts the authority"
        ),
        "others": seen.estimate(
            changed, *others, undefined="everybody who speaks unscored distrusts the authority"
        ),
        "difference": seen.estimate(
            more, *some, *others, undefined="one of the two groups is empty or never speaks"
        ),
    }


@metric(
    "F4",
    "Chill ratio",
    "behaviour",
    unit="lawful acts a prevented offence",
    harm="more is worse",
    definition="""Lawful sensitive acts left undone over culpable acts prevented, both against the
    twin. Not defined where the scheme prevented no offence on balance. """
    + OWN,
)
def chill_ratio(seen: Observed) -> Estimate:
    """Lawful acts suppressed for each offence prevented."""
    suppressed = seen.twin_row("acts_lawful") - seen.row("acts_lawful")
    prevented = seen.twin_row("acts_culpable") - seen.row("acts_culpable")
    return seen.estimate(
        of_the_prevented, suppressed, prevented, undefined="no offence was prevented on balance"
    )


def of_the_prevented(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the first sum over the second where that is above zero, and nan elsewhere."""
    return over_positive(sums[..., 0], sums[..., 1])


@metric(
    "F7",
    "Crowding out",
    "behaviour",
    unit="share of the baseline",
    harm="less is worse",
    definition="""Praised acts of use to others, in the steps after the last provision that gives
    points or honours has ended, over those of the never-scheme twin in the same steps, less one:
    below 0 the reward has spoiled what people did for its own sake. Not defined where no such
    provision ends in the run.""",
    cite=(("incentives-and-prosocial-2006", "rewards that crowd out"),),
    splits=BY_REGION,
)
def crowding_out(seen: Observed) -> Estimate:
    """Praised acts after the rewards have ended, against the twin."""
    after = end_of_rewards(seen.names.giving)
    acts = seen.names.acts
    places = [n for n, act in enumerate(acts) if act.is_praised and not act.is_worthless]
    mine, theirs = (
        steps[after:, :, places].sum(axis=(0, 2))
        for steps in (seen.steps_of("acts"), seen.twin_steps_of("acts"))
    )
    return seen.of_provinces(
        changed, mine, theirs, within=ABOVE_NONE, undefined="no praised act in the baseline"
    )


def end_of_rewards(giving: Sequence[int]) -> int:
    """Give the first step with fewer provisions that give anything, counted from the last end."""
    falls = np.flatnonzero(np.diff(np.asarray(giving, np.int64)) < 0)
    if not falls.size:
        raise NotKnown("no rule that gives points or honours ends in the run")
    return int(falls[-1]) + 1


@metric(
    "F8",
    "Displacement",
    "behaviour",
    unit="share of the prevented",
    harm="more is worse",
    definition="""Culpable acts that no provision punishes, more than in the twin, over culpable
    acts that provisions punish, fewer than in the twin: what moved elsewhere of what was prevented.
    Not defined where nothing was prevented. Acts move in the model only by means, trust and fear; a
    market for what is barred (tickets at 1,200 yuan above the fare) is not in it.""",
    cite=(("ticket-evasion-market", "a market for tickets that the listed may not buy"),),
    splits=BY_REGION,
)
def displacement_share(seen: Observed) -> Estimate:
    """Unpunished offences gained for each punished one prevented."""
    acts = seen.names.acts
    punished = [n for n, act in enumerate(acts) if act.is_culpable and act.is_punished]
    others = [n for n, act in enumerate(acts) if act.is_culpable and not act.is_punished]
    here, base = _acts_of(seen, punished)
    elsewhere, base_elsewhere = _acts_of(seen, others)
    return seen.of_provinces(
        of_the_prevented,
        elsewhere - base_elsewhere,
        base - here,
        within=ANY,
        undefined="no punished offence was prevented on balance",
    )


@metric(
    "F10",
    "People whose conduct changed",
    "behaviour",
    unit="share of people",
    harm="neither",
    definition="""P(at least one act changed | aware): of the adults who know of the scheme at the
    end, the share whose number of culpable, lawful sensitive or praised acts in the run differs
    from their twin's; `of all adults` is times those who know. Acts that replace each other within
    a kind are not seen, so it is a lower bound. Interviews find changes in few kinds of conduct, by
    many people; the 94 per cent that is often quoted is unverified.""",
    cite=(
        ("model-citizenship-2018", "people say they change, in few categories"),
        ("citizen-social-credit-trivium", "11 per cent of residents knew"),
    ),
)
def behaviour_change_share(seen: Observed) -> dict[str, Estimate]:
    """Shares of adults whose conduct differs from their twin's."""
    kinds = ("acts_culpable", "acts_lawful", "acts_praised")
    differs = np.any([seen.row(kind) != seen.twin_row(kind) for kind in kinds], axis=0)
    is_adult = seen.row("age_years") >= ADULT_YEARS
    knows = is_adult & (seen.row("aware") > 0)
    return {
        "of the aware": seen.share(differs, knows, "nobody knows of the scheme"),
        "of all adults": seen.share(differs & knows, is_adult, "there are no adults"),
    }


METRICS: tuple[Metric, ...] = (
    deterrence_elasticity,
    acts_a_person_year,
    conduct_change,
    chilling_share,
    chilling_break,
    spiral_of_silence,
    chill_ratio,
    crowding_out,
    displacement_share,
    behaviour_change_share,
)
