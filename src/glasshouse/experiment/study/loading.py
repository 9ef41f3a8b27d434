"""Loading a study: its document, its scenarios, and whether all that it asks for is there."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.errors import BadInput, nearest
from glasshouse.law import rooms
from glasshouse.law.intake import label
from glasshouse.law.library import Library
from glasshouse.law.load import read_document
from glasshouse.law.read_study import STUDY_FILE
from glasshouse.metrics.registry import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from glasshouse.errors import Problem
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.load import Document
    from glasshouse.law.quantity import Quantity
    from glasshouse.law.study import Study, StudyDesign

KNOWN_METRICS = frozenset(one.name for one in METRICS)


class Loaded(NamedTuple):
    """A study that can be run."""

    study: Study
    folder: Path
    scenarios: Mapping[str, str]
    """The scenario of each design, as a name of the house or a path."""
    files: Mapping[str, str]
    """SHA-256 of the study's own files by their names."""


def load(name_or_path: str | Path) -> Loaded:
    """Load a study by name or path, or raise BadInput with all that is wrong with it.

    What its scenarios hold is checked by ``experiments``, when sizes and other values are known.
    """
    library = Library()
    study = library.study(name_or_path)
    folder = rooms.located(library.root, "studies", str(name_or_path))
    path = folder / STUDY_FILE
    document = read_document(path, label(path))
    problems = list(_metric_problems(document, study))
    scenarios, files = {}, {STUDY_FILE: _sha256(path)}
    for index, design in enumerate(study.designs):
        try:
            found = rooms.located(library.root, "scenarios", design.scenario, path)
        except BadInput as error:
            first = error.problems[0]
            here = ("designs", index, "scenario")
            problems.append(document.problem(here, first.what, first.right))
            continue
        is_of_the_house = found.parent == library.root / "scenarios"
        scenarios[design.design] = found.stem if is_of_the_house else str(found)
        if not is_of_the_house:
            files[found.name] = _sha256(found)
    if problems:
        raise BadInput(problems)
    return Loaded(study, folder, scenarios, files)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _metric_problems(document: Document, study: Study) -> Iterator[Problem]:
    for index, design in enumerate(study.designs):
        for place, name in enumerate(design.metrics):
            if name not in KNOWN_METRICS:
                here = ("designs", index, "metrics", place)
                right = nearest(name, KNOWN_METRICS)
                yield document.problem(here, f"unknown metric `{name}`", right)

    for index, choice in enumerate(study.choices):
        for place, name in enumerate(choice.metrics):
            harm = next((m.harm for m in METRICS if m.name == name.partition(" ")[0]), "")
            if harm == "neither":
                here = ("choices", index, "metrics", place)
                what = f"`{name}` is no harm, and nothing is chosen by it"
                yield document.problem(here, what, "a metric of which more, or less, is worse")


def experiments(loaded: Loaded, sets: Mapping[str, str]) -> dict[str, Experiment]:
    """Settle the scenario of every design with these values, or raise all that is wrong.

    Arms that the study compares and assumptions that it swings must be there.
    """
    library = Library()
    path = loaded.folder / STUDY_FILE
    document = read_document(path, label(path))
    found: dict[str, Experiment] = {}
    problems: list[Problem] = []
    for index, design in enumerate(loaded.study.designs):
        experiment = library.resolve(loaded.scenarios[design.design], {**sets_of(design), **sets})
        arms = [arm.name for arm in experiment.arms]
        problems += [
            document.problem(("designs", index, "arms", arm), f"the scenario has no arm `{arm}`",
                             nearest(arm, arms), key=True)
            for arm in design.arms
            if arm not in arms
        ]  # fmt: skip
        found[design.design] = experiment
    swung = found[swing_design(loaded.study).design]
    for name in loaded.study.change.assumptions:
        if quantity_of(swung, name) is None:
            known = swung.arms[0].assumptions.quantities()
            right = nearest(name.partition(".")[2] if name.startswith("arms.") else name, known)
            here = ("change", "assumptions", name)
            problems.append(document.problem(here, f"no assumption `{name}`", right, key=True))
    if problems:
        raise BadInput(problems)
    return found


def sets_of(design: StudyDesign) -> dict[str, str]:
    """Give the values that a design sets, as ``--set`` takes them."""
    return {path: str(value) for path, value in design.set.items()}


def swing_design(study: Study) -> StudyDesign:
    """Give the design whose numbers the study swings."""
    return study.design_of(study.number(study.change.numbers[0]))


def quantity_of(experiment: Experiment, path: str) -> Quantity | None:
    """Give the assumption that a path means, in the first arm or in the arm that it names."""
    name, inner = "", path
    if path.startswith("arms."):
        name, _, inner = path.removeprefix("arms.").partition(".")
    for arm in experiment.arms:
        if not name or arm.name == name:
            return arm.assumptions.quantities().get(inner)
    return None
