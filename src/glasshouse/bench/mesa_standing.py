"""One person's standing in one arm: entries, score, counters, and how the person changes.

What happens is told in ``glasshouse.engine.sweep``; the order of the steps is the same, the words
are a Mesa programmer's. Levels are floats from 0 to 1, days are counted from the first of the run.
"""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING, Any

from glasshouse.bench.mesa_counters import visit_counters
from glasshouse.bench.mesa_listing import NO_ACT, Listing
from glasshouse.bench.mesa_response import respond
from glasshouse.stages.conduct.conduct_kernel import (
    AFFORDED,
    CHILLED,
    N_RESPONSES,
    REPORTING,
    REWARDED,
    STRAINED,
    UNAFFORDED,
    UNREWARDED,
)
from glasshouse.stages.record.record_kernel import (
    COULD_NOT,
    LAWFUL_ACT,
    N_LABELS,
    NOT_THEIRS,
    RIGHTLY,
)
from glasshouse.stages.scoring.scoring_kernel import (
    LEDGER_LIMIT,
    NO_GRADE,
    NO_TRAIT,
    association_points,
)
from glasshouse.stages.standing.standing_kernel import NEVER

if TYPE_CHECKING:
    from glasshouse.bench.mesa_law import ArmLaw, Worth
    from glasshouse.bench.mesa_model import Month
    from glasshouse.bench.mesa_person import Person

Entry = tuple[int, int, int, float, int]
"""(day it is due, row, label, officer's word, day of the act)."""


