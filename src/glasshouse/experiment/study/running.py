"""Running a study: every design over its seeds, then its swing, in a directory of its own.

The sweeps inside keep every member as it comes, so a study that was stopped goes on where it was.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from glasshouse.archive.store import refuse_place, write_aside
from glasshouse.errors import BadUsage, FinishedInPart, ForeignRun, Interrupted, OutputExists
from glasshouse.experiment.crew import Crew
from glasshouse.experiment.design import one, table
from glasshouse.experiment.forecast import SECONDS_A_MEMBER, SECONDS_TO_START
from glasshouse.experiment.study.loading import experiments, load, sets_of, swing_design
from glasshouse.experiment.study.results import made, write
from glasshouse.experiment.study.study_result import RESULT, StudyResult
from glasshouse.experiment.study.swinging import rows_of_table
from glasshouse.experiment.sweep import asked_for, run_asked
from glasshouse.law.study import MAX_SEEDS
from glasshouse.version import __version__

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from glasshouse.experiment.crew import ByWhom
    from glasshouse.experiment.design import Design
    from glasshouse.experiment.study.loading import Loaded
    from glasshouse.experiment.sweep import Sweep
    from glasshouse.law.experiment import Experiment

ASKED = "asked.json"
"""What was asked, written before the first run: whoever goes on must ask the same."""

SWEEPS = "sweeps"


class Asked(NamedTuple):
    """A study with every size settled, before anything runs."""

    loaded: Loaded
    experiments: Mapping[str, Experiment]
    people: int
    years: int
    seeds: int
    sets: Mapping[str, str]

    @property
    def swing_seeds(self) -> int:
        """How many seeds the swing has: never more than the study itself."""
        return min(self.seeds, self.loaded.study.change.seeds)

    @property
    def members(self) -> dict[str, int]:
        """How many runs each design takes, its swing included."""
        study = self.loaded.study
        runs = {design.design: self.seeds for design in study.designs}
        swung = swing_design(study).design
        runs[swung] += 2 * len(study.change.assumptions) * self.swing_seeds
        return runs

    def plain(self) -> dict[str, Any]:
        """What was asked as what JSON has."""
        return {
            "study": self.loaded.study.study,
            "glasshouse_version": __version__,
            "files": dict(self.loaded.files),
            "people": self.people,
            "years": self.years,
            "seeds": self.seeds,
            "sets": dict(self.sets),
        }


def asked(
    study_file: str | Path,
    *,
    people: int | None = None,
    years: int | None = None,
    seeds: int | None = None,
    set: Mapping[str, float | str] | None = None,  # noqa: A002 - the word of the command line
) -> Asked:
    """Settle a study and its sizes, or say all that is wrong; nothing runs yet."""
    loaded = load(study_file)
    study = loaded.study
    if seeds is not None and not 1 <= seeds <= MAX_SEEDS:
        raise BadUsage(f"--seeds {seeds}: a study has 1 to {MAX_SEEDS} seeds")
    sets = {path: str(value) for path, value in (set or {}).items()}
    for path in ("people", "years", "seed"):
        if path in sets:
            right = "--seeds" if path == "seed" else f"--{path}"
            raise BadUsage(f"`{path}` is no value to set in a study; say it with {right}")
    sizes = {"people": str(people or study.people), "years": str(years or study.years)}
    if people is not None:
        sizes["people"] = str(people)
    if years is not None:
        sizes["years"] = str(years)
    settled = experiments(loaded, {**sizes, **sets})
    return Asked(
        loaded, settled, int(sizes["people"]), int(sizes["years"]), seeds or study.seeds, sets
    )


def run_study(
    what: Asked,
    out: str | os.PathLike[str] | None,
    crew: Crew,
    progress: Callable[[int, int], None] | None = None,
) -> StudyResult:
    """Run a study, or what of it is missing in the directory ``out``, and give its result.

    Without ``out`` the directory is kept for as long as the result is. Raises FinishedInPart if
    members failed, after everything else was written.
    """
    owner = TemporaryDirectory(prefix="glasshouse-study-") if out is None else None
    folder = Path(owner.name if owner else str(out))
    begin(folder, what)
    if (folder / RESULT).exists():
        return StudyResult(folder, owner)
    told = _Told(progress, sum(what.members.values()))
    run = partial(_sweep, what, folder, crew)
    try:
        swept = _all_sweeps(what, run, told)
    except Interrupted as error:
        raise Interrupted(
            f"stopped; what was finished is kept, and the same command with --out {folder} goes on"
        ) from error
    failed = [f"seed {f.seed}, point {f.point}: {f.message}"
              for one_sweep in swept.values() for f in one_sweep.failures()]  # fmt: skip
    write(folder, made(what, swept, failed), swept)
    result = StudyResult(folder, owner)
    if failed:
        raise FinishedInPart(
            f"{len(failed)} of {sum(what.members.values())} runs of the study failed; the rest is "
            f"in {folder}. The first: {failed[0]}"
        )
    return result


def _all_sweeps(
    what: Asked, run: Callable[..., Sweep], told: _Told
) -> dict[tuple[str, str], Sweep]:
    """Run every design over the seeds, then the swing."""
    study, swept = what.loaded.study, {}
    for design in study.designs:
        here = one(seeds=range(1, what.seeds + 1))
        swept[design.design, "answer"] = run(design.design, "answer", here, told.part(here.size))
    swung = swing_design(study).design
    points = rows_of_table(study, what.experiments[swung])
    here = table(points, seeds=range(1, what.swing_seeds + 1))
    swept[swung, "swing"] = run(swung, "swing", here, told.part(here.size))
    return swept


def study(
    study_file: str | Path,
    *,
    people: int | None = None,
    years: int | None = None,
    seeds: int | None = None,
    out: str | os.PathLike[str] | None = None,
    set: Mapping[str, float | str] | None = None,  # noqa: A002 - the word of the command line
    progress: Callable[[int, int], None] | None = None,
    **crew: Unpack[ByWhom],
) -> StudyResult:
    """Run a study, by name or by the path of its folder; what is not given is as the study says.

    ``out`` is its directory; one that was stopped there goes on, and without it the result is kept
    for as long as it is held. ``executor``, ``workers``, ``cluster`` and ``device`` say who runs
    it, as for ``sweep``.
    """
    what = asked(study_file, people=people, years=years, seeds=seeds, set=set)
    with Crew(**crew) as hands:
        return run_study(what, out, hands, progress)


def _sweep(
    what: Asked,
    folder: Path,
    crew: Crew,
    name: str,
    kind: str,
    design: Design,
    progress: Callable[[int, int], None],
) -> Sweep:
    """Run or finish one sweep of the study."""
    stated = next(each for each in what.loaded.study.designs if each.design == name)
    sets = {**sets_of(stated), **what.sets}
    sets = {path: value for path, value in sets.items() if path not in design.paths}
    sizes = {"people": str(what.people), "years": str(what.years)}
    swept = asked_for(
        what.loaded.scenarios[name], design, metrics=stated.metrics, by=stated.by,
        sets={**sets, **sizes},
    )  # fmt: skip
    return run_asked(swept, folder / SWEEPS / f"{name}-{kind}", crew, progress)


def begin(folder: Path, what: Asked) -> None:
    """Make the directory of a study, or check that the one that is there belongs to it."""
    if is_free(folder):
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(what.plain(), indent=2, ensure_ascii=False) + "\n"
        write_aside(folder / ASKED, lambda aside: _write(aside, text))
        return
    refuse_another(folder, what)


def is_free(folder: Path) -> bool:
    """Whether nothing is there yet but perhaps an empty folder."""
    if not folder.exists():
        refuse_place(folder)
        return True
    return folder.is_dir() and not any(folder.iterdir())


def refuse_another(folder: Path, what: Asked) -> None:
    """Refuse a place that is taken, unless by the same study asked in the same way."""
    if not (folder / ASKED).is_file():
        raise OutputExists(f"{folder} is already there and holds no study; say another place")
    try:
        before = json.loads((folder / ASKED).read_text(encoding="utf-8"))
    except ValueError as error:
        raise ForeignRun(f"{folder / ASKED} was not written by glasshouse") from error
    now = what.plain()
    wrong = [key for key in now if not isinstance(before, dict) or before.get(key) != now[key]]
    if wrong:
        raise OutputExists(
            f"{folder} holds a study that was asked otherwise (other {', '.join(wrong)}); "
            "ask the same to go on with it, or say another place"
        )


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def expected_seconds(what: Asked, crew: Crew) -> float:
    """Say about how long a study will take: steps of every design timed, shared by the workers."""
    from glasshouse.engine.estimate import estimate

    seconds = 0.0
    for name, runs in what.members.items():
        experiment = what.experiments[name]
        one_run = estimate(experiment, threads=1, device=crew.device).seconds + SECONDS_A_MEMBER
        seconds += one_run * runs / crew.at_a_time(experiment, runs)
    return seconds + SECONDS_TO_START


class _Told:
    """Progress over several sweeps as if they were one."""

    def __init__(self, progress: Callable[[int, int], None] | None, whole: int) -> None:
        self.progress, self.whole, self.done = progress, whole, 0

    def part(self, size: int) -> Callable[[int, int], None]:
        """Give the progress of the next sweep, of so many members."""
        before = self.done
        self.done += size

        def told(done: int, _of: int) -> None:
            if self.progress is not None:
                self.progress(before + done, self.whole)

        return told
