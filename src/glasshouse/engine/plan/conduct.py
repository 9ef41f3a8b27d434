"""Conduct and false reports to tables that all arms share: the envelope no policy changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from glasshouse.engine.plan.exact import (
    DAYS_A_YEAR,
    alias_table,
    decimal,
    geometric_gradient,
    level,
    poisson_thresholds,
    threshold,
)
from glasshouse.engine.plan.insiders import false_rates
from glasshouse.engine.plan.sight import highest_suspicion, stray_share
from glasshouse.engine.tables import Conduct
from glasshouse.law.assumptions import Act, Assumptions
from glasshouse.law.experiment import ArmRules, Experiment
from glasshouse.stages.conduct.conduct_kernel import (
    AFFORDED,
    ALIAS_OTHER,
    CHILLED,
    COUNT_STEPS,
    CULPABLE,
    DETERRED,
    FALSE_REPORT,
    LAWFUL,
    NEUTRAL,
    OWN_TRAIT,
    PRAISED,
    REPORTING,
    REWARDED,
    STRAINED,
    TYPE_BITS,
    UNAFFORDED,
    UNMOVED,
    UNREWARDED,
    WARNED,
)
from glasshouse.stages.society.society_kernel import (
    BORROWER,
    CLASS_ADULT,
    CLASS_COURT,
    CLASS_FIRM,
    CLASS_GOVERNMENT,
    CLASS_MINOR,
    DRIVER,
    EMPLOYED,
    N_CLASSES,
    ONLINE,
    PARENT_ELSEWHERE,
)

RESPONSES = {
    "unmoved": UNMOVED,
    "deterred": DETERRED,
    "chilled": CHILLED,
    "rewarded": REWARDED,
    "reporting": REPORTING,
    "strained": STRAINED,
    "afforded": AFFORDED,
}
TRAITS = ("honesty", "altruism", "outspokenness", "literacy")
MONTH_LENGTHS = (28, 29, 30, 31)
EIGHTHS = 8
FIRST_BITS = np.arange(256) << 24
"""The words that have only their first eight bits."""


_BIT_OF = {
    "online": ONLINE,
    "driver": DRIVER,
    "employed": EMPLOYED,
    "borrower": BORROWER,
    "parent_elsewhere": PARENT_ELSEWHERE,
}


_CLASS_OF = {
    "minor": CLASS_MINOR,
    "enterprise": CLASS_FIRM,
    "court": CLASS_COURT,
    "government": CLASS_GOVERNMENT,
}


class Envelope(NamedTuple):
    """Yearly rates of candidates per exposed row, which bound every arm."""

    acts: tuple[Decimal, ...]
    false_reports: tuple[Decimal, ...]
    strays: tuple[Decimal, ...]

    @property
    def rows(self) -> tuple[Decimal, ...]:
        """All rates in the order of the table's rows."""
        return self.acts + self.false_reports + self.strays


def who_can(activity: int, who: str) -> bool:
    """Say whether an activity class is exposed to acts of this kind of person."""
    if who in _CLASS_OF:
        return activity == _CLASS_OF[who]
    adult = CLASS_ADULT <= activity < CLASS_COURT
    return adult and (who == "adult" or bool((activity - CLASS_ADULT) & _BIT_OF[who]))


def highest_gain(experiment: Experiment) -> Decimal:
    """Give the largest factor that gaming has on praised acts in any arm."""
    return max(decimal(arm.assumptions.response["gaming_gain"].value) for arm in experiment.arms)


def mean_strain(assumptions: Assumptions) -> Decimal:
    """Give the mean factor of strained acts, relative to no means, at means spread evenly."""
    return (1 + 1 / decimal(assumptions.response["strain"].value)) / 2


def gradient_of(act: Act) -> list[Decimal]:
    """Give an act's factors by the eighth of the trait that it varies with; their mean is 1."""
    if act.varies_with is None:
        return [Decimal(1)] * EIGHTHS
    return geometric_gradient(act.varies_with.ratio.value, EIGHTHS)


def envelope_of(experiment: Experiment) -> Envelope:
    """Give the rates that bound the candidates of every arm."""
    shared = experiment.arms[0].assumptions
    gain, strain = highest_gain(experiment), mean_strain(shared)
    acts, false_reports, strays = [], [], []
    falsely = [most_false_reports(arm) for arm in experiment.arms]
    for place, act in enumerate(shared.acts):
        factors = {
            "rewarded": gain, "reporting": gain, "strained": 1 / strain, "afforded": 2 * gain,
        }  # fmt: skip
        widened = factors.get(act.response, Decimal(1))
        rate = decimal(act.per_year.value) * max(gradient_of(act)) * widened
        acts.append(rate)
        false_reports.append(max(rates[place] for rates in falsely))
        strays.append(max(rate * most_strays(arm, place) for arm in experiment.arms))
    return Envelope(tuple(acts), tuple(false_reports), tuple(strays))


def most_false_reports(arm: ArmRules) -> list[Decimal]:
    """Bound the yearly false reports of every act type about one person."""
    most = Decimal(1) if arm.is_baseline else highest_suspicion(arm.assumptions)
    return [rate * most for rate in false_rates(arm)]


def most_strays(arm: ArmRules, place: int) -> Decimal:
    """Bound the share of an act type that is seen and taken for people elsewhere."""
    if arm.is_baseline:
        return Decimal(0)
    seen_wrongly = stray_share(arm.assumptions.acts[place], arm.assumptions)
    return seen_wrongly + misjoined_share(arm, place)


