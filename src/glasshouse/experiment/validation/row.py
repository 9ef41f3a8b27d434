"""A row of the validation: its document, read strictly, with every problem at its place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, model_validator

from glasshouse.errors import BadInput, BadUsage, Problem, nearest
from glasshouse.experiment.validation.comparison import Tolerance
from glasshouse.experiment.validation.registry import RUNNERS
from glasshouse.experiment.validation.runner import Runner
from glasshouse.law.citation import Cite, Id, Text
from glasshouse.law.intake import Intake, label
from glasshouse.law.library import Library
from glasshouse.law.load import Document, KeyPath
from glasshouse.law.read_rulebook import read_sources
from glasshouse.law.scenario import Seed
from glasshouse.law.validate import Strict, refusal, validated

FILE = "validation.yaml"
SOURCES = "sources.yaml"

KINDS = ("closed form", "published model", "published figure", "sign")


class RowFile(Strict):
    """validation.yaml: the claim, where it is from, how it is run and when it holds."""

    validation: Id
    title: Text
    claim: Text
    kind: Literal["closed form", "published model", "published figure", "sign"]
    cite: Cite | None = None
    also: tuple[Cite, ...] = ()
    ours: Text | None = None
    """Whose the claim is where no source has to be named: a theorem that anybody can prove."""
    unverified: Text | None = None
    """What of the claim was not checked against the original text."""
    run: Text
    parameters: dict[str, Any] = Field(default_factory=dict)
    variants: tuple[dict[str, Any], ...] = ()
    """Further sets of parameters: what each leaves out is as in ``parameters``."""
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1, max_length=10_000)]
    expected: Text
    """The formula, in letters; the runner works it out from the parameters."""
    tolerance: Tolerance
    must_hold: bool

    @model_validator(mode="after")
    def _says_whose_it_is(self) -> RowFile:
        if (self.cite is None) == (self.ours is None):
            raise refusal("a claim needs a source, or says that it needs none", "cite, or ours")
        if len(set(self.seeds)) < len(self.seeds):
            raise refusal("a seed stands twice in `seeds`", "each seed once")
        return self


class Row(NamedTuple):
    """A row that can be run: its file, its folder, its runner, its sets of parameters."""

    file: RowFile
    folder: Path
    runner: Runner
    sets: tuple[Strict, ...]

    @property
    def name(self) -> str:
        """The name of the row, which is its folder's."""
        return self.file.validation

    def seeds(self, number: int | None) -> tuple[int, ...]:
        """Give this many seeds: the file's, then the numbers behind its largest."""
        if number is None:
            return self.file.seeds
        behind = range(max(self.file.seeds) + 1, max(self.file.seeds) + 1 + number)
        return (*self.file.seeds, *behind)[:number]


def room_of(folder: str | Path | None = None) -> Path:
    """Give the folder of the rows: the one asked for, ``validation`` here, or the checkout's.

    Raises BadUsage where there is none.
    """
    if folder is not None:
        path = Path(folder)
        if not path.is_dir():
            message = f"{str(folder)[:200]} is no folder; give the folder that holds the rows"
            raise BadUsage(message)
        return path
    checkout = Path(__file__).resolve().parents[4]
    here = Path.cwd() / "validation"
    if any(here.glob(f"*/{FILE}")):
        return here
    if (checkout / "pyproject.toml").is_file() and any((checkout / "validation").glob(f"*/{FILE}")):
        return checkout / "validation"
    message = (
        "no folder `validation` here, and this installation has no source beside it; the rows come "
        "with the source of glasshouse: `glasshouse validate FOLDER` with its folder `validation`"
    )
    raise BadUsage(message)


def read_rows(room: Path, names: tuple[str, ...] = ()) -> tuple[Row, ...]:
    """Read the rows of a folder, all or those named, in the order of their names.

    A folder that is itself a row gives that row. Raises BadInput with all that is wrong.
    """
    intake, found = Intake(), list[Row]()
    if (room / FILE).is_file() and names in ((), (room.resolve().name,)):
        room, names = room.resolve().parent, (room.resolve().name,)
    there = sorted(path.parent.name for path in room.glob(f"*/{FILE}"))
    for name in dict.fromkeys(names):
        if name not in there:
            what = f"no row `{name[:60]}` in {label(room)}"
            intake.problems.append(Problem("NAME", 0, 0, "", what, nearest(name, there)))
    if not there:
        problem = Problem(label(room), 0, 0, "", f"holds no folder with a {FILE}")
        raise BadInput([problem])
    known = known_sources(room, intake)
    for name in there:
        if not names or name in names:
            document = intake.document(room / name / FILE, f"{name}/{FILE}")
            if document is not None:
                found += read_row(document, room / name, known, intake.problems)
    intake.settle()
    return tuple(found)


