"""`calibrate`: fit assumptions to published figures, then say how far off later dates were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import progress, talk
from glasshouse.cli.members import CLUSTER, JSON, PEOPLE, WORKERS, say_estimate

if TYPE_CHECKING:
    from glasshouse.experiment.calibration.document import Calibration
    from glasshouse.experiment.calibration.fitting import Fit, Held


@click.command()
@click.argument("calibration", required=False)
@click.option(
    "--budget", type=click.IntRange(2, 100_000), default=240, show_default=True,
    help="Runs to make at most.",
)  # fmt: skip
@click.option(
    "--method", type=click.Choice(["abc", "optuna"]), default="abc", show_default=True,
    help="Approximate Bayesian computation, or Optuna where its extra is installed.",
)  # fmt: skip
@PEOPLE
@click.option("--seed", type=click.IntRange(0), help="The seed of the search and of all runs.")
@WORKERS
@CLUSTER
@click.option("--out", type=click.Path(), help="Keep every run here; the same again goes on.")
@click.option(
    "--device", type=click.Choice(["cpu", "python"]), default="cpu", show_default=True,
    help="What computes; the results are the same, bit for bit.",
)  # fmt: skip
@JSON
def calibrate(
    calibration: str | None, budget: int, method: Any, people: int | None, seed: int | None,
    workers: int | None, cluster: str | None, out: str | None, device: Any, as_json: bool,
) -> None:  # fmt: skip
    """Fit assumptions to published figures up to a date, and predict the later ones.

    CALIBRATION is a name or the path of a file; without it those in the house are listed. Only
    assumptions are fitted, never law or coverage, and only to the table of published aggregates.
    """
    from glasshouse.experiment.calibration.calibrate import calibration_of, experiment_of, fitted
    from glasshouse.experiment.calibration.fitting import at_once, plain
    from glasshouse.experiment.crew import Crew

    if calibration is None:
        show_all(as_json)
        return
    settled = calibration_of(calibration, people=people, seed=seed)
    experiment = experiment_of(settled)
    with Crew(workers=workers, cluster=cluster, device=device) as crew:
        if not as_json:
            say_before(settled, budget)
            say_estimate(experiment, budget, crew, at_once(method))
        with progress.shown(settled.file.calibration, silent=as_json, what="runs") as told:
            fit = fitted(settled, experiment, out, crew, budget, method, told)
    if as_json:
        talk.show_json(plain(fit, settled))
        return
    show_fit(fit, settled)
    talk.say_next(
        talk.typed("glasshouse", "run", settled.scenario, *suggested(fit)),
        "glasshouse calibrate --help",
    )


def show_all(as_json: bool) -> None:
    """List the calibrations in the house."""
    from glasshouse.experiment.calibration.calibrate import calibration_names

    names = calibration_names()
    if as_json:
        talk.show_json(names)
        return
    for name in names:
        talk.show(name)
    talk.say_next(*(f"glasshouse calibrate {name}" for name in names))


def say_before(settled: Calibration, budget: int) -> None:
    """Say what is about to be fitted to what."""
    file = settled.file
    talk.say(talk.wrapped(f"{file.title}. {file.question}"))
    fitted = len(settled.fitted)
    talk.say(
        f"{len(settled.free)} assumptions, {fitted} published figures up to {file.cut}, "
        f"{len(settled.targets) - fitted} later ones to predict; up to {budget} runs of "
        f"{file.people:,} people"
    )
    for one in settled.outside:
        talk.say(f"left out, its day is not in the run: {one}")


def show_fit(fit: Fit, settled: Calibration) -> None:
    """Put the parameters, the fit and the predictions on stdout."""
    talk.show(f"{settled.file.title}: {fit.kept} of {fit.asked} runs kept\n")
    talk.show("Assumptions, before the figures and after (middle, and nine tenths of the runs)")
    rows = [
        (one.path, f"{one.prior[0]:g} to {one.prior[1]:g}", f"{one.packaged:g}",
         f"{one.middle:.4g}", f"{one.low:.4g} to {one.high:.4g}", f"{one.told:.0%}")
        for one in fit.parameters
    ]  # fmt: skip
    talk.show(
        talk.table(("assumption", "range", "packaged", "fitted", "from to", "narrowed"), rows)
    )
    for title, chosen in (
        (f"Fitted: figures up to {settled.file.cut}", [r for r in fit.rows if r.target.is_fitted]),
        ("Predicted: figures after it", list(fit.predicted)),
    ):
        talk.show(f"\n{title}")
        talk.show(talk.table(HEADS, [words_of(row) for row in chosen]))
    for sentence in sentences(fit):
        talk.show()
        talk.show(talk.wrapped(sentence))


HEADS = ("day", "figure", "published", "runs say", "from to", "factor", "inside")


def words_of(row: Held) -> tuple[str, ...]:
    """A published number and what the runs say, as a row of the table."""
    target = row.target
    since = f" since {target.since}" if target.since else ""
    least = "at least " if target.is_bound else ""
    return (
        str(target.on), f"{target.figure}{since}", f"{least}{target.value:,.0f} {target.unit}",
        f"{row.middle:,.0f}", f"{row.low:,.0f} to {row.high:,.0f}", f"{row.factor:.2f}",
        "yes" if row.is_inside else "no",
    )  # fmt: skip


def sentences(fit: Fit) -> list[str]:
    """What the result means, and what it does not."""
    from math import exp

    inside = sum(row.is_inside for row in fit.predicted)
    factors = [max(row.factor, 1 / row.factor) for row in fit.predicted if row.factor > 0]
    worst = f"{max(factors):.2f}" if factors else "unknown"
    outcome = (
        f"Of {len(fit.predicted)} later figures {inside} lie within what nine tenths of the kept "
        f"runs say; the middle of the runs is off by a factor of {worst} at most. On the fitted "
        f"figures every kept run is off by a factor of {exp(fit.misfit):.2f} or less, in the mean "
        "of logarithms."
    )
    limits = (
        "Refusals are tickets and names are entries; neither is people. An assumption that was "
        "narrowed little is not known better than before. The intervals hold the spread of the "
        "kept runs alone: not what the model leaves out."
    )
    said = [outcome, limits]
    if fit.method == "optuna":
        said.append(
            "The runs kept are the best tenth of a search. They are no sample: their spread is no "
            "interval, and `--method abc` gives one."
        )
    if fit.failed:
        number, message = fit.failed[0]
        said.append(f"{len(fit.failed)} runs failed; run {number} said: {message}")
    return said


def suggested(fit: Fit) -> list[str]:
    """The options that put the fitted values into a run."""
    return [word for one in fit.parameters for word in ("--set", f"{one.path}={one.middle:.4g}")]
