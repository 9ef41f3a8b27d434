"""Sweeps: the same table whoever runs what when, and what is foreign or damaged is refused."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.experiment.conftest import DESIGN, TINY, Remembering, swept

from glasshouse.engine.run import run_experiment
from glasshouse.errors import (
    BadInput,
    DamagedRun,
    ForeignRun,
    Interrupted,
    OtherVersion,
    Unfinished,
)
from glasshouse.experiment import design as designs
from glasshouse.experiment.sweep import Sweep, resumed, sweep
from glasshouse.experiment.sweep_directory import RESULTS, SweepDirectory
from glasshouse.law.library import Library

METRIC = "wrongful_listing_share"
NOTICE = "process.notice_reaches"


def table(place: Path) -> bytes:
    """Give the bytes of the results."""
    return (place / RESULTS).read_bytes()


class Backwards(Executor):
    """Runs what it was given last first, on a thread, once nothing more comes."""

    def __init__(self) -> None:
        self.given: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.timer = threading.Timer(0.0, lambda: None)

    def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Take a call down and wait for more."""
        future: Future[Any] = Future()
        self.given.append((future, lambda: Remembering().submit(fn, *given, **named).result()))
        self.timer.cancel()
        self.timer = threading.Timer(0.05, self._run)
        self.timer.start()
        return future

    def _run(self) -> None:
        for future, call in reversed(self.given):
            future.set_result(call())


