"""`run`, `resume`, `verify`, `life`: the main job end to end, and what goes wrong on the way."""

from __future__ import annotations

import json
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from glasshouse.cli import progress

from .conftest import Ended, Typed, typed_words

SMALL = (
    *("run", "pellucid", "--people", "600", "--years", "1", "--device", "python"),
    *("--threads", "1", "--set", "community_size=128"),
)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """Give a small finished run and what it said."""
    out = tmp_path_factory.mktemp("cli") / "small"
    return out, typed_words(*SMALL, "--out", str(out))


def test_a_run_says_what_is_asked_of_it(done: tuple[Path, Ended]) -> None:
    """Estimate, progress and next step on stderr; sentences, works to cite, digest on stdout."""
    out, ended = done
    assert ended.code == 0, ended.err
    assert ended.err.index("Estimate:") < ended.err.index("step 12 of 12")
    assert "one row stands for" in ended.err
    assert f"glasshouse life {out} " in ended.err
    assert f"glasshouse verify {out}" in ended.err
    for words in ("Arm nothing", "Arm scored", "How far this is known", "Cite", "digest"):
        assert words in ended.out
    assert "Estimate" not in ended.out
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["digest"] in ended.out


def test_json_is_one_document_and_nothing_else(typed: Typed, done: tuple[Path, Ended]) -> None:
    """With --json stdout is one document, stderr is silent, and the digest is the same."""
    ended = typed(*SMALL, "--json")
    assert ended.code == 0
    assert ended.err == ""
    said = json.loads(ended.out)
    assert said["path"] == "runs/pellucid-1"
    assert said["digest"] in done[1].out
    assert [arm["name"] for arm in said["arms"]] == ["nothing", "scored"]


def test_the_default_directory_is_numbered(typed: Typed, tmp_path: Path) -> None:
    """Without --out nothing is overwritten: the second run of a seed gets a number."""
    brief = ("run", "pellucid", "--people", "64", "--years", "1", "--device", "python", "--json")
    paths = [json.loads(typed(*brief, "--seed", "5").out)["path"] for _ in range(2)]
    assert paths == ["runs/pellucid-5", "runs/pellucid-5-2"]
    assert all((tmp_path / path / "run.json").is_file() for path in paths)


