"""The shape of the house: short files, honest names, no machine's traces."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

MOST_LINES = 500
VAGUE = frozenset({"utils", "util", "common", "helpers", "helper", "misc", "stuff", "lib"})

# Put together from pieces, so that this file does not contain what it forbids.
TRACES = re.compile(
    "|".join(
        (
            "/work/" + "(?:main|steering|shared|[.])", "/far" + "m/", "/tm" + "p/[a-z]",
            "[.][.]/" + "shared", "py" + r"pi\.(?:org|python)", "python" + "hosted",
            "registry[.]" + "npm", "deb[.]" + "debian", "files[.]" + "python", "/ro" + "ot/",
            "/ho" + "me/[a-z]", "npm" + "js[.]", "find-" + "links", "extra-" + "index",
            "index-" + "url =", "anaconda" + "[.]org/",
        )
    ),
    re.IGNORECASE,
)  # fmt: skip


def test_files_stay_short(kept_files: list[Path], root: Path) -> None:
    """No file of code is longer than five hundred lines."""
    for path in kept_files:
        if path.suffix in {".py", ".js"}:
            lines = path.read_text(encoding="utf-8").count("\n")
            assert lines <= MOST_LINES, f"{path.relative_to(root)}: {lines}"


def test_nothing_is_called_a_helper(kept_files: list[Path], root: Path) -> None:
    """A module says what it is about."""
    for path in kept_files:
        if path.suffix == ".py":
            parts = path.relative_to(root).with_suffix("").parts
            assert not VAGUE & set(parts), path


def test_nothing_names_a_machine_or_a_registry(kept_files: list[Path], root: Path) -> None:
    """No kept file holds a path of somebody's machine or the host of a package index."""
    for path in kept_files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = TRACES.search(text)
        assert found is None, f"{path.relative_to(root)}: {found}"


def test_the_net_catches_traces() -> None:
    """A path of a machine and the host of an index are recognised."""
    for trace in ("/work/" + "main/src", "https://py" + "pi.org/simple", "../" + "shared/design"):
        assert TRACES.search(trace)


def test_every_module_says_what_it_is(trees: dict[str, ast.Module]) -> None:
    """Every module of the package begins with a docstring."""
    for path, tree in trees.items():
        assert ast.get_docstring(tree), path


def test_tests_mirror_the_tree(root: Path, package: Path) -> None:
    """A folder of tests stands for a folder or a module, the architecture or the mission."""
    others = {"architecture", "browser", "data", "mechanisms", "whole", "__pycache__"}
    for folder in (root / "tests").iterdir():
        if folder.is_dir() and folder.name not in others:
            found = (package / folder.name).is_dir() or (package / f"{folder.name}.py").is_file()
            assert found, folder.name


def test_results_are_read_without_the_compiler(package: Path) -> None:
    """`law`, `state`, `archive`, `metrics` and `report` import where Numba is not installed."""
    names = [
        ".".join(("glasshouse", *path.relative_to(package).with_suffix("").parts))
        for room in ("law", "state", "archive", "metrics", "report")
        for path in sorted((package / room).rglob("*.py"))
    ]
    names = [name.removesuffix(".__init__") for name in names]
    program = (
        "import sys\n"
        "sys.modules['numba'] = sys.modules['llvmlite'] = None\n"
        "from importlib import import_module\n"
        f"sys.path.insert(0, {str(package.parent)!r})\n"
        f"for name in {names!r}:\n"
        "    import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
