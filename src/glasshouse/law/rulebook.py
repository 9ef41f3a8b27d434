"""The frozen types of law: a rulebook and its provisions, each in force between two days.

``from`` is the first day in force and ``until`` the first day no longer in force.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from glasshouse.law.citation import Cite, Day, Evidence, Id, Name, Reading, Source, Text
from glasshouse.law.validate import Strict, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

POINTS_LIMIT = 20_000
DISPLAYS = ("name", "masked", "photo", "address", "map")
"""What a published listing shows, as codes: nothing shaped like an identity is ever formed."""

TRAITS = ("honesty", "altruism", "outspokenness", "literacy")
TOP_EIGHTH = 7

Kind = Literal["person", "enterprise", "court", "government"]
"""What a rulebook may apply to: the four kinds of scored entity."""

Trait = Literal["honesty", "altruism", "outspokenness", "literacy"]
PointsValue = Annotated[int, Field(ge=-POINTS_LIMIT, le=POINTS_LIMIT)]
Days = Annotated[int, Field(ge=1, le=36_525)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Yuan = Annotated[int, Field(ge=1, le=10_000_000)]
Acts = Annotated[tuple[Id, ...], Field(min_length=1)]


class Provision(Strict):
    """What every provision says: its id, the days it is in force, its source and its standing."""

    id: Id
    title: Text | None = None
    from_date: Day = Field(alias="from")
    until_date: Day | None = Field(alias="until", default=None)
    cite: Cite
    also: tuple[Cite, ...] = ()
    evidence: Evidence
    qualified: Text | None = None
    reading: Reading | None = None

    @model_validator(mode="after")
    def _lasts(self) -> Provision:
        if self.until_date is not None and self.until_date <= self.from_date:
            what = f"ends on {self.until_date}, before it begins on {self.from_date}"
            raise refusal(what, "`until` is the first day no longer in force")
        return self

    def is_in_force(self, on: dt.date) -> bool:
        """Whether the provision is in force on this day."""
        return self.from_date <= on and (self.until_date is None or on < self.until_date)


class Scale(Provision):
    """The points everybody starts from, and the least and the most that a score can be."""

    rule: Literal["scale"]
    start: PointsValue
    floor: PointsValue | None
    cap: PointsValue | None

    @property
    def bounds(self) -> tuple[int, int]:
        """Floor and cap as numbers; an open end is the limit of the columns."""
        low = -POINTS_LIMIT if self.floor is None else self.floor
        return low, POINTS_LIMIT if self.cap is None else self.cap


class Grade(Provision):
    """A grade and the points, or the share of people at or above it, that it takes."""

    rule: Literal["grade"]
    grade: Name
    at_least: PointsValue | None = None
    quantile: Share | None = None

    @model_validator(mode="after")
    def _has_one_threshold(self) -> Grade:
        _exactly_one(self, "at_least", "quantile")
        return self


class Slope(Strict):
    """Points that grow with a trait: base + per_eighth x eighth (0 to 7), give or take noise."""

    trait: Trait
    per_eighth: PointsValue
    noise: Annotated[int, Field(ge=0, le=POINTS_LIMIT)]
    base: PointsValue


class GradeOverride(Strict):
    """A grade that an act brings at once, whatever the score, for some months."""

    grade: Name
    months: Annotated[int, Field(ge=1, le=1200)]


class Repetition(Strict):
    """What further acts of the provision are worth: the second, the third and so on within days."""

    points: Annotated[tuple[PointsValue, ...], Field(min_length=1, max_length=3)]
    within_days: Days


class Points(Provision):
    """What acts are worth: fixed points, a range left to an officer, or a slope on a trait."""

    rule: Literal["points"]
    acts: Acts
    points: PointsValue | None = None
    range: tuple[PointsValue, PointsValue] | None = None
    slope: Slope | None = None
    open_term: Share | None = None
    """The share of officers, the strictest first, who find that an act falls under an open term."""
    repeated: Repetition | None = None
    """Points that rise with repetition; the last ones hold for every further act."""
    overrides_grade: GradeOverride | None = None
    fine_yuan: Yuan | None = None
    price_yuan: Yuan | None = None
    necessity_defence: bool = False
    reaches_back_days: Days | None = None
    """Entries written down within so many days before the rule came into force count from then."""
    paid_to: Literal["nobody", "state", "producer"] = "nobody"
    """Who has the price: the state that sells points, or the maker of the good that earns them."""

    @model_validator(mode="after")
    def _has_one_worth(self) -> Points:
        _exactly_one(self, "points", "range", "slope")
        if self.repeated is not None and (self.points is None or self.open_term is not None):
            raise refusal("only fixed points rise with repetition", "points, and no open_term")
        if self.range is not None and self.range[0] > self.range[1]:
            raise refusal(f"the range {list(self.range)} is upside down", "range: [low, high]")
        if self.fine_yuan is not None and self.price_yuan is not None:
            raise refusal("`fine_yuan` and `price_yuan` given", "a fine, or a price for points")
        if self.paid_to != "nobody" and self.price_yuan is None:
            raise refusal("paid, but without a price", "price_yuan and paid_to together")
        return self

    @property
    def extremes(self) -> tuple[int, int]:
        """The fewest and the most points that one act can bring."""
        if self.range is not None:
            return self.range
        if self.slope is not None:
            ends = (self.slope.base, self.slope.base + TOP_EIGHTH * self.slope.per_eighth)
            return min(ends) - self.slope.noise, max(ends) + self.slope.noise
        worths = (self.points or 0, *(self.repeated.points if self.repeated else ()))
        return min(worths), max(worths)


class Retention(Provision):
    """How long points count: to the end of the n-th calendar year after the entry, or for ever."""

    rule: Literal["retention"]
    years: Annotated[int, Field(ge=0, le=100)] | None = None
    permanent: Literal[True] | None = None

    @model_validator(mode="after")
    def _has_one_length(self) -> Retention:
        _exactly_one(self, "years", "permanent")
        return self


class Association(Provision):
    """A tie's shortfall below the start moves one's own score by this share."""

    rule: Literal["association"]
    ties: Literal["household", "friends", "workplace"]
    share: Share


class CountRange(Strict):
    """A number of acts that the text leaves open: the strictest officer asks the fewest."""

    from_count: Annotated[int, Field(alias="from", ge=1, le=255)]
    to_count: Annotated[int, Field(alias="to", ge=1, le=255)]

    @model_validator(mode="after")
    def _is_a_range(self) -> CountRange:
        if self.to_count < self.from_count:
            what = f"the count from {self.from_count} to {self.to_count} is upside down"
            raise refusal(what, "count: {from: low, to: high}")
        return self


class Ground(Strict):
    """A way onto a list: acts, acts counted within days, public outrage, a low or a high grade."""

    id: Id
    acts: Acts | None = None
    count: Annotated[int, Field(ge=1, le=255)] | CountRange | None = None
    within_days: Days | None = None
    grade_at_most: Name | None = None
    reaches_back_days: Days | None = None
    grade_at_least: Name | None = None
    viral: bool = False
    """Only where the public is outraged: `process.goes_viral` says how often that is."""
    necessity_defence: bool = False

    @model_validator(mode="after")
    def _is_one_way(self) -> Ground:
        _exactly_one(self, "acts", "grade_at_most", "grade_at_least")
        if self.viral and (not self.acts or self.count):
            raise refusal("outrage needs acts, and no count of them", "acts and viral: true")
        if (self.count is None) != (self.within_days is None) or (self.count and not self.acts):
            raise refusal("a counted ground is incomplete", "acts, count and within_days together")
        if self.reaches_back_days is not None and (not self.acts or self.viral):
            raise refusal("only acts can be reached back to", "acts, without viral")
        return self


class Term(Strict):
    """How long a listing lasts: some days, until performed, or until the grade is another."""

    until: Literal["performed", "grade_recovers", "grade_falls"] | None = None
    days: Days | None = None

    @model_validator(mode="after")
    def _is_one_term(self) -> Term:
        _exactly_one(self, "until", "days")
        return self


class Notice(Strict):
    """Whether the listed person must be told."""

    required: bool


class Contest(Strict):
    """An appeal: within how many days, decided in how many, from which day, suspending or not."""

    window_days: Days
    decide_days: Days
    suspends: bool
    counted_from: Literal["decision", "knowledge"]


class Performance(Strict):
    """What doing one's duty brings: deletion, or nothing; never before so many days on the list."""

    deletes: bool
    not_before_days: Days | None = None


