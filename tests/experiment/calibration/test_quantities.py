"""What a run says for a published figure: cumulated, in force, or added in a window."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from glasshouse.experiment.calibration.quantities import (
    QUANTITIES,
    Quantity,
    Series,
    places_of,
    value_of,
)
from glasshouse.law.library import Library

JANUARY = dt.date(2015, 1, 1)


def series(*values: float) -> Series:
    """Give steps of ten days each."""
    return Series(np.arange(10.0, 10.0 * len(values) + 1, 10.0), np.array(values), JANUARY)


def test_a_sum_grows_evenly_inside_a_step() -> None:
    """Of 100 in the first ten days, half are counted at the end of the fifth."""
    one = series(100, 50)
    assert one.until(dt.date(2015, 1, 5)) == pytest.approx(50)
    assert one.until(dt.date(2015, 1, 10)) == pytest.approx(100)
    assert one.until(dt.date(2015, 1, 20)) == pytest.approx(150)
    assert one.until(dt.date(2014, 12, 31)) == 0


def test_a_stock_is_what_stands_at_the_end_of_a_day() -> None:
    """Between 100 at the end of one step and 50 at the next, 75 stand in the middle."""
    assert series(100, 50).at(dt.date(2015, 1, 15)) == pytest.approx(75)


def test_a_window_begins_on_its_first_day() -> None:
    """From the 11th on means what the second step of ten days brought."""
    window = Quantity("refusals", "refusals", "since", "flight", since=dt.date(2015, 1, 11))
    assert value_of(window, series(100, 50), dt.date(2015, 1, 20)) == pytest.approx(50)


def test_a_year_is_the_twelve_months_before_a_day() -> None:
    """What was added in the year to a day is the sum to it less the sum to that day a year ago."""
    steps = Series(np.array([365.0, 730.0]), np.array([10.0, 30.0]), JANUARY)
    a_year = Quantity("listed", "entries", "in the year", "court/")
    # The day before the 30th a year earlier is the 364th of 365 in which 10 were added evenly.
    assert value_of(a_year, steps, dt.date(2016, 12, 30)) == pytest.approx(30 + 10 / 365)


def test_cells_are_chosen_by_both_names() -> None:
    """A list of the court's and one reason, of two lists and two reasons, is one cell in four."""
    performed = Quantity("left", "entries", "so far", "court/", "performed")
    names = ("court/able", "rail/ticket"), ("expired", "performed")
    assert places_of(performed, *names).tolist() == [False, True, False, False]
    assert places_of(performed, names[0], None).tolist() == [True, False]


def test_no_quantity_calls_a_figure_what_it_is_not() -> None:
    """Every quantity has the unit of the published figure it stands for."""
    published = {one.figure: one.unit for one in Library().published()}
    for figure, quantity in QUANTITIES.items():
        assert quantity.unit == published[figure], figure
