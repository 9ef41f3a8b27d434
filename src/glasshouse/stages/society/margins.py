"""What a society must hold before anybody can be drawn from it, asked in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from glasshouse.errors import Problem, nearest
from glasshouse.law.society import FIGURES, ProvinceRow, Society
from glasshouse.stages.society.society_kernel import BAND_YEARS, YEARS

AGE_GROUPS = ("age_0_14_percent", "age_15_59_percent", "age_60_up_percent")
YOUNGEST_OF_GROUPS = (0, 15, 60)
OF_PROVINCES = ("male_percent", *AGE_GROUPS, "age_65_up_percent", "urban_percent")

ROUNDING = 0.02
"""Percentage points by which published shares may miss their sum."""

MAY_BE_ABSENT = ("household_weight_", "courts_per_row", "governments_per_row")
"""Beginnings of the figures that are none where a society gives none."""

NATIONAL = 0.2
"""Percentage points by which the provinces may miss the nation: each of theirs is rounded."""


def male_share(row: ProvinceRow) -> float:
    """Give the share of men in a province."""
    return row.figures["male_percent"] / 100.0


def urban_share(society: Society, row: ProvinceRow) -> float:
    """Give the share in towns: the province's own where it is given, or else the nation's."""
    own = row.figures.get("urban_percent")
    return society.figures["urban_share"].value if own is None else own / 100.0


def problems_of(society: Society) -> list[Problem]:
    """Give everything that stands in the way of drawing people from this society."""
    problems = [
        *_every_figure_is_given(society),
        *_ages_come_in_bands_of_five_years(society),
        *_every_province_has_its_shares(society),
    ]
    if not problems:
        problems = [
            *_age_groups_add_up_to_a_hundred(society),
            *_provinces_agree_with_the_nation(society),
            *_household_sizes_can_have_their_mean(society),
            *_family_households_hold_no_more_than_everybody(society),
            *_modes_lie_between_their_ends(society),
            *_whole_numbers_are_whole(society),
            *_nobody_is_online_twice(society),
            *_credit_histories_are_of_adults(society),
            *_counties_belong_to_provinces(society),
        ]
    return problems


def _problem(society: Society, where: str, what: str, right: str = "") -> Problem:
    return Problem(f"societies/{society.society}/society.yaml", 0, 0, where, what, right)


def _in_table(society: Society, row: ProvinceRow, what: str, right: str = "") -> Problem:
    file = f"societies/{society.society}/{society.tables.provinces}"
    return Problem(file, 0, 0, row.province, what, right)


def _figure(society: Society, name: str) -> float:
    return society.figures[name].value


def _every_figure_is_given(society: Society) -> Iterator[Problem]:
    for name in FIGURES:
        if name not in society.figures and not name.startswith(MAY_BE_ABSENT):
            yield _problem(society, "figures", f"`{name}` is missing")


def _ages_come_in_bands_of_five_years(society: Society) -> Iterator[Problem]:
    last = YEARS - BAND_YEARS
    bands = [f"{first}-{first + BAND_YEARS - 1}" for first in range(0, last, BAND_YEARS)]
    if [row.age for row in society.ages] != [*bands, f"{last}+"]:
        file = f"societies/{society.society}/{society.tables.age_sex}"
        what = "the ages are not the bands that people are drawn from"
        yield Problem(file, 0, 0, "age", what, f"0-4, 5-9, ... {bands[-1]}, {last}+")


def _every_province_has_its_shares(society: Society) -> Iterator[Problem]:
    for row in society.provinces:
        for name in OF_PROVINCES[:4]:
            if name not in row.figures:
                yield _in_table(society, row, f"`{name}` is missing")
        for name, number in row.figures.items():
            if name.endswith("_percent") and name not in OF_PROVINCES:
                what = f"unknown column `{name[:60]}`"
                yield _in_table(society, row, what, nearest(name, OF_PROVINCES))
            elif name.endswith("_percent") and not 0.0 <= number <= 100.0:
                yield _in_table(society, row, f"{name} is {number:g}", "between 0 and 100")


def _age_groups_add_up_to_a_hundred(society: Society) -> Iterator[Problem]:
    for row in society.provinces:
        total = sum(row.figures[name] for name in AGE_GROUPS)
        if abs(total - 100.0) > ROUNDING:
            yield _in_table(society, row, f"the age groups add up to {total:.2f} %", "100 %")
        oldest = row.figures.get("age_65_up_percent", 0.0)
        if oldest > row.figures["age_60_up_percent"]:
            yield _in_table(society, row, "more are 65 and above than 60 and above")


def _provinces_agree_with_the_nation(society: Society) -> Iterator[Problem]:
    whole = society.persons
    men = sum(row.male for row in society.ages)
    bounds = [*YOUNGEST_OF_GROUPS, YEARS]
    national = {"male_percent": men}
    for name, first, end in zip(AGE_GROUPS, bounds, bounds[1:], strict=False):
        rows: Sequence[int] = [row.persons for row in society.ages]
        national[name] = sum(rows[first // BAND_YEARS : end // BAND_YEARS])
    counted = sum(row.persons for row in society.provinces)
    for name, persons in national.items():
        here = sum(row.figures[name] * row.persons for row in society.provinces) / counted
        there = 100.0 * persons / whole
        if abs(here - there) > NATIONAL:
            what = f"the provinces' {name} come to {here:.2f}, the ages say {there:.2f}"
            yield _problem(society, "tables", what, "margins must add up")


def _household_sizes_can_have_their_mean(society: Society) -> Iterator[Problem]:
    alone, mean = _figure(society, "one_person_households"), _figure(society, "household_size")
    sizes = [n for n in range(2, 13) if _weight(society, n) > 0.0]
    if alone >= 1.0 or not sizes:
        yield _problem(society, "figures", "no household of two or more can be drawn")
        return
    rest = (mean - alone) / (1.0 - alone)
    if not (min(sizes) < rest < max(sizes)):
        what = f"larger households would have {rest:.2f} persons on average"
        yield _problem(
            society, "figures.household_size", what, f"between {min(sizes)} and {max(sizes)}"
        )


def _weight(society: Society, size: int) -> float:
    quantity = society.figures.get(f"household_weight_{size}")
    return 0.0 if quantity is None else quantity.value


def _family_households_hold_no_more_than_everybody(society: Society) -> Iterator[Problem]:
    held = _figure(society, "households") * _figure(society, "household_size")
    if held > society.persons * 1.001:
        what = f"the households hold {held:,.0f} persons, the society has {society.persons:,}"
        yield _problem(society, "figures.households", what)
    elif held < society.persons and not any(
        quantity.value > 0.0
        for name, quantity in society.figures.items()
        if name.startswith("collective_weight_")
    ):
        yield _problem(
            society, "figures", "nobody may live where the households leave persons over"
        )


def _modes_lie_between_their_ends(society: Society) -> Iterator[Problem]:
    for name in ("parent_age_at_birth", "husband_older"):
        least, mode, most = (_figure(society, f"{name}_{part}") for part in _ENDS)
        if not least <= mode <= most:
            yield _problem(
                society, f"figures.{name}_mode", f"{mode:g} is not in {least:g}..{most:g}"
            )


_ENDS = ("least", "mode", "most")


def _whole_numbers_are_whole(society: Society) -> Iterator[Problem]:
    names = [f"{name}_{end}" for name in ("parent_age_at_birth", "husband_older") for end in _ENDS]
    for name in (*names, "workplace_largest", "county_units", "online_from_age"):
        number = _figure(society, name)
        if number != int(number):
            yield _problem(society, f"figures.{name}", f"{number:g} is not a whole number")


def _nobody_is_online_twice(society: Society) -> Iterator[Problem]:
    least, old = _figure(society, "online_from_age"), _figure(society, "online_weight_60_up")
    weighted = sum(
        row.persons / BAND_YEARS * (old if year >= 60 else 1.0)
        for band, row in enumerate(society.ages)
        for year in range(band * BAND_YEARS, (band + 1) * BAND_YEARS)
        if year >= least
    )
    for name in ("online_urban", "online_rural"):
        if _figure(society, name) * society.persons > weighted:
            what = "so many cannot be online if the young are not and the old are less"
            yield _problem(society, f"figures.{name}", what, f"{weighted / society.persons:.3f}")


def _credit_histories_are_of_adults(society: Society) -> Iterator[Problem]:
    adults = (
        sum(row.persons for row in society.ages[4:]) + society.ages[3].persons * 2 // BAND_YEARS
    )
    if _figure(society, "credit_history_persons") > adults:
        what = f"more than the {adults:,} adults"
        yield _problem(society, "figures.credit_history_persons", what)


def _counties_belong_to_provinces(society: Society) -> Iterator[Problem]:
    names = [row.province for row in society.provinces]
    for name in society.counties:
        if name not in names:
            what = f"unknown province `{name[:60]}`"
            yield _problem(society, f"counties.{name[:60]}", what, nearest(name, names))
    given = sum(int(quantity.value) for quantity in society.counties.values())
    left = int(_figure(society, "county_units")) - given
    if left < len(names) - len(society.counties):
        yield _problem(society, "figures.county_units", "leaves a province without a county")
