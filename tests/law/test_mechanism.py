"""The room of mechanisms: read strictly, and a switch says truly whether it is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from glasshouse.errors import BadInput
from glasshouse.law.library import Library
from glasshouse.law.mechanism import Mechanism, is_on, scenario_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.law.conftest import Rooms

GOOD = """
mechanisms:
  - id: M21
    mechanism: A notice fails to come
    sources: [{source: SOURCE, at: "a passage"}]
    evidence: documented
    status: runs
    said: It is told.
    scholars: It is known.
    lab: A notice arrives with a chance.
    assumed: The chance.
    where: [assumptions/process.yaml]
    switch:
      off: {set: {process.notice_reaches: 0.98}}
      on: {set: {process.notice_reaches: 0.2}}
    test: tests/mechanisms/test_standing.py::test_m21
"""


def mechanism(**switch: object) -> Mechanism:
    """Give a mechanism with this switch."""
    said = {
        "id": "M21", "mechanism": "m", "evidence": "reported", "status": "runs", "said": "s",
        "scholars": "s", "lab": "l", "assumed": "a", "test": "t",
        "sources": ({"source": "x", "at": "y"},), "switch": switch,
    }  # fmt: skip
    return Mechanism.model_validate(said)


def read(rooms: Rooms, text: str) -> tuple[Mechanism, ...]:
    """Put a text into the room and read it."""
    (rooms.root / "mechanisms").mkdir(exist_ok=True)
    source = next(iter(rooms.library.sources()))
    path = rooms.root / "mechanisms" / "some.yaml"
    path.write_text(text.replace("SOURCE", source), encoding="utf-8")
    return rooms.library.mechanisms()


def test_a_good_file_is_read(rooms: Rooms) -> None:
    """What is written is what is known of it."""
    (one,) = read(rooms, GOOD)
    assert (one.id, one.number, one.status) == ("M21", 21, "runs")
    assert "process.notice_reaches=0.2" in one.switch_words


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("source: SOURCE", "source: nowhere", "unknown source"),
        ("assumptions/process.yaml", "assumptions/proces.yaml", "is not there"),
        ("status: runs", "status: context", "context are"),
        ("    test: tests/mechanisms/test_standing.py::test_m21\n", "", "names no test"),
        ("id: M21", "id: N21", "N21"),
    ],
)
def test_a_bad_file_is_refused_at_its_place(rooms: Rooms, old: str, new: str, said: str) -> None:
    """The file, the line and what would be right."""
    with pytest.raises(BadInput) as refused:
        read(rooms, GOOD.replace(old, new))
    problem = refused.value.problems[0]
    assert problem.line > 1
    assert said in str(problem)


def test_an_id_stands_once(rooms: Rooms) -> None:
    """Two files may not both explain a mechanism."""
    read(rooms, GOOD)
    (rooms.root / "mechanisms" / "more.yaml").write_text(
        (rooms.root / "mechanisms" / "some.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.raises(BadInput, match="another place"):
        rooms.library.mechanisms()


def test_a_switch_says_whether_it_is_on() -> None:
    """By value, by rulebook, by provision put in and by provision left out."""
    library = Library()
    book = "national-score-as-told"
    off_value = {"off": {"set": {"process.notice_reaches": 0.7}}, "on": {}}
    told = library.resolve("as-told").arms[1]
    moved = library.resolve("as-told", {"process.notice_reaches": "0.3"}).arms[1]
    less = library.resolve("as-told", {f"rules.{book}.friends-pull": "off"}).arms[1]
    assert not is_on(mechanism(**off_value), told)
    assert is_on(mechanism(**off_value), moved)
    with_book = mechanism(off={"rulebooks": ()}, on={"rulebooks": (book,)})
    assert is_on(with_book, told)
    pull = mechanism(off={"without": (f"{book}/friends-pull",)}, on={})
    assert is_on(pull, told)
    assert not is_on(pull, less)
    left_out = mechanism(off={}, on={"without": (f"{book}/friends-pull",)})
    assert not is_on(left_out, told)
    assert is_on(left_out, less)
    assert not is_on(pull, library.resolve("as-told").arms[0])


def test_a_switch_makes_a_scenario(tmp_path: Path) -> None:
    """The file resolves, and its two arms differ by the switch alone."""
    one = mechanism(off={}, on={"without": ("national-score-as-told/friends-pull",),
                                "set": {"process.notice_reaches": 0.3}})  # fmt: skip
    path = tmp_path / "m21.yaml"
    path.write_text(scenario_of(one), encoding="utf-8")
    _, off, on = Library().resolve(path).arms
    assert is_on(one, on)
    assert not is_on(one, off)
    gone = {p.id for p in off.rulebooks[0].rulebook.provisions} - {
        p.id for p in on.rulebooks[0].rulebook.provisions
    }
    assert gone == {"friends-pull"}
