"""`playable`: a finished run as one HTML file to play with, that opens from the disk, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from glasshouse.cli import progress, talk

if TYPE_CHECKING:
    from typing import Any

    from glasshouse.app.playable import Expected, Playable
    from glasshouse.session import Run


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path())
@click.option("-o", "--out", required=True, metavar="FILE", type=click.Path(),
              help="The file to write.")  # fmt: skip
@click.option(
    "--communities", type=click.IntRange(min=1), metavar="N",
    help="Show so many whole communities from the first on; without it about 10,000 people.",
)  # fmt: skip
@click.option(
    "--carry", type=click.Choice(["all", "parting"]),
    help="Carry all acts with their day, or by the month and only those in which lives part: that "
    "some arm saw, or that were not done in every arm. Without it: all, in a page below 3 MB.",
)  # fmt: skip
@click.option("--replace", is_flag=True, help="Write over a file that is there already.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def playable(
    directory: str,
    out: str,
    communities: int | None,
    carry: Any,
    replace: bool,
    as_json: bool,
) -> None:
    """Make one HTML file of a run: people as dots, month by month, arms side by side.

    DIR is the directory of a finished run. The page opens from the disk and asks nothing of any
    network. Whoever is shown is replayed, so that a life can be followed event by event.
    """
    from glasshouse import session
    from glasshouse.app.playable import expected
    from glasshouse.archive.document import refuse_file

    refuse_file(out, replace=replace)
    run = session.open_run(directory)
    before = expected(run.archive, communities, carry)
    if not as_json:
        say_before(run, before)
    with progress.shown(run.provenance.scenario.scenario, silent=as_json) as told:
        made = run.playable(
            out, communities=communities, carry=before.carry, replace=replace, progress=told
        )
    if as_json:
        talk.show_json({"path": out, "bytes": len(made.html), "digest": run.digest, **plain(made)})
        return
    show(run, out, made)


def plain(made: Playable) -> dict[str, Any]:
    """Everything that can be said of a page, without the page."""
    return {name: value for name, value in made._asdict().items() if name != "html"}


def say_before(run: Run, before: Expected) -> None:
    """Say what the page will hold, and about how large it will be."""
    from glasshouse.report.words import number, of

    talk.say(
        f"{run.provenance.scenario.title}: replaying "
        f"{of(before.communities, 'community', 'communities')}, {number(before.people)} of "
        f"{number(run.provenance.people)} people; the page takes about "
        f"{progress.size(before.bytes)}"
    )


def show(run: Run, out: str, made: Playable) -> None:
    """Put what was made on stdout, and what to do with it on stderr."""
    from glasshouse.report.words import number

    talk.show(f"page    {out} ({progress.size(len(made.html))})")
    talk.show(f"shown   {number(made.people)} of {number(made.people_in_all)} people, "
              f"{number(made.events)} events")  # fmt: skip
    talk.show(f"digest  {run.digest}")
    for sentence in (made.cap_words, made.left_out_words, made.map_words):
        if sentence:
            talk.show(talk.wrapped(sentence))
    talk.say("\nOpen the file in a browser; it needs no network.")
    talk.say_next(
        talk.typed("glasshouse", "life", run.path, run.worth_following()),
        talk.typed("glasshouse", "metrics", run.path),
    )
