"""A number in a sentence of the report: that of figures and tables, and never a false zero."""

from __future__ import annotations

import math

import pytest

from glasshouse.report.document.answer import Asked, conduct, silence
from glasshouse.report.document.numbers import Number, in_words
from glasshouse.report.measured import MetricRow
from glasshouse.report.metric_table import noted


def number(value: float, low: float, high: float, unit: str = "share of persons") -> Number:
    """A number of one run."""
    return Number("a", "m", "", value, low, high, 0.0, math.nan, math.nan, unit, "measured", "")


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (0.00351, 0.00261, 0.00472, ("0.35 %", "(0.26 to 0.47)")),
        (0.0035, 0.0, 0.03, ("0.35 %", "(0.00 to 3.00)")),
        (0.387, 0.0, 1.0, ("39 %", "(0 to 100)")),
        (0.1835, 0.1830, 0.1840, ("18.35 %", "(18.30 to 18.40)")),
        (0.0, 0.0, 0.03, ("0 %", "(0 to 3)")),
    ],
)
def test_what_is_not_zero_is_never_said_to_be_zero(
    value: float, low: float, high: float, said: tuple[str, str]
) -> None:
    """Two digits of the number are said however wide its interval, and as many of its ends."""
    assert in_words(number(value, low, high)) == said


@pytest.mark.parametrize(
    ("groups", "said"),
    [(0, ""), (1, "from 1 group alone"), (2, "from 2 groups alone"), (8, "")],
)
def test_few_groups_are_said_and_none_is_not(groups: int, said: str) -> None:
    """An interval that rests on few groups says so; one that rests on no groups is no rough one."""
    few = noted(MetricRow("a", "m", "", "", 0.5, 0.4, 0.6, 0.0, groups, "", "measured", ""))
    assert said in few if said else few == ""


@pytest.mark.parametrize(
    ("value", "conducts", "silences"),
    [
        (0.0, "did not change.", "No lawful sensitive acts"),
        (8.2e-9, "did not change by as much as 0.01 %.", "did not change by as much as 0.01 %."),
        (0.02, "rose by 2.0 % (1.9 to 2.1).", "2.0 % (1.9 to 2.1) of lawful"),
    ],
)
def test_the_first_screen_tells_no_change_that_nobody_can_use(
    value: float, conducts: str, silences: str
) -> None:
    """What is no change worth saying is no rise and no fall, in conduct and in silence."""
    ends = (value - 0.001, value + 0.001) if value > 0.01 else (value, value)
    found = number(value, *ends, unit="share of the baseline")
    asked = Asked(
        {("a", "conduct_change", "unrecorded"): found, ("a", "chilling_share", ""): found}, "a"
    )
    for sentence, words in ((conduct(asked), conducts), (silence(asked), silences)):
        assert sentence is not None
        assert words in " ".join("".join(piece.text for piece in sentence).split())
