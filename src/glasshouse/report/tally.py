"""The numbers behind the summary: what a run counted, arm by arm, against the baseline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.law.experiment import Experiment
from glasshouse.metrics.behaviour import groups_of_acts
from glasshouse.report.change import Change, change
from glasshouse.report.in_force import acts_of, of_use_in_force
from glasshouse.report.parentage import with_days
from glasshouse.report.rare import Rare, rare_of
from glasshouse.report.spells import Spell, spell
from glasshouse.report.words import of

if TYPE_CHECKING:
    from glasshouse.archive.reading import Archive

Integers = NDArray[np.int64]

WRONG = ("not_theirs", "could_not", "lawful")
"""The three senses of wrongly listed; the label before them is `rightly`."""

DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class People:
    """How many people of an arm something happened to; from the outcome rows."""

    listed: int
    """Who spent at least a day on a list; the same with any that was wrong for the next."""
    wrongly_listed: int
    refused: int


@dataclass(frozen=True)
class Facts:
    """What a run counted, as the archive gives it: arrays [arm, province, axes of the registry]."""

    experiment: Experiment
    end: dt.date
    """The first day after the run."""
    sums: Mapping[str, Integers]
    """Over all steps."""
    last: Mapping[str, Integers]
    """At the last step."""
    people: tuple[People, ...] | None
    """By arm; None where the run kept counts alone."""
    bodies: int = 0
    """Rows that are enterprises, courts, governments; 0 where the run kept counts alone."""
    rare: tuple[tuple[Rare, ...], ...] = ()
    """By arm, where the run is large enough to see what is rare."""


def facts_of(archive: Archive, experiment: Experiment) -> Facts:
    """Take the facts of a finished run."""
    said, counted = archive.provenance, archive.counted
    people, bodies = None, 0
    if archive.has_outcomes:
        wrong = " + ".join(f"listed_days_{name}" for name in WRONG)
        found = archive.outcomes().aggregate(
            f"arm, count(*) FILTER (listed_days_rightly + {wrong} > 0) AS listed,"
            f" count(*) FILTER ({wrong} > 0) AS wrongly_listed,"
            " count(*) FILTER (refusals > 0) AS refused",
            "arm",
        )
        by_arm = {row.pop("arm"): People(**row) for row in found.rows()}
        others = archive.outcomes().filter("kind <> 'person'")
        bodies = len(others) // len(experiment.arms)
        people = tuple(by_arm.get(arm.name, People(0, 0, 0)) for arm in experiment.arms)
    end = dt.date.fromisoformat(said.first_day) + dt.timedelta(days=said.days)
    rare = tuple(rare_of(archive, place) for place in range(len(experiment.arms)))
    return Facts(experiment, end, counted.sums, counted.last, people, bodies, rare)


@dataclass(frozen=True)
class ArmTally:
    """One arm in numbers; a comparison is None in the baseline itself."""

    name: str
    is_baseline: bool
    rulebooks: tuple[str, ...]
    """Titles of those of which something was in force, somewhere where there are people."""
    safeguards: tuple[str, ...]
    """Those that are on, each with how much of the arm's own law it changes."""
    people: People | None
    listings: int
    """That came into force by the end of the run; one that was only decided is none yet."""
    rightly: int
    wrongly: Mapping[str, int]
    honoured: int
    """Red listings, which give and are nobody's harm; counted nowhere else here."""
    open_at_the_end: int
    """Of the listings, those still in force."""
    listed_at_the_end: int
    """Rows on a list at the end, or of whom that was decided."""
    until_off: Spell
    until_off_if_wrongly: Spell
    ways_off: Mapping[str, int]
    silent_day_share: float | None
    refusals: int
    refused_person_steps: int
    conduct: Mapping[str, Change] | None
    """Recorded and punished, recorded and praised, culpable but named by no provision, lawful."""
    means: float
    """Mean means, as a share of the whole scale."""
    rare: tuple[Rare, ...] = ()
    """What is rare and could be counted."""


@dataclass(frozen=True)
class Tally:
    """A run in numbers."""

    scenario: str
    title: str
    people: int
    """Rows of the society, enterprises, courts and governments among them."""
    bodies: int
    months: int
    society: str
    society_persons: int
    has_outcomes: bool
    arms: tuple[ArmTally, ...]

    @property
    def stands_for(self) -> float:
        """How many persons of the published tables one row stands for."""
        return self.society_persons / self.people

    def rows(self, count: int) -> str:
        """A count of rows and what they are."""
        if self.bodies:
            return of(count, "person or organisation", "people or organisations")
        return of(count, "person", "people")


