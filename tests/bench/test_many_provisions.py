"""A long catalogue is read like a short one, and says what of it anybody wrote."""

from __future__ import annotations

import numpy as np

from glasshouse.bench.many_provisions import (
    COPY,
    TYPES,
    large_rulebook,
    named_in_a_source,
    one_provision_an_act,
    read_again,
)
from glasshouse.bench.many_types import with_types
from glasshouse.bench.society import scenario_of
from glasshouse.engine.plan.plan import make_plan


def test_m05_more_than_800_provisions_load_and_say_what_a_source_names() -> None:
    """M05: 820 provisions are read whole; those that no source names say so, one by one."""
    book, acts, counters = large_rulebook(820)
    found = read_again(book, acts, counters)
    assert found is not None
    assert found.provisions == book.provisions
    assert len(found.provisions) == 820
    named = named_in_a_source(found.provisions)
    own = scenario_of(2048).arms[-1].rulebooks[0].rulebook
    assert len(named) == len(named_in_a_source(own.provisions))
    others = [one for one in found.provisions if one not in named]
    assert all(one.evidence == "hypothesis" and one.qualified == COPY for one in others)


def test_m05_a_run_reads_many_provisions_as_the_same_tables() -> None:
    """M05: one provision an act or one for all: the sweep reads the very same numbers."""
    whole = with_types(scenario_of(2048), TYPES)
    apart = one_provision_an_act(whole, 10_000)
    one, other = (make_plan(each) for each in (whole, apart))
    first, second = (plan.tables_of(plan.steps[0]) for plan in (one, other))
    for name in first.rules._fields:
        assert np.array_equal(getattr(first.rules, name), getattr(second.rules, name)), name
    assert len(apart.arms[-1].rulebooks[0].rulebook.provisions) > 820
