"""`rulebook`: read the law in the house, or check a rulebook of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import talk
from glasshouse.cli.ending import Verbs

if TYPE_CHECKING:
    from glasshouse.law.rulebook import AnyProvision, Rulebook


@click.group(cls=Verbs)
def rulebook() -> None:
    """Read the law in the house, or check your own."""


@rulebook.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_rulebooks(as_json: bool) -> None:
    """List the rulebooks in the house, with what is known of their provisions."""
    from glasshouse.law.library import Library

    library = Library()
    found = [library.rulebook(name) for name in library.names("rulebooks")]
    if as_json:
        talk.show_json([header(one) for one in found])
        return
    rows = [(one.rulebook, one.family, str(len(one.provisions)), one.title) for one in found]
    talk.show(talk.table(("rulebook", "family", "provisions", "title"), rows))
    talk.say_next(talk.typed("glasshouse", "rulebook", "show", rows[0][0]))


@rulebook.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(name: str, as_json: bool) -> None:
    """Show a rulebook: every provision, its dates, its source and how well it is known.

    NAME is a rulebook of the house or the path of a folder.
    """
    from glasshouse.law.library import Library

    found = Library().rulebook(name)
    if as_json:
        provisions = [
            p.model_dump(mode="json", by_alias=True, exclude_none=True) for p in found.provisions
        ]
        talk.show_json({**header(found), "provisions": provisions})
        return
    talk.show(f"{found.title}\n{found.rulebook} ({found.family}); {found.place}\n")
    talk.show(talk.wrapped(found.summary))
    for provision in found.provisions:
        talk.show("")
        show_provision(provision)
    talk.show("\n" + evidence_words(found))
    talk.say_next(
        talk.typed("glasshouse", "rulebook", "check", name),
        "glasshouse scenario list",
        "glasshouse run as-told",
    )


@rulebook.command()
@click.argument("file", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check(file: str, as_json: bool) -> None:
    """Check a rulebook: FILE is a whole folder, one file of provisions, or a name of the house."""
    check_document(file, as_json)
    if not as_json:
        # A single file of provisions can be checked, but only a whole rulebook can be shown.
        is_whole = not Path(file).is_file()
        then = ("show", file) if is_whole else ("list",)
        talk.say_next(talk.typed("glasshouse", "rulebook", *then))


def check_document(file: str, as_json: bool) -> None:
    """Read a document strictly; everything wrong with it is said at once, and ends with 3."""
    from glasshouse.errors import BadInput
    from glasshouse.law.library import Library

    library = Library()
    problems = library.check(file)
    if as_json:
        talk.show_json({"file": file, "problems": [vars(problem) for problem in problems]})
    if problems:
        if as_json:
            click.get_current_context().exit(BadInput.exit_code)
        raise BadInput(problems)
    if not as_json:
        talk.show(f"{file}: nothing is wrong")


def header(found: Rulebook) -> dict[str, Any]:
    """What is said of a rulebook as a whole."""
    from glasshouse.law.audit import by_evidence, cited_by_rulebook
    from glasshouse.law.rulebook import RulebookHeader

    said = {name: getattr(found, name) for name in RulebookHeader.model_fields}
    evidence, sources = by_evidence(found.provisions), cited_by_rulebook(found)
    return {**said, "evidence": evidence, "sources": list(sources)}


def show_provision(provision: AnyProvision) -> None:
    """Put one provision on stdout, every value of it."""
    until = f" until {provision.until_date}" if provision.until_date else ""
    talk.show(f"{provision.id}: {provision.rule}, from {provision.from_date}{until}")
    if provision.title:
        talk.show(talk.wrapped(provision.title, "  "))
    values = provision.model_dump(mode="json", by_alias=True, exclude_none=True)
    for name, value in values.items():
        if name not in SAID_ELSEWHERE:
            talk.show(talk.wrapped(f"{name.replace('_', ' ')}: {plain(value)}", "  "))
    cites = ", ".join(f"{c.source} ({c.at})" for c in (provision.cite, *provision.also))
    talk.show(talk.wrapped(f"{provision.evidence}; {cites}", "  "))
    if provision.qualified:
        talk.show(talk.wrapped(f"but: {provision.qualified}", "  "))
    if provision.reading:
        rivals = "; ".join(provision.reading.rivals) or "none"
        talk.show(talk.wrapped(f"read as: {provision.reading.text} (rivals: {rivals})", "  "))


SAID_ELSEWHERE = frozenset(
    {"id", "rule", "title", "from", "until", "cite", "also", "evidence", "qualified", "reading"}
)


def plain(value: object) -> str:
    """A value of a provision in words."""
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {plain(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        joint = "; " if any(isinstance(item, dict) for item in value) else ", "
        return joint.join(plain(item) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def evidence_words(found: Rulebook) -> str:
    """How many provisions have which evidence status."""
    from glasshouse.law.audit import by_evidence

    tally = ", ".join(f"{n} {status}" for status, n in by_evidence(found.provisions).items() if n)
    return f"{len(found.provisions)} provisions: {tally or 'none'}"
