"""The steps of a run are kept exactly and take the room of what is not zero."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from glasshouse.archive.history import StepKept, Thin, read_steps, write_steps


def steps(number: int) -> list[StepKept]:
    """Give steps with few counts in large arrays, one of them empty."""
    generator = np.random.default_rng(3)
    found = []
    for step in range(number):
        weeks = np.zeros((2, 31, 4000), np.int64)
        weeks[generator.integers(2, size=5), 30, generator.integers(4000, size=5)] = 2**40 + step
        counts = Thin.of({"spells_open": weeks, "none": np.zeros((2, 31, 1), np.int64)})
        decided = {"grade_cut": np.full(3, step, np.int16)}
        found.append(StepKept(step, 30 * step, 30 * step + 30, counts, decided))
    return found


def test_counts_come_back_as_they_were(tmp_path: Path) -> None:
    """Written and read again, every array has its shape and every cell its value."""
    written = steps(4)
    write_steps(tmp_path / "steps.npz", written)
    again = read_steps(tmp_path / "steps.npz")
    for one, other in zip(written, again, strict=True):
        assert one[:3] == other[:3]
        assert list(one.counts) == list(other.counts)
        for name in one.counts:
            assert other.counts[name].dtype == np.int64
            assert np.array_equal(one.counts[name], other.counts[name])
        assert np.array_equal(one.institutions["grade_cut"], other.institutions["grade_cut"])


def test_what_is_zero_takes_no_room(tmp_path: Path) -> None:
    """Cells by week of a long run are nearly all zero; neither memory nor disk holds them."""
    some = steps(50)
    assert sum(step.counts.nbytes for step in some) < 50 * 200
    write_steps(tmp_path / "steps.npz", some)
    assert (tmp_path / "steps.npz").stat().st_size < 50_000
