"""The published margins come out again, within the error that the sample's size leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from glasshouse.law.society import Society
from glasshouse.stages.society import society_kernel as kernel
from glasshouse.stages.society.society_kernel import (
    SocietyTables,
    car_word,
    has_car,
    place_of_community,
)

if TYPE_CHECKING:
    from tests.stages.society.conftest import Sample, Survey


def everybody(survey: Survey) -> np.ndarray:
    """Give the rows of each community."""
    return np.full(survey.communities, survey.rows)


def years(sample: Sample) -> np.ndarray:
    """Give completed years of age."""
    months: np.ndarray = -sample.rows.birth_month.astype(np.int64)
    return months // 12


def exposed(sample: Sample, bit: int) -> np.ndarray:
    """Say who has a bit of exposure."""
    found: np.ndarray = (sample.rows.exposure & bit) != 0
    return found


def test_ages_and_sexes_are_those_of_the_census(
    survey: Survey, chinese: Sample, china: Society
) -> None:
    """Each cell of the national table has its share; the rarest ages are taken together."""
    band = np.minimum(years(chinese) // 5, 19)
    for sex in (0, 1):
        counts = [row.female if sex else row.male for row in china.ages]
        counts = [*counts[:19], sum(counts[19:])]
        for index, count in enumerate(counts):
            hits = ((band == index) & (chinese.rows.sex == sex)).sum(axis=1)
            survey.assert_share(hits, everybody(survey), count / china.persons)


def test_months_of_birth_are_even_within_a_band(survey: Survey, chinese: Sample) -> None:
    """No month of a five-year band is preferred."""
    months = -chinese.rows.birth_month.astype(np.int64)
    inside = (months >= 360) & (months < 420)
    for month in range(60):
        survey.assert_share((months == 360 + month).sum(axis=1), inside.sum(axis=1), 1 / 60)


def test_communities_lie_where_people_live(
    survey: Survey, china: Society, china_tables: SocietyTables
) -> None:
    """Provinces come with their persons, towns with the nation's share, counties alike."""
    tables = survey.viewed(china_tables)
    trials = 20_000
    places = np.array([place_of_community(survey.seed, c, tables) for c in range(trials)])
    for index, row in enumerate(china.provinces):
        survey.assert_binomial(
            int((places[:, 0] == index).sum()), trials, row.persons / china.persons
        )
    survey.assert_binomial(int(places[:, 2].sum()), trials, china.figures["urban_share"].value)
    first = china_tables.county_first
    assert first[-1] == pytest.approx(china.figures["county_units"].value, abs=20)
    assert (places[:, 1] >= first[places[:, 0]]).all()
    assert (places[:, 1] < first[places[:, 0] + 1]).all()
    of_last = places[places[:, 0] == 18]  # Guangdong
    number = first[19] - first[18]
    for county in range(first[18], first[19]):
        survey.assert_binomial(int((of_last[:, 1] == county).sum()), len(of_last), 1 / number)


def test_households_have_their_sizes(survey: Survey, chinese: Sample, china: Society) -> None:
    """One-person share and mean size are the published ones, but for the cut of the last one."""
    heads = chinese.rows.role == kernel.HEAD
    households = heads.sum(axis=1)
    cut = 1.0 / households.mean()  # one household in a community is cut to what is left
    figures = china.figures
    alone = (heads & (chinese.rows.household_size == 1)).sum(axis=1)
    survey.assert_share(alone, households, figures["one_person_households"].value, slack=cut)
    members = np.where(heads, chinese.rows.household_size, 0).sum(axis=1)
    survey.assert_share(members, households, figures["household_size"].value, slack=2 * cut)


def test_collective_households_hold_the_rest(
    survey: Survey, chinese: Sample, china: Society
) -> None:
    """Who is not in a family household is in a collective one."""
    held = china.figures["households"].value * china.figures["household_size"].value
    collective = (chinese.rows.role == kernel.COLLECTIVE).sum(axis=1)
    survey.assert_share(collective, everybody(survey), 1.0 - held / china.persons)


