"""Counters and what they are needed for, as tables: an arm's assumptions of consequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from glasshouse.engine.plan.conduct import MONTH_LENGTHS
from glasshouse.engine.plan.exact import (
    decimal,
    geometric_thresholds,
    hazard,
    level,
    threshold,
)
from glasshouse.engine.plan.names import Names
from glasshouse.law.assumptions import Act, Assumptions, Counter
from glasshouse.stages.consequence.consequence_kernel import NO_CHILD, NO_COUNTER, RETRY_STEPS
from glasshouse.stages.society.society_kernel import BORROWER, DRIVER, EMPLOYED, ONLINE

NEEDS = {
    "adult": 0,
    "parent": 0,
    "driver": DRIVER,
    "online": ONLINE,
    "employed": EMPLOYED,
    "borrower": BORROWER,
}
MONTHS_A_YEAR = 12


def counter_tables(assumptions: Assumptions, names: Names) -> dict[str, Any]:
    """Give the tables of counters: who comes how often, who looks lists up, what refusals cost."""
    counters = assumptions.counters
    ages = [c.child_ages or (0, NO_CHILD) for c in counters]
    return {
        "attempt_hazard": np.array(
            [
                threshold(hazard(c.attempts_per_year.value, days), 32)
                for days in MONTH_LENGTHS
                for c in counters
            ],
            np.int64,
        ),
        "attempt_needs": np.array([NEEDS[c.needs] for c in counters], np.uint16),
        "retry_cumulative": np.array(
            [geometric_thresholds(c.retries_mean.value, RETRY_STEPS) for c in counters], np.int64
        ).ravel(),
        "burden_yuan": np.array([round(c.burden.value) for c in counters], np.int32),
        "means_loss": np.array([level(c.means_loss.value) for c in counters], np.int32),
        "counter_context": np.array([names.contexts.index(c.context) for c in counters], np.uint8),
        "child_from": np.array([low for low, _ in ages], np.uint8),
        "child_to": np.array([high for _, high in ages], np.uint8),
        "takes_up": np.array([taken_up_at_first(c) for c in counters], np.int64),
        "takes_up_rises": np.array([taken_up_a_month(c) for c in counters], np.int64),
        "strands": np.array([c.strands for c in counters], np.uint8),
    }


def weights_of_acts(assumptions: Assumptions, names: Names) -> dict[str, Any]:
    """Give what acts weigh, and at which counters their consequences are out of place.

    A listing without any ground has no context that could be related to a counter's; a score has
    the contexts of all that went into it, and is counted apart.
    """
    acts, contexts = assumptions.acts, assumptions.contexts
    fines = {one.act: round(one.gravity.value) * one.culpable for one in assumptions.culpability}
    unrelated = [
        [not contexts.are_related(origin, context) for context in names.contexts]
        for origin in contexts.names
    ]
    unrelated += [[False] * len(names.contexts), [True] * len(names.contexts)]
    return {
        "act_origin": np.array([names.origins.index(act.context) for act in acts], np.uint8),
        "gravity_yuan": np.array([fines[act.id] for act in acts], np.int32),
        "unrelated": np.array(unrelated, np.uint8).ravel(),
    }


def taken_up_at_first(counter: Counter) -> int:
    """Give the share of providers that look a list up at the start of the run: all, if not said."""
    return threshold(1.0 if counter.takes_up is None else counter.takes_up.value, 32)


def taken_up_a_month(counter: Counter) -> int:
    """Give by how much that share rises in a month of the run."""
    if counter.takes_up_per_year is None:
        return 0
    return threshold(decimal(counter.takes_up_per_year.value) / MONTHS_A_YEAR, 32)


def needed_counters(assumptions: Assumptions) -> dict[str, Any]:
    """Give, by act, the counter that it needs and how far it is lost without; rows of acts alone.

    False reports and strays from elsewhere are nobody's doing, and need nothing.
    """
    places = {counter.id: place for place, counter in enumerate(assumptions.counters)}
    acts, none = assumptions.acts, [0] * (2 * len(assumptions.acts))
    needs = [NO_COUNTER if a.needs_counter is None else places[a.needs_counter] for a in acts]
    return {
        "act_needs": np.array(needs + [NO_COUNTER] * len(none), np.uint8),
        "act_without": np.array([level(lost_without(act)) for act in acts] + none, np.uint16),
        "act_omits": np.array([act.omission for act in acts] + none, np.uint8),
    }


def lost_without(act: Act) -> float:
    """Give how far an act is lost where the counter that it needs is closed."""
    return 0.0 if act.without is None else act.without.value


def needs_a_closed_counter(assumptions: Assumptions, law: dict[str, Any]) -> bool:
    """Say whether the rules can close a counter that some act needs."""
    closed = int(np.bitwise_or.reduce(law["list_bars"] | law["list_reaches"]))
    names = [counter.id for counter in assumptions.counters]
    shut = {name for place, name in enumerate(names) if (closed >> place) & 1}
    return any(lost_without(act) > 0 for act in assumptions.acts if act.needs_counter in shut)


def queues_of(assumptions: Assumptions) -> int:
    """Give, as bits, the counters where going first makes others wait."""
    return sum(1 << place for place, counter in enumerate(assumptions.counters) if counter.queue)
