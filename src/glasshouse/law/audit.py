"""Audits of what is written: how well law is established, what is a guess, what is not cited."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, get_args

from glasshouse.law import rooms
from glasshouse.law.citation import Evidence
from glasshouse.law.intake import Intake, cited
from glasshouse.law.mechanism import NUMBER
from glasshouse.law.second_coding import Difference, agreement, differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from glasshouse.law.assumptions import Assumptions
    from glasshouse.law.experiment import Experiment
    from glasshouse.law.library import Library
    from glasshouse.law.quantity import Quantity
    from glasshouse.law.rulebook import AnyProvision, Rulebook
    from glasshouse.law.safeguard import Safeguard

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


def cited_by_rulebook(rulebook: Rulebook) -> tuple[str, ...]:
    """The source keys that a rulebook cites, each once, in order."""
    cites = [cite for p in rulebook.provisions for cite in (p.cite, *p.also)]
    return tuple(sorted({cite.source for cite in cites}))


def cited_by_safeguard(safeguard: Safeguard) -> tuple[str, ...]:
    """The source keys that a safeguard cites, for what it does and for its numbers."""
    numbers = [q.cite for q in safeguard.quantities.values() if q.cite]
    return tuple(cite.source for cite in (safeguard.cite, *safeguard.also, *numbers))


def cited_by_experiment(experiment: Experiment) -> tuple[str, ...]:
    """What a user of an experiment's results has to cite, each once, in order."""
    keys: set[str] = {experiment.society.cite.source}
    keys |= {q.cite.source for q in experiment.society.figures.values() if q.cite}
    for arm in experiment.arms:
        keys.update(*(cited_by_rulebook(use.rulebook) for use in arm.rulebooks))
        keys |= {q.cite.source for q in arm.assumptions.quantities().values() if q.cite}
        keys |= {pair.cite.source for pair in arm.assumptions.contexts.related if pair.cite}
        keys.update(*(cited_by_safeguard(on.safeguard) for on in arm.safeguards))
    return tuple(sorted(keys))


def unused_sources(library: Library, cited_elsewhere: Iterable[str] = ()) -> tuple[str, ...]:
    """Sources of the library that no document of it cites, nor anything named as citing.

    ``cited_elsewhere`` are keys that a program cites: those of the formulas of metrics.
    """
    intake, used = Intake(), set(cited_elsewhere)
    rooms_that_cite = (
        "rulebooks", "assumptions", "societies", "mechanisms", "cases", "second_codings", "studies",
        "safeguards",
    )  # fmt: skip
    for room in rooms_that_cite:
        for path in sorted((library.root / room).rglob("*.yaml")):
            keep_as = path.relative_to(library.root).as_posix()
            document = intake.document(path, keep_as)
            if document is not None:
                used |= {key for _, key in cited(document.value)}
    return tuple(sorted(set(library.sources()) - used))


class Coding(NamedTuple):
    """Both codings of a rulebook, compared."""

    rulebook: str
    alike: int
    stated: int
    differences: tuple[Difference, ...]


def coded_once(library: Library) -> tuple[str, ...]:
    """Documented rulebooks that only one reader has coded."""
    twice = rooms.listed(library.root, "second_codings")
    return tuple(
        name
        for name in library.names("rulebooks")
        if library.rulebook(name).family == "documented" and name not in twice
    )


def codings(library: Library) -> tuple[Coding, ...]:
    """Every rulebook that two readers have coded, compared fact by fact."""
    found = []
    for name in rooms.listed(library.root, "second_codings"):
        first, second = library.rulebook(name), library.second_coding(name)
        found.append(Coding(name, *agreement(first, second), differences(first, second)))
    return tuple(found)


def uncited(library: Library) -> tuple[str, ...]:
    """Assumptions that neither cite nor guess; a provision without a citation cannot be read."""
    quantities = library.assumptions().quantities()
    return tuple(path for path, q in quantities.items() if q.cite is None and q.guess is None)


def missing_mechanisms(library: Library) -> tuple[str, ...]:
    """Ids of the mission that no file explains."""
    there = {one.number for one in library.mechanisms()}
    return tuple(f"M{number:02}" for number in range(1, NUMBER + 1) if number not in there)
