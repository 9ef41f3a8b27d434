"""The numbers of figures: they equal the metrics, the tables and the summary of the same run."""

from __future__ import annotations

import math

import numpy as np
import pytest

from glasshouse.report.figure import Figure, Material
from glasshouse.report.figures.by_group import FEWEST, by_age, by_work_and_means, word_of
from glasshouse.report.figures.conduct import recorded_and_unrecorded
from glasshouse.report.figures.effects import effects_per_person
from glasshouse.report.figures.freedom import days_to_freedom
from glasshouse.report.figures.listed import listed_over_time
from glasshouse.report.figures.means import listing_and_means
from glasshouse.report.figures.refusals import refusals_and_people
from glasshouse.report.figures.said import between, cell, percent
from glasshouse.report.figures.scores import score_distributions
from glasshouse.report.figures.silent import gone_silent
from glasshouse.report.measured import MetricRow, metric_rows
from glasshouse.session import Run

Cells = dict[tuple[str, ...], tuple[str, ...]]


@pytest.fixture(scope="module")
def material(small: Run) -> Material:
    """Give what the figures of the small run are drawn from."""
    return Material(small.archive)


def rows_of(found: object) -> tuple[tuple[str, ...], ...]:
    """Give the table of a figure that is there."""
    assert isinstance(found, Figure)
    return found.table.rows


def of_metric(small: Run, name: str, *by: str) -> list[MetricRow]:
    """Give a metric as the verb gives it."""
    return metric_rows(small.archive, [name], by)


def test_listings_in_force_are_those_of_the_months_table(small: Run, material: Material) -> None:
    """The last line of the table is the last step of the run."""
    last = rows_of(listed_over_time(material))[-1]
    (row,) = small.months().filter("arm = 'scored'").order("step DESC").limit(1).rows()
    labels = ("rightly", "not_theirs", "could_not", "lawful")
    assert last[2:6] == tuple(f"{row[f'listings_open_{label}']:,}" for label in labels)
    assert last[6] == f"{row['listings_open']:,}"


def test_groups_have_the_shares_of_the_metrics(small: Run, material: Material) -> None:
    """Every share by age, work and means is the metric's, and so is its interval."""
    for found, splits in ((by_age(material), ["age"]),
                          (by_work_and_means(material), ["work", "means"])):  # fmt: skip
        told = {(row[0], row[1]): row[3:] for row in rows_of(found)}
        for metric, title in (("listed_share", "On a list for at least a day"),
                              ("refused_share", "Refused at a counter at least once")):  # fmt: skip
            for row in of_metric(small, metric, *splits):
                group = word_of(row.group) if row.group else "all persons"
                assert told[title, group] == (cell(row.value, 100), between(row, 100))


def test_small_groups_are_in_the_table_alone(material: Material) -> None:
    """A group of a few rows has no line, and the words say so."""
    found = by_work_and_means(material)
    assert isinstance(found, Figure)
    small = {word_of(name) for name, many in material.sizes("work").items() if many < FEWEST}
    assert small
    assert any(f"Fewer than {FEWEST}" in said for said in found.words)
    assert all(f">{name}<" not in found.svg for name in small)


def test_days_to_freedom_are_those_of_the_metrics(small: Run, material: Material) -> None:
    """Free in time, and the median, are the metrics' own."""
    told = {row[1:3]: row[3:5] for row in rows_of(days_to_freedom(material))}
    for row in of_metric(small, "free_in_time_share"):
        part, _, days = row.part.partition(", within ")
        if (part, f"free within {days}, %") in told:
            expected = (cell(row.value, 100), between(row, 100))
            assert told[part, f"free within {days}, %"] == expected
    for row in of_metric(small, "days_to_remedy"):
        if (row.part, "days until half are free") in told:
            assert told[row.part, "days until half are free"] == (cell(row.value), between(row))


def test_refusals_add_up_to_the_outcome_rows(small: Run, material: Material) -> None:
    """Every refusal of a person is in a class, and the words have the metrics."""
    found = refusals_and_people(material)
    last = rows_of(found)[-1]
    mine = small.outcomes().filter("arm = 'scored' AND kind = 'person' AND refusals > 0")
    assert last[2] == f"{len(mine):,}"
    assert last[4] == f"{sum(row['refusals'] for row in mine.rows()):,}"
    (share,) = of_metric(small, "refused_share")
    assert isinstance(found, Figure)
    assert percent(share) in " ".join(found.words)


def test_conduct_is_that_of_the_metric_and_of_the_counts(small: Run, material: Material) -> None:
    """Changes are `conduct_change`; what is seen is never more than what is done."""
    rows = rows_of(recorded_and_unrecorded(material))
    known = {cell(row.value, 100): between(row, 100) for row in of_metric(small, "conduct_change")}
    assert all(known[row[4]] == row[5] for row in rows)
    for row in rows:
        done, seen = (int(row[n].replace(",", "")) for n in (3, 6))
        assert seen <= done


def test_silence_is_that_of_the_metric(small: Run, material: Material) -> None:
    """The share gone silent is `chilling_share`; stretches of time add up to the kinds of acts."""
    found = gone_silent(material)
    assert isinstance(found, Figure)
    (share,) = of_metric(small, "chilling_share")
    assert percent(share) in " ".join(found.words)
    base = [int(row[2].replace(",", "")) for row in found.table.rows]
    times = [n for row, n in zip(found.table.rows, base, strict=True) if "before " in row[1]]
    assert sum(times) == sum(base) - sum(times)


def test_effects_are_those_of_the_effects_table(small: Run, material: Material) -> None:
    """Who lost, who gained and the mean are exact differences of twins."""
    found = rows_of(effects_per_person(material))
    table = small.effects().filter("kind = 'person'").rows()
    means = np.array([row["means"] for row in table]) / 655.36
    assert found[0][3:6] == tuple(
        f"{n:,}" for n in ((means < 0).sum(), (means == 0).sum(), (means > 0).sum())
    )
    assert found[0][10] == cell(float(means.mean()))
    doors = np.array([row["privileges"] - row["refusals"] for row in table])
    assert found[1][10] == cell(float(doors.mean()))


def test_means_lost_add_up_to_the_metric(small: Run, material: Material) -> None:
    """Those never listed lost what the metric says of the never listed."""
    rows = rows_of(listing_and_means(material))
    never = next(row for row in rows if row[1] == "means lost, on lists: never")
    known = {row.part: row for row in of_metric(small, "means_lost")}["never listed"]
    assert never[3:] == (cell(known.value, 100), between(known, 100))


def test_scores_are_those_of_the_outcome_rows(small: Run, material: Material) -> None:
    """Everybody who has a score is in the distribution once."""
    for row in rows_of(score_distributions(material)):
        book = row[0].partition(" ")[0]
        scored = small.outcomes().filter(
            f"arm = '{row[1]}' AND \"score_points_{book}\" IS NOT NULL"
        )
        points = [line[f"score_points_{book}"] for line in scored.rows()]
        assert row[2] == f"{len(points):,}"
        assert (row[3], row[7]) == (f"{min(points):,}", f"{max(points):,}")
        assert math.isclose(float(row[8].replace(",", "")), np.mean(points), abs_tol=0.06)
