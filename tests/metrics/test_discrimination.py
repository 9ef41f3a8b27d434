"""Gaps between groups against societies of a few dozen, counted by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.metrics.hand import NAMES, parts_of, rows, seen, value_of, values_of

from glasshouse.metrics import discrimination
from glasshouse.metrics.groups import groups_of
from glasshouse.metrics.observed import Instrument, Names

MANY = 80
WOMEN = np.arange(MANY) % 2
"""Eighty persons in four communities, every other a woman: forty each, twenty in two of them."""


def first(count: int, of: int) -> Any:
    """Mark the first ``count`` persons of a sex."""
    marked = np.zeros(MANY, int)
    marked[np.flatnonzero(of == WOMEN)[:count]] = 1
    return marked


def test_refused_people_and_their_refusals_by_hand() -> None:
    """2 of 8 refused, 5 times in all: 2.5 each."""
    some = seen(refusals=[2, 3, 0, 0, 0, 0, 0, 0])
    assert value_of(discrimination.refused_share, some) == 0.25
    assert value_of(discrimination.refusals_per_person_refused, some) == 2.5


def test_a_selection_ratio_below_four_fifths_is_flagged() -> None:
    """Privileges for 20 of 40 men and 10 of 40 women: 0.25 / 0.5; spared 40 and 36 of 40: 0.9."""
    some = seen(MANY, sex=WOMEN, privileges=first(20, 0) + first(10, 1), refusals=first(4, 1) * 3)
    found = parts_of(discrimination.privilege_selection_ratio, some)
    assert found["sex"].value == 0.5
    assert "flagged" in found["sex"].why
    spared = parts_of(discrimination.spared_selection_ratio, some)
    assert spared["sex"].value == pytest.approx(0.9)
    assert "flagged" not in spared["sex"].why
    assert "fewer than two groups" in found["urban"].why


def test_equalised_odds_take_the_wider_of_two_gaps() -> None:
    """True positives count beside false ones, and the wider gap is told, whichever it is.

    160 persons, half women; half of each did it (40). Of those who did, 20 men and 30 women are
    listed (gap 1/4); of those who did not, 4 men and none of the women (gap 1/10).
    """
    women = np.repeat([0, 1], 80)
    did = np.tile(np.repeat([1, 0], 40), 2)
    listed = np.zeros(160, int)
    listed[:20] = listed[80:110] = listed[40:44] = 1
    some = seen(160, sex=women, acts_culpable=did, listed_days_rightly=listed)
    assert values_of(discrimination.equalised_odds_gap, some)["sex"] == pytest.approx(0.25)
    other = seen(160, sex=women, acts_culpable=1 - did, listed_days_rightly=listed)
    assert values_of(discrimination.equalised_odds_gap, other)["sex"] == pytest.approx(0.25)


def test_a_score_that_says_another_thing_of_women_is_not_calibrated() -> None:
    """One score for all: of 40 men 20 did it, of 40 women 10; of all 30 in 80: off by 1/8."""
    names = Names(instruments=(Instrument("book", ("low", "high")),), days=NAMES.days)
    did = first(20, 0) + first(10, 1)
    some = seen(
        MANY, names=names, sex=WOMEN, acts_culpable=did, score_points_book=np.full(MANY, 5.0)
    )
    found = values_of(discrimination.calibration_gap, some)
    assert found["sex: book"] == pytest.approx(0.125)
    unscored = seen(
        MANY, names=names, sex=WOMEN, acts_culpable=did, score_points_book=np.full(MANY, np.nan)
    )
    why = parts_of(discrimination.calibration_gap, unscored)["sex: book"].why
    assert why == "nobody has this score"
    assert parts_of(discrimination.calibration_gap, seen())[""].why == "the arm keeps no score"


def test_who_is_watched_more_is_recorded_more_for_the_same() -> None:
    """Men have 60 own entries for 80 acts, women 30 for 80: a ratio of two; strays do not count."""
    some = seen(
        MANY, sex=WOMEN, acts_culpable=np.full(MANY, 1), acts_praised=np.full(MANY, 1),
        entries=first(20, 0) * 3 + first(30, 1) + 1, entries_not_theirs=np.full(MANY, 1),
    )  # fmt: skip
    assert values_of(discrimination.recorded_over_true_disparity, some)["sex"] == 2


def test_office_spares_by_hand() -> None:
    """Ordinary: 4 listings for 8 acts; in office: 1 for 10: a gap of five. Entries alike: 1."""
    office = np.array([0, 0, 1, 1, 0, 0, 1, 1], bool)
    some = seen(
        official=office, acts_culpable=[2, 2, 5, 0, 2, 2, 5, 0],
        listings=[1, 1, 1, 0, 1, 1, 0, 0], entries=[2, 2, 5, 0, 2, 2, 5, 0],
    )  # fmt: skip
    found = values_of(discrimination.official_gap_ratio, some)
    assert found == {"entries": 1.0, "listings": 5.0}
    nobody = parts_of(discrimination.official_gap_ratio, seen())
    assert all(math.isnan(one.value) and one.why for one in nobody.values())


def test_a_gap_has_its_limits() -> None:
    """Nobody favoured: nan; all alike: a ratio of 1 and a gap of 0; one group: not known."""
    nobody = parts_of(discrimination.privilege_selection_ratio, seen(MANY, sex=WOMEN))["sex"]
    assert math.isnan(nobody.value)
    assert nobody.why == "nobody was granted a privilege"
    alike = seen(MANY, sex=WOMEN, privileges=np.ones(MANY, int))
    assert values_of(discrimination.privilege_selection_ratio, alike)["sex"] == 1
    alone = seen(MANY, sex=np.ones(MANY, int), privileges=np.ones(MANY, int))
    one = parts_of(discrimination.privilege_selection_ratio, alone)["sex"]
    assert math.isnan(one.value)
    assert "fewer than two groups" in one.why
    means = parts_of(discrimination.privilege_selection_ratio, alike)["means"]
    assert "no arm of the run is a baseline" in means.why


def test_the_groups_of_a_split_are_all_persons_and_no_one_twice() -> None:
    """Every split but work cuts the persons into parts; work has the organisations beside them."""
    chance = np.random.default_rng(3)
    many = 500
    some = seen(
        many, sex=chance.integers(0, 2, many), province=chance.integers(0, 2, many),
        age_years=chance.integers(-1, 99, many), urban=chance.integers(0, 2, many) > 0,
        official=chance.integers(0, 9, many) == 0, kind=chance.choice([1, 1, 1, 2, 3, 4], many),
        twin=rows(many, means=chance.integers(0, 65536, many)),
    )  # fmt: skip
    persons = np.asarray(some.rows["kind"]) == 1
    for split in ("region", "age", "sex", "urban", "work", "means"):
        groups = groups_of(some, split)
        covered = np.sum([group.keep for group in groups], axis=0)
        assert len(groups) > 1, split
        assert (covered == (1 if split == "work" else persons)).all(), split


def test_equal_means_stand_in_one_fifth() -> None:
    """Where everybody has the same means there is one group of them."""
    some = seen(MANY, twin=rows(MANY, means=np.full(MANY, 100)))
    assert len(groups_of(some, "means")) == 1
