"""`glasshouse safeguards`, and what a run says of those that are on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from glasshouse.archive.reading import Archive
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Typed

NAMES = Library().names("safeguards")


def test_every_safeguard_is_listed(typed: Typed) -> None:
    """The list names them all, and what to type to switch one on."""
    ended = typed("safeguards")
    assert ended.code == 0
    assert all(name in ended.out for name in NAMES)
    assert "--set safeguards.notice=on" in ended.err
    said = json.loads(typed("safeguards", "--json").out)
    assert [one["safeguard"] for one in said] == [*NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_every_safeguard_is_explained_and_sound(typed: Typed, name: str) -> None:
    """A page says what it does, what it follows and what it amends; its file is sound."""
    ended = typed("safeguards", "show", name)
    assert ended.code == 0
    for title in ("What it does", "What it follows", "Evidence", "What it amends"):
        assert f"\n{title}\n" in ended.out
    assert json.loads(typed("safeguards", "show", name, "--json").out)["safeguard"] == name
    assert not Library().check(Library().root / "safeguards" / f"{name}.yaml")


def test_an_unknown_name_is_told_from_the_one_meant(typed: Typed) -> None:
    """A slip gets the name that was probably meant, in a page as in a switch."""
    ended = typed("safeguards", "show", "notise")
    assert ended.code == 3
    assert "did you mean `notice`?" in ended.err
    ended = typed("run", "pellucid", "--set", "safeguards.notise=on")
    assert ended.code == 3
    assert "did you mean `notice`?" in ended.err


def test_a_run_says_which_were_on_and_is_made_again_from_its_directory(
    typed: Typed, tmp_path: Path
) -> None:
    """Summary, run.json and the copy of the files agree; the directory settles the same again."""
    sets = ("--set", "safeguards.expiry=on", "--set", "safeguards.ability-test=on")
    size = ("--people", "16", "--years", "1", "--device", "python")
    ended = typed("run", "pellucid", *size, *sets, "--out", "here")
    assert ended.code == 0
    archive = Archive(tmp_path / "here")
    arms = archive.provenance.arms
    assert arms[0].safeguards == {}
    assert list(arms[1].safeguards) == ["ability-test", "expiry"]
    words = [on.words() for on in archive.experiment().arms[1].safeguards]
    assert words[0] == "ability-test (1 change)"
    for text in words:
        assert text in " ".join(ended.err.split())
        assert text in " ".join(ended.out.split())
    before = Library().resolve("pellucid", dict(archive.provenance.sets))
    assert archive.experiment().arms == before.arms
    assert "gdpr-2016" not in archive.provenance.cites
    assert "credit-repair-2023" in archive.provenance.cites
    assert typed("verify", "here").code == 0


def test_a_scenario_is_shown_with_its_safeguards(typed: Typed) -> None:
    """Each arm says which are on and how much of its law each changes."""
    text = typed("scenario", "show", "safeguards").out
    assert "safeguard notice (2 changes): Whoever is listed is told" in text
    said = json.loads(typed("scenario", "show", "safeguards", "--json").out)
    assert said["safeguards_on"]["as-told"] == {}
    assert set(said["safeguards_on"]["all"]) == set(NAMES)
