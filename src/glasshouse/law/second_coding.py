"""A second coding of the same law by another reader, and where the two readers differ.

A rulebook is turned into *facts*: what is coded (``points.red_light``, ``list.defaulters.term``)
and its value in words, on every day on which either coding changes. Facts, not provisions, are
compared: two coders may cut the same law into provisions differently and still agree.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, NamedTuple

from glasshouse.law.citation import Text
from glasshouse.law.rulebook import (
    Association,
    Grade,
    Listing,
    Points,
    Privilege,
    Provision,
    Retention,
    Rulebook,
    Scale,
)
from glasshouse.law.validate import Strict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from glasshouse.law.rulebook import AnyProvision

SILENT = "not coded"


class Difference(NamedTuple):
    """A fact on which two codings of a rulebook differ, from the first day on which they do."""

    rulebook: str
    fact: str
    first: str
    second: str
    since: dt.date


class Finding(Strict):
    """What was made of differences between two codings that have one reason."""

    rulebook: Text
    facts: dict[str, tuple[Text, Text]]
    """What differs: the fact, how the first coding has it and how the second."""
    finding: Text
    about: Literal["text", "schema", "judgment"]
    """The text is open, the schema leaves a choice, or the coders judge its standing otherwise."""

    def explained(self) -> frozenset[tuple[str, str, str, str]]:
        """The differences that it explains: rulebook, fact, first, second."""
        return frozenset((self.rulebook, fact, *both) for fact, both in self.facts.items())


class FindingsFile(Strict):
    """A file of findings: every difference that was not mended."""

    findings: tuple[Finding, ...]


def facts_of(provisions: tuple[AnyProvision, ...]) -> dict[str, str]:
    """What provisions in force on one day say, fact by fact, with the evidence of each."""
    facts: dict[str, str] = {}
    for provision in provisions:
        for fact, value in _facts(provision):
            facts[fact] = value
            facts[f"{fact} (evidence)"] = provision.evidence
    return facts


def _facts(provision: AnyProvision) -> Iterator[tuple[str, str]]:
    if isinstance(provision, Scale):
        for name in ("start", "floor", "cap"):
            yield f"scale.{name}", f"{getattr(provision, name)}"
    elif isinstance(provision, Grade):
        share = provision.quantile
        worth = f"at least {provision.at_least}" if share is None else f"upper share {share:g}"
        yield f"grade.{provision.grade}", worth
    elif isinstance(provision, Points):
        for act in provision.acts:
            yield f"points.{act}", _worth(provision)
            if provision.overrides_grade is not None:
                held = provision.overrides_grade
                yield f"override.{act}", f"{held.grade} for {held.months} months"
    elif isinstance(provision, Retention):
        yield "retention", "permanent" if provision.permanent else f"{provision.years} years"
    elif isinstance(provision, Association):
        yield f"ties.{provision.ties}", f"{provision.share:g}"
    elif isinstance(provision, Privilege):
        for counter in provision.counters:
            yield f"privilege.{counter}", f"from {provision.grade}"
    elif isinstance(provision, Listing):
        yield from _list_facts(provision)
    else:
        said = provision.model_dump(mode="json", exclude_none=True)
        stated = {k: v for k, v in said.items() if k not in _STANDING}
        yield provision.rule, ", ".join(f"{k} {v}" for k, v in sorted(stated.items()))


_STANDING = frozenset({*Provision.model_fields, "rule"})
"""What every provision has; the rest is what one of another kind says."""


def _worth(provision: Points) -> str:
    if provision.range is not None:
        return f"{provision.range[0]} to {provision.range[1]}"
    if provision.slope is not None:
        slope = provision.slope
        return f"{slope.base} and {slope.per_eighth} an eighth of {slope.trait}"
    if provision.repeated is not None:
        more = ", ".join(map(str, provision.repeated.points))
        return f"{provision.points}, then {more} within {provision.repeated.within_days} days"
    return f"{provision.points}"


def _list_facts(listing: Listing) -> Iterator[tuple[str, str]]:
    stem = f"list.{listing.list_id}"
    for ground in listing.grounds:
        often = f"{ground.count} in {ground.within_days} days" if ground.count else "once"
        for act in ground.acts or ():
            yield f"{stem}.ground.{act}", often
        if ground.grade_at_most:
            yield f"{stem}.ground.grade", f"at most {ground.grade_at_most}"
    yield f"{stem}.ability_test", f"{listing.ability_test}"
    yield f"{stem}.term", listing.term.until or f"{listing.term.days} days"
    yield f"{stem}.notice", f"{listing.notice.required}"
    for name in ("contest", "performance", "expires"):
        part = getattr(listing, name)
        said = "none" if part is None else part.model_dump(mode="json", exclude_none=True)
        words = said if isinstance(said, str) else ", ".join(f"{k} {v}" for k, v in said.items())
        yield f"{stem}.{name}", words
    yield f"{stem}.published", f"{listing.published}"
    for measure in listing.measures:
        yield f"{stem}.closes.{measure.counter}", measure.reaches


def _on(book: Rulebook, day: dt.date) -> tuple[AnyProvision, ...]:
    # A measure may begin and end within its list: only those of the day are facts of the day.
    found: list[AnyProvision] = []
    for provision in book.in_force(day):
        if isinstance(provision, Listing):
            closed = tuple(m for m in provision.measures if m.is_in_force(day))
            found.append(provision.model_copy(update={"measures": closed}))
        else:
            found.append(provision)
    return tuple(found)


def differences(first: Rulebook, second: Rulebook) -> tuple[Difference, ...]:
    """Every fact on which the codings differ, once, on the first day on which it does."""
    found: dict[str, Difference] = {}
    for day in sorted({*first.change_dates(), *second.change_dates()}):
        ours, theirs = facts_of(_on(first, day)), facts_of(_on(second, day))
        for fact in sorted(ours.keys() | theirs.keys()):
            one, other = ours.get(fact, SILENT), theirs.get(fact, SILENT)
            # How well a thing is known can differ only where both coders say the thing.
            silent = fact.endswith("(evidence)") and SILENT in {one, other}
            if one != other and not silent and fact not in found:
                found[fact] = Difference(first.rulebook, fact, one, other, day)
    for name in ("applies_to", "enrolment", "family"):
        one, other = f"{getattr(first, name)}", f"{getattr(second, name)}"
        if one != other:
            day = first.change_dates()[0]
            found[name] = Difference(first.rulebook, name, one, other, day)
    return tuple(found.values())


def agreement(first: Rulebook, second: Rulebook) -> tuple[int, int]:
    """How many facts both codings state alike, and how many either states, over all days."""
    alike = stated = 0
    for day in sorted({*first.change_dates(), *second.change_dates()}):
        ours, theirs = facts_of(_on(first, day)), facts_of(_on(second, day))
        stated += len(ours.keys() | theirs.keys())
        alike += sum(ours[fact] == theirs.get(fact) for fact in ours)
    return alike, stated
