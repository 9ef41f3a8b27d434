"""Societies: margins that add up, and nothing that looks like a record of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.law.conftest import Rooms

AGES, PROVINCES = "societies/tiny/ages.csv", "societies/tiny/provinces.csv"


def test_a_society_loads_with_its_tables(rooms: Rooms) -> None:
    """`NO` is a province code like any other."""
    society = rooms.library.society("tiny")
    assert society.persons == 4000
    assert [row.province for row in society.provinces] == ["NO", "SO"]
    assert society.ages[0].female == 500


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (AGES, "1400,1600", "1400,1700", "male 1400 + female 1700 is 3100, not 3000"),
        (AGES, "5+,", "3+,", "stands twice or out of order"),
        (AGES, "5+,3000,1400,1600", "5+,1,1,0", "a row for one person is refused"),
        (AGES, "1000,500,500", "150,75,75", "a cell of 75 persons is refused"),
        (AGES, "age,", "age,phone,", "could point at a person is refused"),
        (AGES, "3000", "3e3", "`3e3` is not a count of persons"),
        (AGES, "5+,3000", "5+", "3 cells where the header has 4"),
        (PROVINCES, "2005", "2500", "the difference 500 is over unallocated_persons 10"),
        (PROVINCES, "SO,", "NO,", "`NO` is empty, too long or stands twice"),
        (PROVINCES, "title", "name", "could point at a person is refused"),
        (PROVINCES, "province,title,persons\n", "", "the column is missing"),
    ],
)
def test_bad_tables_are_refused(rooms: Rooms, file: str, old: str, new: str, message: str) -> None:
    """What does not add up, or could be about somebody, is refused with its place."""
    rooms.change(file, old, new)
    problems = rooms.problems(lambda: rooms.library.society("tiny"))
    assert message in "\n".join(map(str, problems))


def test_a_table_of_a_row_a_person_is_refused(rooms: Rooms) -> None:
    """Thousands of rows are no margins, whatever the columns are called."""
    rooms.write(AGES, "age,persons,male,female\n" + "30,100,50,50\n" * 6000)
    problems = rooms.problems(lambda: rooms.library.society("tiny"))
    assert "nobody publishes margins of that size" in str(problems[0])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ages.csv", "../../../etc/passwd", "societies/tiny/society.yaml:5:"),
        ("weights: [1, 2.5]", "weights: [1, 2, 3]", "2 values and 3 weights"),
        ("weights: [1, 2.5]", "weights: [0, 0]", "all weights are zero"),
        ("65535]", "65536]", "65536 is out of range"),
        ("source: gazette", "source: gazet", "did you mean `gazette`?"),
    ],
)
def test_bad_society_files_are_refused(rooms: Rooms, old: str, new: str, message: str) -> None:
    """No path leads out of the folder, and a distribution is whole."""
    rooms.change("societies/tiny/society.yaml", old, new)
    problems = rooms.problems(lambda: rooms.library.society("tiny"))
    assert message in "\n".join(map(str, problems))
