"""A study run to its end: parts, resumption, failures, Python and the command line."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.experiment.study.conftest import TINY

import glasshouse as gh
from glasshouse.errors import DamagedRun, FinishedInPart, ForeignRun, OutputExists
from glasshouse.experiment.crew import Crew
from glasshouse.experiment.study.running import asked, begin, run_study
from glasshouse.experiment.study.study_result import StudyResult
from glasshouse.experiment.workers import InProcess

PARTS = ("results.parquet", "figure.svg", "answer.txt", "study.json")


class Broken(InProcess):
    """An executor whose members fail."""

    def submit(self, fn: Any, /, *given: Any, **named: Any) -> Future[Any]:  # noqa: ARG002
        """Fail."""
        future: Future[Any] = Future()
        future.set_exception(MemoryError("no room"))
        return future


HERE = Crew(executor=InProcess(), device="python")
NOBODY = Crew(executor=Broken())


def unfinished(done: StudyResult, name: str) -> Path:
    """Give a copy of a study from which a member and the ending are gone, as after a kill."""
    again = done.path.with_name(name)
    shutil.copytree(done.path, again)
    for part in PARTS:
        (again / part).unlink()
    (again / "sweeps/only-answer/results.parquet").unlink()
    (again / "sweeps/only-answer/members/000001.json").unlink()
    return again


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the tiny study."""
    folder = tmp_path_factory.mktemp("studies") / "tiny"
    folder.mkdir()
    (folder / "study.yaml").write_text(TINY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def done(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    """Give the tiny study, run to its end here."""
    out = tmp_path_factory.mktemp("done") / "out"
    return gh.study(tiny, out=out, executor=InProcess(), device="python")


def test_a_study_leaves_its_four_parts(done: StudyResult) -> None:
    """Answer, figure, table and all numbers with their provenance."""
    for name in PARTS:
        assert (done.path / name).is_file()
    said = json.loads((done.path / "study.json").read_text(encoding="utf-8"))
    assert said["asked"]["seeds"] == 2
    assert said["glasshouse_version"] == gh.__version__
    assert said["designs"][0]["seeds"] == [1, 2]
    assert all(len(sha) == 64 for sha in said["designs"][0]["files"].values())
    counted = [one["metric"] for one in said["metrics"]]
    assert counted == ["listed_share", "conduct_change", "days_to_remedy", "never_known_share"]
    assert said["numbers"]["listed"]["seeds"] == 2
    assert said["change"]["swing"][0]["path"] == "process.pursued"


def test_a_result_answers_in_python(done: StudyResult) -> None:
    """Answer, table, figure, and a page for notebooks."""
    assert "are listed" in done.answer()
    rows = done.table().rows()
    assert {row["asked"] for row in rows} == {"answer", "swing"}
    swung = {row["sets"] for row in rows if row["asked"] == "swing"}
    assert len(swung) == 2
    assert all(text.startswith("process.pursued=") for text in swung)
    answered = [r for r in rows if r["asked"] == "answer" and r["metric"] == "listed_share"
                and r["arm"] == "scored" and not r["group"]]  # fmt: skip
    listed = done.numbers()["listed"]
    assert listed["value"] == pytest.approx(sum(r["value"] for r in answered) / 2)
    assert "<svg" in done.figure().svg
    assert str(done.figure()) == "Who is listed."
    assert "<svg" in done._repr_html_()
    assert "tiny" in repr(done)


def test_a_killed_study_goes_on_and_says_the_same(done: StudyResult, tiny: Path) -> None:
    """With a member and the ending gone, as after a kill, the same command gives the same bytes."""
    again = unfinished(done, "again")
    told: list[tuple[int, int]] = []
    what = asked(tiny)
    run_study(what, again, HERE, lambda done, of: told.append((done, of)))
    assert told[-1] == (4, 4)
    for name in PARTS:
        assert (again / name).read_bytes() == (done.path / name).read_bytes(), name


def test_a_finished_study_is_opened_and_not_run_again(done: StudyResult, tiny: Path) -> None:
    """No executor is asked for anything."""
    assert run_study(asked(tiny), done.path, NOBODY).answer() == done.answer()


def test_another_question_does_not_go_on_in_its_place(
    done: StudyResult, tiny: Path, tmp_path: Path
) -> None:
    """Other seeds, another folder of something else: refused, with what differs."""
    with pytest.raises(OutputExists, match="asked otherwise \\(other seeds\\)"):
        run_study(asked(tiny, seeds=3), done.path, NOBODY)
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(OutputExists, match="holds no study"):
        run_study(asked(tiny), tmp_path, NOBODY)
    with pytest.raises(ForeignRun, match="no finished study"):
        StudyResult(tmp_path)


def test_a_damaged_result_is_refused(done: StudyResult, tmp_path: Path) -> None:
    """Whatever is not what study.json says is named."""
    copy = tmp_path / "copy"
    shutil.copytree(done.path, copy)
    (copy / "answer.txt").write_text("All is well.", encoding="utf-8")
    with pytest.raises(DamagedRun, match=r"answer\.txt"):
        StudyResult(copy)


def test_a_failed_run_is_left_out_and_told(done: StudyResult, tiny: Path) -> None:
    """One member fails: the answer is made of the others and says so; the study ends in part."""
    out = unfinished(done, "failed")
    with pytest.raises(FinishedInPart, match=r"1 of 4 runs.*no room"):
        run_study(asked(tiny), out, Crew(executor=Broken()))
    assert StudyResult(out).said["numbers"]["listed"]["seeds"] == 1
    assert "1 run failed" in (out / "answer.txt").read_text(encoding="utf-8")


def test_the_verbs_speak(done: StudyResult, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """List, show and run: results on stdout, a next step on stderr."""
    from glasshouse.cli import main

    def typed(*words: str) -> Any:
        return CliRunner().invoke(main, list(words))

    listed = typed("study", "list")
    assert listed.exit_code == 0
    assert listed.stdout.count("?") >= 10
    assert "glasshouse study run" in listed.stderr
    shown = typed("study", "show", str(tiny))
    assert "What it cannot say" in shown.stdout
    assert json.loads(typed("study", "show", str(tiny), "--json").stdout)["study"] == "tiny"
    ran = typed("study", "run", str(tiny), "--out", str(done.path), "--json")
    assert json.loads(ran.stdout)["answer"] == list(done.said["answer"])
    wrong = typed("study", "run", "way-bak")
    assert wrong.exit_code == 3
    assert "did you mean `way-back`" in wrong.stderr
    monkeypatch.chdir(tiny.parent)
    assert typed("study", "show", "tiny/study.yaml").exit_code == 0


def test_the_place_of_a_study_is_the_first_that_goes_on(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --out: runs/study-NAME, the same again while it is unfinished, then the next."""
    from glasshouse.cli.study import place_of

    what = asked(tiny)
    other = asked(tiny, seeds=3)
    monkeypatch.chdir(tmp_path)
    first = place_of(what, None)
    assert first == Path("runs/study-tiny")
    assert not first.exists()
    begin(first, what)
    assert place_of(what, None) == first
    assert place_of(other, None) == Path("runs/study-tiny-2")
    (first / "study.json").write_text("{}", encoding="utf-8")
    assert place_of(what, None) == Path("runs/study-tiny-2")
