"""`audit`: what in the house is uncited, unused, unread, coded once, or moves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import talk

if TYPE_CHECKING:
    from glasshouse.law.library import Library


@click.command()
@click.option(
    "--switches",
    is_flag=True,
    help="Also run every mechanism's switch and name those that move no number.",
)
@click.option(
    "--people",
    type=click.IntRange(min=1),
    default=50_000,
    show_default=True,
    help="People of each run of a switch.",
)
@click.option(
    "--years",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    help="Years of each run of a switch.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help="Threads of each run of a switch.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def audit(switches: bool, people: int, years: int, threads: int, as_json: bool) -> None:
    """Look for what is uncited, unused, unread or coded once, and for switches that move nothing.

    Ends with 4 where something is found, so that a script can ask.
    """
    from glasshouse.errors import FinishedInPart
    from glasshouse.law.library import Library

    library = Library()
    found = of_law(library)
    found["unread"] = unread(library)
    if switches:
        found["moves_nothing"] = stubs(library, people, years, threads)
    if as_json:
        talk.show_json(found)
    else:
        for title, lines in words(found):
            talk.show(title)
            for line in lines:
                talk.show(talk.wrapped(line, "  "))
        talk.say_next("glasshouse mechanisms", "glasshouse rulebook list")
    defects = sum(len(found[name]) for name in DEFECTS if name in found)
    if defects:
        message = f"the audit found {defects} things to mend"
        raise FinishedInPart(message)


DEFECTS = ("uncited", "unused_sources", "unread", "coded_once", "unexplained", "missing",
           "moves_nothing")  # fmt: skip

TITLES = {
    "uncited": "Values that neither cite a source nor call themselves a guess",
    "guesses": "Values of assumptions that call themselves a guess",
    "choices": "Numbers of safeguards that are a guess",
    "unused_sources": "Sources that nothing cites",
    "unread": "Assumptions that no run reads",
    "coded_once": "Documented rulebooks without a second coding",
    "agreement": "Agreement of the two codings",
    "unexplained": "Differences between two codings that nothing explains",
    "findings": "Differences between two codings that are findings about the text",
    "missing": "Mechanisms of the sources that are missing here",
    "moves_nothing": "Mechanisms whose switch moves no number",
    "rare": "Mechanisms that move a number only in a larger run",
}


def words(found: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """What was found, under its titles; guesses are only counted."""
    said: list[tuple[str, list[str]]] = []
    for name, title in TITLES.items():
        if name == "guesses":
            said.append((f"{title}: {found[name]}", []))
        elif name in found:
            said.append((f"{title}: {len(found[name]) or 'none'}", found[name]))
    return said


def of_law(library: Library) -> dict[str, Any]:
    """What can be found by reading alone."""
    from glasshouse.law.audit import (
        assumption_guesses,
        coded_once,
        codings,
        missing_mechanisms,
        uncited,
        unused_sources,
    )
    from glasshouse.metrics.registry import cited_sources

    both = codings(library)
    findings = library.findings()
    explained = frozenset[tuple[str, str, str, str]]().union(*(f.explained() for f in findings))
    return {
        "uncited": list(uncited(library)),
        "guesses": len(assumption_guesses(library.assumptions())),
        "choices": [
            f"{one.safeguard} {name}: {number.number:g}; {number.guess}"
            for one in library.safeguards()
            for name, number in one.quantities.items()
            if number.guess
        ],
        "unused_sources": list(unused_sources(library, cited_sources())),
        "coded_once": list(coded_once(library)),
        "agreement": [f"{c.rulebook}: {c.alike} of {c.stated} facts alike" for c in both],
        "unexplained": [
            f"{d.rulebook} {d.fact} since {d.since}: {d.first} or {d.second}"
            for coding in both
            for d in coding.differences
            if (d.rulebook, d.fact, d.first, d.second) not in explained
        ],
        "findings": [
            f"{f.rulebook} ({f.about}; {len(f.facts)} facts, {', '.join(f.facts)}): {f.finding}"
            for f in findings
        ],
        "missing": list(missing_mechanisms(library)),
        "rare": [f"{one.id}: {one.rare}" for one in library.mechanisms() if one.rare],
    }


def unread(library: Library) -> list[str]:
    """Assumptions that no scenario of the house reads."""
    from glasshouse.experiment.reading import unread_assumptions

    return list(unread_assumptions(library))


def stubs(library: Library, people: int, years: int, threads: int) -> list[str]:
    """Mechanisms whose switch moves nothing and that do not say why."""
    from glasshouse.experiment.switches import what_each_moves

    found = []
    for moved in what_each_moves(library.mechanisms(), people, years, threads):
        told = moved.overflowed or f"moves {len(moved.counts)} counts"
        talk.say(f"{moved.mechanism.id} {told}")
        if not moved.counts and moved.mechanism.rare is None:
            found.append(f"{moved.mechanism.id}: {moved.mechanism.mechanism}")
    return found
