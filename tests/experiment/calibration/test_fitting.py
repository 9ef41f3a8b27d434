"""Fitting finds what made the figures, keeps what is finished, and says how far off it was."""

from __future__ import annotations

import json
import math
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from click.testing import CliRunner

from glasshouse.cli import main
from glasshouse.engine.estimate import Estimate
from glasshouse.errors import BadUsage, ForeignRun, Interrupted, Unfinished
from glasshouse.experiment import forecast
from glasshouse.experiment.calibration.calibrate import calibrate, calibration_of, experiment_of
from glasshouse.experiment.calibration.document import Target
from glasshouse.experiment.calibration.fitting import Held, misfit_of, plain
from glasshouse.experiment.calibration.member import Task, run_member
from glasshouse.experiment.calibration.place import Place
from glasshouse.experiment.crew import Crew
from glasshouse.experiment.workers import Given
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from glasshouse.experiment.calibration.document import Calibration
    from glasshouse.experiment.calibration.fitting import Fit

PURSUED = 0.5


class Formula(Executor):
    """Answers each run by a formula: every figure is what it should be times pursued / 0.5.

    Runs whose number is in ``broken`` fail; ``asked`` counts those that were not kept already.
    """

    def __init__(self, broken: frozenset[int] = frozenset(), ends_after: int = 10**9) -> None:
        """Say which runs fail, and after how many somebody stops it all."""
        self.broken, self.ends_after, self.asked = broken, ends_after, 0

    def submit(self, fn: Any, /, *given: Any, **_named: Any) -> Future[Any]:
        """Answer a run at once."""
        task: Task = given[0]
        assert fn is run_member
        if self.asked >= self.ends_after:
            raise KeyboardInterrupt
        future: Future[Any] = Future()
        if self.asked in self.broken:
            future.set_exception(ValueError("it broke"))
        else:
            share = float(task.sets["process.pursued"]) / PURSUED
            future.set_result([target.value * share for target in task.targets])
        self.asked += 1
        return future


@pytest.fixture
def settled(tmp_path: Path) -> Calibration:
    """A calibration of two assumptions, of which the figures tell one."""
    path = tmp_path / "try.yaml"
    path.write_text(
        "calibration: try\ntitle: t\nquestion: q\nscenario: court-list-history\narm: court-list\n"
        "people: 1000\ncut: 2017-03-01\nfree:\n  - {path: process.pursued}\n"
        "  - {path: process.perform_per_year}\ntargets:\n"
        '  - {figure: "court list: names so far", counts: entries, since: 2014-07-23}\n',
        encoding="utf-8",
    )
    return calibration_of(path)


def fitted(settled: Calibration, budget: int = 240, **more: Any) -> Fit:
    """Fit with the formula unless told otherwise."""
    return calibrate(settled, budget=budget, **{"executor": Formula(), **more})


@pytest.mark.parametrize("method", ["abc", "optuna"])
def test_the_assumption_that_made_the_figures_is_found(settled: Calibration, method: Any) -> None:
    """Both methods find 0.5; the one that no figure tells is not called known."""
    budget = 240 if method == "abc" else 60
    fit = fitted(settled, budget, method=method)
    pursued, performed = fit.parameters
    if method == "abc":  # the best of a search are no sample: their spread promises nothing
        assert pursued.low <= PURSUED <= pursued.high
    assert pursued.middle == pytest.approx(PURSUED, rel=0.1)
    assert pursued.told > performed.told
    assert fit.asked <= budget
    assert all(row.factor == pytest.approx(1, rel=0.1) for row in fit.predicted)
    assert len(fit.predicted) == 2


def test_a_fit_that_was_stopped_goes_on_to_the_same_end(
    settled: Calibration, tmp_path: Path
) -> None:
    """Stopped after 50 runs and begun again, nothing is run twice and the result is the same."""
    whole, out = fitted(settled, 120), tmp_path / "kept"
    with pytest.raises(Interrupted, match="50 runs are kept"):
        fitted(settled, 120, out=out, executor=Formula(ends_after=50))
    again = Formula()
    assert plain(fitted(settled, 120, out=out, executor=again), settled) == plain(whole, settled)
    assert again.asked <= 120 - 24  # what the first populations kept on disk
    said = json.loads((out / "calibration.json").read_text(encoding="utf-8"))
    assert said["asked"] == whole.asked
    assert not list(out.rglob("*.aside"))


def test_a_directory_of_another_calibration_is_refused(
    settled: Calibration, tmp_path: Path
) -> None:
    """What was asked of other assumptions is never taken for an answer."""
    out = tmp_path / "kept"
    fitted(settled, 24, out=out)
    other = settled._replace(content=settled.content + b"# changed\n")
    with pytest.raises(ForeignRun, match="another place"):
        fitted(other, 24, out=out)
    larger = settled._replace(sets={**settled.sets, "people": "2500"})
    with pytest.raises(ForeignRun, match="other people"):
        fitted(larger, 24, out=out)
    (tmp_path / "plain").mkdir()
    with pytest.raises(ForeignRun):
        fitted(settled, 24, out=tmp_path / "plain")


