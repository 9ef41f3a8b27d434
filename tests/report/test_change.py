"""How conduct moved, and how sure that is."""

from __future__ import annotations

import pytest

from glasshouse.report.change import change


def test_a_change_is_in_percent_of_the_baseline() -> None:
    """Sixty for a hundred is a fall by forty percent."""
    moved = change([100], [60])
    assert moved.percent == pytest.approx(-40)
    assert moved.error_percent is None
    assert moved.words() == "fell by 40 %"


def test_without_a_baseline_there_is_no_percent() -> None:
    """What the baseline does not have cannot be compared."""
    assert change([0, 0], [3, 0]).percent is None
    assert "cannot be compared" in change([0], [3]).words()


def test_the_same_everywhere_has_no_error() -> None:
    """Where every province moves alike the jackknife finds no error."""
    moved = change([100, 200, 300, 400, 500], [90, 180, 270, 360, 450])
    assert moved.percent == pytest.approx(-10)
    assert moved.error_percent == pytest.approx(0, abs=1e-9)
    assert moved.words().startswith("fell by 10 %")


def test_provinces_of_one_size_give_the_textbook_error() -> None:
    """With equal baselines the jackknife is the standard error of a mean."""
    moved = change([100] * 5, [100, 102, 104, 106, 108])
    # The variance of 0, 2, 4, 6, 8 is 10; divided by five it is 2.
    assert moved.error_percent == pytest.approx(2**0.5)


def test_less_than_two_errors_is_hardly_a_move() -> None:
    """A change within two standard errors is said to be none that is known."""
    assert change([100] * 5, [90, 112, 95, 108, 96]).words() == "hardly moved (+0.2 %, ± 4)"
    assert change([7, 8], [7, 8]).words() == "did not change"


def test_at_the_size_of_a_country_a_few_acts_are_no_change() -> None:
    """Ten acts more of a thousand million are counted and not told; an error that small has none
    of its digits either.
    """
    country = [200_000_000] * 5
    slight = change(country, [200_000_002] * 5)
    assert slight.percent == pytest.approx(1e-6)
    assert slight.words() == "did not change by as much as 0.01 %"
    assert change([10**9], [10**9 + 1]).words() == "did not change by as much as 0.01 %"
    sure = change(country, [206_000_000 + n for n in range(5)])
    assert sure.words() == "rose by 3.0 % (± less than 0.01)"
