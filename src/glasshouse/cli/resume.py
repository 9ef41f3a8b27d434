"""`resume`: go on with a run that was stopped."""

from __future__ import annotations

from pathlib import Path

import click

from glasshouse.cli import progress, talk
from glasshouse.cli.run import THREADS, of_workers, show_run


@click.command(short_help="Go on with a run or a sweep that was stopped.")
@click.argument("directory", metavar="DIR", type=click.Path())
@THREADS
@of_workers
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def resume(
    directory: str,
    threads: int | None,
    workers: int | None,
    cluster: str | None,
    as_json: bool,
) -> None:
    """Go on with a run that was stopped; its digest is that of a run never stopped.

    DIR may also be the directory of a sweep or an ensemble: the members that are missing are run,
    and the table is that of a sweep never stopped.
    """
    from glasshouse import session
    from glasshouse.cli.sweep import show_sweep
    from glasshouse.experiment import sweep_directory

    if sweep_directory.is_sweep(Path(directory)):
        from glasshouse.experiment import sweep

        with progress.shown("resume", silent=as_json, what="members") as told:
            mine = threads if workers is None and cluster is None else workers
            swept = sweep.resumed(directory, workers=mine, cluster=cluster, progress=told)
        show_sweep(swept, as_json)
        return

    what = "shards" if session.is_in_files(directory) else "steps"
    with progress.shown("resume", silent=as_json, what=what) as told:
        done = session.resumed(
            directory, threads=threads, workers=workers, cluster=cluster, progress=told,
            told=talk.say,
        )  # fmt: skip
    show_run(done, as_json)