def test_a_directory_is_fitted_by_one_at_a_time(settled: Calibration, tmp_path: Path) -> None:
    """A second process is refused while the first is at it; data of another kind, too."""
    out = tmp_path / "kept"
    files = experiment_of(settled).files
    with Place(out, settled, files), pytest.raises(Unfinished, match="another process"):
        fitted(settled, 24, out=out)
    (out / "data" / next(iter(files))).write_text("other", encoding="utf-8")
    with pytest.raises(ForeignRun, match="with other data"):
        fitted(settled, 24, out=out)


def test_a_failing_run_does_not_end_the_others(settled: Calibration) -> None:
    """Two runs that break are named with their message, and the rest is fitted."""
    fit = fitted(settled, 60, executor=Formula(frozenset({3, 30})))
    assert [number for number, _ in fit.failed] == [3, 30]
    assert fit.failed[0][1] == "ValueError: it broke"
    with pytest.raises(BadUsage, match="it broke"):
        fitted(settled, 10, executor=Formula(frozenset(range(10))))
    with pytest.raises(BadUsage, match="at least 2"):
        fitted(settled, 1)


def target(value: float, *, is_bound: bool = False, is_fitted: bool = True) -> Target:
    """Give a published number."""
    day = calibration_of("court-list").targets[0].on
    return Target("f", day, None, value, "entries", is_bound, is_fitted, "s", "documented")


def test_the_misfit_is_the_mean_square_of_logarithms() -> None:
    """Twice one figure and half of another are off by log 2 each; a bound exceeded is not off."""
    pair = [target(100), target(100)]
    assert misfit_of([200, 50], pair, 0) == pytest.approx(math.log(2))
    assert misfit_of([200, 100], pair, 0) == pytest.approx(math.log(2) / math.sqrt(2))
    assert misfit_of([300], [target(100, is_bound=True)], 0) == 0
    assert misfit_of([50], [target(100, is_bound=True)], 0) == pytest.approx(math.log(2))
    assert misfit_of([100, 1], [target(100), target(9, is_fitted=False)], 0) == 0
    assert misfit_of([0], [target(100)], 50) == pytest.approx(math.log(3))


def test_a_figure_is_inside_between_the_ends() -> None:
    """100 lies within 90 to 110 and not within 110 to 120; `at least 100` lies below 110 too."""
    assert Held(target(100), 90, 95, 110).is_inside
    assert not Held(target(100), 110, 115, 120).is_inside
    assert not Held(target(100), 80, 85, 90).is_inside
    assert Held(target(100, is_bound=True), 110, 115, 120).is_inside
    assert not Held(target(100, is_bound=True), 80, 85, 90).is_inside


def test_a_run_says_more_with_time_and_with_more_debts() -> None:
    """Through the engine: names so far grow with time, and with the rate of debts of two runs."""
    settled = calibration_of("court-list", people=8192)
    values = {}
    for rate in ("0.003", "0.008"):
        sets = {**settled.sets, "acts.judgment_debt.per_year": rate}
        task = Task(
            0, str(Library().root), settled.scenario, "court-list", sets, settled.targets, "cpu"
        )
        values[rate] = np.array(run_member(task))
    names = [i for i, one in enumerate(settled.targets) if one.figure.endswith("names so far")]
    for found in values.values():
        assert (np.diff(found[names]) >= 0).all()
        assert (found >= 0).all()
    assert (values["0.008"][names] > values["0.003"][names]).all()


def test_the_verb_says_how_long_before_it_begins(
    settled: Calibration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The estimate on stderr as for a sweep, the fit on stdout, and a next step."""
    monkeypatch.setattr(Crew, "_hands", lambda *_: Given(Formula()))
    monkeypatch.setattr(forecast, "estimate", lambda *_, **__: Estimate(1000, 1000, 2.0))
    words = [str(tmp_path / "try.yaml"), "--budget", "24", "--workers", "2"]
    ended = CliRunner().invoke(main, ["calibrate", *words])
    assert ended.exit_code == 0, ended.output
    assert "Estimate: about 33 s with 2 processes" in ended.stderr  # 3 + 12 times (2 + 0.5)
    assert "24 of 24 runs kept" in ended.stdout
    assert f"glasshouse run {settled.scenario} --set" in ended.stderr
    words = [words[0], "--budget", "2", "--workers", "2", "--method", "optuna"]
    searched = CliRunner().invoke(main, ["calibrate", *words])
    assert "Estimate: about 8 s with 1 process" in searched.stderr  # each run asks for the next


def test_the_verb_lists_and_refuses() -> None:
    """Without a name it lists; a name that is not there is answered with the nearest."""
    listed = CliRunner().invoke(main, ["calibrate"])
    assert "court-list" in listed.output
    wrong = CliRunner().invoke(main, ["calibrate", "court-lst"])
    assert wrong.exit_code == 3
    assert "court-list" in wrong.output
