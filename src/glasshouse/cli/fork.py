"""`fork`: continue a finished run under other rules from a day on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import progress, talk
from glasshouse.cli.run import (
    DEVICE,
    THREADS,
    Day,
    Size,
    of_workers,
    one_set,
    say_estimate,
    show_run,
)

if TYPE_CHECKING:
    import datetime as dt

    from glasshouse.engine.fork import Fork


@click.command(short_help="Continue a run under other rules from a day on.")
@click.argument("directory", metavar="DIR", type=click.Path())
@click.option(
    "--at", type=Day(), required=True, help="The first day, or month, under the other rules; a "
    "step must begin on it.",
)  # fmt: skip
@click.option(
    "--arm", "arms", multiple=True, metavar="ARM=RULEBOOK", callback=one_set,
    help="The rulebook that this arm has from then on and no other: a name, several joined by `+`, "
    "or `none`; may be given for many arms.",
)  # fmt: skip
@click.option(
    "--set", "sets", multiple=True, metavar="PATH=VALUE", callback=one_set,
    help="A provision that changes on that day, as in rules.BOOK.PROVISION=off; may be given many "
    "times. Assumptions hold from the first day and cannot change.",
)  # fmt: skip
@THREADS
@click.option(
    "--out", type=click.Path(), help="The directory of the fork, which must not exist yet. By "
    "default runs/SCENARIO-SEED with a number behind it.",
)  # fmt: skip
@click.option(
    "--collect", type=click.Choice(["all", "counts"]),
    help="Keep everything, or the counts by step alone; as the parent did by default.",
)  # fmt: skip
@DEVICE
@click.option("--memory", type=Size(), help="The most memory to take, as in 2GB.")
@click.option(
    "--keep-at", "keep_at", type=Day(), multiple=True, help="Keep the whole state at the beginning "
    "of this later month or day, to fork the fork.",
)  # fmt: skip
@of_workers
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def fork(
    directory: str,
    at: dt.date,
    arms: dict[str, str],
    sets: dict[str, str],
    threads: int | None,
    out: str | None,
    collect: Any,
    device: Any,
    memory: int | None,
    keep_at: tuple[dt.date, ...],
    workers: int | None,
    cluster: str | None,
    as_json: bool,
) -> None:
    """Continue a finished run under other rules from a day on, bit for bit as if it branched there.

    Its digest is that of a run whose scenario had changed its rules on that day. Where the run kept
    its state of the day (`run --keep-at`), the steps before are taken over; otherwise they are run
    again from the seed. DIR is not touched.
    """
    from glasshouse import forking, session

    planned = forking.forked(directory, at=at, arms=arms, set=sets)
    place = session.place_of(planned.experiment, out)
    if not as_json:
        say_fork(planned)
    collect = collect or planned.parent.provenance.options.collect
    with session.at_hand(workers, cluster, memory) as client:
        expected = session.estimated(
            planned.experiment, threads=threads, collect=collect, device=device, out=place,
            memory=memory, keeps=len(keep_at), client=client,
        )  # fmt: skip
        if not as_json:
            share = planned.steps_to_run / len(planned.new.steps)
            shortened = replace(expected, seconds=expected.seconds * share)
            say_estimate(shortened, at_workers=client is not None)
        what = "shards" if expected.shard_communities else "steps"
        with progress.shown("fork", silent=as_json, what=what) as told:
            archive = planned.run(
                place, threads=threads, collect=collect, device=device, memory=memory,
                keep_at=keep_at, client=client, progress=told, told=talk.say,
            )  # fmt: skip
    done = session.Run(archive)
    show_run(done, as_json)
    if not as_json:
        talk.say_next(talk.typed("glasshouse", "report", directory, done.path, "-o", "fork.html"))


def say_fork(planned: Fork) -> None:
    """Say what changes when, and whether the steps before are taken over."""
    from glasshouse.report.words import of

    parent = planned.parent
    talk.say(f"A fork of {parent.path} (digest {parent.digest[:12]})")
    for path, value in planned.changes.items():
        talk.say(f"From {planned.day} on: {path}={value}")
    before = f"{of(planned.step, 'step')} {'is' if planned.step == 1 else 'are'}"
    if planned.is_kept:
        talk.say(f"Its state of {planned.day} was kept: {before} taken over")
    elif planned.has_kept:
        talk.say(f"What it kept does not fit the new rules: {before} run again")
    else:
        again = f"`glasshouse run --keep-at {planned.day}` keeps one"
        talk.say(f"No state of {planned.day} was kept ({again}): {before} run again")
