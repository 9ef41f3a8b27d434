"""Calibrate: from the name of a calibration to what its runs say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

from glasshouse.errors import FinishedInPart, Interrupted
from glasshouse.experiment.calibration.document import Calibration, read_calibration
from glasshouse.experiment.calibration.fitting import Fit, Fitting
from glasshouse.experiment.calibration.place import Place
from glasshouse.experiment.crew import Crew
from glasshouse.law.calibration import CALIBRATIONS
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable

    from glasshouse.experiment.crew import ByWhom
    from glasshouse.law.experiment import Experiment


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
    progress: Callable[[int, int], None] | None = None,
    **crew: Unpack[ByWhom],
) -> Fit:
    """Fit assumptions to published figures up to a cut, and say how far off the later ones are.

    ``budget`` is the number of runs at most. With ``out`` every finished run is kept, and the same
    call goes on where it was stopped. ``executor``, ``workers``, ``cluster`` and ``device`` say who
    makes the runs, as for ``sweep``; the result does not depend on it. Raises BadInput for a free
    parameter that is no assumption, for coverage, and for a target that is not published or is
    called what it is not.
    """
    settled = calibration
    if not isinstance(settled, Calibration):
        settled = calibration_of(settled, people=people, seed=seed)
    with Crew(**crew) as hands:
        return fitted(settled, experiment_of(settled), out, hands, budget, method, progress)


def experiment_of(settled: Calibration) -> Experiment:
    """Give the scenario of a calibration as it stands before anything is fitted."""
    return Library().resolve(settled.scenario, settled.sets)


def fitted(
    settled: Calibration,
    experiment: Experiment,
    out: str | Path | None,
    crew: Crew,
    budget: int,
    method: Literal["abc", "optuna"] = "abc",
    progress: Callable[[int, int], None] | None = None,
) -> Fit:
    """Fit what has been settled; whoever runs it is not let go of."""
    told = progress or (lambda _done, _of: None)
    with Place(None if out is None else Path(out), settled, experiment.files) as place:
        work = Fitting(settled, experiment, place, crew, told)
        kept = "nothing is kept: it had no directory"
        try:
            return work.fit(method, budget)
        except (Interrupted, KeyboardInterrupt, FinishedInPart) as error:
            if out is not None:
                kept = f"{len(work.values)} runs are kept in {out}, and the same again goes on"
            if isinstance(error, FinishedInPart):
                raise FinishedInPart(f"{error}: {kept}") from error
            raise Interrupted(f"stopped; {kept}") from None
