"""Rules that reach back: from which step, to which entries, and what is kept for them till then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from glasshouse.engine.plan.names import list_name
from glasshouse.engine.plan.rules import RuleWriter
from glasshouse.engine.tables import When
from glasshouse.law.experiment import ArmRules, RulebookInForce
from glasshouse.law.rulebook import AnyProvision, Listing, Points


class Reach(NamedTuple):
    """One rule that reaches back in one arm."""

    in_force: dt.date
    step: int
    since: int
    """The first day of writing down that counts."""
    acts: tuple[str, ...]
    use: RulebookInForce
    list_id: str
    """Empty for points."""


def reaches_of(arm: ArmRules, steps: tuple[When, ...], first_day: dt.date) -> tuple[Reach, ...]:
    """Give the rules of an arm that reach back and come into force during the run.

    A rule holds from the first step that begins on its day or later, and reaches back from there.
    """
    found = []
    for use in arm.rulebooks:
        for provision in use.rulebook.provisions:
            comes, ends = use.period_of(provision)
            if ends <= comes:
                continue
            day = (comes - first_day).days
            step = next((when for when in steps if when.first_day >= day), None)
            if day <= 0 or step is None:
                continue
            for acts, days, list_id in _reaching(provision, use):
                since = step.first_day - days
                found.append(Reach(comes, step.step, since, acts, use, list_id))
    return tuple(found)


def _reaching(
    provision: AnyProvision, use: RulebookInForce
) -> Iterator[tuple[tuple[str, ...], int, str]]:
    """Give the acts, the days back and the list of what in a provision reaches back."""
    if isinstance(provision, Points) and provision.reaches_back_days is not None:
        yield provision.acts, provision.reaches_back_days, ""
    elif isinstance(provision, Listing):
        for ground in provision.grounds:
            if ground.reaches_back_days is not None and ground.acts:
                yield ground.acts, ground.reaches_back_days, list_name(use.rulebook, provision)


def write_reaches(
    writer: RuleWriter, reaches: tuple[Reach, ...], step: int, epoch: dt.date, books: list[str]
) -> frozenset[str]:
    """Write what reaches back from a step, and what is kept for later; give the acts of the latter.

    ``books`` are the arm's scored rulebooks. Departments write down what a later rule reaches back
    to, wherever some rule of the arm is in force already.
    """
    table: dict[str, Any] = writer.table
    types = writer.sizes.types
    kept: set[str] = set()
    for reach in reaches:
        acts = [writer.acts[act] for act in reach.acts]
        if reach.in_force > epoch:
            kept.update(reach.acts)
            for act in acts:
                table["keep_since"][act] = min(table["keep_since"][act], reach.since)
        elif reach.step == step:
            table["reach_on"][writer.provinces_of(reach.use)] = 1
            field, at = "reach_points", 0
            if reach.list_id:
                field, at = "reach_grounds", writer.lists[reach.list_id]
            else:
                at = books.index(reach.use.rulebook.rulebook)
            for act in acts:
                table[field][at * types + act] = reach.since
    return frozenset(kept)
