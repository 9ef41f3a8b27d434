"""What safeguards make of an arm's law: rulebooks in, amended rulebooks out, and nothing else.

Every amendment only adds protection, and one that a provision has already leaves it the same
object. So it does not matter in which order several are made, nor whether one is made twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from glasshouse.law.rulebook import (
    Association,
    Contest,
    Expiry,
    Listing,
    Measure,
    Notice,
    Points,
    Privilege,
    Rulebook,
    Scale,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from glasshouse.law.assumptions import Assumptions
    from glasshouse.law.rulebook import AnyProvision
    from glasshouse.law.safeguard import Lists, PointsRules, Safeguard
    from glasshouse.law.validate import Strict

_ModelT = TypeVar("_ModelT", bound="Strict")


@dataclass(frozen=True)
class Facts:
    """What an amendment has to know of acts and counters, from the assumptions."""

    act_context: Mapping[str, str]
    counter_context: Mapping[str, str]
    are_related: Callable[[str, str], bool]
    need_means: frozenset[str]
    """Acts that who cannot pay could not avoid."""
    child_s: frozenset[str]
    """Counters at which a parent asks for a child."""

    def counter_is_related(self, counter: str, acts: Iterable[str]) -> bool:
        """Whether a counter's context is related to the context of every one of these acts."""
        here = self.counter_context[counter]
        return all(self.are_related(here, self.act_context[act]) for act in acts)


def facts_of(assumptions: Assumptions) -> Facts:
    """Take from the assumptions what amendments have to know; no number is read."""
    acts, counters = assumptions.acts, assumptions.counters
    return Facts(
        {act.id: act.context for act in acts},
        {counter.id: counter.context for counter in counters},
        assumptions.contexts.are_related,
        frozenset(act.id for act in acts if act.debt or act.response == "strained"),
        frozenset(counter.id for counter in counters if counter.needs == "parent"),
    )


def amended(book: Rulebook, safeguards: Iterable[Safeguard], facts: Facts) -> Rulebook:
    """A rulebook with these safeguards in it; the same object where it has them all."""
    for safeguard in safeguards:
        book = _with_one(book, safeguard, facts)
    return book


def _with_one(book: Rulebook, safeguard: Safeguard, facts: Facts) -> Rulebook:
    provisions = tuple(
        new
        for old in book.provisions
        if (new := amended_provision(old, book, safeguard, facts)) is not None
    )
    is_scored = any(isinstance(provision, Scale) for provision in book.provisions)
    update: dict[str, object] = {}
    if len(provisions) < len(book.provisions) or any(
        new is not old for new, old in zip(provisions, book.provisions, strict=True)
    ):
        update["provisions"] = provisions
    scores = safeguard.how.scores
    if scores is not None and is_scored and book.enrolment != scores.enrolment:
        update["enrolment"] = scores.enrolment
    return book.model_copy(update=update) if update else book


def amended_provision(
    provision: AnyProvision, book: Rulebook, safeguard: Safeguard, facts: Facts
) -> AnyProvision | None:
    """What a safeguard makes of a provision: the same object, another, or None for none."""
    how = safeguard.how
    match provision:
        case Listing() if how.lists is not None:
            return _list(provision, book, how.lists, facts)
        case Points() if how.points is not None:
            return _points(provision, book, how.points)
        case Privilege() if how.privileges is not None:
            acts = acts_of_score(book, provision)
            kept = tuple(c for c in provision.counters if facts.counter_is_related(c, acts))
            return _changed(provision, counters=kept) if kept else None
        case Association() if how.associations is not None:
            return None if provision.ties in how.associations.without else provision
        case _:
            return provision


def _list(listing: Listing, book: Rulebook, asks: Lists, facts: Facts) -> Listing:
    said: dict[str, object] = {}
    measures = listing.measures
    if asks.contexts is not None:
        acts = acts_behind(listing, book)
        measures = tuple(m for m in measures if facts.counter_is_related(m.counter, acts))
    if listing.colour == "black":
        said = _protected(listing, asks, facts)
        if asks.reach is not None:
            measures = _for_the_person_alone(measures, facts)
    return _changed(listing, **said, measures=measures)


