"""The chapters of the guided tour as data: one new mechanism each, and what the page shows of it.

A chapter names the run it stands on, the controls it lets a hand move, the provisions and the
mechanisms it is about, and the metrics it shows. It states no result: the numbers come from the
run, the law from the rulebooks, the evidence status from the mechanisms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, model_validator

from glasshouse.errors import Problem, nearest
from glasshouse.law.citation import Id, Text
from glasshouse.law.intake import Intake
from glasshouse.law.library import Library
from glasshouse.law.mechanism import MechanismId
from glasshouse.law.rulebook import Listing, Points
from glasshouse.law.validate import Strict, refusal, validated
from glasshouse.metrics.registry import METRICS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from glasshouse.law.load import Document, KeyPath
    from glasshouse.law.rulebook import AnyProvision, Rulebook

ROOM = "tour"

MOST_PEOPLE = 8192
MOST_YEARS = 3
"""A chapter answers in about a second: a run that is larger belongs into a study."""


class Ask(Strict):
    """A question that the reader answers by looking, and what there is to see."""

    question: Text
    look: Text
    """Where to look, or what to try."""
    answer: Text


class Life(Strict):
    """A drawn person whom the chapter follows, by position, and why this one."""

    community: Annotated[int, Field(ge=0)]
    number: Annotated[int, Field(ge=0)]
    why: Text


class Shown(Strict):
    """A metric that the chapter shows from the run, in the words of the chapter."""

    metric: Id
    part: Text | None = None
    words: Text


class Known(Strict):
    """What of the chapter is law, what is assumed, and what is a result."""

    law: Text
    assumption: Text
    result: Text


class ChapterRun(Strict):
    """The run that a chapter stands on, small enough to answer while somebody waits."""

    scenario: Id
    arm: Id
    """The arm whose numbers are shown."""
    people: Annotated[int, Field(ge=1, le=MOST_PEOPLE)]
    years: Annotated[int, Field(ge=1, le=MOST_YEARS)]
    seed: Annotated[int, Field(ge=0)] = 1
    controls: dict[Id, float | bool] = Field(default_factory=dict)
    """Where controls stand at first, if not where the scenario has them."""


class Chapter(Strict):
    """A file of the room."""

    chapter: Id
    number: Annotated[int, Field(ge=1, le=20)]
    title: Text
    idea: Text
    """The one new thing, in a sentence."""
    words: Annotated[tuple[Text, ...], Field(min_length=1, max_length=4)]
    ask: Ask
    run: ChapterRun
    controls: tuple[Id, ...] = ()
    all_controls: bool = False
    """The sandbox: every control there is."""
    add_up: bool = False
    """The reader adds up the points of the life by hand."""
    life: Life | None = None
    shown: tuple[Shown, ...] = ()
    provisions: tuple[Text, ...] = ()
    """As ``rulebook/provision``."""
    mechanisms: tuple[MechanismId, ...] = ()
    known: Known

    @model_validator(mode="after")
    def _is_one_idea(self) -> Chapter:
        if len(self.controls) > 3:
            raise refusal(f"{len(self.controls)} controls", "at most three: one new idea a chapter")
        if self.all_controls and self.controls:
            raise refusal("some controls and all of them", "controls, or all_controls: true")
        if self.add_up and (self.life is None or not self.provisions):
            raise refusal("there is nothing to add up", "a life, and the provisions with points")
        return self


def chapters(
    library: Library | None = None, controls: Collection[str] | None = None
) -> tuple[Chapter, ...]:
    """The chapters in their order, or all that is wrong with them.

    ``controls`` are the ids there are; without them the controls of a chapter are taken as named.
    """
    library = library or Library()
    intake = Intake()
    found: list[tuple[Document, Chapter]] = []
    for document in intake.room(library.root, ROOM):
        chapter = validated(Chapter, document, intake.problems)
        if chapter is not None:
            found.append((document, chapter))
    metrics = {metric.name for metric in METRICS}
    ids = {mechanism.id for mechanism in library.mechanisms()} if found else set()
    for document, chapter in found:
        intake.add(_unknown_names(document, chapter, metrics, ids, controls))
        intake.add(_unknown_law(document, chapter, library))
    found.sort(key=lambda one: one[1].number)
    intake.add(_out_of_order(found))
    intake.settle()
    return tuple(chapter for _, chapter in found)


def _out_of_order(found: list[tuple[Document, Chapter]]) -> Iterator[Problem]:
    for place, (document, chapter) in enumerate(found, start=1):
        stem = document.file.rpartition("/")[2].removesuffix(".yaml")
        if chapter.chapter != stem:
            what = f"the file is called `{stem[:60]}`, the chapter otherwise"
            yield document.problem(("chapter",), what, f"call the file {chapter.chapter}.yaml")
        if chapter.number != place:
            what = f"chapter {chapter.number} stands where {place} belongs"
            yield document.problem(("number",), what, "numbers from 1 up, each once")


def _unknown_names(
    document: Document,
    chapter: Chapter,
    metrics: Collection[str],
    mechanisms: Collection[str],
    controls: Collection[str] | None,
) -> Iterator[Problem]:
    for place, one in enumerate(chapter.shown):
        if one.metric not in metrics:
            where: KeyPath = ("shown", place, "metric")
            yield document.problem(where, f"unknown metric `{one.metric}`",
                                   nearest(one.metric, metrics))  # fmt: skip
    for place, name in enumerate(chapter.mechanisms):
        if name not in mechanisms:
            what = f"unknown mechanism `{name}`"
            yield document.problem(("mechanisms", place), what, nearest(name, mechanisms))
    if controls is None:
        return
    places: list[tuple[KeyPath, str]] = [
        (("controls", place), name) for place, name in enumerate(chapter.controls)
    ]
    places += [(("run", "controls", name), name) for name in chapter.run.controls]
    for path, name in places:
        if name not in controls:
            yield document.problem(path, f"unknown control `{name}`", nearest(name, controls))


def _unknown_law(document: Document, chapter: Chapter, library: Library) -> Iterator[Problem]:
    scenarios = library.names("scenarios")
    if chapter.run.scenario not in scenarios:
        what = f"unknown scenario `{chapter.run.scenario}`"
        yield document.problem(("run", "scenario"), what, nearest(chapter.run.scenario, scenarios))
    else:
        arms = [arm.arm for arm in library.scenario(chapter.run.scenario).arms]
        if chapter.run.arm not in arms:
            what = f"the scenario has no arm `{chapter.run.arm}`"
            yield document.problem(("run", "arm"), what, nearest(chapter.run.arm, arms))
    for place, reference in enumerate(chapter.provisions):
        path = ("provisions", place)
        book, _, name = reference.partition("/")
        if book not in library.names("rulebooks"):
            what = f"unknown rulebook `{book[:60]}`"
            yield document.problem(path, what, nearest(book, library.names("rulebooks")))
            continue
        there = [provision.id for provision in library.rulebook(book).provisions]
        if name not in there:
            what = f"the rulebook has no provision `{name[:60]}`"
            yield document.problem(path, what, nearest(name, there))


def told(library: Library, found: tuple[Chapter, ...]) -> list[dict[str, Any]]:
    """The chapters as the page takes them: with their provisions and the status of each part."""
    mechanisms = {mechanism.id: mechanism for mechanism in library.mechanisms()}
    titles = {act.id: act.title for act in library.assumptions().acts}
    books: dict[str, Rulebook] = {}
    plain = []
    for chapter in found:
        provisions = []
        for reference in chapter.provisions:
            name, _, inner = reference.partition("/")
            book = books.setdefault(name, library.rulebook(name))
            there = next(one for one in book.provisions if one.id == inner)
            provisions.append(_provision_told(book, there, titles))
        plain.append(
            chapter.model_dump(mode="json")
            | {
                "provisions": provisions,
                "mechanisms": [
                    {"id": name, "mechanism": mechanisms[name].mechanism,
                     "evidence": mechanisms[name].evidence}
                    for name in chapter.mechanisms
                ],
            }
        )  # fmt: skip
    return plain


def _provision_told(
    book: Rulebook, provision: AnyProvision, titles: dict[str, str]
) -> dict[str, Any]:
    acts = [titles.get(act, act) for act in getattr(provision, "acts", ())]
    return {
        "rulebook": book.rulebook,
        "provision": provision.id,
        "title": _title(provision),
        "acts": acts,
        "worth": _worth(provision),
        "at": provision.cite.at,
        "evidence": provision.evidence,
    }


def _title(provision: AnyProvision) -> str:
    if getattr(provision, "rule", "") == "scale":
        return "Everybody"
    return provision.title or provision.id.replace("-", " ").capitalize()


def _worth(provision: AnyProvision) -> str:
    """What a provision gives for an act, as the text has it; empty where it gives no points."""
    if getattr(provision, "rule", "") == "scale":
        return f"starts at {getattr(provision, 'start', 0)}"
    if isinstance(provision, Listing):
        return _rights(provision)
    if not isinstance(provision, Points):
        return ""
    if provision.points is not None:
        return f"{provision.points:+d}".replace("-", "\N{MINUS SIGN}")
    if provision.range is not None:
        low, high = provision.range
        return f"{low:+d} to {high:+d}, as an officer decides".replace("-", "\N{MINUS SIGN}")
    return "as an observer marks it" if provision.slope is not None else ""


def _rights(listing: Listing) -> str:
    """How long one stands on a list, whether one is told, and whether one can contest it."""
    until = {"performed": "performed", "grade_recovers": "the grade recovers"}
    term = listing.term
    ends = until.get(term.until or "", "something ends it")
    long = f"for {term.days} days" if term.days is not None else f"until {ends}"
    notice = "a notice is owed" if listing.notice.required else "no notice is owed"
    contest = listing.contest
    says = f"contest within {contest.window_days} days" if contest else "no contest"
    return f"{long}; {notice}; {says}"
