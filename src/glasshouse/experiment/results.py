"""The table of a sweep: made of its members in the order of the design, by one thread."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.archive.database import join_parquet, listed, named, write_parquet
from glasshouse.archive.store import write_aside
from glasshouse.experiment.sweep_directory import RESULTS
from glasshouse.report.measured import MetricRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from glasshouse.experiment.design import Design, Member
    from glasshouse.experiment.member import Outcome
    from glasshouse.experiment.sweep_directory import SweepDirectory

MEMBERS_A_PIECE = 1000
"""So many members are turned into rows at once; bounds the memory of large sweeps."""

_NUMBERS = ("value", "low", "high", "error")
_TEXTS = ("arm", "metric", "part", "group", "unit", "status", "why")


def write_results(folder: SweepDirectory) -> None:
    """Write results.parquet of the members that are there; failed ones have no row."""
    write_aside(folder.path / RESULTS, partial(_write, folder))


def _write(folder: SweepDirectory, path: Path) -> None:
    members = list(folder.said.design.members())
    outcomes = (one for one in folder.outcomes() if not one.failure)
    pieces: list[Path] = []
    try:
        while (some := list(islice(outcomes, MEMBERS_A_PIECE))) or not pieces:
            piece = path.with_name(f"{path.name}-{len(pieces)}.aside")
            pieces.append(piece)
            _write_piece(folder.said.design, members, some, piece)
        join_parquet(path, pieces)
    finally:
        for piece in pieces:
            piece.unlink(missing_ok=True)


def _write_piece(
    design: Design, members: Sequence[Member], outcomes: Sequence[Outcome], path: Path
) -> None:
    """Write the rows of some members, one file."""
    rows = [(o, MetricRow(*row)) for o in outcomes for row in o.rows]
    of = [members[outcome.number] for outcome, _ in rows]
    columns: dict[str, NDArray[Any]] = {
        "member": np.array([one.number for one in of], np.int32),
        "point": np.array([one.point for one in of], np.int32),
        "society": np.array([-1 if one.society is None else one.society for one in of], np.int64),
        "seed": np.array([one.seed for one in of], np.int64),
        "groups": np.array([row.groups for _, row in rows], np.int32),
    }
    select = {name: name for name in ("member", "point", "seed", "groups")}
    select["society"] = "nullif(society, -1)"
    for name in _NUMBERS:
        found = [getattr(row, name) for _, row in rows]
        columns[name] = np.array([np.nan if v is None else v for v in found], np.float64)
        select[name] = f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END"
    texts = {name: [getattr(row, name) for _, row in rows] for name in _TEXTS}
    texts["digest"] = [outcome.digest for outcome, _ in rows]
    for name, found in texts.items():
        columns[name], select[name] = _coded(name, found)
    order = ["member", "point", "society", "seed", "arm", "metric", "part", "group", *_NUMBERS]
    order += ["groups", "unit", "status", "why", "digest"]
    chosen = [f"{select[name]} AS {named(name)}" for name in order]
    for place, path_of in enumerate(design.paths):
        values = [one.values[place] for one in of]
        key = f"path_{place}"
        if any(isinstance(point[place], str) for point in design.points):
            columns[key], said = _coded(key, [str(value) for value in values])
        else:
            columns[key], said = np.array(values, np.float64), key
        chosen.append(f"{said} AS {named(path_of)}")
    write_parquet(path, columns, ", ".join(chosen))


def _coded(name: str, texts: Sequence[str]) -> tuple[NDArray[Any], str]:
    """Give texts as numbers, and what of SQL makes them texts again."""
    words = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    codes = np.array([words[text] for text in texts], np.int32)
    return codes, f"CAST({listed(words)} AS VARCHAR[])[{named(name)} + 1]"
