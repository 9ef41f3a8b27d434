"""A table of shares by score: read where a row is a score, refused where it is a person."""

from __future__ import annotations

import pytest

from glasshouse.errors import Problem
from glasshouse.law.score_table import ScoreTable, read_cumulative, read_parts

PEOPLE = {"A": 5000, "B": 20_000}
GOOD = "score,A,B\n300,0.2,0.05\n500,0.7,0.4\n850,1,1\n"
PARTS = "score,A,B\n300,0.2,0.25\n500,0.7,0.7\n850,0.99,1\n"


def cumulative(text: str, people: dict[str, int] = PEOPLE, whole: float = 1.0) -> str:
    """Give what is said of a table that is refused, one problem a line; empty where it is read."""
    problems: list[Problem] = []
    found = read_cumulative(text.encode(), "t.csv", "score", people, whole, 551, problems)
    assert (found is None) == bool(problems)
    return "\n".join(map(str, problems))


def parts(text: str) -> str:
    """Give what is said of a table of repayment."""
    problems: list[Problem] = []
    found = read_parts(text.encode(), "t.csv", "score", PEOPLE, 1.0, 551, problems)
    assert (found is None) == bool(problems)
    return "\n".join(map(str, problems))


def test_a_table_of_scores_is_read() -> None:
    """Scores and shares are as they stand; percent are hundredths; more groups may stand beside."""
    problems: list[Problem] = []
    text = "score,A,B,C\n300,20,5,1\n850,100,100,100\n"
    found = read_cumulative(text.encode(), "t.csv", "score", PEOPLE, 100.0, 551, problems)
    assert found == ScoreTable((300.0, 850.0), {"A": (0.2, 1.0), "B": (0.05, 1.0)})
    assert cumulative(GOOD) == ""
    assert parts(PARTS) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,score,A,B\n1,300,0.2,0.1\n2,850,1,1\n", "t.csv:1:1: id: a column that could point"),
        ("score,A,B,first name\n300,0,0,0\n", "first name: a column that could point at a person"),
        ("score,A\n300,1\n", "the column is missing"),
        (GOOD.replace("500", "300"), "t.csv:3:1: score: the score 300 comes twice"),
        (GOOD.replace("500", "200"), "the score 200 comes after 300"),
        (GOOD.replace("0.7", "0.1"), "t.csv:3:5: A: a cumulative share falls"),
        (GOOD.replace("850,1", "850,0.9"), "t.csv:4:5: A: the last cumulative share is 0.9"),
        (GOOD.replace("0.4", "4"), "t.csv:3:9: B: 4 is no share (0 to 1, or change `unit`"),
        (GOOD.replace("0.4", "x"), "t.csv:3:9: B: `x` is not a number"),
        (GOOD.replace("0.4", "nan"), "is not a number"),
        ("score,A,B\n300,0.2\n", "2 cells where the header has 3"),
        ("score,group,repaid\n512,A,1\n613,B,0\n", "A: the column is missing"),
        ("", "the column is missing"),
    ],
)
def test_what_is_no_table_of_scores_is_refused_at_its_place(text: str, said: str) -> None:
    """Each thing that betrays persons, or is no cumulative share, is told with its place."""
    assert said in cumulative(text)


def test_a_row_for_every_person_is_refused() -> None:
    """Sorted persons have rising scores and shares of 1/n: their steps are one person each."""
    number = 400
    rows = "".join(f"{300 + i},{(i + 1) / number},{(i + 1) / number}\n" for i in range(number))
    said = cumulative(f"score,A,B\n{rows}", {"A": number, "B": number})
    assert "its usual step is 1 of 400 persons" in said
    assert cumulative(f"score,A,B\n{rows}", {"A": 40_000, "B": 40_000}) == ""


def test_more_rows_than_the_scale_has_points_are_refused() -> None:
    """551 points from 300 to 850: the row beyond them is named."""
    rows = "".join(f"{300 + i / 2},{(i + 1) / 600},{(i + 1) / 600}\n" for i in range(600))
    said = cumulative(f"score,A,B\n{rows}")
    assert "t.csv:553:1: has 600 rows where the scale has 551 points" in said


def test_what_somebody_did_is_no_part_of_many() -> None:
    """A column of nothing but 0 and 1 is what persons did."""
    said = parts("score,A,B\n300,0,0.2\n500,1,0.3\n850,1,0.9\n")
    assert "t.csv:2:5: A: holds nothing but none and all" in said
    assert "a row is a score here, never a person" in said
