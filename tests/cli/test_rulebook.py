"""`glasshouse rulebook`: what is in the house, and what is wrong with one's own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from glasshouse.law.rooms import packaged_root

from .conftest import Typed

GOOD = """\
provisions:
  - id: jaywalking
    rule: points
    from: 2020-01-01
    acts: [jaywalking]
    points: -5
    cite: {source: rongcheng-standards, at: "a test"}
    evidence: hypothesis
"""


def test_every_rulebook_is_listed(typed: Typed) -> None:
    """The list names every folder of the room; what to type next is no result."""
    names = {path.name for path in (packaged_root() / "rulebooks").iterdir()}
    ended = typed("rulebook", "list")
    assert ended.code == 0
    assert all(name in ended.out for name in names)
    assert "Next:" in ended.err
    assert "Next:" not in ended.out
    assert {one["rulebook"] for one in json.loads(typed("rulebook", "list", "--json").out)} == names


@pytest.mark.parametrize("name", sorted(p.name for p in (packaged_root() / "rulebooks").iterdir()))
def test_every_rulebook_can_be_shown(typed: Typed, name: str) -> None:
    """Every provision is shown with its evidence and its source, in words and as JSON."""
    said = json.loads(typed("rulebook", "show", name, "--json").out)
    text = typed("rulebook", "show", name).out
    assert said["provisions"]
    for provision in said["provisions"]:
        assert provision["id"] in text
        assert provision["cite"]["source"] in text
    assert sum(said["evidence"].values()) == len(said["provisions"])


def test_a_path_serves_as_a_name_does(typed: Typed, tmp_path: Path) -> None:
    """A copy of a rulebook elsewhere is shown and checked like the original."""
    name = "court-list-as-documented"
    shutil.copytree(packaged_root() / "rulebooks" / name, tmp_path / name)
    here = typed("rulebook", "show", f"./{name}")
    assert here.code == 0
    assert here.out == typed("rulebook", "show", name).out
    assert typed("rulebook", "check", f"./{name}").code == 0


def test_an_unknown_rulebook_is_bad_input(typed: Typed) -> None:
    """The nearest name is offered, and the command ends with 3."""
    ended = typed("rulebook", "show", "court-list-as-documentd")
    assert ended.code == 3
    assert "did you mean `court-list-as-documented`?" in ended.err
    assert ended.out == ""


def test_one_file_of_provisions_can_be_checked(typed: Typed, tmp_path: Path) -> None:
    """A single file is enough; all that is wrong with it is said at once, with its place."""
    (tmp_path / "points.yaml").write_text(GOOD, encoding="utf-8")
    assert typed("rulebook", "check", "points.yaml").code == 0
    bad = GOOD.replace("acts: [jaywalking]", "acts: [jaywalkin]").replace("rule: points", "rule: x")
    (tmp_path / "points.yaml").write_text(
        bad + GOOD.partition("\n")[2].replace("points: -5", "points: lots"), encoding="utf-8"
    )
    ended = typed("rulebook", "check", "points.yaml")
    assert ended.code == 3
    assert "points.yaml:3:" in ended.err
    assert "lots" in ended.err
    assert ended.out == ""
    found = typed("rulebook", "check", "points.yaml", "--json")
    assert found.code == 3
    problems = json.loads(found.out)["problems"]
    assert {problem["line"] for problem in problems} >= {3}
    assert all(problem["what"] for problem in problems)


def test_what_is_not_there_is_said(typed: Typed) -> None:
    """A path that leads nowhere is bad input, not a bug."""
    ended = typed("rulebook", "check", "nowhere.yaml")
    assert ended.code == 3
    assert "nowhere.yaml" in ended.err
