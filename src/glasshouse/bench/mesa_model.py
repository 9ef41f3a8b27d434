"""The whole model once more, as a Mesa 3 programmer would write it: the opponent of the benchmark.

One agent a person; both arms in one model with common luck: an agent draws its candidates once and
every arm makes of them what its rules say. Months are skipped through by events, as in the sweep:
every act has its day and the state closes once a month. The society is the one that glasshouse lays
out, read once; rules, institutions and officers' leanings come from the same plan. Luck is Python's
own, so the counts agree within Monte Carlo error and not bit for bit.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import mesa
import numpy as np

from glasshouse.bench.mesa_counts import ArmCounts
from glasshouse.bench.mesa_law import ArmLaw, candidates_of
from glasshouse.bench.mesa_person import Person, people_of
from glasshouse.bench.mesa_standing import Standing
from glasshouse.chance import OFFICER_LEANING, draw
from glasshouse.engine.institutions import Bureau, Memory, exposed_rows
from glasshouse.engine.plan.conduct import conduct_tables
from glasshouse.engine.plan.plan import Plan
from glasshouse.engine.tables import Counts, When
from glasshouse.stages.society.society_kernel import N_CLASSES


class Month:
    """What everybody can read in a step, and what they leave for its end."""

    def __init__(self, model: Society, when: When) -> None:
        """Open the step ``when``."""
        plan = model.plan
        self.uniform = model.random.random
        self.first_day, self.end_day = when.first_day, when.end_day
        self.days = when.end_day - when.first_day
        self.month_days, self.first_of_month = when.month_days, when.month_first
        self.age, self.year, self.weeks = when.age_month, when.year, plan.sizes.weeks
        self.candidates = [
            model.candidates[activity, when.month_days] for activity in range(N_CLASSES)
        ]
        self.laws = model.laws
        self.answers = [law.table.response for law in model.laws]
        self.seen = list(zip(*(law.seen for law in model.laws), strict=True))
        self.responses, self.departments = model.responses, model.departments
        self.needs_means, self.is_lawful = model.needs_means, model.is_lawful
        self.types = plan.sizes.types
        self.leaning = model.leaning
        self._day_0 = when.start_ordinal
        self.news: list[set[Person]] = model.news
        self.published: list[set[Person]] = [set() for _ in model.laws]
        self.changed: list[tuple[Standing, int, int]] = []
        self.bars: list[tuple[Standing, int]] = []

    def year_of(self, day: int) -> int:
        """Give the calendar year of a day of the run."""
        return dt.date.fromordinal(self._day_0 + day).year


class Society(mesa.Model):  # type: ignore[misc]
    """A society in which people live in several arms at once."""

    def __init__(self, plan: Plan, world: Any, *, seed: int) -> None:
        """Make one agent of every row of a world that glasshouse has laid out."""
        super().__init__(seed=seed)
        self.plan = plan
        conduct = conduct_tables(plan.experiment)
        self.candidates = candidates_of(plan)
        self.responses, self.departments = conduct.response.tolist(), conduct.department.tolist()
        self.needs_means = conduct.needs_means.tolist()
        self.is_lawful = conduct.is_lawful.tolist()
        self.leaning = lru_cache(maxsize=None)(self._leaning)
        place = world.place
        self.towns, self.provinces = place.urban.tolist(), place.province.tolist()
        self.bureau = Bureau(plan)
        self.counts: list[Any] = [ArmCounts(plan) for _ in range(plan.sizes.arms)]
        self._laws: dict[tuple[int, int], tuple[Any, ArmLaw]] = {}
        self.laws: list[ArmLaw] = []
        self.news: list[set[Person]] = [set() for _ in self.counts]
        self.barred: list[Standing] = []
        self.finished_steps = 0
        self.memory = Memory(
            exposed=np.zeros(plan.sizes.types, np.int64),
            backlog=np.zeros((plan.sizes.arms, plan.sizes.departments + 1), np.int64),
            provinces=place.province,
        )
        self.decided = self.bureau.first(self.memory)
        self.people = people_of(self, world)
        classes = np.bincount([person.activity for person in self.people], minlength=N_CLASSES)
        self.memory.exposed = exposed_rows(plan, classes)
        self._read_laws(plan.steps[0])
        self._begin_arms()

    def _leaning(self, department: int, county: int, desk: int) -> int:
        """Give an officer's leaning: the officers are part of the society, not of the luck."""
        return draw(self.plan.seed, (department << 32) | county, 0, OFFICER_LEANING, desk)[0] >> 16

    def _read_laws(self, when: When) -> None:
        """Read the month's rules; say of an arm whether scores must be made anew for everybody."""
        tables = self.plan.tables_of(when)
        before, self.laws = self.laws, []
        for arm in range(self.plan.sizes.arms):
            key = (id(tables), arm)
            if key not in self._laws:
                self._laws[key] = (tables, ArmLaw(self.plan, tables, arm))
            law = self._laws[key][1]
            cuts = before[arm].grade_cuts if before else None
            on = [law.records_on[province] for province in self.provinces]
            old = before[arm] if before else None
            law.begin_step(when, self.decided, arm, self.towns, on)
            law.is_new = old is None or cuts != law.grade_cuts or not law.same_scores(old)
            self.laws.append(law)

    def _begin_arms(self) -> None:
        contexts = self.plan.sizes.contexts
        for arm, (law, counts) in enumerate(zip(self.laws, self.counts, strict=True)):
            for person in self.people:
                standing = Standing(person, arm, counts, law, contexts)
                counts.persons += 1
                person.arms.append(standing)
                counts.means_sum += standing.means
                counts.trust_sum += standing.trust
            for person in self.people:
                standing = person.arms[arm]
                members = person.household.members
                standing.kin = [one.arms[arm] for one in members if one is not person]
                standing.pals = [one.arms[arm] for one in person.friends]

    def step(self) -> None:
        """Live through the next step: everybody acts, then everybody's month is closed."""
        when = self.plan.steps[self.finished_steps]
        if self.finished_steps:
            self._read_laws(when)
        for counts in self.counts:
            counts.begin_step()
        self.month = Month(self, when)
        self._take_up(when)
        self.agents.do("act")
        self.agents.do("close")
        self._publish()
        self.finished_steps += 1
        self._decide(when)

    def _take_up(self, when: When) -> None:
        """Bring new rules, and the points of years gone by, to whom they concern."""
        for arm, law in enumerate(self.laws):
            if law.is_new:
                settings = law.settings
                self.counts[arm].forget_scores(settings.score_low, settings.bin_points)
                for person in self.people:
                    if law.records_on[person.province] and not person.arms[arm].touched:
                        person.arms[arm].touched = True
                        if self.random.random() < settings.aware:
                            person.arms[arm].hear()
            if when.begins_year and not all(law.table.kept_for_good):
                for person in self.people:
                    person.arms[arm].lapse(law, when.year)

    def _publish(self) -> None:
        """Publish what others read next month: shortfalls, new listings, what is barred."""
        month = self.month
        for standing, instrument, shortfall in month.changed:
            standing.shortfall[instrument] = shortfall
            person, arm = standing.person, standing.number
            for tie in (*person.household.members, *person.friends):
                tie.arms[arm].unsettled = True
        self.news = month.published
        for standing in self.barred:
            standing.barred = 0
        for standing, counters in month.bars:
            standing.barred |= counters
        self.barred = [standing for standing, _ in month.bars]

    def _decide(self, when: When) -> None:
        """Let the institutions decide for the next step."""
        if self.finished_steps == len(self.plan.steps):
            return
        arrays = [counts.arrays() for counts in self.counts]
        stacked = Counts(
            **{name: np.stack([one[name] for one in arrays])[:, None] for name in Counts._fields}
        )
        after = self.plan.steps[self.finished_steps]
        self.decided = self.bureau.decide(after, when, stacked, None, self.memory)
