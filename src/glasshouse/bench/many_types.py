"""The same work under more names: every act split into near-copies that share its rate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from glasshouse.law.assumptions import Assumptions
from glasshouse.law.experiment import ArmRules, Experiment, RulebookInForce
from glasshouse.law.quantity import Quantity
from glasshouse.law.rulebook import Listing, Points


def with_types(experiment: Experiment, types: int) -> Experiment:
    """Give the experiment with ``types`` act types that together do what its own acts do.

    Each act becomes several of equal rate, seen, worth and judged alike; the rules name them all.
    """
    acts = experiment.arms[0].assumptions.acts
    each, more = divmod(types, len(acts))
    copies = {
        act.id: tuple(f"{act.id}_{number}" for number in range(each + (place < more)))
        for place, act in enumerate(acts)
    }
    return replace(experiment, arms=tuple(_arm(arm, copies) for arm in experiment.arms))


Copies = dict[str, tuple[str, ...]]


def _arm(arm: ArmRules, copies: Copies) -> ArmRules:
    books = tuple(_book(use, copies) for use in arm.rulebooks)
    return replace(arm, rulebooks=books, assumptions=_assumptions(arm.assumptions, copies))


def _assumptions(assumptions: Assumptions, copies: Copies) -> Assumptions:
    acts = tuple(
        act.model_copy(
            update={
                "id": name,
                "per_year": _part(act.per_year, len(copies[act.id])),
                "false_per_year": _part(act.false_per_year, len(copies[act.id])),
            }
        )
        for act in assumptions.acts
        for name in copies[act.id]
    )
    judged = tuple(
        one.model_copy(update={"act": name})
        for one in assumptions.culpability
        for name in copies[one.act]
    )
    return assumptions.model_copy(update={"acts": acts, "culpability": judged})


def _part(rate: Quantity, parts: int) -> Quantity:
    low, high = rate.range
    return rate.model_copy(
        update={"number": rate.number / parts, "range": (low / parts, high / parts)}
    )


def _book(use: RulebookInForce, copies: Copies) -> RulebookInForce:
    provisions = tuple(_provision(one, copies) for one in use.rulebook.provisions)
    return replace(use, rulebook=use.rulebook.model_copy(update={"provisions": provisions}))


def _provision(provision: Any, copies: Copies) -> Any:
    if isinstance(provision, Points):
        return provision.model_copy(update={"acts": _names(provision.acts, copies)})
    if isinstance(provision, Listing):
        grounds = tuple(
            ground.model_copy(update={"acts": _names(ground.acts, copies)})
            if ground.acts is not None
            else ground
            for ground in provision.grounds
        )
        return provision.model_copy(update={"grounds": grounds})
    return provision


def _names(acts: tuple[str, ...], copies: Copies) -> tuple[str, ...]:
    return tuple(name for act in acts for name in copies[act])