@pytest.mark.parametrize(("urban", "figure"), [(1, "online_urban"), (0, "online_rural")])
def test_town_and_country_are_online_as_published(
    survey: Survey, chinese: Sample, china: Society, urban: int, figure: str
) -> None:
    """The share online is of all persons there, though no small child is."""
    there = chinese.urban == urban
    online = exposed(chinese, kernel.ONLINE)
    assert not online[years(chinese) < 6].any()
    # Provinces with more children have fewer online: the national ages hold in expectation only.
    survey.assert_share(
        online[there].sum(axis=1), everybody(survey)[there], china.figures[figure].value
    )


def test_households_have_their_cars(
    survey: Survey, china: Society, china_tables: SocietyTables
) -> None:
    """The share of households with a car is the published one."""
    trials = 20_000
    chances = china_tables.chances
    cars = sum(has_car(car_word(survey.seed, address), chances) for address in range(trials))
    survey.assert_binomial(cars, trials, china.figures["car_households"].value)


def test_drivers_are_adults_of_households_with_a_car(
    survey: Survey, chinese: Sample, china: Society, china_tables: SocietyTables
) -> None:
    """Nobody drives without a car in the household, nor under 18 or above 70."""
    drives, age = exposed(chinese, kernel.DRIVER), years(chinese)
    of_age = (age >= 18) & (age <= 70) & (chinese.rows.role != kernel.COLLECTIVE)
    assert not drives[~of_age].any()
    share = china.figures["car_households"].value * china.figures["driver_share"].value
    survey.assert_share(drives.sum(axis=1), of_age.sum(axis=1), share)
    for community in range(3):
        for slot in np.flatnonzero(drives[community]):
            first = int(chinese.rows.household_first[community, slot])
            word = car_word(survey.seed, community * survey.rows + first)
            assert has_car(word, china_tables.chances)


def test_credit_histories_are_as_many_as_published(
    survey: Survey, chinese: Sample, china: Society
) -> None:
    """So many adults have one, and no minor has."""
    borrows = exposed(chinese, kernel.BORROWER)
    assert not borrows[years(chinese) < 18].any()
    share = china.figures["credit_history_persons"].value / china.persons
    survey.assert_share(borrows.sum(axis=1), everybody(survey), share)


def test_the_first_rows_are_a_fair_sample(survey: Survey, chinese: Sample) -> None:
    """A community cut after its first rows keeps its ages: households stand in random order."""
    age = years(chinese)
    for low, high in ((0, 18), (18, 60), (60, 200)):
        inside = (age >= low) & (age < high)
        part = inside[:, :300].sum(axis=1) - inside.mean(axis=1) * 300
        survey.assert_share(part, np.full(survey.communities, 300), 0.0)


def test_a_tabulated_trait_is_reproduced(
    survey: Survey, pellucidians: Sample, pellucid: Society, chinese: Sample
) -> None:
    """Each value comes with its weight and no other comes; without a table all are alike."""
    for name in ("literacy", "means_start"):
        column, table = getattr(pellucidians.rows, name), pellucid.traits[name]
        assert set(np.unique(column)) <= set(table.values)
        for value, weight in zip(table.values, table.weights, strict=True):
            hits = int((column == value).sum())
            survey.assert_binomial(hits, column.size, weight / sum(table.weights))
    for name in ("honesty", "altruism", "outspokenness", "literacy", "means_start"):
        eighths = np.bincount(getattr(chinese.rows, name).ravel() >> 13, minlength=8)
        for hits in eighths:
            survey.assert_binomial(int(hits), chinese.rows.honesty.size, 1 / 8)


def test_bodies_are_as_many_as_the_society_says(
    survey: Survey, pellucidians: Sample, pellucid: Society, chinese: Sample
) -> None:
    """One row in fifty of Pellucid is an enterprise, a few are courts and governments."""
    for kind, figure in (
        (kernel.FIRM, "enterprises_per_row"),
        (kernel.COURT, "courts_per_row"),
        (kernel.GOVERNMENT, "governments_per_row"),
    ):
        found = (pellucidians.rows.kind == kind).sum(axis=1)
        share = pellucid.figures[figure].value
        survey.assert_share(found, np.full(len(found), survey.rows), share)
    assert (chinese.rows.kind == kernel.PERSON).all()
