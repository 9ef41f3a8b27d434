"""Levels that rise with what is known and fade with time, and the factors that they give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.stages.response.response_kernel import (
    HALF_TRUST,
    approval_level,
    chilled_factor,
    deterred_factor,
    faded,
    felt_entries,
    habit_after,
    lowered_by_distrust,
    raised,
    raised_by_distrust,
    raised_towards,
    rewarded_factor,
    rising_factor,
    strangers_after,
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


@given(st.integers(0, 255), st.integers(0, 50_000), st.integers(1, 20_000))
def test_certainty_counts_entries_and_severity_counts_points(
    entries: int, lost: int, severe: int
) -> None:
    """At weight 0 the number alone, at weight 1 the points alone; aversion 1 doubles either."""
    assert felt_entries(entries, lost, 0, severe, 0) == entries << 16
    by_points = felt_entries(entries, lost, 65_536, severe, 0)
    assert by_points == (min(lost, 64 * severe) << 16) // severe
    assert felt_entries(entries, lost, 65_536, severe, 65_536) == 2 * by_points


@given(level, level, level, level, level)
def test_crowding_takes_from_what_is_done_for_its_own_sake_alone(
    gaming: int, crowded: int, crowding: int, one: int, two: int
) -> None:
    """Without crowding the factor rises as before; with it the part done for points stays."""
    base, top = sorted((one, two))
    plain = rewarded_factor(gaming, 0, crowding, base, top)
    assert plain == rising_factor(gaming, base, top)
    less = rewarded_factor(gaming, crowded, crowding, base, top)
    assert plain - base <= less <= plain


@given(level, level, level)
def test_distrust_moves_nothing_where_trust_is_whole(amount: int, trust: int, moves: int) -> None:
    """And otherwise lowers or raises by no more than the set share."""
    assert lowered_by_distrust(amount, 65_535, moves) == amount
    assert raised_by_distrust(amount, 65_535, moves) == amount
    assert (
        amount - (amount * moves >> 16) - 1 <= lowered_by_distrust(amount, trust, moves) <= amount
    )
    assert amount <= raised_by_distrust(amount, trust, moves) <= amount + (amount * moves >> 16)


@given(level, level, level, level)
def test_trust_in_strangers_stays_a_level_and_comes_back(
    now: int, fall: int, rise: int, recovers: int
) -> None:
    """Breaches lower it, records raise it, and with neither it comes nearer to where it began."""
    assert 0 <= strangers_after(now, fall, rise, recovers) <= 65_535
    assert strangers_after(now, fall, 0, 0) <= now <= strangers_after(now, 0, rise, 0)
    alone = strangers_after(now, 0, 0, recovers)
    assert abs(alone - HALF_TRUST) <= abs(now - HALF_TRUST)


@given(level, level, level, level, level)
def test_approval_falls_with_distrust_with_being_hit_and_with_knowing(
    base: int, trust: int, moves: int, lost: int, lowers: int
) -> None:
    """Each alone lowers it, by no more than it says."""
    plain = approval_level(base, 65_535, moves, 0, lost, 0, lowers)
    assert plain == base
    assert approval_level(base, trust, moves, 0, lost, 0, lowers) <= base
    assert approval_level(base, 65_535, moves, 1, lost, 0, lowers) == base - (base * lost >> 16)
    assert approval_level(base, 65_535, moves, 0, lost, 1, lowers) == max(base - lowers, 0)


@given(level, level, st.integers(0, 300_000))
def test_an_example_never_lowers_nor_overshoots(now: int, top: int, gain: int) -> None:
    """The factor stays between where it was and the most that acting for points reaches."""
    assert now <= raised_towards(now, top, gain) <= max(now, top)
