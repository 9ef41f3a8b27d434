"""Line 3 of three: it tunes no control. Assumptions are fitted and safeguards searched, no more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

SEEKING = re.compile(r"optimi[sz]|maximi[sz]|minimi[sz]|hill_?climb|grid_?search|bayes_?opt|tune")
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
