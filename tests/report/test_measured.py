"""The metrics of a run directory: rows, splits, what is refused, and what is not known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from glasshouse.errors import BadInput
from glasshouse.metrics.observed import KINDS, PERSON
from glasshouse.report.measured import MetricRow, metric_rows
from glasshouse.report.metric_table import plain, rests_on
from glasshouse.report.observing import observed
from glasshouse.session import Run, run


@pytest.fixture(scope="module")
def found(small: Run) -> list[MetricRow]:
    """Give every metric of the small run, for all and by two splits."""
    return metric_rows(small.archive, by=("sex", "work"))


def test_what_metrics_see_is_what_the_tables_hold(small: Run) -> None:
    """Rows stand by person in both arms, with codes for words; counts are those of the table."""
    arms = {one.arm: one for one in observed(small.archive)}
    assert list(arms) == [arm.arm for arm in small.provenance.arms]
    scored = arms["scored"]
    table = small.outcomes().filter("arm = 'scored'").order("person").to_polars()
    assert scored.size == len(table)
    assert (scored.rows["person"] == table["person"].to_numpy()).all()
    assert scored.twin is not None
    assert (scored.rows["person"] == scored.twin["person"]).all()
    assert (scored.row("burden_yuan_travel") == table["burden_yuan_travel"].to_numpy()).all()
    kinds = np.array([KINDS.index(kind) for kind in table["kind"]])
    assert (scored.rows["kind"] == kinds).all()
    assert (scored.row("age_years") == table["age_years"].fill_null(-1).to_numpy()).all()
    points = table["score_points_pellucid-civic-score"].to_numpy()
    assert np.array_equal(scored.row("score_points_pellucid-civic-score"), points, equal_nan=True)
    listed = small.counts().filter("arm = 'scored' AND count = 'listed'").to_polars()
    assert scored.total("listed").sum() == listed["value"].sum()
    by_step = scored.steps_of("listed").sum(axis=(1, 2, 3))
    assert by_step.sum() == listed["value"].sum()
    assert len(by_step) == len(scored.names.days) == small.provenance.steps
    assert (scored.last("stock") == scored.steps_of("stock")[-1]).all()
    assert arms["nothing"].is_baseline
    assert arms["nothing"].twin is None


def test_a_metric_is_what_the_tables_say(small: Run, found: list[MetricRow]) -> None:
    """The share of listed persons, counted over the outcome table as anybody would."""
    table = small.outcomes().filter("arm = 'scored' AND kind = 'person'").to_polars()
    days = sum(table[f"listed_days_{label}"].cast(int) for label in small.provenance.legend.labels)
    row = one(found, "listed_share")
    assert row.value == pytest.approx((days > 0).sum() / len(table))
    assert 0 < row.low < row.value < row.high < 1
    assert row.groups == small.provenance.communities


def test_the_groups_of_a_split_average_to_the_whole(found: list[MetricRow], small: Run) -> None:
    """Men and women, weighed by their number, have the share of all persons."""
    table = small.outcomes().filter("arm = 'scored' AND kind = 'person'").to_polars()
    shares = {row.group: row.value for row in found if row.metric == "refused_share"}
    mean = sum(
        shares[f"sex {sex}"] * (table["sex"] == sex).sum() for sex in ("male", "female")
    ) / len(table)
    assert mean == pytest.approx(shares[""])


def test_organisations_stand_in_the_split_by_work_alone(found: list[MetricRow], small: Run) -> None:
    """All other rows are persons; enterprises have a group of their own."""
    table = small.outcomes().filter("arm = 'scored'").to_polars()
    kinds = set(table["kind"])
    groups = {row.group for row in found if row.metric == "refused_share"}
    assert {f"work {kind}" for kind in kinds - {KINDS[PERSON]}} <= groups


def test_what_is_not_known_has_a_reason(found: list[MetricRow]) -> None:
    """No row is nan without saying why, and none that is not known is zero."""
    for row in found:
        assert not math.isnan(row.value) or row.why, row
        assert plain(row)["value"] == (row.value if math.isfinite(row.value) else None)


def test_names_numbers_families_and_arms_choose(small: Run) -> None:
    """A number is as good as a name; families and arms narrow it down; the baseline if asked."""
    one_way = metric_rows(small.archive, ["A1"])
    other = metric_rows(small.archive, ["wrongful_listing_share"], arms=["scored"])
    assert list(map(plain, one_way)) == list(map(plain, other))
    none = metric_rows(small.archive, ["A1"], arms=["nothing"])
    assert all(math.isnan(row.value) for row in none)
    accurate = metric_rows(small.archive, families=["accuracy"])
    assert {row.arm for row in accurate} == {"scored"}
    assert "refused_share" not in {row.metric for row in accurate}


def test_unknown_words_are_refused_all_at_once(small: Run) -> None:
    """A metric, a split, a family and an arm that do not exist: four problems, with the nearest."""
    with pytest.raises(BadInput) as refused:
        metric_rows(
            small.archive, ["wrongfull_listing_share"], ("agee",), arms=["scord"], families=["trap"]
        )
    text = str(refused.value)
    for right in ("wrongful_listing_share", "age", "scored", "traps"):
        assert f"did you mean `{right}`?" in text


def test_metrics_come_as_a_table(small: Run) -> None:
    """`run.metrics` gives the same rows; what is not known is NULL there."""
    table = small.metrics(["A1", "A5"], by="sex")
    assert table.columns == list(MetricRow._fields)
    rows = table.rows()
    told = metric_rows(small.archive, ["A1", "A5"], ("sex",))
    assert rows == [plain(row) for row in told]
    assert len(table.to_pandas()) == len(table.to_polars()) == len(told)
    assert len(small.metrics([])) == 0


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a run of counts alone, with human review and with copies that nobody hurries to mend."""
    values: dict[str, float | str] = {
        "community_size": 256, "safeguards.human-review": "on", "process.copies_stale": 1.0,
        "process.copies_corrected_per_year": 4.0,
    }  # fmt: skip
    out = tmp_path_factory.mktemp("guarded") / "counts"
    return run(
        "pellucid", people=512, years=1, seed=3, set=values, out=out, device="python",
        collect="counts",
    )  # fmt: skip


