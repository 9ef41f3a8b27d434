"""Accuracy against societies of a handful, counted by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.metrics.hand import NAMES, parts_of, seen, steps, value_of, values_of

from glasshouse.metrics import accuracy
from glasshouse.metrics.estimate import ONE_GROUP
from glasshouse.metrics.observed import Instrument, Names

# Eight persons: 0 rightly listed (10 days), 1 not theirs (20), 2 both rightly and could not
# (5 + 30), 3 lawful (40); 4 to 7 never. Persons 0, 2 and 4 carried out a culpable act.
LISTED: dict[str, Any] = {
    "listed_days_rightly": [10, 0, 5, 0, 0, 0, 0, 0],
    "listed_days_not_theirs": [0, 20, 0, 0, 0, 0, 0, 0],
    "listed_days_could_not": [0, 0, 30, 0, 0, 0, 0, 0],
    "listed_days_lawful": [0, 0, 0, 40, 0, 0, 0, 0],
    "acts_culpable": [1, 0, 2, 0, 1, 0, 0, 0],
    "refusals": [2, 1, 0, 0, 0, 1, 0, 0],
    "entries": [3, 2, 4, 1, 0, 0, 0, 0],
    "entries_not_theirs": [0, 2, 0, 0, 0, 0, 0, 0],
}
TWO_YEARS = 731 / 365.25


def test_the_listed_and_the_wrongly_listed_by_hand() -> None:
    """4 of 8 listed; of the 4, persons 1, 2 and 3 wrongly: one in each sense."""
    some = seen(**LISTED)
    assert value_of(accuracy.listed_share, some) == 0.5
    assert values_of(accuracy.wrongful_listing_share, some) == {
        "": 0.75, "not theirs": 0.25, "could not": 0.25, "lawful": 0.25,
    }  # fmt: skip


def test_those_without_an_act_by_hand() -> None:
    """Of the five without a culpable act (1, 3, 5, 6, 7) two are listed and two refused."""
    some = seen(**LISTED)
    assert value_of(accuracy.false_positive_rate, some) == 0.4
    assert value_of(accuracy.refused_innocent_share, some) == 0.4


def test_wrongful_days_by_hand() -> None:
    """20 + 30 + 40 = 90 wrong days of 105; over 8 persons and two years, for a thousand."""
    some = seen(**LISTED)
    found = values_of(accuracy.wrongful_person_days, some)
    assert found[""] == pytest.approx(90 * 1000 / (8 * TWO_YEARS))
    assert sum(found[part] for part in ("not theirs", "could not", "lawful")) == pytest.approx(
        found[""]
    )
    assert value_of(accuracy.wrongful_day_share, some) == pytest.approx(90 / 105)


def test_listing_as_a_test_by_hand() -> None:
    """3 of 8 did it; of them 2 are listed, of the other 5 two; 2 of 4 listed did it.

    At a base rate of 1/1000 with se = 2/3 and sp = 3/5 the precision is
    0.001 x 2/3 / (0.001 x 2/3 + 0.999 x 2/5).
    """
    found = values_of(accuracy.listing_as_a_test, seen(**LISTED))
    rare = 0.001 * 2 / 3 / (0.001 * 2 / 3 + 0.999 * 0.4)
    assert found == pytest.approx(
        {
            "base rate": 3 / 8, "sensitivity": 2 / 3, "specificity": 3 / 5, "precision": 1 / 2,
            "precision at one in a thousand": rare,
        }
    )  # fmt: skip
    assert accuracy.precision(3 / 8, 2 / 3, 3 / 5) == pytest.approx(found["precision"])


@pytest.mark.parametrize(
    ("base_rate", "sensitivity", "specificity", "expected"),
    [(0.001, 0.9, 0.9, 0.009), (0.001, 0.99, 0.999, 0.498), (0.01, 0.9, 0.9, 0.083),
     (0.05, 0.9, 0.99, 0.826), (0.05, 0.99, 0.999, 0.981)],
)  # fmt: skip
def test_the_precision_of_a_test_is_that_of_bayes(
    base_rate: float, sensitivity: float, specificity: float, expected: float
) -> None:
    """The rarer it is, the more of those found did not do it."""
    found = accuracy.precision(base_rate, sensitivity, specificity)
    assert found == pytest.approx(expected, abs=6e-4)


def test_a_gallery_of_a_nation_finds_many_wrong_faces() -> None:
    """1.3 billion faces at a rate of 1e-4, 1e-5, 1e-6, 1e-7: 130,000 down to 130 a look-up."""
    found = accuracy.false_alarms(1.3e9, [1e-4, 1e-5, 1e-6, 1e-7])
    assert np.allclose(found, [130_000, 13_000, 1_300, 130])


def test_wrong_faces_and_wrong_entries_by_hand() -> None:
    """6 wrong faces in 8 probes; of 9 entries not theirs 2 of nobody, of 40 in all.

    Two act types: entries by act (0, 1), by false report (2, 3), by stray (4, 5).
    """
    counts = steps(
        face_probes=[3, 5], wrong_faces=[6, 0],
        entries=[[10, 5, 1, 0, 2, 0], [15, 3, 1, 0, 3, 0]],
        entries_by_label=[[14, 4, 0, 0], [17, 5, 0, 0]],
    )  # fmt: skip
    some = seen(counts=counts, **LISTED)
    assert value_of(accuracy.wrong_faces_per_probe, some) == 0.75
    found = values_of(accuracy.misattributed_entry_share, some)
    assert found == pytest.approx({"": 0.2, "of another person": 7 / 40, "of nobody": 2 / 40})


def test_wrong_listings_by_hand() -> None:
    """Of 10 ended or open listings 6 are wrong: 1 + 2 not theirs, 2 could not, 1 lawful."""
    counts = steps(
        spells_ended=[[[1, 1], [1, 0], [0, 1], [0, 0]], [[0, 0], [0, 0], [0, 0], [1, 0]]],
        stock=[[[1, 0, 1, 0]], [[1, 2, 0, 0]]],
    )
    found = values_of(accuracy.wrongful_share_of_listings, seen(counts=counts))
    assert found == pytest.approx({"": 0.6, "not theirs": 0.3, "could not": 0.2, "lawful": 0.1})


def test_who_is_listed_in_one_arm_alone_is_listed_apart() -> None:
    """Arms list {0, 1, 2, 3} and {0, 1, 4}: of the five listed anywhere three are not in both."""
    one = seen(**LISTED)
    other = seen(listed_days_rightly=[1, 1, 0, 0, 1, 0, 0, 0])._replace(arm="other")
    assert value_of(accuracy.listed_apart_share, one._replace(others=(other,))) == 0.6
    alone = parts_of(accuracy.listed_apart_share, one)[""]
    assert math.isnan(alone.value)
    assert "one policy arm" in alone.why


def test_grades_of_the_same_words_are_compared() -> None:
    """Of eight persons six have two grades of the same words, of which two differ: a third."""
    books = (
        Instrument("a", ("C", "B", "A")), Instrument("b", ("C", "B", "A")),
        Instrument("c", ("low", "high")),
    )  # fmt: skip
    names = Names(instruments=books, days=NAMES.days)
    some = seen(
        names=names,
        grade_a=[0, 1, 2, 0, 1, 2, -1, 0], grade_b=[0, 1, 2, 1, 0, 2, 1, -1],
        grade_c=[1, 1, 1, 1, 0, 0, 0, 0],
    )  # fmt: skip
    found = values_of(accuracy.graded_apart_share, some)
    assert found["within the arm"] == pytest.approx(1 / 3)
    assert math.isnan(found["across arms"])


def test_nobody_listed_leaves_nothing_to_divide_by() -> None:
    """Shares of the listed are not known then; a share of persons is none."""
    some = seen()
    assert value_of(accuracy.listed_share, some) == 0
    for metric in (accuracy.wrongful_listing_share, accuracy.wrongful_day_share):
        found = parts_of(metric, some)[""]
        assert math.isnan(found.value)
        assert found.why == "nobody was listed"
    assert value_of(accuracy.false_positive_rate, some) == 0


def test_everybody_listed_wrongly_is_all() -> None:
    """Everybody listed for what was lawful: all of the listed, and every innocent."""
    some = seen(listed_days_lawful=np.full(8, 3))
    assert value_of(accuracy.wrongful_listing_share, some) == 1
    assert value_of(accuracy.false_positive_rate, some) == 1
    assert value_of(accuracy.wrongful_day_share, some) == 1


def test_an_empty_group_is_not_known_and_one_community_has_no_interval() -> None:
    """Without anybody of a group every share is nan; in one community it has no interval."""
    some = seen(**LISTED)
    nobody = some.where(np.zeros(8, bool))
    for metric in accuracy.METRICS:
        assert all(math.isnan(value) for value in values_of(metric, nobody).values()), metric.name
    alone = parts_of(accuracy.wrongful_listing_share, some.where(np.arange(8) % 4 == 1))[""]
    assert alone.value == 1
    one = seen(**{**LISTED, "community": np.zeros(8, int)})
    found = parts_of(accuracy.wrongful_listing_share, one)[""]
    assert (found.value, found.groups, found.why) == (0.75, 1, ONE_GROUP)
