"""`import glasshouse as gh`: a handful of names, nothing imported before it is used."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import glasshouse as gh
from glasshouse.errors import BadInput, BadUsage, ForeignRun, OutputExists, TooLarge

SETS = {"community_size": 128}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> gh.Run:
    """Give a small run, as a user would begin it."""
    out = tmp_path_factory.mktemp("face") / "run"
    return gh.run("pellucid", people=512, years=1, seed=4, set=SETS, out=out, device="python")


def test_importing_costs_nothing() -> None:
    """The package alone imports no compiler, no tables, no validation."""
    program = (
        "import sys, glasshouse\n"
        "heavy = {'numba', 'numpy', 'pydantic', 'duckdb', 'yaml', 'glasshouse.session'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert callable(glasshouse.run) and callable(glasshouse.open)\n"
        "assert 'numba' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_there_is_a_handful_of_names() -> None:
    """What is public is listed, found and documented; what is not is refused."""
    verbs = {"calibrate", "ensemble", "fork", "open", "run", "sensitivity", "study", "sweep"}
    assert set(gh.__all__) == {"Run", "__version__"} | verbs
    assert dir(gh) == sorted(gh.__all__)
    for name in set(gh.__all__) - {"__version__"}:
        assert inspect.getdoc(getattr(gh, name)), name
    with pytest.raises(AttributeError, match="nonsense"):
        _ = gh.nonsense


def test_a_run_gives_its_tables(run: gh.Run) -> None:
    """Counts by step, effects and outcomes by person, as data frames of either kind."""
    months = run.months().to_pandas()
    assert len(months) == 12 * 2
    assert set(months["arm"]) == {"nothing", "scored"}
    effects = run.effects().to_polars()
    assert len(effects) == 512
    assert set(effects["arm"]) == {"scored"}
    assert len(run.outcomes()) == 2 * 512
    assert len(run.counts()) > 100


def test_an_effect_is_the_difference_of_two_rows(run: gh.Run) -> None:
    """Each effect is the arm's outcome less the baseline's, person by person."""
    rows = {(row["person"], row["arm"]): row for row in run.outcomes().rows()}
    for effect in run.effects().rows():
        ours, base = rows[effect["person"], "scored"], rows[effect["person"], "nothing"]
        for name in ("refusals", "acts_culpable", "acts_praised", "means"):
            assert effect[name] == ours[name] - base[name]


def test_a_run_is_opened_again(run: gh.Run) -> None:
    """What is opened is what was run."""
    again = gh.open(run.path)
    assert again.digest == run.digest == again.provenance.digest
    assert again.path == run.path
    assert str(again.summary()) == str(run.summary())
    assert "512 people" in repr(again)


def test_a_run_without_a_directory_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without `out` nothing is written where one is, and the run can be read all the same."""
    monkeypatch.chdir(tmp_path)
    run = gh.run("pellucid", people=64, years=1, set=SETS, device="python")
    assert list(tmp_path.iterdir()) == []
    assert len(run.outcomes()) == 2 * 64
    path = run.path
    assert path.is_dir()
    del run
    assert not path.exists()


def test_progress_is_told(tmp_path: Path) -> None:
    """A function of one's own is called with the steps done and in all."""
    told: list[tuple[int, int]] = []
    gh.run(
        "pellucid", people=64, years=1, set=SETS, out=tmp_path / "run", device="python",
        progress=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    assert told[0] == (0, 12)
    assert told[-1] == (12, 12)


def test_what_is_wrong_raises_what_it_says(run: gh.Run, tmp_path: Path) -> None:
    """Each mistake has its class of error, and its text says what would be right."""
    with pytest.raises(BadInput, match="did you mean `pellucid`"):
        gh.run("pelucid")
    with pytest.raises(BadUsage, match="twice"):
        gh.run("pellucid", people=64, set={"people": 65})
    with pytest.raises(OutputExists):
        gh.run("pellucid", people=64, years=1, out=run.path, device="python")
    with pytest.raises(TooLarge):
        gh.run("pellucid", people=4_000_000_000)
    with pytest.raises(ForeignRun):
        gh.open(tmp_path / "nowhere")
    with pytest.raises(BadUsage, match="0 to 511"):
        run.life(512)


def test_a_life_worth_following_is_of_somebody_listed(run: gh.Run) -> None:
    """The address that is offered belongs to somebody whom the rules listed, if anybody was."""
    rows = run.outcomes().filter(f"person = {run.worth_following()} AND arm = 'scored'").rows()
    assert rows[0]["listings"] > 0


def test_a_life_agrees_with_its_outcome_row(run: gh.Run) -> None:
    """What a replayed life tells adds up to the person's row, arm by arm."""
    person = run.worth_following()
    life = run.life(person)
    culpable = {n for n, act in enumerate(run.provenance.legend.acts) if act.is_culpable}
    for number, row in enumerate(run.outcomes().filter(f"person = {person}").rows()):
        mine = [event for event in life.events if event.arm == number]
        acts = [event for event in mine if event.what == "act" and event.first in culpable]
        assert row["arm"] == life.arms[number]
        assert len(acts) == row["acts_culpable"]
        assert sum(event.what == "listed" for event in mine) == row["listings"]
        assert sum(event.second for event in mine if event.what == "refused") == row["refusals"]
    assert f"Person {person}" in str(life)
