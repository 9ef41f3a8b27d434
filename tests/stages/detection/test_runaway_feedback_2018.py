"""An urn of records: what a day adds, and to which place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glasshouse.stages.detection.runaway_feedback_2018 import Urn, chances, shares


def test_what_a_day_adds_is_share_times_rate() -> None:
    """Places are visited by their share and discover by their rate."""
    here, there = chances(Urn((3, 1), (0.5, 0.25)), np.array([0.75]))
    assert (here[0], there[0]) == (0.375, 0.0625)


def test_with_the_correction_the_shares_cancel() -> None:
    """Whatever the share is, the two places are added to in the ratio of their rates."""
    here, there = chances(Urn((1, 1), (0.3, 0.1), 1.0, True), np.linspace(0.01, 0.99, 9))
    assert np.allclose(here / there, 3)


@pytest.mark.parametrize(("luck", "ends"), [(0.0, 5 / 6), (0.999999, 3 / 6)])
def test_each_addition_is_a_discovery_at_one_place(luck: float, ends: float) -> None:
    """The least luck always finds at the first place, the greatest at the other."""
    found = shares(Urn((3, 1), (1, 1)), (0, 2), 1, lambda _: np.array([luck]))
    assert found[:, 0].tolist() == [0.75, ends]


def test_replicates_do_not_touch_one_another() -> None:
    """A replicate goes the same way among others as alone."""
    drawn = np.random.default_rng(1).random((50, 4))

    def alone(at: int) -> Any:
        return shares(Urn((1, 1), (2, 1)), (10, 50), 1, lambda n: drawn[n, at : at + 1])[:, 0]

    together = shares(Urn((1, 1), (2, 1)), (10, 50), 4, lambda n: drawn[n])
    for at in range(4):
        assert np.array_equal(together[:, at], alone(at))
