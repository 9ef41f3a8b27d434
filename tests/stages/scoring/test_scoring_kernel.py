"""Points of an entry, what ties cost, grades, and whose points brought a grade low."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.stages.scoring.scoring_kernel import (
    association_points,
    clamped,
    grade_of,
    label_of_shortfall,
    points_by_discretion,
    points_by_slope,
)

level = st.integers(0, 65_535)
word = st.integers(0, 2**32 - 1)
points = st.integers(-20_000, 20_000)


@given(points, st.integers(0, 40_000), level)
def test_discretion_stays_in_the_range(low: int, span: int, leaning: int) -> None:
    """The most severe officer gives the low end, the mildest the high end."""
    assert low <= points_by_discretion(low, span, leaning) <= low + span
    assert points_by_discretion(low, span, 0) == low
    assert points_by_discretion(low, span, 65_535) == low + span


@given(points, st.integers(0, 7), st.integers(0, 20_000), word)
def test_noise_stays_within_its_bounds(slope: int, eighth: int, noise: int, luck: int) -> None:
    """On both sides of slope x eighth, ends included."""
    base = slope * eighth
    assert base - noise <= points_by_slope(slope, eighth, noise, luck) <= base + noise
    assert points_by_slope(slope, eighth, noise, 0) == base - noise
    assert points_by_slope(slope, eighth, noise, 2**32 - 1) == base + noise


@given(st.integers(-64_000, 0), st.integers(0, 32), level)
def test_ties_never_help(shortfall: int, ties: int, share: int) -> None:
    """They cost at most their mean shortfall, nothing without one, no more with a smaller share."""
    lost = association_points(shortfall, ties, share)
    assert shortfall // max(ties, 1) <= lost <= 0
    assert association_points(0, ties, share) == 0
    assert lost <= association_points(shortfall, ties, share // 2)


@given(points, st.lists(points, min_size=1, max_size=15))
def test_a_grade_counts_the_cuts_reached(score: int, cuts: list[int]) -> None:
    """Never lower with a higher score."""
    rising = [-32_768, *sorted(cuts)]
    grade = grade_of(score, [7, *rising], 1, len(rising))
    assert grade == sum(score >= cut for cut in rising[1:])
    assert grade_of(score + 1, [7, *rising], 1, len(rising)) >= grade


@given(points, points, points)
def test_clamped_is_within(value: int, one: int, other: int) -> None:
    """And leaves alone what is."""
    low, high = sorted((one, other))
    assert low <= clamped(value, low, high) <= high
    assert clamped(value, low, high) == value or not low <= value <= high


@given(*[st.integers(-500, 100)] * 3, st.integers(1, 500), st.integers(-500, 0))
def test_the_label_is_the_first_sense_without_which_none_had_fallen(
    not_theirs: int, could_not: int, lawful: int, cut: int, rightly: int
) -> None:
    """Taking away the senses in order, the first that lifts the score over the cut names it."""
    score = rightly + not_theirs + could_not + lawful
    expected, taken = 0, 0
    for label, part in ((1, not_theirs), (2, could_not), (3, lawful)):
        taken += part
        if score - taken >= cut and expected == 0:
            expected = label
    assert label_of_shortfall(score, cut, not_theirs, could_not, lawful) == expected
