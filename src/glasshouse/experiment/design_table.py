"""A table of points as a file: the header names paths, every further line is a point."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from glasshouse.errors import BadInput, Problem
from glasshouse.law.intake import label
from glasshouse.law.load import Document, KeyPath, parse

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.experiment.design import Value
    from glasshouse.law.intake import Intake


def read_table(path: Path, intake: Intake) -> Document | None:
    """Give the points of a table with the place of every cell, whose column counts cells."""
    content = intake.content(path, path.name)
    if content is None:
        return None
    name = label(path)
    whole = Document(name, (), {(): (1, 1)})
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        intake.problems.append(whole.problem((), f"is no table of comma-separated values: {error}"))
        return None
    lines = [line for line in lines if line]
    if not lines:
        intake.problems.append(whole.problem((), "is empty", "a header of paths, then points"))
        return None
    header = [word.strip() for word in lines[0]]
    places: dict[KeyPath, tuple[int, int]] = {(): (1, 1)}
    for column, word in enumerate(header):
        if word in header[:column]:
            places["header", word] = (1, column + 1)
            what = f"the column `{word[:60]}` stands twice"
            intake.problems.append(_cell(name, 1, column + 1, "", what, "each path once"))
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            what = f"{len(line)} cells under a header of {len(header)}"
            intake.add([_cell(name, number, 1, "", what, "a cell for every column")])
            continue
        for column, word in enumerate(header):
            places["rows", len(rows), word] = (number, column + 1)
        rows.append({word: _number(cell) for word, cell in zip(header, line, strict=True)})
    return Document(name, {"rows": tuple(rows)}, places)


def _cell(file: str, line: int, column: int, where: str, what: str, right: str) -> Problem:
    return Problem(file, line, column, where, what, right)


def _number(text: str) -> Value:
    """Give a cell as the number it spells, or as its text; the column counts cells."""
    try:
        value = parse(text.strip().encode(), "cell").value
    except BadInput:
        return text
    return float(value) if isinstance(value, int | float) else text.strip()
