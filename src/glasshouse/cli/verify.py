"""`verify`: run a run again from its provenance and compare digests."""

from __future__ import annotations

import click

from glasshouse.cli import progress, talk
from glasshouse.cli.run import THREADS, Size


@click.command(short_help="Run a run again and compare digests.")
@click.argument("directory", metavar="DIR", type=click.Path())
@THREADS
@click.option(
    "--memory", type=Size(), help="The most memory to take, as in 2GB; all that is free by "
    "default. What does not fit is in files below the folder for temporary ones (TMPDIR).",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify(directory: str, threads: int | None, memory: int | None, as_json: bool) -> None:
    """Run it again from its provenance and compare digests; ends with 3 if they differ."""
    from glasshouse import session

    what = "parts" if session.is_in_files(directory) else "steps"
    with progress.shown("verify", silent=as_json, what=what) as told:
        verdict = session.verified(directory, threads=threads, memory=memory, progress=told)
    if as_json:
        talk.show_json({"path": directory, **verdict.plain()})
    else:
        talk.show(verdict.words())
    if not verdict.matches:
        click.get_current_context().exit(3)
    if not as_json:
        talk.say_next("glasshouse scenario list", "glasshouse scenario new mine --like as-told")
