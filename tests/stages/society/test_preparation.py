"""What a society must hold, said before anybody is drawn; tables right in expectation."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest

from glasshouse.errors import BadInput, Problem
from glasshouse.law.load import parse
from glasshouse.law.quantity import Quantity
from glasshouse.law.society import Society, SocietyHeader
from glasshouse.law.validate import validated
from glasshouse.stages.society.preparation import (
    ages_of_provinces,
    household_sizes,
    prepared,
    scale_of,
)
from glasshouse.stages.society.thresholds import WORDS, cumulative, threshold, triangular


def test_fitted_provinces_keep_their_margins_and_the_nations(china: Society) -> None:
    """The nation's cells and the provinces' persons are kept exactly, their shares to a digit."""
    table = np.array(ages_of_provinces(china))
    nation = [count for row in china.ages for count in (row.male, row.female)]
    assert table.sum(axis=0) == pytest.approx(nation, rel=1e-9)
    persons = [row.persons for row in china.provinces]
    assert table.sum(axis=1) == pytest.approx(persons, rel=1e-6)
    for cells, row in zip(table, china.provinces, strict=True):
        by_age = cells.reshape(21, 2).sum(axis=1)
        groups = [by_age[:3].sum(), by_age[3:12].sum(), by_age[12:].sum()]
        published = [
            row.figures[name]
            for name in ("age_0_14_percent", "age_15_59_percent", "age_60_up_percent")
        ]
        assert 100 * np.array(groups) / row.persons == pytest.approx(published, abs=0.02)
        men = 100 * cells[0::2].sum() / row.persons
        assert men == pytest.approx(row.figures["male_percent"], abs=0.02)


def test_household_sizes_have_the_published_mean(china: Society) -> None:
    """The one-person share and the mean are met exactly; the shape of the rest is a guess."""
    figure = {name: quantity.value for name, quantity in china.figures.items()}
    shares = household_sizes(figure)
    assert sum(shares) == pytest.approx(1.0)
    assert shares[0] == 0.2539
    assert sum(n * share for n, share in enumerate(shares, 1)) == pytest.approx(2.62, abs=1e-9)


def test_the_tables_of_china_are_the_same_everywhere(china: Society) -> None:
    """No rounding of a machine enters: these sums are the same on all of them."""
    digest = hashlib.sha256()
    for column in prepared(china):
        digest.update(column.astype("<i8").tobytes())
    assert digest.hexdigest()[:16] == "6488eb38ca288d8c"


def test_thresholds_rise_to_the_end() -> None:
    """A cumulative table ends with 2**32, and what weighs nothing is never drawn."""
    assert cumulative([1.0, 1.0]) == [WORDS // 2, WORDS]
    assert cumulative([0.0, 3.0, 0.0]) == [0, WORDS, WORDS]
    assert threshold(0.0) == 0
    assert threshold(1.0) == WORDS
    assert triangular(1, 2, 4) == pytest.approx([0.5, 1.0, 2 / 3, 1 / 3])


def test_a_society_says_how_many_a_row_stands_for(china: Society) -> None:
    """The scale is a sentence."""
    said = scale_of(china, 100_000)
    assert said == (
        "100,000 rows stand for the 1,409,778,724 persons of China, census of 2020:"
        " 1 row for 14,098 persons."
    )
    assert "one for one" in scale_of(china, china.persons)
    assert scale_of(china, 2 * china.persons).endswith("2.00 rows for 1 person.")


def changed(society: Society, **figures: float) -> Society:
    """Give the society with other figures."""
    new: dict[str, Any] = {
        name: Quantity(value=value, range=(value, value), guess="a test")
        for name, value in figures.items()
    }
    return society.model_copy(update={"figures": {**society.figures, **new}})


def refused(society: Society) -> str:
    """Give everything that is said against a society."""
    with pytest.raises(BadInput) as caught:
        prepared(society)
    return str(caught.value)


def test_a_missing_figure_is_named(china: Society) -> None:
    """Every figure that is missing is named at once."""
    kept = {n: q for n, q in china.figures.items() if n not in {"urban_share", "car_households"}}
    said = refused(china.model_copy(update={"figures": kept}))
    assert "`urban_share` is missing" in said
    assert "`car_households` is missing" in said


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"household_size": 9.9}, "larger households would have"),
        ({"households": 1e9}, "the households hold"),
        ({"parent_age_at_birth_mode": 45}, "is not in 19..42"),
        ({"workplace_largest": 2.5}, "is not a whole number"),
        ({"online_urban": 0.99}, "so many cannot be online"),
        ({"credit_history_persons": 1.3e9}, "more than the"),
        ({"county_units": 3}, "leaves a province without a county"),
        ({"collective_weight_20_24": 1000.0, "collective_weight_0_14": 0.0}, "of an age"),
    ],
)
def test_figures_that_contradict_each_other_are_refused(
    china: Society, figures: dict[str, float], words: str
) -> None:
    """What cannot be drawn is said in words."""
    assert words in refused(changed(china, **figures))


def test_margins_of_provinces_must_add_up(china: Society) -> None:
    """Age groups come to a hundred, and the provinces to the nation."""
    first, *rest = china.provinces
    odd = first.model_copy(update={"figures": {**first.figures, "age_0_14_percent": 21.84}})
    said = refused(china.model_copy(update={"provinces": (odd, *rest)}))
    assert "Beijing: the age groups add up to 110.00 %" in said
    other = [
        row.model_copy(update={"figures": {**row.figures, "male_percent": 40.0}})
        for row in china.provinces
    ]
    assert "come to 40.00" in refused(china.model_copy(update={"provinces": tuple(other)}))


def test_unknown_names_are_refused_at_their_place() -> None:
    """A figure, a trait or a number of counties that means nothing is found in its line."""
    text = (
        b"society: tiny\ntitle: Tiny\nsummary: Tiny.\ncite: {source: a, at: b}\n"
        b"tables: {age_sex: a.csv, provinces: b.csv}\n"
        b"figures:\n  urban_shore: {value: 0.5, range: [0, 1], guess: tiny}\n"
        b"  couple_share: {value: 2, range: [0, 3], guess: tiny}\n"
        b"traits:\n  honesti: {values: [0, 1], weights: [1, 1]}\n"
        b"counties:\n  NO: {value: 1.5, range: [1, 2], guess: tiny}\n"
    )
    problems: list[Problem] = []
    assert validated(SocietyHeader, parse(text, "society.yaml"), problems) is None
    said = "\n".join(map(str, problems))
    assert "society.yaml:7:16: figures.urban_shore: unknown figure `urban_shore`" in said
    assert "did you mean `urban_share`?" in said
    assert "society.yaml:8:17: figures.couple_share" in said
    assert "did you mean `honesty`?" in said
    assert "society.yaml:12:" in said
