"""The same work under more names is the same work."""

from __future__ import annotations

import pytest

from glasshouse.bench.many_types import with_types
from glasshouse.bench.society import scenario_of
from glasshouse.engine.plan.plan import make_plan
from glasshouse.law.rulebook import Listing, Points


def test_more_types_share_the_same_rates() -> None:
    """Eight hundred types are eight hundred, and their rates add up to those of the scenario."""
    own = scenario_of(2048)
    many = with_types(own, 800)
    for one, other in zip(own.arms, many.arms, strict=True):
        acts, copies = one.assumptions.acts, other.assumptions.acts
        assert len(copies) == 800
        for name in ("per_year", "false_per_year"):
            total = sum(getattr(act, name).value for act in acts)
            assert sum(getattr(act, name).value for act in copies) == pytest.approx(total)


def test_the_rules_name_every_copy() -> None:
    """A rule that names an act names all of its copies, and the plan of the run is made."""
    many = with_types(scenario_of(2048), 800)
    known = {act.id for act in many.arms[1].assumptions.acts}
    named: set[str] = set()
    for use in many.arms[1].rulebooks:
        for provision in use.rulebook.provisions:
            if isinstance(provision, Points):
                named.update(provision.acts)
            elif isinstance(provision, Listing):
                named.update(act for ground in provision.grounds for act in ground.acts or ())
    assert named <= known
    stems = {name.rsplit("_", 1)[0] for name in named}
    assert named == {name for name in known if name.rsplit("_", 1)[0] in stems}
    assert make_plan(many).sizes.types == 800
