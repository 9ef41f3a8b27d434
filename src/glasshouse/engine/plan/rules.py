"""An arm's rulebooks and assumptions in force on a day, as the sweep's integer tables."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from glasshouse.engine.plan.conduct import TRAITS
from glasshouse.engine.plan.exact import decimal, level, threshold
from glasshouse.engine.plan.files import access_bits
from glasshouse.engine.plan.insiders import acts_of
from glasshouse.engine.plan.names import Names, grades_of, list_name, scored
from glasshouse.engine.tables import Rules, Sizes
from glasshouse.law.assumptions import Assumptions
from glasshouse.law.experiment import ArmRules, RulebookInForce
from glasshouse.law.rulebook import (
    DISPLAYS,
    Announcement,
    AnyProvision,
    Association,
    Campaign,
    CountRange,
    Exemption,
    FileAccess,
    Grade,
    Listing,
    Points,
    Privilege,
    Repetition,
    Retention,
    Rulebook,
    Scale,
    Target,
    Visibility,
)
from glasshouse.stages.scoring.scoring_kernel import (
    N_GRADES,
    NO_GRADE,
    NO_TRAIT,
    REPEATS,
    SELF_SEES,
)
from glasshouse.stages.society.society_kernel import (
    BORROWER,
    COURT,
    DRIVER,
    EMPLOYED,
    FIRM,
    GOVERNMENT,
    ONLINE,
    PERSON,
)
from glasshouse.stages.standing.enrolment_kernel import CONSENT, MANDATORY, OPT_OUT, VOLUNTARY
from glasshouse.stages.standing.standing_kernel import N_LISTS, NEVER

LOWEST_POINTS = -32768
ENDLESS = 1 << 40
COVERS = {"all": 0, "borrower": BORROWER, "driver": DRIVER, "employed": EMPLOYED, "online": ONLINE}
SEEN_BY = ("nobody", "self", "neighbours", "everyone")
NO_CHANGE = 32768
"""The norm of an act on which there is no campaign."""

PAID_TO = ("nobody", "state", "producer")
KINDS = {"person": PERSON, "enterprise": FIRM, "court": COURT, "government": GOVERNMENT}
ENROLMENT = {
    "mandatory": MANDATORY, "none": MANDATORY, "consent": CONSENT, "opt_out": OPT_OUT,
    "voluntary": VOLUNTARY,
}  # fmt: skip
ASKS = {"consent": "consent_on", "voluntary": "consent_on", "opt_out": "opt_out_on"}
"""The table that says where a scheme of this enrolment asks, or lets leave."""


@dataclass(frozen=True)
class InForce:
    """What of an arm holds on a day: every rulebook that is switched on, with its provisions."""

    day: dt.date
    uses: tuple[tuple[RulebookInForce, tuple[AnyProvision, ...]], ...]

    @property
    def named_acts(self) -> frozenset[str]:
        """The acts that some provision in force names, for points or as a ground."""
        acts: set[str] = set()
        for _, provisions in self.uses:
            for provision in provisions:
                acts.update(acts_of(provision))
        return frozenset(acts)

    @property
    def announced_acts(self) -> frozenset[str]:
        """The acts that some announcement in force warns of."""
        return frozenset(
            act
            for _, provisions in self.uses
            for provision in provisions
            if isinstance(provision, Announcement)
            for act in provision.acts
        )


def in_force_on(arm: ArmRules, day: dt.date) -> InForce:
    """Give what of an arm's rulebooks holds on a day."""
    return InForce(
        day,
        tuple((use, use.rulebook.in_force(day)) for use in arm.rulebooks if use.is_on(day)),
    )


