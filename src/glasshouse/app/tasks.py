"""What a worker does: a run told as it goes, a study, and the files that are made from a run.

A run here is a run like any other, in a directory of its own; only its events are sent on as well.
Its digest is that of the command line.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.app.messages import Kind, people_message, step_message
from glasshouse.app.worker import RUN_FOLDER, Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from glasshouse.app.worker import Line, Task

COMMAND = ("glasshouse", "serve")
"""What stands in the provenance of a run of the page; how to have it again stands beside it."""

_FIRST_OF_ALL = (1980, 1, 1, 0, 0, 0)
"""The date of every part of an archive of data: the same bytes on every build."""


def do(task: Task, line: Line) -> dict[str, Any]:
    """Do what is asked, and give what is said of it when it is over."""
    return TASKS[task.what](task, line)


def warm() -> None:
    """Load the compiled engine and whatever else a first run would wait for."""
    from glasshouse.app.scene import finish_of
    from glasshouse.app.shown import shown_of
    from glasshouse.engine.plan.plan import make_plan
    from glasshouse.engine.run import run_experiment
    from glasshouse.law.library import Library

    sets = {"people": "256", "years": "1", "community_size": "256"}
    experiment = Library().resolve("pellucid", sets)
    shown_of(make_plan(experiment))
    archive = run_experiment(
        experiment, threads=1, noting=lambda _step, _noted: None, command=COMMAND
    )
    finish_of(archive, experiment)


def run(task: Task, line: Line) -> dict[str, Any]:
    """Run a scenario: society first, then month by month, then what it says."""
    from glasshouse.app.header import header_of
    from glasshouse.app.scene import counts_by_step, finish_of
    from glasshouse.app.shown import Sorter, shown_of
    from glasshouse.engine.account import options_of, provenance_of
    from glasshouse.engine.plan.plan import make_plan
    from glasshouse.engine.run import run_experiment
    from glasshouse.law.library import Library

    experiment = Library().resolve(task.name, task.sets)
    line.heed()
    plan = make_plan(experiment)
    said = provenance_of(plan, options_of("cpu", task.threads, "all", COMMAND))
    line.heed()
    shown = shown_of(plan)
    line.tell(Kind.HEADER, header_of(plan, said, shown))
    line.say(Said.SCENE, people_message(shown.people))
    sorter = Sorter(plan, shown)

    def tell(step: int, noted: Any) -> None:
        line.say(Said.SCENE, step_message(step, sorter.sorted(step, noted)))

    archive = run_experiment(
        experiment,
        Path(task.folder) / RUN_FOLDER,
        threads=task.threads,
        progress=line.step,
        noting=tell,
        command=COMMAND,
    )
    for counted in counts_by_step(archive):
        line.tell(Kind.COUNTS, counted)
    line.heed()
    line.tell(Kind.FINISH, finish_of(archive, experiment))
    return {"digest": archive.digest}


def study(task: Task, line: Line) -> dict[str, Any]:
    """Run a study, smaller than its own size, and give its sentences and its figure."""
    from glasshouse.experiment.crew import Crew
    from glasshouse.experiment.study.running import asked, run_study
    from glasshouse.experiment.workers import InProcess

    people, years, seeds = (int(task.sets[name]) for name in ("people", "years", "seeds"))
    what = asked(task.name, people=people, years=years, seeds=seeds)
    place = Path(task.folder) / RUN_FOLDER
    with Crew(executor=InProcess()) as crew:
        result = run_study(what, place, crew, line.step)
    said, drawing = result.said, result.figure()
    line.tell(
        Kind.FINISH,
        {
            "study": said["study"],
            "sentences": list(said["answer"]),
            "intervals": said["intervals"],
            "figure": drawing.svg[drawing.svg.index("<svg") :],
            "figure_words": drawing.words,
            "reproduce": {"command": study_command(task)},
        },
    )
    return {}


def study_command(task: Task) -> str:
    """Give what to type to have a study again."""
    sizes = " ".join(f"--{name} {value}" for name, value in task.sets.items())
    return f"glasshouse study run {task.name} {sizes}"


def report(task: Task, _line: Line) -> dict[str, Any]:
    """Make the report of a finished run."""
    from glasshouse.report.html import report_of

    return _file(task, "report.html", lambda archive: report_of([archive]))


def playable(task: Task, _line: Line) -> dict[str, Any]:
    """Make the page in one file of a finished run."""
    from glasshouse.app.playable import playable_of

    return _file(
        task, "playable.html", lambda archive: playable_of(archive, archive.experiment()).html
    )


def data(task: Task, _line: Line) -> dict[str, Any]:
    """Put the directory of a finished run into one archive, as it is."""
    folder = Path(task.folder)
    place = folder / "data.zip"
    aside = folder / "data.zip.part"
    run_folder = folder / RUN_FOLDER
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(one for one in run_folder.rglob("*") if one.is_file()):
            name = f"{task.name}/{path.relative_to(run_folder).as_posix()}"
            packed.writestr(zipfile.ZipInfo(name, _FIRST_OF_ALL), path.read_bytes())
    aside.replace(place)
    return {"file": place.name}


def _file(task: Task, name: str, made: Callable[[Any], bytes]) -> dict[str, Any]:
    from glasshouse.archive.reading import Archive

    folder = Path(task.folder)
    content = made(Archive(folder / RUN_FOLDER))
    aside = folder / f"{name}.part"
    aside.write_bytes(content)
    aside.replace(folder / name)
    return {"file": name}


TASKS: dict[str, Callable[[Task, Line], dict[str, Any]]] = {
    "run": run,
    "study": study,
    "report": report,
    "playable": playable,
    "data": data,
}
"""What can be asked of a worker."""
