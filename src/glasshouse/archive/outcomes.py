"""The outcome rows: one a person and arm, written by ranges of communities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.archive.database import listed, named, write_parquet
from glasshouse.state.bits import GONE
from glasshouse.state.columns import OUTCOME

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from glasshouse.archive.columns import Columns
    from glasshouse.archive.legend import Legend

ROWS_A_PART = 1_000_000
"""About how many rows stand in one file."""

LEVELS = ("means", "caution", "silence", "gaming", "habit", "trust", "aware")
"""State columns that an outcome row holds as they are at the end."""

KINDS = ("nobody", "person", "enterprise", "court", "government")
SEXES = ("male", "female")
EXPOSED = {"online": 1, "driver": 2, "employed": 4, "borrower": 8, "official": 64}
"""What an outcome row says of its exposure: name of the column -> bit of `exposure`."""

_UNDATED = -32768
"""The code of an age that only persons have; SQL turns it into NULL."""


def part_name(folder: str, number: int) -> str:
    """Give the name of the file of the ``number``-th range of communities."""
    return f"{folder}/{number:05}.parquet"


def ranges(communities: int, slots: int, arms: int) -> list[tuple[int, int]]:
    """Give the ranges of communities that go into a file each."""
    stride = max(1, ROWS_A_PART // (slots * arms))
    return [(at, min(at + stride, communities)) for at in range(0, communities, stride)]


def write_outcomes(path: Path, columns: Columns, legend: Legend) -> None:
    """Write the rows of some communities, by person and then by arm; empty slots have none."""
    kind = columns.arrays["static", "kind"]
    slots = kind.shape[-1]
    is_row = (np.arange(slots) < columns.people[:, None]) & (kind != 0)
    community, slot = np.nonzero(is_row)
    arms = len(legend.arms)
    known = columns.first_community + community.astype(np.int64)
    sex = columns.arrays["static", "sex"][is_row]
    months = columns.arrays["static", "birth_month"][is_row].astype(np.int16)
    kinds = kind[is_row]
    exposure = columns.arrays["static", "exposure"][is_row]
    ages = np.where(kinds == 1, -months // 12, _UNDATED)
    by_person: dict[str, NDArray[Any]] = {
        "person": known * slots + slot,
        "community": known.astype(np.int32),
        "slot": slot.astype(np.uint16),
        "province": columns.province[community].astype(np.int16),
        "urban": columns.urban[community].astype(np.uint8),
        "kind": kinds,
        "sex": np.where(kinds == 1, sex.astype(np.int16), -1),
        "age_years": ages.astype(np.int16),
        **{name: (exposure & bit).astype(bool) for name, bit in EXPOSED.items()},
    }
    rows = {name: np.repeat(array, arms) for name, array in by_person.items()}
    rows["arm"] = np.tile(np.arange(arms, dtype=np.int16), len(slot))
    select = [
        "person", "community", "slot",
        f"{listed(arm.arm for arm in legend.arms)}[arm + 1] AS arm",
        f"{listed(legend.provinces)}[province + 1] AS province",
        "urban = 1 AS urban",
        f"{listed(KINDS)}[kind + 1] AS kind",
        f"{listed(SEXES)}[sex + 1] AS sex",
        f"nullif(age_years, {_UNDATED}) AS age_years",
        *EXPOSED,
    ]  # fmt: skip
    inner = {"cause": legend.labels, "context": legend.contexts}
    for column in OUTCOME:
        array = columns.arrays["outcome", column.name]
        axis = column.axes[2]
        if axis == "slot":
            rows[column.name] = _by_person(array, is_row)
            select.append(column.name)
            continue
        for place, name in enumerate(inner[axis]):
            rows[f"{column.name}_{name}"] = _by_person(array[:, :, place], is_row)
            select.append(named(f"{column.name}_{name}"))
    for level in LEVELS:
        rows[level] = _by_person(columns.arrays["state", level], is_row)
        select.append(level)
    rows["gone"] = (_by_person(columns.arrays["state", "bits"], is_row) & GONE).astype(bool)
    select.append("gone")
    select += _scores(rows, columns, legend, is_row)
    write_parquet(path, rows, ", ".join(select))


def first_listed(columns: Columns, *, wrongly: bool) -> int | None:
    """Give the first person of some communities with days on a list, wrongly or rightly, if any."""
    days = columns.arrays["outcome", "listed_days"]
    on_lists = (days[:, :, 1:] if wrongly else days[:, :, :1]).any(axis=(1, 2))
    if not on_lists.any():
        return None
    slots: int = days.shape[-1]
    return columns.first_community * slots + int(np.flatnonzero(on_lists)[0])


def score_columns(legend: Legend) -> dict[str, list[tuple[int, int]]]:
    """Give the arms, each with its place there, that an instrument stands in, by rulebook."""
    found: dict[str, list[tuple[int, int]]] = {}
    for arm, names in enumerate(legend.arms):
        for place, instrument in enumerate(names.instruments):
            found.setdefault(instrument.rulebook, []).append((arm, place))
    return found


def _scores(
    rows: dict[str, NDArray[Any]], columns: Columns, legend: Legend, is_row: NDArray[Any]
) -> list[str]:
    """Add score and grade by instrument; NULL for whom the arm's instrument does not score."""
    select = []
    arms, rows_there = len(legend.arms), int(is_row.sum())
    kinds = columns.arrays["static", "kind"][is_row]
    provinces = np.broadcast_to(columns.province[:, None], is_row.shape)[is_row]
    for number, (rulebook, places) in enumerate(score_columns(legend).items()):
        words: list[str] = []
        has = np.zeros((arms, rows_there), bool)
        score = np.zeros((arms, rows_there), np.int16)
        grade = np.zeros((arms, rows_there), np.int32)
        for arm, place in places:
            about = legend.arms[arm].instruments[place]
            in_province = [about.where is None or name in about.where for name in legend.provinces]
            has[arm] = (kinds == KINDS.index(about.applies_to)) & np.array(in_province)[provinces]
            score[arm] = columns.arrays["state", "score_points"][:, arm, place][is_row]
            grade[arm] = columns.arrays["state", "grade"][:, arm, place][is_row] + len(words)
            words += legend.codes("grade", arm, place)
        rows[f"has_{number}"] = has.T.reshape(-1)
        rows[f"score_{number}"] = score.T.reshape(-1)
        rows[f"grade_{number}"] = grade.T.reshape(-1)
        if_there = f"CASE WHEN has_{number} THEN"
        select += [
            f"{if_there} score_{number} END AS {named(f'score_points_{rulebook}')}",
            f"{if_there} {listed(words)}[grade_{number} + 1] END AS {named(f'grade_{rulebook}')}",
        ]
    return select


def _by_person(array: NDArray[Any], is_row: NDArray[Any]) -> NDArray[Any]:
    """Give the values [community, arm, slot] of the rows that exist, by person and then by arm."""
    picked: NDArray[Any] = np.moveaxis(array, 1, 2)[is_row].reshape(-1)
    return picked
