"""A scenario: which society, how many people, from when, for how long, under which arms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from glasshouse.law.citation import Day, Id, Name, Text
from glasshouse.law.validate import Strict, refusal

MAX_ARMS = 16

Reference = Annotated[str, Field(min_length=1, max_length=1000)]
"""A name in a room, or a path (relative to the scenario's file)."""

SetValues = dict[str, float]

FIRST_YEAR, LAST_YEAR = 1950, 2149


def _is_month(value: str) -> str:
    year, dash, month = value[:4], value[4:5], value[5:]
    is_month = len(value) == 7 and dash == "-" and (year + month).isdecimal() and value.isascii()
    if not is_month or not FIRST_YEAR <= int(year) <= LAST_YEAR or not 1 <= int(month) <= 12:
        raise refusal(f"`{value[:40]}` is not a month", f"YYYY-MM, {FIRST_YEAR} to {LAST_YEAR}")
    return value


Month = Annotated[str, AfterValidator(_is_month)]

People = Annotated[int, Field(ge=1, le=4_000_000_000)]
MOST_YEARS = 100
Years = Annotated[int, Field(ge=1, le=MOST_YEARS)]
Months = Annotated[int, Field(ge=1, le=12 * MOST_YEARS)]
Seed = Annotated[int, Field(ge=0, le=2**63 - 1)]
CommunitySize = Annotated[int, Field(ge=1, le=16_384)]
Step = Literal["month", "week", "day"]
Places = Annotated[int, Field(ge=1, le=64)]


class RulebookUse(Strict):
    """A rulebook of an arm: from when and until when it is switched on, and in which provinces."""

    rulebook: Reference
    from_date: Day | None = Field(alias="from", default=None)
    until_date: Day | None = Field(alias="until", default=None)
    """The first day on which it is switched off again."""
    where: Literal["all"] | tuple[Name, ...] = "all"

    @model_validator(mode="after")
    def _lasts(self) -> RulebookUse:
        begins, ends = self.from_date, self.until_date
        if begins is not None and ends is not None and ends <= begins:
            what = f"ends on {ends}, before it begins on {begins}"
            raise refusal(what, "`until` is the first day no longer in force")
        return self


class Suspension(Strict):
    """A provision out of force for some time: from one day, or until one, or both."""

    provision: Text
    """As ``rulebook/provision``."""
    from_date: Day | None = Field(alias="from", default=None)
    until_date: Day | None = Field(alias="until", default=None)

    @model_validator(mode="after")
    def _lasts(self) -> Suspension:
        begins, ends = self.from_date, self.until_date
        if begins is None and ends is None:
            raise refusal("has no day", "from, until, or both; `without` leaves it out for good")
        if begins is not None and ends is not None and ends <= begins:
            raise refusal(f"ends on {ends}, before it begins on {begins}", "a later `until`")
        return self

    @property
    def period(self) -> tuple[dt.date, dt.date]:
        """The first day out of force, and the first day no longer."""
        return self.from_date or dt.date.min, self.until_date or dt.date.max


class Arm(Strict):
    """One of the rival worlds over the same people, acts and luck."""

    arm: Id
    rulebooks: tuple[RulebookUse, ...] = ()
    without: tuple[Text, ...] = ()
    """Provisions that are left out, each as ``rulebook/provision``, whatever their dates."""
    suspended: tuple[Suspension, ...] = ()
    """Provisions that are out of force for some time."""
    merge: Day | None = None
    """From this day on the files of all places are one; without it they never are."""
    join_by: Literal["number", "name"] = "number"
    """By what the entries of another place are joined to a file."""
    safeguards: tuple[Id, ...] = ()
    """Safeguards that amend the law of this arm, besides those of the scenario."""
    set: SetValues = Field(default_factory=dict)


def _years_or_months(schema: dict[str, Any]) -> None:
    """Ask for either of the two in the JSON Schema; nothing else is optional for its sake."""
    schema["required"].remove("years")
    schema["oneOf"] = [{"required": ["years"]}, {"required": ["months"]}]


class RunSettings(Strict):
    """The values of a scenario that ``--set`` and the options of ``run`` may replace."""

    model_config = ConfigDict(json_schema_extra=_years_or_months)

    people: People
    years: Years
    """How long the run lasts; where months are stated instead, the years that they begin."""
    months: Months | None = None
    """How long the run lasts, in the place of ``years``."""
    start: Month
    step: Step = "month"
    seed: Seed
    society_seed: Seed | None = None
    """The seed that lays the society out; without it ``seed`` does. With it the same people can be
    given another luck, or the same luck to other people."""
    community_size: CommunitySize = 2048
    open_entries_per_person: Places = 1
    """Room for entries that wait to be written down or can still count towards a ground."""
    open_listings_per_person: Places = 1
    """Room for listings in force at one time."""

    @model_validator(mode="before")
    @classmethod
    def _say_once_how_long(cls, stated: Any) -> Any:
        """Refuse years and months together; give months the years that they begin."""
        if not isinstance(stated, Mapping) or stated.get("months") is None:
            return stated
        if "years" in stated:
            raise refusal("`years` and `months` both say how long it lasts", "one of the two")
        months = stated["months"]
        begun = -(-months // 12) if type(months) is int else 1
        return {**stated, "years": min(max(begun, 1), MOST_YEARS)}

    @property
    def first_day(self) -> dt.date:
        """The first day of the run."""
        return dt.date.fromisoformat(f"{self.start}-01")

    @property
    def months_in_all(self) -> int:
        """How many months the run lasts."""
        return 12 * self.years if self.months is None else self.months

    @property
    def end_day(self) -> dt.date:
        """The first day after the run."""
        first = self.first_day
        year, month = divmod(12 * first.year + first.month - 1 + self.months_in_all, 12)
        return dt.date(year, month + 1, 1)


class Scenario(RunSettings):
    """A scenario as its file states it."""

    scenario: Id
    title: Text
    question: Text
    society: Reference
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=MAX_ARMS)]
    safeguards: tuple[Id, ...] = ()
    """Safeguards that amend the law of every arm that has any."""
    set: SetValues = Field(default_factory=dict)
