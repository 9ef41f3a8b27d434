"""Reads the folder of a study: its file, and whether everything that it names is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from glasshouse.errors import nearest
from glasshouse.law.intake import cite_problems
from glasshouse.law.study import CHOICE_FORMS, NUMBER_FORMS, PLACE, Study
from glasshouse.law.validate import validated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from glasshouse.errors import Problem
    from glasshouse.law.intake import Intake
    from glasshouse.law.load import Document, KeyPath
    from glasshouse.law.study import Choice, Panel, StudyNumber

STUDY_FILE = "study.yaml"


def read_study(folder: Path, sources: Collection[str], intake: Intake) -> Study | None:
    """The study of a folder; None, and the problems in the intake, if anything is wrong."""
    name = folder.resolve().name
    document = intake.document(folder / STUDY_FILE, f"studies/{name}/{STUDY_FILE}")
    if document is None:
        return None
    before = len(intake.problems)
    found = validated(Study, document, intake.problems)
    intake.add(cite_problems(document, sources))
    if found is None:
        return None
    if found.study != name:
        what = f"the folder is called `{name}`, the study otherwise"
        intake.problems.append(document.problem(("study",), what, "call both the same"))
    intake.add(study_problems(document, found))
    return found if len(intake.problems) == before else None


def study_problems(document: Document, study: Study) -> Iterator[Problem]:
    """Every name of a study that the study itself does not explain, and every digit typed in."""
    yield from _twice(document, study)
    for index, number in enumerate(study.numbers):
        yield from _cell_problems(document, ("numbers", index), study, number)
    for index, choice in enumerate(study.choices):
        yield from _cell_problems(document, ("choices", index), study, choice)
    for index, panel in enumerate(study.figure.panels):
        yield from _cell_problems(document, ("figure", "panels", index), study, panel)
    yield from _sentence_problems(document, study)
    yield from _change_problems(document, study)


def _twice(document: Document, study: Study) -> Iterator[Problem]:
    names: set[str] = set()
    for key, field, items in (
        ("designs", "design", [one.design for one in study.designs]),
        ("numbers", "number", [one.number for one in study.numbers]),
        ("choices", "choice", [one.choice for one in study.choices]),
    ):
        for index, name in enumerate(items):
            if name in names:
                yield document.problem((key, index, field), f"the name `{name}` is given twice")
            names.add(name)


def _cell_problems(
    document: Document, path: KeyPath, study: Study, asked: StudyNumber | Choice | Panel
) -> Iterator[Problem]:
    """The design, arms, metrics and groups that a number, a choice or a panel names."""
    names = [one.design for one in study.designs]
    if asked.design is None and len(names) > 1:
        yield document.problem(path, "names no design, and there are several", nearest("", names))
        return
    if asked.design is not None and asked.design not in names:
        what = f"unknown design `{asked.design}`"
        yield document.problem((*path, "design"), what, nearest(asked.design, names))
        return
    design = study.design_of(asked)
    for here, word, kind, known in _words(asked, design.arms, design.metrics, design.by):
        if word not in known:
            what = f"the design has no {kind} `{word}`"
            yield document.problem((*path, *here), what, nearest(word, known))


def _words(
    asked: StudyNumber | Choice | Panel,
    arms: Collection[str],
    metrics: Collection[str],
    by: Collection[str],
) -> Iterator[tuple[KeyPath, str, str, Collection[str]]]:
    """Every name that must be one of the design: where it stands, the word, its kind, the known."""
    if hasattr(asked, "metric"):
        yield ("metric",), asked.metric, "metric", metrics
    for name, kind, known in (("arms", "arm", arms), ("among", "arm", arms),
                              ("metrics", "metric", metrics)):  # fmt: skip
        for place, word in enumerate(getattr(asked, name, ())):
            yield (name, place), word.partition(" ")[0] if kind == "metric" else word, kind, known
    if hasattr(asked, "arm"):
        yield ("arm",), asked.arm, "arm", arms
    against = getattr(asked, "against", None)
    if isinstance(against, str):
        yield ("against",), against, "arm", arms
    elif against is not None and against.arm is not None:
        yield ("against", "arm"), against.arm, "arm", arms
    groups = getattr(asked, "groups", None)
    if groups is not None:
        yield ("groups",), groups, "groups", by
    for here, owner in ((("group",), asked), (("against", "group"), against)):
        group = getattr(owner, "group", None)
        if group:
            yield here, group.partition(" ")[0], "groups", by


def _sentence_problems(document: Document, study: Study) -> Iterator[Problem]:
    numbers = {one.number for one in study.numbers}
    choices = {one.choice for one in study.choices}
    for index, clause in enumerate(study.answer):
        path: KeyPath = ("answer", index)
        if clause.decides is not None:
            here = (*path, "decides")
            if clause.decides not in numbers | choices:
                what = f"unknown number `{clause.decides}`"
                yield document.problem(here, what, nearest(clause.decides, numbers | choices))
            elif clause.decides in numbers and clause.below is None:
                yield document.problem(path, "`below` is missing", "a number may lie below zero")
            elif clause.decides in choices and clause.below is not None:
                yield document.problem((*path, "below"), "a choice is never below zero")
        for key, text in clause.templates.items():
            yield from template_problems(document, (*path, key), text, numbers, choices)


def template_problems(
    document: Document,
    path: KeyPath,
    text: str,
    numbers: Collection[str],
    choices: Collection[str] = (),
) -> Iterator[Problem]:
    """What is wrong with a sentence: an unknown number, an unknown form, a digit of its own."""
    for name, form in PLACE.findall(text):
        if name not in numbers and name not in choices:
            what = f"unknown number `{name}`"
            yield document.problem(path, what, nearest(name, {*numbers, *choices}))
            continue
        known = NUMBER_FORMS if name in numbers else CHOICE_FORMS
        if form not in known:
            what = f"`{name}` has no form `{form}`"
            yield document.problem(path, what, nearest(form, [word for word in known if word]))
    bare = PLACE.sub("", text)
    if "{" in bare or "}" in bare:
        what = "a brace that is no place for a number"
        yield document.problem(path, what, "{name}, or {name.value}")
    digit = re.search(r"\d", bare)
    if digit:
        here = bare[digit.start() :][:20]
        what = f"a sentence of an answer holds a number of its own, at `{here}`"
        yield document.problem(path, what, "name it under numbers and write {name}")


def _change_problems(document: Document, study: Study) -> Iterator[Problem]:
    names = [one.number for one in study.numbers]
    designs = set()
    for index, name in enumerate(study.change.numbers):
        if name not in names:
            here: KeyPath = ("change", "numbers", index)
            yield document.problem(here, f"unknown number `{name}`", nearest(name, names))
            return
        asked = study.number(name)
        designs.add(asked.design or study.designs[0].design)
    if len(designs) > 1:
        what = "the numbers are of several designs: " + ", ".join(sorted(designs))
        yield document.problem(("change", "numbers"), what, "numbers of one design")
