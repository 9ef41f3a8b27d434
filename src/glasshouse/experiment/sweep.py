"""A sweep: every member of a design run by an executor, its results kept as they come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor

    from glasshouse.archive.table import Table
    from glasshouse.experiment.design import Design

Progress = "Callable[[int, int], None]"
"""Called with the members that are done and the members in all."""


class Failure(NamedTuple):
    """A member that could not be run, and why."""

    number: int
    point: int
    society: int | None
    seed: int
    message: str


class Sweep:
    """A sweep directory whose members have all been tried: its results as tables."""

    def __init__(self, path: Path, design: Design) -> None:
        """Take a directory that ``sweep`` has written."""
        self.path = path
        self.design = design

    def results(self) -> Table:
        """One row a member, arm, metric, part and group of people, in the order of the design.

        Columns: point, society, seed, arm, metric, part, group, value, low, high, error, groups,
        unit, status, why, then one column a path of the design.
        """
        raise NotImplementedError

    def failures(self) -> tuple[Failure, ...]:
        """The members that failed, in order; the others are complete."""
        raise NotImplementedError


def sweep(
    scenario: str | Path,
    design: Design,
    out: str | os.PathLike[str] | None = None,
    *,
    metrics: Sequence[str],
    by: Sequence[str] = (),
    people: int | None = None,
    years: int | None = None,
    set: Mapping[str, float | str] | None = None,  # noqa: A002 - the word of the command line
    executor: Executor | None = None,
    workers: int | None = None,
    device: str = "cpu",
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Run every member of a design, or those that are missing in the directory ``out``.

    ``by`` splits the metrics by groups of people as well, as `metric_rows` does.
    Without ``out`` the results are kept for as long as the ``Sweep`` is. ``executor`` is any
    executor of ``concurrent.futures``; ``workers.InProcess()`` runs here, one after the other,
    with nothing pickled, which is what tests of tiny worlds want.
    """
    raise NotImplementedError
