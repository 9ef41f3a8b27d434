"""Two policy arms side by side: what differs is told, the largest change first."""

from __future__ import annotations

import datetime as dt

import numpy as np

from glasshouse.law.library import Library
from glasshouse.report.beside import MOST, beside_sentences, differing
from glasshouse.report.tally import Facts
from glasshouse.state.counts import COUNTS


def facts(scenario: str, **counts: tuple[int, ...]) -> Facts:
    """Give facts in which all counts are alike but those named, by arm."""
    experiment = Library().resolve(scenario, {"people": "100"})
    arms = len(experiment.arms)
    sums = {count.name: np.full((arms, 2), 5) for count in COUNTS}
    for name, totals in counts.items():
        sums[name] = np.array([[total, 0] for total in totals])
    return Facts(experiment, dt.date(2020, 1, 1), sums, sums, None)


def test_only_what_differs_is_told_and_the_largest_first() -> None:
    """A count that is alike in both arms is left out; a doubling comes before a tenth more."""
    said = facts("compare", refusals=(0, 10, 11), contests=(0, 5, 10), attempts=(0, 7, 7))
    found = differing(said, 1, 2)
    assert [row[1:] for row in found] == [(5, 10), (10, 11)]
    sentences = beside_sentences(said)
    assert "as-told and as-documented" in sentences[0]
    assert sentences[1].endswith(": 5 and 10")


def test_alike_is_said_and_more_than_a_dozen_are_cut() -> None:
    """Two arms that agree are said to, and a long list ends with how many more there are."""
    assert "No count differs" in beside_sentences(facts("compare"))[0]
    every = {count.name: (0, 1, 2) for count in COUNTS}
    sentences = beside_sentences(facts("compare", **every))
    assert len(sentences) == MOST + 1
    assert sentences[-1].endswith(f"and {len(COUNTS) - MOST} counts more")


def test_one_policy_arm_has_nothing_beside_it() -> None:
    """Where one arm alone scores, its section says it all."""
    assert beside_sentences(facts("as-told")) == []
