"""Each column is declared once, means one thing, and is written in one place."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from glasshouse.state.columns import REGISTRY

RANGES = {f"{sign}{size}": size * 8 for sign in "iu" for size in (1, 2, 4, 8)}


def writer_paths(writer: str) -> tuple[str, str]:
    """Give the module and the package that a writer's dotted name may mean."""
    path = writer.replace(".", "/")
    return f"{path}.py", f"{path}/"


def written(tree: ast.Module) -> list[tuple[int, str]]:
    """Give what a module writes into by place: ``people.means[i] = ...`` writes ``means``."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Attribute):
                found.append((node.lineno, node.value.attr))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            target = node.args[0] if node.func.id == "add" and node.args else None
            if isinstance(target, ast.Attribute):
                found.append((node.lineno, target.attr))
    return found


def test_a_column_is_declared_once() -> None:
    """No two columns of a group share a name."""
    counted = Counter((column.group, column.name) for column in REGISTRY)
    assert [name for name, times in counted.items() if times > 1] == []


def test_a_column_says_what_it_holds() -> None:
    """Each column has a meaning, a unit and axes."""
    for column in REGISTRY:
        assert column.meaning.strip(), column.name
        assert column.unit.strip(), column.name
        assert column.axes, column.name


def test_a_column_fits_its_type() -> None:
    """The range of a column lies within its type."""
    for column in REGISTRY:
        bits = RANGES[column.dtype]
        low, high = (0, 2**bits - 1) if column.dtype[0] == "u" else (-(2 ** (bits - 1)), 0)
        high = high or 2 ** (bits - 1) - 1
        assert low <= column.low <= column.high <= high, column.name


def test_a_column_names_one_writer_that_exists(package: Path) -> None:
    """The writer of a column is one module or one package of the house."""
    for column in REGISTRY:
        module, folder = writer_paths(column.writer)
        assert (package / module).is_file() != (package / folder).is_dir(), column


def test_only_its_writer_writes_a_column(trees: dict[str, ast.Module]) -> None:
    """In stages and drivers nobody but the named writer assigns into a column."""
    writers: dict[str, set[str]] = {}
    for column in REGISTRY:
        writers.setdefault(column.name, set()).update(writer_paths(column.writer))
    for path, tree in trees.items():
        if not path.startswith(("stages/", "engine/")):
            continue
        for line, name in written(tree):
            if name in writers:
                allowed = tuple(writers[name])
                assert path.startswith(allowed), f"{path}:{line} writes {name}"


def test_stages_write_no_column_but_the_society(trees: dict[str, ast.Module]) -> None:
    """Kernels return; a stage that writes into rows would be a second writer."""
    for path, tree in trees.items():
        if path.endswith("_kernel.py") and path.startswith("stages/"):
            for node in ast.walk(tree):
                stored = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
                assert not stored, f"{path}: writes an attribute"
