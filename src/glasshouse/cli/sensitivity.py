"""`sensitivity`: which assumptions an answer hangs on."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import talk
from glasshouse.cli.members import (
    SWEEPS,
    Wanted,
    end,
    led,
    number,
    plain,
    status_words,
    told_of,
    wanted,
)

if TYPE_CHECKING:
    from glasshouse.experiment.sensitivity import Sensitivity

SHOWN = 20
"""How many assumptions the text shows; --json has all."""

TEACHING_PEOPLE, TEACHING_YEARS = 5000, 2


@click.command()
@click.argument("scenario")
@click.option(
    "--metric", default="wrongful_listing_share", show_default=True, help="The metric, by name."
)
@click.option("--arm", help="The arm; the first policy arm by default.")
@click.option(
    "--paths", multiple=True, metavar="PATH",
    help="An assumption to move, or a pattern: `acts.*.false_per_year` moves all that it matches "
    "together. May be given many times. By default what the run reads, in groups.",
)  # fmt: skip
@click.option(
    "--method", type=click.Choice(["morris", "sobol"]), default="morris", show_default=True,
    help="Morris' elementary effects, for many assumptions; Sobol' indices, for a few.",
)  # fmt: skip
@click.option(
    "--number", type=click.IntRange(1, 65_536),
    help="Trajectories (10 by default) or rows, a power of two (64), in each of the two rounds.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(), help="The folder of the two sweeps; what was stopped there goes "
    "on. By default sweeps/sensitivity-SCENARIO.",
)  # fmt: skip
@wanted
def sensitivity(
    scenario: str,
    metric: str,
    arm: str | None,
    paths: tuple[str, ...],
    method: Any,
    number: int | None,
    out: str | None,
    wanted: Wanted,
) -> None:
    """Say which assumptions a metric hangs on, and whether the ranking comes out twice.

    SCENARIO is a name (see `glasshouse scenario list`) or the path of a file. Runs have 5,000
    people for two years unless --people and --years say otherwise. Everything is done in two
    rounds, each with its own points and its own seed. Only assumptions move; no rule and no
    coverage does.
    """
    from glasshouse.experiment import sensitivity as ways

    sized = wanted._replace(
        people=wanted.people or TEACHING_PEOPLE, years=wanted.years or TEACHING_YEARS
    )
    rounds = ways.rounds_for(
        scenario, metric=metric, arm=arm, paths=paths or None, method=method, number=number,
        sets=sized.all_sets,
    )  # fmt: skip
    experiment = rounds.asked[0].experiment
    folder = Path(out) if out else SWEEPS / f"sensitivity-{experiment.scenario.scenario}"
    found = led(
        wanted, folder.name, experiment, ways.missing(folder, rounds),
        lambda crew, told: ways.run_rounds(rounds, folder, crew, told),
    )  # fmt: skip
    show_sensitivity(found, wanted.as_json)


def show_sensitivity(found: Sensitivity, as_json: bool) -> None:
    """Put the ranking on stdout, and what to type next on stderr."""
    folder = found.sweeps[0].path.parent
    failures = [one for done in found.sweeps for one in done.failures()]
    if as_json:
        said = {name: value for name, value in found._asdict().items() if name != "sweeps"}
        said |= {"metrics": told_of([found.metric]), "failures": failures}
        talk.show_json({"path": str(folder), **plain(said)})
        end(found.sweeps[0], failures)
        return
    talk.show(f"{found.metric}, arm {found.arm}: what moves it, over the whole declared ranges")
    is_morris = found.method == "morris"
    head = (
        ("path", "moves", "mu*", "95 %", "mu", "sigma", "rank in each round")
        if is_morris
        else ("path", "moves", "total", "95 %", "first", "with others", "rank in each round")
    )
    rows = [
        (
            one.path, str(one.assumptions), number(one.size),
            f"{number(one.low)} .. {number(one.high)}", number(one.direction), number(one.spread),
            " ".join(str(rank) for rank in one.ranks),
        )
        for one in found.effects[:SHOWN]
    ]  # fmt: skip
    talk.show(talk.table(head, rows))
    if len(found.effects) > SHOWN:
        talk.show(f"... and {len(found.effects) - SHOWN} more that move it less")
    talk.show()
    talk.show(talk.wrapped(stable_words(found)))
    talk.show(talk.wrapped(status_words([found.metric])))
    talk.say_next(
        talk.typed("glasshouse", "sensitivity", found.sweeps[0].scenario, "--method", "sobol",
                   *(word for one in found.effects[:4] for word in ("--paths", one.path))),
        talk.typed("glasshouse", "resume", found.sweeps[0].path),
    )  # fmt: skip
    end(found.sweeps[0], failures)


def stable_words(found: Sensitivity) -> str:
    """Whether the ranking came out twice, in a sentence with its numbers."""
    left = ""
    if found.left_out:
        kind = "trajectories" if found.method == "morris" else "rows"
        left = f" {found.left_out} {kind} had a run without a value and are left out."
    agreement = (
        f"the rankings agree to {number(found.agreement)} (Spearman's rank correlation), and "
        f"{found.shared} of the first {found.top} are the same"
    )
    if math.isnan(found.agreement):
        agreement = (
            "one path alone has no ranking to agree on"
            if len(found.effects) == 1
            else "one of them has too little left to rank, so nothing says whether it is stable"
        )
    return (
        f"Two rounds with other points and another seed, {found.runs:,} runs in all: "
        f"{agreement}.{left} The numbers are those of the ranges that the "
        f"assumptions declare: what moves most is also what is least known.{narrowed(found)}"
    )


def narrowed(found: Sensitivity) -> str:
    """Which paths could not move over their whole ranges, in a sentence."""
    design = found.sweeps[0].design
    said = [
        f"{path} from {low:.3g} to {high:.3g}"
        for path, (low, high) in zip(design.paths, design.ranges, strict=True)
        if path in found.narrowed
    ]
    if not said:
        return ""
    return (
        " Some moved over a part of their ranges (of a group 0 is the low ends, 0.5 as they are, 1 "
        f"the high ends), since the engine cannot run all of them further: {', '.join(said)}."
    )
