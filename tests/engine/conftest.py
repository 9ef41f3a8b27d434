"""A laboratory: tiny worlds in which all but the rule under test is switched off."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from scipy import stats

from glasshouse.archive.columns import columns_of
from glasshouse.archive.digest import RunDigest
from glasshouse.engine.drivers import Driver, driver
from glasshouse.engine.plan.plan import Plan, make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.law.assumptions import FLAT_BOUNDS, DetectionFile
from glasshouse.law.experiment import Experiment
from glasshouse.law.library import Library
from glasshouse.law.rooms import packaged_root

FALSE_ALARM = 1e-6
"""How often all statistical tests of this folder together may fail although nothing is wrong."""

COMPARISONS = 1000
"""At least as many as there are statistical comparisons in this folder."""

UNLIKELY = FALSE_ALARM / COMPARISONS
SIGMAS = float(stats.norm.isf(UNLIKELY / 2))

Document = Mapping[str, Any]

CHANNELS = (
    "camera counter court bank utility platform neighbour informant mobile grid workplace "
    "device_search"
).split()
PATCHES: Document = {"mobile": {"where": ["Middle"]}, "grid": {"by_neighbourhood": True}}
FACES = {
    "match": (1, 1),
    "gallery": (0, 1e10),
    "false_match_rate": (0, 1),
    "reviewer_rejects": (0, 1),
}
"""What a camera says of faces: the neutral value and the highest."""

DEPARTMENTS = ("police", "court", "clerks")
CONTEXTS = (
    "finance", "traffic", "housing", "education", "work", "family", "speech", "welfare", "travel",
    "health",
)  # fmt: skip
NEUTRAL = {
    # Everybody hears, nobody changes, nothing is lost, late, refused or found out.
    "pursued": 1.0,
    "ability_sensitivity": 1.0,
    "ability_specificity": 1.0,
    "officers_per_office": 8.0,
    "leanings_differ": 1.0,
    "gaming_gain": 1.0,
    "strain": 1.0,
    "notice_reaches": 1.0,
    "aware": 1.0,
    "entry_known": 1.0,
}
LAW = {"cite": {"source": "gazette", "at": "art. 1"}, "evidence": "fiction", "from": "2019-01-01"}

EVERYTHING = Path(__file__).with_name("everything.yaml")


def quantity(value: float, high: float = 1000.0, low: float = 0.0) -> dict[str, Any]:
    """Give a number whose range is wide enough for every test."""
    return {"value": value, "range": [low, high], "guess": "a test"}


class Lab:
    """Writes documents, resolves them to experiments, runs them."""

    sigmas = SIGMAS

    def __init__(self, root: Path, compiled: Driver) -> None:
        """Keep the folder and the driver that was compiled once."""
        self.root, self.compiled = root, compiled
        self.numbers = itertools.count()

    # --- documents -----------------------------------------------------------------------------

    @staticmethod
    def act(name: str, response: str = "unmoved", *, culpable: bool = True, **changed: Any) -> Any:
        """Give an act, by default of every adult, four times a year, half of them seen."""
        said: dict[str, Any] = {
            "id": name,
            "title": name,
            "domain": "social",
            "who": "adult",
            "response": response,
            "department": "police",
            "context": "work",
            "debt": False,
            "culpable": culpable,
            "per_year": 4.0,
            "false_per_year": 0.0,
            "seen_by": {"camera": 0.5},
            "ratio": None,
        }
        return {**said, **changed}

    @staticmethod
    def rule(rule: str, name: str = "", **said: Any) -> dict[str, Any]:
        """Give a provision of this kind."""
        return {"id": name or rule, "rule": rule, **LAW, **said}

    @classmethod
    def scale(cls, start: int = 1000, floor: int | None = None, cap: int | None = None) -> Any:
        """Give a scale that is open at both ends unless said otherwise."""
        return cls.rule("scale", start=start, floor=floor, cap=cap)

    @classmethod
    def points(cls, *acts: str, name: str = "points", **said: Any) -> Any:
        """Give what acts are worth."""
        return cls.rule("points", name, acts=list(acts), **said)

    @classmethod
    def register(cls, *acts: str, name: str = "register", **said: Any) -> Any:
        """Give a list that acts ground; it lasts 60 days, is told, and bars nothing."""
        here = {
            "list": name,
            "title": name,
            "grounds": [{"id": "acts", "acts": list(acts)}],
            "ability_test": False,
            "term": {"days": 60},
            "notice": {"required": True},
            "contest": "none",
            "published": False,
            "measures": [],
        }
        return cls.rule("list", f"{name}-list", **{**here, **said})

    def write(
        self,
        acts: Sequence[Document],
        books: Mapping[str, Sequence[Document]],
        *,
        wrong_to: tuple[float, float, float] = (0.4, 0.6, 0.0),
        enterprises: float = 0.0,
        enterprise_books: Sequence[str] = (),
        bodies: Mapping[str, float] | None = None,
        books_of: Mapping[str, str] | None = None,
        counters: int = 2,
        headers: Mapping[str, Document] | None = None,
        counters_said: Mapping[str, Document] | None = None,
        related: Sequence[tuple[str, str]] = (),
        enrolment: Mapping[str, str] | None = None,
        departments: Mapping[str, Document] | None = None,
    ) -> Library:
        """Write the rooms of a world."""
        root = self.root / f"world{next(self.numbers)}"
        home = root / "societies" / "pellucid"
        shutil.copytree(packaged_root() / "societies" / "pellucid", home)
        text = (home / "society.yaml").read_text(encoding="utf-8")
        old = "enterprises_per_row: {value: 0.02"
        assert old in text
        text = text.replace(old, f"enterprises_per_row: {{value: {enterprises}")
        for name, per_row in (("courts", 0.001), ("governments", 0.002)):
            old = f"{name}_per_row: {{value: {per_row}"
            assert old in text
            text = text.replace(old, f"{name}_per_row: {{value: {(bodies or {}).get(name, 0)}")
        (home / "society.yaml").write_text(text, encoding="utf-8")
        source = {
            "title": "t", "by": "b", "kind": "law", "date": "2019", "language": "English",
            "address": None, "why": "a test",
        }  # fmt: skip
        household, community, elsewhere = wrong_to
        aside = ("culpable", "worthless", "ratio", "trait", "gravity")
        files: dict[str, Any] = {
            "sources/all": {"gazette": source, "pellucid-gazette": source},
            "assumptions/acts": {
                "acts": [
                    {
                        **{key: value for key, value in act.items() if key not in aside},
                        "per_year": quantity(act["per_year"]),
                        "false_per_year": quantity(act["false_per_year"]),
                        "seen_by": {k: quantity(v, 1.0) for k, v in act["seen_by"].items()},
                    }
                    | ({"necessary": quantity(act["necessary"], 1)} if "necessary" in act else {})
                    | (
                        {
                            "varies_with": {
                                "trait": act.get("trait", "honesty"),
                                "ratio": quantity(act["ratio"], 1000, 0.001),
                            }
                        }
                        if act["ratio"]
                        else {}
                    )
                    for act in acts
                ]
            },
            "assumptions/culpability": {
                "acts": [
                    {"act": a["id"], "culpable": a["culpable"], "why": "w",
                     "gravity": quantity(a.get("gravity", 0), 100_000),
                     "worthless": a.get("worthless", False)}
                    for a in acts
                ]
            },
            "assumptions/detection": {
                "channels": [
                    {
                        "id": name, "title": name,
                        "covers_urban": quantity(1, 1), "covers_rural": quantity(1, 1),
                        "wrong_person": quantity(0, 1),
                        "wrong_to": {
                            "household": household, "community": community, "elsewhere": elsewhere,
                        },
                        **PATCHES.get(name, {}),
                        **(
                            {key: quantity(*ends) for key, ends in FACES.items()}
                            if name == "camera"
                            else {}
                        ),
                    }
                    for name in CHANNELS
                ],
                **{
                    name: quantity(0, 1 if name == "attention_follows_records" else 20)
                    for name in DetectionFile.model_fields
                    if name != "channels"
                },
            },
            "assumptions/records": {
                "departments": [
                    {
                        "id": name, "title": name,
                        "delay_days": quantity(0), "loss": quantity(0, 1),
                        "capacity_per_1000_year": quantity(1e6, 1e6),
                        **(departments or {}).get(name, {}),
                    }
                    for name in DEPARTMENTS
                ]
            },
            "assumptions/counters": {
                "counters": [
                    {
                        "id": f"counter{n}", "title": "c", "context": "travel", "needs": "adult",
                        "attempts_per_year": quantity(0), "retries_mean": quantity(0),
                        "burden": quantity(100), "means_loss": quantity(0, 1),
                        **(counters_said or {}).get(f"counter{n}", {}),
                    }
                    for n in range(counters)
                ]
            },
            "assumptions/contexts": {
                "contexts": [{"id": name, "title": name} for name in CONTEXTS],
                "related": [
                    {"pair": list(pair), "why": "a test", "guess": "a test"} for pair in related
                ],
            },
            **{f"assumptions/{room}": flat(bounds) for room, bounds in FLAT_BOUNDS.items()},
        }  # fmt: skip
        for name, provisions in books.items():
            kind = (
                "enterprise" if name in enterprise_books else (books_of or {}).get(name, "person")
            )
            files[f"rulebooks/{name}/rulebook"] = {
                "rulebook": name, "title": name, "family": "fictional", "place": "nowhere",
                "summary": "s", "instrument": "i", "applies_to": kind,
                "enrolment": (enrolment or {}).get(name, "mandatory"),
                **(headers or {}).get(name, {}),
            }  # fmt: skip
            files[f"rulebooks/{name}/rules"] = {"provisions": list(provisions)}
        for place, said in files.items():
            file = root / f"{place}.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(written(said), encoding="utf-8")
        return Library(root)

    def experiment(
        self,
        acts: Sequence[Document],
        books: Mapping[str, Sequence[Document]],
        arms: Mapping[str, Any] | None = None,
        *,
        sets: Mapping[str, float] | None = None,
        people: int = 131_072,
        years: int = 1,
        step: str = "month",
        seed: int = 7,
        community_size: int = 1024,
        **world: Any,
    ) -> Experiment:
        """Settle a world; without ``arms`` it has nothing and, as `scored`, all books.

        An arm is its books (or uses of books), what it sets and, if need be, what else it says.
        """
        library = self.write(acts, books, **world)
        told = {"scored": (tuple(books), {})} if arms is None else arms
        scenario = {
            "scenario": "try", "title": "t", "question": "q", "society": "pellucid",
            "people": people, "start": "2020-01", "years": years, "step": step, "seed": seed,
            "community_size": community_size, "set": dict(sets or {}),
            "open_entries_per_person": 8, "open_listings_per_person": 4,
            "arms": [{"arm": "nothing", "rulebooks": []}]
            + [
                {
                    "arm": name,
                    "rulebooks": [{"rulebook": b} if isinstance(b, str) else b for b in names],
                    "set": dict(values),
                    **(more[0] if more else {}),
                }
                for name, (names, values, *more) in told.items()
            ],
        }  # fmt: skip
        file = library.root / "scenarios" / "try.yaml"
        file.parent.mkdir()
        file.write_text(written(scenario), encoding="utf-8")
        return library.resolve("try")

    def everything(
        self,
        others: tuple[str, ...] = (),
        *,
        reaches: str = "household",
        wrong_person: float = 0.1,
        **settings: Any,
    ) -> Experiment:
        """Settle a small world with every kind of rule, and more arms of the same rules."""
        said = yaml.safe_load(EVERYTHING.read_text(encoding="utf-8"))
        acts = [self.act(**act) for act in said["acts"]]
        books = {
            name: [{**LAW, **provision} for provision in provisions]
            for name, provisions in said["books"].items()
        }
        books["civic"][-1]["measures"][0]["reaches"] = reaches
        sets = {**said["sets"], "detection.camera.wrong_person": wrong_person}
        if reaches == "person":
            # No inbox hands anything from person to person, nor from buyer to producer.
            sets["threats.producer_margin"] = 0.0
        if wrong_person == 0:
            sets["process.mixups_per_backlog_day"] = 0
        names = tuple(books)
        more = {"merge": "2020-07-01", "join_by": "name"}
        arms: dict[str, Any] = {"scored": (names, {}, more)}
        arms |= {other: (() if other == "again" else names, {}, more) for other in others}
        size = {"people": 1000, "community_size": 128}
        return self.experiment(
            acts,
            books,
            arms,
            sets=sets,
            wrong_to=(0.3, 0.4, 0.3),
            enterprises=0.03,
            enterprise_books=("rating",),
            bodies={"courts": 0.01, "governments": 0.03},
            books_of={"state": "government"},
            counters=4,
            counters_said=said["counters"],
            related=said["related"],
            headers={"rival": {"covers": "employed", "thin_file": "refused"}},
            enrolment=said["enrolment"],
            departments=said["departments"],
            **{**size, **settings},
        )

    # --- runs ----------------------------------------------------------------------------------

    def plan(self, *said: Any, **settings: Any) -> Plan:
        """Settle a world and plan its run."""
        return make_plan(self.experiment(*said, **settings))

    def run(self, *said: Any, **settings: Any) -> Simulation:
        """Settle a world and run it to the end, compiled."""
        return self.finished(self.plan(*said, **settings), self.compiled)

    @staticmethod
    def finished(plan: Plan, using: Driver, steps: int | None = None) -> Simulation:
        """Run a plan, to the end unless told otherwise."""
        simulation = Simulation(plan, using)
        simulation.begin()
        for _ in plan.steps[:steps]:
            simulation.advance()
        return simulation

    @staticmethod
    def digest(simulation: Simulation) -> str:
        """Give the digest of a run in memory."""
        made = RunDigest()
        made.communities(columns_of(simulation.world))
        for record in simulation.history:
            made.step(record.when.first_day, record.when.end_day, record.counts._asdict())
        return made.digest()

    # --- reading -------------------------------------------------------------------------------

    @staticmethod
    def count(simulation: Simulation, name: str, arm: int = 1) -> Any:
        """Give a count of an arm over all steps and provinces, by what it is counted by."""
        return sum(getattr(r.counts, name)[arm].sum(axis=0) for r in simulation.history)

    @classmethod
    def total(cls, simulation: Simulation, name: str, arm: int = 1) -> int:
        """Give a count of an arm over everything."""
        return int(cls.count(simulation, name, arm).sum())

    @staticmethod
    def at(simulation: Simulation, name: str, step: int, arm: int = 1) -> Any:
        """Give a count of an arm in one step, over all provinces."""
        return getattr(simulation.history[step].counts, name)[arm].sum(axis=0)

    @classmethod
    def final(cls, simulation: Simulation, name: str, arm: int = 1) -> int:
        """Give a count of an arm in the last step, over everything."""
        return int(cls.at(simulation, name, -1, arm).sum())

    @staticmethod
    def adult_days(simulation: Simulation) -> int:
        """Give the days that adult persons live in the run (ages are those of each month)."""
        rows, total = simulation.world.rows, 0
        for when in simulation.plan.steps:
            years = (when.age_month - rows.birth_month.astype(int)) // 12
            total += int(((rows.kind == 1) & (years >= 18)).sum()) * (when.end_day - when.first_day)
        return total

    # --- chance --------------------------------------------------------------------------------

    @staticmethod
    def assert_share(hits: int, trials: int, share: float) -> None:
        """Compare independent hits with their probability, exactly."""
        found = stats.binomtest(int(hits), int(trials), share)
        assert found.pvalue > UNLIKELY, (hits, trials, hits / max(trials, 1), share)

    @staticmethod
    def assert_poisson(found: int, mean: float) -> None:
        """Compare a Poisson count with its mean, exactly."""
        law = stats.poisson(mean)
        tail = 2 * min(law.cdf(found), law.sf(found - 1))
        assert tail > UNLIKELY, (found, mean, (found - mean) / mean**0.5)

    @staticmethod
    def assert_mean(values: Any, mean: float) -> None:
        """Compare the mean of independent values with what it should be."""
        values = np.asarray(values, float)
        error = values.std(ddof=1) / len(values) ** 0.5
        assert abs(values.mean() - mean) <= SIGMAS * error, (values.mean(), mean, error)

    @staticmethod
    def assert_lower(less: Any, more: Any) -> None:
        """Assert that paired persons differ, in the mean, by more than chance can make them."""
        rest = np.asarray(more, float).ravel() - np.asarray(less, float).ravel()
        error = rest.std(ddof=1) / len(rest) ** 0.5
        assert rest.mean() > SIGMAS * error > 0, (rest.mean(), error)


def written(said: Any) -> str:
    """Give a document as text; a day stands without quotation marks."""
    return re.sub(r'"(\d{4}-\d\d-\d\d)"', r"\1", json.dumps(said))


def flat(bounds: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    """Give a flat file in which everything is at its neutral value."""
    return {
        name: {
            **quantity(NEUTRAL.get(name, low), min(high, 40_000.0), low),
            "unit": "u", "meaning": "m",
        }
        for name, (low, high) in bounds.items()
    }  # fmt: skip


@pytest.fixture(scope="session")
def compiled() -> Driver:
    """The driver of the processor, one thread; compiled once for all tests."""
    return driver("cpu", 1)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, compiled: Driver) -> Lab:
    """The laboratory."""
    return Lab(tmp_path_factory.mktemp("lab"), compiled)
