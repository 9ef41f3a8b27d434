"""What was on and how far it is known: mechanisms of the sources, and safeguards."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.law.audit import EVIDENCE
from glasshouse.law.library import Library
from glasshouse.report.words import listing, of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.law.mechanism import Mechanism
    from glasshouse.law.safeguard import SafeguardOn
    from glasshouse.report.document.gathered import Group

MARKS = {
    "documented": "■",
    "reported": "◧",
    "contested": "◨",
    "fiction": "□",
    "hypothesis": "◇",
}
"""A shape for every evidence status, beside its word and its colour."""

MEANS = {
    "documented": "in texts or statistics",
    "reported": "by the press",
    "contested": "sources disagree",
    "fiction": "told, and found nowhere",
    "hypothesis": "a mechanism that nobody has shown",
}


class MechanismOn(NamedTuple):
    """A mechanism that was on, as its row of the table says."""

    id: str
    mechanism: str
    said: str
    scholars: str
    qualified: str
    arms: str
    """The arms in which it is on, where there are several; empty for all of them."""


class StatusGroup(NamedTuple):
    """The mechanisms of one evidence status."""

    evidence: str
    mark: str
    means: str
    mechanisms: tuple[MechanismOn, ...]


class SafeguardRow(NamedTuple):
    """A safeguard that was on."""

    name: str
    title: str
    does: str
    arms: str
    changes: str
    source: str
    at: str


def mechanisms_on(group: Group) -> list[StatusGroup]:
    """Give the mechanisms that were on in some arm, by how far they are known."""
    known = {one.id: one for one in Library().mechanisms()}
    arms = {arm.arm: arm.mechanisms for arm in group.said.arms if arm.mechanisms}
    on: dict[str, list[str]] = {}
    for arm, mechanisms in arms.items():
        for name in mechanisms:
            on.setdefault(name, []).append(arm)
    found = []
    for status in EVIDENCE:
        rows = tuple(
            _row(known[name], names, len(arms))
            for name, names in sorted(on.items(), key=lambda item: int(item[0][1:]))
            if name in known and arms[names[0]][name] == status
        )
        if rows:
            found.append(StatusGroup(status, MARKS[status], MEANS[status], rows))
    return found


def _row(one: Mechanism, arms: Sequence[str], of_arms: int) -> MechanismOn:
    where = "" if len(arms) == of_arms else ", ".join(arms)
    return MechanismOn(one.id, one.mechanism, one.said, one.scholars, one.qualified or "", where)


def evidence_words(group: Group) -> list[str]:
    """Say of every policy arm how well its provisions and its mechanisms are established."""
    sentences = []
    every = len(Library().mechanisms())
    for arm in group.said.arms:
        if arm.is_baseline:
            continue
        law = sum(arm.evidence.values())
        provisions = _by_status(arm.evidence)
        on = _by_status(Counter(arm.mechanisms.values()))
        first = f"{of(law, 'provision')} in force" + (f" ({provisions})" if provisions else "")
        second = f"{len(arm.mechanisms)} of the {every} mechanisms of the sources on"
        sentences.append(f"Arm {arm.arm}: {first}; {second}{f' ({on})' if on else ''}.")
    return sentences


def _by_status(counts: dict[str, int] | Counter[str]) -> str:
    words = [f"{counts[one]} {one}" for one in EVIDENCE if counts.get(one)]
    return listing(words) if words else ""


def safeguards_on(group: Group) -> list[SafeguardRow]:
    """Give the safeguards that were on, with the text that each follows."""
    on: dict[str, tuple[SafeguardOn, list[str]]] = {}
    for arm in group.experiment.arms:
        for safeguard in arm.safeguards:
            on.setdefault(safeguard.name, (safeguard, []))[1].append(arm.name)
    rows = []
    for name, (first, arms) in on.items():
        law = first.safeguard
        rows.append(
            SafeguardRow(
                name, law.title, law.does, ", ".join(arms),
                of(len(first.changes), "change"), law.cite.source, law.cite.at,
            )
        )  # fmt: skip
    return rows