def _protected(listing: Listing, asks: Lists, facts: Facts) -> dict[str, object]:
    """What becomes of notice, review, test, term and contest of a black list."""
    said: dict[str, object] = {}
    if asks.notice:
        said["notice"] = Notice(required=True)
    if asks.human_review:
        said["human_review"] = True
    if asks.ability_test and facts.need_means & acts_of_grounds(listing):
        said["ability_test"] = True
    if asks.ends_after_days is not None:
        days = round(asks.ends_after_days.number)
        before = (listing.term.days, listing.expires.days if listing.expires else None)
        if not any(end is not None and end <= days for end in before):
            said["expires"] = Expiry(days=days)
    if asks.contest is not None and listing.contest is None:
        said["contest"] = Contest(**asks.contest.model_dump())
    return said


def _for_the_person_alone(measures: tuple[Measure, ...], facts: Facts) -> tuple[Measure, ...]:
    """Measures without the household's: on the person instead, and none on a child's place."""
    own = [m for m in measures if m.counter not in facts.child_s]
    moved = (_changed(m, reaches="person") if m.reaches == "household" else m for m in own)
    return tuple(dict.fromkeys(moved))


def _points(points: Points, book: Rulebook, asks: PointsRules) -> Points:
    said: dict[str, object] = {}
    if asks.grade_override is not None and points.overrides_grade is not None:
        said["overrides_grade"] = None
    if asks.most_per_1000_of_start is not None:
        most = most_points(book, points, asks.most_per_1000_of_start.number)
        if most is not None and points.extremes[0] < -most:
            said |= _no_dearer(points, most)
    return _changed(points, **said)


def most_points(book: Rulebook, provision: AnyProvision, per_1000: float) -> int | None:
    """The most that an act may cost under a rulebook, by the scale in force beside a provision.

    In proportion to the start of the scale; where one starts from nothing, to the way from the cap
    to the floor; where the scale has neither, there is nothing to go by and None. At least 1.
    """
    rooms = [
        room
        for scale in book.provisions
        if isinstance(scale, Scale) and overlap(scale, provision)
        if (room := _room(scale)) is not None
    ]
    return max(1, int(min(rooms) * per_1000 / 1000)) if rooms else None


def _room(scale: Scale) -> int | None:
    if scale.start > 0:
        return scale.start
    if scale.floor is None or scale.cap is None:
        return None
    return scale.cap - scale.floor


def _no_dearer(points: Points, most: int) -> dict[str, object]:
    """The worth of an act, cut off at the most that it may cost; a slope is lifted as a whole."""
    if points.range is not None:
        low, high = points.range
        return {"range": (max(low, -most), max(high, -most))}
    if points.slope is not None:
        lift = -most - points.extremes[0]
        return {"slope": _changed(points.slope, base=points.slope.base + lift)}
    said: dict[str, object] = {"points": max(points.points or 0, -most)}
    if points.repeated is not None:
        worths = tuple(max(worth, -most) for worth in points.repeated.points)
        said["repeated"] = _changed(points.repeated, points=worths)
    return said


def acts_of_grounds(listing: Listing) -> frozenset[str]:
    """The acts that ground a list by themselves."""
    return frozenset(act for ground in listing.grounds for act in ground.acts or ())


def acts_behind(listing: Listing, book: Rulebook) -> frozenset[str]:
    """The acts that ground a list, and those of the score where a grade is a ground."""
    acts = acts_of_grounds(listing)
    if any(ground.grade_at_most or ground.grade_at_least for ground in listing.grounds):
        acts |= acts_of_score(book, listing)
    return acts


def acts_of_score(book: Rulebook, beside: AnyProvision) -> frozenset[str]:
    """The acts that a rulebook's score draws on at some time while a provision is in force."""
    return frozenset(
        act
        for provision in book.provisions
        if isinstance(provision, Points) and overlap(provision, beside)
        for act in provision.acts
    )


def overlap(one: AnyProvision, other: AnyProvision) -> bool:
    """Whether there is a day on which two provisions are in force."""
    begins = max(one.from_date, other.from_date)
    return all(p.until_date is None or begins < p.until_date for p in (one, other))


def _changed(model: _ModelT, **said: object) -> _ModelT:
    """A model with other values; the same object where nothing differs."""
    new = {name: value for name, value in said.items() if getattr(model, name) != value}
    return model.model_copy(update=new) if new else model
