"""What the architecture tests look at: the project's own files, read once."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def package(root: Path) -> Path:
    """Give the folder of the package."""
    return root / "src" / "glasshouse"


@pytest.fixture(scope="session")
def rooms(package: Path) -> Path:
    """Give the folder of the data rooms."""
    return package / "data"


@pytest.fixture(scope="session")
def trees(package: Path) -> dict[str, ast.Module]:
    """Give the syntax tree of every module, by its path inside the package."""
    return {
        path.relative_to(package).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(package.rglob("*.py"))
    }


@pytest.fixture(scope="session")
def kept_files(root: Path) -> list[Path]:
    """Give every file that version control keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]
