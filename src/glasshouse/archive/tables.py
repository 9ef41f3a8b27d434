"""The counts as a long table: a row for whatever a step counted in an arm and a province."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.archive.database import join_parquet, listed, quoted, write_parquet
from glasshouse.state.counts import COUNTS, Count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from glasshouse.archive.history import StepKept
    from glasshouse.archive.legend import Legend

_STEPS_A_PIECE = 64
"""How many steps are turned into rows at once; bounds the memory of long runs."""


class CountRows:
    """Turns counts into rows with the names of a legend."""

    def __init__(self, legend: Legend, first_day: dt.date) -> None:
        """Take the names and the date of day 0."""
        self.legend = legend
        self.first_day = first_day
        self._words: dict[str, int] = {}
        self._items = {
            (count.name, arm): self._item_codes(count, arm)
            for count in COUNTS
            for arm in range(len(legend.arms))
        }

    def write(self, path: Path, steps: Sequence[StepKept]) -> None:
        """Write the rows of all steps to one Parquet file."""
        pieces: list[Path] = []
        remaining = iter(steps)
        try:
            while some := list(islice(remaining, _STEPS_A_PIECE)):
                is_whole = len(some) == len(steps)
                piece = path if is_whole else path.with_name(f"{path.name}-{len(pieces)}.aside")
                pieces.append(piece)
                self._write_piece(piece, some)
            if pieces != [path]:
                join_parquet(path, pieces)
        finally:
            for piece in pieces:
                if piece != path:
                    piece.unlink(missing_ok=True)

    def _write_piece(self, path: Path, steps: Iterable[StepKept]) -> None:
        found = [rows for step in steps for rows in self._rows(step)]
        columns = {name: np.concatenate([rows[name] for rows in found]) for name in found[0]}
        arms = listed(arm.arm for arm in self.legend.arms)
        words = listed(self._words)
        day0 = f"DATE {quoted(self.first_day.isoformat())}"
        write_parquet(
            path,
            columns,
            f"step, {day0} + first_day AS first_day, {day0} + end_day AS end_day,"
            f" {arms}[arm + 1] AS arm, {listed(self.legend.provinces)}[province + 1] AS province,"
            f" {listed(count.name for count in COUNTS)}[count + 1] AS count,"
            f" {words}[item + 1] AS item, {words}[item_2 + 1] AS item_2, value",
        )

    def _rows(self, step: StepKept) -> Iterator[Mapping[str, NDArray[Any]]]:
        for number, count in enumerate(COUNTS):
            lengths = [self.legend.extents[axis] for axis in count.axes]
            array = step.counts[count.name]
            array = array.reshape(array.shape[0], array.shape[1], -1)
            for arm in range(array.shape[0]):
                province, flat = np.nonzero(array[arm])
                if not len(flat):
                    continue
                first, second = self._items[count.name, arm]
                if int(np.prod(lengths, dtype=np.int64)) != array.shape[2]:
                    raise ValueError((count.name, array.shape, lengths))
                yield {
                    "step": np.full(len(flat), step.step, np.int32),
                    "first_day": np.full(len(flat), step.first_day, np.int32),
                    "end_day": np.full(len(flat), step.end_day, np.int32),
                    "arm": np.full(len(flat), arm, np.int16),
                    "province": province.astype(np.int16),
                    "count": np.full(len(flat), number, np.int16),
                    "item": first[flat],
                    "item_2": second[flat],
                    "value": array[arm, province, flat].astype(np.int64),
                }

    def _item_codes(self, count: Count, arm: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Give the words along a count's flat axis: of the first axis and of the second."""
        if not count.axes:
            none = np.array([-1], np.int32)
            return none, none
        first = self._coded(self.legend.codes(count.axes[0], arm))
        if len(count.axes) == 1:
            return first, np.full(len(first), -1, np.int32)
        second = [
            self._coded(self.legend.codes(count.axes[1], arm, before))
            for before in range(len(first))
        ]
        return np.repeat(first, len(second[0])), np.concatenate(second)

    def _coded(self, words: Sequence[str]) -> NDArray[Any]:
        return np.array([self._words.setdefault(w, len(self._words)) for w in words], np.int32)