def test_an_existing_directory_is_refused(typed: Typed, tmp_path: Path) -> None:
    """An --out that exists is left alone, and refused before any work."""
    (tmp_path / "mine").mkdir()
    ended = typed(*SMALL, "--out", "mine")
    assert ended.code == 3
    assert "already there" in ended.err
    assert "Estimate" not in ended.err
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_place_that_cannot_be_is_refused_before_any_work(
    typed: Typed, tmp_path: Path, done: tuple[Path, Ended]
) -> None:
    """Inside another run, below a file, or under too long a name: refused, and nothing written."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    run = done[0]
    for place, said in (
        (run / "inner", "lies inside the run directory"),
        (run / "data" / "more" / "inner", "lies inside the run directory"),
        (tmp_path / "file" / "inner", "is a file"),
        (tmp_path / ("x" * 300), "too long"),
    ):
        ended = typed(*SMALL, "--out", str(place))
        assert ended.code == 3, ended.err
        assert said in ended.err
        assert "Timing" not in ended.err
        assert "Estimate" not in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert typed("life", str(run), "0").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--people", "-5"], "people"),
        (["--people", "0"], "--people: 0 is out of range"),
        (["--people", "9" * 30], "--people: " + "9" * 30 + " has too many digits"),
        (["--seed", "9" * 30], "--seed: " + "9" * 30 + " has too many digits"),
        (["--set", "people=0"], "--set: people: 0 is out of range"),
        (["--set", "arms=5"], "arms.scored.response.aware=0.5"),
        (["--set", "arms.scored=5"], "arms.scored.response.aware=0.5"),
        (["--set", "title=mine"], "title: cannot be set (edit a copy of the scenario"),
        (["--set", "society=china-2020"], "society: cannot be set (edit a copy"),
        (["--set", "arms.scored.rulebooks=x"], "arms.scored.rulebooks: cannot be set"),
        (["--years", "1000"], "years"),
        (["--seed", "-1"], "seed"),
        (["--set", "process.notice_reachs=1"], "did you mean `process.notice_reaches`?"),
        (["--set", "process.notice_reaches=2"], "process.notice_reaches"),
        (["--set", "process.notice_reaches=lots"], "not a number"),
        (["--set", "arms.scord.response.aware=1"], "did you mean `scored`?"),
        (["--set", "arms.scored.acts.jaywalking.per_year=1"], "jaywalking"),
        (["--set", "nonsense=[1"], "nonsense"),
        (["--people", "4000000000", "--set", "community_size=2048"], "of disk"),
    ],
)
def test_bad_values_are_refused_at_the_door(
    typed: Typed, tmp_path: Path, words: list[str], said: str
) -> None:
    """A bad value ends with 3, says which and what would be right, and writes nothing."""
    ended = typed("run", "pellucid", "--device", "python", *words)
    assert ended.code == 3, ended.err
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""
    assert list(tmp_path.iterdir()) == []


def test_bad_values_are_told_as_json_too(typed: Typed) -> None:
    """With --json the problems are one line of JSON on stderr, all of them."""
    bad = ("--set", "process.notice_reachs=1", "--set", "response.awre=1")
    ended = typed("run", "pellucid", "--json", *bad)
    error = json.loads(ended.err)["error"]
    assert error["kind"] == "BadInput"
    assert len(error["problems"]) == 2
    assert ended.code == error["exit_code"] == 3


def test_a_stopped_run_is_kept_and_goes_on(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, done: tuple[Path, Ended]
) -> None:
    """Ctrl-C ends with 130 and says how to go on; the resumed run has the same digest."""

    @contextmanager
    def pressing(
        title: str, *, silent: bool = False, what: str = "steps"
    ) -> Iterator[progress.Progress]:
        del title, silent, what
        yield lambda steps, _: signal.raise_signal(signal.SIGINT) if steps == 5 else None

    with monkeypatch.context() as patch:
        patch.setattr(progress, "shown", pressing)
        ended = typed(*SMALL, "--out", "stopped")
    assert ended.code == 130
    assert "glasshouse resume stopped" in ended.err
    assert "5 of 12 steps" in ended.err
    assert ended.out == ""
    refused = typed("life", "stopped", "1")
    assert refused.code == 3
    assert "glasshouse resume stopped" in refused.err
    resumed = typed("resume", "stopped", "--json")
    assert resumed.code == 0, resumed.err
    assert json.loads(resumed.out)["digest"] in done[1].out


def test_resuming_a_finished_run_tells_it_again(typed: Typed, done: tuple[Path, Ended]) -> None:
    """There is nothing to go on with, so it is told again."""
    out, first = done
    ended = typed("resume", str(out))
    assert ended.code == 0
    assert ended.out == first.out


def test_a_run_verifies(typed: Typed, done: tuple[Path, Ended]) -> None:
    """The same comes out again, from the run directory alone."""
    ended = typed("verify", str(done[0]), "--json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["matches"]
    assert "the same again" in typed("verify", str(done[0])).out


def test_an_edited_digest_alone_is_told_apart(
    typed: Typed, tmp_path: Path, done: tuple[Path, Ended]
) -> None:
    """Where everything comes out the same but the line in run.json, that line is named."""
    shutil.copytree(done[0], tmp_path / "copy")
    file = tmp_path / "copy" / "run.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    said["digest"] = "0" * 64
    file.write_text(json.dumps(said), encoding="utf-8")
    ended = typed("verify", "copy")
    assert ended.code == 3
    assert "only the line `digest` in run.json" in ended.out


def test_a_run_may_last_two_months(typed: Typed) -> None:
    """--months stands in the place of --years, and not beside it; people as people write them."""
    brief = ("run", "pellucid", "--people", "6.4e1", "--device", "python", "--months", "2")
    ended = typed(*brief)
    assert ended.code == 0, ended.err
    assert "64 people for 2 months by the month" in ended.err
    assert "lived through 2 months" in ended.out
    assert "step 2 of 2" in ended.err
    assert "give one" in typed(*brief, "--years", "2").err


def test_what_to_type_next_can_be_typed(typed: Typed) -> None:
    """A path with a space or a sign of the shell is quoted where a command names it."""
    brief = ("run", "pellucid", "--people", "64", "--years", "1", "--device", "python")
    ended = typed(*brief, "--out", "my run;x")
    assert ended.code == 0, ended.err
    assert "glasshouse verify 'my run;x'" in ended.err


@pytest.mark.parametrize("verb", [("life",), ("resume",), ("verify",)])
def test_what_is_no_run_is_refused(typed: Typed, tmp_path: Path, verb: tuple[str, ...]) -> None:
    """A missing, an empty and a foreign directory are each refused by name."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "run.json").write_text('{"a": 1}', encoding="utf-8")
    (tmp_path / "plain").write_text("x", encoding="utf-8")
    said = typed("verify", "plain").err
    assert "plain is a file, not the folder of a run" in said
    for place in ("nowhere", "empty", "foreign", "plain"):
        words = (*verb, place, "1") if verb == ("life",) else (*verb, place)
        ended = typed(*words)
        assert ended.code == 3, (place, ended.err)
        assert place in ended.err
        assert "Traceback" not in ended.err


def test_a_life_is_told_side_by_side(typed: Typed, done: tuple[Path, Ended]) -> None:
    """The life that a run offers is of somebody listed; its arms stand side by side."""
    out, first = done
    person = first.err.partition(f"glasshouse life {out} ")[2].split()[0]
    ended = typed("life", str(out), person)
    assert ended.code == 0, ended.err
    assert ended.out.startswith(f"Person {person}: ")
    assert "PUT ON the list" in " ".join(ended.out.split())
    said = json.loads(typed("life", str(out), person, "--json").out)
    assert said["arms"] == ["nothing", "scored"]
    days = [event["day"] for event in said["events"]]
    assert days == sorted(days)
    for arm, total in said["totals"].items():
        mine = [event for event in said["events"] if event["arm"] == arm]
        assert sum(event["what"] == "listed" for event in mine) == total["listings"]


@pytest.mark.parametrize(
    ("person", "said"),
    [("600", "0 to 599"), ("99999999999999999999", "0 to 599"), ("-1", "0 to 599")],
)
def test_an_address_is_within_the_society(
    typed: Typed, done: tuple[Path, Ended], person: str, said: str
) -> None:
    """Nobody stands outside the society; that is usage, and says which addresses there are."""
    ended = typed("life", str(done[0]), person)
    assert ended.code == 2
    assert said in ended.err


def test_counts_alone_are_enough_for_a_summary(typed: Typed) -> None:
    """--collect counts keeps no rows of persons and says what is therefore unknown."""
    ended = typed(*SMALL, "--collect", "counts", "--out", "counts")
    assert ended.code == 0, ended.err
    assert "was not kept" in ended.out
    offered = re.search(r"glasshouse life counts (\d+)", ended.err)
    assert offered, ended.err
    life = typed("life", "counts", offered[1])
    assert life.code == 0, life.err
    assert life.out.startswith(f"Person {offered[1]}\n")
