"""What no law says: acts, culpability, detection, records, process, counters, response.

Each file is a type here; together they are an ``Assumptions``, which notes what is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, PrivateAttr, RootModel, model_validator

from glasshouse.law.citation import Id, Text
from glasshouse.law.contexts import Contexts
from glasshouse.law.quantity import (
    NamedQuantity,
    Probability,
    Quantity,
    Rate,
    Ratio,
    bounds_problem,
    bounds_words,
)
from glasshouse.law.rulebook import Trait
from glasshouse.law.validate import Strict, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.law.load import KeyPath

ROOMS = (
    "acts", "culpability", "detection", "records", "process", "counters", "response", "places",
    "threats", "contexts",
)  # fmt: skip
"""The files of the room, in the order they are read and reported."""

_INF = float("inf")
_SHARE, _FROM_ZERO = (0.0, 1.0), (0.0, _INF)

Bounds = tuple[float, float]
Age = Annotated[int, Field(ge=0, le=17)]

PROCESS_BOUNDS: dict[str, Bounds] = {
    "notice_reaches": _SHARE,
    "notice_delay_days": _FROM_ZERO,
    "contest_if_literate": _SHARE,
    "contest_if_not": _SHARE,
    "review_finds_not_theirs": _SHARE,
    "review_finds_could_not": _SHARE,
    "review_finds_lawful": _SHARE,
    "review_errs": _SHARE,
    "overturned_if_wrongful": _SHARE,
    "overturned_if_rightful": _SHARE,
    "contests_per_1000_year": _FROM_ZERO,
    "pressure_on_review": _SHARE,
    "target_pressure": _SHARE,
    "pursued": _SHARE,
    "ability_sensitivity": _SHARE,
    "ability_specificity": _SHARE,
    "cannot_pay_below": _SHARE,
    "perform_per_year": _FROM_ZERO,
    "performance_refused": _SHARE,
    "performance_lost": _SHARE,
    "deletion_days": _FROM_ZERO,
    "officers_per_office": (1.0, 65_535.0),
    "decision_delay_days": _FROM_ZERO,
    "entry_known": _SHARE,
    "goes_viral": _SHARE,
    "leanings_differ": _SHARE,
    "loss_per_backlog_day": _SHARE,
    "mixups_per_backlog_day": _SHARE,
    "listed_enterprise_costs_per_year": _SHARE,
    "yuan_of_full_means": _FROM_ZERO,
    "refused_away": _SHARE,
    "stranded_days": _FROM_ZERO,
    "stranded_yuan_a_day": _FROM_ZERO,
    "copies_stale": _SHARE,
    "copies_corrected_per_year": _FROM_ZERO,
    "looks_per_year": _FROM_ZERO,
}

RESPONSE_BOUNDS: dict[str, Bounds] = {
    "aware": _SHARE,
    "caution_per_entry": _SHARE,
    "caution_per_tie_listed": _SHARE,
    "unit_pressure": _SHARE,
    "caution_fades_per_year": _FROM_ZERO,
    "deterrence": _SHARE,
    "announced_caution": _SHARE,
    "silence_per_entry": _SHARE,
    "silence_per_tie_listed": _SHARE,
    "silence_fades_per_year": _FROM_ZERO,
    "chilling": _SHARE,
    "gaming_per_year": _FROM_ZERO,
    "gaming_fades_per_year": _FROM_ZERO,
    "gaming_gain": (1.0, 3.0),
    "habit_per_year": _FROM_ZERO,
    "habit_fades_per_year": _FROM_ZERO,
    "habit_keeps": _SHARE,
    "trust_lost_per_refusal": _SHARE,
    "trust_recovers_per_year": _FROM_ZERO,
    "trust_moves_contest": _SHARE,
    "means_recovers_per_year": _FROM_ZERO,
    "strain": (1.0, 10.0),
    "consents": _SHARE,
    "joins_per_year": _FROM_ZERO,
    "opts_out_per_year": _FROM_ZERO,
    "friends_leave": _SHARE,
    "severity_weight": _SHARE,
    "severe_points": (1.0, 20_000.0),
    "loss_aversion": (0.0, 3.0),
    "gaming_per_gain": _SHARE,
    "crowds_per_year": _FROM_ZERO,
    "crowding": _SHARE,
    "crowding_fades_per_year": _FROM_ZERO,
    "trust_moves_reporting": _SHARE,
    "trust_moves_silence": _SHARE,
    "blame_local": _SHARE,
    "leaves_per_year": _FROM_ZERO,
    "leaves_above_means": _SHARE,
    "discloses": _SHARE,
    "silence_read_as_low": _SHARE,
    "strangers_lost_per_breach": _SHARE,
    "strangers_gained_by_records": _FROM_ZERO,
    "strangers_recover_per_year": _FROM_ZERO,
    "approval_base": _SHARE,
    "approval_lost_if_hit": _SHARE,
    "trust_moves_approval": _SHARE,
    "informed_share": _SHARE,
    "information_lowers": _SHARE,
    "conceals": _SHARE,
    "honour_moves": _SHARE,
    "education_carries": _SHARE,
    "prominence_carries": _SHARE,
    "default_carries": _SHARE,
}

PLACES_BOUNDS: dict[str, Bounds] = {
    "away_share": _SHARE,
    "moves_per_year": _FROM_ZERO,
    "missed_by_number": _SHARE,
    "missed_by_name": _SHARE,
    "mistaken_by_number": _SHARE,
    "mistaken_by_name": _SHARE,
    "commercial_withheld": _SHARE,
}

THREATS_BOUNDS: dict[str, Bounds] = {
    "insider_entries_per_year": _FROM_ZERO,
    "bribe_share": _SHARE,
    "bribe_price_yuan": _FROM_ZERO,
    "bribe_found": _SHARE,
    "points_sold_per_year": _FROM_ZERO,
    "points_sold": (0.0, 1000.0),
    "producer_margin": _SHARE,
    "breach_month": (0.0, 1200.0),
    "breach_records_per_1000": (0.0, 1000.0),
    "breach_altered_per_1000": (0.0, 1000.0),
    "breach_points": (0.0, 1000.0),
    "opponents_listed_per_year": _FROM_ZERO,
    "scandal_month": (0.0, 1200.0),
    "scandal_branch": _SHARE,
    "scandal_loss": _SHARE,
}

FLAT_BOUNDS: dict[str, dict[str, Bounds]] = {
    "process": PROCESS_BOUNDS,
    "response": RESPONSE_BOUNDS,
    "places": PLACES_BOUNDS,
    "threats": THREATS_BOUNDS,
}
"""The files that map a fixed set of names to quantities, with the bounds of each."""


class VariesWith(Strict):
    """How a rate goes with a trait: the top eighth's rate over the bottom eighth's."""

    trait: Trait
    ratio: Ratio


class Act(Strict):
    """A type of act: who is exposed, how often, how people respond, which channels see it."""

    id: Id
    title: Text
    domain: Literal["administrative", "commercial", "social", "law_enforcement"]
    who: Literal[
        "adult",
        "minor",
        "driver",
        "online",
        "employed",
        "borrower",
        "parent_elsewhere",
        "enterprise",
        "court",
        "government",
    ]
    per_year: Rate
    varies_with: VariesWith | None = None
    response: Literal[
        "deterred", "chilled", "rewarded", "reporting", "strained", "unmoved", "afforded"
    ]
    department: Id
    context: Id
    seen_by: dict[str, Probability]
    false_per_year: Rate
    debt: bool = False
    needs_counter: Id | None = None
    without: Probability | None = None
    omission: bool = False
    necessary: Probability | None = None

    @model_validator(mode="after")
    def _needs_wholly(self) -> Act:
        if (self.needs_counter is None) != (self.without is None):
            right = "the counter, and the share of the act that is lost without it"
            raise refusal("`needs_counter` and `without` belong together", right)
        if self.omission and self.needs_counter is None:
            raise refusal("an omission of nothing", "needs_counter: what one cannot comply without")
        return self


class Culpability(Strict):
    """Whether an act counts as a wrong in the metrics, and how grave; never a rulebook's view."""

    act: Id
    culpable: bool
    worthless: bool = False
    """Of no use to anybody else: praised, it can be done for the points alone."""
    gravity: Rate
    why: Text


