"""`mechanisms`: all that the sources describe, what is known of it, and how to turn it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import talk
from glasshouse.cli.ending import Verbs

if TYPE_CHECKING:
    from glasshouse.law.citation import Cite
    from glasshouse.law.mechanism import Mechanism


@click.group(cls=Verbs, invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def mechanisms(context: click.Context, as_json: bool) -> None:
    """List the mechanisms of the sources; show one; write a scenario that turns one on."""
    if context.invoked_subcommand is not None:
        return
    from glasshouse.law.library import Library

    found = Library().mechanisms()
    if as_json:
        talk.show_json([row(one) for one in found])
        return
    rows = [(one.id, one.status, one.evidence, one.mechanism) for one in found]
    talk.show(talk.table(("id", "status", "evidence", "mechanism"), rows))
    talk.say_next("glasshouse mechanisms show M28", "glasshouse mechanisms scenario M28")


@mechanisms.command()
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(name: str, as_json: bool) -> None:
    """Explain one mechanism in a page: what is said, what is known, what the lab does.

    ID is a number of the mission, such as M28.
    """
    one = found_by(name)
    if as_json:
        talk.show_json(row(one))
        return
    talk.show(talk.wrapped(f"{one.id} {one.mechanism}"))
    for title, text in page(one):
        talk.show(f"\n{title}")
        for line in text:
            talk.show(talk.wrapped(line, "  "))
    if one.switch is not None:
        talk.say_next(f"glasshouse mechanisms scenario {one.id} > {one.id.lower()}.yaml",
                      f"glasshouse run {one.id.lower()}.yaml")  # fmt: skip


@mechanisms.command()
@click.argument("name", metavar="ID")
def scenario(name: str) -> None:
    """Write a scenario whose last two arms differ by one mechanism alone, to the standard output.

    ID is a number of the mission, such as M28.
    """
    from glasshouse.errors import BadInput, Problem
    from glasshouse.law.mechanism import scenario_of

    one = found_by(name)
    if one.switch is None:
        what = f"{one.id} is {one.status} and has no switch"
        raise BadInput([Problem("ID", 0, 0, "", what, "a mechanism whose status is runs")])
    talk.show(scenario_of(one).rstrip("\n"))
    talk.say_next(f"glasshouse run {one.id.lower()}.yaml")


def found_by(name: str) -> Mechanism:
    """The mechanism of this id, in large or small letters."""
    from glasshouse.errors import BadInput, Problem, nearest
    from glasshouse.law.library import Library

    found = {one.id: one for one in Library().mechanisms()}
    if name.upper() not in found:
        what = f"no mechanism `{name[:40]}`"
        raise BadInput([Problem("ID", 0, 0, "", what, nearest(name.upper(), found) or "M01")])
    return found[name.upper()]


def row(one: Mechanism) -> dict[str, Any]:
    """A mechanism as plain values; the switch also as one would type it."""
    said = one.model_dump(mode="json")
    return {**said, "source": [f"{c.source}: {c.at}" for c in one.sources],
            "switch": one.switch_words, "arms": said["switch"]}  # fmt: skip


def page(one: Mechanism) -> list[tuple[str, list[str]]]:
    """The paragraphs of a mechanism's page under their titles."""
    but = f"; {one.qualified}" if one.qualified else ""
    parts = [
        ("What the source says", [one.said, *cites(one.sources)]),
        ("What scholars say", [one.scholars, *cites(one.scholars_cite)]),
        ("Evidence", [f"{one.evidence}{but}"]),
        ("What the lab does", [one.lab, f"status: {one.status}"]),
        ("What is assumed", [one.assumed]),
        ("Where it lives", list(one.where)),
        ("What turns it on", [one.switch_words] if one.switch_words else []),
        ("What shows it", [one.test] if one.test else []),
    ]
    return [(title, lines) for title, lines in parts if lines]


def cites(found: tuple[Cite, ...]) -> list[str]:
    """Citations, one a line."""
    return [f"{cite.source}: {cite.at}" for cite in found]
