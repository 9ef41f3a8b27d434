"""Twins: arms of one run that differ by one switch, over the same people, acts and luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.engine.conftest import SIGMAS, Lab, compiled, lab

from glasshouse.engine.simulation import Simulation

__all__ = ["Twins", "compiled", "lab", "twins"]


class Twins:
    """Compares two arms of a run, community by community.

    Communities touch one another through counts alone, so that their paired differences show the
    Monte Carlo error of the effect by themselves.
    """

    def __init__(self, run: Simulation, off: str = "off", on: str = "on") -> None:
        """Name the arm without the mechanism and the arm with it."""
        self.run, self.off, self.on = run, off, on

    def read(self, column: str, arm: str) -> Any:
        """Give a column of an arm, of the outcome or the state: [community, inner axes, slot]."""
        world, number = self.run.world, self.run.plan.names.arms.index(arm)
        group = world.outcome if column in world.outcome._fields else world.state
        return getattr(group, column)[:, number].astype(np.int64)

    def by_community(self, column: str, arm: str, place: int | None = None) -> Any:
        """Give a column's sum by community; ``place`` picks one of an inner axis."""
        values = self.read(column, arm)
        values = values if place is None else values[:, place]
        return values.reshape(len(values), -1).sum(axis=1)

    def count(self, name: str, arm: str) -> Any:
        """Give a count of an arm over all steps and provinces."""
        return Lab.count(self.run, name, self.run.plan.names.arms.index(arm))

    def moved(self, column: str, place: int | None = None) -> tuple[float, float]:
        """Give what the switch adds to a column a community, and the Monte Carlo error of that."""
        rest = self.by_community(column, self.on, place) - self.by_community(
            column, self.off, place
        )
        return float(rest.mean()), float(rest.std(ddof=1) / len(rest) ** 0.5)

    def assert_rises(self, column: str, place: int | None = None, by: float = 0.0) -> None:
        """Assert that the switch raises a column by more than ``by`` and than chance can."""
        mean, error = self.moved(column, place)
        assert mean - by > SIGMAS * error > 0, (column, mean, error)

    def assert_falls(self, column: str, place: int | None = None, by: float = 0.0) -> None:
        """Assert that the switch lowers a column by more than ``by`` and than chance can."""
        mean, error = self.moved(column, place)
        assert -mean - by > SIGMAS * error > 0, (column, mean, error)

    def assert_same(self, *columns: str) -> None:
        """Assert that the switch leaves columns alone, person by person."""
        for column in columns:
            assert np.array_equal(self.read(column, self.off), self.read(column, self.on)), column


@pytest.fixture(scope="session")
def twins() -> type[Twins]:
    """The comparison of two arms."""
    return Twins
