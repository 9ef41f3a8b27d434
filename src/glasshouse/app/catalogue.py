"""What there is to choose from: scenarios, rulebooks, controls, studies, and the page's caps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.app.request import (
    LEAST_PEOPLE,
    MOST_PEOPLE,
    MOST_SEED,
    MOST_YEARS,
    Rules,
    open_arms,
)
from glasshouse.app.settings import read_controls
from glasshouse.app.tour import chapters, told
from glasshouse.law import rooms
from glasshouse.law.library import Library
from glasshouse.law.load import read_document
from glasshouse.report.reproduce import hashes_of, rulebook_hashes
from glasshouse.version import __version__

if TYPE_CHECKING:
    from glasshouse.app.settings import Controls
    from glasshouse.law.scenario import Scenario

CAP_WORDS = (
    f"This page runs at most {MOST_PEOPLE:,} people for {MOST_YEARS} years, and two runs at a time;"
    " others wait their turn. The command line has no such cap."
)
ONE_SEED = "The page shows one run of its scenario, with one seed; the study takes several."

COMPARISON = "two-rulebooks"
"""The scenario that compares any two."""

FIRST_SCENARIO = "as-told"
FIRST_PEOPLE, FIRST_YEARS, FIRST_SEED = 10_000, 3, 1


class Catalogue:
    """Everything that a page may ask for, read once at the start."""

    def __init__(self, library: Library | None = None) -> None:
        """Read the rooms."""
        self.library = library or Library()
        of_studies = rooms.scenarios_of_studies(self.library.root)
        names = (*self.library.names("scenarios"), *of_studies)
        self.scenarios = {name: self.library.scenario(name) for name in names}
        self.study_of = {name: path.parent.name for name, path in of_studies.items()}
        self.studies = {name: self.library.study(name) for name in self.library.names("studies")}
        self.titles = self._titles()
        self.rules = Rules(self.scenarios, self._hashes(), read_controls(self.library))
        self.chapters = told(self.library, chapters(self.library, self.rules.controls.by_id))

    def _titles(self) -> dict[str, str]:
        root = self.library.root / "rulebooks"
        return {
            name: str(read_document(root / name / "rulebook.yaml").value["title"])
            for name in self.library.names("rulebooks")
        }

    def _hashes(self) -> dict[str, str]:
        root = self.library.root
        files = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for name in self.titles
            for path in sorted((root / "rulebooks" / name).glob("*.yaml"))
        }
        return rulebook_hashes(hashes_of(files))

    def plain(self) -> dict[str, Any]:
        """Give it as the page reads it."""
        controls = self.rules.controls
        return {
            "version": __version__,
            "caps": {
                "least_people": LEAST_PEOPLE,
                "people": MOST_PEOPLE,
                "years": MOST_YEARS,
                "seed": MOST_SEED,
                "words": CAP_WORDS,
            },
            "first": {
                "scenario": FIRST_SCENARIO,
                "people": FIRST_PEOPLE,
                "years": FIRST_YEARS,
                "seed": FIRST_SEED,
            },
            "scenarios": [
                scenario_plain(one, controls) | {"study": self.study_of.get(name)}
                for name, one in self.scenarios.items()
            ],
            "rulebooks": [
                {"name": name, "title": title, "sha256": self.rules.rulebooks[name]}
                for name, title in self.titles.items()
            ],
            "controls": controls_plain(controls),
            "studies": [
                {"study": one.study, "title": one.title, "question": one.question}
                for one in self.studies.values()
            ],
            "chapters": self.chapters,
        }

    def study_plain(self, name: str) -> dict[str, Any]:
        """Give a study as the page reads it: its question, its scenario, its command."""
        one = self.studies[name]
        return {
            "study": one.study,
            "title": one.title,
            "question": one.question,
            "why": [f"{why.text} ({why.cite.source})" for why in one.why],
            "people": one.people,
            "years": one.years,
            "seeds": one.seeds,
            "designs": [
                {"scenario": name_of(each.scenario), "arms": dict(each.arms)}
                for each in one.designs
            ],
            "scenario": name_of(one.designs[0].scenario),
            "scenario_words": ONE_SEED,
            "change": list(one.change.assumptions.values()),
            "cannot": list(one.cannot),
            "command": f"glasshouse study run {one.study}",
        }


def name_of(reference: str) -> str:
    """Give the name of a study's scenario, whether it is one of the house or lies beside it."""
    return reference.removesuffix(".yaml")


def scenario_plain(scenario: Scenario, controls: Controls) -> dict[str, Any]:
    """Give a scenario as the page reads it, with where each control stands in it."""
    return {
        "scenario": scenario.scenario,
        "title": scenario.title,
        "question": scenario.question,
        "people": scenario.people,
        "years": scenario.years,
        "start": scenario.start,
        "arms": [
            {"arm": arm.arm, "rulebooks": [use.rulebook for use in arm.rulebooks]}
            for arm in scenario.arms
        ],
        "open_arms": list(open_arms(scenario)),
        "shown_arms": shown_arms(scenario),
        "values": {
            name: controls.value_in(control, scenario) for name, control in controls.by_id.items()
        },
    }


def shown_arms(scenario: Scenario) -> list[int]:
    """The numbers of the two arms that are shown first: two rulebooks where these are compared."""
    scored = [place for place, arm in enumerate(scenario.arms) if arm.rulebooks]
    is_comparison = len(scored) == 2 and scenario.scenario == COMPARISON
    return scored if is_comparison else [0, 1][: len(scenario.arms)]


def controls_plain(controls: Controls) -> list[dict[str, Any]]:
    """Give the groups of controls as the page reads them."""
    return [
        {
            "group": group.group,
            "controls": [
                {
                    "id": one.id,
                    "title": one.title,
                    "words": one.words,
                    "kind": one.kind,
                    "paths": list(one.paths),
                    "range": list(one.range) if one.range else None,
                    "step": one.step,
                    "unit": one.unit,
                    "status": controls.status(one),
                }
                for one in group.controls
            ],
        }
        for group in controls.groups
    ]
