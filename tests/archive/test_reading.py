"""A finished run as tables: exact, named, without the engine."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.archive.conftest import SMALL

from glasshouse.archive.reading import Archive
from glasshouse.engine.run import run_experiment
from glasshouse.errors import BadUsage
from glasshouse.law.library import Library
from glasshouse.state.columns import OUTCOME
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    from pathlib import Path


def total(archive: Archive, where: str) -> int:
    """Give the sum of the counts that a condition picks."""
    found = archive.counts().filter(where).aggregate("coalesce(sum(value), 0)").fetchall()
    return int(found[0][0])


def test_counts_have_names_and_no_zeros(kept_run: Archive) -> None:
    """Every row names its arm, province and items, and says something."""
    table = kept_run.counts()
    assert table.columns == [
        "step", "first_day", "end_day", "arm", "province", "count", "item", "item_2", "value",
    ]  # fmt: skip
    assert table.filter("value = 0 OR arm IS NULL OR province IS NULL").rows() == []
    legend = kept_run.provenance.legend
    items = {row["item"] for row in table.filter("count = 'acts'").rows()}
    assert items <= {act.act for act in legend.acts}
    labels = {row["item_2"] for row in table.filter("count = 'listed'").rows()}
    assert labels <= set(legend.labels)
    axes = {count.name: len(count.axes) for count in COUNTS}
    for row in table.rows():
        given = (row["item"] is not None) + (row["item_2"] is not None)
        assert given == axes[row["count"]], row


def test_months_have_a_row_for_each_step_and_arm(kept_run: Archive) -> None:
    """In order of the steps and of the arms, with the first day and the day after the last."""
    months = kept_run.months().rows()
    assert [(row["step"], row["arm"]) for row in months] == [
        (step, arm) for step in range(12) for arm in ("nothing", "scored")
    ]
    assert str(months[0]["first_day"]) == "2020-01-01"
    assert str(months[-1]["end_day"]) == "2021-01-01"
    assert {row["persons"] for row in months} == {150}


def test_months_agree_with_the_counts(kept_run: Archive) -> None:
    """The wide table says nothing that the long one does not."""
    for row in kept_run.months().rows():
        here = f"step = {row['step']} AND arm = '{row['arm']}'"
        acts = total(kept_run, f"{here} AND count = 'acts'")
        assert row["acts"] == acts == row["acts_seen"] + row["acts_unseen"]
        domains = ("administrative", "commercial", "social", "law_enforcement")
        assert acts == sum(row[f"acts_{domain}"] for domain in domains)
        assert row["acts_culpable"] == row["acts_culpable_ruled"] + row["acts_culpable_unruled"]
        assert row["entries"] == total(kept_run, f"{here} AND count = 'entries'")
        assert row["refusals"] == total(kept_run, f"{here} AND count = 'refusals'")
        assert row["means"] == total(kept_run, f"{here} AND count = 'means_sum'") / 65536 / 150
        known = row["mean_score_pellucid-civic-score"]
        assert (known is None) == (row["arm"] == "nothing")


def test_the_arrays_agree_with_the_table(kept_run: Archive) -> None:
    """Summed back into arrays by name, every count has its total."""
    counted = kept_run.counted
    for count in COUNTS:
        assert int(counted.sums[count.name].sum()) == total(kept_run, f"count = '{count.name}'")
        last = total(kept_run, f"count = '{count.name}' AND step = 11")
        assert int(counted.last[count.name].sum()) == last
    legend = kept_run.provenance.legend
    lists = max(len(arm.lists) for arm in legend.arms)
    assert counted.sums["listed"].shape == (2, len(legend.provinces), lists, 4)


def test_outcomes_have_a_row_for_each_person_and_arm(kept_run: Archive) -> None:
    """By address and then by arm; what happened agrees with the counts."""
    rows = kept_run.outcomes().rows()
    assert [(row["person"], row["arm"]) for row in rows] == [
        (person, arm) for person in range(150) for arm in ("nothing", "scored")
    ]
    scored = [row for row in rows if row["arm"] == "scored"]
    assert sum(row["refusals"] for row in scored) == total(kept_run, "count = 'refusals'")
    assert sum(row["entries"] for row in scored) == total(
        kept_run, "count = 'entries' AND arm = 'scored'"
    )
    for row in rows:
        is_person = row["kind"] == "person"
        has_civic = row["score_points_pellucid-civic-score"] is not None
        assert has_civic == (is_person and row["arm"] == "scored")
        assert (row["sex"] in {"male", "female"}) == is_person
        assert (row["age_years"] is not None) == is_person
        assert row["person"] == row["community"] * 64 + row["slot"]


def test_rows_say_what_people_are_exposed_to(kept_run: Archive) -> None:
    """Work, loans, driving and being online are a person's own, the same in every arm."""
    exposed = ("online", "driver", "employed", "borrower", "official")
    first, second = (
        [tuple(row[name] for name in exposed) for row in kept_run.outcomes().filter(arm).rows()]
        for arm in ("arm = 'nothing'", "arm = 'scored'")
    )
    assert first == second
    assert all(any(row[place] for row in first) for place in range(4))
    children = kept_run.outcomes().filter("age_years < 14 AND (driver OR employed OR borrower)")
    assert len(children) == 0


