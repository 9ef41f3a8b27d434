"""The whole model once more, as a Mesa 3 programmer would write it: the opponent of the benchmark.

One agent a person; both arms in one model with common luck: an agent draws its candidates once and
every arm makes of them what its rules say. Months are skipped through by events, as in the sweep:
every act has its day and the state closes once a month. The society is the one that glasshouse lays
out, read once; rules, institutions and officers' leanings come from the same plan. Luck is Python's
own, so the counts agree within Monte Carlo error and not bit for bit.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect
from functools import lru_cache
from typing import Any

import mesa
import numpy as np

from glasshouse.bench.mesa_counts import ArmCounts
from glasshouse.bench.mesa_law import LEVEL, ArmLaw, candidates_of
from glasshouse.bench.mesa_standing import Standing
from glasshouse.chance import OFFICER_LEANING, draw
from glasshouse.engine.institutions import Bureau, Memory, exposed_rows
from glasshouse.engine.plan.conduct import conduct_tables
from glasshouse.engine.plan.plan import Plan
from glasshouse.engine.tables import Counts, When
from glasshouse.stages.scoring.scoring_kernel import association_points
from glasshouse.stages.society.society_kernel import (
    ADULT_YEARS,
    CLASS_ADULT,
    CLASS_MINOR,
    N_CLASSES,
    NOBODY,
    activity_class,
)

ASSOCIATES = 65536


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


class Household:
    """People who live together."""

    __slots__ = ("members",)

    def __init__(self) -> None:
        self.members: list[Person] = []


class Person(mesa.Agent):  # type: ignore[misc]
    """One person (or enterprise) of the society, and their standing in every arm."""

    __slots__ = (
        "activity", "adult_from", "arms", "community", "county", "eighths", "exposure", "friends",
        "household", "kind", "literacy", "means_start", "neighbours", "province", "row", "tied",
        "town", "turns",
    )  # fmt: skip

    def __init__(self, model: Society, row: Any, place: tuple[int, int, int, int]) -> None:
        super().__init__(model)
        self.row = row
        self.community, self.province, self.county, self.town = place
        self.kind, self.exposure = row["kind"], row["exposure"]
        traits = ("honesty", "altruism", "outspokenness", "literacy")
        self.eighths = tuple(row[trait] >> 13 for trait in traits)
        self.literacy, self.means_start = row["literacy"] / LEVEL, row["means_start"] / LEVEL
        self.adult_from = row["birth_month"] + 12 * ADULT_YEARS
        self.neighbours: list[Person] = []
        self.household = Household()
        self.friends: list[Person] = []
        self.tied: list[Person] = []
        self.arms: list[Standing] = []
        self.grow(0)

    def grow(self, age: int) -> None:
        """Settle what one of this age can do, and until when that holds."""
        self.activity = activity_class(self.kind, self.row["birth_month"], self.exposure, age)
        young = self.activity < CLASS_ADULT and self.kind == 1
        self.turns = self.adult_from if self.activity == CLASS_MINOR else self.adult_from - 48
        if not young or self.turns <= age:
            self.turns = 1 << 30

    def act(self) -> None:
        """Do in every arm what the month's candidates come to there."""
        month = self.model.month
        if month.age >= self.turns:
            self.grow(month.age)
        candidates = month.candidates[self.activity]
        if candidates is None:
            return
        uniform = month.uniform
        many = bisect(candidates.counts, uniform())
        if not many:
            return
        weights, rows, eighths = candidates.weights, candidates.rows, self.eighths
        for _ in range(many):
            row, trait, response, sort, gradients, is_act = rows[bisect(weights, uniform())]
            gradient = gradients[eighths[trait]]
            luck = uniform()
            if luck >= gradient:
                continue
            day = month.first_of_month + int(uniform() * month.month_days)
            sight = uniform()
            fate = None
            for standing, seen in zip(self.arms, month.seen[self.community], strict=True):
                if luck < gradient * standing.factors[response]:
                    is_seen = seen is not None and sight < seen[row]
                    if is_act:
                        counts = standing.counts
                        counts.acts[row] += 1
                        standing.acts[sort] += 1
                        if is_seen:
                            counts.acts_seen[row] += 1
                    if is_seen:
                        if fate is None:
                            fate = [uniform() for _ in range(6)]
                        self.report(standing, row, day, fate)

    def report(self, standing: Standing, row: int, day: int, fate: list[float]) -> None:
        """Let a department take down an act that was seen, for whomever it takes for its author."""
        month, counts = self.model.month, standing.counts
        law = month.laws[standing.number]
        to_channel, to_whom, to_other, to_loss, to_delay, officer = fate
        kind = row % month.types
        department = month.departments[kind]
        counts.department_load[department] += 1
        who: Person | None = self
        is_false = row >= month.types
        if not is_false:
            channel = bisect(law.channels[self.town][kind], to_channel)
            wrong = law.wrong[channel]
            if to_whom < wrong:
                who = self.taken_for(to_whom / wrong, law.wrong_to, 2 * channel, to_other)
        if who is None:
            counts.strays[kind] += 1
            return
        if to_loss < law.loss[department]:
            counts.entries_lost += 1
            return
        theirs = standing if who is self else who.arms[standing.number]
        if is_false or who is not self:
            label = 1
        elif month.needs_means[kind] and theirs.means < law.settings.cannot_pay_below:
            label = 2
        else:
            label = 3 if month.is_lawful[kind] else 0
        due = day + int(to_delay * law.table.delay_span[department]) + law.backlog[department]
        theirs.inbox.append((due, row, label, officer, day))

    def taken_for(self, share: float, wrong_to: list[float], at: int, word: float) -> Person | None:
        """Give the person that an act is wrongly put down to; None for somebody elsewhere."""
        if share >= wrong_to[at + 1]:
            return None
        members = self.household.members
        if share >= wrong_to[at] or len(members) == 1:
            members = self.neighbours
        if len(members) == 1:
            return self
        other = members[int(word * len(members))]
        while other is self:
            word = float(self.model.random.random())
            other = members[int(word * len(members))]
        return other if other.kind == self.kind else self

    def close(self) -> None:
        """Close the month in every arm that knows this person at all."""
        month = self.model.month
        for standing, law in zip(self.arms, month.laws, strict=True):
            if standing.touched:
                standing.close(law, month)

    def ties_points(self, arm: int, instrument: int, shares: tuple[float, float]) -> int:
        """Give the points lost for the published shortfall of household and friends."""
        household, friends = shares
        lost = 0
        members = self.household.members
        if household and len(members) > 1:
            lack = sum(other.arms[arm].shortfall[instrument] for other in members)
            lack -= self.arms[arm].shortfall[instrument]
            if lack:
                lost += association_points(lack, len(members) - 1, int(household * ASSOCIATES))
        if friends:
            lack = sum(other.arms[arm].shortfall[instrument] for other in self.friends)
            if lack:
                lost += association_points(lack, 2, int(friends * ASSOCIATES))
        return lost

    def listed_ties(self, news: set[Person]) -> int:
        """Count friends, colleague and neighbour whose listing was published last month."""
        if news.isdisjoint(self.tied):
            return 0
        return sum(1 for tie in self.tied if tie in news)


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
            backlog=np.zeros((plan.sizes.arms, plan.sizes.departments), np.int64),
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
                aware = self.random.random() < law.settings.aware
                if aware and law.records_on[person.province]:
                    standing.hear()
                counts.persons += 1
                person.arms.append(standing)
                counts.means_sum += standing.means
                counts.trust_sum += standing.trust

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
                    if law.records_on[person.province]:
                        person.arms[arm].touched = True
            if when.begins_year and any(law.table.kept_years):
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


def people_of(model: Society, world: Any) -> list[Person]:
    """Read the columns of a world once, and tie people to their households and friends."""
    rows, place, everybody = world.rows, world.place, []
    columns = {name: getattr(rows, name).tolist() for name in rows._fields}
    for community, people in enumerate(place.people.tolist()):
        province, county = int(place.province[community]), int(place.county[community])
        where = (community, province, county, int(place.urban[community]))
        here = [
            Person(
                model,
                {name: column[community][slot] for name, column in columns.items()},
                where,
            )
            for slot in range(people)
        ]
        households: dict[int, Household] = {}
        for slot, person in enumerate(here):
            row = person.row
            person.household = households.setdefault(row["household_first"], Household())
            person.household.members.append(person)
            person.neighbours = here
            person.friends = [
                here[row[tie]] for tie in ("friend_before", "friend_after") if row[tie] < people
            ]
            others = (row["friend_before"], row["friend_after"], row["colleague"], row["neighbour"])
            person.tied = [here[tie] for tie in others if tie < people and tie != slot]
        everybody += [person for person in here if person.kind != NOBODY]
    return everybody
