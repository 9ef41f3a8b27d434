"""A path is shorter and goes through the same places."""

from __future__ import annotations

import pytest

from glasshouse.report.figures.paths import shorter


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("M 1 2 L 3 2 L 3 5 L 4.5 6.1 z", "M1 2h2v3l1.5 1.1z"),
        ("M 1 2 L 3 2 L 5 2 L 5 2 L 5 1", "M1 2h4v-1"),
        ("M 0 0 L 3 0 L 1 0", "M0 0h3h-2"),
        ("M 0.5 0 C 0.5 1 1 2 3 -4", "M.5 0c0 1 .5 2 2.5-4"),
        ("M 1 1 L 2 2 z M 5 5 L 5 5", "M1 1l1 1zM5 5h0"),
        ("M 1 1 A 2 2 0 0 1 3 3", "M 1 1 A 2 2 0 0 1 3 3"),
    ],
)
def test_steps_are_relative_and_straight_lines_one(given: str, told: str) -> None:
    """Level and upright lines go in one, a line back stays, a point stays, an arc is left alone."""
    assert shorter(given) == told
