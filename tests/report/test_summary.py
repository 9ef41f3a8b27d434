"""The sentences hold the numbers, and the numbers are those of the run."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import re

import pytest

from glasshouse.law.library import Library
from glasshouse.report.in_force import named_acts
from glasshouse.report.measured import metric_rows
from glasshouse.report.spells import spell
from glasshouse.report.summary import median_words, summary
from glasshouse.report.tally import act_groups, facts_of, tally
from glasshouse.report.words import number
from glasshouse.session import Run


@pytest.fixture(scope="module")
def scored(small: Run) -> str:
    """Give the sentences of the arm that scores."""
    return " ".join(small.summary().sections[2].sentences)


def test_people_listed_are_those_of_the_outcome_rows(small: Run, scored: str) -> None:
    """How many were listed, and how many wrongly, is what the rows of persons say."""
    rows = [row for row in small.outcomes().rows() if row["arm"] == "scored"]
    causes = ("rightly", "not_theirs", "could_not", "lawful")
    listed = sum(any(row[f"listed_days_{cause}"] for cause in causes) for row in rows)
    wrongly = sum(any(row[f"listed_days_{cause}"] for cause in causes[1:]) for row in rows)
    refused = sum(row["refusals"] > 0 for row in rows)
    assert listed
    assert wrongly
    assert f"{number(listed)} people or organisations were on a list for at least a day" in scored
    assert f"of {number(wrongly)} people or organisations)" in scored
    assert f"fell on {number(refused)} people or organisations" in scored
    assert f"{number(sum(row['refusals'] for row in rows))} refusals at counters" in scored


def test_the_three_senses_add_up(small: Run, scored: str) -> None:
    """Not theirs, could not and lawful are said apart and in sum, as the counts have them."""
    final = small.provenance.steps - 1
    came = f"(count = 'spells_ended' OR (count = 'spells_open' AND step = {final}))"
    found = small.counts().filter(f"{came} AND arm = 'scored'").rows()
    by_label: dict[str, int] = {}
    for row in found:
        by_label[row["item"]] = by_label.get(row["item"], 0) + row["value"]
    wrong = sum(by_label.values()) - by_label.get("rightly", 0)
    (said,) = re.findall(r"([\d,]+) listings were wrong", scored)
    senses = re.findall(r"([\d,]+) (?:not theirs|could not comply|for a lawful act)", scored)
    assert int(said.replace(",", "")) == wrong
    assert sum(int(one.replace(",", "")) for one in senses) == wrong


def test_whoever_was_never_listed_for_a_day_is_in_no_number(small: Run) -> None:
    """A listing counts once it is in force: decided ones do not, and none is left over."""
    arm = small.summary().tally.arms[1]
    months = small.months().filter("arm = 'scored'").rows()
    decided = sum(row["listings_begun"] for row in months)
    ended = sum(row["listings_ended"] for row in months)
    assert arm.listings == ended + months[-1]["listings_open"]
    assert arm.open_at_the_end == months[-1]["listings_open"]
    assert arm.listings <= decided
    assert arm.people is not None
    assert arm.people.listed <= arm.listings


def test_conduct_moves_by_what_the_counts_say(small: Run) -> None:
    """The change of punished acts is that of the counts, in percent of the baseline."""
    arm = small.summary().tally.arms[1]
    assert arm.conduct is not None
    punished, _ = named_acts(
        small.experiment.arms[1], small.experiment.scenario.first_day, dt.date(2022, 1, 1)
    )
    total = dict.fromkeys(("nothing", "scored"), 0)
    for row in small.counts().filter("count = 'acts'").rows():
        if row["item"] in punished:
            total[row["arm"]] += row["value"]
    moved = arm.conduct["punished"]
    assert (moved.baseline, moved.arm) == (total["nothing"], total["scored"])
    assert moved.percent == pytest.approx(100 * (total["scored"] / total["nothing"] - 1))


def test_the_groups_of_acts_do_not_overlap(small: Run) -> None:
    """What is punished, praised and named by no provision are different acts."""
    groups = act_groups(small.experiment, 1, dt.date(2022, 1, 1))
    named = [*groups["punished"], *groups["praised"], *groups["unrecorded"]]
    assert len(named) == len(set(named))
    assert all(groups.values())


def test_the_scale_and_the_standing_are_said(small: Run) -> None:
    """What a row stands for, the evidence of what was on, the guesses, and what to cite."""
    said = small.summary()
    text = str(said)
    stands = small.experiment.society.persons / 1536
    assert f"One row stands for {number(round(stands))} persons" in text
    provisions = sum(said.evidence.values())
    assert f"Of the {provisions} provisions in force, by evidence: " in text
    assert "guesses" in text
    assert said.cite[0].startswith("glasshouse")
    assert any("Gazette of Pellucid" in work for work in said.cite)


def test_every_assumption_is_counted(small: Run) -> None:
    """Each number assumed counts as one; gravity too, by which metrics weigh wrongs."""
    said = small.summary()
    assert said.assumptions == len(small.experiment.arms[1].assumptions.quantities())
    assert said.guesses <= said.assumptions
    every, guesses = number(said.assumptions), number(said.guesses)
    assert f"Of the {every} assumptions that have an effect {guesses} " in str(said)


def test_a_median_is_said_by_the_last_day_that_it_may_be() -> None:
    """Lengths are known by weeks, so half were off within the last day of the median's week."""
    assert median_words(spell([0, 0, 3, 0], [0, 0, 0, 1])) == "half were off within 20 days"
    assert median_words(spell([0, 1, 0, 0], [0, 0, 0, 3])) == (
        "fewer than half were off (25 % within 21 days)"
    )
    assert median_words(spell([0, 0, 0, 0], [0, 0, 2, 0])) == "nobody was off within 14 days"
    assert median_words(spell([0], [0])) == "unknown, there was none"


