"""How a run is had again: the command, the Python, and the hashes that say it is the same law.

One command runs all arms: they are one run. The report, the page and the live page take their words
from here, so that all of them print the same line.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.archive.store import DATA
from glasshouse.law import rooms
from glasshouse.report.parentage import parentage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from glasshouse.archive.provenance import Provenance

OPTIONS = ("people", "years", "months", "seed", "step")
"""Settings that are options of their own; every other value stands behind --set."""


class Reproduce(NamedTuple):
    """Everything that somebody needs to have the run again, and to know that it is the same."""

    command: str
    """What to type; it runs every arm."""
    python: str
    rulebooks: dict[str, str]
    """SHA-256 of every rulebook: of the names and hashes of its files."""
    version: str
    digest: str
    seed: int
    fork: str
    """Of which run it is a fork; empty where it is none."""
    own_files: tuple[str, ...]
    """Files of the run that are not as this glasshouse ships them; then only `verify` runs it."""


def reproduce(said: Provenance) -> Reproduce:
    """Say how a finished run is had again."""
    # The command always says these, so that no default can move them later.
    lasts = "years" if said.scenario.months is None else "months"
    values = {name: str(getattr(said.scenario, name)) for name in ("people", lasts, "seed")}
    others = {path: value for path, value in said.sets.items() if path not in {"years", "months"}}
    sets = {**others, **values}
    hashes = {
        name.removeprefix(f"{DATA}/"): part.sha256
        for name, part in said.parts.items()
        if name.startswith(f"{DATA}/")
    }
    return Reproduce(
        command_of(said.scenario.scenario, sets),
        python_of(said.scenario.scenario, sets),
        rulebook_hashes(hashes),
        said.glasshouse_version,
        str(said.digest),
        said.scenario.seed,
        parentage(said.parent) if said.parent else "",
        own_files(hashes),
    )


def command_of(scenario: str, sets: Mapping[str, str]) -> str:
    """The command that runs a scenario with these values; paths as ``--set`` takes them."""
    words = ["glasshouse", "run", scenario]
    for name in OPTIONS:
        words += [f"--{name}", sets[name]] if name in sets else []
    for path, value in sets.items():
        words += ["--set", f"{path}={value}"] if path not in OPTIONS else []
    return shlex.join(words)


def python_of(scenario: str, sets: Mapping[str, str]) -> str:
    """The same in Python."""
    given = [
        f"{name}={json.dumps(sets[name]) if name == 'step' else sets[name]}"
        for name in OPTIONS
        if name in sets
    ]
    others = {path: value for path, value in sets.items() if path not in OPTIONS}
    if others:
        given.append(f"set={json.dumps(others, ensure_ascii=False)}")
    return (
        "import glasshouse as gh\n\n"
        f"run = gh.run({', '.join([json.dumps(scenario, ensure_ascii=False), *given])})\n"
        "run.digest"
    )


def rulebook_hashes(files: Mapping[str, str]) -> dict[str, str]:
    """SHA-256 of every rulebook among files of the rooms (path below data/ -> SHA-256), by name.

    It is that of one line a file, its hash and its path, in the order of the paths: what
    ``sha256sum`` prints, hashed again.
    """
    books: dict[str, list[str]] = {}
    for path in sorted(files):
        room, _, rest = path.partition("/")
        if room == "rulebooks" and "/" in rest:
            books.setdefault(rest.partition("/")[0], []).append(f"{files[path]}  {path}\n")
    return {
        name: hashlib.sha256("".join(lines).encode()).hexdigest() for name, lines in books.items()
    }


def hashes_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of every file of an experiment that has not been run, by its path below data/."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}


def own_files(hashes: Mapping[str, str], root: Path | None = None) -> tuple[str, ...]:
    """The files that are not as the rooms hold them: changed, or a user's own."""
    base = rooms.packaged_root() if root is None else root
    found = []
    for path, sha256 in sorted(hashes.items()):
        place = _shipped(base, path)
        if not place.is_file() or hashlib.sha256(place.read_bytes()).hexdigest() != sha256:
            found.append(path)
    return tuple(found)


def _shipped(base: Path, path: str) -> Path:
    """Where the rooms hold a file; the scenario of a study lies beside the study."""
    room, _, name = path.partition("/")
    beside = rooms.scenarios_of_studies(base) if room == "scenarios" else {}
    return beside.get(name.removesuffix(".yaml"), base / path)
