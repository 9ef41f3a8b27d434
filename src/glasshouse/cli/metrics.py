"""`metrics`: what a run did to people, number by number, each with its interval and its source."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import click

from glasshouse.cli import talk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glasshouse.law.citation import Source
    from glasshouse.metrics.metric import Metric
    from glasshouse.report.measured import MetricRow
    from glasshouse.session import Run


def split_words(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Take words apart that stand behind one option with commas; each is kept once."""
    words = [word.strip() for text in given for word in text.split(",")]
    if not all(words):
        raise click.BadParameter("a word is missing")
    return tuple(dict.fromkeys(words))


@click.command()
@click.argument("place", metavar="[DIR]", required=False)
@click.option(
    "--by", multiple=True, metavar="SPLIT,...", callback=split_words,
    help="Also give every metric for groups of people: region, age, sex, urban, work, means.",
)  # fmt: skip
@click.option(
    "--family", "families", multiple=True, metavar="NAME", callback=split_words,
    help="Only the metrics of this family; may be given many times.",
)  # fmt: skip
@click.option(
    "--metric", "asked", multiple=True, metavar="NAME", callback=split_words,
    help="Only this metric, by its name or its number; may be given many times.",
)  # fmt: skip
@click.option(
    "--arm", "arms", multiple=True, metavar="NAME", callback=split_words,
    help="Only this arm; by default every arm in which somebody is scored.",
)  # fmt: skip
@click.option("--list", "lists", is_flag=True, help="List the metrics there are; without DIR.")
@click.option(
    "--explain", metavar="NAME", help="Explain one metric: definition, source, status; without DIR."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values, a line a row.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def metrics(
    place: str | None,
    by: tuple[str, ...],
    families: tuple[str, ...],
    asked: tuple[str, ...],
    arms: tuple[str, ...],
    lists: bool,
    explain: str | None,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Say what a run did to people, number by number: value, interval, unit, status.

    DIR is the directory of a finished run. There is no total: harms are not added up.
    """
    if explain is not None:
        show_one(explain, as_json)
        return
    if lists:
        show_list(families, as_json)
        return
    if place is None:
        raise click.UsageError("a run directory is missing; or ask for --list or --explain NAME")
    if as_csv and as_json:
        raise click.UsageError("--csv and --json are both given")
    from glasshouse import session
    from glasshouse.report.measured import asked_for, metric_rows

    run = session.open_run(place)
    known = [arm.arm for arm in run.provenance.arms]
    chosen = asked_for(asked or None, families or None, by, arms, known)
    rows = metric_rows(run.archive, asked or None, by, arms=arms or None, families=families or None)
    if as_csv:
        talk.show(csv_text(rows))
    elif as_json:
        show_as_json(run, chosen, rows)
    else:
        show_tables(run, chosen, rows)


def show_tables(run: Run, chosen: Sequence[Metric], rows: Sequence[MetricRow]) -> None:
    """Put a table a family and arm on stdout, and what it rests on below."""
    from glasshouse.report.metric_table import INTERVALS, NO_SUM, STATUSES, rests_on
    from glasshouse.report.words import lasting

    said = run.provenance.scenario
    talk.show(
        f"{said.title}: {said.people:,} rows, {lasting(said.months_in_all)}, seed {said.seed}"
    )
    for arm in dict.fromkeys(row.arm for row in rows):
        for family in dict.fromkeys(one.family for one in chosen):
            inside = [one.name for one in chosen if one.family == family]
            talk.show(f"\n{family.capitalize()}, arm {arm}")
            show_table([row for row in rows if row.arm == arm and row.metric in inside], inside)
    talk.show()
    arms = {row.arm for row in rows}
    for sentence in (
        INTERVALS, STATUSES, NO_SUM, *rests_on([a for a in run.provenance.arms if a.arm in arms])
    ):  # fmt: skip
        talk.show(talk.wrapped(sentence))
    talk.say_next(
        talk.typed("glasshouse", "metrics", run.path, "--by", "age,means"),
        talk.typed("glasshouse", "metrics", "--explain", chosen[0].name),
    )


def show_table(rows: Sequence[MetricRow], names: Sequence[str]) -> None:
    """Put one table on stdout, metric by metric, and its notes below it, each once."""
    notes: dict[str, int] = {}
    lines = []
    for name in names:
        lines += lines_of([row for row in rows if row.metric == name], notes)
    talk.show(talk.table(("metric", "value", "95 % interval", "unit", "status", "note"), lines))
    for note, number in notes.items():
        talk.show(talk.wrapped(f"note {number}: {note}", "  "))


def lines_of(rows: Sequence[MetricRow], notes: dict[str, int]) -> list[tuple[str, ...]]:
    """The lines of one metric: all persons first, then group by group, its parts below it.

    A note is numbered when it comes up first.
    """
    lines: list[tuple[str, ...]] = []
    last = ""
    for alike in series_of(rows):
        row = alike[0]
        head = f"{row.metric}" + (f" ({row.group})" if row.group else "")
        if row.part and head != last:
            lines.append((head, "", "", row.unit, row.status, ""))
        last = head
        unit, status = ("", "") if row.part else (row.unit, row.status)
        part, value, interval, why = said_of(alike)
        note = str(notes.setdefault(why, len(notes) + 1)) if why else ""
        lines.append((f"  {part}" if part else head, value, interval, unit, status, note))
    return lines


ABOVE = " > "
"""What stands between a thing and its threshold in the name of a part."""


def series_of(rows: Sequence[MetricRow]) -> list[list[MetricRow]]:
    """Rows by themselves, but for a table over two thresholds: a list for each of the first."""
    found: dict[str, list[MetricRow]] = {}
    for place, row in enumerate(rows):
        stem = row.part.rpartition(ABOVE)[0]
        is_crossed = ABOVE in stem
        found.setdefault(f"{row.group} {stem}" if is_crossed else str(place), []).append(row)
    return list(found.values())


def said_of(alike: Sequence[MetricRow]) -> tuple[str, str, str, str]:
    """The part, value, interval and note of a row, or of some that stand on one line."""
    from glasshouse.report.metric_table import between, noted
    from glasshouse.report.words import shown

    row = alike[0]
    if len(alike) == 1:
        return row.part, shown(row.value), between(row), noted(row)
    stem = row.part.rpartition(ABOVE)[0]
    ends = ", ".join(one.part.rpartition(ABOVE)[2] for one in alike)
    whys = "; ".join(dict.fromkeys(filter(None, (one.why for one in alike))))
    values = [shown(one.value) for one in alike]
    value = values[0] if len(set(values)) == 1 else ", ".join(values)
    return f"{stem}{ABOVE}{ends}", value, "", "; ".join(filter(None, (whys, ONE_LINE)))


ONE_LINE = "one value a threshold; --csv and --json have their intervals"


def csv_text(rows: Sequence[MetricRow]) -> str:
    """The rows as comma-separated values with a header; what is not known is empty."""
    from glasshouse.report.measured import MetricRow
    from glasshouse.report.metric_table import plain

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(MetricRow._fields)
    for row in rows:
        writer.writerow(["" if value is None else value for value in plain(row).values()])
    return text.getvalue().rstrip("\n")


def show_as_json(run: Run, chosen: Sequence[Metric], rows: Sequence[MetricRow]) -> None:
    """Put one document on stdout: rows, definitions, and what they rest on."""
    from glasshouse.report.metric_table import INTERVALS, plain

    arms = {row.arm for row in rows}
    evidence = {
        arm.arm: {"provisions": dict(arm.evidence), "mechanisms": dict(arm.mechanisms)}
        for arm in run.provenance.arms
        if arm.arm in arms
    }
    talk.show_json(
        {
            "path": str(run.path), "digest": run.digest, "intervals": INTERVALS,
            "evidence": evidence, "metrics": [document(one) for one in chosen],
            "rows": [plain(row) for row in rows],
        }
    )  # fmt: skip


def show_list(families: tuple[str, ...], as_json: bool) -> None:
    """Put the metrics there are on stdout."""
    from glasshouse.report.measured import asked_for

    found = asked_for(None, families or None)
    if as_json:
        talk.show_json([document(one) for one in found])
        return
    rows = [(one.id, one.name, one.family, one.unit, one.status, one.title) for one in found]
    talk.show(talk.table(("id", "metric", "family", "unit", "status", "title"), rows))
    talk.say_next("glasshouse metrics --explain A1")


def show_one(name: str, as_json: bool) -> None:
    """Put one metric on stdout: definition, sources, status, how to read it."""
    from glasshouse.law.library import Library
    from glasshouse.report.measured import asked_for

    (one,) = asked_for([name])
    sources = Library().sources()
    if as_json:
        talk.show_json(document(one, sources))
        return
    talk.show(f"{one.id} {one.title} ({one.name})")
    for title, lines in page(one, sources):
        talk.show(f"\n{title}")
        for line in lines:
            talk.show(talk.wrapped(line, "  "))
    talk.say_next(f"glasshouse metrics DIR --metric {one.name}")


def page(one: Metric, sources: Mapping[str, Source]) -> list[tuple[str, list[str]]]:
    """The paragraphs of a metric's page under their titles."""
    from glasshouse.report.metric_table import STATUS_MEANS
    from glasshouse.report.summary import work

    cites = [f"{work(cite.source, sources.get(cite.source))}: {cite.at}" for cite in one.cite]
    splits = ", ".join(one.splits) or "none: it compares groups itself"
    return [
        ("Definition", [one.definition]),
        ("Source", cites or ["ours"]),
        ("Unit", [f"{one.unit}; {one.harm}"]),
        ("Status", [f"{one.status}: {STATUS_MEANS[one.status]}"]),
        ("Can be split by", [splits]),
    ]


def document(one: Metric, sources: Mapping[str, Source] | None = None) -> dict[str, Any]:
    """A metric as plain values, without its function."""
    said = {name: value for name, value in one._asdict().items() if name != "of"}
    said["cite"] = [cite._asdict() for cite in one.cite]
    if sources is not None:
        said["sources"] = {
            cite.source: sources[cite.source].model_dump(mode="json")
            for cite in one.cite
            if cite.source in sources
        }
    return said