class Failing(Remembering):
    """Does what it is told, but for one member."""

    def __init__(self, number: int, error: BaseException) -> None:
        self.number, self.error = number, error

    def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Call, or fail."""
        if given[0].number != self.number:
            return super().submit(fn, *given, **named)
        future: Future[Any] = Future()
        future.set_exception(self.error)
        return future


def test_a_row_stands_for_every_member_arm_metric_and_part(done: Sweep) -> None:
    """Members in the order of the design, each with the values of its point and its own seed."""
    rows = [row for row in done.results().rows() if row["part"] == ""]
    assert [row["member"] for row in rows] == [0, 1, 2, 3]
    assert [(row["point"], row["seed"], row[NOTICE]) for row in rows] == [
        (0, 1, 0.3), (0, 2, 0.3), (1, 1, 0.9), (1, 2, 0.9)
    ]  # fmt: skip
    assert {row["society"] for row in rows} == {None}
    assert {row["arm"] for row in rows} == {"scored"}
    assert {row["status"] for row in rows} == {"measured"}
    values = done.values(METRIC, "scored")
    assert values.shape == (2, 1, 2)
    for row in rows:
        value = values[row["point"], 0, row["seed"] - 1]
        assert (row["value"] is None and np.isnan(value)) or row["value"] == value
        assert row["value"] is not None or row["why"]
    assert done.failures() == ()


def test_a_member_can_be_run_again_from_its_file(done: Sweep) -> None:
    """What its file says it set gives a run of the digest that its file names."""
    said = json.loads((done.path / "members" / "000002.json").read_text(encoding="utf-8"))
    experiment = Library(done.path / "data").resolve("pellucid", said["sets"])
    assert run_experiment(experiment, device="python").digest == said["digest"]
    assert said["seed"] == 1
    assert said["sets"][NOTICE] == "0.9"


def test_the_order_in_which_members_end_changes_no_byte(done: Sweep, tmp_path: Path) -> None:
    """Backwards, on a thread, is the same table."""
    out = tmp_path / "sweep"
    sweep(None, DESIGN, out, executor=Backwards(), device="python", **TINY)
    assert table(out) == table(done.path)


def test_what_is_missing_is_run_again_and_no_more(done: Sweep, tmp_path: Path) -> None:
    """A directory that lost a member and the table gets both back, to the byte."""
    out = tmp_path / "sweep"
    shutil.copytree(done.path, out)
    (out / RESULTS).unlink()
    (out / "members" / "000001.json").unlink()
    with pytest.raises(Unfinished, match="1 of 4 members are missing"):
        Sweep(out)
    told: list[tuple[int, int]] = []
    resumed(out, executor=Remembering(), device="python", progress=lambda *now: told.append(now))
    assert told == [(3, 4), (4, 4)]
    assert table(out) == table(done.path)
    again = swept(out)  # the same sweep by the same name: nothing is left to do
    assert len(again.results()) == len(done.results())


def test_a_failing_member_ends_nothing(done: Sweep, tmp_path: Path) -> None:
    """Its message is kept, the others are there, and a later attempt makes the table whole."""
    out = tmp_path / "sweep"
    failing = Failing(1, RuntimeError("the coin stood on its edge"))
    part = sweep(None, DESIGN, out, executor=failing, device="python", **TINY)
    (failure,) = part.failures()
    assert (failure.number, failure.point, failure.seed) == (1, 0, 2)
    assert "the coin stood on its edge" in failure.message
    assert set(part.results().to_pandas()["member"]) == {0, 2, 3}
    assert np.isnan(part.by_point(METRIC, "scored")[0])
    whole = resumed(out, executor=Remembering(), device="python")
    assert whole.failures() == ()
    assert table(out) == table(done.path)


def test_a_sweep_of_failures_is_a_table_without_rows() -> None:
    """Nothing is made up: no row, every message."""

    class Doomed(Remembering):
        def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
            """Fail."""
            del fn, given, named
            future: Future[Any] = Future()
            future.set_exception(ValueError("no"))
            return future

    found = sweep(None, DESIGN, executor=Doomed(), device="python", **TINY)
    assert len(found.results()) == 0
    assert NOTICE in found.results().columns
    assert found.named() == ()
    assert [failure.message for failure in found.failures()] == ["ValueError: no"] * 4


@pytest.mark.parametrize("error", [Interrupted("stopped; nothing"), KeyboardInterrupt()])
def test_a_sweep_that_is_stopped_keeps_what_is_done(
    done: Sweep, tmp_path: Path, error: BaseException
) -> None:
    """It ends with 130 and says how to go on; going on gives the same table."""
    out = tmp_path / "sweep"
    with pytest.raises(Interrupted, match="2 of 4 members are kept; `glasshouse resume") as caught:
        sweep(None, DESIGN, out, executor=Failing(2, error), device="python", **TINY)
    assert caught.value.exit_code == 130
    assert resumed(out, executor=Remembering(), device="python").failures() == ()
    assert table(out) == table(done.path)


def test_people_and_luck_are_told_apart() -> None:
    """Each draw of the society meets every seed; the same pair is the same run."""
    both = swept(kind="one", values=None, societies=(5, 6), seeds=(1, 2))
    rows = [row for row in both.results().rows() if row["part"] == ""]
    assert [(row["society"], row["seed"]) for row in rows] == [(5, 1), (5, 2), (6, 1), (6, 2)]
    assert len({row["digest"] for row in rows}) == 4
    again = swept(kind="one", values=None, societies=(6,), seeds=(2,))
    assert again.results().rows()[0]["digest"] == rows[3]["digest"]


def test_groups_of_people_and_switches_stand_in_the_table() -> None:
    """A split has its rows, and a safeguard on or off is a column like any other."""
    rows: list[dict[str, float | str]] = [
        {"safeguards.notice": "on", NOTICE: 0.5}, {"safeguards.notice": "off", NOTICE: 0.5}
    ]  # fmt: skip
    design = designs.table(rows)
    found = sweep(
        "pellucid", design, metrics=[METRIC], by=["sex"], executor=Remembering(), device="python",
        **TINY,
    )  # fmt: skip
    table_rows = found.results().rows()
    assert {row["safeguards.notice"] for row in table_rows} == {"on", "off"}
    assert {"", "sex male", "sex female"} <= {row["group"] for row in table_rows}
    assert len({row["digest"] for row in table_rows}) == 2


def test_another_design_is_refused_under_the_same_name(done: Sweep) -> None:
    """A changed value, other seeds, another size, other metrics: each is named."""
    different: dict[str, dict[str, Any]] = {
        "points": {"values": {NOTICE: (0.3, 0.8)}},
        "seeds": {"seeds": 3},
        "metrics": {"metrics": ("false_positive_rate",)},
    }
    for name, changed in different.items():
        with pytest.raises(BadInput, match=f"holds another sweep, with another `{name}`"):
            swept(done.path, **changed)
    with pytest.raises(BadInput, match="another `sets`"):
        sweep(None, DESIGN, done.path, people=25, years=1, set={"community_size": 24})


def test_one_process_at_a_time(done: Sweep) -> None:
    """While one holds the directory another is refused; a reader is not."""
    with (
        SweepDirectory.reopened(done.path),
        pytest.raises(Unfinished, match="by another process at this moment"),
    ):
        resumed(done.path)
    assert len(Sweep(done.path).results()) > 0


def test_what_is_foreign_or_damaged_is_refused_by_name(done: Sweep, tmp_path: Path) -> None:
    """A run directory, a folder of somebody's, a changed member, changed data, another version."""
    run = tmp_path / "run"
    run_experiment(
        Library().resolve("pellucid", {"people": "24", "years": "1", "community_size": "24"}),
        run, device="python",
    )  # fmt: skip
    with pytest.raises(ForeignRun, match="directory of a run, not of a sweep"):
        swept(run)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(ForeignRun, match="is not the directory of a sweep"):
        swept(tmp_path / "mine")
    with pytest.raises(ForeignRun, match="no such folder"):
        Sweep(tmp_path / "nowhere")
    assert (tmp_path / "mine" / "diary.txt").read_text(encoding="utf-8") == "dear"

    def damaged(name: str, change: Callable[[str], str]) -> Path:
        out = tmp_path / f"damaged-{name.replace('/', '-')}-{len(list(tmp_path.iterdir()))}"
        shutil.copytree(done.path, out)
        place = out / name
        place.write_text(change(place.read_text(encoding="utf-8")), encoding="utf-8")
        (out / RESULTS).unlink()
        return out

    member = "members/000001.json"
    for change in (
        lambda t: t.replace('"point": 0', '"point": 1'),
        lambda t: t[:50],
        lambda _: "[]",
    ):
        with pytest.raises(DamagedRun, match=r"000001.json .*the member is run again"):
            swept(damaged(member, change))
    other = (done.path / "members" / "000002.json").read_text(encoding="utf-8")
    with pytest.raises(DamagedRun, match="another member"):
        swept(damaged(member, lambda _: other))
    with pytest.raises(DamagedRun, match=r"data/scenarios/pellucid.yaml is not what was written"):
        swept(damaged("data/scenarios/pellucid.yaml", lambda t: t + "\n# more\n"))
    for text in ("{", "[1]", '{"format": "glasshouse run"}'):
        with pytest.raises((DamagedRun, ForeignRun)):
            swept(damaged("sweep.json", lambda _, text=text: text))  # type: ignore[misc]
    with pytest.raises(OtherVersion, match="two versions"):
        swept(
            damaged(
                "sweep.json",
                lambda t: t.replace('"glasshouse_version": "', '"glasshouse_version": "9'),
            )
        )
    with pytest.raises(DamagedRun, match=r"sweep.json is damaged"):
        swept(damaged("sweep.json", lambda t: t.replace('"kind": "grid"', '"kind": "climb"')))


