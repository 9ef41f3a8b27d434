"""Audits of what is written: how well law is established, what is a guess, what is not cited."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, get_args

from glasshouse.law.citation import Evidence
from glasshouse.law.intake import Intake, cited

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from glasshouse.law.assumptions import Assumptions
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.library import Library
    from glasshouse.law.quantity import Quantity
    from glasshouse.law.rulebook import AnyProvision, Rulebook

EVIDENCE: tuple[str, ...] = get_args(Evidence)


def by_evidence(provisions: Iterable[AnyProvision]) -> dict[str, int]:
    """How many provisions have each evidence status; all five are named."""
    tally: Counter[str] = Counter(provision.evidence for provision in provisions)
    return {status: tally[status] for status in EVIDENCE}


def guesses(quantities: Mapping[str, Quantity]) -> dict[str, str]:
    """The uncited values: path -> why the number was guessed."""
    return {path: q.guess for path, q in quantities.items() if q.guess is not None}


def assumption_guesses(assumptions: Assumptions) -> dict[str, str]:
    """The uncited values of a set of assumptions, by the path that ``--set`` uses."""
    return guesses(assumptions.quantities())


def with_effect(assumptions: Assumptions) -> dict[str, Quantity]:
    """The quantities that move something in a run: all but gravity, which waits for a metric."""
    return {
        path: quantity
        for path, quantity in assumptions.quantities().items()
        if not (path.startswith("culpability.") and path.endswith(".gravity"))
    }


def cited_by_rulebook(rulebook: Rulebook) -> tuple[str, ...]:
    """The source keys that a rulebook cites, each once, in order."""
    cites = [cite for p in rulebook.provisions for cite in (p.cite, *p.also)]
    return tuple(sorted({cite.source for cite in cites}))


def cited_by_experiment(experiment: Experiment) -> tuple[str, ...]:
    """What a user of an experiment's results has to cite, each once, in order."""
    keys: set[str] = {experiment.society.cite.source}
    keys |= {q.cite.source for q in experiment.society.figures.values() if q.cite}
    for arm in experiment.arms:
        keys.update(*(cited_by_rulebook(use.rulebook) for use in arm.rulebooks))
        keys |= {q.cite.source for q in arm.assumptions.quantities().values() if q.cite}
    return tuple(sorted(keys))


def unused_sources(library: Library) -> tuple[str, ...]:
    """Sources of the library that no document of it cites."""
    intake, used = Intake(), set()
    for room in ("rulebooks", "assumptions", "societies"):
        for path in sorted((library.root / room).rglob("*.yaml")):
            keep_as = path.relative_to(library.root).as_posix()
            document = intake.document(path, keep_as)
            if document is not None:
                used |= {key for _, key in cited(document.value)}
    return tuple(sorted(set(library.sources()) - used))
