"""A society file: margins and published statistics, never a record of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from glasshouse.errors import nearest
from glasshouse.law.citation import Cite, Id, Text
from glasshouse.law.quantity import Quantity, bounds_problem, bounds_words
from glasshouse.law.validate import Strict, refusal

MAX_TABULATED = 65_536

TRAITS = ("honesty", "altruism", "outspokenness", "literacy", "means_start")
"""The traits that a society may tabulate; any other is uniform."""

_SHARE = (0.0, 1.0)
_WEIGHT = (0.0, 1e6)
_YEARS = (0.0, 100.0)

# Every figure that a society may give, with its bounds. A society that people are drawn from gives
# them all (see stages.society.preparation); one that is only read may give fewer.
FIGURES: Mapping[str, tuple[float, float]] = {
    # households
    "households": (0.0, 1e10),
    "household_size": (0.0, 12.0),
    "one_person_households": _SHARE,
    **{f"household_weight_{size}": _WEIGHT for size in range(2, 11)},
    "couple_share": _SHARE,
    "lone_mother_share": _SHARE,
    "head_18_24": _SHARE,
    "head_25_29": _SHARE,
    "head_30_74": _SHARE,
    "head_75_up": _SHARE,
    "parent_age_at_birth_least": (17.0, 49.0),
    "parent_age_at_birth_mode": (17.0, 49.0),
    "parent_age_at_birth_most": (17.0, 49.0),
    "husband_older_least": (-15.0, 15.0),
    "husband_older_mode": (-15.0, 15.0),
    "husband_older_most": (-15.0, 15.0),
    # collective households: barracks, dormitories, homes
    "collective_weight_0_14": _WEIGHT,
    "collective_weight_15_19": _WEIGHT,
    "collective_weight_20_24": _WEIGHT,
    "collective_weight_25_34": _WEIGHT,
    "collective_weight_35_59": _WEIGHT,
    "collective_weight_60_up": _WEIGHT,
    # place
    "urban_share": _SHARE,
    "county_units": (1.0, 1e5),
    # what people are exposed to
    "online_urban": _SHARE,
    "online_rural": _SHARE,
    "online_from_age": _YEARS,
    "online_weight_60_up": _SHARE,
    "car_households": _SHARE,
    "driver_share": _SHARE,
    "credit_history_persons": (0.0, 2e10),
    "employed_18_24": _SHARE,
    "employed_25_54": _SHARE,
    "employed_55_64": _SHARE,
    "employed_65_up": _SHARE,
    "official_share": _SHARE,
    "licensed_share": _SHARE,
    "parent_alive_0_17": _SHARE,
    "parent_alive_18_39": _SHARE,
    "parent_alive_40_49": _SHARE,
    "parent_alive_50_59": _SHARE,
    "parent_alive_60_69": _SHARE,
    "parent_alive_70_up": _SHARE,
    "parent_far_share": _SHARE,
    # work
    "working_alone": _SHARE,
    "workplace_largest": (2.0, 200.0),
    "enterprises_per_row": (0.0, 0.5),
    "courts_per_row": (0.0, 0.2),
    "governments_per_row": (0.0, 0.2),
}


def _refused_at(errors: list[tuple[str, object, str, str]], title: str) -> None:
    """Raise every (key, value, what, right) at the place of its key."""
    if errors:
        details = [
            InitErrorDetails(type=refusal(what, right), loc=(key,), input=value)
            for key, value, what, right in errors
        ]
        raise ValidationError.from_exception_data(title, details)


def _figures_are_known(figures: dict[str, Quantity]) -> dict[str, Quantity]:
    errors: list[tuple[str, object, str, str]] = []
    for name, quantity in figures.items():
        if name not in FIGURES:
            errors.append((name, quantity, f"unknown figure `{name[:60]}`", nearest(name, FIGURES)))
        elif what := bounds_problem(quantity, *FIGURES[name]):
            errors.append((name, quantity, what, bounds_words(*FIGURES[name])))
    _refused_at(errors, "figures")
    return figures


def _counties_can_be_counted(counties: dict[str, Quantity]) -> dict[str, Quantity]:
    errors: list[tuple[str, object, str, str]] = [
        (name, quantity, f"{quantity.number:g} is not a number of counties", "1 to 1000, whole")
        for name, quantity in counties.items()
        if not (1 <= quantity.number <= 1000 and quantity.number == int(quantity.number))
    ]
    _refused_at(errors, "counties")
    return counties


FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*\.csv$", max_length=100)]
"""A file of the society's own folder; no path leads out of it."""


class Tabulated(Strict):
    """A trait's distribution, value by value, as finely as 16 bits."""

    values: Annotated[
        tuple[Annotated[int, Field(ge=0, le=65_535)], ...],
        Field(min_length=2, max_length=MAX_TABULATED),
    ]
    weights: Annotated[
        tuple[Annotated[float, Field(ge=0.0, le=1e15)], ...],
        Field(min_length=2, max_length=MAX_TABULATED),
    ]

    @model_validator(mode="after")
    def _matches(self) -> Tabulated:
        if len(self.values) != len(self.weights):
            what = f"{len(self.values)} values and {len(self.weights)} weights"
            raise refusal(what, "one weight for each value")
        if sum(self.weights) <= 0.0:
            raise refusal("all weights are zero", "at least one weight above zero")
        if len(set(self.values)) != len(self.values):
            raise refusal("a value stands twice", "each value once")
        return self


def _traits_are_known(traits: dict[str, Tabulated]) -> dict[str, Tabulated]:
    errors: list[tuple[str, object, str, str]] = [
        (name, table, f"unknown trait `{name[:60]}`", nearest(name, TRAITS))
        for name, table in traits.items()
        if name not in TRAITS
    ]
    _refused_at(errors, "traits")
    return traits


class Tables(Strict):
    """The files of margins beside society.yaml."""

    age_sex: FileName
    provinces: FileName


class SocietyHeader(Strict):
    """The file society.yaml."""

    society: Id
    title: Text
    summary: Text
    cite: Cite
    tables: Tables
    unallocated_persons: Annotated[int, Field(ge=0)] = 0
    figures: Annotated[dict[str, Quantity], AfterValidator(_figures_are_known)] = Field(
        default_factory=dict
    )
    traits: Annotated[dict[str, Tabulated], AfterValidator(_traits_are_known)] = Field(
        default_factory=dict
    )
    counties: Annotated[dict[str, Quantity], AfterValidator(_counties_can_be_counted)] = Field(
        default_factory=dict
    )


class AgeRow(Strict):
    """One age (or band of ages) of the census: persons by sex."""

    age: str
    persons: int
    male: int
    female: int


class ProvinceRow(Strict):
    """One province: its persons, and further published figures by column name."""

    province: str
    title: str
    persons: int
    figures: dict[str, float] = Field(default_factory=dict)


class Society(SocietyHeader):
    """A society with its tables read."""

    ages: tuple[AgeRow, ...]
    provinces: tuple[ProvinceRow, ...]

    @property
    def persons(self) -> int:
        """How many persons the tables count."""
        return sum(row.persons for row in self.ages)
