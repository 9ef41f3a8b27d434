"""The names behind the numbers of a run: which act, list, counter, grade a place stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from glasshouse.law.experiment import ArmRules, Experiment
from glasshouse.law.rulebook import Grade, Listing, Rulebook, Scale
from glasshouse.state.counts import BESIDE_CONTEXTS

LABELS = ("rightly", "not_theirs", "could_not", "lawful")
REASONS = ("stays", "overturned", "performed", "expired", "grade_recovered")


@dataclass(frozen=True)
class Names:
    """Ids in the order of the tables; what differs by arm is a tuple over the arms."""

    arms: tuple[str, ...]
    acts: tuple[str, ...]
    channels: tuple[str, ...]
    departments: tuple[str, ...]
    counters: tuple[str, ...]
    contexts: tuple[str, ...]
    """Of the counters."""
    origins: tuple[str, ...]
    """What a refusal may stem from: every context, a score, no ground at all."""
    provinces: tuple[str, ...]
    instruments: tuple[tuple[str, ...], ...]
    """Rulebooks with points, by arm."""
    grades: tuple[tuple[tuple[str, ...], ...], ...]
    """Grades from the lowest, by arm and instrument."""
    lists: tuple[tuple[str, ...], ...]
    """``rulebook/list``, by arm."""
    labels: tuple[str, ...] = LABELS
    reasons: tuple[str, ...] = REASONS


def names_of(experiment: Experiment, provinces: tuple[str, ...]) -> Names:
    """Give the names of an experiment, each kind in the order of its file."""
    shared = experiment.arms[0].assumptions
    return Names(
        arms=tuple(arm.name for arm in experiment.arms),
        acts=tuple(act.id for act in shared.acts),
        channels=tuple(channel.id for channel in shared.channels),
        departments=tuple(department.id for department in shared.departments),
        counters=tuple(counter.id for counter in shared.counters),
        contexts=unique(counter.context for counter in shared.counters),
        origins=shared.contexts.names + BESIDE_CONTEXTS,
        provinces=provinces,
        instruments=tuple(tuple(book.rulebook for book in scored(arm)) for arm in experiment.arms),
        grades=tuple(tuple(map(grades_of, scored(arm))) for arm in experiment.arms),
        lists=tuple(lists_of(arm) for arm in experiment.arms),
    )


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Give names without repeats, in the order of their first appearance."""
    return tuple(dict.fromkeys(names))


def scored(arm: ArmRules) -> tuple[Rulebook, ...]:
    """Give an arm's rulebooks that keep a score, each once."""
    books = {use.rulebook.rulebook: use.rulebook for use in arm.rulebooks}
    return tuple(b for b in books.values() if any(isinstance(p, Scale) for p in b.provisions))


def grades_of(book: Rulebook) -> tuple[str, ...]:
    """Give a rulebook's grades of all dates, the lowest first; a grade by quantile is on top."""
    grades = [provision for provision in book.provisions if isinstance(provision, Grade)]
    by_points = sorted(
        (grade for grade in grades if grade.at_least is not None),
        key=lambda grade: grade.at_least or 0,
    )
    by_share = sorted(
        (grade for grade in grades if grade.quantile is not None),
        key=lambda grade: -(grade.quantile or 0.0),
    )
    return unique(grade.grade for grade in (*by_points, *by_share)) or ("all",)


def lists_of(arm: ArmRules) -> tuple[str, ...]:
    """Give the lists of an arm's rulebooks, of all dates, by name: no order of writing matters."""
    names = {
        list_name(use.rulebook, provision)
        for use in arm.rulebooks
        for provision in use.rulebook.provisions
        if isinstance(provision, Listing)
    }
    return tuple(sorted(names))


def list_name(book: Rulebook, listing: Listing) -> str:
    """Give the name of a list, which is unique in a run."""
    return f"{book.rulebook}/{listing.list_id}"
