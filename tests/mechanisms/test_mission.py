"""The table of mechanisms is whole: each has its evidence, its place, its switch and its test."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from glasshouse.law.library import Library
from glasshouse.law.mechanism import CONTEXT, NUMBER, Mechanism, is_on, scenario_of

MECHANISMS = Library().mechanisms()
ROOT = Path(__file__).resolve().parents[2]
BY_ID = pytest.mark.parametrize("one", MECHANISMS, ids=[one.id for one in MECHANISMS])


@cache
def functions(file: str) -> frozenset[str]:
    """Give the names of the functions of a file of tests."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_the_mission_is_whole() -> None:
    """All 132 mechanisms are there, once each; six are context, and most of the others run."""
    assert [one.number for one in MECHANISMS] == list(range(1, NUMBER + 1))
    assert {one.id for one in MECHANISMS if one.status == "context"} == set(CONTEXT)
    assert sum(one.status == "runs" for one in MECHANISMS) > 100


@BY_ID
def test_what_is_not_context_has_a_test_that_exists(one: Mechanism) -> None:
    """The test named is a function of the file named, and says which mechanism it shows."""
    if one.id in CONTEXT:
        assert one.test is None
        return
    file, _, name = (one.test or "").partition("::")
    name = name.partition("[")[0]
    assert (ROOT / file).is_file(), file
    assert name in functions(file), name


@BY_ID
def test_a_switch_turns_its_mechanism_on(one: Mechanism, tmp_path: Path) -> None:
    """The scenario of a switch resolves; the mechanism is on in its last arm, and in no other."""
    if one.switch is None:
        assert one.status != "runs"
        return
    path = tmp_path / f"{one.id.lower()}.yaml"
    path.write_text(scenario_of(one), encoding="utf-8")
    _, off, on = Library().resolve(path).arms
    assert is_on(one, on)
    assert not is_on(one, off)
