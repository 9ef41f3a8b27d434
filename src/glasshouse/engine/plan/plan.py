"""The plan of a run: sizes, steps, names and the tables of every step."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from glasshouse.engine.plan import door
from glasshouse.engine.plan.calendar import date_of, steps_of
from glasshouse.engine.plan.conduct import (
    class_rates,
    conduct_tables,
    envelope_of,
    month_mean,
    responses_to,
)
from glasshouse.engine.plan.exact import level
from glasshouse.engine.plan.memory import bytes_needed
from glasshouse.engine.plan.names import Names, names_of, scored
from glasshouse.engine.plan.practice import practice_tables, settings_of
from glasshouse.engine.plan.reach import Reach, reaches_of, write_reaches
from glasshouse.engine.plan.rules import RuleWriter, in_force_on
from glasshouse.engine.plan.sight import patches_of
from glasshouse.engine.settings import Settings
from glasshouse.engine.tables import KIND_OF_RULE, Conduct, Laws, Rules, Sizes, When
from glasshouse.law.experiment import Experiment
from glasshouse.law.rulebook import AnyProvision, Retention
from glasshouse.stages.society.preparation import prepared
from glasshouse.stages.society.society_kernel import SocietyTables

SCORE_BINS = 256
SPARE_PLACES = 64
"""Places of a pool besides those by the person, for very small communities."""

SPARE_DEVIATIONS = 12
"""Standard deviations that a community's frame holds above the busiest expected month."""


@dataclass(frozen=True)
class ArmTables:
    """The rules of all arms in a step, and what they leave to the institutions."""

    rules: Rules
    numbers: Any  # i8 [arm, setting] in the order of Settings
    grade_cut: Any  # i2 [arm, (instrument, grade)] as the law gives it
    quantiles: tuple[tuple[tuple[int, int, float], ...], ...]
    named: tuple[frozenset[str], ...]

    @cached_property
    def settings(self) -> Settings:
        """The single numbers each by itself, by arm."""
        return Settings(*self.numbers.T)

    @cached_property
    def laws(self) -> Laws:
        """The rules as the sweep is given them: a few long arrays and not a hundred short ones."""
        begins = np.zeros((len(self.numbers), 2 * len(self.rules)), np.int64)
        of_kind: dict[str, list[Any]] = {kind: [] for kind in Laws._fields[:-1]}
        ends = dict.fromkeys(of_kind, 0)
        for place, (name, kind) in enumerate(KIND_OF_RULE.items()):
            rule = getattr(self.rules, name)
            begins[:, 2 * place] = ends[kind]
            ends[kind] += rule.shape[1]
            begins[:, 2 * place + 1] = ends[kind]
            of_kind[kind].append(rule)
        packed = {
            kind: np.concatenate(some, axis=1, dtype=kind, casting="no")
            for kind, some in of_kind.items()
        }
        return Laws(**packed, begins=begins)


