"""Runaway feedback and growing sites: rows hold for other numbers, and fail for a wrong model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from glasshouse.experiment.validation import attention_allocation, runaway_urn
from glasshouse.experiment.validation.again import LOOKS, looked_at_again
from glasshouse.experiment.validation.attention_law import expected_told, expected_uniform
from glasshouse.experiment.validation.comparison import Comparison, Tolerance, judged
from glasshouse.experiment.validation.runner import Workshop
from glasshouse.stages.detection import runaway_feedback_2018
from glasshouse.stages.detection.fairness_is_not_static_2020 import World

TWO = Tolerance(rule="standard-errors", at_most=2.0)
NOWHERE = Workshop(Path("nowhere"))


def urn(**said: Any) -> list[bool]:
    """Run the urn and say which comparisons hold."""
    given = runaway_urn.Parameters(**{"discoveries": 60, "replicates": 2000, **said})
    return [one.holds for one in judged(list(runaway_urn.run(given, (11,), NOWHERE)), TWO)]


@pytest.mark.parametrize(
    "said",
    [
        {"rates": (0.7, 0.7)},
        {"rates": (3.0, 3.0), "start": (0.4, 2.5)},
        {"rates": (0.01, 0.01), "start": (5.0, 1.0), "balls_a_discovery": 4.0},
        {"rates": (0.5, 0.45)},
        {"rates": (1.0, 9.0), "start": (40.0, 1.0), "balls_a_discovery": 0.5},
        {"rates": (0.2, 0.8), "start": (9.0, 1.0), "corrected": True},
        {"rates": (0.5, 0.5), "corrected": True, "balls_a_discovery": 2.0},
    ],
)
def test_any_urn_follows_its_law(said: dict[str, Any]) -> None:
    """Starts, rates, balls and the correction may be anything: all comparisons hold."""
    assert all(urn(**said))


def test_an_urn_with_a_wrong_rate_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model whose first place is visited 5 % too often does not hold, whatever is looked at."""
    right = runaway_feedback_2018.chances

    def wrong(given: Any, share: Any) -> Any:
        here, there = right(given, share)
        return here * 1.05, there

    monkeypatch.setattr(runaway_feedback_2018, "chances", wrong)
    assert not all(urn(rates=(0.5, 0.5)))
    assert not all(urn(rates=(0.6, 0.4), corrected=True))


def test_a_comparison_beyond_two_errors_is_made_again() -> None:
    """The first look within two standard errors counts; what never is stands as at the last."""
    taken: list[tuple[int, int]] = []

    def take(look: int, times: int) -> list[Comparison]:
        taken.append((look, times))
        far = 3.0 if look < 2 else 0.5
        return [Comparison("good", 1, 1, 1), Comparison("late", far, 0, 1)]

    good, late = looked_at_again(take)
    assert taken == [(0, 1), (1, 2), (2, 4)]
    assert (good.words, late.value, late.words) == ("", 0.5, "look 3 of at most 5")

    def never(look: int, _: int) -> Iterator[Comparison]:
        return [Comparison("bad", 9 + look, 0, 1, "below")]  # type: ignore[return-value]

    (bad,) = looked_at_again(never)  # type: ignore[arg-type]
    assert bad.value == 9 + LOOKS - 1


@pytest.mark.parametrize(
    ("rates", "units", "growth", "steps"),
    [
        ((8.0, 6.0, 4.0, 3.0, 1.5), 6, 0.05, 120),
        ((2.0, 0.0), 1, 0.3, 60),
        ((1.0, 1.0, 1.0), 5, 0.0, 50),
        ((0.25, 5.0), 2, 0.125, 100),  # a start that is a whole number of steps above zero
    ],
)
def test_caught_and_missed_are_what_the_sums_say(
    rates: tuple[float, ...], units: int, growth: float, steps: int
) -> None:
    """Exact expectations and the simulated allocators agree for any sites."""
    given = attention_allocation.Parameters(
        rates=rates, units=units, growth=(growth,), steps=steps, replicates=200
    )
    found = judged(list(attention_allocation.run(given, (5,), NOWHERE)), TWO)
    assert len(found) == 4
    assert all(one.holds for one in found)


def test_the_sums_at_their_limits() -> None:
    """One site and one unit at rate r: 1 - exp(-r) caught a step; nothing happens at rate zero."""
    world = World((1.0, 0.0), 1, 0.0)
    caught, missed = expected_told(world, 10)
    assert caught == pytest.approx(10 * (1 - np.exp(-1)))
    assert caught + missed == pytest.approx(10)
    assert expected_uniform(world, 10)[0] == pytest.approx(caught / 2)
    # One step at rates 1 and 0; then the first is at 1.5 (nobody there) or 0.5, the other 0.5 or 0.
    caught, missed = expected_uniform(World((1.0, 0.0), 1, 0.5), 2)
    assert caught + missed == pytest.approx(1 + (1.5 + 0.5) / 2 + 0.5 / 2)


def test_the_greedy_learner_catches_and_misses_more_than_an_even_one() -> None:
    """At the paper's sites and growth .05, and the other way round where nothing grows."""
    paper: dict[str, Any] = {
        "rates": (8.0, 6.0, 4.0, 3.0, 1.5),
        "units": 6,
        "growth": (),
        "replicates": 12,
    }
    given = attention_allocation.Parameters(claimed_at=(0.05,), **paper)
    assert all(
        one.holds for one in judged(list(attention_allocation.run(given, (3,), NOWHERE)), TWO)
    )
    still = attention_allocation.Parameters(claimed_at=(0.0,), **{**paper, "steps": 100})
    caught, missed = judged(list(attention_allocation.run(still, (3,), NOWHERE)), TWO)
    assert caught.holds
    assert not missed.holds


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"growth": (1e-6,), "steps": 5000, "units": 50}, "rates take too many values"),
        ({"growth": ()}, "nothing is compared"),
        ({"against": ("greedy",)}, "compared with itself"),
        ({"units": 0}, "units"),
    ],
)
def test_sites_that_cannot_be_compared_are_refused(said: dict[str, Any], words: str) -> None:
    """What would take for ever, compares nothing or is out of range is said."""
    given: dict[str, Any] = {"rates": (8.0, 6.0), "units": 3, "growth": (0.1,), **said}
    with pytest.raises(ValidationError, match=words):
        attention_allocation.Parameters(**given)


def test_an_urn_with_nothing_left_to_chance_holds() -> None:
    """Rates a billion times apart leave no spread: what is computed in two ways is alike."""
    assert all(urn(rates=(1e6, 1e-3)))
    assert all(urn(rates=(1e6, 1e-3), corrected=True))