class Standing:
    """A person as one arm knows them."""

    __slots__ = (
        "acts", "aware", "barred", "burden", "caution", "counts", "entries", "factors", "favours",
        "gaming", "grade", "grade_lists", "habit", "held_grade", "held_label", "held_until",
        "hold_ends", "inbox", "kin", "known", "known_speech", "learned", "ledger", "listed",
        "listed_days", "listings", "means", "means_lost", "not_theirs", "number", "pals",
        "person", "privileges", "put_on", "refusals", "refused_at", "refused_day",
        "refused_times", "remembered", "score", "shortfall", "silence", "silent_days", "touched",
        "trust", "unsettled",
    )  # fmt: skip

    def __init__(
        self, person: Person, number: int, counts: Any, law: ArmLaw, contexts: int
    ) -> None:
        self.person, self.number, self.counts = person, number, counts
        self.means, self.trust = person.means_start, 1.0
        self.caution = self.silence = self.gaming = self.habit = 0.0
        self.aware = self.touched = False
        self.unsettled = True
        rewarded = law.settings.rewarded_base
        self.factors = [1.0] * N_RESPONSES
        for response in (REWARDED, UNREWARDED, REPORTING):
            self.factors[response] = rewarded
        self.strain(law)
        self.listed = self.barred = self.favours = self.grade_lists = 0
        self.inbox: list[Entry] = []
        self.kin: list[Standing] = []
        self.pals: list[Standing] = []
        self.remembered: list[tuple[int, int]] = []
        self.listings: list[Listing] = []
        instruments = len(law.grade_cuts)
        self.ledger: list[dict[int, list[int]]] = [{} for _ in range(instruments)]
        t = law.table
        scales = zip(t.start, t.floor, t.cap, strict=True)
        self.score = [min(max(start, low), high) for start, low, high in scales]
        self.grade = [bisect(cuts, s) for cuts, s in zip(law.grade_cuts, self.score, strict=True)]
        self.held_grade = [0] * instruments
        self.held_until = [-1] * instruments
        self.held_label = [RIGHTLY] * instruments
        self.hold_ends = -1
        self.shortfall = [0] * instruments
        self.known = self.known_speech = self.learned = 0
        self.refused_at = self.refused_times = 0
        self.refused_day, self.means_lost = NEVER, 0.0
        # What the outcome row of this person and arm says at the end.
        self.acts = [0] * 4
        self.listed_days = [0] * N_LABELS
        self.burden = [0] * contexts
        self.entries = self.not_theirs = self.put_on = self.refusals = self.privileges = 0
        self.silent_days = 0

    def strain(self, law: ArmLaw) -> None:
        """Set the factors of strained acts, and of those that cost money, from the means."""
        base = law.settings.strained_base
        self.factors[STRAINED] = base + (1.0 - base) * (1.0 - self.means)
        self.factors[AFFORDED] = self.factors[REWARDED] * self.means
        self.factors[UNAFFORDED] = self.factors[UNREWARDED] * self.means

    def close(self, law: ArmLaw, month: Month) -> None:
        """Lead the standing through the end of the month."""
        if self.barred or self.favours:
            visit_counters(self, law, month)
        if self.inbox:
            self.settle(law, month)
        if self.unsettled or law.is_new or self.hold_ends >= month.age - 1:
            self.make_score(law, month)
        if self.grade_lists & ~self.listed:
            self.list_by_grade(law, month)
        if self.listings:
            self.listings = [one for one in self.listings if one.lives(self, law, month)]
        respond(self, law, month)

    # --- entries -------------------------------------------------------------------------------

    def settle(self, law: ArmLaw, month: Month) -> None:
        """Write down what is due, keep what is not."""
        later = []
        for entry in self.inbox:
            if entry[0] < month.end_day:
                self.write_down(entry, law, month)
            else:
                later.append(entry)
        self.inbox = later
        if self.remembered:
            self.remembered = [
                (day, kind)
                for day, kind in self.remembered
                if day + law.longest[kind] + law.latest >= month.first_day
            ]

    def write_down(self, entry: Entry, law: ArmLaw, month: Month) -> None:
        """Write one entry down: points, override, what is heard of it, grounds for lists."""
        _, row, label, officer, _ = entry
        person, counts, uniform = self.person, self.counts, month.uniform
        kind = row % law.types
        counts.entries[row] += 1
        counts.entries_by_label[label] += 1
        self.entries += 1
        if label == NOT_THEIRS:
            self.not_theirs += 1
        lowers = False
        points: list[tuple[int, int]] = []
        if law.instruments[person.province][person.kind]:
            for worth in law.worth[person.kind][kind]:
                if (law.table.instruments_on[person.province] >> worth.instrument) & 1:
                    value = self.points_of(worth, kind, officer, law, month)
                    lowers = lowers or value < 0
                    points.append((worth.instrument, value))
                    self.book(worth.instrument, month.year, label, value, law)
                    self.hold(worth, label, month)
        on = law.table.lists_on[person.province]
        grounds = (law.single[kind] | law.counted[kind]) & on
        if (lowers or grounds) and uniform() < law.settings.entry_known:
            self.known += 1
            if month.responses[kind] == CHILLED:
                self.known_speech += 1
            self.hear()
        if grounds:
            self.ground(grounds, entry, kind, points, law, month)

    def hear(self) -> None:
        """Know of the scheme from now on."""
        if not self.aware:
            self.aware = True
            self.counts.aware_persons += 1

    def points_of(self, worth: Worth, kind: int, officer: float, law: ArmLaw, month: Month) -> int:
        """Give what an entry is worth, with the officer's discretion or by slope and noise."""
        value = worth.low
        if worth.span:
            desk = int(officer * law.settings.officers_per_office)
            leaning = month.leaning(month.departments[kind], self.person.county, desk)
            value += (leaning * (worth.span + 1)) >> 16
        if worth.trait != NO_TRAIT:
            value += worth.per_eighth * self.person.eighths[worth.trait] - worth.noise
            value += int(month.uniform() * (2 * worth.noise + 1))
        return value

    def book(self, instrument: int, year: int, label: int, value: int, law: ArmLaw) -> None:
        """Add points to the ledger's year and label."""
        place = 0 if law.table.kept_for_good[instrument] else year
        cell = self.ledger[instrument].setdefault(place, [0] * N_LABELS)
        cell[label] = min(max(cell[label] + value, -LEDGER_LIMIT), LEDGER_LIMIT)
        self.unsettled = True

    def hold(self, worth: Worth, label: int, month: Month) -> None:
        """Hold the grade down as the entry's override says; the lowest wins, then the longest."""
        if worth.hold_grade == NO_GRADE:
            return
        at, last = worth.instrument, month.age + worth.hold_months
        held, until = self.held_grade[at], self.held_until[at]
        weaker = worth.hold_grade > held or (worth.hold_grade == held and last <= until)
        if until < month.age or not weaker:
            self.held_grade[at], self.held_until[at] = worth.hold_grade, last
            self.held_label[at] = label
            self.hold_ends = max(self.held_until)
            self.unsettled = True

    def clear_grade(self, instrument: int, label: int, month: Month) -> None:
        """Lift a held grade that was wrong, and the lost points of the label behind it."""
        self.held_until[instrument] = month.age - 1
        if label != RIGHTLY:
            for cell in self.ledger[instrument].values():
                cell[label] = max(cell[label], 0)
        self.unsettled = True

    def ground(
        self, grounds: int, entry: Entry, kind: int, points: list[tuple[int, int]], law: ArmLaw,
        month: Month,
    ) -> None:  # fmt: skip
        """Follow up an entry that is a ground, or one of several that together are."""
        due, row, label, _, act_day = entry
        counts, settings, table, uniform = self.counts, law.settings, law.table, month.uniform
        for on_list in range(law.n_lists):
            bit = 1 << on_list
            if not grounds & bit or table.list_kind[on_list] != self.person.kind:
                continue
            if not law.single[kind] & bit:
                days = [day for day, other in self.remembered if law.counted[other] & bit]
                within = table.list_within_days[on_list]
                if fullest_window(days, act_day, within) < table.list_count[on_list]:
                    continue
            if uniform() >= settings.pursued:
                counts.not_followed_up += 1
                continue
            if table.list_ability[on_list] and month.needs_means[kind]:
                second = uniform()
                if self.means < settings.cannot_pay_below:
                    able = second >= settings.ability_specificity
                else:
                    able = second < settings.ability_sensitivity
                if not able:
                    counts.found_unable += 1
                    continue
            since = due + settings.decision_delay_days
            self.put_on_list(on_list, label, since, row, points, law, month)
        if law.counted[kind] & table.lists_on[self.person.province]:
            self.remembered.append((act_day, kind))

    def put_on_list(
        self, on_list: int, label: int, since: int, row: int, points: list[tuple[int, int]],
        law: ArmLaw, month: Month,
    ) -> None:  # fmt: skip
        """Stand on a list from ``since`` on, unless it is so already."""
        if not (self.listed >> on_list) & 1:
            self.listings.append(Listing(on_list, label, since, row, points, law, month))
            self.counts.listed_persons += self.listed == 0
            self.listed |= 1 << on_list
            self.put_on += 1
            self.counts.listed[on_list * N_LABELS + label] += 1

    # --- score ---------------------------------------------------------------------------------

    def make_score(self, law: ArmLaw, month: Month) -> None:
        """Make score and grade anew; what changes is told to the ties at the end of the month."""
        person, counts, table = self.person, self.counts, law.table
        self.unsettled = False
        self.grade_lists = self.favours = 0
        for at in law.instruments[person.province][person.kind]:
            start = table.start[at]
            total = start + self.ties_points(at, law)
            for cell in self.ledger[at].values():
                total += sum(cell)
            score = min(max(total, table.floor[at]), table.cap[at])
            grade = bisect(law.grade_cuts[at], score)
            if self.held_until[at] >= month.age:
                grade = min(grade, self.held_grade[at])
            before, was = self.score[at], self.grade[at]
            if law.is_new:
                counts.enter(at, score, grade)
            elif score != before or grade != was:
                counts.move(at, before, was, score, grade)
            self.score[at], self.grade[at] = score, grade
            if min(score - start, 0) != self.shortfall[at]:
                month.changed.append((self, at, min(score - start, 0)))
            self.favours |= table.grade_favours[at * 16 + grade]
            for on_list, by in enumerate(table.list_instrument):
                if (
                    by == at
                    and grade <= table.list_grade[on_list]
                    and table.list_kind[on_list] == person.kind
                    and (table.lists_on[person.province] >> on_list) & 1
                ):
                    self.grade_lists |= 1 << on_list

    def ties_points(self, at: int, law: ArmLaw) -> int:
        """Give the points lost for the published shortfall of household and friends."""
        household, friends = law.associates[at]
        points = lack = 0
        if household:
            for one in self.kin:
                lack += one.shortfall[at]
            if lack:
                points = association_points(lack, len(self.kin), household)
        if friends:
            lack = 0
            for one in self.pals:
                lack += one.shortfall[at]
            if lack:
                points += association_points(lack, 2, friends)
        return points

    def lapse(self, law: ArmLaw, year: int) -> None:
        """Let the points of a year gone by fall out of the ledger."""
        for at, years in enumerate(self.ledger):
            if years and not law.table.kept_for_good[at]:
                for old in [one for one in years if one < year - law.table.kept_years[at]]:
                    del years[old]
                    self.unsettled = True

    def list_by_grade(self, law: ArmLaw, month: Month) -> None:
        """List by a low grade; the label says by whose points it fell."""
        missing = self.grade_lists & ~self.listed
        for on_list in range(law.n_lists):
            if (missing >> on_list) & 1:
                at = law.table.list_instrument[on_list]
                cut = law.grade_cuts[at][law.table.list_grade[on_list]]
                cells = self.ledger[at].values()
                net = [sum(cell[label] for cell in cells) for label in range(N_LABELS)]
                ties = self.ties_points(at, law)
                rest, label = self.score[at] - ties, RIGHTLY
                for sense in (NOT_THEIRS, COULD_NOT, LAWFUL_ACT):
                    rest -= net[sense]
                    if label == RIGHTLY and rest >= cut:
                        label = sense
                if self.score[at] >= cut:
                    label = self.held_label[at]
                self.put_on_list(on_list, label, month.end_day, NO_ACT, [], law, month)


def fullest_window(days: list[int], day: int, within: int) -> int:
    """Give how many acts, one of ``day`` included, the fullest window that holds it has."""
    begins = [day, *(other for other in days if day - within <= other <= day)]
    return 1 + max(sum(1 for d in days if begin <= d <= begin + within) for begin in begins)
