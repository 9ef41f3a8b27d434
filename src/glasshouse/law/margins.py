"""Reads a society's CSV tables: margins only; whatever looks like one row a person is refused."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasshouse.errors import Problem, nearest
from glasshouse.law.society import AgeRow, ProvinceRow

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALLEST_CELL = 100
"""A cell of fewer persons (but not none) could point at somebody; it is refused."""

MAX_ROWS = 5_000
MAX_PERSONS = 20_000_000_000

AGE_COLUMNS = ("age", "persons", "male", "female")
PROVINCE_COLUMNS = ("province", "title", "persons")

_IDENTIFYING_WORDS = """
    name surname forename firstname lastname id uid uuid identity person respondent face photo
    image fingerprint iris voice gait phone mobile tel telephone email mail address street
    device imei imsi mac ip plate passport account username handle birthday birthdate dob
"""
_IDENTIFYING = frozenset(_IDENTIFYING_WORDS.split())
_AGE = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3})|\+)?")
_WHOLE = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class MarginRow:
    """A line of a table: its number and the cells by column."""

    line: int
    cells: dict[str, str]


class MarginTable:
    """A table being read; collects problems at file:line:column."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file, self.problems = file, problems
        self.header: list[str] = []

    def report(self, row: MarginRow | None, column: str, what: str, right: str = "") -> None:
        """Add a problem at the cell of a row, or at the header's."""
        line, before = 1, list(self.header)
        if row is not None:
            line, before = row.line, list(row.cells.values())
        # The place of the cell in its line, as if no cell were quoted.
        index = self.header.index(column) if column in self.header else 0
        place = sum(len(cell) + 1 for cell in before[:index]) + 1
        self.problems.append(Problem(self.file, line, place, column, what, right))

    def rows(self, content: bytes, needed: Sequence[str], *, more: bool) -> list[MarginRow]:
        """The rows, or nothing where the header already shows that this is no table of margins."""
        try:
            lines = content.decode("utf-8-sig").splitlines()
            records = [(n, r) for n, r in enumerate(csv.reader(lines, strict=True), 1) if any(r)]
        except (UnicodeDecodeError, csv.Error) as error:
            reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            self.problems.append(Problem(self.file, 0, 0, "", f"is not a CSV table: {reason}"))
            return []
        self.header = [cell.strip() for cell in records[0][1]] if records else []
        if not self._header_serves(needed, more=more):
            return []
        if len(records) - 1 > MAX_ROWS:
            what = f"has {len(records) - 1} rows; nobody publishes margins of that size"
            self.problems.append(Problem(self.file, 0, 0, "", what, f"at most {MAX_ROWS}"))
            return []
        rows = []
        for line, record in records[1:]:
            if len(record) != len(self.header):
                what = f"{len(record)} cells where the header has {len(self.header)}"
                self.problems.append(Problem(self.file, line, 1, "", what))
            else:
                cells = [cell.strip() for cell in record]
                rows.append(MarginRow(line, dict(zip(self.header, cells, strict=True))))
        if not rows:
            self.problems.append(Problem(self.file, 0, 0, "", "the table has no usable row"))
        return rows

    def _header_serves(self, needed: Sequence[str], *, more: bool) -> bool:
        before = len(self.problems)
        for column in self.header:
            if _IDENTIFYING & set(re.split(r"[^a-z0-9]+", column.casefold())):
                right = "only margins and published statistics; nobody in glasshouse is real"
                self.report(None, column, "a column that could point at a person is refused", right)
            elif self.header.count(column) > 1:
                self.report(None, column, "the column stands twice")
            elif column not in needed and not more:
                self.report(None, column, "unknown column", nearest(column, needed))
        for column in needed:
            if column not in self.header:
                self.report(None, column, "the column is missing", ",".join(needed))
        return len(self.problems) == before

    def persons(self, row: MarginRow, column: str) -> int:
        """A count of persons: 0, or at least the smallest cell that is published."""
        text = row.cells[column]
        if not _WHOLE.fullmatch(text) or int(text) > MAX_PERSONS:
            self.report(row, column, f"`{text[:40]}` is not a count of persons", "digits only")
            return 0
        count = int(text)
        if count == 1:
            self.report(row, column, "a row for one person is refused", "margins only")
        elif 0 < count < SMALLEST_CELL:
            what = f"a cell of {count} persons is refused"
            self.report(row, column, what, f"0, or at least {SMALLEST_CELL}: merge it with others")
        return count

    def figure(self, row: MarginRow, column: str) -> float:
        """A published figure: any finite number."""
        if column.endswith("_persons") or column in {"male", "female"}:
            return float(self.persons(row, column))
        try:
            number = float(row.cells[column])
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.report(row, column, f"`{row.cells[column][:40]}` is not a number")
            return 0.0
        return number


def read_ages(content: bytes, file: str, problems: list[Problem]) -> tuple[AgeRow, ...]:
    """The table of persons by age and sex; male and female must add up to persons."""
    table = MarginTable(file, problems)
    ages, next_age = [], 0
    for row in table.rows(content, AGE_COLUMNS, more=False):
        persons, male, female = (table.persons(row, c) for c in AGE_COLUMNS[1:])
        if male + female != persons:
            what = f"male {male} + female {female} is {male + female}, not {persons}"
            table.report(row, "persons", what, "the margins of a row must add up")
        age = row.cells["age"]
        match = _AGE.fullmatch(age)
        if match is None:
            table.report(row, "age", f"`{age[:40]}` is not an age", "7, 0-4 or 85+")
        elif int(match[1]) < next_age:
            table.report(row, "age", f"the age {age} stands twice or out of order")
        else:
            next_age = int(match[2] or match[1]) + 1
        ages.append(AgeRow(age=age, persons=persons, male=male, female=female))
    return tuple(ages)


def read_provinces(content: bytes, file: str, problems: list[Problem]) -> tuple[ProvinceRow, ...]:
    """The table of provinces; parts that are given (sex, urban and rural) must add up."""
    table = MarginTable(file, problems)
    provinces, seen = [], set()
    for row in table.rows(content, PROVINCE_COLUMNS, more=True):
        persons = table.persons(row, "persons")
        province, title = row.cells["province"], row.cells["title"]
        if not province or len(province) > 40 or province in seen:
            what = f"`{province[:40]}` is empty, too long or stands twice"
            table.report(row, "province", what, "a code of its own for each province")
        seen.add(province)
        extra = [column for column in table.header if column not in PROVINCE_COLUMNS]
        figures = {column: table.figure(row, column) for column in extra}
        for one, other in (("male", "female"), ("urban_persons", "rural_persons")):
            if one in figures and other in figures:
                total = int(figures[one] + figures[other])
                if total != persons:
                    what = f"{one} + {other} is {total}, not {persons}"
                    table.report(row, "persons", what, "the margins of a row must add up")
        provinces.append(
            ProvinceRow(province=province, title=title, persons=persons, figures=figures)
        )
    return tuple(provinces)


def total_problem(
    ages: Sequence[AgeRow], provinces: Sequence[ProvinceRow], unallocated: int, file: str
) -> list[Problem]:
    """Whether ages and provinces count the same persons, but for those declared unallocated."""
    by_age, by_province = (sum(row.persons for row in rows) for rows in (ages, provinces))
    if abs(by_age - by_province) <= unallocated:
        return []
    what = f"the ages count {by_age} persons and the provinces {by_province}"
    right = f"the difference {abs(by_age - by_province)} is over unallocated_persons {unallocated}"
    return [Problem(file, 0, 0, "tables", what, right)]
