"""Institutions decide between steps: thresholds, attention, backlogs, what is received from afar.

Pure and sequential, the only reader of counts. What is zero-sum is conserved here: attention over
the communities of a province keeps its total, and backlogs hand on what was not handled.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from glasshouse.engine.plan.conduct import Envelope, envelope_of, who_can
from glasshouse.engine.plan.exact import DAYS_A_YEAR, apportioned_alike, decimal, level, threshold
from glasshouse.engine.plan.insiders import false_rates
from glasshouse.engine.plan.plan import ArmTables, Plan
from glasshouse.engine.plan.rules import ENDLESS
from glasshouse.engine.plan.sight import blocks_of, chance_seen, lenses_of
from glasshouse.engine.tables import Counts, Institutions, When
from glasshouse.law.experiment import ArmRules
from glasshouse.stages.detection.detection_kernel import HERE
from glasshouse.stages.scoring.scoring_kernel import N_GRADES
from glasshouse.stages.society.society_kernel import N_CLASSES

_YEAR = DAYS_A_YEAR.as_integer_ratio()

PARTS = 1024
"""Backlogs are counted in parts of an entry, so that short steps and small societies lose none."""

UNLIMITED = 1 << 40
"""Contests that can be decided, in 1 / PARTS, where there is no limit."""

DAYS_A_MILLION_YEARS = 365_242_500
DAYS_A_CENTURY = 36525
LONGEST_DELAY = 3650
"""Days: a department that handles nothing delays no longer, so that days stay small numbers."""


@dataclass
class Memory:
    """What the institutions know besides the counts of the last step."""

    exposed: Any
    """i8 [type] rows that could receive a stray entry of the type."""

    backlog: Any
    """i8 [arm, department + 1] entries that wait at a department, in 1 / PARTS; last, contests."""

    provinces: Any
    """u1 [community] the province of every community."""


class Bureau:
    """Decides the institution tables of every step of a plan."""

    def __init__(self, plan: Plan) -> None:
        """Keep what does not change between steps."""
        self.plan = plan
        self.envelope: Envelope = envelope_of(plan.experiment)
        self._capacities: dict[int, Any] = {}
        self._pressures: dict[str, Any] = {}
        self._stray_rates = [rate.as_integer_ratio() for rate in self.envelope.strays]
        process = [arm.assumptions.process for arm in plan.experiment.arms]
        self._a_backlog_day = [
            (
                decimal(one["loss_per_backlog_day"].value),
                decimal(one["mixups_per_backlog_day"].value),
            )
            for one in process
        ]
        """By arm: the loss and the mix-ups that a day of backlog adds."""
        self._follows = [
            decimal(arm.assumptions.attention["attention_follows_records"].value)
            for arm in plan.experiment.arms
        ]
        """By arm: how far attention goes where records were made, 0 to 1."""
        self._standing: dict[tuple[int, frozenset[str]], Any] = {}

    def first(self, memory: Memory) -> Institutions:
        """Give the tables of the first step, before anything was counted."""
        sizes = self.plan.sizes
        nothing = np.zeros((sizes.arms, sizes.types), np.int64)
        return self._tables(self.plan.steps[0], memory, nothing, 1, None, None, None)

    def decide(
        self, when: When, last: When, counts: Counts, recorded: Any, memory: Memory
    ) -> Institutions:
        """Give the tables of step ``when`` from the counts and records of the step before.

        ``recorded`` is i4 [community, arm]; ``memory.backlog`` is moved on.
        """
        days = last.end_day - last.first_day
        load = np.empty_like(memory.backlog)
        counts.department_load.sum(axis=1, out=load[:, :-1])
        counts.contests.sum(axis=(1, 2), out=load[:, -1])
        memory.backlog = self._backlog(memory.backlog, load, days)
        return self._tables(
            when, memory, counts.strays.sum(axis=1), days, counts, recorded,
            self._shortfall(last, counts),
        )  # fmt: skip

    def _tables(
        self, when: When, memory: Memory, strays: Any, days: int, counts: Counts | None,
        recorded: Any, shortfall: Any,
    ) -> Institutions:  # fmt: skip
        tables = self.plan.tables_of(when)
        sizes = self.plan.sizes
        seen = np.stack(
            [
                self._chances(arm, tables.named[arm], strays[arm], days, memory)
                for arm in range(sizes.arms)
            ]
        )
        attention = self._attention(recorded, memory.provinces)
        waits = self._delays(memory.backlog)
        delays, review_days = np.ascontiguousarray(waits[:, :-1]), waits[:, -1].copy()
        review = self._review(memory.backlog[:, -1], shortfall)
        if shortfall is not None:
            attention = self._pressed(attention, shortfall, memory.provinces)
        longest = (tables.rules.delay_span.astype(np.int32) + delays).max(axis=1)
        loss, mixups = self._overload(delays)
        return Institutions(
            seen, attention, self._cuts(tables, counts), delays, longest, loss, mixups,
            self._silence(tables.rules.start, counts), review_days, review,
            self._served(tables.rules.places, counts, days),
        )  # fmt: skip

    def _served(self, places: Any, counts: Counts | None, days: int) -> Any:
        """Give the share of the favoured who find a place left: places over the last claims.

        ``places`` is for a million persons a year; i8 [arm, counter], as the claims.
        """
        served = np.full(places.shape, 1 << 32, np.int64)
        is_limited = places < ENDLESS
        if counts is None or not is_limited.any():
            return served
        claims = (counts.privileges + counts.privileges_denied).sum(axis=1)
        a_day = decimal(self.plan.people) / DAYS_A_YEAR
        for at in np.argwhere(is_limited & (claims > 0)):
            here = tuple(at)
            there = int(places[here]) * a_day * days / 1_000_000
            served[here] = min(int(there * (1 << 32) / int(claims[here])), 1 << 32)
        return served

    @staticmethod
    def _silence(start: Any, counts: Counts | None) -> Any:
        """Give the score for which silence is taken: the mean of the silent in the last step."""
        if counts is None:
            return start.astype(np.int16)
        silent = counts.silent.sum(axis=1)
        mean = counts.silent_score_sum.sum(axis=1) // np.maximum(silent, 1)
        return np.where(silent > 0, mean, start).astype(np.int16)

    def _chances(
        self, arm: int, named: frozenset[str], strays: Any, days: int, memory: Memory
    ) -> Any:
        """Give the chances that candidates are seen, block after block, row after row."""
        seen, watched = self._standing_chances(arm, named)
        came = np.flatnonzero(strays)
        if not len(came):
            return seen.ravel()
        received = np.zeros(len(watched), np.uint16)
        received[came] = [
            self._received(act, found, exposed, days)
            for act, found, exposed in zip(
                came.tolist(), strays[came].tolist(), memory.exposed[came].tolist(), strict=True
            )
        ]
        chances = seen.copy()
        chances[:, 2 * len(watched) :] = received * watched
        return chances.ravel()

    def _standing_chances(self, arm: int, named: frozenset[str]) -> Any:
        """Give the chances that no count moves, u2 [block, row], and which types are watched."""
        if (arm, named) not in self._standing:
            assumptions = self.plan.experiment.arms[arm].assumptions
            watched = np.array([act.id in named for act in assumptions.acts], np.uint16)
            seen = [
                [level(chance_seen(act, lenses)) for act in assumptions.acts]
                for lenses in (
                    lenses_of(assumptions, one) for one in blocks_of(assumptions.channels)
                )
            ]
            false_reports = [
                level(rate / bound) if bound else 0
                for rate, bound in zip(
                    false_rates(self.plan.experiment.arms[arm]),
                    self.envelope.false_reports,
                    strict=True,
                )
            ]
            rows = [np.concatenate([one, false_reports, [0] * len(watched)]) for one in seen]
            table = np.array(rows, np.uint16) * np.tile(watched, 3)
            self._standing[arm, named] = (table, watched)
        return self._standing[arm, named]

    def _received(self, act: int, strays: int, exposed: int, days: int) -> int:
        """Give the chance (16 bits) that a stray candidate is an entry, from the last strays.

        The strays by exposed row and year over the envelope's rate, in whole numbers.
        """
        rate, parts = self._stray_rates[act]
        if not rate or not exposed:
            return 0
        found = strays * _YEAR[0] * parts << 16
        whole = exposed * days * _YEAR[1] * rate
        return min((2 * found + whole) // (2 * whole), 65535)

    def _attention(self, recorded: Any, provinces: Any) -> Any:
        """Give the attention to every community, u2 [arm, community]."""
        attention = np.full((self.plan.sizes.arms, len(provinces)), HERE, np.uint16)
        for arm, follows in enumerate(self._follows if recorded is not None else ()):
            if follows:
                self._share_out(attention[arm], follows, recorded[:, arm], provinces)
        return attention

    @staticmethod
    def _share_out(attention: Any, follows: Decimal, recorded: Any, provinces: Any) -> None:
        """Share attention out among the communities of each province by what was recorded."""
        for province in np.unique(provinces):
            members = np.flatnonzero(provinces == province)
            found = recorded[members]
            total = int(found.sum())
            if total == 0:
                continue
            entries, which = np.unique(found, return_inverse=True)
            weights = [
                (1 - follows) + follows * len(members) * some / total for some in entries.tolist()
            ]
            shares = apportioned_alike(weights, which, HERE * len(members))
            attention[members] = np.minimum(shares, 65535)

    def _cuts(self, tables: ArmTables, counts: Counts | None) -> Any:
        """Give the points at which each grade begins, i2 [arm, (instrument, grade)]."""
        if counts is None or not any(tables.quantiles):
            return tables.grade_cut
        cuts, scores = tables.grade_cut.copy(), counts.scores.sum(axis=1)
        for arm, quantiles in enumerate(tables.quantiles):
            for instrument, grade, share in quantiles:
                cuts[arm, instrument * N_GRADES + grade] = self._cut(
                    scores[arm], instrument, share, tables.settings, arm
                )
        return cuts

    def _cut(self, scores: Any, instrument: int, share: float, settings: Any, arm: int) -> int:
        """Give the lowest points at which at most ``share`` of the scored stand or above."""
        bins = self.plan.sizes.bins
        histogram = scores[instrument * bins : (instrument + 1) * bins]
        above = np.cumsum(histogram[::-1])[::-1]
        fits = np.flatnonzero(above <= share * above[0])
        first = int(fits[0]) if len(fits) else bins
        low, width = int(settings.score_low[arm]), int(settings.bin_points[arm])
        return min(low + first * width, 32767)

    def _backlog(self, waiting: Any, load: Any, days: int) -> Any:
        """Hand on what the departments could not handle in a step."""
        return np.maximum(waiting + load * PARTS - self._capacity(days), 0)

    def _capacity(self, days: int) -> Any:
        """Give what each department can handle, in 1 / PARTS of an entry; i8 [arm, department]."""
        if days not in self._capacities:
            a_year = decimal(self.plan.people) / 1000 * days * PARTS / DAYS_A_YEAR
            self._capacities[days] = np.array(
                [
                    [
                        int(decimal(d.capacity_per_1000_year.value) * a_year)
                        for d in arm.assumptions.departments
                    ]
                    + [self._contests(arm, a_year)]
                    for arm in self.plan.experiment.arms
                ],
                np.int64,
            )
        return self._capacities[days]

    @staticmethod
    def _contests(arm: ArmRules, a_year: Decimal) -> int:
        """Give the contests that can be decided, in 1 / PARTS; no limit where 0 is said."""
        limit = decimal(arm.assumptions.process["contests_per_1000_year"].value)
        return int(limit * a_year) if limit else UNLIMITED

    def _shortfall(self, last: When, counts: Counts) -> Any:
        """Give by how much of its target each office fell short, 1/65536; i8 [arm, province].

        None where no rule of any arm sets a target.
        """
        targets = self.plan.tables_of(last).rules.target_entries
        if not targets.any():
            return None
        days = last.end_day - last.first_day
        found = counts.entries.sum(axis=2)
        rows = counts.persons[:, :, 0]
        short = np.zeros(targets.shape, np.int64)
        for arm, province in zip(*np.nonzero(targets), strict=True):
            expected = int(targets[arm, province]) * int(rows[arm, province]) * days
            made = int(found[arm, province]) * DAYS_A_MILLION_YEARS
            if expected > made:
                short[arm, province] = ((expected - made) << 16) // expected
        return short

    def _pressure(self, name: str) -> Any:
        """Give an assumption of the process by arm, 1/65536; i8 [arm, 1]."""
        if name not in self._pressures:
            arms = self.plan.experiment.arms
            values = [threshold(arm.assumptions.process[name].value, 16) for arm in arms]
            self._pressures[name] = np.array(values, np.int64)[:, None]
        return self._pressures[name]

    def _review(self, waiting: Any, shortfall: Any) -> Any:
        """Give the share of wins that reviewers under pressure leave, 1/65536; i4 [arm, province].

        Their pressure is the contests that wait against a month's capacity, and a target missed.
        """
        capacity = np.minimum(self._capacity(30)[:, -1], UNLIMITED)
        strain = (waiting << 16) // np.maximum(waiting + capacity, 1)
        left = 65536 - (strain[:, None] * self._pressure("pressure_on_review") >> 16)
        left = np.repeat(left, self.plan.sizes.provinces, axis=1)
        targets = self._pressure("target_pressure")
        if shortfall is not None:
            left = left * (65536 - (shortfall * targets >> 16)) >> 16
        return left.astype(np.int32)

    def _pressed(self, attention: Any, shortfall: Any, provinces: Any) -> Any:
        """Raise attention where an office fell short of its target: at most to the double."""
        more = shortfall * self._pressure("target_pressure") >> 16
        raised = attention.astype(np.int64) * (65536 + more[:, provinces]) >> 16
        return np.minimum(raised, 65535).astype(np.uint16)

    def _delays(self, backlog: Any) -> Any:
        """Give the days that a backlog adds to a new entry: its length over a day's capacity."""
        century = np.maximum(self._capacity(DAYS_A_CENTURY), 1)
        return np.minimum(backlog * DAYS_A_CENTURY // century, LONGEST_DELAY).astype(np.int32)

    def _overload(self, delays: Any) -> tuple[Any, Any]:
        """Give the losses (16 bits) and mix-ups (32) that the days of a backlog add."""
        shape = delays.shape
        loss, mixups = np.zeros(shape, np.uint16), np.zeros(shape, np.int64)
        for number, (more_loss, more_mixups) in enumerate(self._a_backlog_day):
            for at in np.flatnonzero(delays[number]) if more_loss or more_mixups else ():
                days = int(delays[number, at])
                loss[number, at] = level(min(more_loss * days, Decimal(1)))
                mixups[number, at] = threshold(min(more_mixups * days, Decimal(1)), 32)
        return loss, mixups


def exposed_rows(plan: Plan, class_counts: Any) -> Any:
    """Give how many rows are exposed to each act type, from the rows by activity class."""
    acts = plan.experiment.arms[0].assumptions.acts
    return _exposing(tuple(act.who for act in acts)) @ np.asarray(class_counts)


@lru_cache(maxsize=16)
def _exposing(whose: tuple[str, ...]) -> Any:
    """Say which activity classes are exposed to acts of these kinds of persons; [act, class]."""
    return np.array(
        [[who_can(activity, who) for activity in range(N_CLASSES)] for who in whose], np.int64
    )
