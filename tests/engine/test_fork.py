"""A fork is the run that would have been, had the scenario changed its rules on that day."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import signal
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from glasshouse.archive.history import read_steps
from glasshouse.archive.kept import days_kept, is_kept
from glasshouse.archive.opening import read_provenance
from glasshouse.archive.reading import Archive
from glasshouse.archive.store import RunDirectory
from glasshouse.engine import run as running
from glasshouse.engine.branching import refuse_another_past
from glasshouse.engine.fork import Fork, forked
from glasshouse.engine.moving import Move
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.run import resume, run_experiment
from glasshouse.engine.verify import verify
from glasshouse.errors import (
    BadInput,
    BadUsage,
    DamagedRun,
    DiskFull,
    Interrupted,
    OtherVersion,
    Unfinished,
)
from glasshouse.law.experiment import Experiment
from glasshouse.law.library import Library
from glasshouse.law.rooms import packaged_root

SMALL = {"people": "40", "community_size": "16", "months": "8", "seed": "5"}
"""Three communities, the last one cut."""

FEBRUARY, JULY = dt.date(2020, 2, 1), dt.date(2020, 7, 1)
RULEBOOK = "arms.scored.rulebook"
NONE = {RULEBOOK: "none"}
ONE_LESS = {RULEBOOK: "pellucid-register"}
OTHERS = {RULEBOOK: "pellucid-civic-score + court-list-as-documented+commercial-score-a"}
OFF = {f"rules.pellucid-civic-score.{name}": "off" for name in ("murky-list", "street")}


def experiment_of(sets: Mapping[str, str], changes: Mapping[str, str] | None = None) -> Experiment:
    """Settle the scenario whose rules change in July."""
    dated = {f"{path}@2020-07": value for path, value in (changes or {}).items()}
    return Library().resolve("pellucid", SMALL | dict(sets) | dated)


def run_of(
    out: Path | None = None, sets: Mapping[str, str] | None = None, **options: Any
) -> Archive:
    """Run the scenario, or another one that the sets make of it."""
    options = {"device": "python", "command": ()} | options
    return run_experiment(experiment_of(sets or {}), out, **options)


@cache
def straight(*changes: tuple[str, str]) -> Archive:
    """Give the run whose scenario says from the beginning what changes; run once."""
    return run_experiment(experiment_of({}, dict(changes)), device="python", command=())


@cache
def planned(path: Path, *changes: tuple[str, str]) -> Fork:
    """Give a fork in July; checked once."""
    return forked(path, JULY, dict(changes))


def fork_of(fork: Fork, out: Path | None = None, **options: Any) -> Archive:
    """Run a fork."""
    return fork.run(out, command=(), **{"device": "python"} | options)


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Give a run in memory that kept its state of July."""
    return run_of(tmp_path_factory.mktemp("parent") / "run", keep_at=[JULY])


