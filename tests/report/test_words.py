"""Numbers in sentences: rounded to what is known, never more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.report.words import LEAST_MOVE, listing, number, of, rounded, share, way

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (0.0, 2, "0"),
        (12345.6, 2, "12,346"),
        (1.234, 2, "1.2"),
        (0.01234, 2, "0.012"),
        (9.96, 2, "10"),
        (0.0996, 2, "0.10"),
        (-3.14, 2, "-3.1"),
        (14118.0, 3, "14,118"),
    ],
)
def test_a_number_has_its_significant_digits(value: float, digits: int, said: str) -> None:
    """A number is rounded to so many significant digits, but never before its whole part."""
    assert rounded(value, digits) == said


@given(st.floats(min_value=1e-9, max_value=1e9))
def test_rounding_stays_near(value: float) -> None:
    """What is said is within a twentieth of what is so."""
    assert abs(float(rounded(value).replace(",", "")) - value) <= 0.051 * value


@pytest.mark.parametrize(
    ("change", "low", "high", "said"),
    [
        (0.0, NAN, NAN, "still"),
        (8.2e-9, NAN, NAN, "hardly"),
        (8.2e-9, 8.1e-9, 8.3e-9, "hardly"),
        (8.2e-9, -1e-9, 2e-8, "hardly"),
        (8.2e-9, -0.01, 0.01, "perhaps"),
        (0.02, -0.01, 0.05, "perhaps"),
        (-LEAST_MOVE, NAN, NAN, "down"),
        (0.02, 0.01, 0.03, "up"),
        (-0.02, -0.03, -0.01, "down"),
    ],
)
def test_what_is_no_change_worth_saying_is_not_told_as_one(
    change: float, low: float, high: float, said: str
) -> None:
    """A ten-thousandth of the baseline is the least; what an interval covers may be chance."""
    assert way(change, low, high) == said
    mirrored = {"up": "down", "down": "up"}.get(said, said)
    assert way(-change, -high, -low) == mirrored


def test_a_share_never_claims_nothing_or_everything() -> None:
    """0 % and 100 % are said only where they are exact; of nothing the share is unknown."""
    assert share(0, 10) == "0 %"
    assert share(10, 10) == "100 %"
    assert share(999_999, 1_000_000) == "more than 99 %"
    assert share(1, 1_000_000) == "less than 0.01 %"
    assert share(1, 3) == "33 %"
    assert share(0, 0) == "unknown"


def test_counts_agree_with_their_nouns() -> None:
    """One person, two people, no listing; thousands are marked."""
    assert of(1, "person", "people") == "1 person"
    assert of(2, "person", "people") == "2 people"
    assert of(0, "listing") == "no listings"
    assert number(1234567) == "1,234,567"
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b and c"
