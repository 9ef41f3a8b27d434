"""`report`: what runs say, as one HTML file that opens from disk and prints."""

from __future__ import annotations

import click

from glasshouse.cli import progress, talk


@click.command(short_help="Write what runs say as one HTML file.")
@click.argument("directories", metavar="DIR...", nargs=-1, required=True, type=click.Path())
@click.option(
    "--out", "-o", required=True, metavar="FILE", type=click.Path(),
    help="The file to write, as report.html; it must not exist yet.",
)  # fmt: skip
@click.option("--replace", is_flag=True, help="Write over FILE if it is there already.")
def report(directories: tuple[str, ...], out: str, replace: bool) -> None:
    """Write what runs say as one HTML file: answer, figures, metrics, evidence, assumptions.

    Each DIR is the directory of a finished run. Seeds of one scenario are told as replicates,
    different scenarios side by side. The file holds no script, opens from disk, prints, and is the
    same on every build.
    """
    from glasshouse import session
    from glasshouse.archive.document import refuse_file

    refuse_file(out, replace=replace)
    runs = [session.open_run(directory) for directory in directories]
    with progress.shown("report", what="parts") as told:
        made = session.reported(runs, out, replace=replace, progress=told)
    talk.show(str(made))
    talk.say(f"{progress.size(made.stat().st_size)}; it opens in any browser, offline")
    first = directories[0]
    talk.say_next(
        talk.typed("glasshouse", "metrics", first, "--by", "age,means"),
        talk.typed("glasshouse", "life", first, runs[0].worth_following()),
        talk.typed("glasshouse", "verify", first),
    )