@pytest.fixture(scope="module")
def streamed(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Give the same in files of a community each, which kept it twice."""
    out = tmp_path_factory.mktemp("streamed") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "checked_shard", lambda *_: 1)
        return run_of(out, keep_at=[FEBRUARY, JULY], collect="all")


def assert_is(fork: Archive, straight: Archive) -> None:
    """Assert that every column and every count came out the same."""
    assert fork.provenance.digest_by_column == straight.provenance.digest_by_column
    assert fork.digest == straight.digest


def test_keeping_changes_nothing(parent: Archive, streamed: Archive) -> None:
    """The same digest; what was kept is named in run.json and opened with the rest."""
    assert_is(parent, straight())
    assert_is(streamed, parent)
    assert days_kept(streamed.provenance.parts) == (FEBRUARY, JULY)
    kept = [name for name in parent.provenance.parts if is_kept(name)]
    assert sorted(kept) == ["kept/2020-07-01/000000.shard", "kept/2020-07-01/steps.npz"]
    assert Archive(parent.path).digest == parent.digest


@pytest.mark.parametrize("changes", [NONE, OTHERS, OFF])
def test_a_fork_equals_the_uninterrupted_run(parent: Archive, changes: dict[str, str]) -> None:
    """Without rules, with scores and lists that the parent had not, with provisions off."""
    fork = planned(parent.path, *changes.items())
    assert fork.is_kept
    done = fork_of(fork)
    assert_is(done, straight(*changes.items()))
    assert done.digest != parent.digest
    said = done.provenance.parent
    assert said is not None
    assert (said.digest, said.day, said.changes) == (parent.digest, "2020-07-01", changes)
    assert not said.replayed


def test_societies_in_files_fork_too(
    parent: Archive, streamed: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From files to files of another size, from files to memory, from memory to files."""
    for size, begun in ((0, streamed), (2, streamed), (1, parent)):
        monkeypatch.setattr(running, "checked_shard", lambda *_, size=size: size)
        told: list[int] = []
        fork = planned(begun.path, *OTHERS.items())
        done = fork_of(fork, collect="all", progress=lambda done, _, told=told: told.append(done))
        assert done.provenance.options.shard_communities == size
        assert_is(done, straight(*OTHERS.items()))
        # Taking over the shards is told as the step before.
        assert told == sorted(told)
        assert told[0] == (5 * -(-3 // size) if size else 6)


def test_without_a_kept_state_the_steps_are_run_again(streamed: Archive) -> None:
    """Of another day nothing was kept; the bits are the same."""
    day = dt.date(2020, 5, 1)
    fork = forked(streamed.path, day, NONE)
    assert not fork.is_kept
    done = fork_of(fork)
    assert_is(done, run_of(sets={f"{RULEBOOK}@2020-05": "none"}))
    assert done.provenance.parent is not None
    assert done.provenance.parent.replayed


def test_a_ledger_of_changing_length_is_made_anew() -> None:
    """Points that were kept for another time before may stand where a longer ledger has none."""
    years = "rules.pellucid-civic-score.three-years"
    plans = [
        make_plan(experiment_of(sets, changes))
        for sets in ({}, {f"{years}@2020-03": "off"})
        for changes in ({}, {RULEBOOK: "pellucid-civic-score+commercial-score-a"})
    ]
    assert plans[0].sizes.ring < plans[1].sizes.ring
    assert Move(plans[0], plans[1], 6).is_possible
    assert Move(plans[2], plans[2], 6).is_possible
    assert not Move(plans[2], plans[3], 6).is_possible
    assert Move(plans[2], plans[3], 2).is_possible


def test_compiled_with_two_threads(parent: Archive) -> None:
    """The device and the threads change nothing."""
    fork = planned(parent.path, *NONE.items())
    assert_is(fork_of(fork, device="cpu", threads=2), straight(*NONE.items()))


def test_a_fork_forks_again(parent: Archive, tmp_path: Path) -> None:
    """It keeps later days of its own; its changes stay."""
    august = dt.date(2020, 8, 1)
    once = planned(parent.path, *NONE.items())
    with pytest.raises(BadUsage, match="is the parent's"):
        fork_of(once, keep_at=[JULY])
    first = fork_of(once, tmp_path / "first", keep_at=[august])
    again = forked(first.path, august, ONE_LESS)
    assert again.is_kept
    sets = {f"{RULEBOOK}@2020-07": "none", f"{RULEBOOK}@2020-08": ONE_LESS[RULEBOOK]}
    assert_is(fork_of(again), run_of(sets=sets))


def stop_after(steps: int) -> Callable[[int, int], None]:
    """Give what asks a run to stop, as Ctrl-C does, when so many steps are done."""

    def heed(done: int, _of: int) -> None:
        if done == steps:
            os.kill(os.getpid(), signal.SIGINT)

    return heed


@pytest.mark.parametrize("size", [0, 2])
def test_a_stopped_fork_goes_on(
    parent: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """From its own directory, from which it is verified too: every table is that of a whole run."""
    out = tmp_path / "fork"
    with monkeypatch.context() as patch:
        patch.setattr(running, "checked_shard", lambda *_: size)
        asked = stop_after(2 * 7 if size else 7)
        with pytest.raises(Interrupted):
            fork_of(planned(parent.path, *OTHERS.items()), out, progress=asked, collect="all")
    assert read_provenance(out).finished_steps in {6, 7}
    done = resume(out)
    assert_is(done, straight(*OTHERS.items()))
    if size:
        assert verify(done.path).matches


def test_a_stopped_run_still_keeps_its_day(parent: Archive, tmp_path: Path) -> None:
    """What is to be kept stands in run.json, so whoever goes on keeps it."""
    out = tmp_path / "run"
    with pytest.raises(Interrupted):
        run_of(out, keep_at=[JULY], progress=stop_after(3))
    (out / "kept/2020-07-01").mkdir(parents=True)
    (out / "kept/2020-07-01/000007.shard").write_bytes(b"what a killed process left")
    done = resume(out)
    assert not (out / "kept/2020-07-01/000007.shard").exists()
    name = "kept/2020-07-01/steps.npz"
    assert done.provenance.parts[name] == parent.provenance.parts[name]


def test_what_a_killed_run_had_kept_is_there(parent: Archive, tmp_path: Path) -> None:
    """It counts without a checkpoint of its own, and whoever goes on does not keep it again."""
    out, name = tmp_path / "run", "kept/2020-07-01/000000.shard"

    def kill(done: int, _of: int) -> None:
        if done == 7:
            raise SystemExit

    with pytest.raises(SystemExit):
        run_of(out, keep_at=[JULY], progress=kill)
    before = (out / name).stat()
    assert read_provenance(out).finished_steps == 0
    done = resume(out)
    assert (out / name).stat().st_mtime_ns == before.st_mtime_ns
    assert done.provenance.parts == parent.provenance.parts


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2019-07-01", "not within the run, which lasts from 2020-01-01 to 2020-08-31"),
        ("2020-01-01", "is the first day of the run, before which there is nothing"),
        ("2021-01-01", "not within the run"),
        ("2020-07-15", "begin on 2020-07-01 and 2020-08-01"),
    ],
)
def test_a_fork_begins_with_a_step(parent: Archive, day: str, said: str) -> None:
    """The message names the run's days, or the steps around the day; so it does for keeping."""
    with pytest.raises(BadUsage, match=said):
        forked(parent.path, dt.date.fromisoformat(day), NONE)
    with pytest.raises(BadUsage, match=said):
        run_of(keep_at=[dt.date.fromisoformat(day)])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"arms.nothing.rulebook": "pellucid-register"}, "the first arm"),
        ({RULEBOOK: "new-offence-backdated"}, "reaches back to before the day"),
        ({"response.aware": "0.1"}, "only law changes on a day"),
        ({"years": "2"}, "only law changes on a day"),
        ({RULEBOOK: "pellucid-registr"}, "did you mean"),
        ({"arms.scord.rulebook": "none"}, "did you mean"),
        ({"safeguards.notice": "on"}, "from the first day on"),
    ],
)
def test_what_would_show_before_the_day_is_refused(
    parent: Archive, changes: dict[str, str], said: str
) -> None:
    """And what is no law, and names that are not there."""
    with pytest.raises(BadInput, match=said):
        forked(parent.path, JULY, changes)