def tally(facts: Facts) -> Tally:
    """Turn counts into the numbers of the summary."""
    experiment = facts.experiment
    scenario, society = experiment.scenario, experiment.society
    return Tally(
        scenario=scenario.scenario,
        title=scenario.title,
        people=scenario.people,
        bodies=facts.bodies,
        months=scenario.months_in_all,
        society=society.title,
        society_persons=society.persons,
        has_outcomes=facts.people is not None,
        arms=tuple(_arm(facts, place) for place in range(len(experiment.arms))),
    )


def baseline_of(experiment: Experiment) -> int | None:
    """The first arm in which nobody is scored."""
    return next((n for n, arm in enumerate(experiment.arms) if arm.is_baseline), None)


def _arm(facts: Facts, place: int) -> ArmTally:
    rules = facts.experiment.arms[place]
    sums = {name: array[place].sum(axis=0) for name, array in facts.sums.items()}
    last = {name: array[place].sum(axis=0) for name, array in facts.last.items()}
    ended, opened = sums["spells_ended"], last["spells_open"]
    stock = last["stock"].sum(axis=0)
    # `listed` counts decisions, some of which come into force after the run.
    labels = ended.sum(axis=1) + stock
    ways = sums["left"].sum(axis=0)
    listed_days = int(sums["listed_days"].sum())
    rows = int(last["persons"].sum())
    return ArmTally(
        name=rules.name,
        is_baseline=rules.is_baseline,
        rulebooks=_titles_in_force(facts, place),
        safeguards=tuple(on.words() for on in rules.safeguards),
        people=facts.people[place] if facts.people else None,
        listings=int(labels.sum()),
        rightly=int(labels[0]),
        wrongly={name: int(labels[1 + n]) for n, name in enumerate(WRONG)},
        honoured=int(sums["honoured"].sum()),
        open_at_the_end=int(stock.sum()),
        listed_at_the_end=int(last["listed_persons"].sum()),
        until_off=_spell(ended.sum(axis=0), opened.sum(axis=0)),
        until_off_if_wrongly=_spell(ended[1:].sum(axis=0), opened[1:].sum(axis=0)),
        ways_off={name: int(ways[1 + n]) for n, name in enumerate(WAYS_OFF)},
        silent_day_share=int(sums["silent_days"].sum()) / listed_days if listed_days else None,
        refusals=int(sums["refusals"].sum()),
        refused_person_steps=int(sums["refused_people"].sum()),
        conduct=_conduct(facts, place),
        means=int(last["means_sum"].sum()) / rows / 65536 if rows else 0.0,
        rare=facts.rare[place] if facts.rare else (),
    )


def _titles_in_force(facts: Facts, place: int) -> tuple[str, ...]:
    experiment = facts.experiment
    run = experiment.scenario.first_day, facts.end
    rows = facts.last["persons"][place]
    peopled = {
        about.province
        for number, about in enumerate(experiment.society.provinces)
        if rows[number].sum() > 0
    }
    return tuple(
        with_days(use.rulebook.title, use.from_date, use.until_date, run)
        for use in experiment.arms[place].rulebooks
        if (use.where is None or peopled & set(use.where)) and any(of_use_in_force(use, *run))
    )


WAYS_OFF = ("overturned", "performed", "expired", "grade_recovered")
"""How a listing ends, in the order of the count `left` behind `stays`."""


def _spell(ended: Integers, opened: Integers) -> Spell:
    return spell([int(n) for n in ended], [int(n) for n in opened])


def _conduct(facts: Facts, place: int) -> Mapping[str, Change] | None:
    base = baseline_of(facts.experiment)
    if base is None or base == place:
        return None
    groups = act_groups(facts.experiment, place, facts.end)
    acts = facts.sums["acts"]
    return {
        name: change(
            [int(n) for n in acts[base][:, chosen].sum(axis=1)],
            [int(n) for n in acts[place][:, chosen].sum(axis=1)],
        )
        for name, chosen in groups.items()
    }


def act_groups(experiment: Experiment, place: int, end: dt.date) -> dict[str, list[int]]:
    """The act types by what an arm's provisions make of them, as places in the list of acts."""
    begin = experiment.scenario.first_day
    return groups_of_acts(acts_of(experiment.arms[place], begin, end))


def as_plain(value: Any) -> Any:
    """Dataclasses, mappings and tuples as what JSON has."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: as_plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {key: as_plain(inner) for key, inner in value.items()}
    return [as_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