class WrongTo(Strict):
    """Where a misattributed act lands; the three shares sum to 1."""

    household: Annotated[float, Field(ge=0.0, le=1.0)]
    community: Annotated[float, Field(ge=0.0, le=1.0)]
    elsewhere: Annotated[float, Field(ge=0.0, le=1.0)]

    @model_validator(mode="after")
    def _is_whole(self) -> WrongTo:
        total = self.household + self.community + self.elsewhere
        if abs(total - 1.0) > 1e-6:
            raise refusal(f"the shares sum to {total:g}", "household + community + elsewhere = 1")
        return self


class Channel(Strict):
    """A way of seeing: where it covers, and how often it takes somebody for somebody else.

    ``where`` names the only provinces that have it; with ``by_neighbourhood`` what it covers is
    whole communities. A channel that matches faces says how often it finds the right one, in how
    large a gallery, how often it falsely takes one face for another, and what a reviewer rejects.
    """

    id: Id
    title: Text
    covers_urban: Probability
    covers_rural: Probability
    wrong_person: Probability
    wrong_to: WrongTo
    where: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    by_neighbourhood: bool = False
    match: Probability | None = None
    gallery: Rate | None = None
    false_match_rate: Probability | None = None
    reviewer_rejects: Probability | None = None

    @model_validator(mode="after")
    def _compares_with_a_gallery(self) -> Channel:
        said = (self.gallery, self.false_match_rate, self.reviewer_rejects)
        if any(said) and not all(said):
            raise refusal(
                "half of a face match", "gallery, false_match_rate and reviewer_rejects together"
            )
        return self


