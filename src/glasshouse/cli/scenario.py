"""`scenario`: read, begin or check a scenario."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import talk
from glasshouse.cli.ending import Verbs
from glasshouse.cli.rulebook import check_document

if TYPE_CHECKING:
    import datetime as dt

    from glasshouse.law.experiment import ArmRules, Experiment
    from glasshouse.law.scenario import Arm


@click.group(cls=Verbs)
def scenario() -> None:
    """Read, begin or check a scenario."""


@scenario.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_scenarios(as_json: bool) -> None:
    """List the scenarios in the house and the question that each asks."""
    from glasshouse.law.library import Library
    from glasshouse.report.words import lasting

    library = Library()
    found = [library.scenario(name) for name in library.names("scenarios")]
    if as_json:
        talk.show_json([one.model_dump(mode="json", by_alias=True) for one in found])
        return
    for one in found:
        arms = ", ".join(arm.arm for arm in one.arms)
        talk.show(f"{one.scenario}: {one.title}")
        talk.show(f"  {one.people:,} people for {lasting(one.months_in_all)}; arms: {arms}")
        talk.show(talk.wrapped(one.question, "  "))
    talk.say_next(f"glasshouse scenario show {found[0].scenario}", "glasshouse run as-told")


@scenario.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(name: str, as_json: bool) -> None:
    """Show a scenario with everything that it switches on.

    NAME is a scenario of the house or the path of a file.
    """
    from glasshouse.law.library import Library
    from glasshouse.report.words import lasting

    experiment = Library().resolve(name)
    if as_json:
        talk.show_json(described(experiment))
        return
    settled, society = experiment.scenario, experiment.society
    talk.show(f"{settled.title}\n")
    talk.show(talk.wrapped(settled.question))
    talk.show(f"\nsociety      {society.society}: {society.title}")
    talk.show(f"people       {settled.people:,}, in communities of {settled.community_size:,}")
    talk.show(
        f"time         {lasting(settled.months_in_all)} from {settled.start}, by the {settled.step}"
    )
    talk.show(f"seed         {settled.seed}")
    if settled.society_seed is not None:
        talk.show(f"society seed {settled.society_seed}")
    for path, value in settled.set.items():
        talk.show(f"set          {path} = {value:g}")
    for arm, stated in zip(experiment.arms, settled.arms, strict=True):
        talk.show(f"\narm {arm.name}" + (": nobody is scored" if arm.is_baseline else ""))
        for use in rulebook_words(arm):
            talk.show(f"  {use}")
        for words in less_words(stated):
            talk.show(f"  {words}")
        for path, value in stated.set.items():
            talk.show(f"  set {path} = {value:g}")
        for on in arm.safeguards:
            talk.show(f"  safeguard {on.words()}: {on.safeguard.title}")
    again = talk.typed("glasshouse", "run", name)
    talk.say_next(again, f"{again} --set process.notice_reaches=1")


@scenario.command()
@click.argument("name")
@click.option(
    "--like", default="as-told", show_default=True, help="The scenario to begin from, or its path."
)
def new(name: str, like: str) -> None:
    """Begin a scenario: write NAME.yaml here, as a copy of another to be changed."""
    from glasshouse.errors import BadInput, OutputExists, Problem
    from glasshouse.law.library import Library
    from glasshouse.law.rooms import located

    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,59}", name):
        what = f"`{name[:60]}` is no name of a scenario"
        raise BadInput([Problem("NAME", 0, 0, "", what, "small letters, digits, - and _")])
    library = Library()
    if name in library.names("scenarios"):
        what = f"`{name}` is a scenario of the house, which would be run instead of the copy"
        raise BadInput([Problem("NAME", 0, 0, "", what, "a name of your own")])
    old = library.scenario(like)
    text = located(library.root, "scenarios", like).read_text(encoding="utf-8")
    # Only the id changes, so that the comments and the order of the model stay.
    text = re.sub(r"(?m)^scenario:.*$", f"scenario: {name}", text, count=1)
    path = Path(f"{name}.yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise OutputExists(f"{path} is already there and is not overwritten") from None
    talk.show(str(path))
    talk.say(f"A copy of {old.scenario} under a new name; change it with any editor.")
    talk.say_next(f"glasshouse scenario check {path}", f"glasshouse run {path}")


@scenario.command()
@click.argument("file", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check(file: str, as_json: bool) -> None:
    """Check a scenario and everything that it refers to. FILE is a path or a name of the house."""
    check_document(file, as_json)
    if not as_json:
        talk.say_next(talk.typed("glasshouse", "run", file))


def rulebook_words(arm: ArmRules) -> list[str]:
    """The rulebooks of an arm, where and from when."""
    words = []
    for use in arm.rulebooks:
        where = "everywhere" if use.where is None else "in " + ", ".join(use.where)
        since = lasting_words(use.from_date, use.until_date)
        words.append(f"{use.rulebook.rulebook} {where}{since}: {use.rulebook.title}")
    return words


def less_words(arm: Arm) -> list[str]:
    """What an arm leaves out of its rulebooks, or has out of force for some time; its merge."""
    words = [f"without {name}" for name in arm.without]
    words += [
        f"suspended {one.provision}{lasting_words(one.from_date, one.until_date)}"
        for one in arm.suspended
    ]
    if arm.merge is not None:
        words.append(f"files are one from {arm.merge}, joined by {arm.join_by}")
    return words


def lasting_words(begins: dt.date | None, ends: dt.date | None) -> str:
    """From when until when, as far as it is said."""
    return (f" from {begins}" if begins else "") + (f" until {ends}" if ends else "")


def described(experiment: Experiment) -> dict[str, Any]:
    """A settled scenario as plain values."""
    from glasshouse.law.audit import by_evidence, cited_by_experiment

    provisions = [p for arm in experiment.arms for use in arm.rulebooks
                  for p in use.rulebook.provisions]  # fmt: skip
    return {
        **experiment.scenario.model_dump(mode="json", by_alias=True),
        "society_title": experiment.society.title,
        "society_persons": experiment.society.persons,
        "rulebooks": {
            arm.name: [use.rulebook.rulebook for use in arm.rulebooks] for arm in experiment.arms
        },
        "safeguards_on": {
            arm.name: {on.name: list(on.changes) for on in arm.safeguards}
            for arm in experiment.arms
        },
        "evidence": by_evidence(provisions),
        "sources": list(cited_by_experiment(experiment)),
    }