def test_a_sweep_lies_where_a_run_may(tmp_path: Path) -> None:
    """Not inside a run directory, which it would damage, and not where nothing may be written."""
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="inside the run directory"):
        swept(tmp_path / "sweep")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run.json"]


def test_run_directories_are_kept_if_asked_for(tmp_path: Path) -> None:
    """Each under its number, whole, with the digest that the table names."""
    from glasshouse.archive.reading import Archive

    out = tmp_path / "sweep"
    design = {**DESIGN, "values": {NOTICE: (0.5,)}, "seeds": 1}
    kept = sweep(None, design, out, keep_runs=True, executor=Remembering(), device="python", **TINY)
    assert Archive(out / "runs" / "000000").digest == kept.results().rows()[0]["digest"]


def test_seeds_may_stand_in_place_of_the_design_s() -> None:
    """A number of them, or a list; zero is refused."""
    given: dict[str, Any] = {"executor": Remembering(), "device": "python", **TINY}
    design = {**DESIGN, "values": {NOTICE: (0.3,)}}
    assert sweep(None, design, seeds=(2,), **given).design.seeds == (2,)
    assert sweep("pellucid", designs.one(), metrics=[METRIC], seeds=1, **given).design.seeds == (1,)
    with pytest.raises(BadInput, match="zero replicates"):
        sweep(None, design, seeds=0, **given)


def test_seeds_are_not_set_beside_a_design() -> None:
    """A seed under `set` would be no replicate; the right place is named."""
    for name, right in (("seed", "seeds"), ("society_seed", "societies")):
        with pytest.raises(BadInput, match=f"a sweep has {right}"):
            sweep("pellucid", designs.one(), set={name: 3}, executor=Remembering())
