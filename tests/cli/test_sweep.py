"""`ensemble`, `sweep` and `sensitivity`: what they show, how they end, what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.experiment.conftest import Made

from glasshouse.engine.estimate import Estimate
from glasshouse.experiment import forecast
from glasshouse.experiment.crew import Crew
from glasshouse.experiment.member import Outcome
from glasshouse.experiment.workers import Given

from .conftest import Typed

NOTICE = "process.notice_reaches"
METRIC = "wrongful_listing_share"
DESIGN = f"""\
design: notice
scenario: pellucid
kind: grid
values:
  {NOTICE}: [0.3, 0.9]
seeds: 2
metrics: [{METRIC}]
"""


class Lucky(Made):
    """Made results, but for a member of bad luck."""

    unlucky: int | None = None

    def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """Give the outcome of a task."""
        future = super().submit(fn, *given, **named)
        if given[0].number == self.unlucky:
            failure = "RuntimeError: bad luck"
            future = type(future)()
            future.set_result(Outcome(given[0].number, failure=failure))
        return future


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Lucky:
    """Let every member of a sweep be made up: the verbs do the rest."""
    executor = Lucky(lambda sets: sets.get(NOTICE, 0.5) / 10 + sets["seed"] / 100)

    monkeypatch.setattr(Crew, "_hands", lambda *_: Given(executor))
    monkeypatch.setattr(forecast, "estimate", lambda *_, **__: Estimate(1000, 1000, 2.0))
    return executor


@pytest.mark.usefixtures("made")
def test_a_sweep_shows_its_points_and_goes_on(typed: Typed, tmp_path: Path) -> None:
    """Results on stdout, the estimate and the next step on stderr; a second time nothing is run."""
    (tmp_path / "mine.yaml").write_text(DESIGN, encoding="utf-8")
    ended = typed("sweep", "mine.yaml")
    assert ended.code == 0, ended.err
    assert NOTICE in ended.out
    assert "0.045" in ended.out  # 0.3 / 10 and the mean of 0.01 and 0.02
    assert "0.105" in ended.out
    assert "results.parquet" in ended.out
    assert "4 runs of" in ended.err
    assert "Estimate: about" in ended.err
    assert "Next:" in ended.err
    again = typed("sweep", "mine.yaml")
    assert again.out == ended.out
    assert "no runs of" in again.err
    refused = typed("resume", "sweeps/notice", *BOTH)
    assert refused.code == 2
    assert "say one of them" in refused.err
    resumed = typed("resume", "sweeps/notice")
    assert resumed.out == ended.out
    said = json.loads(typed("sweep", "mine.yaml", "--json").out)
    assert [mean["mean"] for mean in said["means"]] == pytest.approx([0.045, 0.105])
    assert said["failures"] == []


def test_a_member_that_fails_is_told_and_ends_with_4(
    typed: Typed, tmp_path: Path, made: Lucky
) -> None:
    """The others stand in the table, and trying again makes it whole."""
    (tmp_path / "mine.yaml").write_text(DESIGN, encoding="utf-8")
    made.unlucky = 2
    ended = typed("sweep", "mine.yaml")
    assert ended.code == 4
    assert "1 of 4 members failed" in ended.err
    assert "member 2 (point 1, seed 1): RuntimeError: bad luck" in ended.err
    assert "0.045" in ended.out
    made.unlucky = None
    assert typed("sweep", "mine.yaml").code == 0


@pytest.mark.usefixtures("made")
def test_a_changed_design_does_not_overwrite(typed: Typed, tmp_path: Path) -> None:
    """Under the same directory it is refused with 3, and the old table stays."""
    design = tmp_path / "mine.yaml"
    design.write_text(DESIGN, encoding="utf-8")
    first = typed("sweep", "mine.yaml")
    design.write_text(DESIGN.replace("0.9", "0.8"), encoding="utf-8")
    ended = typed("sweep", "mine.yaml")
    assert ended.code == 3
    assert "with another `points`" in ended.err
    design.write_text(DESIGN, encoding="utf-8")
    assert typed("sweep", "mine.yaml").out == first.out


@pytest.mark.usefixtures("made")
def test_a_table_of_points_is_a_design_of_the_scenario_named(typed: Typed, tmp_path: Path) -> None:
    """Its header names paths; without a scenario, or with zero seeds, it is refused."""
    (tmp_path / "My points.csv").write_text(f"{NOTICE}\n0.3\n0.9\n", encoding="utf-8")
    words = ["sweep", "My points.csv", "--metric", METRIC]
    ended = typed(*words, "--scenario", "pellucid", "--seeds", "2")
    assert ended.code == 0, ended.err
    assert "0.045" in ended.out
    assert "sweeps/table-my-points/results.parquet" in ended.out
    assert "--scenario" in typed(*words).err
    zero = typed(*words, "--scenario", "pellucid", "--seeds", "0")
    assert zero.code == 3
    assert "zero replicates" in zero.err


def test_bad_designs_end_with_3_and_all_that_is_wrong(typed: Typed, tmp_path: Path) -> None:
    """File, line and column, what is wrong, what would be right; nothing is written."""
    (tmp_path / "bad.yaml").write_text(
        "design: bad\nscenario: pellucid\nkind: latin-hypercube\npoints: 4\nseeds: 0\npaths:\n"
        "  process.notice_reach: declared\n  process.pursued: [0.9, 0.3]\n  seed: [1, 2]\n",
        encoding="utf-8",
    )
    ended = typed("sweep", "bad.yaml")
    assert ended.code == 3
    for what in (
        "bad.yaml:5:8: seeds: zero replicates",
        "bad.yaml:7:3", "did you mean `process.notice_reaches`",
        "bad.yaml:8:20: ", "upside down",
        "bad.yaml:9:3", "replicates stand under `seeds`",
    ):  # fmt: skip
        assert what in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]
    (tmp_path / "set.yaml").write_text(
        "design: d\nscenario: pellucid\nkind: one\nset:\n  process.pursued: 7\n", encoding="utf-8"
    )
    ended = typed("sweep", "set.yaml")
    assert "set.yaml:5:20: set.process.pursued: 7 is outside the declared range" in ended.err
    (tmp_path / "set.yaml").unlink()
    unknown = typed("sweep", "notice-and-contst")
    assert unknown.code == 3
    assert "did you mean `notice-and-contest`" in unknown.err


def test_an_ensemble_shows_means_with_their_errors(typed: Typed, made: Lucky) -> None:
    """Seeds 1 to 4 give 0.06 to 0.09: mean 0.075, error 0.0129 / 2; societies are apart."""
    ended = typed("ensemble", "pellucid", "--seeds", "4", "--metric", METRIC)
    assert ended.code == 0, ended.err
    assert "0.075" in ended.out
    assert "0.006455" in ended.out
    made.made = lambda sets: sets["society_seed"] + sets["seed"] / 100
    both = typed("ensemble", "pellucid", "--seeds", "4", "--societies", "3", "--out", "both")
    assert both.code == 0, both.err
    assert "with the society" in both.out
    said = json.loads(typed("ensemble", "pellucid", "--seeds", "4", "--societies", "3", "--out",
                            "both", "--json").out)  # fmt: skip
    (spread,) = said["spreads"]
    assert spread["between_societies"] == pytest.approx(1.0)
    assert spread["between_points"] is None
    wrong = typed("ensemble", "pellucid", "--against", "scord")
    assert wrong.code == 3
    assert "did you mean `scored`" in wrong.err


def test_sensitivity_ranks_and_says_how_stable_it_is(typed: Typed, made: Lucky) -> None:
    """The path that the results were made by comes first, in both rounds."""
    words = ["sensitivity", "pellucid", "--paths", "process.pursued", "--paths", NOTICE]
    ended = typed(*words, "--number", "3", "--out", "here")
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert lines[3].startswith(NOTICE)
    assert "the rankings agree to 1" in " ".join(ended.out.split())
    assert "18 runs in all" in " ".join(ended.out.split())
    said = json.loads(typed(*words, "--number", "3", "--out", "here", "--json").out)
    assert [effect["path"] for effect in said["effects"]] == [NOTICE, "process.pursued"]
    made.unlucky = 1
    left = typed(*words, "--number", "3", "--out", "there")
    assert left.code == 4
    assert "2 trajectories had a run without a value" in " ".join(left.out.split())
    refused = typed("sensitivity", "pellucid", "--paths", "rules.a.b")
    assert refused.code == 3
    assert "a rule is no parameter" in refused.err


BOTH = ("--workers", "1", "--cluster", "tcp://127.0.0.1:1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sweep", "mine.yaml", *BOTH), "say one of them"),
        (("sweep", "mine.yaml", "--cluster", "here"), "write tcp://HOST:PORT"),
        (("study", "run", "who-is-hit", "--people", "64", *BOTH), "say one of them"),
        (("calibrate", "court-list", *BOTH), "say one of them"),
    ],
)
def test_who_runs_it_is_asked_alike(
    typed: Typed, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """One of two ways, and an address that can be one, before anything is run."""
    (tmp_path / "mine.yaml").write_text(DESIGN, encoding="utf-8")
    ended = typed(*words)
    assert ended.code == 2
    assert said in ended.err
    assert not (tmp_path / "sweeps").exists()
