"""A society file: margins and published statistics, never a record of a person."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from glasshouse.law.citation import Cite, Id, Text
from glasshouse.law.quantity import Quantity
from glasshouse.law.validate import Strict, refusal

MAX_TABULATED = 65_536

FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*\.csv$", max_length=100)]
"""A file of the society's own folder; no path leads out of it."""


class Tabulated(Strict):
    """A trait's distribution, value by value, as finely as 16 bits."""

    values: Annotated[
        tuple[Annotated[int, Field(ge=0, le=65_535)], ...],
        Field(min_length=1, max_length=MAX_TABULATED),
    ]
    weights: Annotated[
        tuple[Annotated[float, Field(ge=0.0, le=1e15)], ...],
        Field(min_length=1, max_length=MAX_TABULATED),
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
    figures: dict[str, Quantity] = Field(default_factory=dict)
    traits: dict[str, Tabulated] = Field(default_factory=dict)
    counties: dict[str, Quantity] = Field(default_factory=dict)


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
