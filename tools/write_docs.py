"""Write the pages of docs/ that are made from the program: verbs, columns, mechanisms, tables.

``python tools/write_docs.py`` writes them; a test compares them with what stands in docs/, so that
no verb, option, column, table or rulebook is undocumented.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
RULEBOOKS = ROOT / "src" / "glasshouse" / "data" / "rulebooks"
MADE = "<!-- Written by `make docs` from the program; change the program instead. -->"


def pages() -> dict[str, str]:
    """Give every generated page by its file name."""
    return {
        "cases.md": cases_page(),
        "cli.md": cli_page(),
        "columns.md": columns_page(),
        "mechanisms.md": mechanisms_page(),
        "metrics.md": metrics_page(),
        "rulebooks.md": rulebooks_page(),
        "safeguards.md": safeguards_page(),
        "tables.md": tables_page(),
    }


def cases_page() -> str:
    """Describe every worked case: what is told, and what each rulebook makes of it."""
    from glasshouse.law.library import Library

    lines = [
        "# Worked cases",
        "",
        MADE,
        "",
        (
            "What the sources tell of somebody, as a type: no name, no town, no day. Filed by the "
            "rule that decides, then by year. The tables say what each rulebook makes of the "
            "conduct if every act is written down; a test compares them with the engine. That is "
            "not what happens to somebody in a run, where most acts are not seen."
        ),
        "",
    ]
    library = Library()
    acts = {act.id: act.title for act in library.assumptions().acts}
    for case in library.cases():
        deeds = "; ".join(acts[deed.act] for deed in case.conduct)
        qualified = f" ({cell(case.qualified)})" if case.qualified else ""
        told = library.sources()[case.cite.source].title
        lines += [
            f"## {case.title}",
            "",
            f"{cell(case.story)} *{told}*, {cell(case.cite.at)}; {case.year}.",
            "",
            f"Evidence: {case.evidence}{qualified}. Conduct: {deeds}.",
            "",
            "| rulebook | rules | points | grade | lists | closed |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        lines += [outcome_row(outcome) for outcome in case.outcomes]
        lines += ["", cell(case.differs)]
        if case.beyond:
            lines[-1] += f" Not in the table: {cell(case.beyond)}."
        lines.append("")
    return "\n".join(lines)


def outcome_row(outcome: Any) -> str:
    """Give what one rulebook makes of a case as a row of a table."""
    points = "none kept" if outcome.points is None else str(outcome.points)
    if outcome.range is not None:
        points = f"{outcome.range[0]} to {outcome.range[1]}"
    lists = ", ".join(outcome.lists) + (f" ({outcome.days} days)" if outcome.days else "")
    closed = [*outcome.refused, *(f"{name} (household)" for name in outcome.refused_household)]
    rules = ", ".join(outcome.rules) or "none"
    row = (f"`{outcome.under}`", rules, points, outcome.grade or "", lists, ", ".join(closed))
    return f"| {' | '.join(row)} |"


def cli_page() -> str:
    """Describe every verb with its arguments and options."""
    from glasshouse.cli import main

    lines = ["# Command line", "", MADE, ""]
    for name, command, context in verbs(main, "glasshouse", None):
        lines += [f"## `{name}`", "", *verb_text(command, context), ""]
    lines += [
        "## How a command ends",
        "",
        (
            "Results go to the standard output, everything else to the standard error. Exit codes: "
            "0 done, 1 a bug or a pool too small, 2 wrong usage, 3 bad input, 4 finished in part, "
            "130 interrupted."
        ),
        "",
    ]
    return "\n".join(lines)


def verbs(
    command: click.Command, name: str, parent: click.Context | None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Give a verb and, below it, its own verbs, each with the context that names it."""
    context = click.Context(command, info_name=name.rpartition(" ")[2], parent=parent)
    yield name, command, context
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from verbs(found, f"{name} {inner}", context)


