"""Wrongly listed, on paper."""

from __future__ import annotations

import numpy as np
import pytest

from glasshouse.metrics.wrongful import nothing_to_fear, share_that_could_not


def test_the_published_share_that_cannot_pay() -> None:
    """At 43 per cent unable a test right nine times in ten still lists 7.7 per cent wrongly."""
    assert share_that_could_not(0.43, 0.9, 0.9) == pytest.approx(0.0773, abs=5e-4)
    assert share_that_could_not(0.43, 0.9, 0.8) == pytest.approx(0.1436, abs=5e-4)


def test_the_ends() -> None:
    """A perfect test lists nobody wrongly; without a test the share is that of the grounds."""
    assert share_that_could_not(0.43, 1.0, 1.0) == 0
    assert share_that_could_not(0.43, 1.0, 0.0) == 0.43
    assert share_that_could_not(0.0, 0.0, 1.0) == 0


def test_only_those_without_a_culpable_act_are_counted() -> None:
    """Enterprises and those who did something are left out."""
    found = nothing_to_fear(
        np.array([1, 1, 1, 0]),
        np.array([0, 0, 2, 0]),
        np.array([9, 0, 9, 9]),
        np.array([1, 0, 1, 1]),
    )
    assert found == (2, 1, 1)
    assert found.listed_share == found.refused_share == 0.5
