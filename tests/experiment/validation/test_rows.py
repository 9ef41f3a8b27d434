"""Rows are data: read strictly, run one by one, judged by their own tolerance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from glasshouse.errors import BadInput, BadUsage
from glasshouse.experiment.validation import registry
from glasshouse.experiment.validation.row import FILE, read_rows, room_of
from glasshouse.experiment.validation.table import run_rows

ROOT = Path(__file__).resolve().parents[3]
ROOM = ROOT / "validation"


def a_row(**changed: Any) -> dict[str, Any]:
    """Give a row that runs in no time."""
    return {
        "validation": "a-row", "title": "t", "claim": "c", "kind": "closed form", "ours": "us",
        "run": "strategic_response", "parameters": {"reach": 0.5, "people": 1000}, "seeds": [1],
        "expected": "e", "tolerance": {"rule": "monte-carlo"}, "must_hold": True, **changed,
    }  # fmt: skip


def written(folder: Path, **changed: Any) -> Path:
    """Write a room with one row."""
    home = folder / "a-row"
    home.mkdir(parents=True, exist_ok=True)
    (home / FILE).write_text(yaml.safe_dump(a_row(**changed), sort_keys=False), encoding="utf-8")
    return folder


def refused(room: Path) -> str:
    """Give what is said of a room that is refused."""
    with pytest.raises(BadInput) as caught:
        read_rows(room)
    return str(caught.value)


def test_every_row_of_the_house_can_be_read() -> None:
    """All rows are well formed, each has a page, and a name is its folder's."""
    rows = read_rows(ROOM)
    assert rows
    for row in rows:
        assert row.folder.name == row.name
        assert (row.folder / "README.md").is_file(), row.name


def test_wrong_values_are_told_at_their_place(tmp_path: Path) -> None:
    """Type, range, unknown key and unknown runner are named with line and column."""
    room = written(tmp_path, parameters={"reach": -1, "people": "many", "peple": 3})
    said = refused(room)
    assert f"{FILE}:8:10: parameters.reach: -1 is out of range (at least 0.0)" in said
    assert "where a whole number belongs" in said
    assert "did you mean `people`?" in said
    assert "did you mean `strategic_response`?" in refused(
        written(tmp_path, run="strategic_respons")
    )
    assert "`parameters`" not in refused(written(tmp_path, seeds=[]))
    assert "a seed stands twice" in refused(written(tmp_path, seeds=[1, 1]))
    assert "unknown source" in refused(
        written(tmp_path, ours=None, cite={"source": "x", "at": "y"})
    )


def test_a_variant_is_told_at_its_own_place(tmp_path: Path) -> None:
    """A wrong value of a variant is at the variant; what it takes over is at `parameters`."""
    said = refused(written(tmp_path, variants=[{"reach": 2}, {"reach": 1000}]))
    assert "variants[1].reach: 1000 is out of range" in said
    assert said.count("\n") == 0


def test_a_row_that_raises_does_not_end_the_others(tmp_path: Path) -> None:
    """What cannot be read is refused; what raises while it runs is told, and the next row runs."""
    room = written(tmp_path)
    (good,) = read_rows(room)

    def broken(*_: object) -> Any:
        raise ValueError("no such thing")

    bad = good._replace(runner=good.runner._replace(run=broken))
    first, second = run_rows((bad, good))
    assert first.failure == "ValueError: no such thing"
    assert first.is_missed
    assert not first.holds
    assert second.holds
    assert not second.is_missed


def test_more_seeds_go_on_behind_the_files(tmp_path: Path) -> None:
    """--seeds takes the file's first and then new ones; none stands twice."""
    (row,) = read_rows(written(tmp_path, seeds=[5, 2]))
    assert row.seeds(None) == (5, 2)
    assert row.seeds(1) == (5,)
    assert row.seeds(4) == (5, 2, 6, 7)


def test_the_room_is_here_or_in_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is a `validation` it is taken; what is no folder is refused with what to give."""
    monkeypatch.chdir(tmp_path)
    assert room_of() == ROOM
    written(tmp_path / "validation")
    assert room_of() == tmp_path / "validation"
    with pytest.raises(BadUsage, match="is no folder"):
        room_of("elsewhere")


def test_one_row_by_its_folder(tmp_path: Path) -> None:
    """A row's own folder gives that row; an unknown name says which was meant."""
    room = written(tmp_path)
    assert [row.name for row in read_rows(room / "a-row")] == ["a-row"]
    assert [row.name for row in read_rows(room / "a-row", ("a-row",))] == ["a-row"]
    with pytest.raises(BadInput, match="did you mean `a-row`"):
        read_rows(room, ("a-rwo",))


def test_a_wrong_item_is_not_told_as_a_missing_one(tmp_path: Path) -> None:
    """One wrong seed is one problem: the list that holds it is not called too short."""
    said = refused(written(tmp_path, seeds=[-1]))
    assert "-1 is out of range" in said
    assert "wrong length" not in said
    assert "wrong length" in refused(written(tmp_path, seeds=[]))


def test_every_runner_is_registered() -> None:
    """A module with a RUNNER stands in the registry, and no two have one name."""
    home = Path(registry.__file__).parent
    there = {path.stem for path in home.glob("*.py") if "\nRUNNER = " in path.read_text("utf-8")}
    modules = {runner.run.__module__.rpartition(".")[2] for runner in registry.RUNNERS.values()}
    assert modules == there
