"""A design as its file states it, and the design that comes of it, or all that is wrong at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from pydantic import Field

from glasshouse.errors import BadInput, Problem
from glasshouse.experiment import design as designs
from glasshouse.experiment.design_table import read_table
from glasshouse.experiment.free import Free
from glasshouse.law import rooms
from glasshouse.law.citation import Id, Text
from glasshouse.law.intake import Intake
from glasshouse.law.load import MAX_PROBLEMS, Document, KeyPath
from glasshouse.law.scenario import People, Reference, Seed, Years
from glasshouse.law.validate import Strict, described, validated

if TYPE_CHECKING:
    from glasshouse.experiment.design import Design, Range, Value
    from glasshouse.law.experiment import Experiment

Cell = Any
"""Taken in whatever it is, and refused with the words of a design."""

DECLARED = "declared"
TABLE = ".csv"

_NEEDS: dict[str, tuple[str, ...]] = {
    "one": (),
    "table": ("rows",),
    "grid": ("values",),
    "latin-hypercube": ("paths", "points"),
    "sobol": ("paths", "points"),
    "morris": ("paths", "trajectories"),
    "saltelli": ("paths", "points"),
}
"""Which keys say the points of each kind; a table may be a file (``table``) instead of rows."""

_OWN = ("rows", "table", "values", "paths", "points", "trajectories", "draw")

EXAMPLES = {
    "rows": "rows: [{process.notice_reaches: 0.5}], or table: FILE.csv",
    "values": "values: {process.notice_reaches: [0.2, 0.8]}",
    "paths": "paths: {process.notice_reaches: declared}",
    "points": "points: 64",
    "trajectories": "trajectories: 10",
}


class DesignFile(Strict):
    """A design file."""

    design: Id
    title: Text = ""
    scenario: Reference
    kind: designs.FileKind
    rows: tuple[dict[str, Cell], ...] | None = None
    table: Reference | None = None
    values: dict[str, tuple[Cell, ...]] | None = None
    paths: dict[str, Cell] | None = None
    points: int | None = None
    trajectories: int | None = None
    draw: Seed | None = None
    seeds: Cell = 1
    societies: Cell = None
    metrics: tuple[Text, ...] = ()
    people: People | None = None
    years: Years | None = None
    set: dict[str, Cell] = Field(default_factory=dict)


class Stated(NamedTuple):
    """A design file that could be read, with what its table said."""

    said: DesignFile
    document: Document
    table: Document | None
    near: Path | None
    """The file, beside which the paths in it are looked for; None where it is no file."""

    @property
    def scenario(self) -> str:
        """The scenario by name, or by its path as seen from here."""
        if self.near is None:
            return self.said.scenario
        beside = self.near.parent / self.said.scenario
        return str(beside) if beside.is_file() else self.said.scenario

    @property
    def sets(self) -> dict[str, str]:
        """What the file sets for all points, as ``--set`` takes it."""
        given = {"people": self.said.people, "years": self.said.years}
        return {
            **{path: str(value) for path, value in self.said.set.items()},
            **{name: str(value) for name, value in given.items() if value is not None},
        }


def located_design(reference: str) -> Path:
    """Give the file of a design, or of a table of points, that a name or a path means."""
    if reference.endswith(TABLE):
        return Path(reference)
    return rooms.located(rooms.packaged_root(), "designs", reference)


def read_design(
    source: str | Path | Mapping[str, Any],
    *,
    scenario: str | Path | None = None,
    seeds: int | Sequence[int] | None = None,
) -> Stated:
    """Read a design file, or take the same as a mapping; raises BadInput with all that is wrong.

    A table of points by itself (a path that ends in .csv) is a design too, of the scenario that is
    given. ``seeds`` stand in place of the file's own.
    """
    intake = Intake()
    near = None
    if not isinstance(source, Mapping) and str(source).endswith(TABLE):
        if scenario is None:
            what = "a table of points names no scenario"
            raise BadInput([Problem(str(source), 0, 0, "", what, "--scenario compare")])
        name = re.sub(r"[^a-z0-9_-]+", "-", Path(source).stem.casefold())
        source = {
            "design": f"table-{name}"[:60], "scenario": str(scenario), "kind": "table",
            "table": str(source),
        }  # fmt: skip
    if isinstance(source, Mapping):
        document: Document | None = Document("design", frozen(source))
    else:
        near = Path(source)
        document = intake.document(near, near.name)
    said = validated(DesignFile, document, intake.problems) if document else None
    if document is None or said is None:
        raise BadInput(intake.problems)
    if seeds is not None:
        said = said.model_copy(update={"seeds": frozen(seeds)})
    intake.add(_wrong_keys(said, document))
    table = None
    if said.table is not None:
        path = Path(said.table) if near is None else near.parent / said.table
        table = read_table(path, intake)
    intake.settle()
    return Stated(said, document, table, near)


def frozen(value: Any) -> Any:
    """Give a value with lists as tuples, the way a document holds them."""
    if isinstance(value, Mapping):
        return {str(key): frozen(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return tuple(frozen(inner) for inner in value)
    return value.item() if hasattr(value, "item") else value


def _wrong_keys(said: DesignFile, document: Document) -> Iterator[Problem]:
    """Give the keys that the kind lacks, and those that belong to another."""
    needed = _NEEDS[said.kind]
    given = {name for name in _OWN if getattr(said, name) is not None}
    for name in needed:
        if name not in given and not (name == "rows" and "table" in given):
            yield document.problem((), f"a {said.kind} design needs `{name}`", EXAMPLES[name])
    if {"rows", "table"} <= given:
        yield document.problem(("table",), "rows stand in the file too", "one of the two", key=True)
    may = {*needed, "table"} if said.kind == "table" else set(needed)
    may |= {"draw"} if said.kind in designs.SAMPLED else set()
    for name in sorted(given - may):
        right = f"leave it out, or another kind ({_kinds_with(name)})"
        yield document.problem((name,), f"a {said.kind} design has no `{name}`", right, key=True)


def _kinds_with(name: str) -> str:
    found = {
        "table": ["table"],
        "draw": sorted(designs.SAMPLED - {"drawn"}),
    }.get(name) or [kind for kind, needed in _NEEDS.items() if name in needed]
    return ", ".join(found)


def settled(stated: Stated, experiment: Experiment) -> Design:
    """Give the design that a file states for a scenario, or raise BadInput with all its flaws."""
    said = stated.said
    problems: list[Problem] = []
    seeds = _counted(stated, "seeds", said.seeds, "replicates", problems)
    societies: tuple[int | None, ...] = (None,)
    if said.societies is not None:
        societies = _counted(stated, "societies", said.societies, "societies", problems)
    drawn = said.kind in designs.SAMPLED
    points = _Points(stated, Free(experiment, drawn=drawn), problems)
    made = points.drawn(said) if drawn else points.written(said)
    if problems:
        raise BadInput(problems)
    design = made._replace(seeds=seeds, societies=societies)
    if design.size > designs.MOST_MEMBERS:
        what = f"the design has {design.size:,} members"
        raise BadInput([stated.document.problem((), what, f"at most {designs.MOST_MEMBERS:,}")])
    return design


def _counted(
    stated: Stated, key: str, said: Cell, words: str, problems: list[Problem]
) -> tuple[int, ...]:
    """Give the seeds that a number or a list of them means."""
    document = stated.document

    def note(path: KeyPath, what: str, right: str) -> None:
        problems.append(document.problem(path, what, right))

    if _is_whole(said):
        if not 1 <= said <= designs.MOST_MEMBERS:
            what = f"{'zero' if said == 0 else f'{said:,}'} {words}"
            note((key,), what, f"1 to {designs.MOST_MEMBERS:,}")
        return tuple(range(1, min(said, designs.MOST_MEMBERS) + 1))
    if not isinstance(said, tuple):
        note((key,), f"{described(said)} where {words} belong", f"{key}: 4, or {key}: [1, 2]")
        return (1,)
    if not said:
        note((key,), f"zero {words}", f"{key}: 4, or {key}: [1, 2]")
    for place, seed in enumerate(said):
        if not _is_whole(seed) or not 0 <= seed < 2**63:
            note((key, place), f"{described(seed)} is no seed", "a whole number from 0")
        elif seed in said[:place]:
            note((key, place), f"the seed {seed} stands twice", f"{words} differ in their seed")
    return said


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


class _Points:
    """The points of a design file, checked."""

    def __init__(self, stated: Stated, free: Free, problems: list[Problem]) -> None:
        self.document = stated.table or stated.document
        self.sets = stated.said.set
        self.free = free
        self.problems = problems
        self.first_mention: dict[str, str] = {}

    def note(self, path: KeyPath, flaw: tuple[str, str], *, key: bool = False) -> None:
        """Keep a flaw, at its place."""
        if flaw[0] and len(self.problems) < MAX_PROBLEMS:
            self.problems.append(self.document.problem(path, *flaw, key=key))

    def is_parameter(self, path: str, at: KeyPath) -> bool:
        """Check a path once; say whether it is fine."""
        flaw = self.free.flaw_of_path(path)
        if flaw[0]:
            self.note(at, flaw, key=True)
            return False
        for name in self.free.moved_by(path):
            other = self.first_mention.setdefault(name, path)
            if other != path:
                what = f"`{path[:60]}` and `{other[:60]}` both set `{name[:60]}`"
                self.note(at, (what, "each assumption under one path"), key=True)
                return False
            if name in self.sets:
                what = f"`{name[:60]}` stands under `set` too"
                self.note(at, (what, "either fixed or varied"), key=True)
                return False
        return True

    def drawn(self, said: DesignFile) -> Design:
        """Give the points of a kind that is drawn."""
        ranges: dict[str, Range] = {}
        for path, given in (said.paths or {}).items():
            at: KeyPath = ("paths", path)
            if not self.is_parameter(path, at):
                continue
            if given == DECLARED:
                ranges[path] = self.free.range(path)
            elif isinstance(given, tuple) and len(given) == 2:
                self.note(at, self.free.flaw_of_range(path, *given))
                ranges[path] = given
            else:
                self.note(at, (f"{described(given)} is no range", "declared, or [low, high]"))
        if not said.paths:
            self.note(("paths",), ("no path varies", EXAMPLES["paths"]))
        key = "trajectories" if said.kind == "morris" else "points"
        number = getattr(said, key) or 0
        self.note((key,), _flaw_of_number(said.kind, key, number))
        if self.problems:
            return designs.one()
        runs = {"morris": len(ranges) + 1, "saltelli": len(ranges) + 2}.get(said.kind, 1)
        if number * runs > designs.MOST_MEMBERS:
            what = f"{number * runs:,} points"
            self.note((key,), (what, f"at most {designs.MOST_MEMBERS:,}"))
            return designs.one()
        draw = 1 if said.draw is None else said.draw
        return designs.drawn(said.kind, ranges, number, draw=draw)

    def written(self, said: DesignFile) -> Design:
        """Give the points of a kind that somebody wrote down."""
        if said.kind == "one":
            return designs.one()
        if said.kind == "grid":
            return self._grid(said.values or {})
        rows = self.document.value["rows"]
        if not rows:
            self.note(("rows",), ("the table is empty", EXAMPLES["rows"]))
            return designs.one()
        paths = tuple(rows[0])
        if not paths:
            self.note(("rows", 0), ("a row sets nothing", EXAMPLES["rows"]))
        for path in paths:
            fine = self.is_parameter(path, ("rows", 0, path))
            for place, row in enumerate(rows if fine else ()):
                if path in row:
                    flaw = self.free.flaw_of_value(path, row[path])
                    self.note(("rows", place, path), flaw)
        for place, row in enumerate(rows):
            for path in sorted(set(row) ^ set(paths)):
                what = f"`{path[:60]}` does not stand in every row"
                self.note(("rows", place), (what, "every row sets the same paths"))
        return designs.one() if self.problems else designs.table(rows)

    def _grid(self, values: Mapping[str, tuple[Value, ...]]) -> Design:
        if not values:
            self.note(("values",), ("no path varies", EXAMPLES["values"]))
        size = 1
        for path, given in values.items():
            size *= max(1, len(given))
            if not self.is_parameter(path, ("values", path)):
                continue
            if not given:
                self.note(("values", path), ("no value", "at least one"))
            for place, value in enumerate(given):
                at: KeyPath = ("values", path, place)
                self.note(at, self.free.flaw_of_value(path, value))
                if value in given[:place]:
                    self.note(at, (f"{value} stands twice", "each value once"))
        if size > designs.MOST_MEMBERS:
            flaw = (f"the grid has {size:,} points", f"at most {designs.MOST_MEMBERS:,}")
            self.note(("values",), flaw)
        return designs.one() if self.problems else designs.grid(values)


def _flaw_of_number(kind: str, key: str, number: int) -> tuple[str, str]:
    """Say what is wrong with a number of points."""
    if number < 1:
        return f"{number} {key}", "at least 1"
    if key == "trajectories" and number < 2:
        return "one trajectory has no spread", "trajectories: 10"
    if kind in {"sobol", "saltelli"} and number & (number - 1):
        low = 1 << (number.bit_length() - 1)
        what = f"{number} points, and a Sobol' sequence is balanced at powers of two"
        return what, f"{low} or {2 * low}"
    return "", ""


def checked(design: Design, experiment: Experiment) -> Design:
    """Give a design put together in Python back, or raise BadInput with all that is wrong."""
    if not design.points or not design.paths:
        if len(design.points) == 1 and design.kind == "one":
            return _checked_seeds(design)
        what = "the table is empty"
        raise BadInput([Document("design", ()).problem((), what, "at least one point")])
    problems: list[Problem] = []
    document = Document("design", {})
    free = Free(experiment, drawn=design.kind in designs.SAMPLED)
    for column, path in enumerate(design.paths):
        what, right = free.flaw_of_path(path)
        if path in design.paths[:column]:
            what, right = f"the path `{path[:60]}` stands twice", "each path once"
        if what:
            problems.append(document.problem(("paths", column), what, right))
            continue
        for place, point in enumerate(design.points):
            if len(point) != len(design.paths):
                continue
            what, right = free.flaw_of_value(path, point[column])
            if what and len(problems) < MAX_PROBLEMS:
                at: KeyPath = ("points", place, path)
                problems.append(document.problem(at, what, right))
    for place, point in enumerate(design.points):
        if len(point) != len(design.paths):
            what = f"{len(point)} values for {len(design.paths)} paths"
            problems.append(document.problem(("points", place), what, "a value for every path"))
    if problems:
        raise BadInput(problems)
    return _checked_seeds(design)


def _checked_seeds(design: Design) -> Design:
    document = Document("design", {})
    problems = []
    for key, words, given in (
        ("seeds", "replicates", design.seeds), ("societies", "societies", design.societies)
    ):  # fmt: skip
        if not given:
            problems.append(document.problem((key,), f"zero {words}", f"{key}=(1, 2)"))
        if len(set(given)) < len(given):
            problems.append(document.problem((key,), f"{words} stand twice", "each seed once"))
    if design.size > designs.MOST_MEMBERS:
        what = f"the design has {design.size:,} members"
        problems.append(document.problem((), what, f"at most {designs.MOST_MEMBERS:,}"))
    if problems:
        raise BadInput(problems)
    return design
