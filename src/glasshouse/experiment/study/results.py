"""What a study found: its numbers, sentences, swing, table and figure, from the rows of its sweeps.

Everything is made from the rows alone, so that the same runs always say the same.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from glasshouse.archive.database import connect, quoted
from glasshouse.archive.store import hash_of, write_aside
from glasshouse.experiment.study.cells import (
    cells_of,
    less_harm,
    panel_number,
    undominated_arms,
    value_of,
)  # fmt: skip
from glasshouse.experiment.study.loading import swing_design
from glasshouse.experiment.study.study_result import ANSWER, FIGURE, RESULT, ROWS
from glasshouse.experiment.study.swinging import ends_of, sentences, swung
from glasshouse.experiment.study.wording import UNITS, in_words, sentence_of
from glasshouse.law.audit import EVIDENCE, by_evidence, guesses
from glasshouse.law.mechanism import those_on
from glasshouse.metrics.registry import METRICS
from glasshouse.report.dots import Dot, Line, drawn
from glasshouse.report.dots import Panel as Drawn
from glasshouse.report.in_force import provisions_in_force
from glasshouse.report.summary import evidence_sentences
from glasshouse.report.words import listing, of
from glasshouse.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.experiment.study.cells import Cell, Key, Number
    from glasshouse.experiment.study.running import Asked
    from glasshouse.experiment.study.swinging import Swung
    from glasshouse.experiment.sweep import Sweep
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.study import Choice, Panel, Study

Swept = Mapping[tuple[str, str], "Sweep"]
"""The sweeps of a study by design, and by ``answer`` or ``swing``."""

BETWEEN_SEEDS = (
    "Behind each number stands its 95 % interval between seeds (Student's t): the luck of people "
    "and days, not what nobody knows of the assumptions. Differences are paired: both sides saw "
    "the same people, acts and luck."
)
TOGETHER = (
    "Where arms are picked out of several, their intervals are widened so that they hold together "
    "(Bonferroni)."
)
ONE_SEED = (
    "With one seed the intervals are over the communities of one run, and nothing says how far "
    "another seed would move them."
)


def made(what: Asked, swept: Swept, failed: list[str]) -> dict[str, Any]:
    """Make everything that a study says, as what JSON has."""
    study = what.loaded.study
    cells: dict[Key, Cell] = {}
    for design in study.designs:
        rows = swept[design.design, "answer"].results().rows()
        cells |= cells_of(rows, design.design, what.seeds)
    numbers = {one.number: (value_of(study, one, cells), one.show) for one in study.numbers}
    choices = {one.choice: chosen(study, one, cells) for one in study.choices}
    words = {one.number: one.words for one in study.numbers}
    swing = _swing(what, swept, cells)
    return {
        "study": study.study,
        "title": study.title,
        "question": study.question,
        "why": [one.model_dump() for one in study.why],
        "asked": what.plain(),
        "glasshouse_version": __version__,
        "designs": [_design(what, swept, design.design) for design in study.designs],
        "answer": [sentence_of(one, numbers, choices, words) for one in study.answer],
        "intervals": BETWEEN_SEEDS if what.seeds > 1 else ONE_SEED,
        "numbers": {
            one.number: _plain_number(numbers[one.number], one.model_dump(exclude={"number"}))
            for one in study.numbers
        },
        "choices": {
            one.choice: {**one.model_dump(exclude={"choice"}),
                         "chosen": [{"arm": arm, "words": words, "number": text}
                                    for arm, words, text in picked or ()]}
            for one, picked in zip(study.choices, choices.values(), strict=True)
        },
        "change": {"sentences": [*sentences(study, swing), *study.change.words],
                   "seeds": what.swing_seeds, "swing": [_plain_swung(study, s) for s in swing]},
        "figure": {"words": study.figure.words, "panels": panels_of(study, cells)},
        "cannot": list(study.cannot),
        "evidence": evidence(what.experiments),
        "metrics": [_metric(name) for name in _asked_metrics(study)],
        "failed": failed,
    }  # fmt: skip


def chosen(
    study: Study, choice: Choice, cells: Mapping[Key, Cell]
) -> list[tuple[str, str, str]] | None:
    """Give what a choice picks: each arm, its words, and its number in words; None if unknown."""
    arms = study.design_of(choice).arms
    if choice.pick == "undominated":
        kept = undominated_arms(study, choice, cells)
        return None if kept is None else [(arm, arms[arm], "") for arm in kept]
    name = choice.metrics[0].partition(" ")[0]
    harm = next(one.harm for one in METRICS if one.name == name)
    found = less_harm(study, choice, cells, -1 if harm == "less is worse" else 1)
    return [(arm, arms[arm], in_words(number, choice.show)) for arm, number in found]


def _swing(what: Asked, swept: Swept, cells: Mapping[Key, Cell]) -> Any:
    study = what.loaded.study
    name = swing_design(study).design
    experiment = what.experiments[name]
    rows = swept[name, "swing"].results().rows()
    points = range(len(ends_of(study, experiment)))
    by_point = {
        point: cells_of((row for row in rows if row["point"] == point), name, what.swing_seeds)
        for point in points
    }
    return swung(study, experiment, cells, by_point, what.swing_seeds)


def panels_of(study: Study, cells: Mapping[Key, Cell]) -> list[dict[str, Any]]:
    """Give the table behind the figure: every panel with its lines and dots, in shown units."""
    return [_panel(study, panel, cells) for panel in study.figure.panels]


def _panel(study: Study, panel: Panel, cells: Mapping[Key, Cell]) -> dict[str, Any]:
    design = study.design_of(panel)
    arms = {arm: design.arms[arm] for arm in panel.arms or design.arms if arm != panel.against}
    scale, unit = UNITS[panel.show]

    def dot(series: str, arm: str, part: str, group: str) -> dict[str, Any]:
        number = panel_number(study, panel, cells, arm, part, group)
        shown = (scale * each for each in (number.value, number.low, number.high))
        value, low, high = (None if math.isnan(each) else each for each in shown)
        return {"series": series, "value": value, "low": low, "high": high}

    if panel.over == "arm":
        lines = [(words, [dot("", arm, panel.part, "")]) for arm, words in arms.items()]
    elif panel.over == "part":
        lines = [
            (label, [dot(words, arm, part, "") for arm, words in arms.items()])
            for part, label in panel.parts.items()
        ]
    else:
        lines = [
            (group.partition(" ")[2],
             [dot(words, arm, panel.part, group) for arm, words in arms.items()])
            for group in _groups(cells, design.design, panel)
        ]  # fmt: skip
    return {
        "title": panel.title,
        "unit": {" %": "percent"}.get(unit, unit.strip()),
        "lines": [{"label": label, "dots": dots} for label, dots in lines],
    }


def _groups(cells: Mapping[Key, Cell], design: str, panel: Panel) -> list[str]:
    """Give the groups of a split for which the results have the metric, in their order."""
    found = dict.fromkeys(
        group
        for where, _, metric, part, group in cells
        if where == design
        and metric == panel.metric
        and part == panel.part
        and group.partition(" ")[0] == panel.groups
    )
    return list(found)


def figure_of(panels: list[dict[str, Any]], kind: str = "svg") -> bytes:
    """Draw the figure of a study from the table behind it."""
    nan = math.nan

    def number(value: float | None) -> float:
        return nan if value is None else value

    return drawn(
        [
            Drawn(
                panel["title"],
                panel["unit"],
                tuple(
                    Line(line["label"], tuple(
                        Dot(dot["series"], *(number(dot[key]) for key in ("value", "low", "high")))
                        for dot in line["dots"]
                    ))
                    for line in panel["lines"]
                ),
            )
            for panel in panels
        ],
        kind,
    )  # fmt: skip


def evidence(experiments: Mapping[str, Experiment]) -> list[str]:
    """Say what the provisions, assumptions and mechanisms that were on rest upon, by arm."""
    from glasshouse.law.library import Library

    mechanisms, said = Library().mechanisms(), []
    for experiment in experiments.values():
        first, end = experiment.scenario.first_day, experiment.scenario.end_day
        on = [p for arm in experiment.arms for p in provisions_in_force(arm, first, end)]
        in_use = experiment.arms[-1].assumptions.quantities()
        said += evidence_sentences(by_evidence(on), len(guesses(in_use)), len(in_use))
        for arm in experiment.arms:
            there: Counter[str] = Counter(one.evidence for one in those_on(mechanisms, arm))
            if there:
                statuses = listing([f"{there[s]} {s}" for s in EVIDENCE if there[s]])
                said.append(
                    f"On in arm {arm.name}, of the {len(mechanisms)} mechanisms of the sources: "
                    f"{sum(there.values())} ({statuses})."
                )
    return list(dict.fromkeys(said))


def write(folder: Path, said: dict[str, Any], swept: Swept) -> None:
    """Write the table, the figure, the answer and, last, what says that the study is finished."""
    write_aside(folder / ROWS, lambda aside: _write_rows(aside, swept))
    figure = figure_of(said["figure"]["panels"])
    write_aside(folder / FIGURE, lambda aside: _write_bytes(aside, figure))
    text = (answer_text(said) + "\n").encode()
    write_aside(folder / ANSWER, lambda aside: _write_bytes(aside, text))
    said["parts"] = {name: hash_of(folder / name).model_dump() for name in (ROWS, FIGURE, ANSWER)}
    content = (json.dumps(said, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
    write_aside(folder / RESULT, lambda aside: _write_bytes(aside, content))


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _write_rows(path: Path, swept: Swept) -> None:
    """Put the rows of all sweeps behind one another; what a point sets stands in one column."""
    with connect(threads=1) as connection:
        parts = []
        for number, ((design, kind), one) in enumerate(swept.items()):
            table, paths = one.results(), one.design.paths
            connection.register(f"part_{number}", table.to_arrow_table())
            sets = (
                "concat_ws(' ', " + ", ".join(f'{quoted(p + "=")} || "{p}"' for p in paths) + ")"
                if paths
                else "''"
            )
            kept = 'point, seed, arm, metric, part, "group", value, low, high, error, groups, unit'
            parts.append(
                f"SELECT {quoted(design)} AS design, {quoted(kind)} AS asked, {sets} AS sets, "  # noqa: S608 - quoted
                f"{kept}, status, why FROM part_{number}"
            )
        query = " UNION ALL ".join(parts)
        connection.execute(f"COPY ({query}) TO {quoted(str(path))} (FORMAT parquet)")


def answer_text(said: Mapping[str, Any]) -> str:
    """Write the answer as plain text: sentences, what would change it, what it cannot say."""
    sections = [
        (said["title"], [said["question"]]),
        ("Answer", said["answer"]),
        ("How sure", how_sure(said)),
        ("What would change it", said["change"]["sentences"]),
        ("The figure", [said["figure"]["words"]]),
        ("What it cannot say", said["cannot"]),
        ("How far this is known", [*_statuses(said["metrics"]), *said["evidence"]]),
        ("Why it is asked", [f"{one['text']} ({one['cite']['source']})" for one in said["why"]]),
    ]
    return "\n\n".join("\n".join((title, *lines)) for title, lines in sections)


def _sizes(asked: Mapping[str, Any]) -> str:
    sets = "".join(f", {path}={value}" for path, value in asked["sets"].items())
    return (
        f"{of(asked['people'], 'person', 'people')}, {of(asked['years'], 'year')}, "
        f"{of(asked['seeds'], 'seed')}{sets}, glasshouse {asked['glasshouse_version']}. "
        "Nobody in it is real; these are comparisons under stated assumptions, not forecasts."
    )


def how_sure(said: Mapping[str, Any]) -> list[str]:
    """Say how large the study was, what its intervals hold, and what failed."""
    return [_sizes(said["asked"]), said["intervals"], *_together(said), *_failed(said["failed"])]


def _together(said: Mapping[str, Any]) -> list[str]:
    """Say how the intervals of choices among several arms are made."""
    kinds = [one["pick"] for one in said["choices"].values()]
    if "less harm than" not in kinds:
        return []
    return [TOGETHER]


def _failed(failed: list[str]) -> list[str]:
    return [f"{of(len(failed), 'run')} failed and is left out: {failed[0]}"] if failed else []


def _statuses(metrics: list[dict[str, Any]]) -> list[str]:
    """Say which metrics are counted, which lean on assumptions, which are hypothetical."""
    by_status: dict[str, list[str]] = {}
    for one in metrics:
        by_status.setdefault(one["status"], []).append(one["title"])
    words = {
        "measured": "Counted in the runs",
        "assumed": "Leaning on an assumption of its own",
        "hypothetical": "Hypothetical",
    }
    return [f"{words[status]}: {'; '.join(titles)}." for status, titles in by_status.items()]


def _design(what: Asked, swept: Swept, name: str) -> dict[str, Any]:
    """Say what a design ran: scenario, arms, the hashes of its files and of its results."""
    experiment = what.experiments[name]
    files = {path: hashlib.sha256(text).hexdigest() for path, text in experiment.files.items()}
    design = next(one for one in what.loaded.study.designs if one.design == name)
    return {
        "design": name,
        "scenario": experiment.scenario.scenario,
        "arms": dict(design.arms),
        "by": list(design.by),
        "set": dict(design.set),
        "seeds": list(swept[name, "answer"].design.seeds),
        "files": files,
    }


def _plain_number(pair: tuple[Number, str], said: dict[str, Any]) -> dict[str, Any]:
    number, show = pair

    def plain(value: float) -> float | None:
        return value if math.isfinite(value) else None

    return {
        **said,
        "value": plain(number.value),
        "low": plain(number.low),
        "high": plain(number.high),
        "error": plain(number.error),
        "seeds": number.seeds,
        "of_seeds": number.of_seeds,
        "by_seed": [plain(each) for each in number.by_seed],
        "variance_saved": plain(number.variance_saved),
        "why": number.why,
        "text": in_words(number, show),
    }


def _plain_swung(study: Study, one: Swung) -> dict[str, Any]:
    asked = study.number(one.number)
    ends = {name: _plain_number((getattr(one, name), asked.show), {})
            for name in ("base", "low", "high", "moved")}  # fmt: skip
    return {"number": one.number, "path": one.path, "range": list(one.range),
            "base_at": one.base_at, **ends}  # fmt: skip


def _asked_metrics(study: Study) -> list[str]:
    return list(dict.fromkeys(name for design in study.designs for name in design.metrics))


def _metric(name: str) -> dict[str, Any]:
    one = next(each for each in METRICS if each.name == name)
    return {
        "metric": one.name,
        "id": one.id,
        "title": one.title,
        "unit": one.unit,
        "status": one.status,
        "definition": one.definition,
        "cite": [f"{cite.source}: {cite.at}" for cite in one.cite],
    }
