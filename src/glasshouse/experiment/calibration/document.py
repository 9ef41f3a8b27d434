"""A calibration as its file states it, and everything that is asked of it before the first run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from glasshouse.errors import nearest
from glasshouse.experiment.calibration.quantities import QUANTITIES
from glasshouse.experiment.free import ARMS, FINE, Flaw, Free, is_group
from glasshouse.law import rooms
from glasshouse.law.calibration import CALIBRATIONS, CalibrationFile, TargetSaid
from glasshouse.law.intake import Intake
from glasshouse.law.published import Unit
from glasshouse.law.validate import validated

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from glasshouse.errors import Problem
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.library import Library
    from glasshouse.law.load import Document
    from glasshouse.law.published import Figure

DECADE = 10.0
"""A positive range this wide or wider is gone through by its logarithm."""


class Parameter(NamedTuple):
    """A free parameter: an assumption, its prior range, and how the range is gone through."""

    path: str
    low: float
    high: float
    packaged: float

    @property
    def by_logarithm(self) -> bool:
        """Whether the prior is even by the logarithm."""
        return self.low > 0 and self.high / self.low >= DECADE

    def at(self, share: float) -> float:
        """Give the value at a share of the range, 0 to 1."""
        if self.by_logarithm:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + (self.high - self.low) * share


class Target(NamedTuple):
    """One published number that a run is held against."""

    figure: str
    on: dt.date
    since: dt.date | None
    value: float
    """As published, less the value on `since`."""
    unit: Unit
    is_bound: bool
    is_fitted: bool
    source: str
    evidence: str


class Calibration(NamedTuple):
    """A calibration with everything settled."""

    file: CalibrationFile
    free: tuple[Parameter, ...]
    targets: tuple[Target, ...]
    outside: tuple[str, ...]
    """Published numbers of the figures whose day is not in the run."""
    scenario: str
    """The scenario's name or path."""
    sets: dict[str, str]
    """What replaces values of the scenario, beside the free parameters."""
    content: bytes

    @property
    def fitted(self) -> tuple[Target, ...]:
        """The numbers that are fitted."""
        return tuple(target for target in self.targets if target.is_fitted)


def read_calibration(
    library: Library, reference: str | Path, *, people: int | None = None, seed: int | None = None
) -> Calibration:
    """Read a calibration by name or path, and check it; raises BadInput with all that is wrong."""
    path = rooms.located(library.root, CALIBRATIONS, str(reference))
    intake = Intake()
    document = intake.document(path, f"{CALIBRATIONS}/{path.name}")
    intake.settle()
    if document is None:
        raise TypeError(path)
    file = validated(CalibrationFile, document, intake.problems)
    intake.settle()
    if file is None:
        raise TypeError(path)
    more = {"people": people, "seed": seed}
    file = file.model_copy(update={key: value for key, value in more.items() if value is not None})
    sets = {"people": str(file.people), "seed": str(file.seed)}
    if file.community_size is not None:
        sets["community_size"] = str(file.community_size)
    scenario = _near(path, file.scenario)
    experiment = library.resolve(scenario, sets)
    free = tuple(_free(document, file, experiment, intake))
    targets, outside = _targets(document, file, library.published(), experiment, intake)
    intake.settle()
    return Calibration(file, free, targets, outside, scenario, sets, path.read_bytes())


def _near(path: Path, scenario: str) -> str:
    """Give a scenario beside the calibration's file, or by its name."""
    beside = path.parent / scenario
    return str(beside) if beside.is_file() else scenario


def _free(
    document: Document, file: CalibrationFile, experiment: Experiment, intake: Intake
) -> Iterator[Parameter]:
    arms = {arm.name: arm for arm in experiment.arms}
    arm = arms.get(file.arm)
    if arm is None or arm.is_baseline:
        what = f"no arm `{file.arm}` with rules"
        known = [name for name, one in arms.items() if not one.is_baseline]
        intake.problems.append(document.problem(("arm",), what, nearest(file.arm, known)))
    allowed, seen = Free(experiment, drawn=True), set[str]()
    for index, said in enumerate(file.free):
        flaw = _flaw_of_path(said.path, allowed, seen)
        key = "path"
        if flaw == FINE:
            low, high = said.range or allowed.range(said.path)
            key, flaw = "range", allowed.flaw_of_range(said.path, low, high)
        if flaw == FINE:
            yield Parameter(said.path, low, high, allowed.quantities[said.path].packaged)
        else:
            intake.problems.append(document.problem(("free", index, key), *flaw))
        seen.add(said.path)


def _flaw_of_path(path: str, allowed: Free, seen: set[str]) -> Flaw:
    """Say what stands against fitting a path: one assumption, in all arms, less the coverage."""
    if is_group(path) or path.startswith(ARMS):
        return f"`{path[:80]}` is not one assumption in all arms", "its path, as `--set` names it"
    if path in seen:
        return f"`{path[:80]}` is free twice", "each once"
    return allowed.flaw_of_path(path)


def _targets(
    document: Document, file: CalibrationFile, published: tuple[Figure, ...],
    experiment: Experiment, intake: Intake,
) -> tuple[tuple[Target, ...], tuple[str, ...]]:  # fmt: skip
    first, last = experiment.scenario.first_day, experiment.scenario.end_day
    found: list[Target] = []
    outside: list[str] = []
    by_name: dict[str, list[Figure]] = {}
    for one in published:
        by_name.setdefault(one.figure, []).append(one)
    for index, said in enumerate(file.targets):
        flaw = _flaw_of_target(said, by_name)
        if flaw is not None:
            place, what, right = flaw
            intake.problems.append(document.problem(("targets", index, place), what, right))
            continue
        rows = by_name[said.figure]
        base = next((row.value for row in rows if row.on == said.since), 0)
        for row in rows:
            if said.since is not None and row.on <= said.since:
                continue
            if not first <= row.on < last:
                outside.append(f"{row.figure}, {row.on}")
                continue
            found.append(
                Target(
                    row.figure, row.on, said.since, float(row.value - base), row.unit,
                    row.bound is not None, row.on <= file.cut, row.cite.source, row.evidence,
                )
            )  # fmt: skip
    intake.add(_flaws_of_cut(document, found, bool(intake.problems)))
    return tuple(found), tuple(outside)


def _flaw_of_target(
    said: TargetSaid, by_name: Mapping[str, list[Figure]]
) -> tuple[str, str, str] | None:
    if said.figure not in by_name:
        what = f"no published figure `{said.figure[:80]}`"
        return "figure", what, nearest(said.figure, by_name)
    rows = by_name[said.figure]
    if said.figure not in QUANTITIES:
        return "figure", "the laboratory does not count this", nearest(said.figure, QUANTITIES)
    unit = rows[0].unit
    if said.counts != unit:
        what = f"the published numbers are {unit}, and calling them {said.counts} is refused"
        return "counts", what, f"counts: {unit}"
    if said.since is not None and said.since not in [row.on for row in rows]:
        known = [str(row.on) for row in rows]
        return "since", f"no number of {said.since}", nearest(str(said.since), known)
    return None


def _flaws_of_cut(document: Document, found: list[Target], silent: bool) -> Iterator[Problem]:
    if silent:
        return
    if not any(target.is_fitted for target in found):
        yield document.problem(("cut",), "no figure is dated up to the cut", "a later cut")
    elif all(target.is_fitted for target in found):
        what = "no figure is dated after the cut, so nothing could be predicted"
        yield document.problem(("cut",), what, "an earlier cut, or a scenario that lasts longer")
