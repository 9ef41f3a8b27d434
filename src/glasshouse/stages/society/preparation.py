"""Turns a society document into the small integer tables that its communities are drawn from.

Everything is asked here, before the first community is laid out; kernels cannot speak.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from glasshouse.errors import BadInput, Problem
from glasshouse.law.society import TRAITS, Society
from glasshouse.stages.society.fitting import Matrix, agreeing, fitted
from glasshouse.stages.society.margins import (
    AGE_GROUPS,
    YOUNGEST_OF_GROUPS,
    male_share,
    problems_of,
    urban_share,
)
from glasshouse.stages.society.society_kernel import (
    ADULT_YEARS,
    BAND_YEARS,
    LARGEST_HOUSEHOLD,
    YEARS,
    SocietyTables,
)
from glasshouse.stages.society.thresholds import cumulative, threshold, tilted, triangular

_BY_AGE: dict[str, tuple[tuple[int, str], ...]] = {
    "collective": (
        (0, "collective_weight_0_14"),
        (15, "collective_weight_15_19"),
        (20, "collective_weight_20_24"),
        (25, "collective_weight_25_34"),
        (35, "collective_weight_35_59"),
        (60, "collective_weight_60_up"),
    ),
    "heads": ((18, "head_18_24"), (25, "head_25_29"), (30, "head_30_74"), (75, "head_75_up")),
    "employed": (
        (18, "employed_18_24"),
        (25, "employed_25_54"),
        (55, "employed_55_64"),
        (65, "employed_65_up"),
    ),
    "parent_alive": (
        (0, "parent_alive_0_17"),
        (18, "parent_alive_18_39"),
        (40, "parent_alive_40_49"),
        (50, "parent_alive_50_59"),
        (60, "parent_alive_60_69"),
        (70, "parent_alive_70_up"),
    ),
}


def prepared(society: Society) -> SocietyTables:
    """Give the tables of a society, or raise BadInput with everything that it lacks."""
    problems = problems_of(society)
    if problems:
        raise BadInput(problems)
    figure = {name: quantity.value for name, quantity in society.figures.items()}
    by_year = persons_by_year(society)
    collective = collective_by_year(figure, by_year)
    if max(collective) > 1.0:
        what = f"the weights put {max(collective):.2f} of an age in collective households"
        right = "at most 1: make the weights more equal"
        raise BadInput([Problem(_file(society), 0, 0, "figures.collective_weight_", what, right)])
    starts, lengths, values, steps = _traits(society)
    gap_first = int(figure["parent_age_at_birth_least"])
    spouse_first = int(figure["husband_older_least"])
    counties = [0]
    for number in counties_of(society):
        counties.append(counties[-1] + number)
    table: dict[str, Sequence[int]] = {
        "province_cumulative": cumulative([float(row.persons) for row in society.provinces]),
        "county_first": counties,
        "urban": [threshold(urban_share(society, row)) for row in society.provinces],
        "age_sex_cumulative": [
            step for row in ages_of_provinces(society) for step in cumulative(row)
        ],
        "size_cumulative": cumulative(household_sizes(figure)),
        "collective": [threshold(share) for share in collective],
        "heads": [threshold(share) for share in _stepped(figure, "heads")],
        "online": [threshold(share) for share in online_by_year(figure, by_year)],
        "employed": [threshold(share) for share in _stepped(figure, "employed")],
        "borrower": [threshold(share) for share in borrowers_by_year(figure, by_year)],
        "parent_alive": [threshold(share) for share in _stepped(figure, "parent_alive")],
        "chances": [
            threshold(figure.get(name, 0.0))
            for name in (
                "couple_share",
                "lone_mother_share",
                "car_households",
                "driver_share",
                "parent_far_share",
                "official_share",
                "enterprises_per_row",
                "courts_per_row",
                "governments_per_row",
                "licensed_share",
            )
        ],
        "child_gap_cumulative": _triangle(figure, "parent_age_at_birth"),
        "child_gap_first": [gap_first],
        "spouse_gap_cumulative": _triangle(figure, "husband_older"),
        "spouse_gap_first": [spouse_first],
        "workplace_cumulative": cumulative(
            workplaces(figure["working_alone"], int(figure["workplace_largest"]))
        ),
        "trait_start": starts,
        "trait_length": lengths,
        "trait_values": values,
        "trait_cumulative": steps,
    }
    return SocietyTables(**{name: np.array(column, np.int64) for name, column in table.items()})


def scale_of(society: Society, people: int) -> str:
    """Say in a sentence how many persons a row stands for."""
    whole = society.persons
    where = f"the {whole:,} persons of {society.title}"
    if people == whole:
        return f"{people:,} rows stand for {where}, one for one."
    if people < whole:
        return f"{people:,} rows stand for {where}: 1 row for {_rounded(whole / people)} persons."
    return f"{people:,} rows stand for {where}: {_rounded(people / whole)} rows for 1 person."


def _rounded(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100.0 else f"{ratio:,.2f}"


def ages_of_provinces(society: Society) -> Matrix:
    """Give the persons of each province by band of age and sex, fitted to its margins."""
    nation = [float(count) for row in society.ages for count in (row.male, row.female)]
    group_of = [
        sum(1 for youngest in YOUNGEST_OF_GROUPS[1:] if band * BAND_YEARS >= youngest)
        for band in range(len(society.ages))
    ]
    whole = float(society.persons)
    counted = float(sum(row.persons for row in society.provinces))
    parts = [row.persons * whole / counted for row in society.provinces]
    groups = [0.0] * len(AGE_GROUPS)
    for cell, persons in enumerate(nation):
        groups[group_of[cell // 2]] += persons
    sexes = [sum(nation[0::2]), sum(nation[1::2])]
    by_group = [
        [part * row.figures[name] / 100.0 for name in AGE_GROUPS]
        for part, row in zip(parts, society.provinces, strict=True)
    ]
    by_sex = [
        [part * male_share(row), part * (1.0 - male_share(row))]
        for part, row in zip(parts, society.provinces, strict=True)
    ]
    return fitted(
        nation, group_of, agreeing(by_group, parts, groups), agreeing(by_sex, parts, sexes)
    )


def persons_by_year(society: Society) -> list[float]:
    """Give the nation's persons by completed year of age, even within a band."""
    return [society.ages[year // BAND_YEARS].persons / BAND_YEARS for year in range(YEARS)]


def household_sizes(figure: dict[str, float]) -> list[float]:
    """Give the shares of household sizes 1 .. 12 with the one-person share and the mean given."""
    alone, mean = figure["one_person_households"], figure["household_size"]
    sizes = range(2, LARGEST_HOUSEHOLD + 1)
    weights = [figure.get(f"household_weight_{size}", 0.0) for size in sizes]
    rest = (mean - alone) / (1.0 - alone)
    return [alone, *((1.0 - alone) * share for share in tilted(weights, sizes, rest))]


def collective_by_year(figure: dict[str, float], by_year: Sequence[float]) -> list[float]:
    """Give the share of each year of age that lives in collective households.

    In all it is what family households of the mean size leave over.
    """
    whole = sum(by_year)
    over = max(whole - figure["households"] * figure["household_size"], 0.0)
    weights = _stepped(figure, "collective")
    weighted = sum(weight * persons for weight, persons in zip(weights, by_year, strict=True))
    return [weight * over / weighted if weighted > 0.0 else 0.0 for weight in weights]


def online_by_year(figure: dict[str, float], by_year: Sequence[float]) -> list[float]:
    """Give the share online by year of age, first in the country, then in towns.

    The published shares are of the whole population; the young are not online, the old less.
    """
    least, old = figure["online_from_age"], figure["online_weight_60_up"]
    weights = [
        0.0 if year < least else (old if year >= 60 else 1.0) for year in range(len(by_year))
    ]
    weighted = sum(weight * persons for weight, persons in zip(weights, by_year, strict=True))
    rates = [figure[name] * sum(by_year) / weighted for name in ("online_rural", "online_urban")]
    return [rate * weight for rate in rates for weight in weights]


def borrowers_by_year(figure: dict[str, float], by_year: Sequence[float]) -> list[float]:
    """Give the share with a credit history by year of age: the same for all adults."""
    share = figure["credit_history_persons"] / sum(by_year[ADULT_YEARS:])
    return [share if year >= ADULT_YEARS else 0.0 for year in range(len(by_year))]


def workplaces(alone: float, largest: int) -> list[float]:
    """Give the weights of workplaces by size: those who work alone, and 2 .. ``largest`` alike."""
    # `alone` counts workplaces, not workers.
    return [alone, *((1.0 - alone) / (largest - 1) for _ in range(largest - 1))]


def counties_of(society: Society) -> list[int]:
    """Give the number of counties of each province: its own, or a share by population."""
    given = {name: int(quantity.value) for name, quantity in society.counties.items()}
    left = int(society.figures["county_units"].value) - sum(given.values())
    sharing = [row for row in society.provinces if row.province not in given]
    persons = sum(row.persons for row in sharing)
    shared = {
        row.province: max(1, (2 * left * row.persons + persons) // (2 * persons)) for row in sharing
    }
    return [given.get(row.province) or shared[row.province] for row in society.provinces]


def _file(society: Society) -> str:
    return f"societies/{society.society}/society.yaml"


def _stepped(figure: dict[str, float], what: str) -> list[float]:
    """Give a figure by year of age; 0 before its first step."""
    by_year = [0.0] * YEARS
    for first, name in _BY_AGE[what]:
        by_year[first:] = [figure[name]] * (YEARS - first)
    return by_year


def _triangle(figure: dict[str, float], name: str) -> list[int]:
    least, mode, most = (int(figure[f"{name}_{part}"]) for part in ("least", "mode", "most"))
    return cumulative(triangular(least, mode, most))


def _traits(society: Society) -> tuple[list[int], list[int], list[int], list[int]]:
    starts, lengths = [], []
    values: list[int] = []
    steps: list[int] = []
    for trait in TRAITS:
        table = society.traits.get(trait)
        starts.append(len(values))
        lengths.append(len(table.values) if table else 0)
        if table:
            pairs = sorted(zip(table.values, table.weights, strict=True))
            values += [value for value, _ in pairs]
            steps += cumulative([weight for _, weight in pairs])
    # Compiled text never sees an array without a place.
    return starts, lengths, values or [0], steps or [0]
