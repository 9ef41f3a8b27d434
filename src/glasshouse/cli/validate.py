"""`validate`: what others published, run again, and whether the lab reproduces it."""

from __future__ import annotations

from math import isfinite, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import progress, talk

if TYPE_CHECKING:
    from glasshouse.experiment.validation.comparison import Outcome
    from glasshouse.experiment.validation.table import Result


@click.command()
@click.argument("words", nargs=-1, metavar="[DIR] [NAME]...")
@click.option(
    "--seeds", type=click.IntRange(1, 10_000),
    help="Run this many seeds a row; without it as many as the row's file names.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def validate(words: tuple[str, ...], seeds: int | None, as_json: bool) -> None:
    """Run the published results of a folder and say of each whether it comes out here.

    DIR is the folder of the rows, or of one row; without it `validation` of the working directory
    or of the source checkout. NAME picks rows. Every row is a file of data: change its parameters
    and the formula follows. Ends with 4 where a row that must hold does not.
    """
    from glasshouse.errors import FinishedInPart
    from glasshouse.experiment.validation.row import read_rows, room_of
    from glasshouse.experiment.validation.table import run_rows

    folder, names = taken_apart(words)
    room = room_of(folder)
    rows = read_rows(room, names)
    found: list[Result] = []
    with progress.shown("validation", silent=as_json) as told:
        for result in run_rows(rows, seeds, told):
            found.append(result)
            if not as_json:
                talk.say(f"{result.row.name}: {verdict(result)}, {result.seconds:.1f} s")
    if as_json:
        talk.show_json(plain(found))
    else:
        talk.show(talk.table(HEAD, [line(one) for one in found]))
        for one in found:
            talk.show()
            for text in told_of(one):
                talk.show(text)
        talk.show()
        for sentence in ending(found):
            talk.show(talk.wrapped(sentence))
        talk.say_next(*next_steps(room, found))
    missed = sum(one.is_missed for one in found)
    if missed:
        message = f"{missed} of the rows that must hold do not: {names_of_missed(found)}"
        raise FinishedInPart(message)


HEAD = ("row", "kind", "must hold", "outcome", "furthest", "source")


def taken_apart(words: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The folder, if the first word is one, and the names of rows."""
    if words and ("/" in words[0] or words[0] in {".", ".."} or Path(words[0]).is_dir()):
        return words[0], words[1:]
    return None, words


def verdict(one: Result) -> str:
    """The outcome of a row in a word or two."""
    if one.failure:
        return "did not run"
    held = sum(outcome.holds for outcome in one.outcomes)
    if one.holds:
        return "holds"
    return f"does not hold ({held} of {len(one.outcomes)} do)"


def line(one: Result) -> tuple[str, ...]:
    """A row of the table."""
    file = one.row.file
    source = file.cite.source if file.cite else file.ours or ""
    must = "yes" if file.must_hold else "no"
    return (file.validation, file.kind, must, verdict(one), furthest(one), source)


def furthest(one: Result) -> str:
    """The distance of the comparison that is furthest off, in standard errors."""
    known = [
        abs(outcome.distance)
        for outcome in one.outcomes
        if outcome.relation == "equal" and not isnan(outcome.distance)
    ]
    return f"{max(known):.1f} s.e." if known else "exact" if one.outcomes else ""


def told_of(one: Result) -> list[str]:
    """What a row claims and what came out, in lines."""
    file = one.row.file
    lines = [talk.wrapped(f"{file.validation}: {file.title}"), talk.wrapped(file.claim, "  ")]
    if file.unverified:
        lines.append(talk.wrapped(f"Not verified against the original: {file.unverified}", "  "))
    lines.append(talk.wrapped(f"Expected: {file.expected}", "  "))
    lines.append(
        talk.wrapped(f"Tolerance: {file.tolerance.text}. Through {one.row.runner.through}.", "  ")
    )
    if one.failure:
        return [*lines, talk.wrapped(f"Did not run: {one.failure}", "  ")]
    return lines + [talk.wrapped(outcome_words(outcome), "    ") for outcome in one.outcomes]


def outcome_words(one: Outcome) -> str:
    """An outcome in a sentence."""
    side = {"equal": "expected", "above": "expected above", "below": "expected below"}[one.relation]
    error = f" (± {figure(one.error)})" if one.error > 0 else ""
    off = f", {one.distance:+.1f} standard errors off" if one.error > 0 else ""
    more = f"; {one.words}" if one.words else ""
    sign = "holds" if one.holds else "DOES NOT HOLD"
    return (
        f"{sign}: {one.what}: {figure(one.value)}{error}, {side} {figure(one.expected)}{off}{more}"
    )


def figure(value: float) -> str:
    """A number with as many digits as anybody reads."""
    if not isfinite(value):
        return "no number" if isnan(value) else f"{value:+}"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.4g}"


def ending(found: list[Result]) -> list[str]:
    """How many hold, and how often chance alone would raise an alarm."""
    from glasshouse.experiment.validation.table import false_alarm_of

    must = [one for one in found if one.row.file.must_hold]
    rest = [one for one in found if not one.row.file.must_hold]
    runs = 1 / max(false_alarm_of(found), 1e-300)
    held, others = sum(one.holds for one in must), sum(one.holds for one in rest)
    said = [f"{held} of {len(must)} rows that must hold do"] if must else []
    if rest:
        said.append(f"{others} of {len(rest)} {'others' if must else 'rows hold'}")
    return [
        ", and ".join(said) + ".",
        f"If every formula holds, chance fails some row at most once in {runs:,.0f} other seeds.",
    ]


def plain(found: list[Result]) -> dict[str, Any]:
    """The table as one JSON document."""
    import datetime as dt

    from glasshouse.experiment.validation.table import false_alarm_of
    from glasshouse.version import __version__

    return {
        "version": __version__,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "all_that_must_hold_do": not any(one.is_missed for one in found),
        "false_alarm_of_the_table": false_alarm_of(found),
        "rows": [one.plain() for one in found],
    }


def names_of_missed(found: list[Result]) -> str:
    """The rows that must hold and do not."""
    return ", ".join(one.row.name for one in found if one.is_missed)


def next_steps(room: Path, found: list[Result]) -> list[str]:
    """What to type next: the row that failed first, or one to change."""
    failed = [one for one in found if not one.holds] or found
    steps = ["glasshouse mechanisms"]
    if failed:
        name = failed[0].row.name
        steps.insert(0, talk.typed("glasshouse", "validate", room, name))
    return steps
