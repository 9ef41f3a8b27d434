"""How a text that metrics are taken from is read, and what the reading leaves out."""

from __future__ import annotations

from typing import NamedTuple

from glasshouse.metrics.metric import Cited, Family


class Reading(NamedTuple):
    """The reading behind a family of metrics, in paragraphs."""

    family: Family
    title: str
    paragraphs: tuple[tuple[str, str], ...]
    """What each is about, and the paragraph; white space in it says nothing."""
    cite: tuple[Cited, ...]


SOCIAL_SCORING = Reading(
    family="unrelated context",
    title="How Article 5(1)(c) is read, and its limits",
    paragraphs=(
        (
            "What it prohibits",
            """To evaluate or classify people over a period of time by their social behaviour, or
            by traits that are known, inferred or predicted, where the score leads to detriment
            in contexts unrelated to that in which the data arose, or to detriment that is
            unjustified or out of proportion to the behaviour or its gravity. It applies since 2
            February 2025, under fines of up to 35 million euros or 7 per cent of turnover.""",
        ),
        (
            "A period",
            """Rules that are in force for more than one step of the run. A single judgment of a
            single act is outside.""",
        ),
        (
            "Unrelated contexts",
            """Every act and every counter stands in one context (assumptions/contexts.yaml), each
            related to itself and to the contexts declared there. A list names the act behind
            it, so its burden is related or not. A grade adds many acts up: its burden is given
            between two bounds, with a point in between that takes each point lost to stand
            behind each refusal alike. Change the file and run again: the relation is the first
            thing to contest.""",
        ),
        (
            "Proportion",
            """The burden of a person against the fair fines of the culpable acts that the person
            carried out, seen or not (assumptions/culpability.yaml). Counting what nobody saw,
            and every wrong instead of the one that was punished, makes the ratio smaller: it
            leans towards the scheme. Whoever did no wrong has no ratio and is counted apart.""",
        ),
        (
            "Unjustified",
            """Borne by somebody without a wrong of their own, or for what was not theirs, could
            not be helped, was lawful, was somebody else's, had ended, or was only a file too
            thin to judge. Who did what is known to a simulator and to nobody else.""",
        ),
        (
            "No threshold",
            """The Article has no number. The verdict is a table over how much unrelated burden,
            and how many times the fair fine, would be too much; its corners give the fewest and
            the most people. No one cell is the answer.""",
        ),
        (
            "What is left out",
            """Only refusals at counters are priced. Fines beside points, time, shame, fear,
            friends who stay away and burdens after the end of the run are not, so detriment is
            too small. What a refusal costs is an assumption, and so is what a wrong is worth.
            The Article asks further whether there is an artificial-intelligence system at all,
            in use in the Union: a list that clerks keep elsewhere is outside. The metrics ask
            what its two marks would say of a scheme, never whether the law applies to it.""",
        ),
        (
            "Comparators",
            """Courts and inquiries have met the same marks without this Article. A Dutch system
            for finding benefit fraud fell in 2020 because nobody could verify it (unverified).
            One city's model of fraud by people on welfare used 315 variables and learnt from
            12,707 investigations, about half of them fraud, before it ranked 30,000 people of
            whom far fewer commit any: a test that is right nine times in ten on both sides
            finds 90 true of 100 where half are guilty, and 32 of 100 where one in twenty is. In
            the childcare affair about 26,000 families were hit; the Australian scheme of
            averaged incomes raised 470,000 debts that were repaid. None of them was a score of
            citizens.""",
        ),
    ),
    cite=(
        Cited("ai-act-2024", "Article 5(1)(c)"),
        Cited("ai-act-guidelines-2025", "the elements of the prohibition"),
        Cited("ai-act-fines", "up to 35 million euros or 7 per cent"),
        Cited("syri-judgment-2020", "not transparent enough to be verified (unverified)"),
        Cited("rotterdam-welfare-model-2023", "315 variables, 12,707 investigations"),
        Cited("childcare-benefits-affair", "about 26,000 families"),
        Cited("robodebt-debts", "470,000 debts"),
    ),
)

READINGS: tuple[Reading, ...] = (SOCIAL_SCORING,)
