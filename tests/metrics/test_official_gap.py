"""The gap of office, in closed form."""

from __future__ import annotations

import math

from glasshouse.metrics.official_gap import official_gap


def test_the_gap_is_a_ratio_of_shares() -> None:
    """Half of the ordinary's acts punished against a tenth of the exempt's is a gap of five."""
    assert official_gap([10, 10, 20], [4, 6, 2], [False, False, True]) == 5.0


def test_office_never_punished_is_an_infinite_gap() -> None:
    """And where nobody did anything there is no gap to speak of."""
    assert official_gap([10, 10], [5, 0], [False, True]) == math.inf
    assert math.isnan(official_gap([0, 10], [0, 0], [False, True]))
    assert math.isnan(official_gap([10, 0], [5, 0], [False, True]))
