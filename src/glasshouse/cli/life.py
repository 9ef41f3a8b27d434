"""`life`: one synthetic life, day by day, its arms side by side."""

from __future__ import annotations

import re
import shutil

import click

from glasshouse.cli import talk

WIDEST = 200


class _Numbers(click.Command):
    """A command in which -1 is a number and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put everything that is no option behind `--`."""
        if "--" not in args and any(re.fullmatch("-[0-9]+", word) for word in args):
            options = [w for w in args if w.startswith("-") and not re.fullmatch("-[0-9]+", w)]
            args = [*options, "--", *(word for word in args if word not in options)]
        return super().parse_args(ctx, args)


@click.command(cls=_Numbers, short_help="Follow one synthetic life, its arms side by side.")
@click.argument("directory", metavar="DIR", type=click.Path())
@click.argument("person", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def life(directory: str, person: int, as_json: bool) -> None:
    """Follow one synthetic life, day by day, its arms side by side.

    DIR is a run directory. PERSON is an address from 0 up; whoever stands there is drawn from the
    seed and does not exist. Every arm has the same acts and the same luck under other rules.
    """
    from glasshouse import session

    run = session.open_run(directory)
    found = run.life(person)
    if as_json:
        talk.show_json(found.plain())
        return
    columns = shutil.get_terminal_size((120, 24)).columns
    talk.show(found.text(max(60, min(WIDEST, columns))))
    other = person + 1 if person + 1 < run.provenance.people else 0
    talk.say_next(
        talk.typed("glasshouse", "life", directory, other),
        talk.typed("glasshouse", "verify", directory),
    )
