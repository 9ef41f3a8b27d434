"""`study`: ten named questions, each answered in sentences from runs of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from glasshouse.cli import progress, talk
from glasshouse.cli.ending import Verbs
from glasshouse.cli.members import Wanted, wanted

if TYPE_CHECKING:
    from glasshouse.experiment.crew import Crew
    from glasshouse.experiment.study.running import Asked
    from glasshouse.experiment.study.study_result import StudyResult
    from glasshouse.law.study import Study

RUNS = Path("runs")
MOST_PLACES = 10_000


@click.group(cls=Verbs)
def study() -> None:
    """Ask a named question: runs over seeds, an answer in sentences, a figure."""


@study.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_studies(as_json: bool) -> None:
    """List the studies in the house and the question that each asks."""
    from glasshouse.law.library import Library

    library = Library()
    found = [library.study(name) for name in library.names("studies")]
    if as_json:
        talk.show_json([one.model_dump(mode="json", by_alias=True) for one in found])
        return
    for one in found:
        talk.show(f"{one.study}: {one.title}")
        talk.show(talk.wrapped(one.question, "  "))
    first = found[0].study if found else "NAME"
    talk.say_next(f"glasshouse study show {first}", f"glasshouse study run {first}")


@study.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(name: str, as_json: bool) -> None:
    """Explain a study: why it is asked, what it runs, what it counts, what it cannot say.

    NAME is a study of the house or the path of a folder that holds a study.yaml.
    """
    from glasshouse.experiment.study.loading import load

    one = load(name).study
    if as_json:
        talk.show_json(one.model_dump(mode="json", by_alias=True))
        return
    talk.show(f"{one.title}\n")
    talk.show(talk.wrapped(one.question))
    for title, lines in page(one):
        talk.show(f"\n{title}")
        for line in lines:
            talk.show(talk.wrapped(line, "  "))
    talk.say_next(talk.typed("glasshouse", "study", "run", name))


def page(one: Study) -> list[tuple[str, list[str]]]:
    """The paragraphs that explain a study, under their titles."""
    from glasshouse.metrics.registry import METRICS

    known = {each.name: each for each in METRICS}
    counted = dict.fromkeys(name for design in one.designs for name in design.metrics)
    return [
        ("Why it is asked", [f"{w.text} ({w.cite.source}: {w.cite.at})" for w in one.why]),
        (
            "What it runs",
            [f"{one.people:,} people, {one.years} years, {one.seeds} seeds, unless said otherwise"]
            + [
                f"{design.scenario}: " + "; ".join(design.arms.values()) for design in one.designs
            ],
        ),
        ("What it counts", [f"{known[n].title} ({known[n].status}): {known[n].definition}"
                            for n in counted]),
        ("What might change it", [f"{words} ({path})"
                                  for path, words in one.change.assumptions.items()]),
        ("What it cannot say", list(one.cannot)),
    ]  # fmt: skip


@study.command("run")
@click.argument("name")
@click.option("--seeds", type=click.IntRange(1), help="How many seeds: replicates of every run.")
@click.option(
    "--out", type=click.Path(), help="Where the study goes; one that was stopped there goes on. By "
    "default runs/study-NAME, with a number behind it if a finished or another study is there.",
)  # fmt: skip
@wanted
def run_study(name: str, seeds: int | None, out: str | None, wanted: Wanted) -> None:
    """Run a study and say its answer in sentences, each number from the study's own runs.

    NAME is a study of the house (see `glasshouse study list`) or the path of a folder.
    """
    from glasshouse.experiment.study import running

    what = running.asked(
        name, people=wanted.people, years=wanted.years, seeds=seeds, set=wanted.sets
    )
    place = place_of(what, out)
    title = what.loaded.study.study
    with wanted.crew() as crew:
        if not wanted.as_json:
            say_before(what, crew)
        with progress.shown(title, silent=wanted.as_json, what="runs") as told:
            done = running.run_study(what, place, crew, told)
    show_result(done, wanted.as_json)


def place_of(what: Asked, out: str | None) -> Path:
    """Where a study goes: where it is told to, else the first place that is free or goes on.

    Nothing is written yet; a place that holds something else is refused.
    """
    from glasshouse.errors import BadUsage, OutputExists
    from glasshouse.experiment.study.running import is_free, refuse_another
    from glasshouse.experiment.study.study_result import RESULT

    if out is not None:
        if not is_free(Path(out)):
            refuse_another(Path(out), what)
        return Path(out)
    base = f"study-{what.loaded.study.study}"
    for number in range(1, MOST_PLACES):
        place = RUNS / (base if number == 1 else f"{base}-{number}")
        if (place / RESULT).exists():
            continue
        try:
            if not is_free(place):
                refuse_another(place, what)
        except OutputExists:
            continue
        return place
    raise BadUsage(f"{RUNS} holds {MOST_PLACES} studies {base}; say where with --out")


def say_before(what: Asked, crew: Crew) -> None:
    """Say what is about to run, and about how long it takes."""
    from glasshouse.experiment.study.running import expected_seconds
    from glasshouse.report.words import of

    runs = sum(what.members.values())
    arms = "; ".join(
        f"{one.scenario.scenario}: {', '.join(arm.name for arm in one.arms)}"
        for one in what.experiments.values()
    )
    talk.say(
        f"{what.loaded.study.study}: {what.people:,} people, {of(what.years, 'year')}, "
        f"{of(what.seeds, 'seed')}; {arms}"
    )
    talk.say("Timing a few steps; the first time on a machine this also compiles ...")
    about = progress.duration(expected_seconds(what, crew))
    talk.say(f"Estimate: about {about} for {runs} runs, the swing of its assumptions included")


def show_result(done: StudyResult, as_json: bool) -> None:
    """Put what a study found on stdout, and what to look at next on stderr."""
    from glasshouse.experiment.study.study_result import FIGURE, ROWS

    if as_json:
        talk.show_json({"path": str(done.path), **done.said})
        return
    for line in done.answer().splitlines():
        indent = "" if not line or line[0] != " " else "    "
        talk.show(talk.wrapped(line, indent) if line else "")
    talk.show(f"\nfigure  {done.path / FIGURE}\ntable   {done.path / ROWS}")
    study_name = str(done.said["study"])
    talk.say_next(
        talk.typed("glasshouse", "study", "run", study_name, "--people", "100000"),
        "glasshouse study list",
    )
