"""Which provisions of an arm are in force, when, and what they make of acts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from glasshouse.law.rulebook import Listing, Points
from glasshouse.metrics.observed import Act

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from glasshouse.law.experiment import ArmRules, RulebookInForce
    from glasshouse.law.rulebook import AnyProvision


def named_acts(rules: ArmRules, begin: dt.date, end: dt.date) -> tuple[set[str], set[str]]:
    """The acts for which provisions in force in the run take points or list, or give points."""
    punished: set[str] = set()
    praised: set[str] = set()
    for provision in provisions_in_force(rules, begin, end):
        if isinstance(provision, Listing):
            named = praised if provision.colour == "red" else punished
            named.update(*(ground.acts or () for ground in provision.grounds))
        elif isinstance(provision, Points):
            low, high = provision.extremes
            if low < 0 or provision.overrides_grade:
                punished.update(provision.acts)
            elif high > 0:
                praised.update(provision.acts)
    return punished, praised


def provisions_in_force(rules: ArmRules, begin: dt.date, end: dt.date) -> Iterator[AnyProvision]:
    """The provisions of an arm that are in force on some day of the run."""
    for use in rules.rulebooks:
        yield from of_use_in_force(use, begin, end)


def of_use_in_force(use: RulebookInForce, begin: dt.date, end: dt.date) -> Iterator[AnyProvision]:
    """The provisions of a rulebook, as an arm switches it on, in force on some day of the run."""
    for provision in use.rulebook.provisions:
        since, until = use.period_of(provision)
        if max(begin, since) < min(end, until):
            yield provision


def takes(provision: AnyProvision) -> bool:
    """Say whether a provision takes points, lowers a grade or lists to somebody's harm."""
    if isinstance(provision, Listing):
        return provision.colour != "red"
    if isinstance(provision, Points):
        return provision.extremes[0] < 0 or provision.overrides_grade is not None
    return False


def gives(provision: AnyProvision) -> bool:
    """Say whether a provision gives points or honours."""
    if isinstance(provision, Listing):
        return provision.colour == "red"
    return isinstance(provision, Points) and provision.extremes[1] > 0


def points_lost(rules: ArmRules, begin: dt.date, end: dt.date) -> dict[str, float]:
    """Give the most points that an act can lose, by act: the mean of the provisions that take any.

    A provision that is in force on some day of the run counts as one, however long it was.
    """
    found: dict[str, list[int]] = {}
    for provision in provisions_in_force(rules, begin, end):
        if isinstance(provision, Points) and provision.extremes[0] < 0:
            for act in provision.acts:
                found.setdefault(act, []).append(-provision.extremes[0])
    return {act: sum(lost) / len(lost) for act, lost in found.items()}


def acts_of(rules: ArmRules, begin: dt.date, end: dt.date) -> tuple[Act, ...]:
    """Give the act types of an arm as metrics see them, in the order of the file.

    Whether another arm has a rule for an act (``is_ruled``) is not known here.
    """
    culpable = {judged.act for judged in rules.assumptions.culpability if judged.culpable}
    worthless = {judged.act for judged in rules.assumptions.culpability if judged.worthless}
    punished, praised = named_acts(rules, begin, end)
    lost = points_lost(rules, begin, end)
    return tuple(
        Act(
            act=act.id,
            is_culpable=act.id in culpable,
            response=act.response,
            domain=act.domain,
            context=act.context,
            is_punished=act.id in punished,
            is_rewarded=act.id in praised - punished,
            is_worthless=act.id in worthless,
            points_lost=lost.get(act.id, 0.0),
        )
        for act in rules.assumptions.acts
    )


def strictness(rules: ArmRules, days: Sequence[dt.date]) -> list[tuple[int, int]]:
    """Count by day how many provisions take, and how many give, in force on it anywhere."""
    day = dt.timedelta(days=1)
    return [
        (sum(map(takes, some)), sum(map(gives, some)))
        for some in (list(provisions_in_force(rules, on, on + day)) for on in days)
    ]