def test_in_force_is_what_was_in_force_where_people_lived(small: Run) -> None:
    """A rulebook that begins after the run, or where nobody lives, is not said to be in force."""
    facts = facts_of(small.archive, small.experiment)
    nothing, scored = facts.experiment.arms
    first, second, third = scored.rulebooks
    empty = small.experiment.society.provinces[0].province
    rows = facts.last["persons"].copy()
    rows[:, 0] = 0
    uses = (
        dataclasses.replace(first, from_date=dt.date(2049, 1, 1)),
        dataclasses.replace(second, where=(empty,)),
        third,
    )
    arms = (nothing, dataclasses.replace(scored, rulebooks=uses))
    changed = dataclasses.replace(
        facts,
        experiment=dataclasses.replace(facts.experiment, arms=arms),
        last={**facts.last, "persons": rows},
    )
    assert tally(facts).arms[1].rulebooks == tuple(use.rulebook.title for use in scored.rulebooks)
    assert tally(changed).arms[1].rulebooks == (third.rulebook.title,)


def test_in_the_baseline_nobody_is_listed(small: Run) -> None:
    """The arm without rules says so in one sentence."""
    section = small.summary().sections[1]
    assert section.title == "Arm nothing"
    assert section.sentences == ("Nobody is scored; nobody was listed and nobody was refused.",)


def test_what_was_not_kept_is_said_to_be_unknown(small: Run) -> None:
    """Without outcome rows no number of people is made up."""
    facts = dataclasses.replace(facts_of(small.archive, small.experiment), people=None, bodies=0)
    sources = Library().sources()
    sentences = " ".join(summary(facts, sources, "0.1.0").sections[2].sentences)
    assert "; how many ever did was not kept (counts only)" in sentences
    assert "on how many people they fell was not kept" in sentences
    assert not tally(facts).has_outcomes


def test_without_a_baseline_nothing_is_compared(small: Run) -> None:
    """A run of policy arms alone says that it has nothing to compare with."""
    facts = facts_of(small.archive, small.experiment)
    alone = dataclasses.replace(facts.experiment, arms=facts.experiment.arms[1:])
    sums = {name: array[1:] for name, array in facts.sums.items()}
    last = {name: array[1:] for name, array in facts.last.items()}
    people = facts.people[1:] if facts.people else None
    found = dataclasses.replace(facts, experiment=alone, sums=sums, last=last, people=people)
    said = summary(found, Library().sources(), "0.1.0")
    assert "No arm is a baseline" in str(said)
    assert said.tally.arms[0].conduct is None


def test_the_numbers_are_plain_values(small: Run) -> None:
    """Everything the sentences say is in the JSON, as numbers."""
    said = json.loads(json.dumps(small.summary().plain()))
    scored = said["arms"][1]
    assert scored["listings"] == scored["rightly"] + sum(scored["wrongly"].values())
    assert said["stands_for"] == pytest.approx(small.experiment.society.persons / 1536)
    assert set(said["sentences"]) >= {"Arm nothing", "Arm scored"}


def test_the_summary_and_the_metrics_say_the_same(small: Run) -> None:
    """Conduct against the baseline and the median time on a list are one number in both."""
    arm = small.summary().tally.arms[1]
    rows = metric_rows(small.archive, ["conduct_change", "trap_half_life_days"], arms=["scored"])
    found = {row.part: row for row in rows}
    assert arm.conduct is not None
    for kind, moved in arm.conduct.items():
        percent = math.nan if moved.percent is None else moved.percent
        assert 100 * found[kind].value == pytest.approx(percent, nan_ok=True)
        if moved.error_percent is not None:
            assert 100 * found[kind].error == pytest.approx(moved.error_percent)
    week = arm.until_off.median_from_days
    last_day = math.nan if week is None else week + 6
    assert found["Kaplan-Meier"].value == pytest.approx(last_day, nan_ok=True)
