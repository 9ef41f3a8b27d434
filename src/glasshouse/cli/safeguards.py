"""`safeguards`: what a law can add so that less harm is done, and how to switch it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import talk
from glasshouse.cli.ending import Verbs

if TYPE_CHECKING:
    from glasshouse.law.safeguard import Safeguard


@click.group(cls=Verbs, invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def safeguards(context: click.Context, as_json: bool) -> None:
    """List the safeguards that a scenario can switch on; show one."""
    if context.invoked_subcommand is not None:
        return
    from glasshouse.law.library import Library

    found = Library().safeguards()
    if as_json:
        talk.show_json([one.model_dump(mode="json") for one in found])
        return
    rows = [(one.safeguard, one.evidence, one.title) for one in found]
    talk.show(talk.table(("name", "evidence", "safeguard"), rows))
    talk.say_next(
        f"glasshouse safeguards show {found[0].safeguard}",
        "glasshouse run as-told --set safeguards.notice=on",
        "glasshouse run safeguards --people 20000 --years 2",
    )


@safeguards.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(name: str, as_json: bool) -> None:
    """Explain one safeguard: what it does, the text that it follows, what it amends.

    NAME is one of `glasshouse safeguards`.
    """
    from glasshouse.law.library import Library

    library = Library()
    one = found_by(name, library.safeguards())
    if as_json:
        talk.show_json(one.model_dump(mode="json"))
        return
    sources = library.sources()
    talk.show(talk.wrapped(f"{one.safeguard}: {one.title}"))
    for title, lines in page(one, {key: source.title for key, source in sources.items()}):
        talk.show(f"\n{title}")
        for line in lines:
            talk.show(talk.wrapped(line, "  "))
    talk.say_next(f"glasshouse run as-told --set safeguards.{one.safeguard}=on")


def found_by(name: str, room: tuple[Safeguard, ...]) -> Safeguard:
    """The safeguard of this name, or a message with the name that was probably meant."""
    from glasshouse.errors import BadInput, Problem, nearest

    found = {one.safeguard: one for one in room}
    if name not in found:
        what = f"no safeguard `{name[:40]}`"
        raise BadInput([Problem("NAME", 0, 0, "", what, nearest(name, found))])
    return found[name]


def page(one: Safeguard, titles: dict[str, str]) -> list[tuple[str, list[str]]]:
    """The paragraphs of a safeguard's page under their titles."""
    but = f"; {one.qualified}" if one.qualified else ""
    follows = [f"{titles.get(c.source, c.source)}: {c.at}" for c in (one.cite, *one.also)]
    read = [] if one.reading is None else [
        one.reading.text, *(f"or: {rival}" for rival in one.reading.rivals)
    ]  # fmt: skip
    parts = [
        ("What it does", [one.does]),
        ("What it follows", follows),
        ("Evidence", [f"{one.evidence}{but}"]),
        ("How it is read here", read),
        ("What it amends", list(changes(one))),
    ]
    return [(title, lines) for title, lines in parts if lines]


def changes(one: Safeguard) -> list[str]:
    """What a safeguard amends, one line a kind of rule or an assumption."""
    how = one.how
    lines = []
    for name in ("lists", "points", "privileges", "associations", "scores"):
        part = getattr(how, name)
        if part is not None:
            said = {key: value for key, value in part if value is not None}
            lines.append(f"{name}: " + "; ".join(f"{k} {words(v)}" for k, v in said.items()))
    for path, bound in how.values.items():
        side = "at least" if bound.at_most is None else "at most"
        number = bound.at_least if bound.at_most is None else bound.at_most
        lines.append(f"{path}: {side} {number:g} ({bound.why})")
    return lines


def words(value: Any) -> str:
    """A value of an amendment in words."""
    from glasshouse.law.quantity import Quantity
    from glasshouse.law.rulebook import Contest

    if isinstance(value, Quantity):
        low, high = value.range
        why = f"a guess: {value.guess}" if value.guess else "cited"
        return f"{value.number:g} (from {low:g} to {high:g}; {why})"
    if isinstance(value, Contest):
        return (
            f"within {value.window_days} days of the {value.counted_from}, decided in "
            f"{value.decide_days}, {'suspending' if value.suspends else 'not suspending'}"
        )
    if isinstance(value, tuple):
        return ", ".join(value)
    return "yes" if value is True else str(value)
