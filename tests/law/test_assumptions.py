"""Assumptions: every number has a range and a source or is called a guess."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.law.conftest import Rooms

ACTS = "assumptions/acts.yaml"
CONTEXTS = "assumptions/contexts.yaml"
COUNTERS = "assumptions/counters.yaml"
DETECTION = "assumptions/detection.yaml"
PROCESS = "assumptions/process.yaml"


def test_reading_a_value_is_noted(rooms: Rooms) -> None:
    """A parameter that nothing reads is found, by the path that sets it."""
    assumptions = rooms.library.assumptions()
    before = assumptions.unread()
    assert set(before) == set(assumptions.quantities())
    assert assumptions.acts[0].per_year.value == 0.3
    assert set(before) - set(assumptions.unread()) == {"acts.late_bill.per_year"}


def test_other_values_make_other_assumptions(rooms: Rooms) -> None:
    """An override changes one number of a copy, whose reads are noted afresh."""
    plain = rooms.library.assumptions()
    other = rooms.library.assumptions({"acts.late_bill.seen_by.camera": "0.5"})
    assert other.acts[0].seen_by["camera"].value == 0.5
    assert plain.acts[0].seen_by["camera"].value == 0.3
    assert plain != other
    assert plain == rooms.library.assumptions()
    assert "acts.late_bill.per_year" in other.unread()
    assert pickle.loads(pickle.dumps(other)) == other  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (ACTS, "seen_by: {camera: ", "seen_by: {camra: ", "unknown channel `camra` (did you mean"),
        (ACTS, "department: bank", "department: bnk", "unknown department `bnk`"),
        (ACTS, "who: adult", "who: cat", "the text `cat` is not allowed"),
        (ACTS, "debt: true", "debt: NO", "where true or false belongs"),
        (ACTS, "id: kind_deed", "id: late_bill", "`late_bill` stands twice"),
        (ACTS, "id: kind_deed", "id: kind_ded", "unknown act `kind_deed`"),
        (ACTS, "value: 0.3", "value: 0.7", "the value 0.7 is outside its range"),
        (ACTS, "value: 0.3", "value: .nan", "where a finite number belongs"),
        (ACTS, ", guess: tiny", "", "a number needs a citation or the word guess"),
        (ACTS, "guess: tiny", "cite: {source: nowhere, at: x}", "unknown source `nowhere`"),
        (ACTS, "range: [0.1, 0.5]", "range: [0.1, 1.5]", "the range 1.5 is out of bounds"),
        (DETECTION, "household: 0.2", "household: 0.4", "the shares sum to 1.2"),
        (ACTS, "context: finance", "context: fiance", "unknown context `fiance` (did you mean"),
        (COUNTERS, "context: travel", "context: trvel", "did you mean `travel`?"),
        (CONTEXTS, "[family, travel]", "[family, trvel]", "did you mean `travel`?"),
        (CONTEXTS, "[family, travel]", "[family, family]", "related to itself anyway"),
        (CONTEXTS, "[family, travel]", "[family]", "related[0].pair"),
        (CONTEXTS, ", guess: tiny", "", "a relation needs a citation or the word guess"),
        (CONTEXTS, "guess: tiny", "cite: {source: nowhere, at: x}", "unknown source `nowhere`"),
        (CONTEXTS, "id: family", "id: finance", "`finance` stands twice"),
        (
            CONTEXTS,
            "related:\n",
            "related:\n  - {pair: [travel, family], why: again, guess: tiny}\n",
            "the pair family, travel stands twice",
        ),
        (PROCESS, "notice_reaches", "notice_reached", "did you mean `notice_reaches`?"),
        (PROCESS, "notice_reaches", "notice_reached", "`notice_reaches` is missing"),
        (PROCESS, "range: [0.0, 1.0]", "range: [0, 2]", "out of bounds (between 0 and 1)"),
    ],
)
def test_bad_assumptions_are_refused(
    rooms: Rooms, file: str, old: str, new: str, message: str
) -> None:
    """Probabilities above one, unknown words, numbers from nowhere: each with its place."""
    rooms.change(file, old, new)
    problems = rooms.problems(rooms.library.assumptions)
    assert message in "\n".join(map(str, problems))
    assert all(p.line and p.column for p in problems)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("process.notice_reach", "0.5", "did you mean `process.notice_reaches`?"),
        ("process.notice_reaches", "1.5", "outside the declared range (between 0 and 1)"),
        ("process.notice_reaches", "much", "`much` is not a number"),
        ("process.notice_reaches", "[", "cannot be read"),
        ("people", "3", "is a value of a scenario"),
    ],
)
def test_bad_overrides_are_refused(rooms: Rooms, path: str, value: str, message: str) -> None:
    """An unknown path is met with the path meant, a value out of range with the range."""
    problems = rooms.problems(lambda: rooms.library.assumptions({path: value}))
    assert [message in str(problem) for problem in problems] == [True]


def test_contexts_are_related_in_both_directions_and_to_themselves(rooms: Rooms) -> None:
    """A pair holds either way round, every context goes with itself, and nothing else does."""
    contexts = rooms.library.assumptions().contexts
    assert contexts.names == ("finance", "family", "travel")
    related = {(a, b) for a in contexts.names for b in contexts.names if contexts.are_related(a, b)}
    assert related == {(name, name) for name in contexts.names} | {
        ("family", "travel"),
        ("travel", "family"),
    }
    with pytest.raises(KeyError):
        contexts.are_related("family", "nowhere")


def test_rooms_of_an_earlier_version_are_told_what_they_lack(rooms: Rooms) -> None:
    """Data without a file that came later is refused with the file's name and the remedy."""
    (rooms.root / CONTEXTS).unlink()
    (problem,) = rooms.problems(rooms.library.assumptions)
    assert "contexts.yaml" in problem.file
    assert "is missing (rooms of an earlier version lack it" in str(problem)
