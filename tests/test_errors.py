"""Errors say how the process ends and what is wrong where."""

from __future__ import annotations

import pickle

import pytest

from glasshouse import errors
from glasshouse.errors import BadInput, GlasshouseError, Problem, nearest


def test_a_problem_names_file_line_column_place_and_remedy() -> None:
    """A problem renders as file:line:column: where: what (right)."""
    problem = Problem("a.yaml", 3, 7, "acts.fare", "unknown key `per_yr`", "did you mean `x`?")
    assert str(problem) == "a.yaml:3:7: acts.fare: unknown key `per_yr` (did you mean `x`?)"
    assert str(Problem("a.yaml", 0, 0, "", "is empty")) == "a.yaml: is empty"


def test_bad_input_tells_all_problems_once_in_order() -> None:
    """Problems come by file and line, and the same one is told once."""
    late, early = Problem("a", 9, 1, "", "late"), Problem("a", 2, 1, "", "early")
    assert str(BadInput([late, early, late])) == "a:2:1: early\na:9:1: late"


def test_a_flood_of_problems_is_cut_and_counted() -> None:
    """A message of thousands of lines helps nobody."""
    text = str(BadInput(Problem("a", n, 1, "", "bad") for n in range(1, 1001)))
    assert text.endswith("... and 900 more problems")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("BadUsage", 2),
        ("TooLarge", 3),
        ("OutputExists", 3),
        ("DamagedRun", 3),
        ("ForeignRun", 3),
        ("OtherVersion", 3),
        ("DiskFull", 3),
        ("Unfinished", 3),
        ("ClusterFailed", 3),
        ("Interrupted", 130),
        ("FinishedInPart", 4),
    ],
)
def test_each_error_has_its_exit_code(name: str, code: int) -> None:
    """The exit code belongs to the class, and the text is the message."""
    error = getattr(errors, name)("what happened")
    assert isinstance(error, GlasshouseError)
    assert (error.exit_code, str(error)) == (code, "what happened")


def test_an_overflow_says_what_to_set() -> None:
    """An overflow names the setting that gives more room."""
    error = errors.Overflowed("the pool of entries of community 3", "pool_entries")
    assert error.exit_code == 1
    assert "set pool_entries higher" in str(error)


def test_errors_travel_between_processes() -> None:
    """Errors come back from worker processes as they were."""
    for error in (BadInput([Problem("a", 1, 2, "b", "c")]), errors.Overflowed("a", "b")):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own bytes


def test_nearest_offers_the_word_meant_or_the_words_known() -> None:
    """A near word is offered; without one the known words are listed, but not hundreds."""
    assert nearest("camra", ["camera", "court"]) == "did you mean `camera`?"
    assert nearest("zzz", ["camera", "court"]) == "known: camera, court"
    assert nearest("zzz", []) == "none is known"
    assert nearest("zzz", map(str, range(100))).endswith("and 88 more")
