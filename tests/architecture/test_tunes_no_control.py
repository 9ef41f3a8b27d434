"""Line 3 of three: it tunes no control. Assumptions are fitted and safeguards searched, no more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from glasshouse.experiment.free import FINE, Free
from glasshouse.law.library import Library

SEEKING = re.compile(r"optimi[sz]|maximi[sz]|minimi[sz]|hill_?climb|grid_?search|bayes_?opt|tune")
SEARCHES = frozenset({"experiment/calibration/fitting.py"})
"""Where another's search is called: it fits assumptions to published aggregates."""

OPTIMISERS = frozenset("optuna nevergrad hyperopt skopt pymoo deap platypus cma ax".split())
AIMS = frozenset("conduct compliance revenue approval obedience stability deterrence".split())


def names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Give every name that a module defines, binds or takes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def test_nothing_below_the_experiments_seeks_an_optimum(trees: dict[str, ast.Module]) -> None:
    """No module outside `experiment` names a search, and none imports a searcher."""
    for path, tree in trees.items():
        if path.startswith("experiment/"):
            continue
        for line, name in names(tree):
            assert not SEEKING.search(name.casefold()), f"{path}:{line}: {name}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                text = ast.unparse(node)
                assert "scipy.optimize" not in text, f"{path}: {text}"
                assert not OPTIMISERS & set(re.split(r"\W+", text)), f"{path}: {text}"


def test_no_objective_holds_a_ruler_s_aim(trees: dict[str, ast.Module]) -> None:
    """Whatever is called an objective, a loss or a reward is never made of conduct or approval."""
    for path, tree in trees.items():
        for line, name in names(tree):
            words = set(name.casefold().split("_"))
            if words & {"objective", "objectives", "loss_function", "reward_function", "fitness"}:
                near = {word for _, other in names(tree) for word in other.casefold().split("_")}
                assert not near & AIMS, f"{path}:{line}: {name}"


def test_a_search_is_called_in_one_place(trees: dict[str, ast.Module]) -> None:
    """The one module that calls a searcher is the one that fits assumptions to aggregates."""
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found = OPTIMISERS & set(re.split(r"\W+", ast.unparse(node)))
                assert not found or path in SEARCHES, f"{path}: {found}"


def test_no_rule_and_no_coverage_is_a_free_parameter() -> None:
    """What points are drawn from, and what is fitted, is refused for every rule and coverage."""
    library = Library()
    everything = library.resolve("everything")
    door = Free(everything, drawn=True)
    rules = {
        f"rules.{use.rulebook.rulebook}.{provision.id}"
        for arm in everything.arms
        for use in arm.rulebooks
        for provision in use.rulebook.provisions
    }
    coverage = {path for path in door.quantities if ".covers_" in path}
    assert len(rules) > 100
    assert len(coverage) > 10
    rulebooks = {f"arms.{arm.name}.rulebook" for arm in everything.arms} | {"rulebook"}
    for path in (
        rules
        | rulebooks
        | coverage
        | {f"safeguards.{name}" for name in library.names("safeguards")}
    ):
        assert door.flaw_of_path(path) != FINE, path
    assert not coverage & set(door.members("*"))
