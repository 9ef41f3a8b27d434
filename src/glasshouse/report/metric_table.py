"""Rows of metrics as a table, as plain values, and the sentences that belong beside them."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.archive.database import connect
from glasshouse.archive.table import Table
from glasshouse.law.audit import EVIDENCE
from glasshouse.metrics.estimate import FEW_GROUPS
from glasshouse.report.measured import MetricRow
from glasshouse.report.words import listing, of, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.archive.provenance import ArmUsed

NUMBERS = ("value", "low", "high", "error")

INTERVALS = (
    "Behind a value stands its 95 % interval over groups of communities, or over provinces for "
    "what is counted by province. It says how far other communities of the same society would "
    "move the number, and leaves out how far another seed would; several seeds tell that."
)
STATUS_MEANS = {
    "measured": "counted in the run, under its assumptions",
    "assumed": "leans on an assumption that nobody counts, such as what a refusal costs",
    "hypothetical": "of a case that no run holds",
}
STATUSES = "; ".join(f"{status}: {meaning}" for status, meaning in STATUS_MEANS.items()) + "."
NO_SUM = "There is no score of harm: metrics are not added up."


def printed(row: MetricRow) -> dict[str, str]:
    """Give what of a row is printed: its value, its interval, its note."""
    return {"value": shown(row.value), "interval": between(row), "note": noted(row)}


def between(row: MetricRow) -> str:
    """The interval of a row, where there is one."""
    return "" if math.isnan(row.low) else f"{shown(row.low)} to {shown(row.high)}"


def noted(row: MetricRow) -> str:
    """What is said of a row below the table: its own note, and that few groups bear an interval."""
    if math.isnan(row.low) or not 0 < row.groups < FEW_GROUPS:
        return row.why
    few = f"the interval is from {of(row.groups, 'group')} alone, and so a rough one"
    return f"{row.why}; {few}" if row.why else few


def plain(row: MetricRow) -> dict[str, Any]:
    """Give a row as what JSON has: what is not known, or has no end, is null."""
    return {
        name: None if name in NUMBERS and not math.isfinite(value) else value
        for name, value in row._asdict().items()
    }


def table_of(rows: Sequence[MetricRow]) -> Table:
    """Give rows as a table; what is not known or has no end is NULL, and ``why`` says why."""
    connection = connect()
    columns: dict[str, np.ndarray[Any, Any]] = {}
    for place, name in enumerate(MetricRow._fields):
        kind: Any = float if name in NUMBERS else np.int64 if name == "groups" else object
        columns[name] = np.array([row[place] for row in rows], dtype=kind)
    connection.register("given", columns)
    chosen = ", ".join(
        f'CASE WHEN isfinite("{name}") THEN "{name}" END AS "{name}"'
        if name in NUMBERS
        else f'CAST("{name}" AS {"BIGINT" if name == "groups" else "VARCHAR"}) AS "{name}"'
        for name in MetricRow._fields
    )
    connection.execute(f"CREATE TABLE metrics AS SELECT {chosen} FROM given")  # noqa: S608 - ours
    connection.unregister("given")
    return Table(connection.sql("FROM metrics"), connection)


def rests_on(arms: Sequence[ArmUsed]) -> list[str]:
    """Say of every arm how well its provisions and the mechanisms that are on are established."""
    sentences = []
    for arm in arms:
        if arm.is_baseline:
            continue
        law = sum(arm.evidence.values())
        parts = [f"{of(law, 'provision')} in force ({_by_status(arm.evidence)})"] if law else []
        if arm.mechanisms:
            on = of(len(arm.mechanisms), "mechanism")
            status = _by_status(Counter(arm.mechanisms.values()))
            parts.append(f"{on} of the sources on ({status}: {', '.join(arm.mechanisms)})")
        sentences.append(f"Arm {arm.arm} has {' and '.join(parts) or 'no provision in force'}.")
    return sentences


def _by_status(counts: dict[str, int] | Counter[str]) -> str:
    return listing([f"{counts[one]} {one}" for one in EVIDENCE if counts.get(one)])