class Department(Strict):
    """An office, or a company, that writes entries down: its delay, its losses, its capacity.

    What a local one writes of somebody from elsewhere stays there until the files are merged.
    """

    id: Id
    title: Text
    level: Literal["national", "local"] = "national"
    kind: Literal["public", "commercial"] = "public"
    furnishes: Probability | None = None
    delay_days: Rate
    loss: Probability
    capacity_per_1000_year: Rate


class Counter(Strict):
    """A place where people are let through or refused, and what a refusal costs."""

    id: Id
    title: Text
    context: Id
    attempts_per_year: Rate
    needs: Literal["adult", "driver", "online", "employed", "borrower", "parent"]
    child_ages: Annotated[tuple[Age, Age] | None, Field()] = None
    retries_mean: Rate
    burden: Rate
    means_loss: Probability
    takes_up: Probability | None = None
    takes_up_per_year: Probability | None = None
    strands: bool = False
    queue: bool = False

    @model_validator(mode="after")
    def _asks_for_a_child(self) -> Counter:
        if (self.needs == "parent") != (self.child_ages is not None):
            raise refusal("`child_ages` belong to `needs: parent`", "child_ages: [6, 17]")
        if self.child_ages is not None and self.child_ages[0] > self.child_ages[1]:
            raise refusal(f"the ages {list(self.child_ages)} are upside down", "[from, to]")
        if self.takes_up_per_year is not None and self.takes_up is None:
            raise refusal("`takes_up_per_year` without `takes_up`", "takes_up: the share at first")
        return self


class ActsFile(Strict):
    """acts.yaml."""

    acts: tuple[Act, ...]


class CulpabilityFile(Strict):
    """culpability.yaml."""

    acts: tuple[Culpability, ...]


class DetectionFile(Strict):
    """detection.yaml."""

    channels: tuple[Channel, ...]
    attention_follows_records: Probability
    attention_follows_file: Rate
    scrutiny_of_licensed: Rate
    map_watch: Rate
    informant_reward: Rate
    grudge: Rate

    @property
    def attention(self) -> dict[str, Quantity]:
        """What the file says besides its channels; all of it is off at zero."""
        return {name: getattr(self, name) for name in type(self).model_fields if name != "channels"}


class RecordsFile(Strict):
    """records.yaml."""

    departments: tuple[Department, ...]


class CountersFile(Strict):
    """counters.yaml."""

    counters: tuple[Counter, ...]