def test_who_may_write_later_would_have_written_before() -> None:
    """Where insiders write, a rulebook that lets them moves what is drawn from the first day."""
    write = {"threats.insider_entries_per_year": "1"}
    old = make_plan(experiment_of(write))
    new = make_plan(experiment_of(write, {RULEBOOK: "personnel-file-as-told"}))
    with pytest.raises(BadInput) as refused:
        refuse_another_past(old, new, 6)
    said = str(refused.value)
    assert "under which candidates are drawn" in said
    assert "insiders would have written" in said
    refuse_another_past(old, make_plan(experiment_of(write, NONE)), 6)


def test_a_rulebook_of_one_s_own_comes_by_its_path(parent: Archive, tmp_path: Path) -> None:
    """It is copied into the fork; one that only has the name of another is refused."""
    own, name = tmp_path / "register-of-mine", "pellucid-register"
    shutil.copytree(packaged_root() / "rulebooks" / name, own)
    header = own / "rulebook.yaml"
    header.write_text(
        header.read_text("utf-8").replace(f"rulebook: {name}", f"rulebook: {own.name}")
    )
    fork = forked(parent.path, JULY, {RULEBOOK: f"pellucid-civic-score+{own}"})
    assert fork.experiment.arms[1].rulebooks[-1].rulebook.rulebook == own.name
    assert any(file.startswith(f"rulebooks/{own.name}/") for file in fork.experiment.files)
    other = tmp_path / "others" / name
    shutil.copytree(own, other)
    with pytest.raises(BadUsage, match="give yours its own id"):
        forked(parent.path, JULY, {RULEBOOK: str(other)})


