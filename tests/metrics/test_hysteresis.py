"""The shipped scenario in which a rule comes and ends, at a small size."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import pytest

import glasshouse as gh

if TYPE_CHECKING:
    from glasshouse import Run

SEEDS = 5
TIGHTENED, LOOSENED, LAPSED, ENDED = 48, 60, 96, 120
"""Months: a year of the strict rules, three more in which their points stand, and the rest."""


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    """The scenario under a few seeds."""
    size = {"community_size": 256}
    return [gh.run("tightened-and-loosened", people=768, set=size, seed=seed, threads=1)
            for seed in range(1, SEEDS + 1)]  # fmt: skip


@functools.cache
def below(run: Run) -> np.ndarray:
    """By how much the mean score of the strict arm lies below that of the mild one, by month."""
    counts = run.counts().to_pandas().groupby(["arm", "count", "step"])["value"].sum()
    mild, strict = (
        (counts[arm]["score_sum"] / counts[arm]["scored"]).to_numpy()
        for arm in ("mild", "strict-for-a-year")
    )
    return np.asarray(mild - strict)


@functools.cache
def told(run: Run) -> dict[str, float]:
    """What the metric says of the strict arm, by part."""
    found = run.metrics(["hysteresis_point_years"]).to_pandas()
    of_arm = found[found["arm"] == "strict-for-a-year"]
    return dict(zip(of_arm["part"], of_arm["value"], strict=True))


def test_a_rule_shows_on_no_earlier_day_and_its_points_lapse(runs: list[Run]) -> None:
    """Up to the day both arms are one; then the strict one lies below until its points lapse."""
    counts = runs[0].counts().to_pandas()
    table = counts[counts["arm"] != "nothing"].groupby(["step", "count", "arm"])["value"].sum()
    by_arm = table.unstack("arm", fill_value=0)
    before = by_arm[by_arm.index.get_level_values("step") < TIGHTENED]
    assert (before["mild"] == before["strict-for-a-year"]).all()
    assert before["mild"].sum() > 0
    missing = below(runs[0])
    assert missing[LOOSENED] > 1 > 10 * abs(missing[LAPSED:]).max()


def test_what_is_lasting_is_measured_against_the_arm_that_never_tightened(runs: list[Run]) -> None:
    """The metric is the mean of what the counts by month say, up to the lengths of months; the
    society's own rise, which is larger and has the other sign, is not in it.
    """
    for run in runs:
        found, missing = told(run), below(run)[LOOSENED:]
        assert found["a year"] == pytest.approx(missing.mean(), rel=0.01)
        assert found["area"] == pytest.approx(found["a year"] * 5, rel=0.001)
    lasting, since = (
        np.array([told(run)[part] for run in runs]) for part in ("a year", "since before")
    )
    errors = [each.std(ddof=1) / SEEDS**0.5 for each in (lasting, since)]
    assert lasting.mean() > 10 * errors[0]
    assert since.mean() < -3 * errors[1]


def test_what_is_lasting_is_as_large_as_the_points_that_still_stand(runs: list[Run]) -> None:
    """Three of the five years behind the loosening the points of the strict year stand, and then
    they lapse: so it is three fifths of what was missing on that day, but for what fear leaves in
    conduct, within three of its own errors over seeds and a tenth.
    """
    lasting = np.array([told(run)["a year"] for run in runs])
    missing = np.array([below(run)[LOOSENED] for run in runs])
    expected = missing.mean() * (LAPSED - LOOSENED) / (ENDED - LOOSENED)
    error = lasting.std(ddof=1) / SEEDS**0.5
    assert error < 0.05 * expected
    assert abs(lasting.mean() - expected) < min(3 * error, 0.1 * expected)
