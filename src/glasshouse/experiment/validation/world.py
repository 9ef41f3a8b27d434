"""Small worlds in which all is off but the rule under test, run by the engine itself.

A world is written into rooms of data and read from there like any other: acts, one rulebook, the
fictional country Pellucid with its traits spread evenly. What nobody says is neutral: everybody
hears, nobody changes, nothing is lost, late, refused or found out.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.law.assumptions import FLAT_BOUNDS, DetectionFile
from glasshouse.law.library import Library
from glasshouse.law.load import read_document
from glasshouse.law.rooms import packaged_root

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.engine.simulation import Simulation
    from glasshouse.law.experiment import Experiment
    from glasshouse.metrics.observed import Observed

DAYS_A_YEAR = 365.2425
FIRST_DAY = "2020-01-01"
SEES = "camera"
"""The channel that sees the acts of these worlds."""

DEPARTMENT = "office"
LEAST_CHANCE = 0.5 / 65536 / 0.01
"""The least chance of being seen that the engine takes: 16 bits hold no less within 1 %."""

BITS = 0.5 / 65536
"""How far a chance held in 16 bits may lie from the one asked for."""

MOST_ACTS_A_YEAR = 150.0
"""As many acts a person and year as the engine's tables hold."""

NEUTRAL = {
    "pursued": 1.0, "ability_sensitivity": 1.0, "ability_specificity": 1.0,
    "officers_per_office": 8.0, "leanings_differ": 1.0, "gaming_gain": 1.0, "strain": 1.0,
    "notice_reaches": 1.0, "aware": 1.0, "entry_known": 1.0,
}  # fmt: skip
"""Neutral values of single assumptions; of all others the least that they may be."""

_LAW: dict[str, Any] = {
    "cite": {"source": "pellucid-gazette", "at": "a rule under test"}, "evidence": "fiction",
    "from": "2019-01-01",
}  # fmt: skip


def quantity(value: float, low: float, high: float) -> dict[str, Any]:
    """Give a number of an assumption file."""
    return {"value": value, "range": [low, high], "guess": "a rule under test"}


class Act(NamedTuple):
    """An act of the world: how often every adult does it, how often it is seen."""

    name: str
    per_year: float
    seen: float
    culpable: bool = True
    debt: bool = False
    who: str = "adult"

    def written(self) -> dict[str, Any]:
        """Give it as a document."""
        return {
            "id": self.name, "title": self.name, "domain": "social", "who": self.who,
            "response": "unmoved", "department": DEPARTMENT, "context": "finance",
            "debt": self.debt, "per_year": quantity(self.per_year, 0, 10_000),
            "false_per_year": quantity(0, 0, 10_000), "seen_by": {SEES: quantity(self.seen, 0, 1)},
        }  # fmt: skip


def rule(kind: str, name: str, **said: Any) -> dict[str, Any]:
    """Give a provision."""
    return {"id": name, "rule": kind, **_LAW, **said}


def black_list(name: str, *acts: str, **said: Any) -> dict[str, Any]:
    """Give a list that acts ground; it lasts a day, is told, and bars nothing."""
    here: dict[str, Any] = {
        "list": name, "title": name, "grounds": [{"id": "acts", "acts": list(acts)}],
        "ability_test": False, "term": {"days": 1}, "notice": {"required": True},
        "contest": "none", "published": False, "measures": [],
    }  # fmt: skip
    return rule("list", name, **{**here, **said})


