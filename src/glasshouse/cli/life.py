"""`life`: one synthetic life, day by day, its arms side by side."""

from __future__ import annotations

import re
import shutil

import click

from glasshouse.cli import progress, talk

WIDEST = 200


class _Numbers(click.Command):
    """A command in which -1 is a number and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put numbers below zero behind `--`."""
        numbers = [word for word in args if re.fullmatch("-[0-9]+", word)]
        if numbers and "--" not in args:
            args = [*(word for word in args if word not in numbers), "--", *numbers]
        return super().parse_args(ctx, args)


@click.command(cls=_Numbers, short_help="Follow one synthetic life, its arms side by side.")
@click.argument("directory", metavar="DIR", type=click.Path())
@click.argument("person", type=int)
@click.option(
    "--out", "-o", "file", metavar="FILE", type=click.Path(),
    help="Write the life as a page (.html) or as its picture alone (.svg).",
)  # fmt: skip
@click.option("--replace", is_flag=True, help="Write over FILE where it is there already.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def life(directory: str, person: int, file: str | None, replace: bool, as_json: bool) -> None:
    """Follow one synthetic life, day by day, its arms side by side.

    DIR is a run directory. PERSON is an address from 0 up; whoever stands there is drawn from the
    seed and does not exist. Every arm has the same acts and the same luck under other rules.
    """
    from glasshouse import session

    if replace and file is None:
        raise click.UsageError("--replace says that FILE may be written over, but there is no -o")
    run = session.open_run(directory)
    told = progress.patient("life", silent=as_json)
    if file is not None:
        written = run.draw_life(person, file, replace=replace, progress=told)
        if as_json:
            talk.show_json({"file": str(written), "person": person})
        else:
            talk.show(str(written))
            talk.say_next(
                talk.typed("glasshouse", "life", directory, person),
                talk.typed("glasshouse", "metrics", directory),
            )
        return
    found = run.life(person, progress=told)
    if as_json:
        talk.show_json(found.plain())
        return
    columns = shutil.get_terminal_size((120, 24)).columns
    talk.show(found.text(max(60, min(WIDEST, columns))))
    other = person + 1 if person + 1 < run.provenance.people else 0
    talk.say_next(
        talk.typed("glasshouse", "life", directory, person, "-o", "life.html"),
        talk.typed("glasshouse", "life", directory, other),
        talk.typed("glasshouse", "verify", directory),
    )
