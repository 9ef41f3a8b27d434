"""A study: a named question, the runs that answer it, the sentences that say the answer.

A study is data. Its sentences hold no digit: every number in an answer is a place, ``{name}``, that
is filled from the study's own results. What the sentences may name is said in the study itself,
under ``numbers`` and ``choices``.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from glasshouse.law.citation import Cite, Id, Text
from glasshouse.law.scenario import People, Reference, Years
from glasshouse.law.validate import Strict, refusal

MAX_SEEDS = 1000

Seeds = Annotated[int, Field(ge=1, le=MAX_SEEDS)]
MetricName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Path = Annotated[str, Field(min_length=1, max_length=200)]
"""A path as ``--set`` takes it."""

Split = Literal["region", "age", "sex", "urban", "work", "means"]
Show = Literal[
    "percent", "points", "per thousand", "days", "weeks", "months", "years", "yuan", "times",
    "number", "people",
]  # fmt: skip
"""How a number is written: a share as percent, a difference of shares in percentage points."""

PLACE = re.compile(r"\{([a-z][a-z0-9_]*)(?:\.([a-z]+))?\}")
NUMBER_FORMS = ("", "value", "size", "low", "high")
"""Of a number: with its interval, alone, without its sign, either end."""

CHOICE_FORMS = ("", "names", "first")
"""Of a choice: what was chosen with its numbers, without them, the first of it."""

NumberName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class Why(Strict):
    """Why a question is asked and by whom, with the source that asks or prompts it."""

    text: Text
    cite: Cite


class StudyDesign(Strict):
    """One scenario of a study, run over the study's seeds, and what is counted in it."""

    design: NumberName
    scenario: Reference
    """A scenario of the house, or a file beside the study."""
    arms: Annotated[dict[Id, Text], Field(min_length=1)]
    """The arms that are compared, with words for each."""
    metrics: Annotated[tuple[MetricName, ...], Field(min_length=1)]
    by: tuple[Split, ...] = ()
    """Groups by which the metrics are split as well."""
    set: dict[Path, float | str] = Field(default_factory=dict)


class Other(Strict):
    """What a number is compared with; whatever is left out is the number's own."""

    arm: Id | None = None
    part: Text | None = None
    group: Text | None = None

    @model_validator(mode="after")
    def _differs(self) -> Other:
        if self.arm is None and self.part is None and self.group is None:
            raise refusal("it compares with itself", "name another arm, part or group")
        return self


class StudyNumber(Strict):
    """A number of the answer: one cell of the results over seeds, or a paired difference of two."""

    number: NumberName
    words: Text
    """What it is, for the table behind the answer."""
    metric: MetricName
    arm: Id
    design: NumberName | None = None
    """The only one where the study has one."""
    part: str = ""
    group: str = ""
    against: Other | None = None
    relative: bool = False
    """The difference as a share of what it is compared with."""
    show: Show

    @model_validator(mode="after")
    def _is_relative_to_something(self) -> StudyNumber:
        if self.relative and self.against is None:
            raise refusal("`relative` and nothing to compare with", "against: {arm: ...}")
        if self.relative and self.show != "percent":
            raise refusal("a relative difference is a share", "show: percent")
        return self