class World(NamedTuple):
    """A small world: its acts, its one rulebook, what it sets, its size and its length."""

    acts: Sequence[Act]
    rules: Sequence[Mapping[str, Any]]
    sets: Mapping[str, float]
    people: int
    years: int
    seed: int
    step: str = "month"
    community_size: int = 1024
    entries_each: int = 2
    listings_each: int = 2
    arms: Mapping[str, Mapping[str, float]] = MappingProxyType({"scored": {}})
    """Arms beside `nothing`, all with the rulebook, by what each sets."""
    figures: Mapping[str, float] = MappingProxyType({})
    """Figures of the society that are other than Pellucid's."""
    start: str = FIRST_DAY[:7]
    counters: Sequence[Mapping[str, Any]] = ()
    """Counters as an assumption file has them; without them one to which nobody comes."""

    def experiment(self, root: Path) -> Experiment:
        """Write the rooms of the world into an empty folder and settle them.

        Raises BadInput where the engine would not run it.
        """
        home = root / "societies" / "pellucid"
        shutil.copytree(packaged_root() / "societies" / "pellucid", home)
        (home / "society.yaml").write_text(evenly_spread(self.figures), encoding="utf-8")
        for place, said in self._files().items():
            file = root / f"{place}.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(as_text(said), encoding="utf-8")
        written = {path.name for path in (root / "assumptions").iterdir()}
        for path in sorted((packaged_root() / "assumptions").glob("*.yaml")):
            if path.name not in written:
                shutil.copy(path, root / "assumptions" / path.name)
        return Library(root).resolve("world")

    def _files(self) -> dict[str, Any]:
        source = {
            "title": "Gazette", "by": "Pellucid", "kind": "law", "date": "2019",
            "language": "en", "address": None, "why": "invented",
        }  # fmt: skip
        judged = [
            {"act": act.name, "culpable": act.culpable, "gravity": quantity(0, 0, 1), "why": "said"}
            for act in self.acts
        ]
        return {
            "sources/all": {"pellucid-gazette": source, **cited_by_contexts()},
            "assumptions/acts": {"acts": [act.written() for act in self.acts]},
            "assumptions/culpability": {"acts": judged},
            "assumptions/detection": detection(),
            "assumptions/records": {"departments": [office()]},
            "assumptions/counters": {"counters": list(self.counters) or [counter()]},
            **{f"assumptions/{room}": flat(bounds) for room, bounds in FLAT_BOUNDS.items()},
            "rulebooks/book/rulebook": {
                "rulebook": "book", "title": "book", "family": "fictional", "place": "nowhere",
                "summary": "a rule under test", "instrument": "book", "applies_to": "person",
                "enrolment": "mandatory",
            },
            "rulebooks/book/rules": {"provisions": list(self.rules)},
            "scenarios/world": {
                "scenario": "world", "title": "t", "question": "q", "society": "pellucid",
                "people": self.people, "start": self.start, "years": self.years,
                "step": self.step, "seed": self.seed, "community_size": self.community_size,
                "open_entries_per_person": self.entries_each,
                "open_listings_per_person": self.listings_each, "set": dict(self.sets),
                "arms": [
                    {"arm": "nothing", "rulebooks": []},
                    *(
                        {"arm": name, "rulebooks": [{"rulebook": "book"}], "set": dict(values)}
                        for name, values in self.arms.items()
                    ),
                ],
            },
        }  # fmt: skip


def detection() -> dict[str, Any]:
    """Give twelve channels that are everywhere and never mistaken; one compares faces."""
    names = [one["id"] for one in packaged("detection")["channels"]]
    faces = {
        "match": quantity(1, 0, 1), "gallery": quantity(0, 0, 1e12),
        "false_match_rate": quantity(0, 0, 1), "reviewer_rejects": quantity(1, 0, 1),
    }  # fmt: skip
    channels = [
        {
            "id": name, "title": name, "covers_urban": quantity(1, 0, 1),
            "covers_rural": quantity(1, 0, 1), "wrong_person": quantity(0, 0, 1),
            "wrong_to": {"household": 0.4, "community": 0.6, "elsewhere": 0.0},
            **(faces if name == SEES else {}),
        }
        for name in names
    ]  # fmt: skip
    rest = {name: quantity(0, 0, 1) for name in DetectionFile.model_fields if name != "channels"}
    return {"channels": channels, **rest}


def office() -> dict[str, Any]:
    """Give a department that writes down everything at once."""
    return {
        "id": DEPARTMENT, "title": DEPARTMENT, "delay_days": quantity(0, 0, 1000),
        "loss": quantity(0, 0, 1), "capacity_per_1000_year": quantity(1e9, 0, 1e9),
    }  # fmt: skip


