"""Safeguards: what a law adds so that less harm is done, as a document that amends other law.

A safeguard says what it does, which text it follows, and how: which provisions of an arm's
rulebooks it amends, by their kind, and which assumptions it holds to a bound. ``law.amend`` does
the former, ``law.safeguarded`` the latter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from glasshouse.errors import nearest
from glasshouse.law import rooms
from glasshouse.law.citation import Cite, Evidence, Id, Reading, Text
from glasshouse.law.intake import cite_problems
from glasshouse.law.quantity import Quantity, bounds_problem, bounds_words
from glasshouse.law.rulebook import Contest
from glasshouse.law.validate import Strict, refusal, validated

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from glasshouse.law.intake import Intake
    from glasshouse.law.load import Document

ROOM = "safeguards"

LONGEST_DAYS = 36_525

Yes = Literal[True]
"""Said, or left out: a safeguard takes no protection away."""


class Lists(Strict):
    """What becomes of every black list; one that gives this much already stays as it is."""

    notice: Yes | None = None
    """Whoever is listed must be told."""
    human_review: Yes | None = None
    """A person looks before the listing takes effect."""
    ability_test: Yes | None = None
    """Where a ground needs means, only who is found able to comply is listed."""
    ends_after_days: Quantity | None = None
    """The listing ends after so many days at the latest, whatever its term."""
    contest: Contest | None = None
    """A way to contest, where there is none."""
    reach: Literal["person"] | None = None
    """Bars hold for the listed person alone; a child's place is not barred for a parent."""
    contexts: Literal["related"] | None = None
    """Bars and honours stay only at counters related to the context of every ground."""


class PointsRules(Strict):
    """What becomes of the points that acts cost."""

    most_per_1000_of_start: Quantity | None = None
    """The most that one act costs, in points for each 1000 that one starts from; at least 1."""
    grade_override: Literal["none"] | None = None
    """No act brings a grade by itself."""


class Privileges(Strict):
    """What becomes of the counters that a grade opens."""

    contexts: Literal["related"]
    """Only those stay that are related to every context which the score draws on."""


class Associations(Strict):
    """Which ties no longer move one's score."""

    without: Annotated[tuple[Literal["household", "friends"], ...], Field(min_length=1)]


class Enrolment(Strict):
    """What becomes of the enrolment in an instrument with a score."""

    enrolment: Literal["voluntary"]


class Bound(Strict):
    """An assumption is held at a number at the least, or at the most, and why."""

    at_least: float | None = None
    at_most: float | None = None
    why: Text

    @model_validator(mode="after")
    def _is_one_bound(self) -> Bound:
        if (self.at_least is None) == (self.at_most is None):
            raise refusal("a bound from both sides or from none", "at_least, or at_most")
        return self

    def held(self, number: float) -> float:
        """The number, or the bound where the number is beyond it."""
        if self.at_least is not None:
            return max(number, self.at_least)
        return min(number, number if self.at_most is None else self.at_most)


class How(Strict):
    """What a safeguard amends, by kind of rule, and the assumptions that it holds to a bound."""

    lists: Lists | None = None
    points: PointsRules | None = None
    privileges: Privileges | None = None
    associations: Associations | None = None
    scores: Enrolment | None = None
    values: dict[str, Bound] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _does_something(self) -> How:
        said = (self.lists, self.points, self.privileges, self.associations, self.scores)
        if not self.values and not any(
            part is not None and any(value is not None for _, value in part) for part in said
        ):
            raise refusal("it amends nothing", "lists, points, privileges, ... or values")
        days = self.lists.ends_after_days if self.lists else None
        if days is not None and bounds_problem(days, 1, LONGEST_DAYS):
            raise refusal("a number of days is out of bounds", bounds_words(1, LONGEST_DAYS))
        most = self.points.most_per_1000_of_start if self.points else None
        if most is not None and bounds_problem(most, 1, 1000):
            raise refusal("a number of points is out of bounds", bounds_words(1, 1000))
        return self


class Safeguard(Strict):
    """A file of the room."""

    safeguard: Id
    title: Text
    does: Text
    """What it does, in a sentence."""
    cite: Cite
    """The text that it follows."""
    also: tuple[Cite, ...] = ()
    evidence: Evidence
    """How well it is established that the text says so."""
    qualified: Text | None = None
    reading: Reading | None = None
    how: How

    @property
    def quantities(self) -> dict[str, Quantity]:
        """Its numbers that are a choice, each with its range and where it comes from."""
        lists, points = self.how.lists, self.how.points
        found = {
            "lists.ends_after_days": lists.ends_after_days if lists else None,
            "points.most_per_1000_of_start": points.most_per_1000_of_start if points else None,
        }
        return {name: quantity for name, quantity in found.items() if quantity is not None}


@dataclass(frozen=True)
class SafeguardOn:
    """A safeguard that is on in an arm, and what of the arm's own law it changes by itself."""

    safeguard: Safeguard
    changes: tuple[str, ...]
    """Provisions as ``rulebook/provision``, rulebooks, paths of assumptions; none if the law of
    the arm has the safeguard already, or nothing that it could amend."""

    @property
    def name(self) -> str:
        """The name of the safeguard."""
        return self.safeguard.safeguard

    def words(self) -> str:
        """The name, and how many provisions and values it changes by itself."""
        many = len(self.changes)
        if not many:
            return f"{self.name} (changes nothing here)"
        return f"{self.name} ({many} {'change' if many == 1 else 'changes'})"


class SafeguardRoom:
    """The safeguards of a library, each read when it is asked for, with problems in an intake."""

    def __init__(self, root: Path, sources: Collection[str], intake: Intake) -> None:
        """Open the room; a file that nobody asks for is not read."""
        self.root, self.sources, self.intake = root, sources, intake
        self.names = rooms.listed(root, ROOM)

    def read(self, name: str) -> Safeguard | None:
        """The safeguard of a name that is there; None if its file is wrong."""
        path = self.root / ROOM / f"{name}.yaml"
        document = self.intake.document(path, f"{ROOM}/{path.name}")
        return None if document is None else take_safeguard(document, self.sources, self.intake)

    def unknown(self, name: str) -> tuple[str, str]:
        """What is wrong with a name that is not there, and what was probably meant."""
        return f"unknown safeguard `{name[:60]}`", nearest(name, self.names)


def take_safeguard(
    document: Document, sources: Collection[str], intake: Intake
) -> Safeguard | None:
    """The safeguard of one file, with problems in the intake."""
    before = len(intake.problems)
    found = validated(Safeguard, document, intake.problems)
    intake.add(cite_problems(document, sources))
    stem = document.file.rpartition("/")[2].removesuffix(".yaml")
    if found is not None and found.safeguard != stem:
        what = f"the file is called `{stem[:60]}`, the safeguard otherwise"
        right = f"call the file {found.safeguard}.yaml"
        intake.problems.append(document.problem(("safeguard",), what, right))
    return found if len(intake.problems) == before else None
