"""Loans by thresholds on two groups' scores: what each way of being fair does to the scores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from glasshouse.errors import BadInput, Problem
from glasshouse.experiment.validation.comparison import Comparison, Relation
from glasshouse.experiment.validation.lending_program import best_by_program
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.law.citation import Text
from glasshouse.law.intake import label
from glasshouse.law.load import read_bytes
from glasshouse.law.score_table import ScoreTable, read_cumulative, read_parts
from glasshouse.law.validate import Strict, refusal
from glasshouse.stages.consequence.delayed_impact_2018 import (
    Change,
    Market,
    Policy,
    accepted,
    mean_change,
)

POLICIES: tuple[Policy, ...] = ("profit", "parity", "opportunity")
ROUNDING = 1e-6
"""Points: how far two exact computations may lie apart."""

Ratio = Annotated[float, Field(lt=0, ge=-1000)]
Points = Annotated[float, Field(ge=-10_000, le=10_000)]


class TableOf(Strict):
    """Where a table is and what its numbers mean."""

    table: Text
    """Path of a CSV file, from the row's folder."""
    unit: Literal["share", "percent"] = "share"
    tells: Literal["repaid", "defaulted"] = "repaid"
    """Of a table of repayment: which part it gives."""


class GroupOf(Strict):
    """A group's column in both tables, and how many persons the column stands for."""

    column: Text
    people: Annotated[int, Field(ge=100, le=10_000_000_000)]


class Said(Strict):
    """What was published of a group under a policy."""

    ratio: Ratio
    policy: Policy
    group: Text
    points: Points | None = None
    """Mean points over everybody of the group."""
    sign: Literal["above", "below"] | None = None
    """On which side of 0."""

    @model_validator(mode="after")
    def _says_one(self) -> Said:
        if (self.points is None) == (self.sign is None):
            raise refusal("says neither points nor a sign, or both", "points: or sign:")
        return self


class Parameters(Strict):
    """Two tables, two groups, a lender, and how scores answer."""

    cumulative: TableOf
    repayment: TableOf
    score_column: Text = "score"
    groups: Annotated[dict[str, GroupOf], Field(min_length=2, max_length=2)]
    scale: (
        Annotated[tuple[tuple[float, float], ...], Field(min_length=2, max_length=100)] | None
    ) = None
    """Where the tables' scores are ranks: [rank, score] pairs, straight lines between them."""
    repaid_points: Annotated[float, Field(gt=0, le=1000)] = 75.0
    defaulted_points: Annotated[float, Field(lt=0, ge=-1000)] = -150.0
    lowest: Points = 300.0
    highest: Points = 850.0
    cut: Literal["mean", "outcome"] = "mean"
    """Whether the ends of the scale cut the expected change of a score or each outcome."""
    ratios: Annotated[tuple[Ratio, ...], Field(min_length=1, max_length=20)] = (-4.0,)
    """Utility of a default over that of a repayment."""
    published: tuple[Said, ...] = ()
    published_steps: Annotated[int, Field(ge=10, le=100_000)] | None = 2000
    """The published points were found by trying so many shares; nothing: exactly."""
    published_within: Annotated[float, Field(gt=0, le=100)] = 0.005

    @model_validator(mode="after")
    def _fits(self) -> Parameters:
        if self.lowest >= self.highest:
            raise refusal("`lowest` is not below `highest`", "300 and 850")
        for place, one in enumerate(self.published):
            if one.group not in self.groups:
                raise refusal(f"published[{place}] names an unknown group", ", ".join(self.groups))
        if self.scale is not None:
            for at in (0, 1):
                steps = np.diff([point[at] for point in self.scale])
                if not (steps > 0).all():
                    raise refusal("`scale` does not rise", "[rank, score] pairs that both rise")
        return self


def tables(given: Parameters, row: Path, problems: list[Problem]) -> tuple[ScoreTable, ...] | None:
    """Read both tables; None where one is refused, with the reasons among the problems."""
    found = []
    people = {group.column: group.people for group in given.groups.values()}
    most = int(given.highest - given.lowest) + 1
    for read, of in ((read_cumulative, given.cumulative), (read_parts, given.repayment)):
        path = row / of.table
        try:
            content = read_bytes(path, label(path))
        except BadInput as error:
            problems += error.problems
            continue
        whole = 100.0 if of.unit == "percent" else 1.0
        table = read(content, label(path), given.score_column, people, whole, most, problems)
        found += [table] if table is not None else []
    if len(found) < 2:
        return None
    if found[0].scores != found[1].scores:
        what = "its scores are not those of the cumulative shares"
        problems.append(Problem(label(row / given.repayment.table), 0, 0, "", what))
        return None
    return tuple(found)


def refused(given: Any, row: Path) -> list[Problem]:
    """Give what is wrong with the tables that the parameters name."""
    problems: list[Problem] = []
    tables(given, row, problems)
    return problems


def market_of(given: Parameters, read: tuple[ScoreTable, ...], ratio: float) -> Market:
    """Give the market of the tables at a utility ratio."""
    cumulative, repayment = read
    columns = [group.column for group in given.groups.values()]
    scores = np.array(cumulative.scores)
    if given.scale is not None:
        ranks, points = zip(*given.scale, strict=True)
        scores = np.interp(scores, ranks, points)
    shares = np.diff(np.array([cumulative.columns[c] for c in columns]), axis=1, prepend=0.0)
    repays = np.array([repayment.columns[c] for c in columns])
    repays = repays if given.repayment.tells == "repaid" else 1 - repays
    people = np.array([float(group.people) for group in given.groups.values()])
    return Market(scores, shares, repays, people, ratio)


def run(given: Parameters, _: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare each policy with a linear program, and with what was published."""
    problems: list[Problem] = []
    row = workshop.row or Path()
    read = tables(given, row, problems)
    if read is None:
        raise BadInput(problems)
    by = Change(given.repaid_points, given.defaulted_points, given.lowest, given.highest, given.cut)
    groups = tuple(given.groups)
    for ratio in dict.fromkeys(given.ratios):
        market = market_of(given, read, ratio)
        for policy in POLICIES:
            found = mean_change(accepted(policy, market), market, by)
            expected = best_by_program(policy, market, by)
            for group, value, right in zip(groups, found, expected, strict=True):
                yield Comparison(
                    f"mean points of {group}, {policy}, utility ratio {ratio:g}",
                    float(value), float(right), 0.0, slack=ROUNDING,
                    words="expected by a linear program",
                )  # fmt: skip
    for said in given.published:
        yield beside(said, given, market_of(given, read, said.ratio), by)


def beside(said: Said, given: Parameters, market: Market, by: Change) -> Comparison:
    """Compare what was published with what the tables give."""
    steps = given.published_steps if said.points is not None else None
    lent = accepted(said.policy, market, steps if said.policy != "profit" else None)
    value = float(mean_change(lent, market, by)[tuple(given.groups).index(said.group)])
    relation: Relation = said.sign or "equal"
    return Comparison(
        f"published: mean points of {said.group}, {said.policy}, utility ratio {said.ratio:g}",
        value, said.points or 0.0, 0.0, relation,
        given.published_within if said.points is not None else 0.0,
    )  # fmt: skip


RUNNER = Runner(
    "delayed_impact",
    Parameters,
    run,
    "a stage function beside the engine: the engine's scores have no distribution given from "
    "outside, and its counters no lender who chooses a threshold",
    refused,
)