class RuleWriter:
    """Fills the law's tables of one arm for one day, provision by provision."""

    def __init__(self, sizes: Sizes, names: Names, arm: ArmRules, number: int) -> None:
        """Start from tables in which every rule is absent: zero points, no list, no measure."""
        self.sizes, self.names, self.arm, self.number = sizes, names, arm, number
        self.acts = {act: place for place, act in enumerate(names.acts)}
        self.counters = {counter: place for place, counter in enumerate(names.counters)}
        self.lists = {name: place for place, name in enumerate(names.lists[number])}
        self.grade_cut = np.full(sizes.instruments * N_GRADES, 32767, np.int16)
        self.carries = carried(arm.assumptions)
        self.quantiles: list[tuple[int, int, float]] = []
        self.table = absent_law(sizes)
        self.day = dt.date.min

    def write(self, holds: InForce) -> None:
        """Write every provision in force."""
        self.day = holds.day
        books = [book.rulebook for book in scored(self.arm)]
        for use, provisions in holds.uses:
            book = use.rulebook
            instrument = books.index(book.rulebook) if book.rulebook in books else None
            where = self.provinces_of(use)
            if not all(isinstance(provision, Campaign) for provision in provisions):
                self.table["records_on"][where] = 1
                if book.enrolment in ASKS:
                    self.table[ASKS[book.enrolment]][where] = 1
            if instrument is not None:
                self.write_scores(book, provisions, instrument, where)
            for provision in provisions:
                if isinstance(provision, Listing):
                    self.write_list(book, provision, instrument, where)
                elif isinstance(provision, Campaign):
                    self.write_campaign(provision, where)
                elif isinstance(provision, FileAccess):
                    self.table["file_access"][where] |= access_bits(provision)
                elif isinstance(provision, Exemption):
                    self.write_exemption(provision, where)
                elif isinstance(provision, Target):
                    expected = round(1000 * provision.entries_per_1000_year)
                    at = self.table["target_entries"]
                    at[where] = np.maximum(at[where], expected)
        self.keep_colours(holds)

    def keep_colours(self, holds: InForce) -> None:
        """Write which lists that have ended were red: in that step those on them still leave."""
        kept = {
            list_name(use.rulebook, provision)
            for use, provisions in holds.uses
            for provision in provisions
            if isinstance(provision, Listing)
        }
        for use in self.arm.rulebooks:
            for provision in use.rulebook.provisions:
                began, _ = use.period_of(provision)
                if isinstance(provision, Listing) and began <= self.day:
                    name = list_name(use.rulebook, provision)
                    if name not in kept and provision.colour == "red":
                        self.table["list_red"][self.lists[name]] = 1

    def provinces_of(self, use: RulebookInForce) -> Any:
        """Give the places of the provinces in which a rulebook is in force."""
        if use.where is None:
            return slice(None)
        return [self.names.provinces.index(province) for province in use.where]

    def write_scores(
        self, book: Rulebook, provisions: tuple[AnyProvision, ...], instrument: int, where: Any
    ) -> None:
        """Write a scored rulebook's scale, grades, points, retention, ties and privileges."""
        table, grades = self.table, grades_of(book)
        self.grade_cut[instrument * N_GRADES] = LOWEST_POINTS
        table["grade_count"][instrument] = len(grades)
        table["applies_kind"][instrument] = KINDS[book.applies_to]
        table["covers"][instrument] = COVERS[book.covers]
        table["instrument_enrolment"][instrument] = ENROLMENT[book.enrolment]
        for provision in provisions:
            if isinstance(provision, Scale):
                table["start"][instrument] = provision.start
                table["floor"][instrument], table["cap"][instrument] = provision.bounds
                table["instruments_on"][where] |= 1 << instrument
            elif isinstance(provision, Grade):
                self.write_grade(provision, instrument, grades.index(provision.grade))
            elif isinstance(provision, Points):
                self.write_points(provision, instrument, grades)
            elif isinstance(provision, Retention):
                table["kept_years"][instrument] = provision.years or 0
                table["kept_for_good"][instrument] = bool(provision.permanent)
            elif isinstance(provision, Association):
                share = f"{provision.ties}_share"
                table[share][instrument] = min(round(provision.share * 65536), 65535)
            elif isinstance(provision, Visibility):
                table["seen_by"][instrument] = SEEN_BY.index(provision.seen_by)
            elif isinstance(provision, Privilege):
                bits = self.counter_bits(provision.counters)
                favours = "unit_favours" if provision.by == "unit" else "grade_favours"
                self.write_places(provision)
                for grade in range(grades.index(provision.grade), len(grades)):
                    table[favours][instrument * N_GRADES + grade] |= bits

    def write_exemption(self, provision: Exemption, where: Any) -> None:
        """Write what office spares; of several exemptions in a place the widest holds."""
        dropped, discount = self.table["exempt_dropped"], self.table["exempt_discount"]
        dropped[where] = np.maximum(dropped[where], threshold(provision.entries_dropped, 32))
        discount[where] = np.maximum(discount[where], level(provision.discount))

    def write_grade(self, provision: Grade, instrument: int, grade: int) -> None:
        """Write the lowest points of a grade; a quantile is settled by institutions each step."""
        place = instrument * N_GRADES + grade
        if provision.quantile is not None:
            self.quantiles.append((instrument, grade, provision.quantile))
        elif grade > 0 and provision.at_least is not None:
            self.grade_cut[place] = provision.at_least

    def write_points(self, provision: Points, instrument: int, grades: tuple[str, ...]) -> None:
        """Write what acts are worth: fixed, a range left to officers, or a slope on a trait."""
        for act in provision.acts:
            at = instrument * self.sizes.types + self.acts[act]
            low, high = provision.range or (provision.points or 0,) * 2
            if provision.slope is not None:
                low = high = provision.slope.base
                self.table["slope_trait"][at] = TRAITS.index(provision.slope.trait)
                self.table["slope_per_eighth"][at] = provision.slope.per_eighth
                self.table["slope_noise"][at] = provision.slope.noise
            self.table["points_low"][at] = low
            self.table["fine_yuan"][at] = provision.fine_yuan or 0
            self.table["price_yuan"][at] = provision.price_yuan or 0
            self.table["paid_to"][at] = PAID_TO.index(provision.paid_to)
            self.table["points_span"][at] = high - low
            if provision.open_term is not None:
                self.table["points_term"][at] = level(provision.open_term)
            if provision.repeated is not None:
                self.write_repetition(provision.repeated, at, 1 + self.acts[provision.acts[0]])
            self.table["points_mark"][self.acts[act]] |= 1 << instrument
            if provision.necessity_defence:
                self.table["points_excuse"][self.acts[act]] |= 1 << instrument
            if provision.overrides_grade is not None:
                grade = grades.index(provision.overrides_grade.grade)
                self.table["override_grade"][at] = grade
                self.table["override_months"][at] = provision.overrides_grade.months

    def write_campaign(self, campaign: Campaign, where: Any) -> None:
        """Write what a campaign makes of the rates of its acts, in the provinces where it runs."""
        norm = self.table["norm"].reshape(self.sizes.provinces, self.sizes.rows)
        factor = 1 + decimal(campaign.change) * self.carries[campaign.by]
        for act in campaign.acts:
            so_far = norm[where, self.acts[act]].astype(np.int64)
            norm[where, self.acts[act]] = np.minimum(so_far * threshold(factor, 15) >> 15, 65535)

    def write_repetition(self, repeated: Repetition, at: int, group: int) -> None:
        """Write what further acts of a provision are worth, the last for all that follow."""
        last = (repeated.points[-1],) * (REPEATS - len(repeated.points))
        self.table["repeat_group"][at] = group
        self.table["repeat_within_days"][at] = repeated.within_days
        self.table["repeat_points"][at * REPEATS : (at + 1) * REPEATS] = repeated.points + last

    def write_places(self, privilege: Privilege) -> None:
        """Write how many privileges there are in a year; of several provisions they add up."""
        if privilege.places_per_1000 is not None:
            for counter in privilege.counters:
                at = self.counters[counter]
                before = int(self.table["places"][at]) % ENDLESS
                self.table["places"][at] = before + round(privilege.places_per_1000 * 1000)

    def counter_bits(self, counters: tuple[str, ...]) -> int:
        """Give counters as bits."""
        return sum(1 << self.counters[counter] for counter in set(counters))

    def write_list(
        self, book: Rulebook, listing: Listing, instrument: int | None, where: Any
    ) -> None:
        """Write a list: grounds, notice, contest, performance, term, what it bars."""
        table, at = self.table, self.lists[list_name(book, listing)]
        table["lists_on"][where] |= 1 << at
        name = list_name(book, listing)
        table["list_address"][at] = zlib.crc32(name.encode()) & 0xFFFF
        table["list_kind"][at] = KINDS[book.applies_to]
        table["list_enrolment"][at] = ENROLMENT[book.enrolment]
        term = min(listing.term.days or NEVER, listing.expires.days if listing.expires else NEVER)
        table["list_term_days"][at] = term
        table["list_until_grade"][at] = listing.term.until in {"grade_recovers", "grade_falls"}
        table["list_notice"][at] = listing.notice.required
        table["list_published"][at] = listing.published
        table["list_red"][at] = listing.colour == "red"
        table["list_display"][at] = DISPLAYS.index(listing.display)
        table["list_monthly"][at] = listing.publication_day == "month_start"
        if listing.performance is not None:
            table["list_not_before_days"][at] = listing.performance.not_before_days or 0
        table["list_ability"][at] = listing.ability_test
        table["list_review"][at] = listing.human_review
        table["list_deletes"][at] = listing.performance is not None and listing.performance.deletes
        if listing.contest is not None:
            table["list_contest"][at] = 1
            table["list_window_days"][at] = listing.contest.window_days
            table["list_decide_days"][at] = listing.contest.decide_days
            table["list_suspends"][at] = listing.contest.suspends
            table["list_from_knowledge"][at] = listing.contest.counted_from == "knowledge"
        for reach, field in (
            ("person", "list_bars"),
            ("household", "list_reaches"),
            ("representative", "list_represents"),
        ):
            counters = tuple(
                m.counter
                for m in listing.measures
                if m.reaches == reach and m.is_in_force(self.day)
            )
            table[field][at] = self.counter_bits(counters)
        if book.thin_file == "refused" and instrument is not None:
            table["thin_bars"][instrument] |= table["list_bars"][at] | table["list_reaches"][at]
        for ground in listing.grounds:
            grade = ground.grade_at_most or ground.grade_at_least
            if grade is not None and instrument is not None:
                table["list_instrument"][at] = instrument
                table["list_grade"][at] = grades_of(book).index(grade)
            field = "ground_single" if ground.count is None else "ground_count"
            field = "ground_viral" if ground.viral else field
            for act in ground.acts or ():
                table[field][self.acts[act]] |= 1 << at
                if ground.necessity_defence:
                    table["ground_excuse"][self.acts[act]] |= 1 << at
            if ground.count is not None and ground.within_days is not None:
                count = ground.count
                low, high = (
                    (count.from_count, count.to_count)
                    if isinstance(count, CountRange)
                    else (count, count)
                )
                table["list_count"][at] = low
                table["list_count_span"][at] = high - low
                table["list_within_days"][at] = ground.within_days