@dataclass(frozen=True)
class Plan:
    """Everything about a run that is settled before the first step."""

    experiment: Experiment
    sizes: Sizes
    steps: tuple[When, ...]
    names: Names
    society: SocietyTables

    @property
    def people(self) -> int:
        """Rows of the society, enterprises included."""
        return self.experiment.scenario.people

    @property
    def seed(self) -> int:
        """The seed of what happens."""
        return self.experiment.scenario.seed

    @property
    def society_seed(self) -> int:
        """The seed of who lives where; the same one unless the scenario sets them apart."""
        own = self.experiment.scenario.society_seed
        return self.seed if own is None else own

    @property
    def communities(self) -> int:
        """Communities; the last one may be cut."""
        return -(-self.people // self.sizes.slots)

    @property
    def first_day(self) -> dt.date:
        """The date of day 0."""
        return self.experiment.scenario.first_day

    @cached_property
    def conduct(self) -> Conduct:
        """The tables that all arms share."""
        return conduct_tables(self.experiment)

    @cached_property
    def provisions(self) -> tuple[tuple[AnyProvision, ...], ...]:
        """The provisions in force at some time of the run, by arm."""
        days = sorted(self._change_days)
        return tuple(
            unique_provisions(in_force_on(arm, day) for day in days) for arm in self.experiment.arms
        )

    @cached_property
    def _change_days(self) -> frozenset[dt.date]:
        """The first day of the run and every later day on which some law changes."""
        last = date_of(self.first_day, self.steps[-1].end_day)
        days = {self.first_day}
        for arm in self.experiment.arms:
            for use in arm.rulebooks:
                days.update(use.rulebook.change_dates())
                days.update(day for day in (use.from_date, use.until_date) if day)
            days.add(arm.merge or self.first_day)
        return frozenset(day for day in days if self.first_day <= day < last)

    def tables_of(self, when: When) -> ArmTables:
        """Give the rules that hold on the first day of a step."""
        found: ArmTables = self._tables(*self._said_of_steps[when.step])
        return found

    @cached_property
    def _said_of_steps(self) -> list[tuple[dt.date, int, int, int]]:
        """What the tables of each step depend on: days of law, lengths, rules that reach back."""
        changes = sorted(self._change_days)
        reaching = {reach.step for arm in self._reaches for reach in arm}
        return [
            (
                changes[bisect_right(changes, date_of(self.first_day, when.first_day)) - 1],
                when.end_day - when.first_day,
                when.month_days,
                when.step if when.step in reaching else -1,
            )
            for when in self.steps
        ]

    @cached_property
    def _tables(self) -> Any:
        return lru_cache(maxsize=64)(self._make_tables)

    @cached_property
    def _practice(self) -> tuple[dict[str, Any], ...]:
        """The tables of detection, records and counters, by arm; the same in every step."""
        arms = self.experiment.arms
        return tuple(practice_tables(arm.assumptions, self.names) for arm in arms)

    def _named_until(self, number: int, epoch: dt.date) -> frozenset[str]:
        """Give the acts that an arm's rules have named so far: habit and fear outlast the rule."""
        arm = self.experiment.arms[number]
        days = (day for day in self._change_days if day <= epoch)
        return frozenset().union(*(in_force_on(arm, day).named_acts for day in days))

    @cached_property
    def _reaches(self) -> tuple[tuple[Reach, ...], ...]:
        """The rules that reach back, by arm."""
        return tuple(reaches_of(arm, self.steps, self.first_day) for arm in self.experiment.arms)

    def _make_tables(self, epoch: dt.date, days: int, month_days: int, step: int) -> ArmTables:
        first = (epoch - self.first_day).days
        when = self.steps[0]._replace(first_day=first, end_day=first + days, month_days=month_days)
        laws, settings, cuts, quantiles, named = [], [], [], [], []
        for number, arm in enumerate(self.experiment.arms):
            holds = in_force_on(arm, epoch)
            writer = RuleWriter(self.sizes, self.names, arm, number)
            writer.write(holds)
            books = [book.rulebook for book in scored(arm)]
            kept = write_reaches(writer, self._reaches[number], step, epoch, books)
            settings.append(settings_of(self.experiment, number, when, writer.table, self.sizes))
            response = responses_to(
                arm.assumptions.acts,
                self._named_until(number, epoch),
                holds.announced_acts if settings[-1]["announced_caution"] else frozenset(),
                by_trust=level(arm.assumptions.response["trust_moves_reporting"].value) > 0,
            )
            laws.append({**writer.table, **self._practice[number], "response": response})
            cuts.append(writer.grade_cut)
            quantiles.append(tuple(writer.quantiles))
            named.append(holds.named_acts | kept)
        return ArmTables(
            Rules(**{name: np.stack([law[name] for law in laws]) for name in Rules._fields}),
            np.array([[one[name] for name in Settings._fields] for one in settings], np.int64),
            np.stack(cuts),
            tuple(quantiles),
            tuple(named),
        )  # fmt: skip

    def bytes_needed(self) -> dict[str, int]:
        """Give the bytes of memory by group of columns."""
        return bytes_needed(self.sizes, self.communities, len(self.names.provinces))


def unique_provisions(held: Any) -> tuple[AnyProvision, ...]:
    """Give the provisions of several days in order; one that comes and goes is one."""
    dated = {
        (use.rulebook.rulebook, provision.id, provision.from_date): provision
        for holds in held
        for use, provisions in holds.uses
        for provision in provisions
    }
    ever = {"from_date": dt.date.min, "until_date": None}
    seen = {(book, p.model_copy(update=ever)): p for (book, _, _), p in dated.items()}
    return tuple(seen.values())


def make_plan(experiment: Experiment) -> Plan:
    """Ask everything at the door and settle the plan of a run; refuses what would not run."""
    scenario = experiment.scenario
    door.enter(experiment)
    steps = steps_of(scenario.first_day, scenario.months_in_all, scenario.step)
    society = prepared(experiment.society)
    names = names_of(experiment, tuple(row.province for row in experiment.society.provinces))
    sizes = sizes_of(experiment, names, steps)
    return Plan(experiment, sizes, steps, names, society)


def sizes_of(experiment: Experiment, names: Names, steps: tuple[When, ...]) -> Sizes:
    """Give the extents of a run's tables and frames."""
    scenario = experiment.scenario
    types = len(names.acts)
    slots = scenario.community_size
    kept = (
        provision.years or 0
        for arm in experiment.arms
        for book in scored(arm)
        for provision in book.provisions
        if isinstance(provision, Retention)
    )
    rates = class_rates(experiment.arms[0].assumptions.acts, envelope_of(experiment))
    busiest = slots * float(max(month_mean(one, 31) for one in rates))
    return Sizes(
        arms=len(names.arms),
        slots=slots,
        types=types,
        rows=3 * types,
        instruments=max(1, *map(len, names.instruments)),
        ring=max((0, *kept)) + 1,
        lists=max(1, *map(len, names.lists)),
        counters=len(names.counters),
        contexts=len(names.contexts),
        origins=len(names.origins),
        grades=max((1, *(len(grades) for arm in names.grades for grades in arm))),
        patches=len(patches_of(experiment.arms[0].assumptions.channels)),
        provinces=len(names.provinces),
        departments=len(names.departments),
        weeks=steps[-1].end_day // 7 + 2,
        bins=SCORE_BINS,
        acts=max(slots, int(busiest + SPARE_DEVIATIONS * (busiest + 25) ** 0.5)),
        entries=slots * scenario.open_entries_per_person + SPARE_PLACES,
        listings=slots * scenario.open_listings_per_person + SPARE_PLACES,
    )
