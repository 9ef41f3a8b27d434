"""Levels that rise with what is known and fade with time, and the factors that they give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.stages.response.response_kernel import (
    chilled_factor,
    deterred_factor,
    faded,
    habit_after,
    raised,
    rising_factor,
)

level = st.integers(0, 65_535)


@given(level, level)
def test_levels_stay_levels(now: int, share: int) -> None:
    """Fading ends at nothing, rising ends at the whole, neither overshoots."""
    assert 0 <= faded(now, share) <= now
    assert now <= raised(now, share) <= 65_535
    assert faded(now, 0) == raised(now, 0) == now
    assert share == 0 or now == 0 or faded(now, share) < now


@given(level, level, level, level)
def test_habit_follows_caution_up_and_fades_down(
    habit: int, caution: int, forms: int, fades: int
) -> None:
    """It never passes the caution that forms it."""
    after = habit_after(habit, caution, forms, fades)
    if caution > habit:
        assert habit <= after <= caution
    else:
        assert after == faded(habit, fades)


@given(level, level, level, level, level)
def test_more_fear_never_means_more_acts(
    caution: int, habit: int, deterrence: int, keeps: int, more: int
) -> None:
    """The larger of fear's and habit's reduction holds, and nothing is reduced without either."""
    factor = deterred_factor(caution, habit, deterrence, keeps)
    assert 0 <= factor <= 65_535
    assert deterred_factor(max(caution, more), habit, deterrence, keeps) <= factor
    assert deterred_factor(caution, max(habit, more), deterrence, keeps) <= factor
    assert deterred_factor(0, 0, deterrence, keeps) == 65_535
    assert deterred_factor(caution, habit, 0, 0) == 65_535


@given(level, level, level)
def test_more_silence_never_means_more_speech(silence: int, chilling: int, more: int) -> None:
    """And no silence leaves all."""
    assert chilled_factor(max(silence, more), chilling) <= chilled_factor(silence, chilling)
    assert chilled_factor(0, chilling) == 65_535


@given(level, level, level)
def test_a_rising_factor_goes_from_base_to_top(now: int, one: int, two: int) -> None:
    """At no level the base, at the whole level within one of the top."""
    base, top = sorted((one, two))
    assert base <= rising_factor(now, base, top) <= top
    assert rising_factor(0, base, top) == base
    assert top - 1 <= rising_factor(65_535, base, top)
