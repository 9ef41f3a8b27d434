"""`ensemble`: one scenario under several seeds, with the error between them."""

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

SHOWN = 40
"""How many rows the text shows; --json and the table of the directory have all."""


@click.command()
@click.argument("scenario")
@click.option(
    "--seeds", type=click.IntRange(1, 10_000), default=8, show_default=True,
    help="How many seeds: 1, 2, 3, ...",
)  # fmt: skip
@click.option(
    "--societies", type=click.IntRange(1, 1000),
    help="How many draws of the society, each under every seed. By default every seed draws its "
    "own.",
)  # fmt: skip
@click.option("--against", metavar="ARM", help="The arm that the others are compared with.")
@click.option(
    "--out", type=click.Path(), help="The directory of its runs; an ensemble that was stopped "
    "there goes on. By default sweeps/ensemble-SCENARIO.",
)  # fmt: skip
@METRICS
@wanted
def ensemble(
    scenario: str,
    seeds: int,
    societies: int | None,
    against: str | None,
    out: str | None,
    metrics: tuple[str, ...],
    wanted: Wanted,
) -> None:
    """Run a scenario under several seeds: means, their error, and arms compared seed by seed.

    SCENARIO is a name (see `glasshouse scenario list`) or the path of a file. The error says how
    far the mean would move with other seeds; it says nothing of the assumptions.
    """
    from glasshouse.experiment import ensemble as ensembles
    from glasshouse.experiment import sweep as sweeps

    asked = ensembles.asked_for_seeds(
        scenario, seeds, societies, metrics=metrics, sets=wanted.all_sets, against=against
    )
    folder = Path(out) if out else SWEEPS / f"ensemble-{asked.said.scenario}"
    done = led(
        wanted, folder.name, asked.experiment, sweeps.missing(folder, asked),
        lambda crew, told: sweeps.run_asked(asked, folder, crew, told),
    )  # fmt: skip
    show_ensemble(ensembles.ensemble_of(done, against), wanted.as_json)


def show_ensemble(found: Ensemble, as_json: bool) -> None:
    """Put means and differences on stdout, and what to type next on stderr."""
    done = found.sweep
    failures = done.failures()
    if as_json:
        talk.show_json(
            {
                "path": str(done.path),
                "scenario": done.scenario,
                "seeds": list(done.design.seeds),
                "metrics": told_of(mean.metric for mean in found.means),
                "means": plain(found.means),
                "pairs": plain(found.pairs),
                "spreads": plain(found.spreads),
                "failures": plain(failures),
            }
        )
        end(done, failures)
        return
    rows = [
        (
            one.arm, one.metric, " ".join(filter(None, (one.part, one.group))), number(one.mean),
            f"{number(one.low)} .. {number(one.high)}", number(one.error), str(one.seeds), one.why,
        )
        for one in found.means
    ]  # fmt: skip
    talk.show("Means over the seeds")
    head = ("arm", "metric", "part", "mean", "95 % over seeds", "error", "runs", "")
    talk.show(talk.table(head, rows[:SHOWN]))
    if len(rows) > SHOWN:
        talk.show(f"... and {len(rows) - SHOWN} more; --metric picks some, --json has all")
    pairs = [
        (
            f"{one.arm} less {one.against}", one.metric,
            " ".join(filter(None, (one.part, one.group))), number(one.difference),
            f"{number(one.low)} .. {number(one.high)}", number(one.error),
            f"{number(one.variance_saved)} times", one.why,
        )
        for one in found.pairs
    ]  # fmt: skip
    if pairs:
        talk.show("\nArms compared seed by seed: the same people, acts and luck in both")
        head = ("arms", "metric", "part", "difference", "95 % over seeds", "error",
                "variance saved", "")  # fmt: skip
        talk.show(talk.table(head, pairs[:SHOWN]))
    if any(society is not None for society in done.design.societies):
        talk.show()
        show_spreads(found.spreads[:SHOWN])
    talk.show()
    talk.show(talk.wrapped(status_words(mean.metric for mean in found.means)))
    talk.show(f"\ntable  {done.path / 'results.parquet'}")
    talk.say_next(
        talk.typed("glasshouse", "sensitivity", done.scenario, "--people", "5000"),
        talk.typed("glasshouse", "run", done.scenario),
    )
    end(done, failures)
