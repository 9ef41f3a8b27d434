"""Calibrate: from the name of a calibration to what its runs say."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from glasshouse.errors import Interrupted
from glasshouse.experiment.calibration.document import Calibration, read_calibration
from glasshouse.experiment.calibration.fitting import Fit, Fitting
from glasshouse.experiment.workers import processes, refuse_to_nest
from glasshouse.law.calibration import CALIBRATIONS
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor


def calibration_names() -> tuple[str, ...]:
    """Name the calibrations in the house."""
    return Library().names(CALIBRATIONS)


def calibration_of(
    reference: str | Path, *, people: int | None = None, seed: int | None = None
) -> Calibration:
    """Settle a calibration by name or path; raises BadInput with all that is wrong."""
    return read_calibration(Library(), reference, people=people, seed=seed)


def calibrate(
    calibration: str | Path | Calibration,
    *,
    budget: int = 240,
    method: Literal["abc", "optuna"] = "abc",
    people: int | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    device: Literal["cpu", "python"] = "cpu",
    progress: Callable[[int, int], None] | None = None,
) -> Fit:
    """Fit assumptions to published figures up to a cut, and say how far off the later ones are.

    ``budget`` is the number of runs at most. With ``out`` every finished run is kept, and the same
    call goes on where it was stopped. ``executor`` is any executor of ``concurrent.futures``; the
    result does not depend on it. Raises BadInput for a free parameter that is no assumption, for
    coverage, and for a target that is not published or is called what it is not.
    """
    if isinstance(calibration, Calibration):
        settled = calibration
    else:
        settled = calibration_of(calibration, people=people, seed=seed)
    place = None if out is None else Path(out)
    told = progress or (lambda _done, _of: None)
    with ExitStack() as stack:
        if executor is None:
            refuse_to_nest()
            executor = stack.enter_context(processes(workers or os.cpu_count() or 1))
        work = Fitting(Library().root, settled, place, executor, device, told)
        try:
            return work.fit(method, budget)
        except KeyboardInterrupt:
            executor.shutdown(wait=False, cancel_futures=True)
            kept = "nothing is kept: it had no directory"
            if place is not None:
                kept = f"{len(work.values)} runs are kept in {place}, and the same again goes on"
            raise Interrupted(f"stopped; {kept}") from None