def test_a_fork_changes_something(parent: Archive) -> None:
    """Otherwise it is the run itself."""
    with pytest.raises(BadUsage, match="which rulebooks"):
        forked(parent.path, JULY, {})


def test_a_parent_is_whole_and_finished_and_of_this_version(
    parent: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kept shard that was altered, an unfinished run, one of another version."""
    shard = parent.path / "kept/2020-07-01/000000.shard"
    content = shard.read_bytes()
    shard.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DamagedRun, match=r"000000\.shard is not what was written"):
        forked(parent.path, JULY, NONE)
    shard.write_bytes(content)
    with pytest.raises(Interrupted):
        run_of(tmp_path / "run", progress=stop_after(3))
    with pytest.raises(Unfinished, match="goes on"):
        forked(tmp_path / "run", JULY, NONE)
    monkeypatch.setattr("glasshouse.archive.opening.__version__", "99.0")
    with pytest.raises(OtherVersion, match=r"99\.0"):
        forked(parent.path, JULY, NONE)


def test_what_institutions_decided_is_asked_again(
    parent: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parent whose tables are not what its counts and rules give is refused."""

    def otherwise(path: Path) -> Any:
        steps = read_steps(path)
        steps[2].institutions["seen"][1] += 1
        return steps

    monkeypatch.setattr("glasshouse.engine.fork.read_steps", otherwise)
    with pytest.raises(DamagedRun, match="seen of 2020-03-01"):
        fork_of(planned(parent.path, *NONE.items()), tmp_path / "fork")
    assert not (tmp_path / "fork").exists()


def test_a_disk_that_is_full_leaves_no_fork(
    parent: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it begins with is written again as soon as there is room."""

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("glasshouse.engine.fork.write_steps", full)
    with pytest.raises(DiskFull, match="could not be written"):
        fork_of(planned(parent.path, *NONE.items()), tmp_path / "fork")
    assert not (tmp_path / "fork").exists()


def test_a_fork_killed_before_it_began_is_run_from_the_seed(
    streamed: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was being taken over does not count until all of it lies there."""

    def killed(*_: Any) -> None:
        raise SystemError

    out = tmp_path / "fork"
    with monkeypatch.context() as patch:
        patch.setattr(running, "checked_shard", lambda *_: 1)
        patch.setattr("glasshouse.engine.fork.write_steps", killed)
        patch.setattr(RunDirectory, "discard", lambda _: None)
        with pytest.raises(SystemError):
            fork_of(forked(streamed.path, FEBRUARY, NONE), out)
    assert read_provenance(out).finished_steps == 0
    done = resume(out)
    assert_is(done, run_of(sets={f"{RULEBOOK}@2020-02": "none"}))
    assert done.provenance.parent is not None
    assert done.provenance.parent.replayed


def test_two_may_not_write_one_fork(parent: Archive, tmp_path: Path) -> None:
    """The directory of a fork is a run directory like any other."""
    out = tmp_path / "fork"
    with pytest.raises(Interrupted):
        fork_of(planned(parent.path, *NONE.items()), out, progress=stop_after(7))
    with (
        RunDirectory.reopen(out, read_provenance),
        pytest.raises(Exception, match="another process"),
    ):
        resume(out)
