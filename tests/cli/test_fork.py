"""`fork`: what it says before, what it refuses, and that its report names the parent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import glasshouse as gh
from glasshouse.errors import BadUsage
from glasshouse.report.reproduce import reproduce

from .conftest import Typed, typed_words

SMALL = (
    *("--people", "96", "--months", "8", "--device", "python"),
    *("--threads", "1", "--set", "community_size=64"),
)
NONE = ("--at", "2020-04", "--arm", "scored=none", "--device", "python", "--threads", "1")


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a run that kept its state of April."""
    out = tmp_path_factory.mktemp("cli") / "parent"
    ended = typed_words("run", "pellucid", *SMALL, "--keep-at", "2020-04", "--out", str(out))
    assert ended.code == 0, ended.err
    return out


def test_a_fork_says_what_changes_and_where_it_begins(
    typed: Typed, parent: Path, tmp_path: Path
) -> None:
    """Then it runs, names its parent, and what reproduces it is an uninterrupted run."""
    ended = typed("fork", str(parent), *NONE, "--out", str(tmp_path / "fork"))
    assert ended.code == 0, ended.err
    assert "From 2020-04-01 on: arms.scored.rulebook=none" in ended.err
    assert "was kept: 3 steps are taken over" in ended.err
    assert ended.err.index("taken over") < ended.err.index("Estimate:")
    assert f"glasshouse report {parent} {tmp_path / 'fork'}" in ended.err
    assert "A fork of the run with the digest" in ended.out
    assert "(until 2020-04-01)" in ended.out
    said = reproduce(gh.open(tmp_path / "fork").provenance)
    assert "arms.scored.rulebook@2020-04=none" in said.command
    assert "A fork of the run" in said.fork
    again = gh.run(
        "pellucid", people=96, months=8, device="python",
        set={"community_size": 64, "arms.scored.rulebook@2020-04": "none"},
    )  # fmt: skip
    assert again.digest == said.digest


def test_another_day_is_run_again_and_says_so(typed: Typed, parent: Path) -> None:
    """Nothing was kept of May; with --json stdout is one document."""
    words = ["2020-05" if word == "2020-04" else word for word in NONE]
    ended = typed("fork", str(parent), *words)
    assert "`glasshouse run --keep-at 2020-05-01` keeps one" in ended.err
    assert "4 steps are run again" in ended.err
    silent = typed("fork", str(parent), *NONE, "--json")
    assert silent.err == ""
    assert json.loads(silent.out)["path"] == "runs/pellucid-1-2"
    done = gh.fork(parent, at="2020-04", arms={"scored": "none"}, device="python")
    assert done.digest == json.loads(silent.out)["digest"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--at", "2020-4", "--arm", "scored=none"), 2, "is no day"),
        (("--at", "2020-04-02", "--arm", "scored=none"), 2, "not the first day of a step"),
        (("--at", "2020-04"), 2, "a fork changes something"),
        ((*NONE, "--workers", "1", "--memory", "1GB"), 2, "workers have their own"),
        (("--at", "2020-04", "--arm", "scored"), 2, "is not path=value"),
        (("--at", "2020-04", "--arm", "scord=none"), 3, "did you mean `scored`"),
        (("--at", "2020-04", "--set", "response.aware=0.5"), 3, "only law changes on a day"),
    ],
)
def test_what_is_wrong_is_said(
    typed: Typed, parent: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    """Each with what would be right, and before anything is run."""
    ended = typed("fork", str(parent), *words)
    assert (ended.code, said in ended.err) == (code, True), ended.err
    assert not Path("runs").exists()


def test_workers_and_a_limit_of_memory_do_not_go_together_in_python(parent: Path) -> None:
    """A fork takes both, as a run does, and one at a time."""
    with pytest.raises(BadUsage, match="workers have their own"):
        gh.fork(parent, at="2020-04", arms={"scored": "none"}, workers=1, memory=10**9)
    with pytest.raises(BadUsage, match="workers have their own"):
        gh.run("pellucid", cluster="tcp://127.0.0.1:1", memory=10**9)


def test_a_day_that_is_none_is_refused_in_python(parent: Path) -> None:
    """As on the command line."""
    with pytest.raises(BadUsage, match="write YYYY-MM"):
        gh.fork(parent, at="April", arms={"scored": "none"})
