"""Reads published shares by score and group; a table in which a row is a person is refused.

A row is a score. A column of a group holds the share of the group at that score or below, or the
part of those at that score who repay. What betrays a record of persons: a column that could point
at one, a score that stands twice, more rows than the scale has points, shares that fall, parts that
are all 0 or 1, and steps of no more than a person or two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from glasshouse.errors import Problem
from glasshouse.law.margins import MarginRow, MarginTable

ROUNDING = 0.0051
"""How far the last cumulative share may lie from 1, and how far a share may fall, by rounding."""

FEWEST_PERSONS = 3.0
"""A table whose usual step is fewer persons than this is one of persons."""

A_SCORE = "a row is a score here, never a person"


class ScoreTable(NamedTuple):
    """A table that was read: its scores and a column of shares for each group."""

    scores: tuple[float, ...]
    columns: Mapping[str, tuple[float, ...]]


def read_cumulative(
    content: bytes, file: str, score: str, people: Mapping[str, int], whole: float, most_rows: int,
    problems: list[Problem],
) -> ScoreTable | None:  # fmt: skip
    """Read cumulative shares by score for the columns of ``people``; None where it is refused.

    ``whole`` is what stands for everybody: 1 or 100. ``people`` says how many each group is.
    """
    before, table, rows = len(problems), MarginTable(file, problems), list[MarginRow]()
    rows, read = _figures(table, content, score, people, whole, most_rows)
    if len(problems) > before:
        return None
    for column, persons in people.items():
        values = read.columns[column]
        for row, last, value in zip(rows[1:], values, values[1:], strict=False):
            if value < last - ROUNDING / 50:
                table.report(row, column, "a cumulative share falls", A_SCORE)
                break
        if abs(values[-1] - 1) > ROUNDING:
            what = f"the last cumulative share is {values[-1] * whole:g}"
            table.report(rows[-1], column, what, f"{whole:g}: the shares add up to everybody")
        steps = sorted(b - a for a, b in zip((0.0, *values), values, strict=False) if b > a)
        if steps and steps[len(steps) // 2] * persons < FEWEST_PERSONS:
            what = f"its usual step is {steps[len(steps) // 2] * persons:.2g} of {persons} persons"
            table.report(None, column, what, A_SCORE)
    return read if len(problems) == before else None


def read_parts(
    content: bytes, file: str, score: str, groups: Mapping[str, int], whole: float, most_rows: int,
    problems: list[Problem],
) -> ScoreTable | None:  # fmt: skip
    """Read the part of those at a score who do something; None where the table is refused."""
    before, table = len(problems), MarginTable(file, problems)
    rows, read = _figures(table, content, score, groups, whole, most_rows)
    if len(problems) > before:
        return None
    for column in groups:
        if len(rows) > 2 and set(read.columns[column]) <= {0.0, 1.0}:
            what = "holds nothing but none and all: what somebody did, not what a part of many did"
            table.report(rows[0], column, what, A_SCORE)
    return read if len(problems) == before else None


def _figures(
    table: MarginTable, content: bytes, score: str, groups: Mapping[str, int], whole: float,
    most_rows: int,
) -> tuple[list[MarginRow], ScoreTable]:  # fmt: skip
    """Read the numbers of a table, and report what cannot be a table of scores."""
    rows = table.rows(content, (score, *groups), more=True)
    nothing = ScoreTable((), dict.fromkeys(groups, ()))
    if not rows:
        return rows, nothing
    if len(rows) > most_rows:
        what = f"has {len(rows)} rows where the scale has {most_rows} points"
        table.problems.append(Problem(table.file, rows[most_rows].line, 1, "", what, A_SCORE))
        return rows, nothing
    numbers = {
        column: [_number(table, row, column) for row in rows] for column in table.header
    }  # what stands beside the groups has to be shares as well, or it could be anything
    scores = numbers.pop(score)
    for row, last, here in zip(rows[1:], scores, scores[1:], strict=False):
        if here <= last:
            what = f"the score {here:g} comes " + ("twice" if here == last else f"after {last:g}")
            table.report(row, score, what, f"rising scores, each once: {A_SCORE}")
            break
    for column, values in numbers.items():
        for row, value in zip(rows, values, strict=True):
            if not -1e-9 <= value <= whole * (1 + 1e-9) and not math.isnan(value):
                what = f"{value:g} is no share"
                table.report(row, column, what, f"0 to {whole:g}, or change `unit`; {A_SCORE}")
                break
    shares = {column: tuple(value / whole for value in numbers[column]) for column in groups}
    return rows, ScoreTable(tuple(scores), shares)


def _number(table: MarginTable, row: MarginRow, column: str) -> float:
    try:
        number = float(row.cells[column])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        what = f"`{row.cells[column][:40]}` is not a number"
        table.report(row, column, what, A_SCORE)
        return math.nan
    return number
