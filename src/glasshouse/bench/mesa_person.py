"""An agent of the Mesa model: what a person does in a month, and who takes it down as whose."""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING, Any

import mesa

from glasshouse.bench.mesa_law import LEVEL
from glasshouse.stages.society.society_kernel import (
    ADULT_YEARS,
    CLASS_ADULT,
    CLASS_MINOR,
    NOBODY,
    PERSON,
    activity_class,
)

if TYPE_CHECKING:
    from glasshouse.bench.mesa_model import Society
    from glasshouse.bench.mesa_standing import Standing


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
        young = self.activity < CLASS_ADULT and self.kind == PERSON
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
        seen_here, answering = month.seen[self.community], month.answers
        for _ in range(many):
            row, trait, sort, gradients, is_act = rows[bisect(weights, uniform())]
            gradient = gradients[eighths[trait]]
            luck = uniform()
            if luck >= gradient:
                continue
            day = month.first_of_month + int(uniform() * month.month_days)
            sight = uniform()
            fate = None
            for standing, seen, answers in zip(self.arms, seen_here, answering, strict=True):
                if luck < gradient * standing.factors[answers[row]]:
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
        counts.department_load[department] += 1
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

    def listed_ties(self, news: set[Person]) -> int:
        """Count friends, colleague and neighbour whose listing was published last month."""
        if news.isdisjoint(self.tied):
            return 0
        return sum(1 for tie in self.tied if tie in news)


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
            friends = (row["friend_before"], row["friend_after"])
            person.friends = [here[tie] for tie in friends if tie < people and tie != slot]
            others = (row["friend_before"], row["friend_after"], row["colleague"], row["neighbour"])
            person.tied = [here[tie] for tie in others if tie < people and tie != slot]
        everybody += [person for person in here if person.kind != NOBODY]
    return everybody