def carried(assumptions: Assumptions) -> dict[str, Decimal]:
    """Give how much of the change that a campaign aims at comes about, by its way of working."""
    response = assumptions.response
    return {
        "education": decimal(response["education_carries"].value),
        "prominence": decimal(response["prominence_carries"].value),
        "default": decimal(response["default_carries"].value),
    }


def records_anything(use: RulebookInForce) -> bool:
    """Say whether a rulebook has anything but campaigns: points, lists, records."""
    return not all(isinstance(provision, Campaign) for provision in use.rulebook.provisions)


def absent_law(sizes: Sizes) -> dict[str, Any]:
    """Give the law's tables with every rule absent."""
    instruments, acts = sizes.instruments, sizes.instruments * sizes.types
    table: dict[str, Any] = {
        "norm": np.full(sizes.provinces * sizes.rows, NO_CHANGE, np.uint16),
        "points_low": np.zeros(acts, np.int16),
        "points_span": np.zeros(acts, np.uint16),
        "points_term": np.full(acts, 65535, np.uint16),
        "fine_yuan": np.zeros(acts, np.int32),
        "price_yuan": np.zeros(acts, np.int32),
        "slope_trait": np.full(acts, NO_TRAIT, np.uint8),
        "slope_per_eighth": np.zeros(acts, np.int16),
        "slope_noise": np.zeros(acts, np.uint16),
        "repeat_group": np.zeros(acts, np.uint16),
        "repeat_within_days": np.zeros(acts, np.int32),
        "repeat_points": np.zeros(acts * REPEATS, np.int16),
        "override_grade": np.full(acts, NO_GRADE, np.uint8),
        "override_months": np.zeros(acts, np.uint16),
        "grade_count": np.ones(instruments, np.uint8),
        "grade_favours": np.zeros(instruments * N_GRADES, np.uint32),
        "points_mark": np.zeros(sizes.types, np.uint8),
        "points_excuse": np.zeros(sizes.types, np.uint8),
        "ground_excuse": np.zeros(sizes.types, np.uint16),
        "ground_single": np.zeros(sizes.types, np.uint16),
        "ground_count": np.zeros(sizes.types, np.uint16),
        "ground_viral": np.zeros(sizes.types, np.uint16),
        "instruments_on": np.zeros(sizes.provinces, np.uint8),
        "lists_on": np.zeros(sizes.provinces, np.uint16),
        "records_on": np.zeros(sizes.provinces, np.uint8),
        "file_access": np.zeros(sizes.provinces, np.uint8),
        "reach_on": np.zeros(sizes.provinces, np.uint8),
        "reach_points": np.full(acts, NEVER, np.int32),
        "reach_grounds": np.full(N_LISTS * sizes.types, NEVER, np.int32),
        "keep_since": np.full(sizes.types, NEVER, np.int32),
    }
    for name in ("start", "floor", "cap"):
        table[name] = np.zeros(instruments, np.int16)
    for name in ("consent_on", "opt_out_on"):
        table[name] = np.zeros(sizes.provinces, np.uint8)
    for name in ("kept_years", "applies_kind", "instrument_enrolment"):
        table[name] = np.zeros(instruments, np.uint8)
    table["covers"] = np.zeros(instruments, np.uint16)
    table["thin_bars"] = np.zeros(instruments, np.uint32)
    table["places"] = np.full(sizes.counters, ENDLESS, np.int64)
    table["kept_for_good"] = np.ones(instruments, np.uint8)
    table["seen_by"] = np.full(instruments, SELF_SEES, np.uint8)
    table["unit_favours"] = np.zeros(instruments * N_GRADES, np.uint32)
    table["paid_to"] = np.zeros(acts, np.uint8)
    table["exempt_dropped"] = np.zeros(sizes.provinces, np.int64)
    table["exempt_discount"] = np.zeros(sizes.provinces, np.uint16)
    table["target_entries"] = np.zeros(sizes.provinces, np.int64)
    for name in ("household_share", "friends_share", "workplace_share"):
        table[name] = np.zeros(instruments, np.uint16)
    for name in Rules._fields:
        if name.startswith("list_"):
            kind = np.int32 if name.endswith("_days") else np.uint8
            table[name] = np.zeros(N_LISTS, kind)
    table["list_instrument"][:] = NO_GRADE
    table["list_address"] = np.zeros(N_LISTS, np.uint16)
    table["list_bars"] = np.zeros(N_LISTS, np.uint32)
    table["list_reaches"] = np.zeros(N_LISTS, np.uint32)
    table["list_represents"] = np.zeros(N_LISTS, np.uint32)
    return table
