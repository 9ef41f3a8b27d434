"""What workers must have in common: the program, its data, and what computes.

The same bits come from the same text, so a worker with another rulebook or another compiler is
refused before it is given anything to do, and again with every order, since workers may come later.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.errors import ClusterFailed
from glasshouse.law.rooms import packaged_root
from glasshouse.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGES = ("numpy", "numba", "scipy", "duckdb", "distributed")
"""What computes and what carries; each in the same version everywhere."""

SHOWN_FILES = 3
"""How many files that differ a message names."""


class Likeness(NamedTuple):
    """What a process is, as far as results depend on it."""

    versions: tuple[tuple[str, str], ...]
    """Name and version, of glasshouse first."""
    files: tuple[tuple[str, str], ...]
    """Path below the package and hash, of every program text and of every file of data."""


@cache
def likeness() -> Likeness:
    """Give what this process is; the files are read once."""
    # A worker of another minor version of Python cannot read what is sent to it.
    python = ".".join(platform.python_version_tuple()[:2])
    versions = [("glasshouse", __version__), ("python", python)]
    versions += [(name, importlib.metadata.version(name)) for name in PACKAGES]
    root = packaged_root().parent
    files = [
        (path.relative_to(root).as_posix(), _hash_of(path))
        for path in sorted((*root.rglob("*.py"), *(root / "data").rglob("*")))
        if path.is_file() and not path.name.startswith(".")
    ]
    return Likeness(tuple(versions), tuple(files))


def differences(theirs: Likeness, ours: Likeness) -> list[str]:
    """Say in what a process differs from this one; nothing where it does not."""
    has, wanted = dict(theirs.versions), dict(ours.versions)
    found = [
        f"{name} {has.get(name, 'of no known version')} instead of {version}"
        for name, version in wanted.items()
        if has.get(name) != version
    ]
    if found:
        return found  # other versions have other files
    there, here = dict(theirs.files), dict(ours.files)
    others = sorted(name for name in there.keys() | here if there.get(name) != here.get(name))
    if others:
        more = len(others) - SHOWN_FILES
        named = ", ".join(others[:SHOWN_FILES]) + (f" and {more} more" if more > 0 else "")
        found.append(f"other files: {named}")
    return found


def refuse_others(found: Mapping[str, Likeness | Exception], ours: Likeness) -> None:
    """Refuse workers that differ from the leader, all of them at once, by address."""
    said: list[str] = []
    for address, theirs in sorted(found.items()):
        if isinstance(theirs, ModuleNotFoundError):
            said.append(f"{address} has no {theirs.name}")
        elif isinstance(theirs, Exception):
            said.append(f"{address} does not say what it is: {type(theirs).__name__}: {theirs}")
        else:
            said += [f"{address} has {text}" for text in differences(theirs, ours)]
    if said:
        raise ClusterFailed(
            "workers must be what runs here, or their results would not be the same: "
            + "; ".join(said)
        )


def _hash_of(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