def misjoined_share(arm: ArmRules, place: int) -> Decimal:
    """Bound the share of an act type whose entry is joined to the file of somebody elsewhere."""
    shared = arm.assumptions
    departments = {department.id: department for department in shared.departments}
    act = shared.acts[place]
    if arm.merge is None or departments[act.department].level != "local":
        return Decimal(0)
    mistaken = decimal(shared.places[f"mistaken_by_{arm.join_by}"].value)
    return decimal(shared.places["away_share"].value) * mistaken


def class_rates(acts: tuple[Act, ...], envelope: Envelope) -> list[list[Decimal]]:
    """Give the yearly candidate rates by activity class and row."""
    who = [act.who for act in acts] * 3
    return [
        [
            rate if who_can(activity, kind) else Decimal(0)
            for rate, kind in zip(envelope.rows, who, strict=True)
        ]
        for activity in range(N_CLASSES)
    ]


def month_mean(rates: list[Decimal], days: int) -> Decimal:
    """Give the mean number of candidates in a month of so many days."""
    return sum(rates, Decimal(0)) * days / DAYS_A_YEAR


def conduct_tables(experiment: Experiment) -> Conduct:
    """Turn the acts of an experiment into the tables that all arms share."""
    shared = experiment.arms[0].assumptions
    acts = shared.acts
    rates = class_rates(acts, envelope_of(experiment))
    counts = [
        poisson_thresholds(month_mean(one, days), COUNT_STEPS)
        for one in rates
        for days in MONTH_LENGTHS
    ]
    aliases = [alias_table(one) for one in rates]
    gradients = [[level(factor / max(row)) for factor in row] for row in map(gradient_of, acts)]
    always = [[65535] * EIGHTHS] * (2 * len(acts))
    traits = [TRAITS.index(act.varies_with.trait) if act.varies_with else 0 for act in acts]
    departments = [department.id for department in shared.departments]
    culpable = {judged.act: judged.culpable for judged in shared.culpability}
    worthless = {judged.act: judged.worthless for judged in shared.culpability}
    return Conduct(
        count_cumulative=np.array(counts, np.int64).ravel(),
        count_guide=np.array([guide_of(one) for one in counts], np.uint8).ravel(),
        alias=np.array([packed(*one, traits * 3) for one in aliases], np.int64).ravel(),
        gradient=np.array(gradients + always, np.int32).ravel(),
        response=np.array([RESPONSES[act.response] for act in acts], np.uint8),
        needs_means=np.array([act.debt or act.response == "strained" for act in acts], np.uint8),
        is_lawful=np.array([not culpable[act.id] for act in acts], np.uint8),
        is_worthless=np.array([worthless[act.id] for act in acts], np.uint8),
        is_breach=np.array(
            [culpable[act.id] and act.domain in {"commercial", "social"} for act in acts], np.uint8
        ),
        sort=np.array([sort_of(act, culpable=culpable[act.id]) for act in acts], np.uint8),
        department=np.array([departments.index(act.department) for act in acts], np.uint8),
    )


def packed(cuts: Any, others: Any, traits: list[int]) -> list[int]:
    """Pack the alias table of an activity class: cut, other row, and the traits of both."""
    return [
        int(cut) | (int(other) | traits[int(other)] << TYPE_BITS) << ALIAS_OTHER | own << OWN_TRAIT
        for cut, other, own in zip(cuts, others, traits, strict=True)
    ]


def responses_to(
    acts: tuple[Act, ...],
    named: frozenset[str],
    announced: frozenset[str] = frozenset(),
    *,
    by_trust: bool,
) -> Any:
    """Give how each row's rate answers to state in an arm whose rules name some acts; u1 [row].

    Fear deters only what the rules are known to punish, and points are earned only by what they
    praise (those that cost money in proportion to means); silence falls on all that is sensitive,
    and want is the same under every rule. Reports of others are praised acts like any other unless
    they go ``by_trust`` in the authority. A warning is heeded for the acts that it names, whether
    or not a rule is behind it.
    """
    unwatched = {
        DETERRED: UNMOVED, REWARDED: UNREWARDED, AFFORDED: UNAFFORDED, REPORTING: UNREWARDED,
    }  # fmt: skip
    watched = {} if by_trust else {REPORTING: REWARDED}
    codes = [
        WARNED
        if code == DETERRED and act.id in announced
        else (watched if act.id in named else unwatched).get(code, code)
        for act, code in ((act, RESPONSES[act.response]) for act in acts)
    ]
    return np.array(codes + [FALSE_REPORT] * (2 * len(acts)), np.uint8)


def guide_of(thresholds: list[int]) -> list[int]:
    """Give, by the first eight bits of a word, how many thresholds every such word has reached."""
    # The thresholds rise, so those reached are those to the left of the word.
    reached: list[int] = np.searchsorted(thresholds, FIRST_BITS, side="right").tolist()
    return reached


def sort_of(act: Act, *, culpable: bool) -> int:
    """Say how the outcome totals count an act."""
    if culpable:
        return CULPABLE
    praised = ("rewarded", "reporting", "afforded")
    return LAWFUL if act.response == "chilled" else PRAISED if act.response in praised else NEUTRAL


def rewarded_factors(assumptions: Assumptions, highest: Decimal) -> tuple[int, int]:
    """Give the factor on praised acts at no gaming and at full gaming, under the envelope."""
    gain = decimal(assumptions.response["gaming_gain"].value)
    return factor_of(1 / highest), factor_of(gain / highest)


def strained_factor(assumptions: Assumptions) -> int:
    """Give the factor on strained acts at full means; at no means it is the whole envelope."""
    return factor_of(1 / decimal(assumptions.response["strain"].value))


def factor_of(share: Decimal) -> int:
    """Give a factor of the sweep, where ``f`` stands for (f + 1) / 65536."""
    return max(threshold(share, 16) - 1, 0)
