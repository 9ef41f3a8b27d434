"""A kernel is text that every device reads alike: integers, bare names, no surprises."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from importlib import import_module

import pytest

SPOKEN = (
    ast.Raise, ast.Try, ast.TryStar, ast.With, ast.Assert,  # kernels cannot speak
    ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,  # no closures
    ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith,
    ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.Delete, ast.Match,
    ast.JoinedStr, ast.Dict, ast.Set, ast.List, ast.Starred, ast.NamedExpr,
)  # fmt: skip
BUILT_IN = frozenset({"range", "len", "min", "max", "abs", "int", "bool"})
MARKS = frozenset({"kernel", "passage", "entry"})
WRITING = frozenset({"add", "scan", "pack", "note", "mark"})
WRITERS = ("engine/sweep/", "stages/society/", "engine/packing/")
ENTERED = ("engine/sweep/", "engine/packing/", "bench/")
NUMBERS = frozenset({"int", "bool"})
BELOW = ("glasshouse.kernel", "glasshouse.chance", "glasshouse.state.bits")


def is_marked(node: ast.FunctionDef) -> bool:
    """Say whether a function is decorated as a kernel."""
    return mark_of(node) in MARKS


def mark_of(node: ast.FunctionDef) -> str:
    """Give how a function is marked: `kernel`, `passage`, `entry`, or not at all."""
    last = [ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list]
    return next((name for name in last if name in MARKS), "")


def kernels(tree: ast.Module, mark: str = "") -> Iterator[ast.FunctionDef]:
    """Give the kernels of a module, or those with one mark."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and is_marked(node) and mark in {"", mark_of(node)}:
            yield node


