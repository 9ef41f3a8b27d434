"""Fits the national table of ages and sexes to each province's own margins.

Iterative proportional fitting (Deming and Stephan 1940): the national table is scaled in turn to
each province's age groups and its sexes and back to the nation's ages and sexes, until nothing
moves. The margins are first made to agree, as published percentages are rounded: the provinces'
shares move by less than their last digit, and the nation's table and the provinces' persons stay
as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_TURNS = 500
_CLOSE = 1e-12

Matrix = list[list[float]]


def agreeing(table: Matrix, rows: Sequence[float], columns: Sequence[float]) -> Matrix:
    """Scale a matrix to the sums of its rows and its columns; both have the same total."""
    for _ in range(_TURNS):
        moved = 0.0
        for row, wanted in zip(table, rows, strict=True):
            _scale_row(row, wanted)
        for column, wanted in enumerate(columns):
            factor = _factor(wanted, _total(row[column] for row in table))
            moved = max(moved, abs(factor - 1.0))
            for row in table:
                row[column] *= factor
        if moved < _CLOSE:
            break
    return table


def fitted(
    nation: Sequence[float], group_of: Sequence[int], by_group: Matrix, by_sex: Matrix
) -> Matrix:
    """Give the cells of each province, which sum to the nation's and to its own margins.

    Cells lie as (age, sex) with the sexes beside each other; ``group_of`` gives each age's group.
    """
    cells = range(len(nation))
    group = [group_of[cell // 2] for cell in cells]
    parts = [_total(row) for row in by_group]
    whole = _total(parts)
    table = [[persons * part / whole for persons in nation] for part in parts]
    for _ in range(_TURNS):
        moved = 0.0
        for row, groups, sexes in zip(table, by_group, by_sex, strict=True):
            moved = max(moved, _scale_parts(row, group, groups))
            moved = max(moved, _scale_parts(row, [cell % 2 for cell in cells], sexes))
        for cell, persons in enumerate(nation):
            factor = _factor(persons, _total(row[cell] for row in table))
            moved = max(moved, abs(factor - 1.0))
            for row in table:
                row[cell] *= factor
        if moved < _CLOSE:
            break
    return table


def _total(numbers: Iterable[float]) -> float:
    # One after the other: the sum of the standard library has changed its rounding once.
    total = 0.0
    for number in numbers:
        total += number
    return total


def _factor(wanted: float, there: float) -> float:
    return wanted / there if there > 0.0 else 1.0


def _scale_row(row: list[float], wanted: float) -> None:
    factor = _factor(wanted, _total(row))
    for column in range(len(row)):
        row[column] *= factor


def _scale_parts(row: list[float], part_of: Sequence[int], wanted: Sequence[float]) -> float:
    there = [0.0] * len(wanted)
    for part, persons in zip(part_of, row, strict=True):
        there[part] += persons
    factors = [_factor(want, have) for want, have in zip(wanted, there, strict=True)]
    for cell, part in enumerate(part_of):
        row[cell] *= factors[part]
    return max(abs(factor - 1.0) for factor in factors)
