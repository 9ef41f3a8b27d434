"""Where documents lie: the rooms of the package or of a run directory, and users' own paths."""

from __future__ import annotations

import importlib.resources
import re
from pathlib import Path

from glasshouse.errors import BadInput, Problem, nearest

ROOM_NAMES = (
    "rulebooks",
    "assumptions",
    "societies",
    "sources",
    "scenarios",
    "mechanisms",
    "cases",
    "studies",
    "published",
    "calibrations",
    "safeguards",
    "designs",
    "controls",
)

_HEADER = {
    "rulebooks": "rulebook.yaml",
    "second_codings": "rulebook.yaml",
    "societies": "society.yaml",
    "studies": "study.yaml",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def packaged_root() -> Path:
    """The folder of the data rooms inside the package."""
    return Path(str(importlib.resources.files("glasshouse") / "data"))


def listed(root: Path, room: str) -> tuple[str, ...]:
    """The names in a room: folders with their header file, or the stems of YAML files."""
    folder = root / room
    if not folder.is_dir():
        return ()
    if room in _HEADER:
        return tuple(sorted(p.parent.name for p in folder.glob(f"*/{_HEADER[room]}")))
    return tuple(sorted(p.stem for p in folder.glob("*.yaml")))


def scenarios_of_studies(root: Path) -> dict[str, Path]:
    """The scenarios that lie beside a study and stand in no room of their own, by name."""
    header = _HEADER["studies"]
    beside = sorted((root / "studies").glob("*/*.yaml"))
    return {path.stem: path for path in beside if path.name != header}


def located(root: Path, room: str, reference: str, near: Path | None = None) -> Path:
    """The folder (or, for a scenario, the file) that a name or a path means.

    ``near`` is the scenario file that makes the reference: a path is relative to its folder.
    Inside the rooms themselves a path means its last part, so that a copy of the rooms in a
    run directory needs nothing from outside.
    """
    inside = near is not None and near.resolve().is_relative_to(root.resolve())
    name = Path(reference).name
    name = Path(reference).parent.name if name == _HEADER.get(room) else name
    name = name.removesuffix(".yaml")
    if (_NAME.fullmatch(reference) or inside) and name in listed(root, room):
        return root / room / (name if room in _HEADER else f"{name}.yaml")
    if room == "scenarios" and _NAME.fullmatch(reference):
        beside = scenarios_of_studies(root).get(name)
        if beside is not None:
            return beside
    path = Path(reference) if near is None else near.parent / reference
    try:
        if path.name == _HEADER.get(room) and path.is_file():
            return path.parent
        if path.is_dir() if room in _HEADER else path.is_file():
            return path
    except (OSError, ValueError):
        pass
    one = f"{room[:-3]}y" if room.endswith("ies") else room.removesuffix("s")
    what = f"no {one} `{reference[:80]}`, neither a name nor a path"
    raise BadInput([Problem(reference[:200], 0, 0, "", what, nearest(name, listed(root, room)))])
