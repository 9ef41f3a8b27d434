"""A study is a document: what it names must be there; its sentences hold no number of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from glasshouse.errors import BadInput, BadUsage
from glasshouse.experiment.study.loading import load
from glasshouse.experiment.study.running import asked
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEN = (
    "bribes-breaches-mixups family-and-friends instead smiling-liars the-merge way-back "
    "what-goes-silent which-safeguard who-is-hit wrongly-listed"
).split()


def refused(folder: Path) -> str:
    """Give what is said of a study that is refused, settled as for a run."""
    with pytest.raises(BadInput) as caught:
        asked(folder)
    return str(caught.value)


def test_there_are_the_ten() -> None:
    """Each of the ten questions has a study."""
    assert list(Library().names("studies")) == TEN


@pytest.mark.parametrize("name", TEN)
def test_every_study_loads(name: str) -> None:
    """Its metrics and sources are known, and it says what it cannot say and what may change it."""
    study = load(name).study
    assert study.question.endswith("?")
    assert study.cannot
    assert 2 <= study.seeds <= 8
    assert study.people <= 20_480
    assert study.years == 2
    assert not re.search(r"\bmeasures?\b", " ".join(study.cannot))


def test_the_tiny_study_is_sound(written: Callable[..., Path]) -> None:
    """The document that the tests below spoil is right."""
    assert asked(written()).members == {"only": 4}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{listed} are listed", "{listd} are listed", "number `listd` (did you mean `listed`?)"),
        ("{listed} are listed", "{listed.worth} are listed", "`listed` has no form `worth`"),
        ("{listed} are listed", "7 % are listed", "a number of its own, at `7 % are listed"),
        ("{listed} are listed", "{Listed} are listed", "a brace that is no place"),
        ("decides: gap", "decides: gep", "unknown number `gep` (did you mean `gap`?)"),
        ("    below: Women more, by {gap.size}.\n", "", "`below` is missing"),
        ("    above: Men more, by {gap.size}.\n", "", "a clause that decides is incomplete"),
        (", never_known_share]", ", never_know_share]", "unknown metric `never_know_share` (did"),
        ("metric: listed_share, arm: scored, show: percent}\n  - {number: pun",
         "metric: refused_share, arm: scored, show: percent}\n  - {number: pun",
         "the design has no metric `refused_share`"),
        ("arms: {scored:", "arms: {scoured:", "no arm `scored` (did you mean `scoured`?)"),
        ("scenario: pellucid", "scenario: pelucid", "did you mean `pellucid`?"),
        ("{process.pursued:", "{process.persued:", "no assumption `process.persued` (did you mean"),
        ("numbers: [listed]", "numbers: [lusted]", "unknown number `lusted`"),
        ("groups: sex}", "groups: age}", "the design has no groups `age`"),
        ("source: pellucid-gazette", "source: gazette", "unknown source `gazette`"),
        ("study: tiny", "study: small", "the folder is called `tiny`, the study otherwise"),
        ("show: points}", "show: parsecs}", "the text `parsecs` is not allowed"),
        ("seeds: 2\n", "seeds: two\n", "where a whole number belongs"),
        ("cannot: [Anything of a real country.]", "cannot: []", "at least 1 items"),
        ("cannot:", "cant:", "unknown key `cant`"),
        ("by: [sex]", "by: [seks]", "the text `seks` is not allowed"),
        ("against: {group: sex female}", "against: {}", "it compares with itself"),
        ("number: punished", "number: listed", "the name `listed` is given twice"),
        ("title: How", "title: &anchor How", "anchors"),
    ],
)  # fmt: skip
def test_a_spoiled_study_is_refused_where_it_is_spoiled(
    written: Callable[..., Path], old: str, new: str, said: str
) -> None:
    """Every flaw is told with its line and column, and what would be right."""
    found = refused(written((old, new)))
    assert said in found
    assert re.search(r"study\.yaml:\d+:\d+: ", found), found


def test_all_that_is_wrong_is_told_at_once(written: Callable[..., Path]) -> None:
    """Two flaws of one study are two lines."""
    spoiled = written(("{listed} are", "{nobody} are"), ("{remedy}", "{nothing}"))
    assert len(refused(spoiled).splitlines()) == 2


def test_nothing_is_chosen_by_what_is_no_harm(written: Callable[..., Path]) -> None:
    """A choice by a metric of conduct is refused: safeguards are picked by harm alone."""
    choice = (
        "choices:\n  - {choice: best, words: Best, pick: less harm than, "
        'metrics: ["conduct_change punished"], among: [scored, other], against: scored}\nanswer:'
    )
    arms = "arms: {scored: the three instruments, other: another}"
    found = refused(written(("answer:", choice), ("arms: {scored: the three instruments}", arms)))
    assert "is no harm, and nothing is chosen by it" in found


def test_an_unknown_study_has_a_near_one() -> None:
    """Whoever mistypes a name is told the nearest."""
    with pytest.raises(BadInput, match=r"no study `wrongly-liste`.*did you mean `wrongly-listed`"):
        load("wrongly-liste")


def test_sizes_are_no_values_to_set(written: Callable[..., Path]) -> None:
    """People, years and seeds have words of their own."""
    folder = written()
    for path in ("people", "years", "seed"):
        with pytest.raises(BadUsage, match="--"):
            asked(folder, set={path: 3})
    with pytest.raises(BadUsage, match="1 to 1000 seeds"):
        asked(folder, seeds=0)
    with pytest.raises(BadInput, match="people"):
        asked(folder, people=-5)