def calls(function: ast.FunctionDef) -> set[str]:
    """Give the bare names that a kernel calls."""
    return {
        node.func.id
        for node in body_nodes(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def stores(function: ast.FunctionDef) -> Iterator[int]:
    """Give the lines on which a kernel writes into an array, by place or through a primitive."""
    for node in body_nodes(function):
        if isinstance(node, ast.Subscript | ast.Attribute):
            if isinstance(node.ctx, ast.Store):
                yield node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in WRITING:
            yield node.lineno


def body_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Give the nodes of a kernel that run: neither its docstring nor its annotations."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    waiting: list[ast.AST] = [*statements, *function.args.defaults]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.AnnAssign):
            waiting.extend(part for part in (node.target, node.value) if part is not None)
        else:
            waiting.extend(ast.iter_child_nodes(node))


def faults(function: ast.FunctionDef) -> Iterator[str]:
    """Give what a kernel holds that not every device understands alike."""
    for node in body_nodes(function):
        line = getattr(node, "lineno", function.lineno)
        if isinstance(node, SPOKEN):
            yield f"{line}: {type(node).__name__}"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield f"{line}: a definition inside"
        elif isinstance(node, ast.Constant) and not isinstance(node.value, int):
            yield f"{line}: the constant {node.value!r}"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(
            node.op, ast.Div | ast.Pow | ast.MatMult
        ):
            yield f"{line}: {type(node.op).__name__}"
        elif isinstance(node, ast.Call) and not isinstance(node.func, ast.Name):
            yield f"{line}: a call by more than a bare name: {ast.unparse(node.func)}"
    if function.args.kwonlyargs or function.args.vararg or function.args.kwarg:
        yield f"{function.lineno}: arguments beyond the positional"


def free_names(function: ast.FunctionDef) -> set[str]:
    """Give the names that a kernel reads and does not bind."""
    names = [node for node in body_nodes(function) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    bound |= {argument.arg for argument in (*function.args.posonlyargs, *function.args.args)}
    return {node.id for node in names} - bound


def is_bundle(value: object) -> bool:
    """Say whether a value is a named tuple's class: how the sweep hands integers on together."""
    return isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields")


def module_of(path: str) -> str:
    """Give the dotted name of the module at a path inside the package."""
    dotted = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return f"glasshouse.{dotted}"


@pytest.mark.parametrize(
    "body",
    [
        "return 'a'", "return 0.5", "return a / 2", "return a ** 2", "raise ValueError",
        "return (lambda: a)()", "return sum([b for b in a])", "a /= 2", "return None",
        "with a: return 1", "global b", "return a.sum()", "yield a", "assert a",
        "def b():\n  return 1", "return f'{a}'", "return [a]", "try:\n  a\n finally:\n  a",
    ],
)  # fmt: skip
def test_the_net_catches_what_a_kernel_may_not_hold(body: str) -> None:
    """Each thing that not every device understands is found."""
    tree = ast.parse(f"@kernel\ndef k(a: 'int') -> 'int':\n '''Say.'''\n {body}\n")
    (function,) = kernels(tree)
    assert list(faults(function))


def test_the_net_lets_a_kernel_through() -> None:
    """Integers, floor division, loops, bare calls and annotations are what kernels are made of."""
    tree = ast.parse(
        "@kernel\n"
        "def k(a: int, b: Any) -> tuple[int, int]:\n"
        " '''Say.'''\n"
        " total: int = 0\n"
        " for i in range(a):\n"
        "  total += b[i] // 2 if b[i] > 0 else -1\n"
        " return total, below(total, 7)\n"
    )
    (function,) = kernels(tree)
    assert list(faults(function)) == []
    assert free_names(function) == {"range", "below"}


def test_there_are_kernels(trees: dict[str, ast.Module]) -> None:
    """The tests of this file have something to look at."""
    assert sum(1 for tree in trees.values() for _ in kernels(tree)) > 0


def test_kernels_hold_integers_and_nothing_else(trees: dict[str, ast.Module]) -> None:
    """No kernel holds a string, a float, an exception, a closure or a true division."""
    found = [
        f"{path}:{fault} in {function.name}"
        for path, tree in trees.items()
        for function in kernels(tree)
        for fault in faults(function)
    ]
    assert found == []


def test_kernels_say_what_they_do(trees: dict[str, ast.Module]) -> None:
    """Every kernel has a docstring."""
    for path, tree in trees.items():
        for function in kernels(tree):
            assert ast.get_docstring(function), f"{path}: {function.name}"


def test_kernels_read_only_integers_and_kernels(trees: dict[str, ast.Module]) -> None:
    """A global that a kernel reads is an integer, a kernel, a primitive or the sweep's bundle."""
    from glasshouse.kernel import is_kernel

    found = []
    for path, tree in trees.items():
        marked = list(kernels(tree))
        if not marked:
            continue
        module = import_module(module_of(path))
        for function in marked:
            for name in sorted(free_names(function)):
                value = getattr(module, name, None)
                known = (
                    (isinstance(value, int) and not isinstance(value, bool))
                    or is_kernel(value)
                    or (path.startswith("engine/") and is_bundle(value))
                    or (callable(value) and value.__module__ == "glasshouse.kernel")
                    or (not hasattr(module, name) and hasattr(builtins, name) and name in BUILT_IN)
                )
                if not known:
                    found.append(f"{path}: {function.name} reads {name}")
    assert found == []


def test_kernels_of_a_stage_know_only_what_lies_below(trees: dict[str, ast.Module]) -> None:
    """A module of kernels imports the kernel, chance, the bits of the state and its own stage."""
    for path, tree in trees.items():
        if path.startswith("engine/") or not any(kernels(tree)):
            continue
        own = module_of(path).rpartition(".")[0]
        allowed = (*BELOW, own) if path.startswith("stages/") else BELOW
        for node in tree.body:  # an import under TYPE_CHECKING does not run
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}:{node.lineno}"
                imported = [node.module or ""]
                if node.module == "glasshouse.state":
                    imported = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            else:
                continue
            for name in imported:
                known = name in {"__future__", "typing", *allowed} or name.startswith(f"{own}.")
                assert known, f"{path}:{node.lineno} imports {name}"


def test_kernels_of_stages_stand_in_files_named_for_it(trees: dict[str, ast.Module]) -> None:
    """In a stage, kernels stand in `*_kernel.py` and nothing else defines any."""
    for path, tree in trees.items():
        if path.startswith("stages/") and any(kernels(tree)):
            assert path.endswith("_kernel.py"), path


def test_only_the_sweep_and_the_society_write(trees: dict[str, ast.Module]) -> None:
    """Kernels return; what writes into arrays is the sweep, lays out, or packs and unpacks."""
    found = [
        f"{path}:{line} in {function.name}"
        for path, tree in trees.items()
        if not path.startswith((*WRITERS, "kernel.py"))
        for function in kernels(tree)
        for line in stores(function)
    ]
    assert found == []


def test_a_kernel_takes_and_gives_numbers(trees: dict[str, ast.Module]) -> None:
    """`kernel` takes integers, beside tables and rows to read, and gives one or a few integers."""
    for path, tree in trees.items():
        for function in kernels(tree, "kernel"):
            taken = {ast.unparse(one.annotation or function) for one in function.args.args}
            assert taken <= NUMBERS | {"Any"}, f"{path}: {function.name}"
            given = ast.unparse(function.returns or function)
            parts = given.removeprefix("tuple[").removesuffix("]").split(", ")
            assert set(parts) <= NUMBERS, f"{path}: {function.name} gives {given}"


def test_a_passage_is_called_where_it_can_be_written_out(trees: dict[str, ast.Module]) -> None:
    """A `kernel` calls kernels and primitives: only passages and entries hand arrays on."""
    passages = {f.name for tree in trees.values() for f in kernels(tree, "passage")}
    for path, tree in trees.items():
        for function in kernels(tree, "kernel"):
            assert not calls(function) & passages, f"{path}: {function.name}"


def test_a_driver_enters_by_an_entry(trees: dict[str, ast.Module]) -> None:
    """Entries stand in sweep, packing and bench; no kernel calls one, the engine binds no other."""
    entries = {f.name for tree in trees.values() for f in kernels(tree, "entry")}
    assert entries
    for path, tree in trees.items():
        assert path.startswith(ENTERED) or not any(kernels(tree, "entry")), path
        for function in kernels(tree):
            assert not calls(function) & entries, f"{path}: {function.name}"
        if path.startswith("engine/"):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "bind":
                    assert ast.unparse(node.args[0]) in entries, f"{path}:{node.lineno}"
