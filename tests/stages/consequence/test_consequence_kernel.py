"""Attempts at counters, repeated tries, means."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.engine.plan.exact import geometric_thresholds
from glasshouse.stages.consequence.consequence_kernel import (
    N_LAGS,
    RETRY_STEPS,
    attempt_day,
    days_of_lag,
    days_stranded,
    factor_without,
    means_after,
    means_of,
    retries,
    taken_up,
    turns_waited,
)
from glasshouse.state.counts import LAGS_DAYS

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


@given(st.integers(0, 500), st.integers(1, 60), st.data())
def test_every_place_jumped_is_one_turn_waited(
    places: int, waiting: int, data: st.DataObject
) -> None:
    """The turns add up to the places, and nobody waits two turns more than another."""
    first = data.draw(st.integers(0, waiting - 1))
    turns = [turns_waited(places, waiting, rank, first) for rank in range(waiting)]
    assert sum(turns) == places
    assert max(turns) - min(turns) <= 1


@given(st.integers(0, 65535), st.integers(0, 65535), st.booleans())
def test_a_closed_counter_loses_an_act_and_forces_an_omission(
    factor: int, without: int, omits: bool
) -> None:
    """Within the envelope; an open counter changes nothing, a whole loss leaves nearly nothing."""
    assert factor_without(factor, 0, without, omits) == factor
    changed = factor_without(factor, 1, without, omits)
    assert 0 <= changed <= 65535
    assert changed >= factor if omits else changed <= factor
    assert factor_without(factor, 1, 65535, 0) <= 1
    assert factor_without(factor, 1, 65535, 1) >= 65534


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_yuan_are_a_share_of_full_means_or_nothing(yuan: int, full: int) -> None:
    """All of them at most; nothing where yuan are not set against means."""
    taken = means_of(yuan, full)
    assert 0 <= taken <= 65535
    assert taken == 0 or full > 0
    assert full == 0 or taken == 65535 or taken == yuan * 65535 // full


@given(st.integers(0, 2**32 - 1), st.integers(0, 27))
def test_days_away_begin_with_one(word: int, span: int) -> None:
    """From 1 to the span."""
    assert 1 <= days_stranded(word, span) <= max(span, 1)


@given(st.integers(0, 2**32), st.integers(0, 2**32), st.integers(0, 1200))
def test_take_up_rises_to_all(at_first: int, rises: int, months: int) -> None:
    """It never falls, and ends at every provider."""
    now = taken_up(at_first, rises, months)
    assert at_first <= now <= taken_up(at_first, rises, months + 1) <= 2**32


def test_lags_are_those_of_the_count() -> None:
    """Copies are looked at after as many days as the registry of counts says."""
    assert tuple(days_of_lag(lag) for lag in range(N_LAGS)) == LAGS_DAYS == (3, 30, 180)
