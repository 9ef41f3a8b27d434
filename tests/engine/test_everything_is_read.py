"""A parameter that nothing reads is a defect: what a user sets must be able to matter."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from pydantic import BaseModel

import glasshouse
from glasshouse.engine.institutions import Bureau, Memory
from glasshouse.engine.plan.memory import count_shapes
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.tables import Counts
from glasshouse.law.experiment import ArmRules, Experiment
from glasshouse.law.library import Library
from glasshouse.law.rulebook import PROVISIONS

PACKAGED = sorted(
    path.stem for path in (Path(glasshouse.__file__).parent / "data" / "scenarios").glob("*.yaml")
)

OF_ALL_ARMS = {"acts.": (".per_year", ".varies_with.ratio")}
"""What the arms share and may not differ in: read once, from the first arm."""


def used(name: str) -> Experiment:
    """Settle a packaged scenario and make everything that a run makes from its assumptions."""
    experiment = Library().resolve(name, {"people": "4096", "years": "1"})
    plan = make_plan(experiment)
    assert plan.conduct is not None
    sizes, bureau = plan.sizes, Bureau(plan)
    memory = Memory(
        exposed=np.ones(sizes.types, np.int64),
        backlog=np.zeros((sizes.arms, sizes.departments + 1), np.int64),
        provinces=np.zeros(plan.communities, np.uint8),
    )
    bureau.first(memory)
    lead = (sizes.arms, sizes.provinces)
    nothing = {n: np.zeros(lead + shape, np.int64) for n, shape in count_shapes(sizes).items()}
    recorded = np.zeros((plan.communities, sizes.arms), np.int32)
    bureau.decide(plan.steps[1], plan.steps[0], Counts(**nothing), recorded, memory)
    return experiment


def unread(arm: ArmRules, first: ArmRules) -> list[str]:
    """Give the paths of an arm's quantities that nothing reads and nothing excuses."""
    nowhere = set(first.assumptions.unread())
    return [
        path
        for path in arm.assumptions.unread()
        if not (path not in nowhere and is_of_all_arms(path))
    ]


def is_of_all_arms(path: str) -> bool:
    """Say whether the arms share the quantity at a path."""
    return any(path.startswith(a) and path.endswith(z) for a, z in OF_ALL_ARMS.items())


@pytest.mark.parametrize("name", PACKAGED)
def test_every_assumption_is_read_in_every_arm(name: str) -> None:
    """No quantity of a packaged scenario is idle."""
    experiment = used(name)
    for arm in experiment.arms:
        assert unread(arm, experiment.arms[0]) == [], arm.name


ABOUT_A_RULE = frozenset(
    {"id", "title", "rule", "cite", "also", "evidence", "qualified", "reading"}
)
"""What a reader of the law needs, and no step."""


def parts_of(kind: type[BaseModel]) -> set[str]:
    """Give the names of the fields of a provision, those of its parts included."""
    names: set[str] = set()
    for name, field in kind.model_fields.items():
        if name not in ABOUT_A_RULE:
            names.add(name)
            for inner in (field.annotation, *get_args(field.annotation)):
                for part in (inner, *get_args(inner)):
                    if isinstance(part, type) and issubclass(part, BaseModel):
                        names |= parts_of(part) - ABOUT_A_RULE
    return names


def test_every_part_of_a_provision_is_read() -> None:
    """What a jurist may write in a rule stands somewhere in the law's tables or its calendar."""
    package = Path(glasshouse.__file__).parent
    read = {
        node.attr
        for place in ("engine/plan", "law/rulebook.py")
        for path in (
            (package / place).rglob("*.py") if place.endswith("plan") else [package / place]
        )
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    for kind in PROVISIONS.values():
        assert parts_of(kind) - read == set(), kind.__name__


def test_the_net_catches_a_parameter_that_nothing_reads() -> None:
    """Before a run has been planned, nearly everything is unread; so the test above can fail."""
    experiment = Library().resolve("pellucid", {})
    last = experiment.arms[-1]
    assert "process.notice_reaches" in unread(last, experiment.arms[0])
    assert [path for path in unread(last, experiment.arms[0]) if path.endswith(".gravity")]
