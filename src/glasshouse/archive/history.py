"""The steps of a run, kept exactly: counts and institutions, and the state to go on from.

All are NumPy archives of plain integer arrays. Steps are written in stretches as they are finished,
so a checkpoint never writes an earlier step again.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.archive.store import WORK
from glasshouse.errors import DamagedRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_STRETCH = re.compile(rf"{WORK}/steps-([0-9]+)-([0-9]+)\.npz")


class StepKept(NamedTuple):
    """One finished step: its days, counted from the first day of the run, and what came of it."""

    step: int
    first_day: int
    end_day: int
    counts: Mapping[str, NDArray[Any]]
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
    for name in steps[0].counts:
        arrays[f"counts/{name}"] = np.stack([step.counts[name] for step in steps])
    for name in steps[0].institutions:
        arrays[f"institutions/{name}"] = np.stack([step.institutions[name] for step in steps])
    write_arrays(path, arrays)


def read_steps(path: Path) -> list[StepKept]:
    """Read a stretch of steps."""
    arrays = read_arrays(path)
    return [
        StepKept(
            int(days[0]),
            int(days[1]),
            int(days[2]),
            _under("counts/", arrays, place),
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


def _under(prefix: str, arrays: Mapping[str, NDArray[Any]], place: int) -> dict[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): array[place]
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
