"""What scores say of people, what is done for points, what is said aloud."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from tests.metrics.societies import parts, people, seen, values

from glasshouse.metrics.appearance import (
    ANCHORS,
    METRICS,
    approval_beside_surveys,
    approval_share,
    gaming_deadweight,
    gaming_share,
    goodhart,
)
from glasshouse.metrics.observed import Instrument

SCORE = (Instrument("city", ("low", "top")), Instrument("firms", ("low",), "enterprise"))


def test_a_score_of_truth_plus_noise_flatters_by_the_closed_form() -> None:
    """Truth with the variance of noise in the score: a gap of 1.241 standard deviations, half of
    the score's gain, reliability one half; each within six standard errors of the run.
    """
    draws = np.random.default_rng(23)
    many = 20_000
    truth = draws.normal(0, 100, many).round()
    score = truth + draws.normal(0, 100, many).round()
    rows = people(many, score_points_city=score)
    twin = people(many, acts_praised=truth + 1000, acts_culpable=np.full(many, 1000))
    found = parts(goodhart, seen(rows, twin, instruments=SCORE))
    flattery = stats.norm.pdf(stats.norm.isf(0.1)) / 0.1
    expected = {
        "city: gap": flattery / math.sqrt(2),
        "city: share of the gain": 0.5,
        "city: reliability": 0.5,
    }
    assert set(found) == set(expected)
    assert expected["city: gap"] == pytest.approx(1.241, abs=5e-4)
    for part, value in expected.items():
        assert abs(found[part].value - value) < 6 * found[part].error
        assert found[part].groups == 64


def test_only_the_scored_are_looked_at() -> None:
    """Who has no score is no low scorer; an arm without a score of persons says so."""
    rows = people(4, score_points_city=[1.0, 2.0, 3.0, math.nan])
    twin = people(4, acts_praised=[1, 2, 3, 99])
    found = values(goodhart, seen(rows, twin, instruments=SCORE))
    assert found["city: gap"] == pytest.approx(0, abs=1e-9)
    assert "no score of persons" in parts(goodhart, seen(rows, twin))[""].why
    alike = people(3, score_points_city=[5.0] * 3)
    assert math.isnan(values(goodhart, seen(alike, people(3), instruments=SCORE))["city: gap"])


def test_gaming_by_hand() -> None:
    """Of 40 points gained 10 came of acts of no use; five such acts more than unscored, 20 yuan
    more paid, by ten people in a year.
    """
    counts = {
        "points_gained": [[[10, 5]], [[25, 0]]],
        "points_bought": [[[4, 0]], [[6, 0]]],
        "acts": [[[0, 0, 0, 9, 3, 0]], [[0, 0, 0, 9, 4, 0]]],
        "paid_yuan": [[50], [50]],
        "persons": [[10], [10]],
    }
    twin = {
        "acts": [[[0, 0, 0, 2, 1, 0]], [[0, 0, 0, 2, 1, 0]]],
        "paid_yuan": [[40], [40]],
    }
    arm = seen(counts=counts, twin_counts=twin)
    assert values(gaming_share, arm)[""] == pytest.approx(0.25)
    found = values(gaming_deadweight, arm)
    year = 365 / 365.25
    assert found == pytest.approx({"acts of no use": 0.5 / year, "paid yuan": 2 / year})
    none = seen(counts=counts | {"points_gained": [[[0, 0]]] * 2, "points_bought": [[[0, 0]]] * 2})
    assert "no entry gained" in parts(gaming_share, none)[""].why


def asked(*answers: tuple[int, int, int]) -> dict[str, object]:
    """Of so many asked in each step, how many approve and how many say so."""
    return {
        "asked": [[a] for a, _, _ in answers],
        "approves": [[h] for _, h, _ in answers],
        "approves_declared": [[d] for _, _, d in answers],
    }


def test_what_is_said_and_what_is_held() -> None:
    """Of ten asked at the end six approve and nine say so: three in ten conceal."""
    arm = seen(counts=asked((10, 8, 8), (10, 6, 9)))
    assert values(approval_share, arm) == pytest.approx(
        {"declared": 0.9, "held": 0.6, "concealed": 0.3}
    )
    assert values(approval_beside_surveys, arm) == pytest.approx({"first": 0.8, "last": 0.9})


def test_nobody_is_asked_unless_it_is_asked_for() -> None:
    """Then there is no approval, and certainly not an approval of nothing."""
    for metric in (approval_share, approval_beside_surveys):
        for found in parts(metric, seen(counts=asked((0, 0, 0), (0, 0, 0)))).values():
            assert math.isnan(found.value)
            assert "nobody was asked" in found.why


def test_surveys_stand_in_the_definition_and_test_nothing() -> None:
    """Every published figure is shown with its source, and no value of a run is made of one."""
    cited = {one.source for one in approval_beside_surveys.cite}
    for anchor in ANCHORS:
        assert anchor.figure in approval_beside_surveys.definition
        assert anchor.source in cited
    assert approval_beside_surveys.status == "hypothetical"


def test_without_rows_and_counts_every_metric_says_why() -> None:
    """Nothing fails and nothing is zero."""
    for metric in METRICS:
        for found in parts(metric, seen({}, {}, {}, {}, instruments=SCORE)).values():
            assert math.isnan(found.value)
            assert found.why
