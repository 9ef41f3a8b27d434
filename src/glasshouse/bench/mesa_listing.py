"""One listing of a person in the Mesa model: notice, contest, performance, what it bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.stages.record.record_kernel import RIGHTLY
from glasshouse.stages.standing.standing_kernel import (
    EXPIRED,
    GRADE_RECOVERED,
    NEVER,
    OVERTURNED,
    PERFORMED,
)

if TYPE_CHECKING:
    from glasshouse.bench.mesa_law import ArmLaw
    from glasshouse.bench.mesa_model import Month
    from glasshouse.bench.mesa_standing import Standing

NO_ACT = 65535
"""The act of a listing that a grade grounds."""


class Listing:
    """One person on one list, from a day on."""

    __slots__ = (
        "decision_day", "known_day", "label", "leave_day", "notice_day", "on_list", "points",
        "reason", "row", "since",
    )  # fmt: skip

    def __init__(
        self, on_list: int, label: int, since: int, row: int, points: list[tuple[int, int]],
        law: ArmLaw, month: Month,
    ) -> None:  # fmt: skip
        table, settings = law.table, law.settings
        self.on_list, self.label, self.since, self.row = on_list, label, since, row
        self.points = points
        self.notice_day = self.known_day = self.decision_day = NEVER
        if table.list_notice[on_list] and month.uniform() < settings.notice_reaches:
            self.notice_day = since + int(month.uniform() * settings.notice_delay_span)
        term = table.list_term_days[on_list]
        self.leave_day = NEVER if term == NEVER else since + term
        self.reason = EXPIRED

    def lives(self, standing: Standing, law: ArmLaw, month: Month) -> bool:
        """Lead the listing through a month; false when it is over."""
        table, at, end = law.table, self.on_list, month.end_day
        if self.known_day == NEVER:
            self.learn(standing, law, month)
        if table.list_deletes[at] and self.known_day != NEVER and self.reason != PERFORMED:
            self.perform(standing, law, month)
        if table.list_until_grade[at] and self.since < end:
            grade = standing.grade[table.list_instrument[at]]
            if grade > table.list_grade[at] and self.leave_day > end:
                self.leave_day, self.reason = end, GRADE_RECOVERED
        self.spend_days(standing, month)
        if self.leave_day <= end:
            self.leave(standing, law, month)
            return False
        if self.since <= end:
            self.bar(standing, law, month)
        return True

    def learn(self, standing: Standing, law: ArmLaw, month: Month) -> None:
        """Learn of the listing from the notice or at the counter, and perhaps contest it."""
        table, settings, counts, at = law.table, law.settings, standing.counts, self.on_list
        refused = NEVER
        if self.since <= month.first_day and standing.refused_at & table.list_bars[at]:
            refused = standing.refused_day
        known = min(self.notice_day, refused)
        if known >= month.end_day:
            return
        self.known_day = known
        standing.learned = 1
        standing.hear()
        if refused < self.notice_day:
            counts.known_by_refusal += 1
        else:
            counts.known_by_notice += 1
        window = table.list_window_days[at]
        if not table.list_from_knowledge[at] and known - self.since > window:
            counts.window_closed[self.label] += 1
        elif table.list_contest[at]:
            low, high = settings.contest_lowest, settings.contest_highest
            chance = low + (high - low) * standing.person.literacy
            chance -= chance * (1.0 - standing.trust) * settings.trust_moves_contest
            if month.uniform() < chance:
                self.contest(standing, law, month)

    def contest(self, standing: Standing, law: ArmLaw, month: Month) -> None:
        """Contest the listing and learn, in time, whether it falls."""
        settings = law.settings
        self.decision_day = self.known_day + law.table.list_decide_days[self.on_list]
        standing.counts.contests[self.label] += 1
        rightful = self.label == RIGHTLY
        falls = settings.overturned_if_rightful if rightful else settings.overturned_if_wrongful
        if month.uniform() < falls:
            self.leave_by(self.decision_day + settings.deletion_days, OVERTURNED)

    def perform(self, standing: Standing, law: ArmLaw, month: Month) -> None:
        """Do what is asked, if one knows and can; it may be refused or lost."""
        settings, counts, uniform = law.settings, standing.counts, month.uniform
        if standing.means < settings.cannot_pay_below or uniform() >= settings.performs:
            return
        day = month.first_of_month + int(uniform() * month.month_days)
        if max(self.known_day, month.first_day) <= day < month.end_day:
            counts.performances += 1
            second = uniform()
            if second < settings.performance_refused:
                counts.performances_refused += 1
            elif second >= 1.0 - settings.performance_lost:
                counts.performances_lost += 1
            else:
                self.leave_by(day + settings.deletion_days, PERFORMED)

    def leave_by(self, day: int, reason: int) -> None:
        """Leave on a day, unless it is over before."""
        if day < self.leave_day:
            self.leave_day, self.reason = day, reason

    def spend_days(self, standing: Standing, month: Month) -> None:
        """Count the month's days on the list, and those its holder did not know."""
        first = max(self.since, month.first_day)
        off = min(self.leave_day, month.end_day)
        days, silent = max(off - first, 0), max(min(off, self.known_day) - first, 0)
        standing.listed_days[self.label] += days
        standing.silent_days += silent
        standing.counts.listed_days[self.label] += days
        standing.counts.silent_days += silent

    def leave(self, standing: Standing, law: ArmLaw, month: Month) -> None:
        """Come off the list; the points of an overturned entry fall too, while they count."""
        counts = standing.counts
        standing.listed &= ~(1 << self.on_list)
        counts.listed_persons -= standing.listed == 0
        counts.left[self.on_list * 5 + self.reason] += 1
        weeks = min((self.leave_day - self.since) // 7, month.weeks - 1)
        counts.spells_ended[self.label * month.weeks + weeks] += 1
        if self.reason != OVERTURNED:
            return
        counts.overturned[self.label] += 1
        if self.row == NO_ACT:
            standing.clear_grade(law.table.list_instrument[self.on_list], self.label, month)
            return
        kind = self.row % law.types
        if (law.single[kind] | law.counted[kind]) & ((1 << self.on_list) - 1):
            return
        year = month.year_of(self.since - law.settings.decision_delay_days)
        for instrument, value in self.points:
            kept = law.table.kept_years[instrument]
            if law.table.kept_for_good[instrument] or month.year - year <= kept:
                standing.book(instrument, year, self.label, -value, law)

    def bar(self, standing: Standing, law: ArmLaw, month: Month) -> None:
        """Say what is barred from the next month on, for the holder and the household."""
        table, at, end = law.table, self.on_list, month.end_day
        counts, number = standing.counts, standing.number
        suspends = table.list_suspends[at] and self.decision_day != NEVER
        if not (suspends and self.decision_day > end):
            month.bars.append((standing, table.list_bars[at]))
            if table.list_reaches[at]:
                for other in standing.person.household.members:
                    month.bars.append((other.arms[number], table.list_reaches[at]))
        if table.list_published[at] and month.first_day <= self.since < end:
            month.published[number].add(standing.person)
        counts.stock[at * 4 + self.label] += 1
        weeks = min((end - self.since) // 7, month.weeks - 1)
        counts.spells_open[self.label * month.weeks + weeks] += 1
