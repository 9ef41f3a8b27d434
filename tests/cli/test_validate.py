"""`glasshouse validate`: a table of published results, and a code for those that must hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import Typed


def written(name: str, **changed: Any) -> None:
    """Write a row that runs in no time into the room of the working directory."""
    said: dict[str, Any] = {
        "validation": name, "title": f"title of {name}", "claim": "a claim", "ours": "us",
        "kind": "closed form", "run": "strategic_response", "seeds": [1],
        "parameters": {"reach": 0.5, "people": 1000}, "expected": "a formula",
        "tolerance": {"rule": "monte-carlo"}, "must_hold": True, **changed,
    }  # fmt: skip
    home = Path("validation") / name
    home.mkdir(parents=True, exist_ok=True)
    (home / "validation.yaml").write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")


FAILING = {"tolerance": {"rule": "standard-errors", "at_most": 1e-9}}


def test_what_holds_ends_with_0(typed: Typed) -> None:
    """The table says claim, tolerance, outcome and distance, and how often chance would alarm."""
    written("one")
    written("two", must_hold=False)
    ended = typed("validate")
    assert ended.code == 0
    for words in ("one", "two", "a claim", "a formula", "false alarm 0.0001", "holds", "s.e."):
        assert words in ended.out
    assert "1 of 1 rows that must hold do, and 1 of 1 others" in ended.out
    assert "chance fails some row at most once in 5,000" in ended.out
    assert "Next:" in ended.err
    assert "step 2 of 2" in ended.err


def test_only_what_must_hold_ends_with_4(typed: Typed) -> None:
    """A row that need not hold is shown as failing and ends nothing; one that must ends with 4."""
    written("good")
    written("shown", must_hold=False, **FAILING)
    ended = typed("validate")
    assert ended.code == 0
    assert "DOES NOT HOLD" in ended.out
    written("strict", **FAILING)
    ended = typed("validate")
    assert ended.code == 4
    assert "1 of the rows that must hold do not: strict" in ended.err
    assert typed("validate", "good").code == 0


def test_json_is_one_document(typed: Typed) -> None:
    """Everything that the table says, for a program: names, numbers, verdicts."""
    written("one", variants=[{"reach": 1.5}])
    said = json.loads(typed("validate", "--json").out)
    assert said["all_that_must_hold_do"] is True
    (row,) = said["rows"]
    assert row["holds"] is True
    assert row["source"] == "us"
    assert [one["what"].partition(" (")[2] for one in row["outcomes"]] == ["", "reach 1.5)"]
    for outcome in row["outcomes"]:
        assert abs(outcome["value"] - outcome["expected"]) <= outcome["tolerance"]


def test_bad_rows_are_told_by_line_before_anything_runs(typed: Typed) -> None:
    """Every problem of every file at once, with file, line and column; nothing has run."""
    written("good")
    written("bad", parameters={"reach": -1}, seeds=["x"])
    written("worse", run="nothing")
    ended = typed("validate")
    assert ended.code == 3
    assert ended.out == ""
    assert "validation/bad/validation.yaml:8:3: seeds[0]: the text `x`" in ended.err
    assert "validation/bad/validation.yaml:10:10: parameters.reach: -1 is out of" in ended.err
    assert "validation/worse/validation.yaml:6:6: run: no runner `nothing`" in ended.err


def test_names_and_folders(typed: Typed) -> None:
    """A folder, a row's folder, names of rows; what is neither is told with what would be."""
    written("one")
    written("two")
    assert typed("validate", "validation", "two").out.count("title of") == 1
    assert "title of one" in typed("validate", "validation/one").out
    assert "did you mean `two`?" in typed("validate", "tow").err
    assert typed("validate", "./nowhere").code == 2
    Path("empty").mkdir()
    ended = typed("validate", "empty")
    assert ended.code == 3
    assert "holds no folder with a validation.yaml" in ended.err


def test_without_a_folder_it_says_what_to_give(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installed without its source, and with no `validation` here, the verb says what to give."""
    from glasshouse.experiment.validation import row

    monkeypatch.setattr(row, "__file__", str(Path.cwd() / "a" / "b" / "c" / "d" / "row.py"))
    ended = typed("validate")
    assert ended.code == 2
    assert "glasshouse validate FOLDER" in ended.err


def test_seeds_can_be_more(typed: Typed) -> None:
    """With more seeds the error is smaller."""
    written("one")
    few, many = (
        json.loads(typed("validate", "--json", "--seeds", n).out)["rows"][0]["outcomes"][0]["error"]
        for n in ("1", "4")
    )
    assert many == pytest.approx(few / 2)