class Expiry(Strict):
    """The listing ends after these days whatever its term says."""

    days: Days


class Measure(Strict):
    """A counter closed to the listed, the household or who stands for a body; or opened (red)."""

    counter: Id
    reaches: Literal["person", "household", "representative"]
    gives: Literal["bar", "privilege"] = "bar"
    from_date: Day | None = Field(alias="from", default=None)
    until_date: Day | None = Field(alias="until", default=None)

    @model_validator(mode="after")
    def _lasts(self) -> Measure:
        ends = self.from_date is not None and self.until_date is not None
        if ends and self.until_date <= self.from_date:  # type: ignore[operator]
            raise refusal("the measure ends before it begins", "`from` before `until`")
        return self

    def is_in_force(self, on: dt.date) -> bool:
        """Whether the list closes this counter on this day."""
        begun = self.from_date is None or self.from_date <= on
        return begun and (self.until_date is None or on < self.until_date)


def _none_is_absent(value: Any) -> Any:
    return None if value == "none" else value


class Listing(Provision):
    """A list: the ways in, the notice, the term, the ways out, and what it closes."""

    rule: Literal["list"]
    list_id: Id = Field(alias="list")
    title: Text
    colour: Literal["black", "red"] = "black"
    """Black lists bar; red lists honour, and a name on one is never a wrong done to it."""
    grounds: tuple[Ground, ...]
    ability_test: bool
    human_review: bool = False
    """An officer looks at the ground before anybody is listed, and may find that there is none."""
    term: Term
    notice: Notice
    contest: Annotated[Contest | None, BeforeValidator(_none_is_absent)] = None
    performance: Performance | None = None
    expires: Expiry | None = None
    published: bool
    display: Literal["name", "masked", "photo", "address", "map"] = "name"
    publication_day: Literal["month_start"] | None = None
    """`month_start`: names come out, and take effect, on the first working day of a month."""
    measures: tuple[Measure, ...]

    @model_validator(mode="after")
    def _follows_its_colour(self) -> Listing:
        gives = "privilege" if self.colour == "red" else "bar"
        if any(measure.gives != gives for measure in self.measures):
            raise refusal(f"a {self.colour} list gives something else", f"gives: {gives}")
        wrong = "grade_at_most" if self.colour == "red" else "grade_at_least"
        if any(getattr(ground, wrong) is not None for ground in self.grounds):
            raise refusal(f"`{wrong}` is no ground of a {self.colour} list", "the other one")
        if (self.term.until == "grade_falls") != (self.colour == "red" and self.term.days is None):
            right = "term: {days: N}, or {until: grade_falls} on a red list alone"
            raise refusal(f"a {self.colour} list has another term", right)
        asked = self.contest or self.performance or self.ability_test or self.human_review
        if self.colour == "red" and asked:
            what = "a red list has nothing to contest, to perform or to review"
            raise refusal(what, "leave them out")
        return self

    @property
    def has_way_out(self) -> bool:
        """Whether anybody listed can ever come off."""
        deletes = self.performance is not None and self.performance.deletes
        recovers = self.term.until == "grade_recovers" and any(
            ground.grade_at_most for ground in self.grounds
        )
        recovers = recovers or self.term.until == "grade_falls"
        others = (self.term.days, self.contest, self.expires)
        return deletes or recovers or any(way is not None for way in others)


