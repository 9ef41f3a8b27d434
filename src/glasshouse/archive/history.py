"""The steps of a run, kept exactly: counts and institutions, and the state to go on from.

All are NumPy archives of plain integer arrays. Steps are written in stretches as they are finished,
so a checkpoint never writes an earlier step again.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.archive.store import WORK
from glasshouse.errors import DamagedRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_STRETCH = re.compile(rf"{WORK}/steps-([0-9]+)-([0-9]+)\.npz")


Cells = tuple[tuple[int, ...], "NDArray[Any]", "NDArray[Any]"]
"""Of a full array: its shape, the flat places of what is not zero, and the values there."""


class Thin(Mapping[str, "NDArray[Any]"]):
    """Arrays of counts of which most cells are zero, kept by what is not; given as full arrays.

    Listings by weeks of length have a cell for every week of a run: full arrays of every step would
    take gigabytes for a century of ten people.
    """

    def __init__(self, cells: Mapping[str, Cells]) -> None:
        """Take the cells by name."""
        self.cells = dict(cells)

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Thin:
        """Keep what is not zero."""
        found: dict[str, Cells] = {}
        for name, array in arrays.items():
            flat = array.reshape(-1)
            places = np.flatnonzero(flat != 0)
            found[name] = (array.shape, places.astype(np.uint32), flat[places].astype(np.int64))
        return cls(found)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Give the full array."""
        shape, places, values = self.cells[name]
        full = np.zeros(math.prod(shape), np.int64)
        full[places] = values
        return full.reshape(shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def nbytes(self) -> int:
        """The memory that the cells take."""
        return sum(places.nbytes + values.nbytes for _, places, values in self.cells.values())


class StepKept(NamedTuple):
    """One finished step: its days, counted from the first day of the run, and what came of it."""

    step: int
    first_day: int
    end_day: int
    counts: Thin
    """int64 [arm, province, ...] by the name of the count."""
    institutions: Mapping[str, NDArray[Any]]
    """What the institutions had decided for this step."""


def stretch_name(first: int, last: int) -> str:
    """Give the name of the file of steps ``first`` .. ``last`` - 1."""
    return f"{WORK}/steps-{first:06}-{last:06}.npz"


def checkpoint_name(steps: int) -> str:
    """Give the name of the state after so many steps."""
    return f"{WORK}/checkpoint-{steps:06}.npz"


def stretches(names: Iterable[str]) -> list[str]:
    """Give the names of the files of steps, in order."""
    return sorted(name for name in names if _STRETCH.fullmatch(name))


def write_steps(path: Path, steps: Sequence[StepKept]) -> None:
    """Write a stretch of steps."""
    arrays = {"days": np.array([[s.step, s.first_day, s.end_day] for s in steps], np.int64)}
    for name, (shape, _, _) in steps[0].counts.cells.items():
        cells = [step.counts.cells[name] for step in steps]
        arrays[f"shape/{name}"] = np.array(shape, np.int64)
        arrays[f"used/{name}"] = np.array([len(places) for _, places, _ in cells], np.int64)
        arrays[f"places/{name}"] = np.concatenate([places for _, places, _ in cells])
        arrays[f"values/{name}"] = np.concatenate([values for _, _, values in cells])
    for name in steps[0].institutions:
        arrays[f"institutions/{name}"] = np.stack([step.institutions[name] for step in steps])
    write_arrays(path, arrays)


def read_steps(path: Path) -> list[StepKept]:
    """Read a stretch of steps."""
    arrays = read_arrays(path)
    names = [name.removeprefix("shape/") for name in arrays if name.startswith("shape/")]
    ends = {name: np.cumsum(arrays[f"used/{name}"]) for name in names}
    return [
        StepKept(
            int(days[0]),
            int(days[1]),
            int(days[2]),
            Thin({name: _cells(arrays, name, ends[name], place) for name in names}),
            _under("institutions/", arrays, place),
        )
        for place, days in enumerate(arrays["days"])
    ]


def write_institutions(path: Path, steps: Sequence[StepKept]) -> None:
    """Write what the institutions decided for every step, the step as first axis."""
    write_arrays(
        path,
        {
            name: np.stack([step.institutions[name] for step in steps])
            for name in steps[0].institutions
        },
    )


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write integer arrays under their names; the same arrays give the same bytes."""
    with path.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **dict(arrays))


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Read integer arrays; nothing but numbers is ever unpacked."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise DamagedRun(f"{path} is damaged: {error}") from error
    for name, array in arrays.items():
        if array.dtype.kind not in "iu":
            raise DamagedRun(f"{path} is damaged: {name} does not hold integers")
    return arrays


def _cells(arrays: Mapping[str, NDArray[Any]], name: str, ends: NDArray[Any], place: int) -> Cells:
    """Take one step's cells out of a stretch; copies, so that the stretch can be let go."""
    here = slice(int(ends[place - 1]) if place else 0, int(ends[place]))
    shape = tuple(int(length) for length in arrays[f"shape/{name}"])
    return shape, arrays[f"places/{name}"][here].copy(), arrays[f"values/{name}"][here].copy()


def _under(prefix: str, arrays: Mapping[str, NDArray[Any]], place: int) -> dict[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): array[place]
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