class Choice(Strict):
    """Arms chosen by their results: what is better than an arm, or what none of them dominates."""

    choice: NumberName
    words: Text
    design: NumberName | None = None
    metrics: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Harm metrics; with the part behind a space where a metric has parts."""
    among: Annotated[tuple[Id, ...], Field(min_length=2)]
    pick: Literal["less harm than", "undominated"]
    against: Id | None = None
    """The arm that those of `less harm than` are compared with."""
    show: Show = "points"

    @model_validator(mode="after")
    def _can_be_made(self) -> Choice:
        if self.pick == "undominated" and self.against is not None:
            raise refusal("`undominated` compares with nobody else", "leave `against` out")
        if self.pick == "less harm than" and (self.against is None or len(self.metrics) > 1):
            raise refusal(
                "`less harm than` needs one metric and the arm it is compared with",
                "metrics: [one], against: ARM",
            )
        return self


class Clause(Strict):
    """A sentence of the answer, and what is said instead.

    ``says`` always; or, where ``decides`` names a number, one of ``above``, ``below`` and
    ``covers``, as its interval lies above zero, below it, or covers it; where ``decides`` names a
    choice, ``above`` if anything was chosen and ``covers`` if nothing was. ``unknown`` is said
    where a number of the sentence is not defined.
    """

    decides: NumberName | None = None
    says: Text | None = None
    above: Text | None = None
    below: Text | None = None
    covers: Text | None = None
    unknown: Text

    @model_validator(mode="after")
    def _says_something(self) -> Clause:
        if (self.decides is None) == (self.says is None):
            raise refusal("a clause says something always, or lets a number decide",
                          "says: ..., or decides: NUMBER with above, below, covers")  # fmt: skip
        if self.says is not None and (self.above or self.below or self.covers):
            raise refusal("`above`, `below` and `covers` belong to a clause that decides",
                          "decides: NUMBER")  # fmt: skip
        if self.decides is not None and (self.above is None or self.covers is None):
            raise refusal("a clause that decides is incomplete", "above: ..., covers: ...")
        return self

    @property
    def templates(self) -> dict[str, str]:
        """The sentences by the key that they stand under."""
        said = {"says": self.says, "above": self.above, "below": self.below,
                "covers": self.covers, "unknown": self.unknown}  # fmt: skip
        return {key: text for key, text in said.items() if text is not None}


class Panel(Strict):
    """One panel of the figure: dots with intervals for arms, parts of a metric, or groups."""

    title: Text
    metric: MetricName
    design: NumberName | None = None
    show: Show
    over: Literal["arm", "part", "group"] = "arm"
    """What stands on the lines; arms are told apart by colour otherwise."""
    arms: tuple[Id, ...] = ()
    """All of the design where none is named."""
    part: str = ""
    parts: dict[str, Text] = Field(default_factory=dict)
    """Parts and words for them, where the lines are parts."""
    groups: Split | None = None
    against: Id | None = None
    """Draw the difference to this arm."""

    @model_validator(mode="after")
    def _has_lines(self) -> Panel:
        if (self.over == "group") != (self.groups is not None):
            raise refusal("groups are the lines of a panel over groups", "over: group, groups: age")
        if (self.over == "part") != bool(self.parts):
            raise refusal("parts are the lines of a panel over parts", "over: part, parts: {...}")
        return self


class Figure(Strict):
    """The one figure of a study, and the words under it."""

    words: Text
    panels: Annotated[tuple[Panel, ...], Field(min_length=1, max_length=6)]


class Change(Strict):
    """What would change the answer: a swing of one assumption at a time over its range."""

    numbers: Annotated[tuple[NumberName, ...], Field(min_length=1)]
    """The numbers that are asked for; all of one design."""
    assumptions: Annotated[dict[Path, Text], Field(min_length=1, max_length=12)]
    """Paths and words; each is set to either end of its range."""
    seeds: Seeds = 3
    words: tuple[Text, ...] = ()


class Study(Strict):
    """A study as its file states it."""

    study: Id
    title: Text
    question: Text
    why: Annotated[tuple[Why, ...], Field(min_length=1)]
    people: People = 20_480
    years: Years = 2
    seeds: Seeds = 6
    designs: Annotated[tuple[StudyDesign, ...], Field(min_length=1)]
    numbers: Annotated[tuple[StudyNumber, ...], Field(min_length=1)]
    choices: tuple[Choice, ...] = ()
    answer: Annotated[tuple[Clause, ...], Field(min_length=1)]
    figure: Figure
    change: Change
    cannot: Annotated[tuple[Text, ...], Field(min_length=1)]
    """What the study cannot say."""

    def design_of(self, asked: StudyNumber | Choice | Panel) -> StudyDesign:
        """The design that a number, a choice or a panel is taken from."""
        return next(one for one in self.designs if asked.design in {None, one.design})

    def number(self, name: str) -> StudyNumber:
        """The number of this name."""
        return next(one for one in self.numbers if one.number == name)
