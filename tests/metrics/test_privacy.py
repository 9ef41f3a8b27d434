"""What is shown of the listed, and whom it can only mean."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.metrics.societies import parts, people, seen, values

from glasshouse.metrics.exposure import expected_share_unique
from glasshouse.metrics.privacy import (
    METRICS,
    breach_per_thousand,
    exposed_days_a_person_year,
    unique_share,
)


def test_exposed_days_by_what_is_shown() -> None:
    """Ten people, a year: 20 days under a name, 5 on a map, none under a mask."""
    counts = {"exposed_days": [[[20, 0, 5]], [[0, 0, 0]]], "persons": [[10], [10]]}
    axes = {"display": ("name", "masked", "map")}
    found = values(exposed_days_a_person_year, seen(counts=counts, axes=axes))
    year = 365 / 365.25
    assert found == pytest.approx(
        {"all": 2.5 / year, "name": 2 / year, "masked": 0, "map": 0.5 / year}
    )


def test_the_unique_by_hand() -> None:
    """Two men of thirty hide each other from a mask and not from a map; the woman is alone."""
    rows = people(3, sex=[0, 0, 1], community=[1, 2, 2], listed_days_rightly=[5, 0, 0])
    found = values(unique_share, seen(rows))
    assert found["province, of all"] == 0
    assert found["masked, of all"] == pytest.approx(1 / 3)
    assert found["masked, of the listed"] == 0
    assert found["map, of all"] == found["map, of the listed"] == 1


def test_nobody_listed_everybody_alike_one_person() -> None:
    """The limits: no listed is no share of them; the alike hide; one alone is always known."""
    alike = values(unique_share, seen(people(5, community=[1] * 5)))
    assert alike["map, of all"] == 0
    assert math.isnan(alike["map, of the listed"])
    assert values(unique_share, seen(people(1)))["province, of all"] == 1


def test_at_full_size_it_is_the_closed_form() -> None:
    """Tokens of 1/2, 1/4 and 1/4 among a hundred persons: the sum of p (1 - p) to the 99th."""
    rows = people(4, sex=[0, 0, 1, 1], age_years=[30, 30, 30, 40])
    found = parts(unique_share, seen(rows, stands_for=25.0))["masked, at full size"]
    assert found.value == pytest.approx(expected_share_unique(100, [0.5, 0.25, 0.25]))
    assert found.value == pytest.approx(0.5**100 + 2 * 0.25 * 0.75**99)
    assert math.isnan(values(unique_share, seen(rows))["masked, at full size"])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.booleans()), min_size=1))
def test_more_shown_is_no_fewer_known(attributes: list[tuple[int, int, bool]]) -> None:
    """Shares, growing with what is shown, and the same whoever comes first."""
    community, age, sex = np.array(attributes, int).T
    rows = people(len(attributes), community=community, age_years=age, sex=sex)
    found = values(unique_share, seen(rows))
    some = [found[f"{level}, of all"] for level in ("province", "masked", "map")]
    assert some == sorted(some)
    assert 0 <= some[0] <= some[-1] <= 1
    back = {name: column[::-1] for name, column in rows.items()}
    assert values(unique_share, seen(back)) == pytest.approx(found, nan_ok=True)


def test_a_breach_by_hand() -> None:
    """Of two hundred people three files with twelve entries were read, and one score changed."""
    counts = {
        "people_exposed": [[3], [0]],
        "records_breached": [[12], [0]],
        "people_altered": [[0], [1]],
        "persons": [[200], [200]],
    }
    assert values(breach_per_thousand, seen(counts=counts)) == pytest.approx(
        {"people": 15, "records": 60, "scores altered": 5}
    )


def test_without_rows_and_counts_every_metric_says_why() -> None:
    """Nothing fails and nothing is zero."""
    for metric in METRICS:
        for arm in (seen({}, {}, {}, {}), seen(people(0))):
            for found in parts(metric, arm).values():
                assert math.isnan(found.value)
                assert found.why
