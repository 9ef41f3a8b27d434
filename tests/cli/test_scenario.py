"""`glasshouse scenario`: read, begin, check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glasshouse.law.library import Library

from .conftest import Typed

NAMES = Library().names("scenarios")


def test_every_scenario_is_listed_with_its_question(typed: Typed) -> None:
    """The list names the scenarios, their arms and what they ask."""
    ended = typed("scenario", "list")
    assert ended.code == 0
    assert all(name in ended.out for name in NAMES)
    assert "?" in ended.out
    assert [one["scenario"] for one in json.loads(typed("scenario", "list", "--json").out)] == [
        *NAMES
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_can_be_shown_and_is_sound(typed: Typed, name: str) -> None:
    """A scenario of the house resolves, shows its arms, and has nothing wrong with it."""
    said = json.loads(typed("scenario", "show", name, "--json").out)
    text = typed("scenario", "show", name).out
    for arm in said["arms"]:
        assert f"arm {arm['arm']}" in text
        assert all(f"without {one}" in text for one in arm["without"])
        assert all(f"suspended {one['provision']} " in text for one in arm["suspended"])
    assert said["sources"]
    assert typed("scenario", "check", name).code == 0


def test_a_scenario_is_begun_from_another(typed: Typed, tmp_path: Path) -> None:
    """`new` writes a sound file of that name, keeps its comments, and overwrites nothing."""
    ended = typed("scenario", "new", "mine", "--like", "compare")
    assert ended.code == 0
    assert ended.out == "mine.yaml\n"
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    assert "\nscenario: mine\n" in text
    assert text.startswith("#")
    assert typed("scenario", "check", "mine.yaml").code == 0
    again = typed("scenario", "new", "mine")
    assert again.code == 3
    assert "already there" in again.err
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == text


def test_a_name_of_the_house_is_not_given_twice(typed: Typed, tmp_path: Path) -> None:
    """A copy under the name of a scenario of the house would never be run: it is refused."""
    ended = typed("scenario", "new", "compare")
    assert ended.code == 3
    assert "a scenario of the house" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_scenario(typed: Typed, tmp_path: Path) -> None:
    """The folder is named, and so is what would be right."""
    ended = typed("scenario", "check", ".")
    assert ended.code == 3
    assert f"{tmp_path.resolve()}: is a folder" in ended.err
    assert "a scenario is a file NAME.yaml" in ended.err


@pytest.mark.parametrize("name", ["Mine", "../mine", "a b", "", "mine.yaml"])
def test_a_name_is_a_name(typed: Typed, tmp_path: Path, name: str) -> None:
    """What cannot be a scenario's id is refused, and nothing is written."""
    assert typed("scenario", "new", name).code == 3
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_with_a_scenario_is_said_at_once(typed: Typed, tmp_path: Path) -> None:
    """Several mistakes give several places."""
    typed("scenario", "new", "mine")
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    text = text.replace("rulebook: national-score", "rulebook: natoinal-score")
    (tmp_path / "mine.yaml").write_text(text.replace("years: 3", "yaers: 3"), encoding="utf-8")
    ended = typed("scenario", "check", "mine.yaml")
    assert ended.code == 3
    assert "yaers" in ended.err
    assert "did you mean" in ended.err


def test_an_unknown_scenario_is_bad_input(typed: Typed) -> None:
    """The nearest name is offered for `show`, for `new --like` and for `run`."""
    for words in (["show", "as-tld"], ["new", "mine", "--like", "as-tld"], ["check", "as-tld"]):
        assert typed("scenario", *words).code == 3
    ended = typed("run", "as-tld")
    assert ended.code == 3
    assert "did you mean `as-told`?" in ended.err