class Privilege(Provision):
    """The counters at which a grade, and every higher one, opens a privilege."""

    rule: Literal["privilege"]
    grade: Name
    counters: Annotated[tuple[Id, ...], Field(min_length=1)]
    by: Literal["person", "unit"] = "person"
    """Whose score earns it: the person's own, or the mean of the person's workplace."""
    places_per_1000: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    """Privileges at each counter that 1,000 persons can be given in a year; absent: no end."""


class Visibility(Provision):
    """Who sees a person's score; where no provision says, the person alone."""

    rule: Literal["visibility"]
    seen_by: Literal["nobody", "self", "neighbours", "everyone"]


class Campaign(Provision):
    """A comparator without points: acts become rarer or commoner, and nothing is recorded.

    ``change`` is what the campaign aims at, as a share of the rate; how much of it comes about is
    an assumption by the way in which it works.
    """

    rule: Literal["campaign"]
    acts: Acts
    change: Annotated[float, Field(ge=-1.0, le=1.0)]
    by: Literal["education", "prominence", "default"]


class Announcement(Provision):
    """A warning, spoken or posted, that acts will be recorded, whether or not anybody watches."""

    rule: Literal["announcement"]
    acts: Acts


class FileAccess(Provision):
    """Who may read and write a person's file, and whether it goes with them when they move.

    Without it the person may not read it, only departments write it, and it stays where it was.
    """

    rule: Literal["file_access"]
    person_reads: bool = False
    insiders_write: bool = False
    follows_moves: bool = False


