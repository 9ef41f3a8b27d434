"""The data rooms hold what a jurist, a demographer or a librarian can own: no code."""

from __future__ import annotations

import os
import re
from pathlib import Path

import yaml

ROOMS = frozenset(
    "rulebooks assumptions societies sources scenarios studies mechanisms cases published "
    "calibrations safeguards designs tour controls".split()
) | {"second_codings"}
KINDS = frozenset({".yaml", ".csv", ".md"})
LARGEST_BYTES = 1_000_000


def data_files(rooms: Path) -> list[Path]:
    """Give every file of the data rooms."""
    return sorted(path for path in rooms.rglob("*") if path.is_file())


def test_only_the_known_rooms_are_there(rooms: Path) -> None:
    """Each folder of the data is a room of the house."""
    assert {path.name for path in rooms.iterdir() if path.is_dir()} <= ROOMS
    assert [path.name for path in rooms.iterdir() if path.is_file()] == []


def test_rooms_hold_no_code(rooms: Path) -> None:
    """A room holds YAML, tables and notes: nothing that runs."""
    for path in data_files(rooms):
        assert path.suffix in KINDS, path.name
        assert not os.access(path, os.X_OK), path.name
        text = path.read_text(encoding="utf-8")
        assert not text.startswith("#!"), path.name
        assert "!!python" not in text, path.name
        assert len(text) < LARGEST_BYTES, path.name


def test_rooms_use_plain_yaml(rooms: Path) -> None:
    """No anchors, aliases, merge keys or tags: what one reads is what there is."""
    for path in data_files(rooms):
        if path.suffix == ".yaml":
            for event in yaml.parse(path.read_text(encoding="utf-8")):
                assert not isinstance(event, yaml.AliasEvent), path.name
                assert getattr(event, "anchor", None) is None, path.name
                assert getattr(event, "tag", None) is None, path.name


def test_law_and_assumption_never_share_a_file(rooms: Path) -> None:
    """A rulebook guesses nothing, and an assumption lays down no rule."""
    for path in data_files(rooms):
        text = path.read_text(encoding="utf-8")
        room = path.relative_to(rooms).parts[0]
        if room == "rulebooks":
            assert not re.search(r"(?m)^\s*(?:- )?guess:", text), path.name
        if room == "assumptions":
            assert not re.search(r"(?m)^\s*(?:- )?(?:rule|provisions):", text), path.name
