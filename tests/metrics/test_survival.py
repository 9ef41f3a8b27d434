"""How long things last, against tables worked by hand and a hazard that is known."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.metrics.survival import (
    DAYS_A_YEAR,
    half_life_days,
    hazard_a_year,
    km_median,
    staying,
)

weeks = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=30)


def test_a_table_worked_by_hand() -> None:
    """At risk 10, 8, 5, 2: staying 8/10, then times 7/8, then times 2/5, then nobody leaves."""
    found = staying([2, 1, 3, 0], [0, 2, 0, 2])
    assert np.allclose(found, [0.8, 0.7, 0.28, 0.28])
    assert km_median([2, 1, 3, 0], [0, 2, 0, 2]) == 2


def test_nothing_is_known_of_nothing() -> None:
    """Without one that ended or is open there is neither a share nor a median."""
    assert np.isnan(staying([0, 0], [0, 0])).all()
    assert math.isnan(km_median([0, 0], [0, 0]))


def test_a_median_in_the_last_week_is_not_known() -> None:
    """The last week holds all that is longer."""
    assert math.isnan(km_median([1, 0, 9], [0, 0, 0]))
    assert km_median([5, 0, 5], [0, 0, 0]) == 0


def test_several_tables_at_once_are_each_alone() -> None:
    """The axes before the weeks are other groups."""
    ended, opened = np.array([[2, 1, 3, 0], [0, 0, 0, 0]]), np.array([[0, 2, 0, 2], [4, 0, 0, 0]])
    both = staying(ended, opened)
    assert np.array_equal(both[0], staying(ended[0], opened[0]))
    assert np.array_equal(both[1], [1, 1, 1, 1])
    assert np.array_equal(km_median(ended, opened), [2, np.nan], equal_nan=True)


@given(weeks)
def test_a_share_falls_and_stays_a_share(table: list[tuple[int, int]]) -> None:
    """Nobody comes back, whatever the table."""
    found = staying([off for off, _ in table], [still for _, still in table])
    if sum(map(sum, table)):
        assert (np.diff(found) <= 0).all()
        assert (found >= 0).all()
        assert (found <= 1).all()


def test_who_leaves_at_a_constant_hazard_has_the_half_life() -> None:
    """A geometric exit of p a week: half are off after ln 2 / -ln(1 - p) weeks, and the rate per
    week at risk is p.
    """
    p, many = 0.04, 400
    alive = 1e9 * (1 - p) ** np.arange(many)
    ended = alive * p
    opened = np.zeros(many)
    opened[-1] = alive[-1] * (1 - p)
    assert km_median(ended, opened) == math.ceil(math.log(0.5) / math.log(1 - p)) - 1
    # Each week at risk is seven days; those who leave are at risk in the week they leave in.
    hazard = hazard_a_year(ended.sum(), alive.sum() * 7)
    assert np.isclose(hazard, p * DAYS_A_YEAR / 7)
    assert np.isclose(half_life_days(hazard), math.log(2) / p * 7)


def test_nobody_leaves_and_nobody_is_there() -> None:
    """Without an exit the half-life is endless; without a day there is no hazard."""
    assert hazard_a_year(0, 365.25) == 0
    assert half_life_days(0.0) == math.inf
    assert math.isnan(hazard_a_year(0, 0))
    assert math.isnan(half_life_days(hazard_a_year(0, 0)))