def verb_text(command: click.Command, context: click.Context) -> list[str]:
    """Give the help of one verb as Markdown."""
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [f"    {usage}", ""]
    if command.help:
        lines += [" ".join(part.split()) + "\n" for part in command.help.split("\n\n")]
    rows = [record for option in command.params if (record := option.get_help_record(context))]
    if rows:
        lines += ["| option | meaning |", "| --- | --- |"]
        lines += [f"| `{cell(left)}` | {cell(right)} |" for left, right in rows]
    return lines


def columns_page() -> str:
    """Describe every column of the state."""
    from glasshouse.state.columns import REGISTRY

    lines = [
        "# Columns",
        "",
        MADE,
        "",
        (
            "Everything that a society is made of. Each column is declared once and has one "
            "writer; none can hold an identity."
        ),
        "",
    ]
    for group in dict.fromkeys(column.group for column in REGISTRY):
        lines += [
            f"## {group}",
            "",
            "| column | type | axes | unit | range | meaning | writer |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| `{column.name}` | {column.dtype} | {', '.join(column.axes)} | {column.unit} "
            f"| {column.low} .. {column.high} | {cell(column.meaning)} | `{column.writer}` |"
            for column in REGISTRY
            if column.group == group
        ]
        lines.append("")
    return "\n".join(lines)


def tables_page() -> str:
    """Describe the tables that a run gives, column by column."""
    from glasshouse.archive.explained import BRACES, COUNTED, TABLES

    lines = [
        "# Tables of a run",
        "",
        MADE,
        "",
        (
            "`run.months()`, `run.outcomes()`, `run.effects()` and `run.counts()` give tables: "
            "DuckDB relations with `.to_pandas()` and `.to_polars()`. A name in braces stands for "
            "several columns."
        ),
        "",
        "| in braces | stands for |",
        "| --- | --- |",
        *(f"| `{{{name}}}` | {cell(meaning)} |" for name, meaning in BRACES.items()),
        "",
        "A unit of 1/65536 is a share in 65,536ths; a mean over many rows is a share of one.",
        "",
    ]
    for name, (row, columns) in TABLES.items():
        lines += [f"## {name}", "", row, "", "| column | unit | meaning |", "| --- | --- | --- |"]
        lines += [f"| `{one.name}` | {one.unit} | {cell(one.meaning)} |" for one in columns]
        lines.append("")
    lines += ["### What is counted", "", "| count | unit | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{one.name}` | {one.unit} | {cell(one.meaning)} |" for one in COUNTED]
    return "\n".join([*lines, ""])


def mechanisms_page() -> str:
    """Describe every mechanism of the sources: the table first, then a page each."""
    from glasshouse.cli.mechanisms import page
    from glasshouse.law.library import Library

    found = Library().mechanisms()
    lines = [
        "# Mechanisms",
        "",
        MADE,
        "",
        (
            "What five press texts tell of social credit, row by row: how far each thing is known, "
            "what the lab does with it, and what turns it on. *runs*: a switch turns it on in a "
            "run, and a test shows what moves; *checked*: a figure, a structure or a worked case "
            "with a test of its own; *context*: cited and nothing more."
        ),
        "",
        "| id | mechanism | status | evidence |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| [{one.id}](#{one.id.lower()}) | {cell(one.mechanism)} | {one.status} | {one.evidence} |"
        for one in found
    ]
    for one in found:
        lines += ["", f"## {one.id}", "", f"**{cell(one.mechanism)}**", ""]
        lines += [f"* *{title}*: {cell('; '.join(text))}" for title, text in page(one)]
    return "\n".join([*lines, ""])


