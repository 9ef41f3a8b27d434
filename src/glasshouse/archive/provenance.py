"""run.json: where a run comes from, what it left, and the digest of what came out."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from glasshouse.archive.legend import Legend
from glasshouse.law.validate import Strict, refusal

RUN_FILE = "run.json"
FORMAT = "glasshouse run"
FORMAT_VERSION = 1

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Whole = Annotated[int, Field(ge=0)]


def is_part_name(name: str) -> bool:
    """Say whether a text names a file inside a run directory, and by one spelling only."""
    path = PurePosixPath(name)
    return (
        0 < len(name) <= 1000
        and name == path.as_posix()
        and not path.is_absolute()
        and name != RUN_FILE
        and name.isprintable()
        and "\\" not in name
        and all(part not in {".", ".."} for part in path.parts)
    )


def _names_parts(parts: dict[str, Part]) -> dict[str, Part]:
    for name in parts:
        if not is_part_name(name):
            raise refusal(f"`{name[:60]!a}` cannot be a part", "a path inside the run directory")
    return parts


class Part(Strict):
    """One file of the run directory."""

    sha256: Sha256
    bytes: Whole


class ScenarioValues(Strict):
    """The scenario with the values it was run with."""

    scenario: str
    title: str
    question: str
    society: str
    people: int
    years: int
    months: int | None = None
    """Where the run was asked for by the month; ``years`` are then those that they begin."""
    start: str
    step: Literal["month", "week", "day"]
    seed: int
    society_seed: int | None = None
    community_size: int

    @property
    def months_in_all(self) -> int:
        """How many months the run lasts."""
        return 12 * self.years if self.months is None else self.months


class RulebookUsed(Strict):
    """A rulebook of an arm; without a day its own dates decide, without provinces it is in all."""

    rulebook: str
    title: str
    family: Literal["told", "documented", "comparator", "fictional"]
    instrument: str
    from_day: str | None
    until_day: str | None = None
    where: tuple[str, ...] | None


class ArmUsed(Strict):
    """One arm: its law, and its assumptions where they differ from those of the first arm."""

    arm: str
    is_baseline: bool
    rulebooks: tuple[RulebookUsed, ...]
    evidence: dict[str, Whole]
    """Provisions in force at some time of the run, by how well they are established."""
    values: dict[str, float]
    mechanisms: dict[str, str] = Field(default_factory=dict)
    """Mechanisms of the sources that are on, by id, with their evidence status."""
    safeguards: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Safeguards that are on, by name, with what of the arm's own law each changes by itself."""


class Options(Strict):
    """How the run was asked for."""

    command: tuple[str, ...]
    driver: str
    threads: int
    collect: Literal["all", "counts"]
    shard_communities: Whole = 0
    """Communities of a shard where the society stays in files; 0 where it is held in memory."""
    keep_at: tuple[str, ...] = ()
    """Days on which the whole state is kept, for forks that begin there."""


class Machine(Strict):
    """What ran it and what it took; none of this enters the digest."""

    device: str
    system: str
    python: str
    numpy: str
    numba: str
    duckdb: str
    started: str
    seconds: float
    peak_memory_bytes: int


class RareFigure(Strict):
    """A published figure of something rare that the run is large enough to see."""

    arm: str
    figure: str
    on: str
    value: Whole
    source: str
    counts: Literal["listed", "entries"]
    of: str
    """The list whose names are counted, or the act whose entries are."""
    expected: tuple[float, ...]
    """What the rates, which are assumptions, expect of each step."""


class Left(Strict):
    """What was not collected, and which metrics go with it."""

    tables: tuple[str, ...]
    metrics: tuple[str, ...]


class Parent(Strict):
    """The run that a fork branched from, and when, and what has been other since."""

    digest: Sha256
    scenario: str
    seed: int
    day: str
    """The first day under the other rules."""
    changes: dict[str, str]
    """What changed on that day, as ``--set`` says it."""
    replayed: bool
    """Whether the steps before that day were run again, for want of a state that was kept."""


class Provenance(Strict):
    """run.json as a whole."""

    format: Literal["glasshouse run"] = "glasshouse run"
    format_version: Literal[1] = 1
    glasshouse_version: str
    status: Literal["unfinished", "finished"]
    digest: Sha256 | None
    digest_by_column: dict[str, Sha256]
    """SHA-256 of every column and of the counts, so that a difference can be named."""
    scenario: ScenarioValues
    sets: dict[str, str]
    options: Options
    parent: Parent | None = None
    """The run that this one is a fork of."""
    machine: Machine
    first_day: str
    days: Whole
    steps: Whole
    finished_steps: Whole
    people: Whole
    communities: Whole
    values: dict[str, float]
    """Every assumption as the first arm had it, by the path that ``--set`` uses."""
    guesses: Whole
    """How many of the values are guesses."""
    arms: tuple[ArmUsed, ...]
    cites: tuple[str, ...]
    """Keys of the sources of everything used."""
    left_out: Left
    legend: Legend
    follow: Whole = 0
    """Once finished: the first person wrongly listed, else anybody listed, else 0."""
    rare: tuple[RareFigure, ...] = ()
    """Once finished: what of the rare the run can be asked for."""
    parts: Annotated[dict[str, Part], AfterValidator(_names_parts)]

    def with_part(self, name: str, part: Part) -> Provenance:
        """The same with one part more."""
        return self.model_copy(update={"parts": {**self.parts, name: part}})

    def without_part(self, name: str) -> Provenance:
        """The same without a part."""
        return self.model_copy(update={"parts": {n: p for n, p in self.parts.items() if n != name}})


def identity_of(said: Provenance) -> str:
    """Give the hash of what makes a run this run: its version, its data, its values."""
    data = {name: part.sha256 for name, part in said.parts.items() if name.startswith("data/")}
    told = said.model_dump_json(include={"glasshouse_version", "scenario", "sets", "values"})
    return hashlib.sha256(f"{told} {sorted(data.items())}".encode()).hexdigest()


def provenance_schema() -> dict[str, Any]:
    """Give the JSON Schema of run.json."""
    return Provenance.model_json_schema()
