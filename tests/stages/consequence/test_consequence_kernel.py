"""Attempts at counters, repeated tries, means."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.engine.plan.exact import geometric_thresholds
from glasshouse.stages.consequence.consequence_kernel import (
    RETRY_STEPS,
    attempt_day,
    means_after,
    retries,
)

level = st.integers(0, 65_535)
word = st.integers(0, 2**32 - 1)


@given(word, st.integers(0, 2**32), st.integers(28, 31))
def test_an_attempt_falls_on_a_day_of_the_month_or_on_none(
    luck: int, hazard: int, days: int
) -> None:
    """Later in the month with a larger word; none at or above the hazard."""
    found = attempt_day(luck, hazard, days)
    assert (found == -1) == (luck >= hazard)
    assert -1 <= found < days


@given(word, st.sampled_from([0.0, 0.2, 2.5, 9.0]))
def test_tries_are_the_counter_s_own(luck: int, mean: float) -> None:
    """Each counter reads its own thresholds; none where the mean is none."""
    table = [2**32] * RETRY_STEPS + geometric_thresholds(mean, RETRY_STEPS)
    assert retries(luck, table, 0) == 0
    assert 0 <= retries(luck, table, 1) <= RETRY_STEPS
    assert mean > 0 or retries(luck, table, 1) == 0


@given(level, level, st.integers(0, 200_000), level)
def test_means_fall_by_what_is_lost_and_come_back_towards_the_start(
    means: int, start: int, lost: int, recovers: int
) -> None:
    """Never below nothing, never recovering beyond the start; means above it stay."""
    left = max(means - lost, 0)
    after = means_after(means, start, lost, recovers)
    assert left <= after <= max(start, left)
    assert 0 <= after <= 65_535
    if recovers and left < start:
        assert after > left
