"""How long a listing lasts, with those who are still listed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.report.spells import spell

weeks = st.lists(st.integers(0, 50), min_size=2, max_size=40)


def test_without_open_listings_it_is_the_median() -> None:
    """Where everybody is off, half are off in the week of the middle one."""
    found = spell([1, 1, 3, 0, 2, 0], [0] * 6)
    assert found.listings == 7
    assert found.median_from_days == 14
    assert found.median_days == 17.5


def test_open_listings_count_as_long_as_they_were_seen() -> None:
    """The estimate is that of Kaplan and Meier, worked by hand."""
    # At risk 10, 8, 5: staying 0.8, then 0.8 * 7/8 = 0.7, then 0.7 * 2/5 = 0.28.
    found = spell([2, 1, 3, 0], [0, 2, 0, 2])
    assert found.median_from_days == 14
    assert found.off_share is not None
    assert abs(found.off_share - 0.72) < 1e-12


def test_a_median_that_was_not_reached_is_not_given() -> None:
    """Where more than half stay to the end there is no median, and the share that is off is."""
    found = spell([1, 0, 0], [0, 0, 9])
    assert found.median_from_days is None
    assert found.off_share is not None
    assert abs(found.off_share - 0.1) < 1e-12
    assert found.longest_days == 14


def test_nothing_is_known_of_no_listing() -> None:
    """Without a listing nothing is said."""
    assert spell([0, 0], [0, 0]).off_share is None


def test_exactly_half_is_a_median() -> None:
    """Half off means half off, whatever the last bits of a product are."""
    assert spell([1, 0], [0, 1]).median_from_days == 0
    assert spell([1, 1, 1, 0], [0, 0, 0, 3]).median_from_days == 14


@given(weeks)
def test_it_agrees_with_counting(ended: list[int]) -> None:
    """Without open listings half or more are off by the end of the median's week, not before."""
    ended = [*ended, 0]
    found = spell(ended, [0] * len(ended))
    if not sum(ended):
        return
    assert found.median_from_days is not None
    week = found.median_from_days // 7
    assert 2 * sum(ended[: week + 1]) >= sum(ended)
    assert 2 * sum(ended[:week]) < sum(ended)
