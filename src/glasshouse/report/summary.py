"""The summary in sentences: what a run did to people, arm by arm, and what it rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.archive.store import DATA
from glasshouse.law.audit import (
    EVIDENCE,
    by_evidence,
    cited_by_experiment,
    cited_by_rulebook,
    guesses,
)
from glasshouse.law.library import Library
from glasshouse.law.mechanism import Mechanism, those_on
from glasshouse.report.beside import beside_sentences
from glasshouse.report.in_force import provisions_in_force
from glasshouse.report.parentage import parentage
from glasshouse.report.rare import rare_sentences
from glasshouse.report.tally import (
    ArmTally,
    Facts,
    Tally,
    as_plain,
    baseline_of,
    facts_of,
    tally,
)
from glasshouse.report.words import lasting, listing, number, of, rounded, share, way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.archive.provenance import Parent
    from glasshouse.archive.reading import Archive
    from glasshouse.law.citation import Source
    from glasshouse.law.experiment import Experiment
    from glasshouse.report.spells import Spell

SENSES = {
    "not_theirs": "not theirs (no act of their own behind it)",
    "could_not": "could not comply",
    "lawful": "for a lawful act",
}
ENDS = {
    "overturned": "overturned on contest",
    "performed": "after performance",
    "expired": "by the end of the term",
    "grade_recovered": "because the grade recovered",
}
CONDUCT = {
    "punished": "Acts that its provisions punish",
    "praised": "Acts that they reward",
    "unrecorded": "Culpable acts that no provision names",
    "lawful": "Lawful sensitive acts (petitions, complaints, comments, faith)",
}


SOFTWARE = "glasshouse: a laboratory for scored societies (The glasshouse authors, version {})"
"""As CITATION.cff says it."""


@dataclass(frozen=True)
class Section:
    """Sentences under a heading."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """What a run says, in sentences and in the numbers behind them."""

    tally: Tally
    sections: tuple[Section, ...]
    evidence: Mapping[str, int]
    guesses: int
    assumptions: int
    cite: tuple[str, ...]

    def text(self) -> str:
        """The sentences as plain text, a blank line between sections."""
        return "\n\n".join("\n".join((s.title, *s.sentences)) for s in self.sections)

    def __str__(self) -> str:
        """The sentences as plain text."""
        return self.text()

    def plain(self) -> dict[str, Any]:
        """Everything as what JSON has."""
        return {
            **as_plain(self.tally),
            "stands_for": self.tally.stands_for,
            "evidence": dict(self.evidence),
            "assumptions": {"all": self.assumptions, "guesses": self.guesses},
            "cite": list(self.cite),
            "sentences": {s.title: list(s.sentences) for s in self.sections},
        }


def summary_of(archive: Archive, experiment: Experiment) -> Summary:
    """Say what a finished run says."""
    said = archive.provenance
    sources = Library(archive.path / DATA).sources()
    facts = facts_of(archive, experiment)
    return summary(facts, sources, said.glasshouse_version, said.parent)


def summary(
    facts: Facts, sources: Mapping[str, Source], version: str, parent: Parent | None = None
) -> Summary:
    """Say what a run says, and of which run it is a fork."""
    numbers, experiment = tally(facts), facts.experiment
    on = [
        provision
        for arm in experiment.arms
        for provision in provisions_in_force(arm, experiment.scenario.first_day, facts.end)
    ]
    evidence = by_evidence(on)
    rules = experiment.arms[-1].assumptions
    in_use = rules.quantities()
    assumptions, called = len(in_use), len(guesses(in_use))
    cite = (SOFTWARE.format(version), *cited_works(experiment, sources))
    scale = scale_sentences(numbers, experiment)
    begun = scale if parent is None else [*scale, parentage(parent)]
    sections = [Section(f"{numbers.title}", tuple(begun))]
    sections += [Section(f"Arm {arm.name}", tuple(arm_sentences(arm, numbers)))
                 for arm in numbers.arms]  # fmt: skip
    beside = beside_sentences(facts)
    if beside:
        sections.append(Section("The policy arms side by side", tuple(beside)))
    known = (
        *evidence_sentences(evidence, called, assumptions),
        *mechanism_sentences(experiment, Library().mechanisms()),
    )
    sections.append(Section("How far this is known", known))
    return Summary(numbers, tuple(sections), evidence, called, assumptions, cite)


def scale_sentences(numbers: Tally, experiment: Experiment) -> list[str]:
    """How large the run was and what a row stands for."""
    rows = of(numbers.people - numbers.bodies, "synthetic person", "synthetic people")
    if numbers.bodies:
        rows += f" and {of(numbers.bodies, 'organisation')}"
    stands = numbers.stands_for
    if stands >= 1.05:
        scale = f"One row stands for {rounded(stands, 3)} persons of the published tables."
    else:
        scale = "There are about as many rows as persons in the published tables, or more."
    sentences = [f"{rows} lived through {lasting(numbers.months)} in {numbers.society}. {scale}"]
    if baseline_of(experiment) is None:
        sentences.append("No arm is a baseline, so nothing says what the rules changed.")
    else:
        sentences.append(
            "Every arm has the same people, the same candidate acts and the same luck, so they "
            "differ by their rules alone. These are comparisons under stated assumptions, not "
            "forecasts."
        )
    return sentences


def arm_sentences(arm: ArmTally, numbers: Tally) -> list[str]:
    """What happened in one arm."""
    if arm.is_baseline and not arm.listings:
        return ["Nobody is scored; nobody was listed and nobody was refused."]
    rules = [f"In force: {'; '.join(arm.rulebooks)}."] if arm.rulebooks else []
    if not arm.is_baseline and not rules:
        rules = ["No provision of its rulebooks was in force where people lived."]
    if arm.safeguards:
        rules.append(f"Safeguards: {'; '.join(arm.safeguards)}.")
    sentences = [*rules, *listed_sentences(arm, numbers)]
    if arm.listings:
        sentences += [wrongly_sentence(arm, numbers), *off_sentences(arm)]
    if arm.honoured:
        came = of(arm.honoured, "red listing").capitalize()
        sentences.append(f"{came} honoured people; none of them is counted above.")
    sentences += [refused_sentence(arm, numbers), *conduct_sentences(arm)]
    sentences += rare_sentences(arm.rare, numbers.stands_for)
    base = next((other for other in numbers.arms if other.is_baseline), None)
    return sentences if base is None else [*sentences, means_sentence(arm, base)]


def means_sentence(arm: ArmTally, base: ArmTally) -> str:
    """What became of the means to pay."""
    moved = arm.means / base.means - 1 if base.means else 0.0
    went = way(moved)
    if went in {"still", "hardly"}:
        return "Mean means to pay were as in the baseline at the end."
    percent, side = rounded(100 * abs(moved)), "lower" if went == "down" else "higher"
    return f"Mean means to pay were {percent} % {side} than in the baseline at the end."


def listed_sentences(arm: ArmTally, numbers: Tally) -> list[str]:
    """How many were listed."""
    if not arm.listings:
        return ["Nobody was listed."]
    at_end = number(arm.open_at_the_end) if arm.open_at_the_end else "none"
    came = (
        f"{of(arm.listings, 'listing').capitalize()} came into force, of which {at_end} "
        f"{'was' if arm.open_at_the_end == 1 else 'were'} still in force at the end."
    )
    if arm.people is None:
        there = numbers.rows(arm.listed_at_the_end)
        come = f"{there.capitalize()} stood on a list at the end or were about to"
        return [f"{came} {come}; how many ever did was not kept (counts only)."]
    part = share(arm.people.listed, numbers.people)
    were = "was" if arm.people.listed == 1 else "were"
    were_listed = f"{numbers.rows(arm.people.listed).capitalize()} {were} on a list"
    return [f"{were_listed} for at least a day ({part} of all). {came}"]


def wrongly_sentence(arm: ArmTally, numbers: Tally) -> str:
    """How many of the listings were wrong, in the three senses and in sum."""
    wrong = sum(arm.wrongly.values())
    if not wrong:
        return "No listing was wrong in any of the three senses."
    senses = listing([f"{number(arm.wrongly[name])} {SENSES[name]}" for name in SENSES])
    people = ""
    if arm.people is not None:
        people = f", of {numbers.rows(arm.people.wrongly_listed)}"
    verb = "listing was wrong" if wrong == 1 else "listings were wrong"
    return f"{number(wrong)} {verb} ({share(wrong, arm.listings)}{people}): {senses}."


def off_sentences(arm: ArmTally) -> list[str]:
    """How long until they were off, how they came off, how long they did not know."""
    sentences = [f"All listed: {median_words(arm.until_off)}."]
    if arm.until_off_if_wrongly.listings:
        sentences[0] = (
            f"Until off, all listed: {median_words(arm.until_off)}; wrongly listed: "
            f"{median_words(arm.until_off_if_wrongly)}."
        )
    ways = [f"{number(n)} {ENDS[name]}" for name, n in arm.ways_off.items() if n]
    if ways:
        sentences.append(f"Of the listings that ended: {listing(ways)}.")
    if arm.silent_day_share is not None:
        percent = rounded(100 * arm.silent_day_share)
        sentences.append(f"On {percent} % of the days on lists, people did not know of it.")
    return sentences


def median_words(spell: Spell) -> str:
    """The median time on a list, or why it is not known."""
    if spell.listings == 0 or spell.off_share is None:
        return "unknown, there was none"
    if spell.median_from_days is not None:
        # Lengths are counted by whole weeks: this is the last day of the week.
        return f"half were off within {number(spell.median_from_days + 6)} days"
    if not spell.off_share:
        return f"nobody was off within {number(spell.longest_days)} days"
    off = rounded(100 * spell.off_share)
    return f"fewer than half were off ({off} % within {number(spell.longest_days)} days)"


def refused_sentence(arm: ArmTally, numbers: Tally) -> str:
    """Refusals against the people refused."""
    if not arm.refusals:
        return "Nobody was refused at a counter."
    if arm.people is None or not arm.people.refused:
        return (
            f"{of(arm.refusals, 'refusal').capitalize()} at counters; on how many people they fell "
            "was not kept (counts only)."
        )
    each = rounded(arm.refusals / arm.people.refused)
    part = share(arm.people.refused, numbers.people)
    return (
        f"{of(arm.refusals, 'refusal').capitalize()} at counters fell on "
        f"{numbers.rows(arm.people.refused)} ({part} of all): {each} each."
    )


def conduct_sentences(arm: ArmTally) -> list[str]:
    """How conduct moved against the baseline: what is recorded, and what is not."""
    if arm.conduct is None:
        return []
    moves = [(name, moved) for name, moved in arm.conduct.items() if moved.baseline or moved.arm]
    sentences = [f"{CONDUCT[name]} {moved.words()}." for name, moved in moves]
    if any(moved.error_percent is not None for _, moved in moves):
        sentences.append("Behind ± stands one standard error, from differences between provinces.")
    elif moves:
        sentences.append(
            "How far chance alone moves these acts is unknown: too few provinces have people in "
            "this run to compare them."
        )
    return sentences


def evidence_sentences(evidence: Mapping[str, int], called: int, assumptions: int) -> list[str]:
    """The standing of the provisions and of the assumptions that were switched on."""
    on = [f"{evidence[status]} {status}" for status in EVIDENCE if evidence[status]]
    provisions = sum(evidence.values())
    first = (
        f"Of the {of(provisions, 'provision')} in force, by evidence: {listing(on)}."
        if on
        else "No provision was in force."
    )
    return [
        first,
        (
            f"Of the {number(assumptions)} assumptions that have an effect {number(called)} are "
            "called guesses and have a range; vary them with --set before you rely on a number."
        ),
    ]


def mechanism_sentences(experiment: Experiment, mechanisms: tuple[Mechanism, ...]) -> list[str]:
    """Which of the sources' mechanisms were on, by arm, and how far they are known."""
    sentences = []
    for arm in experiment.arms:
        on = those_on(mechanisms, arm)
        if on:
            count: Counter[str] = Counter(one.evidence for one in on)
            statuses = listing(
                [f"{count[status]} {status}" for status in EVIDENCE if count[status]]
            )
            sentences.append(
                f"On in arm {arm.name}, of the {len(mechanisms)} mechanisms of the sources: "
                f"{len(on)} ({statuses}): {', '.join(one.id for one in on)}. "
                "`glasshouse mechanisms show ID` explains each."
            )
    return sentences


def cited_works(experiment: Experiment, sources: Mapping[str, Source]) -> list[str]:
    """What to cite, one line each: the rulebooks' sources, the society's, the assumptions'."""
    uses = [use for arm in experiment.arms for use in arm.rulebooks]
    first = [key for use in uses for key in cited_by_rulebook(use.rulebook)]
    keys = dict.fromkeys((*first, experiment.society.cite.source, *cited_by_experiment(experiment)))
    known = {key: source for use in uses for key, source in use.rulebook.sources.items()}
    known.update(sources)
    return [work(key, known.get(key)) for key in keys]


def work(key: str, source: Source | None) -> str:
    """A work as a list of works names it."""
    return key if source is None else f"{source.title} ({source.by}, {source.date or 'no date'})"
