"""A tiny, complete set of data rooms in a temporary folder, for tests to spoil."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from glasshouse.errors import BadInput, Problem
from glasshouse.law.assumptions import FLAT_BOUNDS
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Q = "{value: 0.3, range: [0.1, 0.5], guess: tiny}"

SOURCES = """\
gazette: {title: The Gazette, by: the tiny state, kind: law, date: 2014, language: English,
  address: null, why: tiny law}
"""
ACTS = f"""\
acts:
  - {{id: late_bill, title: a late bill, domain: commercial, who: adult, per_year: {Q},
     varies_with: {{trait: honesty, ratio: {Q}}}, response: strained, department: bank,
     context: finance, seen_by: {{camera: {Q}}}, false_per_year: {Q}, debt: true}}
  - {{id: kind_deed, title: a kind deed, domain: social, who: adult, per_year: {Q},
     response: rewarded, department: bank, context: family, seen_by: {{}}, false_per_year: {Q}}}
"""
CULPABILITY = f"""\
acts:
  - {{act: late_bill, culpable: true, gravity: {Q}, why: it harms}}
  - {{act: kind_deed, culpable: false, gravity: {Q}, why: it does not}}
"""
DETECTION = f"""\
channels:
  - {{id: camera, title: a camera, covers_urban: {Q}, covers_rural: {Q}, wrong_person: {Q},
     wrong_to: {{household: 0.2, community: 0.5, elsewhere: 0.3}}}}
attention_follows_records: {Q}
attention_follows_file: {Q}
scrutiny_of_licensed: {Q}
map_watch: {Q}
informant_reward: {Q}
grudge: {Q}
"""
RECORDS = f"""\
departments:
  - {{id: bank, title: a bank, delay_days: {Q}, loss: {Q}, capacity_per_1000_year: {Q}}}
"""
COUNTERS = f"""\
counters:
  - {{id: flight, title: a flight, context: travel, attempts_per_year: {Q}, needs: adult,
     retries_mean: {Q}, burden: {Q}, means_loss: {Q}}}
"""
CONTEXTS = """\
contexts: [{id: finance, title: money}, {id: family, title: kin}, {id: travel, title: journeys}]
related:
  - {pair: [family, travel], why: families go on journeys, guess: tiny}
"""
HEADER = """\
rulebook: civic
title: The civic score
family: fictional
place: Tiny
summary: A tiny score.
instrument: civic score
applies_to: person
enrolment: mandatory
"""
PROVISIONS = """\
provisions:
  - id: scale
    rule: scale
    from: 2014-01
    cite: {source: gazette, at: art. 1}
    evidence: fiction
    start: 1_000
    floor: 0
    cap: 1300
  - {id: grade-a, rule: grade, from: 2014-01-01, cite: {source: gazette, at: art. 2},
     evidence: fiction, grade: A, at_least: 900}
  - {id: minus, rule: points, from: 2014-01-01, cite: {source: gazette, at: art. 3},
     evidence: fiction, acts: [late_bill], range: [-50, -5]}
  - {id: keep, rule: retention, from: 2014-01-01, cite: {source: gazette, at: art. 4},
     evidence: fiction, years: 5}
  - {id: list, rule: list, from: 2014-01-01, until: 2020-01-01,
     cite: {source: gazette, at: art. 5}, evidence: fiction, list: blacklist, title: The list,
     grounds: [{id: unpaid, acts: [late_bill]}], ability_test: true, term: {until: performed},
     notice: {required: true}, performance: {deletes: true}, contest: none, published: true,
     measures: [{counter: flight, reaches: person}]}
  - {id: perk, rule: privilege, from: 2014-01-01, cite: {source: gazette, at: art. 6},
     evidence: fiction, grade: A, counters: [flight]}
"""
SOCIETY = f"""\
society: tiny
title: Tiny
summary: A tiny country.
cite: {{source: gazette, at: table 1}}
tables: {{age_sex: ages.csv, provinces: provinces.csv}}
unallocated_persons: 10
figures: {{household_size: {Q}}}
traits: {{literacy: {{values: [0, 65535], weights: [1, 2.5]}}}}
"""
AGES = "age,persons,male,female\n0-4,1000,500,500\n5+,3000,1400,1600\n"
PROVINCES = "province,title,persons\nNO,North,2000\nSO,South,2005\n"
SCENARIO = """\
scenario: try
title: A try
question: Does it load?
society: tiny
people: 10_000
start: 2014-06
years: 2
step: month
seed: 1
arms:
  - {arm: nothing, rulebooks: []}
  - arm: scored
    rulebooks:
      - {rulebook: civic, from: 2015-01, where: [NO]}
    set: {process.aided: 0.2}
set: {response.aware: 0.4}
"""


def flat(bounds: dict[str, tuple[float, float]]) -> str:
    """A flat file with a value in the middle of its bounds for every name."""
    lines = (
        f"{name}: {{value: {low}, range: [{low}, {min(high, low + 1)}], guess: tiny, unit: share,"
        " meaning: tiny}\n"
        for name, (low, high) in bounds.items()
    )
    return "".join(lines) or "{}\n"


FILES = {
    "sources/all.yaml": SOURCES,
    "assumptions/acts.yaml": ACTS,
    "assumptions/culpability.yaml": CULPABILITY,
    "assumptions/detection.yaml": DETECTION,
    "assumptions/records.yaml": RECORDS,
    "assumptions/counters.yaml": COUNTERS,
    "assumptions/contexts.yaml": CONTEXTS,
    **{f"assumptions/{room}.yaml": flat(bounds) for room, bounds in FLAT_BOUNDS.items()},
    "rulebooks/civic/rulebook.yaml": HEADER,
    "rulebooks/civic/rules.yaml": PROVISIONS,
    "societies/tiny/society.yaml": SOCIETY,
    "societies/tiny/ages.csv": AGES,
    "societies/tiny/provinces.csv": PROVINCES,
    "scenarios/try.yaml": SCENARIO.replace("process.aided", "process.pursued"),
}


@dataclass(frozen=True)
class Rooms:
    """Tiny rooms and what tests do with them."""

    root: Path

    @property
    def library(self) -> Library:
        """The library over these rooms."""
        return Library(self.root)

    def write(self, file: str, text: str) -> Path:
        """Write one file of the rooms."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def change(self, file: str, old: str, new: str) -> Path:
        """Replace a text that stands in a file."""
        text = (self.root / file).read_text(encoding="utf-8")
        assert old in text
        return self.write(file, text.replace(old, new))

    @staticmethod
    def problems(action: Callable[[], object]) -> list[Problem]:
        """The problems that an action ends with; it must end with some."""
        with pytest.raises(BadInput) as caught:
            action()
        return caught.value.problems


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    """Rooms in which everything is right."""
    made = Rooms(tmp_path / "rooms")
    for file, text in FILES.items():
        made.write(file, text)
    return made
