"""The Mesa model of the benchmark does the same work: its counts agree within Monte Carlo error.

Several societies are run by both, pair by pair on the same people. The error of a count is taken
from the differences between the pairs themselves, so clustering (a person's acts, an office's
entries, a listing that lasts) is in it; it is never taken below that of two Poisson counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("mesa", reason="Mesa 3 is not installed; it is in locks/test.txt")

from glasshouse.bench.mesa_model import Society
from glasshouse.bench.society import laid_out, scenario_of

PEOPLE = 4096
MONTHS = 6
PAIRS = 16
WIDTH = 13.0
"""Standard errors allowed. |t| with 15 degrees of freedom is beyond 13 with a chance of 2e-9, and
fewer than 500 counts are compared: a false alarm is rarer than one in a million. The differences
are of one kind with themselves turned round, so lumpy counts make it rarer still."""

SUMS = (
    "acts", "acts_seen", "entries_by_label", "entries_lost", "strays", "department_load",
    "attempts", "refusals", "refused_people", "listed", "left", "listed_days", "silent_days",
    "known_by_notice", "known_by_refusal", "window_closed", "not_followed_up",
)  # fmt: skip
"""Counted over all the months."""

LEVELS = (
    "score_sum", "grades", "stock", "listed_persons", "aware_persons", "means_sum", "caution_sum",
    "silence_sum", "gaming_sum", "habit_sum", "trust_sum",
)  # fmt: skip
"""As they stand at the end."""

EXACT = ("persons", "scored")

Found = dict[str, Any]


def ours_and_mesas(scenario: str, seed: int) -> tuple[Found, Found]:
    """Give the totals of both models on the society of a seed; arrays [arm, ...]."""
    simulation = laid_out(scenario_of(PEOPLE, seed=seed, scenario=scenario))
    society = Society(simulation.plan, simulation.world, seed=seed)
    ours: list[Found] = []
    theirs: list[Found] = []
    for _ in range(MONTHS):
        counts = simulation.advance().counts
        society.step()
        arms = [one.arrays() for one in society.counts]
        ours.append({name: getattr(counts, name).sum(axis=1) for name in counts._fields})
        theirs.append({name: np.stack([arm[name] for arm in arms]) for name in counts._fields})
    return totals(ours), totals(theirs)


def totals(months: list[Found]) -> Found:
    """Sum what happens over the months and take what stands at the end."""
    found = {name: np.sum([month[name] for month in months], axis=0) for name in SUMS}
    found["effect"] = found["acts"] - found["acts"][:1]
    return found | {name: months[-1][name] for name in (*LEVELS, *EXACT)}


@pytest.fixture(scope="module", params=["as-told", "pellucid"])
def pairs(request: pytest.FixtureRequest) -> list[tuple[Found, Found]]:
    """The totals of both models on several societies.

    Pellucid has what the benchmark's scenario lacks: enterprises, several instruments, a grade by
    quantile, grounds that count, points that end.
    """
    return [ours_and_mesas(request.param, seed) for seed in range(1, PAIRS + 1)]


@pytest.mark.slow
def test_counts_agree_within_monte_carlo_error(pairs: list[tuple[Found, Found]]) -> None:
    """Acts, entries, listings, refusals, scores and levels have the same means in both models.

    The effect is by act type what the rules change, which common luck makes sharp.
    """
    for name in (*SUMS, *LEVELS, "effect"):
        ours = np.array([one[name] for one, _ in pairs], float)
        theirs = np.array([other[name] for _, other in pairs], float)
        if name in {"acts", "acts_seen", "strays", "listed", "left", "refusals", "attempts"}:
            ours, theirs = ours.sum(axis=2, keepdims=True), theirs.sum(axis=2, keepdims=True)
        apart = ours - theirs
        error = apart.std(axis=0, ddof=1) / PAIRS**0.5
        if name not in {"score_sum", *(level for level in LEVELS if level.endswith("_sum"))}:
            poisson = (abs(ours) + abs(theirs)).mean(axis=0).clip(min=1.0) / PAIRS
            error = np.maximum(error, poisson**0.5)
        beyond = np.abs(apart.mean(axis=0)) > WIDTH * error + 1e-9
        assert not beyond.any(), (name, ours.mean(axis=0), theirs.mean(axis=0), error)


TELLS_APART = {
    "acts": 0.05, "acts_seen": 0.1, "entries_by_label": 0.1, "caution_sum": 0.3, "gaming_sum": 0.1
}  # fmt: skip
"""Relative differences that would not pass. Caution moves in lumps, so it is told apart less."""


@pytest.mark.slow
def test_the_comparison_could_fail(pairs: list[tuple[Found, Found]]) -> None:
    """Acts, entries and levels of the policy arm are compared finely enough to mean something."""
    for name, share in TELLS_APART.items():
        ours = np.array([one[name][1].sum() for one, _ in pairs], float)
        theirs = np.array([other[name][1].sum() for _, other in pairs], float)
        error = (ours - theirs).std(ddof=1) / PAIRS**0.5
        assert WIDTH * error < share * ours.mean(), name


@pytest.mark.slow
def test_the_same_people_live_in_both(pairs: list[tuple[Found, Found]]) -> None:
    """Everybody is there, and everybody who has a score here has one there."""
    for ours, theirs in pairs:
        for name in EXACT:
            assert (ours[name].ravel() == theirs[name].ravel()).all(), name