def known_sources(room: Path, intake: Intake) -> frozenset[str]:
    """Give the keys of the house's sources and of those that lie beside the rows."""
    known = set(Library().take_sources(intake))
    if (room / SOURCES).is_file():
        document = intake.document(room / SOURCES, SOURCES)
        if document is not None:
            known |= set(read_sources(document, intake.problems))
    return frozenset(known)


def read_row(
    document: Document, folder: Path, known: frozenset[str], problems: list[Problem]
) -> list[Row]:
    """Read one row; nothing but problems where something is wrong."""
    before = len(problems)
    file = validated(RowFile, document, problems)
    runner = runner_of(document, problems) if "run" in document.value else None
    sets = parameter_sets(document, runner, problems) if runner is not None else []
    if file is None or runner is None:
        return []
    if file.validation != folder.name:
        what = f"the folder is called `{folder.name}`, the row otherwise"
        problems.append(document.problem(("validation",), what, f"validation: {folder.name}"))
    paths: list[KeyPath] = [("cite", "source")] if file.cite else []
    paths += [("also", place, "source") for place in range(len(file.also))]
    for path in paths:
        key = at(document.value, path)
        if key not in known:
            what = f"unknown source `{str(key)[:60]}`"
            problems.append(document.problem(path, what, nearest(str(key), known)))
    for one in sets if len(problems) == before else ():
        problems += runner.refused(one, folder) if one is not None else []
    if len(problems) > before:
        return []
    return [Row(file, folder, runner, tuple(one for one in sets if one is not None))]


def runner_of(document: Document, problems: list[Problem]) -> Runner | None:
    """Give the runner that a row names, or say which was meant."""
    name = document.value["run"]
    if not isinstance(name, str):
        return None  # the type of the file has said so already
    if name not in RUNNERS:
        what = f"no runner `{name[:60]}`"
        problems.append(document.problem(("run",), what, nearest(name, RUNNERS)))
    return RUNNERS.get(name)


def parameter_sets(
    document: Document, runner: Runner, problems: list[Problem]
) -> list[Strict | None]:
    """Give the parameters and their variants as the runner's type, whatever else is wrong."""
    given, variants = document.value.get("parameters", {}), document.value.get("variants", ())
    if not isinstance(given, dict) or not isinstance(variants, tuple):
        return []
    if "parameters" not in document.value:
        value = {**document.value, "parameters": {}}
        document = Document(document.file, value, document.places, document.key_places)
    found: list[Strict | None] = [validated(runner.parameters, document, problems, ("parameters",))]
    found += [
        varied(document, runner, place, problems, is_sound=found[0] is not None)
        for place, own in enumerate(variants)
        if isinstance(own, dict)
    ]
    return found


def varied(
    document: Document, runner: Runner, variant: int, problems: list[Problem], *, is_sound: bool
) -> Strict | None:
    """Give a variant, laid over the parameters; a problem stands where its value stands.

    Where the parameters themselves are not sound, only what the variant itself says is told.
    """
    given, own = document.value["parameters"], document.value["variants"][variant]
    here: KeyPath = ("variants", variant)
    laid = list(document.value["variants"])
    laid[variant] = {**given, **own}
    places, key_places = dict(document.places), dict(document.key_places)
    for known in (places, key_places):
        for path, place in list(known.items()):
            if path[:1] == ("parameters",) and path[1:2] and path[1] not in own:
                known[(*here, *path[1:])] = place
    value = {**document.value, "variants": tuple(laid)}
    merged, told = Document(document.file, value, places, key_places), list[Problem]()
    found = validated(runner.parameters, merged, told, here)
    if not is_sound:
        both = (document.places, document.key_places)
        mine = {spot for known in both for path, spot in known.items()
                if path[:2] == here and len(path) > 2}  # fmt: skip
        told = [one for one in told if (one.line, one.column) in mine]
    problems += told
    return found


def at(value: Any, path: KeyPath) -> Any:
    """Give what stands at a path of a document."""
    for step in path:
        value = value[step]
    return value
