"""What is written down without any act: false reports, and entries of those who may write."""

from __future__ import annotations

from decimal import Decimal

from glasshouse.engine.plan.exact import decimal
from glasshouse.engine.plan.sight import false_rate
from glasshouse.law.experiment import ArmRules
from glasshouse.law.rulebook import AnyProvision, FileAccess, Listing, Points


def acts_of(provision: AnyProvision) -> tuple[str, ...]:
    """Give the acts that a provision names, for points or as a ground."""
    if isinstance(provision, Points):
        return provision.acts
    if isinstance(provision, Listing):
        return tuple(act for ground in provision.grounds for act in ground.acts or ())
    return ()


def false_rates(arm: ArmRules) -> list[Decimal]:
    """Give the false entries a year of every act: reported, or of insiders' making."""
    insiders = written_by_insiders(arm)
    return [
        false_rate(act, arm.assumptions) + insiders.get(act.id, Decimal(0))
        for act in arm.assumptions.acts
    ]


def written_by_insiders(arm: ArmRules) -> dict[str, Decimal]:
    """Give what insiders write a year of each adult, by act; nothing where no rule lets them.

    They write of the acts that the arm's rules name and nobody is praised for, in proportion to
    what is falsely reported anyway, or evenly where nothing is.
    """
    written = decimal(arm.assumptions.threats["insider_entries_per_year"].value)
    provisions = [p for use in arm.rulebooks for p in use.rulebook.provisions]
    allowed = any(isinstance(p, FileAccess) and p.insiders_write for p in provisions)
    named = {act for p in provisions for act in acts_of(p)}
    acts = [
        act
        for act in arm.assumptions.acts
        if act.id in named and act.who == "adult" and act.response != "rewarded"
    ]
    weights = {act.id: decimal(act.false_per_year.value) for act in acts}
    total = sum(weights.values(), Decimal(0))
    if not (written and allowed and acts):
        return {}
    if not total:
        weights, total = dict.fromkeys(weights, Decimal(1)), Decimal(len(weights))
    return {act: written * weight / total for act, weight in weights.items()}
