"""`sweep`: run every point of a design, each in every society and under every seed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from glasshouse.cli import talk
from glasshouse.cli.members import (
    METRICS,
    SWEEPS,
    Wanted,
    end,
    led,
    number,
    plain,
    show_spreads,
    status_words,
    told_of,
    wanted,
)

if TYPE_CHECKING:
    from glasshouse.experiment.ensemble import Ensemble
    from glasshouse.experiment.sweep import Sweep

SHOWN_POINTS = 25
SHOWN_NAMES = 6
"""How much of a large sweep the text shows; the table of the directory and --json have all."""


@click.command()
@click.argument("design")
@click.option(
    "--out", type=click.Path(), help="The sweep directory; one that was stopped there goes on. By "
    "default sweeps/DESIGN.",
)  # fmt: skip
@click.option("--scenario", help="Another scenario than the design names.")
@click.option("--seeds", type=int, help="How many seeds: 1, 2, 3, ... instead of the design's own.")
@METRICS
@click.option("--keep-runs", is_flag=True, help="Keep the run directory of every member.")
@wanted
def sweep(
    design: str,
    out: str | None,
    scenario: str | None,
    seeds: int | None,
    metrics: tuple[str, ...],
    keep_runs: bool,
    wanted: Wanted,
) -> None:
    """Run every point of a design and keep one table of the results.

    DESIGN is a design of the house (see docs/sweeps.md), the path of a file, or a table of points
    (.csv) together with --scenario. Points of a table or
    a grid are run as written; those of a Latin hypercube, a Sobol' sequence or Morris' trajectories
    are drawn from the ranges of assumptions. Seeds and societies are replicates and stay apart.
    """
    from glasshouse.experiment import sweep as sweeps
    from glasshouse.experiment.design_file import located_design, read_design

    place = located_design(design)
    asked = sweeps.asked_for(
        scenario, place, metrics=metrics, seeds=seeds, sets=wanted.all_sets, keep_runs=keep_runs
    )
    folder = Path(out) if out else SWEEPS / read_design(place, scenario=scenario).said.design
    done = led(
        wanted, folder.name, asked.experiment, sweeps.missing(folder, asked),
        lambda crew, told: sweeps.run_asked(asked, folder, crew, told),
    )  # fmt: skip
    show_sweep(done, wanted.as_json)


def show_sweep(done: Sweep, as_json: bool) -> None:
    """Put the table of a finished sweep on stdout, and what to type next on stderr."""
    from glasshouse.experiment.ensemble import ensemble_of

    found = ensemble_of(done)
    failures = done.failures()
    if as_json:
        talk.show_json(
            {
                "path": str(done.path),
                "scenario": done.scenario,
                "design": plain(done.design),
                "metrics": told_of(mean.metric for mean in found.means),
                "means": plain(found.means),
                "spreads": plain(found.spreads),
                "failures": plain(failures),
            }
        )
    else:
        for text in tables(done, found):
            talk.show(text)
        show_spreads(found.spreads[:SHOWN_NAMES])
        talk.show(talk.wrapped(status_words(mean.metric for mean in found.means)))
        talk.show(f"\ntable  {done.path / 'results.parquet'}")
        talk.say_next(talk.typed("glasshouse", "sensitivity", done.scenario, "--people", "5000"))
    end(done, failures)


def tables(done: Sweep, found: Ensemble) -> list[str]:
    """The mean of each metric of each arm by point, over the replicates; large sweeps cut short."""
    design = done.design
    names = list(dict.fromkeys(mean[1:5] for mean in found.means))
    texts = []
    for name in names[:SHOWN_NAMES]:
        rows = [
            (
                str(mean.point), *(number(value) for value in design.points[mean.point]),
                number(mean.mean), f"{number(mean.low)} .. {number(mean.high)}", str(mean.seeds),
                mean.why,
            )
            for mean in found.means
            if mean[1:5] == name
        ]  # fmt: skip
        title = " ".join(word for word in (name[1], name[2], name[3]) if word)
        head = ("point", *design.paths, "mean", "95 % over seeds", "runs", "")
        texts += [f"{title}, arm {name[0]}", talk.table(head, rows[:SHOWN_POINTS])]
        if len(rows) > SHOWN_POINTS:
            texts.append(f"... and {len(rows) - SHOWN_POINTS} points more")
        texts.append("")
    if len(names) > SHOWN_NAMES:
        texts.append(f"... and {len(names) - SHOWN_NAMES} more numbers of arms; --metric picks")
    return texts