class _FlatFile(RootModel[dict[str, NamedQuantity]]):
    """A mapping from a fixed set of names to quantities."""

    bounds: ClassVar[dict[str, Bounds]] = {}

    def flaws(self) -> Iterator[tuple[KeyPath, str, str]]:
        """Quantities that leave the bounds of their meaning: path, what, what would be right."""
        for name, quantity in self.root.items():
            if name in self.bounds:
                what = bounds_problem(quantity, *self.bounds[name])
                if what:
                    yield (name,), what, bounds_words(*self.bounds[name])


class ProcessFile(_FlatFile):
    """process.yaml: what happens between an entry and the end of a listing."""

    bounds = PROCESS_BOUNDS


class ResponseFile(_FlatFile):
    """response.yaml: how people change with what they know."""

    bounds = RESPONSE_BOUNDS


class PlacesFile(_FlatFile):
    """places.yaml: conduct away from home, and how files are joined."""

    bounds = PLACES_BOUNDS


class ThreatsFile(_FlatFile):
    """threats.yaml: what goes wrong on purpose; everything is at zero unless asked for."""

    bounds = THREATS_BOUNDS


class Assumptions(Strict):
    """All assumptions of one arm; ``unread()`` names the quantities that nothing has read."""

    acts: tuple[Act, ...]
    culpability: tuple[Culpability, ...]
    channels: tuple[Channel, ...]
    attention: dict[str, Quantity]
    departments: tuple[Department, ...]
    process: dict[str, NamedQuantity]
    counters: tuple[Counter, ...]
    response: dict[str, NamedQuantity]
    places: dict[str, NamedQuantity]
    threats: dict[str, NamedQuantity]
    contexts: Contexts
    _read: set[str] = PrivateAttr(default_factory=set)

    def quantities(self) -> dict[str, Quantity]:
        """Every quantity under the path that ``--set`` addresses it by."""
        return dict(_quantities(self))

    def unread(self) -> tuple[str, ...]:
        """The paths of the quantities whose value nobody has read, in order."""
        return tuple(sorted(set(self.quantities()) - self._read))

    def watch(self) -> Assumptions:
        """Start noting reads; returns itself."""
        for path, quantity in _quantities(self):
            quantity.note_reads(path, self._read)
        return self

    def __eq__(self, other: object) -> bool:
        """Equal in what the files say."""
        if not isinstance(other, Assumptions):
            return NotImplemented
        return all(getattr(self, n) == getattr(other, n) for n in type(self).model_fields)

    def __hash__(self) -> int:
        """Hash by the ids of the acts; enough for a dictionary."""
        return hash(tuple(act.id for act in self.acts))


def _quantities_of(act: Act) -> Iterator[tuple[str, Quantity]]:
    stem = f"acts.{act.id}"
    yield f"{stem}.per_year", act.per_year
    if act.varies_with is not None:
        yield f"{stem}.varies_with.ratio", act.varies_with.ratio
    for channel, seen in act.seen_by.items():
        yield f"{stem}.seen_by.{channel}", seen
    yield f"{stem}.false_per_year", act.false_per_year
    if act.necessary is not None:
        yield f"{stem}.necessary", act.necessary
    if act.without is not None:
        yield f"{stem}.without", act.without


def _quantities(assumptions: Assumptions) -> Iterator[tuple[str, Quantity]]:
    for act in assumptions.acts:
        yield from _quantities_of(act)
    for judged in assumptions.culpability:
        yield f"culpability.{judged.act}.gravity", judged.gravity
    groups: dict[str, tuple[Channel | Department | Counter, ...]] = {
        "detection": assumptions.channels,
        "records": assumptions.departments,
        "counters": assumptions.counters,
    }
    for room, items in groups.items():
        for item in items:
            for name in type(item).model_fields:
                value = getattr(item, name)
                if isinstance(value, Quantity):
                    yield f"{room}.{item.id}.{name}", value
    for name, quantity in assumptions.attention.items():
        yield f"detection.{name}", quantity
    for room in FLAT_BOUNDS:
        for name, quantity in getattr(assumptions, room).items():
            yield f"{room}.{name}", quantity
