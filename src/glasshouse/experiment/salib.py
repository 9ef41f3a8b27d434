"""Between a design and SALib: its problem going out, its sample coming in.

SALib itself is not imported: any tool that takes a mapping of names and bounds, and gives an array
of points, can stand in its place. The results of a sweep go back by ``Sweep.by_point``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.experiment.design import Design
from glasshouse.experiment.design_file import read_design, settled
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import ArrayLike


def problem(
    scenario: str | Path,
    paths: Sequence[str] | Mapping[str, tuple[float, float]],
    *,
    set: Mapping[str, float | str] | None = None,  # noqa: A002 - the word of the command line
) -> dict[str, Any]:
    """Give the problem that SALib's samplers and analysers take: names and bounds.

    ``paths`` are assumptions or patterns of a scenario, or a mapping from these to ranges. Raises
    BadInput for what may not be drawn.
    """
    sets = {path: str(value) for path, value in (set or {}).items()}
    said: dict[str, Any] = (
        dict(paths) if isinstance(paths, Mapping) else dict.fromkeys(paths, "declared")
    )
    text = {
        "design": "problem", "scenario": str(scenario), "kind": "latin-hypercube", "paths": said,
        "points": 1,
    }  # fmt: skip
    made = settled(read_design(text), Library().resolve(scenario, sets))
    bounds = [list(ends) for ends in made.ranges]
    return {"num_vars": len(made.paths), "names": list(made.paths), "bounds": bounds}


def design(
    problem: Mapping[str, Any],
    points: ArrayLike,
    *,
    seeds: Sequence[int] = (1,),
    societies: Sequence[int | None] = (None,),
) -> Design:
    """Give the design of a sample [point, path] that another tool has drawn for a problem."""
    rows = np.asarray(points, float).tolist()
    ranges = tuple((float(low), float(high)) for low, high in problem["bounds"])
    return Design(
        tuple(problem["names"]), tuple(map(tuple, rows)), "drawn", tuple(seeds), tuple(societies),
        ranges,
    )  # fmt: skip