def safeguards_page() -> str:
    """Describe every safeguard: what it does, the text that it follows, what it amends."""
    from glasshouse.cli.safeguards import page
    from glasshouse.law.library import Library

    library = Library()
    titles = {key: source.title for key, source in library.sources().items()}
    lines = [
        "# Safeguards",
        "",
        MADE,
        "",
        (
            "What a law can add so that less harm is done. A scenario says `safeguards: [notice]` "
            "for one arm or for all, the command line `--set safeguards.notice=on`. Each only adds "
            "protection: a provision that has it already stays as it is, and the order in which "
            "several are added does not matter. The study of which mends what is the scenario "
            "`safeguards`."
        ),
        "",
    ]
    for one in library.safeguards():
        lines += [f"## {one.safeguard}", "", f"**{cell(one.title)}**", ""]
        lines += [f"* *{title}*: {cell('; '.join(text))}" for title, text in page(one, titles)]
        lines.append("")
    return "\n".join(lines)


def metrics_page() -> str:
    """Describe every metric: what it is, where its formula comes from, how it is known."""
    from glasshouse.law.library import Library
    from glasshouse.metrics.readings import READINGS
    from glasshouse.metrics.registry import CITED_BY_INTERVALS, FAMILIES, METRICS
    from glasshouse.report.metric_table import INTERVALS, NO_SUM, STATUSES

    sources = Library().sources()
    lines = [
        "# Metrics",
        "",
        MADE,
        "",
        (
            f"`glasshouse metrics DIR` gives the metrics of a run. {INTERVALS} They are made as "
            f"in {' and '.join(f'*{sources[key].title}*' for key in sorted(CITED_BY_INTERVALS))}."
        ),
        "",
        f"{STATUSES} {NO_SUM}",
        "",
        (
            "Rows are persons; organisations stand apart, in the split by work. What is counted by "
            "province can be split by region alone."
        ),
    ]
    for family in FAMILIES:
        lines += ["", f"## {family.capitalize()}"]
        for reading in READINGS:
            if reading.family == family:
                lines += ["", f"### {reading.title}"]
                for about, text in reading.paragraphs:
                    lines += ["", f"*{about}.* {cell(text)}"]
                works = "; ".join(
                    f"*{sources[c.source].title}*, {cell(c.at)}" for c in reading.cite
                )
                lines += ["", f"Sources: {works}."]
        for one in METRICS:
            if one.family == family:
                works = "; ".join(f"*{sources[c.source].title}*, {cell(c.at)}" for c in one.cite)
                splits = ", ".join(one.splits) or "none"
                lines += [
                    "",
                    f"### {one.id} {one.title}",
                    "",
                    f"`{one.name}` in {one.unit}; {one.harm}; {one.status}. Splits: {splits}.",
                    "",
                    f"{cell(one.definition)} Source: {works or 'ours'}.",
                ]
    return "\n".join([*lines, ""])


def rulebooks_page() -> str:
    """Describe every rulebook: what it is, and how well its provisions are evidenced."""
    lines = [
        "# Rulebooks",
        "",
        MADE,
        "",
        (
            "One folder an instrument. Every value is dated and cites its source; the evidence "
            "status says how far it is known. `glasshouse rulebook show NAME` prints them all."
        ),
        "",
    ]
    for folder in sorted(path.parent for path in RULEBOOKS.glob("*/rulebook.yaml")):
        head = yaml.safe_load((folder / "rulebook.yaml").read_text(encoding="utf-8"))
        kinds: Counter[str] = Counter()
        evidence: Counter[str] = Counter()
        for path in sorted(folder.glob("*.yaml")):
            page = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            for provision in page.get("provisions", ()):
                kinds[provision["rule"]] += 1
                evidence[provision["evidence"]] += 1
        lines += [
            f"## `{folder.name}`",
            "",
            f"**{head['title']}** ({head['family']}; {head['place']}). {cell(head['summary'])}",
            "",
            f"Provisions: {counted(kinds)}. Evidence: {counted(evidence)}.",
            "",
        ]
    return "\n".join(lines)


def counted(counter: Counter[str]) -> str:
    """Put counts in words, the most frequent first."""
    return ", ".join(f"{times} {name}" for name, times in counter.most_common()) or "none"


def cell(text: str) -> str:
    """Make a text fit a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def main() -> int:
    """Write every page that has changed and name it."""
    for name, text in pages().items():
        path = DOCS / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