class Exemption(Provision):
    """Office spares: a share of an official's entries is dropped, the rest costs fewer points."""

    rule: Literal["exemption"]
    who: Literal["official"]
    entries_dropped: Share
    discount: Share


class Target(Provision):
    """Entries that an office is expected to make, per 1,000 rows and year."""

    rule: Literal["target"]
    entries_per_1000_year: Annotated[float, Field(gt=0.0, le=1e6)]


AnyProvision = (
    Scale
    | Grade
    | Points
    | Retention
    | Association
    | Listing
    | Privilege
    | Visibility
    | Campaign
    | Announcement
    | FileAccess
    | Exemption
    | Target
)

PROVISIONS: dict[str, type[AnyProvision]] = {
    "scale": Scale,
    "grade": Grade,
    "points": Points,
    "retention": Retention,
    "association": Association,
    "list": Listing,
    "privilege": Privilege,
    "visibility": Visibility,
    "campaign": Campaign,
    "announcement": Announcement,
    "file_access": FileAccess,
    "exemption": Exemption,
    "target": Target,
}


class RulebookHeader(Strict):
    """The file rulebook.yaml: what the instrument is, where, and to whom it applies."""

    rulebook: Id
    title: Text
    family: Literal["told", "documented", "comparator", "fictional"]
    place: Text
    summary: Text
    instrument: Text
    applies_to: Kind
    enrolment: Literal["mandatory", "consent", "opt_out", "voluntary", "none"]
    """`consent`: who stands aside gets nothing, violations count; `voluntary`: not even these."""
    covers: Literal["all", "borrower", "driver", "employed", "online"] = "all"
    thin_file: Literal["served", "refused"] = "served"


class ProvisionFile(Strict):
    """A topic file of a rulebook, as a JSON Schema describes it."""

    provisions: tuple[Annotated[AnyProvision, Field(discriminator="rule")], ...]


class Rulebook(RulebookHeader):
    """A whole instrument: its header, all its provisions of all dates, its own sources."""

    provisions: tuple[AnyProvision, ...]
    sources: dict[str, Source] = Field(default_factory=dict)

    def in_force(self, on: dt.date) -> tuple[AnyProvision, ...]:
        """The provisions in force on this day, in the order of the files."""
        return in_force(self.provisions, on)

    def change_dates(self) -> tuple[dt.date, ...]:
        """Every day on which what is in force changes, in order."""
        dated: list[Provision | Measure] = list(self.provisions)
        for provision in self.provisions:
            if isinstance(provision, Listing):
                dated += provision.measures
        days = {day for one in dated for day in (one.from_date, one.until_date) if day}
        return tuple(sorted(days))


def in_force(provisions: Iterable[AnyProvision], on: dt.date) -> tuple[AnyProvision, ...]:
    """The provisions in force on this day."""
    return tuple(provision for provision in provisions if provision.is_in_force(on))


def _exactly_one(model: Strict, *names: str) -> None:
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) != 1:
        told = " and ".join(f"`{name}`" for name in given) or "none of them"
        raise refusal(f"{told} given", "exactly one of " + ", ".join(f"`{n}`" for n in names))