def counter() -> dict[str, Any]:
    """Give a counter to which nobody comes."""
    return {
        "id": "counter", "title": "counter", "context": "travel", "needs": "adult",
        "attempts_per_year": quantity(0, 0, 1), "retries_mean": quantity(0, 0, 1),
        "burden": quantity(0, 0, 1), "means_loss": quantity(0, 0, 1),
    }  # fmt: skip


def flat(bounds: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    """Give a flat file in which everything is at its neutral value."""
    return {
        name: {
            **quantity(NEUTRAL.get(name, low), low, min(high, 100_000.0)),
            "unit": "unit", "meaning": "a rule under test",
        }
        for name, (low, high) in bounds.items()
    }  # fmt: skip


@cache
def packaged(room: str) -> Any:
    """Give a packaged assumption file as plain values."""
    return read_document(packaged_root() / "assumptions" / f"{room}.yaml").value


def evenly_spread(figures: Mapping[str, float]) -> str:
    """Give the society of Pellucid without the tables of its traits: all spread evenly."""
    said = dict(pellucid())
    said["figures"] = said["figures"] | {
        name: quantity(value, value, value) for name, value in figures.items()
    }
    return as_text(said)


@cache
def pellucid() -> dict[str, Any]:
    """Give the society of Pellucid as plain values, without the tables of its traits."""
    path = packaged_root() / "societies" / "pellucid" / "society.yaml"
    return {key: value for key, value in read_document(path).value.items() if key != "traits"}


@cache
def cited_by_contexts() -> dict[str, Any]:
    """Give the house's sources, which the files taken over as they are may cite."""
    return {
        key: source.model_dump(mode="json", exclude_none=False)
        for key, source in Library().sources().items()
        if key != "pellucid-gazette"
    }


def as_text(said: Any) -> str:
    """Give a document as text; a day stands without quotation marks."""
    return re.sub(r'"(\d{4}-\d\d-\d\d)"', r"\1", json.dumps(said, ensure_ascii=False))


# --- reading a finished run -----------------------------------------------------------------------


def count(run: Simulation, name: str, arm: int = 1) -> Any:
    """Give a count of an arm over all steps and provinces, by what it is counted by."""
    return sum(getattr(record.counts, name)[arm].sum(axis=0) for record in run.history)


def total(run: Simulation, name: str, arm: int = 1) -> int:
    """Give a count of an arm over everything."""
    return int(count(run, name, arm).sum())


def by_label(run: Simulation, name: str = "listed") -> tuple[int, int, int, int]:
    """Give listings by what stands behind them: rightly, not theirs, could not, lawful."""
    found = count(run, name).reshape(-1, 4).sum(axis=0)
    return int(found[0]), int(found[1]), int(found[2]), int(found[3])


def stock(run: Simulation) -> list[int]:
    """Give the listings in force at the end of each step."""
    return [int(record.counts.stock[1].sum()) for record in run.history]


def adult_years(run: Simulation) -> float:
    """Give the years that adult persons have lived in the run (ages are those of each month)."""
    rows, days = run.world.rows, 0
    for when in run.plan.steps[: run.finished_steps]:
        years = (when.age_month - rows.birth_month.astype(int)) // 12
        days += int(((rows.kind == 1) & (years >= 18)).sum()) * (when.end_day - when.first_day)
    return days / DAYS_A_YEAR


def held(chance: float) -> float:
    """Give the chance that the engine holds in 16 bits where this one is asked for."""
    return min(round(chance * 65536), 65535) / 65536


def seen_by(run: Simulation, arm: int = 1) -> Observed:
    """Give an arm of a run as metrics see it: who stood on lists, for what, in which community."""
    from glasshouse.metrics.observed import LABELS, Observed

    days = run.world.outcome.listed_days[:, arm]
    communities, _, slots = days.shape
    group = run.world.first_community + np.arange(communities)
    rows = {f"listed_days_{label}": days[:, place].ravel() for place, label in enumerate(LABELS)}
    return Observed("scored", {"community": np.repeat(group, slots), **rows})