def test_a_run_of_counts_alone_has_the_metrics_of_counts(guarded: Run) -> None:
    """What needs outcome rows says so; what is counted by province is there."""
    rows = metric_rows(guarded.archive, ["A1", "B1"], ("age", "region"))
    counted = [row for row in rows if row.metric == "first_known_at_counter_share"]
    assert all("kept counts alone" in row.why for row in rows if row not in counted)
    assert "kept counts alone" not in one(counted, "first_known_at_counter_share").why


def test_review_and_copies_are_read_from_a_run(guarded: Run) -> None:
    """Every decision reviewed is all; copies wrong at first are mended with time, not at once.

    At 4 corrections a year the share still wrong after t days is about exp(-4 t / 365): fewer the
    later. A listing is restored after it has ended, so no more are restored than have ended.
    """
    rows = metric_rows(guarded.archive, ["B5a", "B6", "B7", "B8"])
    found = {(row.metric, row.part): row.value for row in rows}
    assert found["human_review_share", ""] == 1
    late = [found["residual_copy_share", f"after {days} days"] for days in (3, 30, 180)]
    assert 0.6 < late[0] <= 1
    assert late[0] > late[1] > late[2]
    sums = guarded.archive.counted.sums
    ended, restored = (sums[name][1].sum() for name in ("spells_ended", "restored"))
    assert 0 < restored < ended
    wrongly = found["effective_remedy_share", "restored"]
    assert 0 < wrongly < 1


def test_a_run_says_what_it_rests_on(small: Run) -> None:
    """Provisions and mechanisms of every policy arm, by evidence."""
    (sentence,) = rests_on(small.provenance.arms)
    assert sentence.startswith("Arm scored has")
    assert "provisions in force" in sentence
    assert "mechanisms of the sources on" in sentence


def one(rows: list[MetricRow], metric: str) -> MetricRow:
    """Give the row of a metric for all persons, without part."""
    (found,) = (row for row in rows if (row.metric, row.group, row.part) == (metric, "", ""))
    return found