def test_who_has_left_is_said(tmp_path: Path) -> None:
    """Where people may leave, those who left are marked in their arm, and effects count them."""
    leaving = {"leaves_per_year": "2", "leaves_above_means": "0", "trust_lost_per_refusal": "0.5"}
    sets = {**SMALL, **{f"response.{name}": value for name, value in leaving.items()}}
    experiment = Library().resolve("pellucid", {**sets, "people": "250"})
    run = run_experiment(experiment, tmp_path / "left", device="python", command=())
    counted = run.counted.last["gone"].reshape(2, -1).sum(axis=1).tolist()
    found = [len(run.outcomes().filter(f"gone AND arm = '{arm}'")) for arm in ("nothing", "scored")]
    assert found == counted
    assert found[0] == 0 < found[1]
    effect = run.effects().aggregate("sum(gone)").fetchall()[0][0]
    assert effect == found[1]


def test_no_inner_axis_is_lost(kept_run: Archive) -> None:
    """Every outcome column is there, spelled out by label or context."""
    columns, legend = kept_run.outcomes().columns, kept_run.provenance.legend
    for column in OUTCOME:
        inner = {"cause": legend.labels, "context": legend.contexts}.get(column.axes[2], ())
        wanted = [f"{column.name}_{name}" for name in inner] or [column.name]
        assert set(wanted) <= set(columns)


def test_effects_are_differences_of_outcomes(kept_run: Archive) -> None:
    """One row a person and policy arm, exact, and possibly negative."""
    effects = kept_run.effects().rows()
    assert len(effects) == 150
    rows = {(row["person"], row["arm"]): row for row in kept_run.outcomes().rows()}
    for row in effects:
        for name in ("entries", "listings", "acts_culpable", "acts_praised", "means", "caution"):
            one, base = rows[row["person"], "scored"], rows[row["person"], "nothing"]
            assert row[name] == one[name] - base[name]
    back = kept_run.effects(against="scored").rows()
    assert [-row["entries"] for row in back] == [row["entries"] for row in effects]


def test_tables_go_to_pandas_and_polars(kept_run: Archive) -> None:
    """Whatever comes of a table is a table again."""
    some = kept_run.outcomes().filter("arm = 'scored'").order("person")
    assert len(some) == 150
    assert some.to_pandas().shape[0] == some.to_polars().shape[0] == 150
    assert some.to_polars()["person"].to_list() == list(range(150))


def test_an_address_has_its_rows(kept_run: Archive) -> None:
    """An address beyond the society is refused."""
    assert [row["arm"] for row in kept_run.outcome(7)] == ["nothing", "scored"]
    with pytest.raises(BadUsage, match="from 0 to 149"):
        kept_run.outcome(150)


def test_institutions_are_kept_for_every_step(kept_run: Archive) -> None:
    """So that any community replays alone."""
    arrays = kept_run.institutions()
    assert {array.shape[0] for array in arrays.values()} == {12}
    assert arrays["attention"].shape == (12, 2, 3)
    assert arrays["attention"].dtype == np.uint16


def test_reading_needs_no_compiler(kept_run: Archive) -> None:
    """A result can be opened and contested where Numba is not installed."""
    program = (
        "import sys; sys.modules['numba'] = None\n"
        "from glasshouse.archive.reading import Archive\n"
        "run = Archive(sys.argv[1])\n"
        "print(len(run.months()), len(run.effects()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(kept_run.path)], capture_output=True, check=False
    )
    assert done.stdout.split() == [b"24", b"150"], done.stderr.decode()


@pytest.mark.parametrize("name", ["it's", "run[1]*?", "a b", "été"])
def test_any_name_of_a_directory_can_be_read(kept_run: Archive, tmp_path: Path, name: str) -> None:
    """Quotes, brackets and stars in a path are letters like others."""
    place = tmp_path / name
    place.symlink_to(kept_run.path)
    archive = Archive(place)
    assert len(archive.months()) == 24
    assert len(archive.outcomes()) == 300
